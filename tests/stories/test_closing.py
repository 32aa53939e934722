import pytest

from bot.domain.incident import Severity, Status
from tests.harness.story import Story

ROOM = "inc-1-a-report-is-wrong"
FOUND = {
    "What caused it": "A stale cache",
    "How sure": "Root cause",
    "What was done": "Cleared it",
    "How do you know": "The report adds up, seen by dev",
}


def answers(score: int) -> dict[str, str]:
    return {"Business": str(score), "Users": "0", "Data": "0", "Regulatory": "0"}


async def asks_to_close(story: Story, who: str) -> None:
    await story.person(who).joins(ROOM)
    await story.person(who).runs("/incident", "close", channel=ROOM)
    await story.person(who).fills(FOUND)
    await story.person(who).submits()


async def opened(story: Story, level: Severity) -> None:
    incident = await story.opens("ben", "A report is wrong", **answers(5 - level))
    assert incident.severity is level


@pytest.mark.promise("S0-27")
@pytest.mark.parametrize(
    ("level", "asks", "refused", "agrees"),
    [
        (Severity.SEV3, "ana", "ivan", "dev"),
        (Severity.SEV4, "caro", "ben", "ana"),
        (Severity.SEV5, "ben", "caro", "ana"),
    ],
)
async def test_a_close_needs_whom_its_severity_names(
    story: Story, level: Severity, asks: str, refused: str, agrees: str
) -> None:
    await opened(story, level)
    await asks_to_close(story, asks)
    assert (await story.incident()).status is not Status.CLOSED
    told = await story.person(refused).clicks("Approve", channel=ROOM, on="Close to approve")
    assert "This is decided by: " in " ".join(told)
    assert (await story.incident()).status is not Status.CLOSED

    await story.person(agrees).clicks("Approve", channel=ROOM, on="Close to approve")
    incident = await story.incident()
    assert incident.status is Status.CLOSED
    assert story.ivan.sees("Root cause: A stale cache", channel="esc-incidents")
    assert not [item for item in await story.items() if not item.is_over], "nothing is owed any more"


@pytest.mark.promise("S0-27")
@pytest.mark.parametrize(
    ("level", "asks"), [(Severity.SEV3, "caro"), (Severity.SEV4, "ana"), (Severity.SEV5, "ana")]
)
async def test_whoever_may_close_has_agreed_by_asking(story: Story, level: Severity, asks: str) -> None:
    await opened(story, level)
    await asks_to_close(story, asks)
    assert (await story.incident()).status is Status.CLOSED
    await story.minutes_pass(60 * 24 * 8)
    assert story.room(ROOM).is_archived
