import pytest

from bot.domain.incident import Status
from tests.harness.story import Story

ROOM = "inc-1-search-is-slow"
SEV3 = {"Business": "2", "Users": "2", "Data": "0", "Regulatory": "0"}


@pytest.mark.promise("S1-73")
async def test_a_close_that_leaves_a_required_stage_out_says_so_and_keeps_it_on_record(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV3)
    await story.caro.clicks("Acknowledge", on="you are asked")
    await story.ana.runs("/incident", "close", channel=ROOM)
    await story.ana.fills(
        {
            "What caused it": "A lost index",
            "How sure": "Root",
            "What was done": "Built it anew",
            "How do you": "It is fast",
        }
    )
    await story.ana.submits()
    assert story.caro.sees("It leaves out what SEV3 asks for: Resolve, Recover.", channel=ROOM)
    await story.caro.clicks("Approve", channel=ROOM, on="Close to approve")
    assert (await story.incident()).status is Status.CLOSED
    skipped = await story.audit("criterion.overridden")
    assert [(e.data["stage"], e.rule, e.data["by"]) for e in skipped] == [
        ("resolve", "gate.close", "U0CARO"),
        ("recover", "gate.close", "U0CARO"),
    ]
