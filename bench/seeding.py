"""Databases as they look in the middle of a bad day, made by the bot's own rules."""

import asyncio
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import SecretStr

from bot.app import Bot
from bot.clock import system_clock
from bot.domain import opening
from bot.domain.decision import Timer, TimerKind
from bot.domain.incident import Dimension, IncidentId, UserId, Workspace
from bot.domain.opening import Draft
from bot.engine import pacing
from bot.settings import Settings
from bot.usecases import incidents as use_cases
from storage import incidents, people, policies, timers
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
    return Draft(
        title=f"Checkout is down {number}",
        summary="",
        scores=scores,
        customer_visible=True,
        private=False,
        drill=False,
        severity=None,
        severity_reason="",
    )


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
                use_cases.open_incident,
                draft(number, QUIET),
                id=uuid4().hex,
                by=ANA,
                workspace=ACME,
                now=bot.clock(),
            )

    with_bot(environment, database_url, open_all)


def known(environment: Mapping[str, str], database_url: str) -> None:
    """Have the database know the workspace: policy, channels, roster."""

    async def nothing(_bot: Bot) -> None:
        return None

    with_bot(environment, database_url, nothing)


def reminders(database_url: str, count: int, now: datetime, until: datetime) -> list[Timer]:
    """Add incidents whose pages may be reminded from now on, with nothing to send.

    Returns so many timers of reminders, set to ``until``; `set_due` moves them.
    """
    database = Database(database_url)
    try:
        made: list[Timer] = []
        while len(made) < count:
            made += database.transact(_reminders, min(100, count - len(made)), now, until)
        return made
    finally:
        database.close()


def set_due(database_url: str, timers_of: Sequence[Timer], at: datetime) -> None:
    """Have these timers fall due together."""
    database = Database(database_url)
    try:
        database.transact(timers.arm, ACME, [replace(timer, at=at) for timer in timers_of])
    finally:
        database.close()


def _reminders(tx: Tx, wanted: int, now: datetime, until: datetime) -> list[Timer]:
    policy, directory = policies.active(tx, ACME), people.directory(tx, ACME)
    made: list[Timer] = []
    while len(made) < wanted:
        decision = opening.open_incident(
            policy,
            directory,
            draft(0, LOUD),
            id=IncidentId(uuid4().hex),
            number=incidents.next_number(tx, ACME),
            by=ANA,
            workspace=ACME,
            now=now - REMINDED_AFTER,
        )
        due = [timer for timer in decision.timers if timer.kind is TimerKind.NAG and timer.at == now]
        assert due, "the pages of this severity are reminded after that time"
        kept = [replace(timer, at=until) for timer in due[: wanted - len(made)]]
        others = (timer for timer in decision.timers if timer not in due)
        apply(tx, replace(decision, notices=(), timers=(*others, *kept)), actor=ANA, now=now)
        made += kept
    return made
