from itertools import count
from typing import Literal

import pytest

from tests.crash.scenarios import SCENARIOS
from tests.crash.telling import Teller, complaint
from tests.harness.crashing import Kill

pytestmark = pytest.mark.crash


@pytest.mark.promise("M-04")
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("at", ["call", "commit"])
@pytest.mark.parametrize("name", SCENARIOS)
async def test_a_bot_killed_at_any_boundary_finishes_what_it_began_and_nothing_twice(
    teller: Teller, name: str, at: Literal["call", "commit"], moment: Literal["before", "after"]
) -> None:
    usual = await teller.usual(name)
    assert usual.outcome.is_whole

    damage: dict[str, list[str]] = {}
    struck: list[Kill] = []
    for method in sorted(set(usual.methods)) if at == "call" else [None]:
        for number in count(1):
            told = await teller.tell(name, [Kill(at=at, moment=moment, number=number, method=method)])
            if not told.struck:
                break
            struck += told.struck
            if lines := await teller.damage(name, told):
                damage[str(told.struck[0])] = lines

    assert not damage, complaint(damage)
    if at == "call":
        assert {kill.method for kill in struck} == set(usual.methods)
    else:
        assert len(struck) >= usual.commits // 2
