"""What the bot sees for itself stops the line without a tick: nothing is heard any more, the audit trail is broken."""

from dataclasses import replace

import pytest

from bot.domain.incident import Severity
from bot.domain.items import ItemKind
from bot.engine.trail import Trail
from tests.harness.story import ACME, Story

SEV3 = {"Business": "2", "Users": "0", "Data": "0", "Regulatory": "0"}
ROOM = "inc-1-search-is-slow"


async def broken_trail(story: Story) -> None:
    """Alter an event behind the bot's back, and let the bot's next look find it."""
    bot = story.world.bot
    assert bot is not None
    with bot.db.engine.begin() as connection:
        rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
        for name in [name for name in rows if "audit" in name]:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE audit_event SET actor = 'U0EVE' WHERE seq = 2")
    await Trail(bot.db, lambda: story.now, ACME).verify()
    await story.settles()


@pytest.mark.promise("S0-30", "S3-28")
async def test_a_broken_audit_trail_stops_the_line_and_every_approval(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV3)
    await broken_trail(story)

    incident = await story.incident()
    assert (incident.severity, incident.floor) == (Severity.SEV2, Severity.SEV2)
    assert list(incident.conditions) == ["S-19"]
    assert story.ana.sees("Tocsin stopped the line", channel=ROOM)
    assert story.ana.sees("Nothing is approved until the trail is whole again", channel=ROOM)
    assert story.ana.sees("event 2 was altered after it was written", channel="esc-catchall")
    assert any("The audit trail does not verify" in text for text in story.ivan.inbox)
    [fact] = await story.audit("audit.broken")
    assert (fact.data["event"], fact.rule) == (2, "audit.verify")
    await story.caro.runs("/incident", "remediate Roll back release 41", channel=ROOM)
    await story.ivan.clicks("Approve", on="Roll back release 41")
    assert story.ivan.sees("Nothing is approved on INC-1 while S-19 holds")
    assert not await story.audit("remediation.approved")


async def test_the_same_break_is_told_once_and_does_not_stop_the_line_again(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV3)
    await broken_trail(story)
    await story.ivan.runs("/incident", "stop lift S-19 a copy was restored and checked", channel=ROOM)
    assert not (await story.incident()).conditions

    await broken_trail(story)
    assert not (await story.incident()).conditions
    assert len(await story.audit("audit.broken")) == 1


async def test_a_whole_trail_says_nothing(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV3)
    assert story.world.bot is not None
    await Trail(story.world.bot.db, lambda: story.now, ACME).verify()
    assert not await story.audit("audit.broken")


@pytest.mark.promise("S0-30")
async def test_where_nobody_who_is_asked_can_be_reached_the_line_is_stopped(story: Story) -> None:
    for name in ("caro", "dev", "tess"):
        people = story.sandbox.workspace
        people.add_user(replace(people.person(name), deleted=True))
    await story.opens("ana", "Search is slow", **SEV3)

    incident = await story.incident()
    assert list(incident.conditions) == ["S-12"]
    assert incident.severity is Severity.SEV2, "incident management is called in, who can be reached"
    assert any("you are asked to take" in text for text in story.ivan.inbox)
    assert story.ana.sees("Reach people by phone", channel=ROOM)
    [fired] = await story.audit("stopline.fired")
    assert (fired.data["by"], fired.rule) == ("tocsin", "stop_the_line.S-12")
    assert [item.role for item in await story.items() if item.kind is ItemKind.TASK] == ["operations"]


async def test_one_person_out_of_reach_stops_nothing(story: Story) -> None:
    people = story.sandbox.workspace
    people.add_user(replace(people.person("caro"), deleted=True))
    await story.opens("ana", "Search is slow", **SEV3)
    page = next(item for item in await story.items() if item.role == "l2")
    assert page.holders == ("U0DEV",)
    assert not (await story.incident()).conditions
