"""Fifty people open an incident at the same moment."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import seeding
from bench.figures import Figure, median_of
from bench.opening import ANSWERS, Call, is_page
from bench.running import bot
from bench.slack import Slack
from bench.workspace import SLACKS_PATIENCE

RUNS = 3
CROWD = 50
LATENCY = 0.1


def measure() -> Iterator[Figure]:
    """Each run has a fresh bot, so that what it learned of Slack's pace in one does not help or hinder the next."""
    runs = []
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder, Slack() as slack:
        home = Path(folder)
        seeding.known(slack.environment, seeding.url(home))
        for number in range(RUNS):
            there = home / str(number)
            slack.ask("latency", 0.0)
            with bot(slack.environment, seeding.copy(home, there), there):
                slack.ask("linked")
                slack.ask("fill_forms", CROWD, ANSWERS)
                slack.ask("silence", 0.5, 10.0)
                slack.ask("latency", LATENCY)
                runs.append((slack.ask("submit"), slack.ask("silence", 2.0, 60.0)))
    yield from _figures(runs)


def _figures(runs: list[tuple[list[float], list[Call]]]) -> Iterator[Figure]:
    acks = [took for took, _ in runs]
    late = [sum(one > SLACKS_PATIENCE for one in took) for took in acks]
    made = [[at for method, _, at in calls if method == "conversations.create"] for _, calls in runs]
    asked = [[call[2] for call in calls if is_page(call)] for _, calls in runs]
    yield median_of("slowest ack", [max(took) * 1000 for took in acks], "ms", aim=SLACKS_PATIENCE * 1000)
    yield median_of("acks above 3 s", late, "of 50", aim=0)
    yield median_of("channels made", [len(moments) for moments in made], "of 50", aim=CROWD, at_least=True)
    yield median_of("all channels there", [max(moments) for moments in made], "s")
    yield median_of("last page to a person", [max(moments) for moments in asked], "s")
    yield median_of("all done", [max(call[2] for call in calls) for _, calls in runs], "s", aim=2.0)
    yield median_of("Slack calls", [len(calls) for _, calls in runs], "")
