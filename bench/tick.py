"""What a tick costs when nothing is due: it must not depend on how much is pending."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from bench import databases, seeding
from bench.figures import Figure, percentile
from bench.slack import Slack
from bot.clock import system_clock
from bot.engine.counts import Counts
from bot.engine.due import DueRunner
from storage import outbox
from storage.database import Database

SIZES = (1_000, 1_000_000)
TICKS = 500
FLAT = 2.0


def measure() -> Iterator[Figure]:
    """The tick is the engine's own, and a look at the outbox as the courier has."""
    for kind in databases.kinds():
        with (
            tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder,
            Slack() as slack,
            databases.fresh(kind, Path(folder) / "db") as url,
        ):
            seeding.known(slack.environment, url)
            seeding.reminders(url, 1, system_clock(), system_clock() + timedelta(days=1))
            costs = []
            for size in SIZES:
                _pend(url, size)
                costs.append(asyncio.run(_ticks(url)))
                yield _figure(f"{kind}, {size:,} pending: tick median", costs[-1], 0.5)
                yield _figure(f"{kind}, {size:,} pending: tick p99", costs[-1], 0.99)
            small, large = (percentile(cost, 0.5) for cost in costs)
            yield Figure(
                name=f"{kind}: a million against a thousand", value=large / small, unit="times", aim=FLAT
            )


def _pend(url: str, size: int) -> None:
    """Have so many timers pending, spread over a year. A million rows are not a decision's business: plain SQL."""
    database = Database(url)
    numbers = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :size) SELECT i FROM n"
        if database.engine.dialect.name == "sqlite"
        else "SELECT i FROM generate_series(1, :size) AS s(i)"
    )
    columns = "team_id, enterprise_id, kind, incident_id, item_id, attempts, fence"
    moment = (
        "strftime('%Y-%m-%d %H:%M:%f', 'now', '+1 day', '+' || (i % 31536000) || ' seconds') || '000'"
        if database.engine.dialect.name == "sqlite"
        else "now() + interval '1 day' + (i % 31536000) * interval '1 second'"
    )
    insert = (
        f"INSERT INTO timer ({columns}, owner, due_at, visible_at) "
        f"SELECT {columns}, 'bench/' || i, {moment}, {moment} FROM ({numbers}) AS numbers, "
        "(SELECT * FROM timer WHERE owner NOT LIKE 'bench/%' LIMIT 1) AS one"
    )
    try:
        with database.engine.begin() as connection:
            connection.execute(text("DELETE FROM timer WHERE owner LIKE 'bench/%'"))
            connection.execute(text(insert), {"size": size})
        if database.engine.dialect.name == "postgresql":
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE timer"))
    finally:
        database.close()


async def _ticks(url: str) -> list[float]:
    database = Database(url)
    due = DueRunner(database, system_clock, Counts())
    took = []
    try:
        for _ in range(TICKS):
            began = time.perf_counter()
            assert await due.tick() is not None
            await database.read(outbox.next_visible)
            took.append(time.perf_counter() - began)
    finally:
        database.close()
    return took


def _figure(name: str, took: list[float], share: float) -> Figure:
    return Figure(name=name, value=percentile(took, share) * 1000, unit="ms")
