from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import packs
from bot.usecases import policy
from tests.harness.story import ACME, telling

DUE = date(2026, 12, 1)


@pytest.mark.promise("S1-74")
async def test_past_its_date_the_owner_is_warned_every_month_until_somebody_has_looked(
    tmp_path: Path,
) -> None:
    pack = packs.load(packs.DEFAULT).model_copy(update={"review_by": DUE, "version": "old000000000"})
    async with telling(tmp_path, policy=pack) as story:
        await story.world.time_passes(timedelta(days=11))
        assert not await story.audit("policy.review_due"), "nobody is warned before the day is over"
        await story.world.time_passes(timedelta(days=2))
        due = await story.audit("policy.review_due")
        assert [(e.actor, e.rule, e.data["review_by"]) for e in due] == [
            ("tocsin", "policy.review", "2026-12-01")
        ]
        assert story.ivan.sees("was to be reviewed by 1 December 2026")
        assert story.judy.sees("was to be reviewed by 1 December 2026"), "the backup is warned too"

        await story.world.time_passes(timedelta(days=31))
        assert len(await story.audit("policy.review_due")) == 2
        await story.world.stop_bot()
        await story.world.start_bot()
        await story.settles()
        assert len(await story.audit("policy.review_due")) == 2, "a restart warns nobody"

        card = story.judy.button("Still right", on="was to be reviewed")
        await story.ana.clicks_again(card)
        denied = await story.audit("access.denied")
        assert [(e.actor, e.data["why"]) for e in denied] == [
            ("U0ANA", "The policy is reviewed by: policy owner.")
        ]
        await story.ivan.clicks("Still right", on="was to be reviewed")
        active = await story.reads(policy.active, workspace=ACME)
        assert (active.version, active.reviewed_by) == ("old000000000", "ivan")
        assert active.review_by == story.now.date() + timedelta(days=active.review_every_days)
        assert story.ana.sees("reviewed policy", channel="esc-catchall")
        approved = await story.audit("policy.approved")
        assert [(e.actor, e.rule) for e in approved] == [("U0IVAN", "policy.still_right")]
        told = await story.judy.clicks_again(card)
        assert "ivan has reviewed this policy already" in " ".join(told)

        await story.world.time_passes(timedelta(days=181))
        assert len(await story.audit("policy.review_due")) == 2
        await story.world.time_passes(timedelta(days=3))
        assert len(await story.audit("policy.review_due")) == 3


async def test_a_newer_version_with_a_later_date_ends_the_warnings(tmp_path: Path) -> None:
    pack = packs.load(packs.DEFAULT).model_copy(update={"review_by": DUE, "version": "old000000000"})
    async with telling(tmp_path, policy=pack) as story:
        await story.world.time_passes(timedelta(days=13))
        assert len(await story.audit("policy.review_due")) == 1
        later = pack.model_copy(update={"review_by": DUE + timedelta(days=90), "version": "new000000000"})
        await story.asks(policy.activate, later, by="a-test")
        await story.world.time_passes(timedelta(days=60))
        assert len(await story.audit("policy.review_due")) == 1
        await story.world.time_passes(timedelta(days=50))
        assert len(await story.audit("policy.review_due")) == 2
