import re
from pathlib import Path

import pytest

from bot.cli.policy.versions import plain
from bot.domain.policy_words import short
from bot.sandbox.acts import CannotAct
from bot.usecases import people, policy
from tests.cli.conftest import Tocsin
from tests.harness.story import ACME, Story
from tests.stories.packs import a_copy, edit

OLD, NEW = "organisation: Acme Cloud\n", "organisation: Acme Cloud Two\n"


@pytest.fixture(autouse=True)
def same_clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line reads the clock of the story."""
    if "story" in request.fixturenames:
        told: Story = request.getfixturevalue("story")
        monkeypatch.setattr("bot.cli.policy.versions.system_clock", lambda: told.now)


@pytest.fixture
def pack(tmp_path: Path, empty_folder: Path) -> Path:
    folder = a_copy(tmp_path)
    edit(folder, "policy.yaml", OLD, NEW)
    return folder


async def test_a_pack_is_proposed_approved_listed_and_taken_back(
    story: Story, tocsin: Tocsin, pack: Path
) -> None:
    first = short((await story.reads(policy.active, workspace=ACME)).version)
    ended = await tocsin("policy", "log")
    assert ended.code == 0
    assert re.fullmatch(
        rf"{first}  in force    in force since .*Z, without an approval  reviewed 2026-11-02 by .*  review by 2027-05-03",
        ended.out[0],
    )

    ended = await tocsin("policy", "propose", str(pack))
    assert (ended.code, ended.err) == (0, [])
    second = ended.out[0].split()[1]
    await story.settles()
    assert short((await story.reads(policy.active, workspace=ACME)).version) == first
    ended = await tocsin("policy", "propose", str(pack))
    assert ended.code == 1
    assert "waits for policy owner already" in ended.err[0]
    assert [line.split()[:2] for line in (await tocsin("policy", "log")).out] == [
        [first, "in"],
        [second, "waits"],
    ]

    ended = await tocsin("policy", "show", second[:6])
    assert ended.out[-1] == "  organisation: Acme Cloud → Acme Cloud Two"
    assert "it changes 1 key:" in ended.out[-2]

    await story.ivan.clicks("Approve", on="Policy to approve")
    log = (await tocsin("policy", "log")).out
    assert "approved by ivan" in log[0]
    assert [line.split()[:2] for line in log] == [[second, "in"], [first, "replaced"]]

    ended = await tocsin("policy", "revert", first)
    assert ended.code == 0
    await story.settles()
    await story.ivan.clicks("Approve", on=f"Put policy {first} in force again")
    assert short((await story.reads(policy.active, workspace=ACME)).version) == first
    reverted = await story.audit("policy.reverted")
    assert [(e.actor, short(e.data["version"])) for e in reverted] == [("U0IVAN", first)]


async def test_without_anybody_to_approve_the_command_line_may_and_it_is_told_aloud(
    story: Story,
    tocsin: Tocsin,
    pack: Path,
) -> None:
    ended = await tocsin("policy", "propose", str(pack), "--nobody-can-approve", "Ivan has left")
    assert ended.code == 1
    assert "ivan can approve this" in ended.err[0]

    everyone = await story.reads(people.everyone, workspace=ACME)
    nobody = dict.fromkeys(("ivan@acme.example", "judy@acme.example"), ())
    assert story.world.bot is not None
    await story.world.bot.db.run(people.refresh, ACME, tuple(everyone.people.values()), nobody, now=story.now)
    ended = await tocsin("policy", "propose", str(pack), "--nobody-can-approve", "Ivan has left")
    assert ended.code == 0
    await story.settles()
    assert (await story.reads(policy.active, workspace=ACME)).organisation == "Acme Cloud Two"
    assert story.ana.sees("in force without an approval: Ivan has left", channel="esc-catchall")
    assert [e.rule for e in await story.audit("policy.changed")][-1] == "policy.nobody_can_approve"


async def test_a_card_that_waits_loses_its_buttons_when_a_version_is_put_in_force_without_it(
    story: Story, tocsin: Tocsin, pack: Path
) -> None:
    assert (await tocsin("policy", "propose", str(pack))).code == 0
    await story.settles()
    assert story.ivan.button("Approve", on="Policy to approve")
    everyone = await story.reads(people.everyone, workspace=ACME)
    nobody = dict.fromkeys(("ivan@acme.example", "judy@acme.example"), ())
    assert story.world.bot is not None
    await story.world.bot.db.run(people.refresh, ACME, tuple(everyone.people.values()), nobody, now=story.now)
    edit(pack, "policy.yaml", "organisation: Acme Cloud Two", "organisation: Acme Cloud Three")
    assert (await tocsin("policy", "propose", str(pack), "--nobody-can-approve", "Ivan left")).code == 0
    await story.settles()

    with pytest.raises(CannotAct):
        story.ivan.button("Approve", on="Acme Cloud → Acme Cloud Two")


async def test_a_version_that_is_not_known_is_named(story: Story, tocsin: Tocsin) -> None:
    for command in ("show", "revert"):
        ended = await tocsin("policy", command, "0000")
        assert (ended.code, ended.out) == (2, [])
        assert ended.err == [
            "tocsin: There is no policy version '0000' here. `tocsin policy log` lists them."
        ]


async def test_a_broken_pack_is_not_proposed(story: Story, tocsin: Tocsin, pack: Path) -> None:
    edit(pack, "policy.yaml", "owner: policy_owner", "owner: ivan@acme.example")
    ended = await tocsin("policy", "propose", str(pack))
    assert (ended.code, ended.out) == (1, [])
    assert any("policy.yaml:" in line and "owner" in line for line in ended.err)
    assert not await story.audit("policy.proposed")


async def test_before_the_first_start_there_is_nothing_to_list(tocsin: Tocsin) -> None:
    ended = await tocsin("policy", "log")
    assert ended.code == 2
    assert "tocsin run" in ended.err[0]


def test_what_comes_from_outside_gives_a_terminal_no_orders() -> None:
    assert plain("Acme\x1b[2J\x07 Cloud\n  Two\u202e") == "Acme [2J Cloud Two"
