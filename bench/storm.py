"""Ten thousand reminders due at the same moment, while people click; and a thousand that fell due while nobody ran."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from sqlalchemy import func, select

from bench import databases, seeding
from bench.figures import Figure, percentile
from bench.running import Running, bot
from bench.slack import Slack
from bot.clock import system_clock
from bot.domain.decision import NoticeKind, Timer
from storage.database import Database
from storage.tables import OUTBOX

DUE = 10_000
MISSED = 1_000
LATENCY = 0.1
PAGES = 900
# Clicks come from two people, each with a tenth of a second to think.
CLICKERS, THINKING, ROUND = 2, 0.1, 10
QUIET = 60
NOTICE = timedelta(seconds=3)
LOOK = 0.05
PATIENCE = 180.0


@dataclass(slots=True)
class Seen:
    """When how many reminders were in the outbox, looked at from another process."""

    counts: list[tuple[datetime, int]] = field(default_factory=list)

    def late(self, wanted: int, due: datetime) -> float:
        """Return how many seconds after ``due`` so many were there; infinity when they never were."""
        moments = [at for at, count in self.counts if count >= wanted]
        return (moments[0] - due).total_seconds() if moments else float("inf")


def measure() -> Iterator[Figure]:
    """On each database that is there."""
    for kind in databases.kinds():
        with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder, Slack() as slack:
            home = Path(folder)
            with databases.fresh(kind, home / "db") as url:
                yield from (replace(f, name=f"{kind}: {f.name}") for f in _storm(slack, url, home))


def _storm(slack: Slack, url: str, home: Path) -> Iterator[Figure]:
    seeding.opened(slack.environment, url, PAGES // 3)
    pages = slack.ask("remember_pages")
    now = system_clock()
    timers = seeding.reminders(url, DUE + MISSED, now, now + timedelta(hours=1))
    missed, together = timers[:MISSED], timers[MISSED:]
    seeding.set_due(url, missed, now)
    slack.ask("latency", LATENCY)
    with bot(slack.environment, url, home) as running:
        ready = system_clock()
        slack.ask("linked")
        seen = _watch(url, MISSED)
        yield Figure(
            name="due while down, delivered",
            value=seen.counts[-1][1],
            unit=f"of {MISSED:,}",
            aim=MISSED,
            at_least=True,
        )
        yield Figure(name="due while down, all after ready", value=seen.late(MISSED, ready), unit="s")
        quiet: list[float] = slack.ask("click", 0, QUIET, CLICKERS, THINKING)
        yield Figure(name="ack p99 before", value=percentile(quiet, 0.99) * 1000, unit="ms")
        yield from _together(slack, url, running, together, pages, seen.counts[-1][1])


def _together(
    slack: Slack, url: str, running: Running, together: Sequence[Timer], pages: int, before: int
) -> Iterator[Figure]:
    due = system_clock() + NOTICE
    seeding.set_due(url, together, due)
    time.sleep(max(0.0, (due - system_clock()).total_seconds()))
    over, used = Event(), running.processor()
    with ThreadPoolExecutor(1) as pool:
        clicking = pool.submit(_click, slack, pages, over)
        seen = _watch(url, before + DUE)
        over.set()
        clicks = clicking.result()
    used = running.processor() - used
    total = seen.counts[-1][1] - before
    yield Figure(name="delivered to the outbox", value=total, unit=f"of {DUE:,}", aim=DUE, at_least=True)
    for name, share, aim in (("median", 0.5, None), ("p99", 0.99, 5.0), ("last", 1.0, None)):
        late = seen.late(before + int(DUE * share), due)
        yield Figure(name=f"lateness {name}", value=late, unit="s", aim=aim)
    yield Figure(name="ack median meanwhile", value=percentile(clicks, 0.5) * 1000, unit="ms")
    yield Figure(
        name="ack p99 meanwhile",
        value=percentile(clicks, 0.99) * 1000,
        unit="ms",
        note=f"{len(clicks)} clicks",
    )
    yield Figure(name="bot's processor time a reminder", value=used * 1000 / DUE, unit="ms")


def _click(slack: Slack, pages: int, over: Event) -> list[float]:
    """Acknowledge until the storm is over, or every page is taken."""
    took: list[float] = []
    first = QUIET
    while not over.is_set() and first + ROUND <= pages:
        took += slack.ask("click", first, ROUND, CLICKERS, THINKING)
        first += ROUND
    return took


def _watch(url: str, wanted: int) -> Seen:
    """Look at the outbox until so many reminders are there, or patience ends."""
    database, seen = Database(url), Seen()
    end = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < end:
            count = _count(database)
            seen.counts.append((system_clock(), count))
            if count >= wanted:
                break
            time.sleep(LOOK)
    finally:
        database.close()
    return seen


def _count(database: Database) -> int:
    """Count without standing in the way of the writer."""
    with database.engine.connect().execution_options(reading=True) as connection:
        return int(connection.execute(_REMINDERS).scalar_one())


_REMINDERS = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.kind == NoticeKind.NAG.value)
