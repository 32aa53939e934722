from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.items import ItemState
from bot.sandbox.acts import CannotAct
from bot.usecases import policy, policy_versions
from tests.harness.story import ACME, Story, telling
from tests.stories.packs import a_copy, edit

OLD = "organisation: Acme Cloud\n"
NEW = "organisation: Acme Cloud Two\n"


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Story]:
    """A bot that loads its pack from a folder, as `tocsin run` does."""
    async with telling(tmp_path, pack=a_copy(tmp_path)) as story:
        yield story


async def restarts(story: Story) -> None:
    await story.world.stop_bot()
    await story.world.start_bot()
    await story.settles()


async def in_force(story: Story) -> str:
    found = await story.reads(policy.active, workspace=ACME)
    return str(found.organisation)


async def proposes(story: Story, old: str = OLD, new: str = NEW) -> None:
    """Somebody edits the pack and starts the bot again."""
    assert story.world.pack is not None
    edit(story.world.pack, "policy.yaml", old, new)
    await restarts(story)


async def test_the_first_version_of_a_workspace_is_in_force_at_once_and_on_record(live: Story) -> None:
    assert await in_force(live) == "Acme Cloud"
    changed = await live.audit("policy.changed")
    assert [(event.actor, event.rule) for event in changed] == [("tocsin", "policy.first")]
    assert not live.ivan.inbox


@pytest.mark.promise("S1-76")
async def test_a_changed_pack_waits_for_its_owner_and_the_sponsor_may_endorse_it(live: Story) -> None:
    await proposes(live)
    assert await in_force(live) == "Acme Cloud", "nothing is in force that nobody agreed to"
    card = "Policy to approve"
    assert live.ivan.sees("organisation: Acme Cloud → Acme Cloud Two")
    assert live.ivan.sees("Not endorsed by its sponsor yet")
    assert live.ana.sees("was proposed", channel="esc-catchall")
    old_card = live.ivan.button("Endorse", on=card)

    told = await live.ivan.clicks_again(old_card)
    assert "executive sponsor" in " ".join(told)
    await live.xena.clicks("Endorse", on=card)
    endorsed = await live.audit("policy.endorsed")
    assert [(e.actor, e.data["role"], e.data["on"]) for e in endorsed] == [
        ("U0XENA", "executive_sponsor", "2026-11-20")
    ]
    assert await in_force(live) == "Acme Cloud", "an endorsement decides nothing"

    await live.ivan.clicks("Approve", on=card)
    assert await in_force(live) == "Acme Cloud Two"
    approved = await live.audit("policy.approved")
    assert [(e.actor, e.rule, e.data["by"]) for e in approved] == [("U0IVAN", "policy.approve", ["U0IVAN"])]
    assert live.ana.sees("is in force for new incidents", channel="esc-catchall")
    active = await live.reads(policy.active, workspace=ACME)
    assert (active.endorsement.by, str(active.endorsement.on)) == ("xena", "2026-11-20")


async def test_nobody_but_the_owner_approves_a_policy(live: Story) -> None:
    await proposes(live)
    card = live.ivan.button("Approve", on="Policy to approve")
    for name in ("ana", "xena", "gus", "tocsin"):
        await live.person(name).clicks_again(card)
    assert await in_force(live) == "Acme Cloud"
    assert len(await live.audit("access.denied")) == 4


async def test_a_version_that_waits_or_was_rejected_is_not_asked_for_again_by_a_restart(live: Story) -> None:
    await proposes(live)
    await restarts(live)
    assert len(await live.audit("policy.proposed")) == 1
    await live.ivan.clicks("Reject", on="Policy to approve")
    await live.ivan.fills({"Why": "The name is wrong"})
    await live.ivan.submits()
    rejected = await live.audit("policy.rejected")
    assert [(e.actor, e.data["reason"]) for e in rejected] == [("U0IVAN", "The name is wrong")]
    await restarts(live)
    assert len(await live.audit("policy.proposed")) == 1
    assert await in_force(live) == "Acme Cloud"
    known = await live.reads(policy_versions.log, workspace=ACME, now=live.now)
    assert [version.active for version in known.versions] == [True, False]
    assert [item.state for item in known.proposals.values()] == [ItemState.REJECTED]


async def test_a_newer_pack_takes_the_place_of_the_one_that_waits(live: Story) -> None:
    await proposes(live)
    stale = live.ivan.button("Approve", on="Acme Cloud → Acme Cloud Two")
    await proposes(live, NEW, "organisation: Acme Cloud Three\n")
    told = await live.ivan.clicks_again(stale)
    assert "newer" in " ".join(told)
    assert await in_force(live) == "Acme Cloud"
    await live.ivan.clicks("Approve", on="Acme Cloud → Acme Cloud Three")
    assert await in_force(live) == "Acme Cloud Three"


async def test_without_a_decision_everything_stays_as_it_is(live: Story) -> None:
    await proposes(live)
    await live.world.time_passes(timedelta(days=4))
    assert any("half the time has gone" in text for text in live.judy.inbox), (
        "the backup is asked at half time"
    )
    await live.world.time_passes(timedelta(days=4))
    assert len(await live.audit("approval.expired")) == 1
    assert await in_force(live) == "Acme Cloud"
    await restarts(live)
    assert len(await live.audit("policy.proposed")) == 2, (
        "what nobody decided is asked again at the next start"
    )


async def test_a_version_that_gave_way_on_purpose_does_not_come_back_by_a_restart(live: Story) -> None:
    first = (await live.reads(policy.active, workspace=ACME)).version
    await proposes(live)
    await live.ivan.clicks("Approve", on="Policy to approve")
    await live.asks(policy_versions.revert, first[:8], by="root at the command line")
    await live.ivan.clicks("Approve", on="in force again")
    assert await in_force(live) == "Acme Cloud"
    await restarts(live)
    assert await in_force(live) == "Acme Cloud"
    assert len(await live.audit("policy.proposed")) == 2, (
        "the folder still says Acme Cloud Two; nobody is asked again"
    )


async def test_the_same_policy_under_another_name_is_not_put_before_anybody(live: Story) -> None:
    active = await live.reads(policy.active, workspace=ACME)
    renamed = active.model_copy(update={"version": "named-otherwise"})
    version = await live.asks(policy_versions.offer, renamed, by="tocsin")
    assert version == "named-otherwise"
    assert not await live.audit("policy.proposed")
    assert [event.rule for event in await live.audit("policy.changed")] == [
        "policy.first",
        "policy.same_content",
    ]


async def test_a_pack_put_in_place_of_a_broken_one_is_proposed_not_forced(live: Story) -> None:
    assert live.world.pack is not None
    edit(live.world.pack, "policy.yaml", "owner: policy_owner", "owner: nobody_at_all")
    await restarts(live)
    assert await in_force(live) == "Acme Cloud", "the last good version stays"
    edit(live.world.pack, "policy.yaml", "owner: nobody_at_all", "owner: incident_manager")
    await restarts(live)
    assert (await live.reads(policy.active, workspace=ACME)).owner == "policy_owner"
    await live.ivan.clicks("Approve", on="owner: policy_owner → incident_manager")
    assert (await live.reads(policy.active, workspace=ACME)).owner == "incident_manager"


async def test_a_policy_is_never_changed_on_its_card(live: Story) -> None:
    await proposes(live)
    with pytest.raises(CannotAct):
        live.ivan.button("Change", on="Policy to approve")
