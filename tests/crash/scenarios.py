"""What the bot is in the middle of when it dies: each scenario has what goes before, and what is disturbed."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from tests.harness.crashing import MortalStory
from tests.harness.story import TRIAGE

TITLE = "Checkout is down"
ROOM = "inc-1-checkout-is-down"

CUSTOMER_TEXT = (
    "Payments fail for some customers. We have stopped the faulty release and report again at 10:00 UTC."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """``before`` is never disturbed; kills are counted from the beginning of ``act``."""

    name: str
    before: Callable[[MortalStory], Awaitable[None]]
    act: Callable[[MortalStory], Awaitable[None]]


async def _the_form_is_filled_in(story: MortalStory) -> None:
    await story.ana.runs("/incident", f"open {TITLE}", channel="general")
    await story.ana.fills(
        {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0", "Which": ["Customers"]}
    )


async def _it_is_submitted(story: MortalStory) -> None:
    await story.submits("ana")
    await story.until(9, 5)


async def _an_incident_is_open(story: MortalStory) -> None:
    await _the_form_is_filled_in(story)
    await _it_is_submitted(story)


async def _nobody_answers(story: MortalStory) -> None:
    await _an_incident_is_open(story)
    await story.until(9, 7)


async def _it_is_nagged_and_the_next_are_asked(story: MortalStory) -> None:
    await story.until(9, 14)
    await story.until(9, 21)


async def _two_people_acknowledge(story: MortalStory) -> None:
    await story.insists("ivan", "Acknowledge")
    await story.insists("caro", "Acknowledge", channel=ROOM)
    await story.until(9, 12)


async def _somebody_leads(story: MortalStory) -> None:
    await _an_incident_is_open(story)
    for who in ("ivan", "caro", "mona"):
        await story.insists(who, "Acknowledge", on="you are asked")
    await story.until(9, 6)


async def _it_is_triaged(story: MortalStory) -> None:
    await _somebody_leads(story)
    await story.gets_form("ivan", "Triage", channel=ROOM)
    await story.ivan.fills(TRIAGE)
    await story.submits("ivan")
    await story.until(9, 7)


async def _the_stage_moves_and_its_texts_are_approved(story: MortalStory) -> None:
    await story.insists("ivan", "Contain", channel=ROOM)
    await story.until(9, 10)
    await story.insists("mona", "Approve", on="executive brief")
    await story.gets_form("mona", "Change", on="customer update")
    await story.mona.fills({"Exact text": CUSTOMER_TEXT, "Why": "Every gap is filled in now."})
    await story.submits("mona")
    await story.until(9, 14)
    await story.insists("nils", "Approve", on="customer update")
    await story.until(9, 19)


SCENARIOS: Mapping[str, Scenario] = {
    scenario.name: scenario
    for scenario in (
        Scenario(name="opening", before=_the_form_is_filled_in, act=_it_is_submitted),
        Scenario(name="escalation", before=_nobody_answers, act=_it_is_nagged_and_the_next_are_asked),
        Scenario(name="acknowledgement", before=_an_incident_is_open, act=_two_people_acknowledge),
        Scenario(name="stage", before=_it_is_triaged, act=_the_stage_moves_and_its_texts_are_approved),
    )
}
