"""What a policy costs: reading and checking the pack, explaining a case, simulating ten thousand incidents."""

import os
import time
from collections.abc import Callable, Iterator

from bench.figures import Figure, median_of
from bot import packs
from bot.clock import system_clock
from bot.rehearsal import cast
from bot.rehearsal.explaining import explained
from bot.rehearsal.simulating import Plan, simulate
from bot.rehearsal.words import Words

RUNS = 5
INCIDENTS = 10_000


def measure() -> Iterator[Figure]:
    """Measure on the default pack; a case is SEV1 with nobody answering, which is the longest there is."""
    packs.load()  # the libraries are imported once, whatever is read
    yield median_of("read and check the default pack", _times(packs.load), "s", aim=0.5)
    policy, now = packs.load(), system_clock()
    people = cast.of_pack(policy)
    worst = _times(lambda: explained(Words(severity="SEV1"), policy, people, now))
    yield median_of("explain SEV1, nobody answers", [took * 1000 for took in worst], "ms", aim=50)
    quick = _times(lambda: explained(Words(severity="SEV2", answers=("everyone=5m",)), policy, people, now))
    yield median_of("explain SEV2, answered", [took * 1000 for took in quick], "ms", aim=50)
    plan = Plan(incidents=INCIDENTS, seed=1, since=now, days=90, zone="UTC")
    began = time.perf_counter()
    tally = simulate(policy, people, plan, processes=os.cpu_count() or 1)
    yield Figure(name="ten thousand incidents simulated", value=time.perf_counter() - began, unit="s", aim=60)
    yield Figure(name="pages in them", value=tally.pages.total(), unit="")


def _times(what: Callable[[], object]) -> list[float]:
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        what()
        took.append(time.perf_counter() - began)
    return took
