"""The service of an incident is named when somebody knows it: its owner is called in."""

from bot.domain.incident import Role
from bot.domain.items import ItemKind
from tests.harness.story import Story

SEV3 = {"Business": "2", "Users": "0", "Data": "0", "Regulatory": "0"}
ROOM = "inc-1-exports-stand-still"


async def test_the_owner_of_a_service_named_later_is_paged_with_a_reason(story: Story) -> None:
    await story.opens("ana", "Exports stand still", **SEV3)
    assert not story.omar.inbox
    await story.ana.runs("/incident", "service", channel=ROOM)
    assert story.ana.sees("Nobody has said which service INC-1 is about.", channel=ROOM)

    await story.ana.runs("/incident", "service Partner Exports", channel=ROOM)

    assert story.ana.sees("INC-1 is about Partner exports now", channel=ROOM)
    assert (await story.incident()).service == "partner_exports"
    pages = {item.role: item for item in await story.items() if item.kind is ItemKind.ACKNOWLEDGE}
    assert pages[Role("operations")].holders == ("U0OMAR",)
    assert any("the incident is about a service that calls your role in" in text for text in story.omar.inbox)


async def test_a_service_that_is_not_known_is_answered_with_the_nearest(story: Story) -> None:
    await story.opens("ana", "Exports stand still", **SEV3)
    told = await story.ana.runs("/incident", "service partner_export", channel=ROOM)
    assert "Did you mean partner_exports?" in " ".join(map(str, told))
    assert not (await story.incident()).service
