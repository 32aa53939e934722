"""An incident from the first word to the archive, told so that it can be disturbed: people try again what failed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from tests.crash.outcome import Outcome, outcome
from tests.harness.crashing import MortalStory
from tests.harness.story import TRIAGE, Actor, Story

TITLE = "Checkout is down"
ROOM = "inc-1-checkout-is-down"
# Nobody tries more often before they give up, and the test with them.
PATIENCE = 8
REFUSALS = ("access.denied", "input.rejected")


class Insistent:
    """Somebody who does it again when Slack or the bot says that it failed."""

    def __init__(self, story: Story, name: str) -> None:
        self._story, self._name = story, name

    @property
    def _person(self) -> Actor:
        return self._story.person(self._name)

    async def gets_form(self, title: str, act: str, *args: Any, **named: Any) -> None:
        """Do what opens a form until it is open, closing whatever else was put in its place."""
        for _ in range(PATIENCE):
            await getattr(self._person, act)(*args, **named)
            if await self._is_left_with(title):
                return
        raise AssertionError(f"{self._name} never gets the form {title!r}")

    async def fills(self, title: str, fields: Mapping[str, Any]) -> None:
        """Fill in the open form, one question after the other."""
        for label, value in fields.items():
            await self._person.fills({label: value})
            assert await self._is_left_with(title), f"the form {title!r} is gone"

    async def submits(self) -> None:
        """Submit until no form is left open."""
        for _ in range(PATIENCE):
            if self._story.world.person(self._name).form is None:
                return
            await self._person.submits()
        raise AssertionError(f"{self._name} never gets rid of the form")

    async def chooses_audience(self, audience: str, label: str) -> None:
        """Choose whom an update is for until the form asks what that audience needs."""
        for _ in range(PATIENCE):
            await self.fills("Post an update", {"For whom": audience})
            form = self._story.world.person(self._name).form
            if form is not None and label in form.labels:
                return
        raise AssertionError(f"the form never asks {label!r}")

    async def sees_home(self, words: str) -> None:
        """Look at the Home tab until these words stand there."""
        for _ in range(PATIENCE):
            await self._person.opens_home()
            if words in self._person.home:
                return
        raise AssertionError(f"{self._name} never sees {words!r} on the Home tab")

    async def _is_left_with(self, title: str) -> bool:
        """Close refusals and notes until the form with this title is on top; say whether it is."""
        for _ in range(PATIENCE):
            form = self._story.world.person(self._name).form
            if form is None or form.title.startswith(title):
                return form is not None
            await self._person.closes()
        return False


async def tell(story: Story) -> None:
    """Tell the whole story; every chapter begins at a time of its own, so that delays within one do not matter."""
    for chapter in (_opens, _nobody_answers, _works, _tells_the_outside, _is_advised, _closes):
        await chapter(story)


async def ending(story: Story) -> Outcome:
    """Look at everything; what a person was refused once more because they tried again does not count."""
    found = await outcome(cast(MortalStory, story))
    # The bookmark leads to the card as soon as there is one, and before that to its channel.
    rooms = Counter({room.replace('/~"', '"'): count for room, count in found.rooms.items()})
    events = Counter({e: n for e, n in found.audit.items() if not any(kind in e for kind in REFUSALS)})
    return replace(found, rooms=rooms, audit=events)


async def _opens(story: Story) -> None:
    ana = Insistent(story, "ana")
    await ana.gets_form("Open an incident", "runs", "/incident", f"open {TITLE}", channel="general")
    await ana.fills(
        "Open an incident",
        {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0", "Which": ["Customers"]},
    )
    await ana.submits()
    await story.until(9, 2)
    await story.ivan.clicks("Acknowledge", on="you are asked")
    await story.mona.clicks("Acknowledge", on="you are asked")


async def _nobody_answers(story: Story) -> None:
    await story.until(9, 17)
    await story.dev.clicks("Acknowledge", on="you are asked")
    await story.until(9, 18)
    await Insistent(story, "ivan").sees_home(TITLE)


async def _works(story: Story) -> None:
    await story.until(9, 20)
    ivan = Insistent(story, "ivan")
    await ivan.gets_form("Next step", "clicks", "Next step", channel=ROOM)
    await ivan.fills("Next step", {"What happens next": "Roll back release 41", "Who does it": "dev"})
    await ivan.submits()
    await ivan.gets_form("Triage", "runs", "/incident", "triage", channel=ROOM)
    await ivan.fills("Triage", TRIAGE)
    await ivan.submits()
    await story.until(9, 21)
    await story.ivan.clicks("Contain", channel=ROOM)
    await story.until(9, 22)
    told = await story.ana.clicks("Approve", channel=ROOM, on="customer update")
    assert "decide" in " ".join(told), "a refusal is read, whatever fails"
    await story.until(9, 23)
    await story.mona.clicks("Approve", on="customer update")


async def _tells_the_outside(story: Story) -> None:
    await story.until(9, 25)
    mona = Insistent(story, "mona")
    await mona.gets_form("Post an update", "clicks", "Post update", channel=ROOM)
    await mona.chooses_audience("Customer", "What changed for users")
    await mona.fills(
        "Post an update",
        {
            "What changed for users": "Orders go through again for most customers.",
            "What still hurts": "Some payments are still refused.",
            "Protective step": "We returned to the release of this morning.",
            "Next step": "We are checking every refused payment.",
            "When is the next update": "in 2h",
        },
    )
    await mona.submits()
    await story.until(9, 27)
    await story.mona.clicks("Approve", channel=ROOM, on="Orders go through")


async def _is_advised(story: Story) -> None:
    await story.until(9, 30)
    await story.dev.says("All customers see errors now, payments fail everywhere", channel=ROOM)
    await story.until(9, 32)
    await story.ivan.clicks("Approve", channel=ROOM, on="AI suggestion")
    await story.until(9, 34)
    for name in ("tess", "eli"):
        await story.person(name).clicks("Acknowledge", on="you are asked")
    await story.until(9, 35)


async def _closes(story: Story) -> None:
    for minute, stage in ((36, "Diagnose"), (37, "Resolve"), (38, "Recover")):
        await story.until(9, minute)
        await story.ivan.clicks(stage, channel=ROOM)
    await story.until(9, 39)
    ivan = Insistent(story, "ivan")
    await ivan.gets_form("Close", "clicks", "Close", channel=ROOM)
    await ivan.fills(
        "Close",
        {
            "What caused it": "Release 41 broke the cart",
            "How sure": "Root cause",
            "What was done": "Rolled back to release 40",
            "How do you know": "Orders flow again for an hour, checked by dev",
        },
    )
    await ivan.submits()
    await story.until(9, 41)
    await story.tess.clicks("Approve", channel=ROOM, on="Close to approve")
    await story.until(9, 45)
    await story.minutes_pass(60 * 24 * 8)
