"""A pack is checked whenever it, or what checks it, is new; otherwise a start does not take that time."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import app, packs
from bot.domain.policy import Policy
from bot.packs import sealing
from bot.usecases import policy
from tests.harness.story import ACME, Story, telling
from tests.stories.packs import a_copy, edit


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often a pack was checked."""
    times: list[int] = []

    def counted(files: packs.Files) -> Policy:
        times.append(len(times))
        return packs.load_files(files)

    monkeypatch.setattr(app, "load_files", counted)
    monkeypatch.setattr(sealing, "_RULES", ())  # the rules stay as they are for as long as a story lasts
    return times


@pytest.fixture
async def live(tmp_path: Path, checked: list[int]) -> AsyncIterator[Story]:
    async with telling(tmp_path, pack=a_copy(tmp_path)) as story:
        yield story


async def restarts(story: Story) -> None:
    await story.world.stop_bot()
    await story.world.start_bot()
    await story.settles()


async def test_a_pack_that_is_as_it_was_is_not_checked_again(live: Story, checked: list[int]) -> None:
    before = await live.reads(policy.active, workspace=ACME)
    await restarts(live)
    assert len(checked) == 1
    assert await live.reads(policy.active, workspace=ACME) == before


async def test_a_remark_in_a_pack_has_it_checked_once_more_and_changes_nothing(
    live: Story, checked: list[int]
) -> None:
    assert live.world.pack is not None
    edit(live.world.pack, "policy.yaml", "organisation:", "# Ours.\norganisation:")
    await restarts(live)
    await restarts(live)
    assert len(checked) == 2
    assert len(await live.audit("policy.changed")) == 1


async def test_a_pack_is_checked_again_by_other_rules(
    live: Story, checked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "version", lambda name: "another")
    await restarts(live)
    assert len(checked) == 2


async def test_a_version_that_waits_is_not_checked_again_and_asked_for_once(
    live: Story, checked: list[int]
) -> None:
    assert live.world.pack is not None
    edit(live.world.pack, "policy.yaml", "organisation: Acme Cloud\n", "organisation: Acme Cloud Two\n")
    await restarts(live)
    await restarts(live)
    assert len(checked) == 2
    assert len(await live.audit("policy.proposed")) == 1
    assert (await live.reads(policy.active, workspace=ACME)).organisation == "Acme Cloud"


async def test_a_broken_pack_is_refused_at_every_start_until_it_is_mended(
    live: Story, checked: list[int]
) -> None:
    assert live.world.pack is not None
    edit(live.world.pack, "policy.yaml", "organisation:", "organization:")
    await restarts(live)
    await restarts(live)
    assert len(checked) == 3
    assert len(await live.audit("input.rejected")) == 2
    edit(live.world.pack, "policy.yaml", "organization:", "organisation:")
    await restarts(live)
    assert len(checked) == 3, "the one from before the mistake is known"
