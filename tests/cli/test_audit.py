import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.audit import canonical
from bot.domain.incident import Workspace
from bot.usecases import policy as policies
from tests.cli.conftest import Tocsin
from tests.harness.story import Story

SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}
ROOM = "inc-1-checkout-is-down"


async def a_busy_morning(story: Story) -> None:
    """Nobody answers at first; then somebody does, and decides what the advisor suggests."""
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.minutes_pass(16)
    await story.judy.clicks("Acknowledge", on="as incident manager")
    await story.judy.says("All customers see errors now", channel=ROOM)
    await story.ivan.clicks("Approve", channel=ROOM, on="Change the severity")


@pytest.mark.promise("S3-28")
async def test_the_log_verifies_and_an_altered_event_is_named(
    story: Story, tocsin: Tocsin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    count = len(await story.audit())
    ended = await tocsin("audit", "verify")
    assert (ended.code, ended.out) == (0, [f"ok: {count} events, every hash as it was written"])

    await story.world.stop_bot()
    altered = tmp_path / "altered.db"
    with closing(sqlite3.connect(altered)) as db:
        # Whatever is still in the log beside the file comes along.
        with closing(sqlite3.connect(tmp_path / "tocsin.db")) as original:
            original.backup(db)
        for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {trigger}")
        db.execute("UPDATE audit_event SET actor = 'U0EVE' WHERE seq = 3")
        db.commit()
    monkeypatch.setenv("TOCSIN_DATABASE_URL", f"sqlite:///{altered}")
    ended = await tocsin("audit", "verify")
    assert (ended.code, ended.out) == (1, [])
    assert ended.err == ["BROKEN at event 3 of workspace T0ACME: event 3 was altered after it was written"]


@pytest.mark.promise("S3-25")
@pytest.mark.parametrize("key", ["INC-1", "inc-1", "1"])
async def test_who_was_notified(story: Story, tocsin: Tocsin, key: str) -> None:
    await a_busy_morning(story)
    ended = await tocsin("audit", "who", key)

    assert ended.code == 0
    [page] = [line for line in ended.out if "page to judy (U0JUDY) by direct message in D" in line]
    assert page.startswith("2026-11-20 09:15:00Z  notify.sent")
    assert ": delivered" in page


@pytest.mark.promise("S3-26")
async def test_who_acknowledged_and_how_long_after(story: Story, tocsin: Tocsin) -> None:
    await a_busy_morning(story)
    ended = await tocsin("audit", "ack", "INC-1")

    assert ended.code == 0
    [line] = ended.out
    assert "ack.received" in line
    said = "judy (U0JUDY) acknowledged as incident manager, 1 min 0 s after being asked, 16 min 0 s after the opening"
    assert said in line


@pytest.mark.promise("S3-27")
async def test_why_each_fallback_was_asked(story: Story, tocsin: Tocsin) -> None:
    await a_busy_morning(story)
    ended = await tocsin("audit", "fallback", "INC-1")

    assert ended.code == 0
    [step] = [line for line in ended.out if "asked judy (U0JUDY) as incident manager" in line]
    assert "ladder.sev2.step2" in step
    assert "because: missed_ack, no answer from ivan (U0IVAN)" in step
    assert "round 1, step 2" in step


@pytest.mark.promise("S0-52")
async def test_each_suggestion_stands_beside_its_decision(story: Story, tocsin: Tocsin) -> None:
    await a_busy_morning(story)
    ended = await tocsin("audit", "suggestions", "INC-1")

    assert ended.code == 0
    first, second = [line for line in ended.out if "severity from SEV2 to SEV1" in line]
    assert "suggested by offline-rules 1: severity from SEV2 to SEV1, because all users" in first
    assert "approved by ivan (U0IVAN): severity from SEV2 to SEV1" in second
    assert all("/approval/severity/1)" in line for line in (first, second)), (
        "suggestion and decision share an id"
    )


async def test_the_export_is_one_canonical_line_for_each_event(story: Story, tocsin: Tocsin) -> None:
    await a_busy_morning(story)
    ended = await tocsin("audit", "export")

    events = [json.loads(line) for line in ended.out]
    assert ended.code == 0
    assert [event["seq"] for event in events] == list(range(1, len(await story.audit()) + 1))
    assert [canonical(event).decode() for event in events] == ended.out
    assert {"incident.opened", "ack.received", "ai.approved"} <= {event["kind"] for event in events}


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("INC-7", "tocsin: There is no INC-7 in this database."),
        ("checkout", "tocsin: 'checkout' is not an incident. Write its key, for example: INC-42"),
    ],
)
async def test_an_incident_that_is_not_there_ends_with_2(
    story: Story, tocsin: Tocsin, key: str, says: str
) -> None:
    ended = await tocsin("audit", "who", key)
    assert (ended.code, ended.out, ended.err) == (2, [], [says])


async def test_another_workspace_in_the_same_database_hides_nothing(story: Story, tocsin: Tocsin) -> None:
    await a_busy_morning(story)
    elsewhere = Workspace(team_id="T0ABC")
    assert story.world.bot is not None
    active = await story.reads(policies.active, workspace=story.world.bot.workspace)
    await story.world.bot.db.run(policies.activate, active, workspace=elsewhere, by="test", now=story.now)

    ended = await tocsin("audit", "ack", "INC-1")
    assert (ended.code, len(ended.out)) == (0, 1)


@pytest.mark.parametrize("command", ["verify", "export"])
async def test_without_a_database_nothing_is_made_and_the_setting_is_named(
    tocsin: Tocsin, tmp_path: Path, command: str
) -> None:
    ended = await tocsin("audit", command)
    assert ended.code == 2
    assert ended.err == ["tocsin: There is no database sqlite:///tocsin.db yet; `tocsin run` makes it."]
    assert os.listdir(tmp_path) == []


async def test_a_copy_that_can_only_be_read_is_enough(
    story: Story, tocsin: Tocsin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_busy_morning(story)
    await story.world.stop_bot()
    monkeypatch.setenv("TOCSIN_DATABASE_URL", f"sqlite:///file:{tmp_path / 'tocsin.db'}?mode=ro&uri=true")
    assert (await tocsin("audit", "verify")).code == 0
    assert (await tocsin("audit", "ack", "INC-1")).code == 0


async def test_what_people_write_cannot_look_like_an_event(story: Story, tocsin: Tocsin) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.caro.says("All customers see errors now", channel=ROOM)
    forged = "2026-11-20 09:00:00Z ai.approved U0IVAN"
    await story.ivan.clicks("Reject", channel=ROOM, on="Change the severity")
    await story.ivan.fills({"Why": f"No.\n{forged}"})
    await story.ivan.submits()

    ended = await tocsin("audit", "suggestions", "INC-1")
    [told] = [line for line in ended.out if forged in line]
    assert "ai.rejected" in told
    assert not told.startswith(forged)


@pytest.mark.promise("S3-28")
async def test_an_export_verifies_by_itself_and_an_altered_line_is_named(
    story: Story, tocsin: Tocsin, tmp_path: Path
) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    lines = (await tocsin("audit", "export")).out
    kept = tmp_path / "audit.jsonl"
    kept.write_text("\n".join(lines))
    ended = await tocsin("audit", "verify", str(kept))
    last = json.loads(lines[-1])["hash"]
    assert ended.out == [f"ok: {len(lines)} events, every hash as it was written, the last hash is {last}"]

    altered = json.loads(lines[2]) | {"actor": "U0EVE"}
    kept.write_text("\n".join([*lines[:2], json.dumps(altered), *lines[3:]]))
    ended = await tocsin("audit", "verify", str(kept))
    assert ended.code == 1
    assert ended.err == ["BROKEN at event 3 of workspace T0ACME: event 3 was altered after it was written"]

    kept.write_text("\n".join([*lines[:2], *lines[3:]]))
    ended = await tocsin("audit", "verify", str(kept))
    assert ended.err == ["BROKEN at event 3 of workspace T0ACME: event 3 is missing: after 2 comes 4"]


@pytest.mark.parametrize(("held", "says"), [("", "holds no events"), (None, "cannot be read: No such file")])
async def test_an_export_that_proves_nothing_does_not_verify(
    tocsin: Tocsin, tmp_path: Path, held: str | None, says: str
) -> None:
    kept = tmp_path / "audit.jsonl"
    if held is not None:
        kept.write_text(held)
    ended = await tocsin("audit", "verify", str(kept))
    assert (ended.code, ended.out) == (2, [])
    assert says in ended.err[0]
