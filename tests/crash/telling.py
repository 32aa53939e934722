"""Telling a scenario from beginning to end, with or without deaths, and comparing how it ends."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.crash.outcome import Outcome, outcome
from tests.crash.scenarios import SCENARIOS
from tests.harness.crashing import Kill, mortals
from tests.harness.lives import Zygote

# A story takes about half a second; one that takes this long hangs.
PATIENCE = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How a scenario ended, which kills struck, and what was done while it could be disturbed."""

    outcome: Outcome
    struck: tuple[Kill, ...]
    methods: tuple[str, ...]
    commits: int


class Teller:
    """Tells scenarios. How each ends undisturbed is found out once."""

    def __init__(self, zygote: Zygote, home: Path) -> None:
        self._zygote, self._home = zygote, home
        self._numbers = count()
        self._usual: dict[str, Told] = {}
        self.kills = 0

    async def tell(self, name: str, kills: Iterable[Kill] = (), double: str = "") -> Told:
        """Tell a scenario with these deaths in its disturbed part."""
        scenario, home = SCENARIOS[name], self._home / f"{name}-{next(self._numbers)}"
        async with asyncio.timeout(PATIENCE), mortals(self._zygote, home, double) as story:
            await scenario.before(story)
            world = story.mortals
            calls, commits = len(story.sandbox.calls), world.board.commits
            world.plan(*kills)
            await scenario.act(story)
            self.kills += len(world.struck)
            return Told(
                outcome=await outcome(story),
                struck=tuple(world.struck),
                methods=tuple(call.method for call in story.sandbox.calls[calls:]),
                commits=world.board.commits - commits,
            )

    async def usual(self, name: str) -> Told:
        """Tell a scenario undisturbed, once."""
        if name not in self._usual:
            self._usual[name] = await self.tell(name)
        return self._usual[name]

    async def damage(self, name: str, told: Told) -> list[str]:
        """Return in lines what is not as it would have been without the deaths."""
        lines = told.outcome.differences((await self.usual(name)).outcome)
        return lines if told.outcome.is_whole or lines else ["the outcome is as usual, but not whole"]


def complaint(damage: Mapping[str, list[str]]) -> str:
    """Return what was damaged by which deaths, as lines to read."""
    return "\n".join(
        line for deaths, lines in damage.items() for line in (deaths, *(f"    {one}" for one in lines))
    )
