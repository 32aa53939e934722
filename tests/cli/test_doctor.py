import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot import packs
from tests.cli.conftest import Ended, Tocsin
from tests.harness.story import Story

CHECKED = ["settings", "database", "policy", "token", "scopes", "clock", "socket", "channels", "roster"]


def line(ended: Ended, what: str) -> str:
    [found] = [line for line in ended.out if line.split()[1] == what]
    return found


def roster(folder: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> None:
    """Put a pack in force in which somebody else stands on the roster."""
    pack = shutil.copytree(packs.DEFAULT, folder / "policy")
    file = pack / "roster.yaml"
    written = file.read_text()
    assert before in written
    file.write_text(written.replace(before, after))
    monkeypatch.setenv("TOCSIN_POLICY", str(pack))


async def test_where_all_is_well_every_line_is_ok(story: Story, tocsin: Tocsin) -> None:
    ended = await tocsin("doctor")

    assert ended.code == 0, ended.out
    assert [line.split()[:2] for line in ended.out] == [["ok", what] for what in CHECKED]
    assert "tocsin in Acme Cloud (T0ACME)" in line(ended, "token")
    assert "sqlite, up to date, audit events that verify: 2" in line(ended, "database")
    assert "all 32 people and groups are found and active" in line(ended, "roster")
    assert "whose people are fictional: run `tocsin policy init policy`" in line(ended, "policy")
    assert story.sandbox.bot_token not in "".join(ended.out)


async def test_looking_makes_no_database(
    story: Story, tocsin: Tocsin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_DATABASE_URL", f"sqlite:///{tmp_path / 'later.db'}")
    ended = await tocsin("doctor")

    assert (ended.code, line(ended, "database").split(maxsplit=2)[2]) == (
        0,
        "sqlite, made by the first `tocsin run`",
    )
    assert not (tmp_path / "later.db").exists()


async def test_without_any_settings_the_first_one_to_set_is_named(tocsin: Tocsin) -> None:
    ended = await tocsin("doctor")

    assert ended.code == 1
    assert line(ended, "settings").startswith("FIX  settings   SLACK_BOT_TOKEN is missing: set it to")
    assert "token" not in {line.split()[1] for line in ended.out}, "nothing is asked without one"


async def test_a_setting_that_cannot_be_used_ends_it(tocsin: Tocsin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", "slack.com")
    ended = await tocsin("doctor")

    assert ended.code == 1
    assert ended.out == [
        "FIX  settings   SLACK_API_URL cannot be used: must be a web address such as https://slack.com/api/."
    ]


@pytest.mark.parametrize(
    ("setting", "value", "what", "says"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-of-another-day", "token", "Slack refuses SLACK_BOT_TOKEN (invalid_auth)"),
        ("SLACK_APP_TOKEN", "xapp-of-another-day", "socket", "opens no connection (invalid_auth)"),
        ("TOCSIN_DATABASE_URL", "mysql://db/x", "database", "use sqlite:///tocsin.db or postgresql://"),
        ("TOCSIN_DATABASE_URL", "sqlite:////nowhere/at/all.db", "database", "does its folder exist"),
        (
            "TOCSIN_POLICY",
            "nowhere",
            "policy",
            "expected a folder with the YAML files of a pack. Run: tocsin policy check",
        ),
    ],
)
async def test_each_wrong_setting_has_its_line(
    story: Story,
    tocsin: Tocsin,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    value: str,
    what: str,
    says: str,
) -> None:
    monkeypatch.setenv(setting, value)
    ended = await tocsin("doctor")
    story.sandbox.violations.clear()

    assert ended.code == 1
    assert line(ended, what).startswith("FIX ")
    assert says in line(ended, what)
    assert [line for line in ended.out if line.startswith("FIX ")] == [line(ended, what)]


async def test_a_channel_that_the_bot_is_not_in_is_named(story: Story, tocsin: Tocsin) -> None:
    story.room("executive-briefs").members.remove("U0TOCSIN")
    ended = await tocsin("doctor")

    assert ended.code == 1
    assert "the bot is not in #executive-briefs: create them and type /invite @Tocsin there" in line(
        ended, "channels"
    )


async def test_a_missing_scope_is_named_with_what_to_do(story: Story, tocsin: Tocsin) -> None:
    desk = story.sandbox.desk
    story.sandbox.dispatch._desk = replace(desk, granted=desk.granted - {"users:read.email"})
    ended = await tocsin("doctor")
    story.sandbox.dispatch._desk = desk
    story.sandbox.violations.clear()

    assert ended.code == 1
    assert "missing: users:read.email. Update the app from manifest.yml and reinstall it." in line(
        ended, "scopes"
    )
    assert "ana@acme.example could not be looked up (users.lookupByEmail missing_scope)" in line(
        ended, "roster"
    )


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("nobody@acme.example", "nobody@acme.example is not found"),
        ("dela@acme.example", "dela@acme.example is not found"),
        ("U0TOCSIN", "u0tocsin may not be asked"),
        ("gus@acme.example", "gus@acme.example may not be asked: left, a guest, or an app"),
        ('"@no-such-group"', "@no-such-group is not found, or nobody is in it"),
        ("U0NOBODY", "u0nobody is not found"),
    ],
)
async def test_whoever_cannot_be_asked_is_named(
    story: Story, tocsin: Tocsin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: str, says: str
) -> None:
    roster(tmp_path, monkeypatch, "ivan@acme.example", reference)
    ended = await tocsin("doctor")

    assert ended.code == 1
    assert says in line(ended, "roster")


@pytest.mark.parametrize("reference", ["U0IVANKA", '"@incident-leads"', "S0LEADS", "Ivan@Acme.example"])
async def test_people_may_be_named_in_every_way(
    story: Story, tocsin: Tocsin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: str
) -> None:
    people = story.sandbox.workspace
    people.add_user(replace(people.person("ivan"), id="U0IVANKA", name="ivanka", email=""))
    roster(tmp_path, monkeypatch, "ivan@acme.example", reference)
    ended = await tocsin("doctor")

    assert ended.code == 0, ended.out
    assert line(ended, "policy").endswith("your pack")
