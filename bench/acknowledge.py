"""How long a click on Acknowledge takes until Slack has its answer, one at a time and in crowds."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import seeding
from bench.figures import Figure, median_of, percentile
from bench.running import bot
from bench.slack import Slack
from bench.workspace import SLACKS_PATIENCE

RUNS = 3
# In flight: how many clicks in a run, and the aim for the slowest in a hundred, in milliseconds.
CROWDS = {1: (100, 20.0), 50: (200, None), 200: (400, 100.0)}
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
                runs = [_run(slack, home, f"{latency}-{in_flight}-{n}", latency, in_flight, count) for n in range(RUNS)]
                yield from _figures(runs, latency, in_flight, aim)


def _run(slack: Slack, home: Path, name: str, latency: float, in_flight: int, count: int) -> list[float]:
    slack.ask("latency", 0.0)
    there = home / name
    with bot(slack.environment, seeding.copy(home, there), there):
        slack.ask("linked")
        slack.ask("latency", latency)
        # The first clicks of a process pay for what is loaded and compiled once.
        slack.ask("click", count, WARM_UP, 1)
        slack.ask("silence", 0.5, 10.0)
        took: list[float] = slack.ask("click", 0, count, in_flight)
    return took


def _figures(runs: list[list[float]], latency: float, in_flight: int, aim: float | None) -> Iterator[Figure]:
    what = f"{in_flight} in flight, Slack {latency * 1000:.0f} ms"
    medians = [percentile(run, 0.5) * 1000 for run in runs]
    slowest = [percentile(run, 0.99) * 1000 for run in runs]
    late = [100 * sum(took > SLACKS_PATIENCE for took in run) / len(run) for run in runs]
    rate = "" if in_flight == 1 else f"{in_flight / (sum(medians) / len(medians)) * 1000:.0f} a second"
    yield median_of(f"ack median, {what}", medians, "ms", note=rate)
    yield median_of(f"ack p99, {what}", slowest, "ms", aim=aim)
    yield median_of(f"acks above 3 s, {what}", late, "%", aim=0.0)
