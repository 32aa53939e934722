"""Databases as they look in the middle of a bad day, made by the bot's own rules."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import SecretStr

from bot.app import Bot
from bot.clock import system_clock
from bot.domain import opening
from bot.domain.decision import TimerKind
from bot.domain.incident import Dimension, IncidentId, UserId, Workspace
from bot.domain.opening import Draft
from bot.engine import pacing
from bot.settings import Settings
from bot.usecases import incidents as use_cases
from storage import incidents, people, policies
from storage.apply import apply
from storage.database import Database, Tx

ACME = Workspace(team_id="T0ACME")
ANA = UserId("U0ANA")
FILE = "tocsin.db"
# Three roles are paged, and nothing falls due for half an hour.
QUIET = {Dimension.BUSINESS: 2, Dimension.USERS: 1, Dimension.DATA: 2, Dimension.REGULATORY: 1}
# Four roles are paged and reminded halfway through their fifteen minutes.
LOUD = {Dimension.BUSINESS: 3, Dimension.USERS: 1, Dimension.DATA: 2, Dimension.REGULATORY: 1}
REMINDED_AFTER = timedelta(minutes=7.5)


def draft(number: int, scores: Mapping[Dimension, int | None]) -> Draft:
    """Return what somebody would have answered in the opening form."""
    return Draft(title=f"Checkout is down {number}", summary="", scores=scores, customer_visible=True, private=False, drill=False, severity=None, severity_reason="")


def url(home: Path) -> str:
    """Return the address of the SQLite database in a folder."""
    return f"sqlite:///{home / FILE}"


def copy(home: Path, to: Path) -> str:
    """Copy the SQLite database of a folder into another and return its address."""
    to.mkdir(parents=True, exist_ok=True)
    for path in home.glob(f"{FILE}*"):
        shutil.copy(path, to / path.name)
    return url(to)


def with_bot(environment: Mapping[str, str], database_url: str, work: Callable[[Bot], Any]) -> None:
    """Run a bot that nobody talks to and that does not pace itself, do something with it, and let everything be sent."""

    async def live() -> None:
        settings = Settings(
            bot_token=SecretStr(environment["SLACK_BOT_TOKEN"]),
            api_url=environment["SLACK_API_URL"],
            database_url=database_url,
        )
        bot = Bot(settings, clock=system_clock, transport=None)
        await bot.start()
        try:
            await work(bot)
            await bot.settle()
        finally:
            await bot.stop()

    trust, pacing.TRUST = pacing.TRUST, 1_000_000
    try:
        asyncio.run(live())
    finally:
        pacing.TRUST = trust


def opened(environment: Mapping[str, str], database_url: str, count: int) -> None:
    """Have so many incidents opened, with their channels made and every page sent."""

    async def open_all(bot: Bot) -> None:
        for number in range(count):
            await bot.db.run(
                use_cases.open_incident, draft(number, QUIET), id=uuid4().hex, by=ANA, workspace=ACME, now=bot.clock()
            )

    with_bot(environment, database_url, open_all)


def known(environment: Mapping[str, str], database_url: str) -> None:
    """Have the database know the workspace: policy, channels, roster."""

    async def nothing(_bot: Bot) -> None:
        return None

    with_bot(environment, database_url, nothing)


def due_together(database_url: str, count: int, at: datetime) -> int:
    """Add incidents whose pages are all to be reminded at one moment, with nothing to send; return how many reminders."""
    database = Database(database_url)
    try:
        made = 0
        while made < count:
            made += database.transact(_a_few, min(100, count - made), at)
        return made
    finally:
        database.close()


def _a_few(tx: Tx, wanted: int, at: datetime) -> int:
    """Open incidents until so many reminders are set, at most the wanted number."""
    policy, directory = policies.active(tx, ACME), people.directory(tx, ACME)
    made, opened_at = 0, at - REMINDED_AFTER
    while made < wanted:
        decision = opening.open_incident(
            policy,
            directory,
            draft(0, LOUD),
            id=IncidentId(uuid4().hex),
            number=incidents.next_number(tx, ACME),
            by=ANA,
            workspace=ACME,
            now=opened_at,
        )
        due = [t for t in decision.timers if t.kind is TimerKind.NAG and t.at == at]
        assert due, "these pages are reminded at that moment"
        kept = {t.item_id for t in due[: wanted - made]}
        timers = tuple(t for t in decision.timers if t not in due or t.item_id in kept)
        apply(tx, replace(decision, notices=(), timers=timers), actor=ANA, now=opened_at)
        made += len(kept)
    return made
