"""Routes lead to roles: when a person leaves, whoever stands behind them is asked."""

from dataclasses import replace

import pytest

from bot.domain.incident import Role
from bot.domain.items import ItemKind, Reason
from tests.harness.story import Story

SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}


@pytest.mark.promise("S1-75")
async def test_when_the_person_of_a_role_has_left_the_ladder_asks_the_backup_at_once(story: Story) -> None:
    people = story.sandbox.workspace
    people.add_user(replace(people.person("ivan"), deleted=True))
    await story.world.stop_bot()
    await story.world.start_bot()  # the roster is looked up at start, and every hour
    await story.opens("ana", "Checkout is down", **SEV2)

    pages = {item.role: item for item in await story.items() if item.kind is ItemKind.ACKNOWLEDGE}
    page = pages[Role("incident_manager")]
    assert page.asked == ("U0JUDY",)
    assert page.reason is Reason.VACANCY
    assert any("you are asked" in said for said in story.judy.inbox)
    assert not any("you are asked" in said for said in story.ivan.inbox)
