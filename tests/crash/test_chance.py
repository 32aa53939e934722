from random import Random
from typing import Literal

import pytest

from tests.crash.scenarios import SCENARIOS
from tests.crash.telling import Teller, Told, complaint
from tests.harness.crashing import Kill

pytestmark = pytest.mark.crash

SEEDS = 500
CHUNK = 20
# A start alone makes about so many calls and commits; a second death may come in the middle of it.
CALLS_AT_START = 30
COMMITS_AT_START = 6


def early_or_late(chance: Random, usual: Told, *, starting: bool) -> Kill:
    moment: Literal["before", "after"] = chance.choice(["before", "after"])
    match chance.choice(["call", "method", "commit"]):
        case "call":
            number = chance.randint(1, len(usual.methods) + CALLS_AT_START * starting)
            return Kill(at="call", moment=moment, number=number)
        case "method":
            method = chance.choice(usual.methods)
            return Kill(
                at="call", moment=moment, number=chance.randint(1, usual.methods.count(method)), method=method
            )
        case _:
            number = chance.randint(1, usual.commits + COMMITS_AT_START * starting)
            return Kill(at="commit", moment=moment, number=number)


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
async def test_a_bot_killed_twice_by_chance_finishes_what_it_began_and_nothing_twice(
    teller: Teller, first: int
) -> None:
    damage: dict[str, list[str]] = {}
    for seed in range(first, first + CHUNK):
        chance = Random(seed)
        name = chance.choice(list(SCENARIOS))
        usual = await teller.usual(name)
        kills = [early_or_late(chance, usual, starting=starting) for starting in (False, True)]
        told = await teller.tell(name, kills)
        if lines := await teller.damage(name, told):
            damage[f"seed {seed}: {name}, {' and '.join(map(str, kills))}"] = lines
    assert not damage, complaint(damage)
