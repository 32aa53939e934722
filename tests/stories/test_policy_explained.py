import pytest

from blocks import timeline
from tests.harness.story import Story


async def test_anybody_asks_what_would_happen_and_nobody_is_called(story: Story) -> None:
    before = len(story.sandbox.calls)
    told = await story.ana.runs(
        "/incident", "policy explain sev1 at 2027-03-28T01:30 answers judy=2m", channel="general"
    )

    assert "Rehearsal, nobody is called" in told[-1]
    assert "judy (incident manager)" in told[-1]
    assert "Outcome:" in told[-1]
    assert [call for call in story.sandbox.calls[before:] if call.method == "chat.postMessage"] == []
    assert await story.audit("incident.opened") == []


async def test_a_case_that_cannot_be_meant_is_answered_with_an_example(story: Story) -> None:
    told = await story.ana.runs("/incident", "policy explain sev1 silent bob", channel="general")
    assert "Nobody here is called 'bob'" in told[-1]
    assert len(await story.audit("input.rejected")) == 1

    told = await story.ana.runs("/incident", "policy explain sev9", channel="general")
    assert "Write SEV1 to SEV5" in told[-1]


async def test_the_longest_case_fits_into_one_answer(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    told = await story.ana.runs(
        "/incident", "policy explain sev1 until 8h customer-visible", channel="general"
    )
    assert "Outcome:" in told[-1]

    monkeypatch.setattr(timeline, "MOST", 5)
    told = await story.ana.runs("/incident", "policy explain sev1", channel="general")
    assert "shows all of it" in told[-1]

    told = await story.ana.runs("/incident", "policy explain sev1 until 30d", channel="general")
    assert "at most 8h" in told[-1]
