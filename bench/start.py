"""From exec to taking work, and what an idle bot keeps in memory."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import seeding
from bench.figures import Figure, median_of
from bench.running import bot
from bench.slack import Slack

RUNS = 5
SETTLE = 3.0
WATCH = 5.0


def measure() -> Iterator[Figure]:
    """Start on a new database, which is migrated and learns the roster first, and on one that is there."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder, Slack() as slack:
        home = Path(folder)
        seeding.known(slack.environment, seeding.url(home))
        old = [_start(slack, seeding.copy(home, home / f"old-{n}"), home / f"old-{n}") for n in range(RUNS)]
        new = []
        for number in range(RUNS):
            (there := home / f"new-{number}").mkdir()
            new.append(_start(slack, seeding.url(there), there))
        yield median_of("ready, existing database", [after for after, _, _ in old], "s", aim=1.5)
        yield median_of("ready, new database", [after for after, _, _ in new], "s")
        yield median_of("idle memory", [memory for _, memory, _ in old], "MB", aim=110)
        yield median_of("idle processor time", [share for _, _, share in old], "% of a core")


def _start(slack: Slack, database_url: str, home: Path) -> tuple[float, float, float]:
    with bot(slack.environment, database_url, home) as running:
        time.sleep(SETTLE)
        before = running.processor()
        time.sleep(WATCH)
        return running.ready_after, running.memory(), 100 * (running.processor() - before) / WATCH
