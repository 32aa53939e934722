"""One opening: how many calls it makes, when its channel is there, and when the last thing is done."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import seeding
from bench.figures import Figure, median_of
from bench.running import bot
from bench.slack import Slack
from bench.workspace import POST

RUNS = 5
LATENCIES = (0.0, 0.1)
ANSWERS = {"Business impact": "3"}
Call = tuple[str, str, float]


def measure() -> Iterator[Figure]:
    """Somebody submits the form; the clock starts when Slack hands the submission over."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder, Slack() as slack:
        home = Path(folder)
        seeding.known(slack.environment, seeding.url(home))
        with bot(slack.environment, seeding.url(home), home):
            slack.ask("linked")
            _one(slack, 0.0)
            for latency in LATENCIES:
                yield from _figures([_one(slack, latency) for _ in range(RUNS)], latency)
        wrong = slack.ask("violations")
        yield Figure(name="illegal calls", value=len(wrong), unit="", aim=0, note="; ".join(wrong[:3]))


def is_page(call: Call) -> bool:
    """Say whether a call is a message to a person; people are asked by each opening as its severity wants."""
    return call[0].startswith(POST) and call[1][:1] in ("U", "W", "D")


def _one(slack: Slack, latency: float) -> tuple[float, list[Call]]:
    slack.ask("latency", 0.0)
    slack.ask("fill_forms", 1, ANSWERS)
    slack.ask("silence", 0.5, 10.0)
    slack.ask("latency", latency)
    took: list[float] = slack.ask("submit")
    return took[0], slack.ask("silence", 1.5, 20.0)


def _figures(runs: list[tuple[float, list[Call]]], latency: float) -> Iterator[Figure]:
    what = f"Slack {latency * 1000:.0f} ms"
    own = [[call for call in calls if not is_page(call)] for _, calls in runs]
    methods: Counter[Any] = Counter(method for method, _, _ in own[-1])
    listed = ", ".join(f"{method} {count}" for method, count in sorted(methods.items()))
    there = [next(at for method, _, at in calls if method == "conversations.create") for calls in own]
    yield median_of(f"Slack calls, {what}", [len(calls) for calls in own], "", aim=8, note=listed)
    yield median_of(
        f"pages to people, {what}",
        [len(calls) - len(kept) for (_, calls), kept in zip(runs, own, strict=True)],
        "",
    )
    yield median_of(f"acknowledged, {what}", [took * 1000 for took, _ in runs], "ms")
    # One round trip, and what the bot itself needs around it.
    aim = latency * 1000 + 50 if latency else None
    yield median_of(f"channel there, {what}", [at * 1000 for at in there], "ms", aim=aim)
    last = [max(at for _, _, at in calls) * 1000 for _, calls in runs]
    yield median_of(f"last call done, {what}", last, "ms", aim=350 if latency else None)
