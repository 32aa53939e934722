from pathlib import Path

import pytest

from bot import packs
from bot.domain.incident import Role, UserId
from bot.domain.items import ItemState
from bot.domain.policy import Slot
from bot.domain.roles import Person
from bot.usecases import people
from tests.harness.story import ACME, telling

SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}
NOBODY = Slot(primary=("nobody@acme.example",), backup=("nobody@acme.example",))


@pytest.mark.promise("S3-01", "S3-27")
async def test_a_ladder_without_anybody_alarms_at_once_and_is_climbed_as_soon_as_somebody_is_found(
    tmp_path: Path,
) -> None:
    shipped = packs.load(packs.DEFAULT)
    roles = ("incident_manager", "l2", "l3", "executive_sponsor")
    empty = shipped.model_copy(
        update={"roster": {**shipped.roster, **{Role(role): NOBODY for role in roles}}, "version": "empty"}
    )
    async with telling(tmp_path, policy=empty) as story:
        await story.opens("ana", "Checkout is down", **SEV2)
        lonely = next(item for item in await story.items() if item.role == "incident_manager")
        assert lonely.state is ItemState.EXHAUSTED
        assert story.ana.sees("Nobody has answered", channel="esc-catchall")
        reasons = {event.data["reason"] for event in await story.audit("ladder.skipped")}
        assert reasons == {"vacancy"}

        ivan = Person(id=UserId("U0IVAN"), name="ivan")
        assert story.world.bot is not None
        found = {"nobody@acme.example": (ivan.id,)}
        await story.world.bot.db.run(people.refresh, ACME, (ivan,), found, now=story.now)
        await story.settles()
        assert any("you are asked" in text for text in story.ivan.inbox)
