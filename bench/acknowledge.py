"""How long a click on Acknowledge takes until Slack has its answer, one at a time and in crowds."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import seeding
from bench.figures import Figure, median_of, percentile
from bench.running import bot
from bench.slack import Slack
from bench.workspace import SLACKS_PATIENCE

RUNS = 3
# In flight: how many clicks in a run, and the aim for the slowest in a hundred, in milliseconds.
CROWDS = {1: (300, 20.0), 50: (300, None), 200: (400, 100.0)}
LATENCIES = (0.0, 0.1)
WARM_UP = 10


def measure() -> Iterator[Figure]:
    """Every run has a fresh bot on a copy of the same database, and acknowledges other pages with every click."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder, Slack() as slack:
        home = Path(folder)
        most = max(count for count, _ in CROWDS.values()) + WARM_UP
        seeding.opened(slack.environment, seeding.url(home), -(-most // 3))
        assert slack.ask("remember_pages") >= most
        for latency in LATENCIES:
            for in_flight, (count, aim) in CROWDS.items():
                runs = [
                    _run(slack, home, f"{latency}-{in_flight}-{n}", latency, in_flight, count)
                    for n in range(RUNS)
                ]
                yield from _figures(runs, latency, in_flight, aim)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How long each acknowledgement took, and the bot's processor time over all of them."""

    took: list[float]
    used: float


def _run(slack: Slack, home: Path, name: str, latency: float, in_flight: int, count: int) -> Run:
    slack.ask("latency", 0.0)
    there = home / name
    with bot(slack.environment, seeding.copy(home, there), there) as running:
        slack.ask("linked")
        slack.ask("latency", latency)
        # The first clicks of a process pay for what is loaded and compiled once.
        slack.ask("click", count, WARM_UP, 1)
        slack.ask("silence", 0.5, 10.0)
        before = running.processor()
        took: list[float] = slack.ask("click", 0, count, in_flight)
        return Run(took=took, used=running.processor() - before)


def _figures(runs: list[Run], latency: float, in_flight: int, aim: float | None) -> Iterator[Figure]:
    what = f"{in_flight} in flight, Slack {latency * 1000:.0f} ms"
    medians = [percentile(run.took, 0.5) * 1000 for run in runs]
    slowest = [percentile(run.took, 0.99) * 1000 for run in runs]
    late = [100 * sum(took > SLACKS_PATIENCE for took in run.took) / len(run.took) for run in runs]
    used = [run.used * 1000 / len(run.took) for run in runs]
    rate = "" if in_flight == 1 else f"{in_flight / (sum(medians) / len(medians)) * 1000:.0f} a second"
    yield median_of(f"ack median, {what}", medians, "ms", note=rate)
    yield median_of(f"ack p99, {what}", slowest, "ms", aim=aim)
    yield median_of(f"acks above 3 s, {what}", late, "%", aim=0.0)
    yield median_of(f"bot's processor time an ack, {what}", used, "ms")
