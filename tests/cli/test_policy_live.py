"""What `tocsin policy check --live` says of a pack beside the workspace that it is for."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot import packs
from tests.cli.conftest import Ended, Tocsin
from tests.harness.story import Story


@pytest.fixture
async def pack(tocsin: Tocsin, tmp_path: Path) -> Path:
    await tocsin("policy", "init", "policy")
    return tmp_path / "policy"


def edited(pack: Path, before: str, after: str) -> None:
    file = pack / "roster.yaml"
    written = file.read_text()
    assert before in written
    file.write_text(written.replace(before, after, 1))


def about(ended: Ended, words: str) -> str:
    [line] = [line for line in (*ended.out, *ended.err) if words in line]
    return line


def leaves(story: Story, name: str) -> None:
    """Somebody leaves the company: their account is switched off."""
    people = story.sandbox.workspace
    people.add_user(replace(people.person(name), deleted=True))


async def test_a_pack_whose_people_and_channels_are_all_there_is_good(
    story: Story, tocsin: Tocsin, pack: Path
) -> None:
    ended = await tocsin("policy", "check", "policy", "--live")
    assert ended.code == 0, (ended.out, ended.err)
    assert ended.out[-1].startswith("policy: ok")


@pytest.mark.promise("S1-75")
async def test_when_somebody_has_left_the_check_finds_the_dangling_name_where_it_stands(
    story: Story, tocsin: Tocsin, pack: Path
) -> None:
    leaves(story, "ivan")

    ended = await tocsin("policy", "check", "policy", "--live")
    assert ended.code == 1
    said = about(ended, "roster.incident_manager.primary.0: found ivan@acme.example")
    line = next(
        number
        for number, text in enumerate((pack / "roster.yaml").read_text().splitlines(), start=1)
        if text.lstrip().startswith("incident_manager: {primary")
    )
    assert said.startswith(f"policy/roster.yaml:{line}:")
    assert "expected an active member of the workspace [live-person]" in said
    assert not [line for line in ended.err if "live-slot" in line], "the backup is there"


async def test_a_role_that_nobody_holds_any_more_is_said_on_top(
    story: Story, tocsin: Tocsin, pack: Path
) -> None:
    leaves(story, "ivan")
    leaves(story, "judy")

    ended = await tocsin("policy", "check", "policy", "--live")
    assert ended.code == 1
    assert about(ended, "roster.incident_manager: found nobody in the workspace who may be asked")


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ('"@no-such-group"', "no user group @no-such-group, or an empty one"),
        ("U0NOBODY1", "U0NOBODY1, whom the workspace does not have (any more)"),
        ("gus@acme.example", "gus@acme.example, who has left, is a guest or is an app"),
    ],
)
async def test_whoever_cannot_be_asked_is_named(
    story: Story, tocsin: Tocsin, pack: Path, reference: str, said: str
) -> None:
    edited(pack, "ivan@acme.example", reference)

    ended = await tocsin("policy", "check", "policy", "--live")
    assert ended.code == 1
    assert said in about(ended, "roster.incident_manager.primary.0")


async def test_a_channel_that_the_bot_is_not_in_is_named(story: Story, tocsin: Tocsin, pack: Path) -> None:
    story.room("executive-briefs").members.remove("U0TOCSIN")

    ended = await tocsin("policy", "check", "policy", "--live")
    assert ended.code == 1
    assert "found no #executive-briefs that the bot is in" in about(ended, "channels.executives")


async def test_what_slack_does_not_say_is_a_warning_only(story: Story, tocsin: Tocsin, pack: Path) -> None:
    desk = story.sandbox.desk
    story.sandbox.dispatch._desk = replace(desk, granted=desk.granted - {"usergroups:read"})
    edited(pack, "ivan@acme.example", '"@incident-leads"')

    ended = await tocsin("policy", "check", "policy", "--live")
    story.sandbox.dispatch._desk = desk
    story.sandbox.violations.clear()
    assert ended.code == 0, ended.err
    assert "no answer about @incident-leads (usergroups.list: missing_scope)" in about(ended, "live-unknown")


async def test_without_a_token_there_is_nobody_to_ask(tocsin: Tocsin, tmp_path: Path) -> None:
    ended = await tocsin("policy", "check", str(packs.DEFAULT), "--live")
    assert ended.code == 2
    assert ended.err == [
        "--live asks your workspace. SLACK_BOT_TOKEN is missing: set it to the Bot User OAuth Token (xoxb-...) under "
        "OAuth & Permissions of your Slack app."
    ]
