"""`tocsin doctor`: is everything there that a page at three in the morning needs?"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.errors import SlackClientError

from bot import packs, slack
from bot.cli import manifest
from bot.cli.audit import ask
from bot.cli.channels import joined
from bot.clock import system_clock
from bot.domain.policy import Policy
from bot.domain.roles import references
from bot.engine.caller import Caller
from bot.engine.counts import Counts
from bot.engine.deliveries.job import Me
from bot.engine.hello import who_am_i
from bot.engine.lookup import Lookup
from bot.engine.pacing import Pacing
from bot.settings import HalfConfigured, Settings
from bot.slack import Later, Never, Sent, SlackDoor
from storage import oncall
from storage.database import Database, DatabaseBehind, StorageError
from storage.verification import verify

# Slack refuses signatures that are five minutes off; a clock this far out will be there soon.
DRIFT_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One finding: fine, or what to do about it."""

    what: str
    ok: bool
    says: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.ok else 'FIX '} {self.what:<10} {self.says}"


def run() -> int:
    """Print one line a finding; 0 when all are fine, 1 otherwise. Nothing is changed by looking."""
    findings = _all()
    print(*findings, sep="\n")
    return 0 if all(line.ok for line in findings) else 1


def _all() -> list[Line]:
    try:
        settings = Settings.load()
    except HalfConfigured as error:
        return [Line(what="settings", ok=False, says=str(error))]
    policy, read = _policy(settings)
    lines = [_configured(settings), _database(settings), read, *_calendars(settings, policy)]
    if settings.bot_token is not None:
        lines += asyncio.run(in_slack(settings, policy))
    return lines


def _configured(settings: Settings) -> Line:
    problems = []
    for transport in ("socket", "http"):
        try:
            settings.require(transport)
        except HalfConfigured as error:
            problems.append(str(error))
    if len(problems) == 2:
        return Line(what="settings", ok=False, says=problems[0])
    return Line(what="settings", ok=True, says="the secrets for at least one way in are set")


def _database(settings: Settings) -> Line:
    kind = settings.database_url.split(":", 1)[0]
    try:
        with closing(Database(settings.database_url)) as db:
            db.check(writable=True)
            chain = ask(db, verify)
    except DatabaseBehind as error:
        todo = "made by the first" if error.found is None else "of an earlier version, migrated by the next"
        return Line(what="database", ok=True, says=f"{kind}, {todo} `tocsin run`")
    except StorageError as error:
        return Line(what="database", ok=False, says=str(error))
    if not chain.ok:
        says = f"the audit log is broken: {chain.why}. Keep a copy, tell your auditor."
        return Line(what="database", ok=False, says=says)
    return Line(what="database", ok=True, says=f"{kind}, up to date, audit events that verify: {chain.count}")


def _policy(settings: Settings) -> tuple[Policy | None, Line]:
    where = settings.policy or packs.DEFAULT
    try:
        policy = packs.load(where)
    except packs.PackError as error:
        first, *rest = error.problems
        more = f" (and {len(rest)} more)" if rest else ""
        return None, Line(what="policy", ok=False, says=f"{first}{more}. Run: tocsin policy check {where}")
    name = (
        "your pack"
        if settings.policy
        else "the default pack, whose people are fictional: run `tocsin policy init policy`"
    )
    return policy, Line(what="policy", ok=True, says=f"version {policy.version[:12]}, {name}")


def _calendars(settings: Settings, policy: Policy | None) -> list[Line]:
    """Say how the calendar feeds of the policy are, as the running bot last saw them; nothing where there are none."""
    wanted = [name for name, row in policy.schedules.items() if row.feed] if policy is not None else []
    if not wanted:
        return []
    try:
        with closing(Database(settings.database_url)) as db:
            db.check()
            seen = {feed.schedule: feed for feed in ask(db, oncall.feeds)}
    except StorageError:
        seen = {}
    says = [
        f"{name}: {seen[name].problem or 'fine'}"
        if name in seen
        else f"{name}: not fetched yet, `tocsin run` does"
        for name in wanted
    ]
    ok = not any(name in seen and seen[name].problem for name in wanted)
    return [Line(what="calendars", ok=ok, says="; ".join(says))]


async def in_slack(settings: Settings, policy: Policy | None) -> list[Line]:
    """Ask Slack with the token of the settings: the token itself, scopes, clock, channels and roster."""
    assert settings.bot_token is not None, "there is a token to ask with"
    door = SlackDoor(slack.connect(settings.bot_token.get_secret_value().strip(), settings.api_url))
    try:
        return [line async for line in _slack(door, settings, policy)]
    finally:
        await door.close()


async def _slack(door: SlackDoor, settings: Settings, policy: Policy | None) -> AsyncIterator[Line]:
    try:
        me = await who_am_i(door)
        told = await door.web.auth_test()
    except HalfConfigured as error:
        yield Line(what="token", ok=False, says=str(error))
        return
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
        says = f"Slack stumbled ({type(error).__name__}): ask again in a minute"
        yield Line(what="token", ok=False, says=says)
        return
    yield Line(what="token", ok=True, says=f"{told['user']} in {told['team']} ({told['team_id']})")
    yield _scopes(told.headers)
    yield _clock(told.headers)
    if settings.app_token is not None:
        yield await _socket(settings.app_token.get_secret_value().strip(), settings.api_url)
    if policy is not None:
        yield await _channels(door, policy)
        yield await _roster(door, me, policy)


def _scopes(headers: Mapping[str, str]) -> Line:
    wanted = set(manifest.load()["oauth_config"]["scopes"]["bot"])
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",") if scope.strip()}
    missing = sorted(wanted - granted)
    if missing:
        says = f"missing: {', '.join(missing)}. Update the app from manifest.yml and reinstall it."
        return Line(what="scopes", ok=False, says=says)
    return Line(what="scopes", ok=True, says=f"all {len(wanted)} of manifest.yml are granted")


def _clock(headers: Mapping[str, str]) -> Line:
    sent = headers.get("Date") or headers.get("date")
    if sent is None:
        return Line(what="clock", ok=True, says="Slack did not say what time it is")
    drift = abs((system_clock() - parsedate_to_datetime(sent).astimezone(UTC)).total_seconds())
    if drift > DRIFT_SECONDS:
        says = f"this machine is {drift:.0f} s away from Slack's time: switch time synchronisation on"
        return Line(what="clock", ok=False, says=says)
    return Line(what="clock", ok=True, says=f"{_utc(system_clock())}, within {DRIFT_SECONDS} s of Slack's")


async def _socket(token: str, api_url: str) -> Line:
    door = SlackDoor(slack.connect(token, api_url))
    outcome = await door.call("apps.connections.open")
    await door.close()
    if isinstance(outcome, Sent):
        return Line(what="socket", ok=True, says="Socket Mode opens")
    says = f"SLACK_APP_TOKEN opens no connection ({_why(outcome)}): it needs connections:write, and Socket Mode switched on"
    return Line(what="socket", ok=False, says=says)


async def _channels(door: SlackDoor, policy: Policy) -> Line:
    wanted = {name.lstrip("#") for name in policy.channels.model_dump().values()}
    known = await joined(door)
    if isinstance(known, str):
        return Line(what="channels", ok=False, says=f"Slack does not list the bot's channels ({known})")
    missing = sorted(wanted - known)
    if missing:
        says = f"the bot is not in {', '.join('#' + name for name in missing)}: create them and type /invite @Tocsin there"
        return Line(what="channels", ok=False, says=says)
    return Line(what="channels", ok=True, says=f"the bot is in all {len(wanted)} of the policy")


async def _roster(door: SlackDoor, me: Me, policy: Policy) -> Line:
    look = Lookup(Caller(door, me.team, system_clock, Pacing(), Counts()), me)
    wanted = references(policy)
    await look.up(wanted)
    problems = [f"{name} {problem}" for name in sorted(wanted) if (problem := _problem(name, look))]
    if problems:
        return Line(what="roster", ok=False, says="; ".join(problems))
    return Line(what="roster", ok=True, says=f"all {len(wanted)} people and groups are found and active")


def _problem(reference: str, look: Lookup) -> str:
    """Say what is wrong with a reference of the roster; nothing when somebody stands behind it."""
    if reference not in look.found:
        refusals = ", ".join(f"{method} {never.reason}" for method, never in sorted(look.refused.items()))
        return f"could not be looked up ({refusals or 'Slack asks for patience; try again in a minute'})"
    people = [look.people[user] for user in look.found[reference] if user in look.people]
    if not people:
        return "is not found, or nobody is in it"
    return "" if any(person.may_act for person in people) else "may not be asked: left, a guest, or an app"


def _why(outcome: Later | Never) -> str:
    return outcome.reason if isinstance(outcome, Never) else outcome.why


def _utc(moment: datetime) -> str:
    return f"{moment:%H:%M} UTC"
