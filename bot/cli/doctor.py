"""`tocsin doctor`: is everything there that a page at three in the morning needs?"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import packs, slack
from bot.cli import manifest
from bot.clock import system_clock
from bot.domain.policy import Policy
from bot.engine.people import references
from bot.settings import HalfConfigured, Settings
from storage import audit
from storage.database import Database, StorageError

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
    """Print one line a finding; 0 when all are fine, 1 otherwise."""
    findings = asyncio.run(_all())
    print(*findings, sep="\n")
    return 0 if all(line.ok for line in findings) else 1


async def _all() -> list[Line]:
    try:
        settings = Settings.load()
    except HalfConfigured as error:
        return [Line(what="settings", ok=False, says=str(error))]
    lines = [_configured(settings), _database(settings)]
    policy, said = _policy(settings)
    lines.append(said)
    if settings.bot_token is None:
        return lines
    web = slack.connect(settings.bot_token.get_secret_value(), settings.api_url)
    try:
        lines += [line async for line in _slack(web, settings, policy)]
    finally:
        if web.session is not None:
            await web.session.close()
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
        db = Database(settings.database_url)
        try:
            db.migrate()
            chain = db.transact(audit.verify)
        finally:
            db.close()
    except StorageError as error:
        return Line(what="database", ok=False, says=str(error))
    if not chain.ok:
        return Line(
            what="database",
            ok=False,
            says=f"the audit log is broken: {chain.why}. Keep a copy, tell your auditor.",
        )
    return Line(what="database", ok=True, says=f"{kind}, up to date, {chain.count} audit events verify")


def _policy(settings: Settings) -> tuple[Policy | None, Line]:
    where = settings.policy or packs.DEFAULT
    try:
        policy = packs.load(where)
    except packs.PackError as error:
        first = error.problems[0]
        says = f"{first} (and {len(error.problems) - 1} more). Run: tocsin policy check {where}"
        return None, Line(what="policy", ok=False, says=says)
    name = (
        "your pack"
        if settings.policy
        else "the default pack, whose people are fictional: run `tocsin policy init`"
    )
    return policy, Line(what="policy", ok=True, says=f"version {policy.version[:12]}, {name}")


async def _slack(web: AsyncWebClient, settings: Settings, policy: Policy | None) -> AsyncIterator[Line]:
    try:
        told = await web.auth_test()
    except (SlackApiError, OSError, TimeoutError) as error:
        yield Line(
            what="token", ok=False, says=f"Slack refuses SLACK_BOT_TOKEN or cannot be reached: {error}"
        )
        return
    yield Line(what="token", ok=True, says=f"{told['user']} in {told['team']} ({told['team_id']})")
    yield _scopes(told.headers)
    yield _clock(told.headers)
    if settings.app_token is not None:
        yield await _socket(web, settings.app_token.get_secret_value())
    if policy is not None:
        yield await _channels(web, policy)
        yield await _roster(web, policy)


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


async def _socket(web: AsyncWebClient, token: str) -> Line:
    try:
        await web.apps_connections_open(app_token=token)
    except (SlackApiError, OSError, TimeoutError) as error:
        says = f"SLACK_APP_TOKEN opens no connection ({error}): it needs connections:write, and Socket Mode switched on"
        return Line(what="socket", ok=False, says=says)
    return Line(what="socket", ok=True, says="Socket Mode opens")


async def _channels(web: AsyncWebClient, policy: Policy) -> Line:
    wanted = {name.lstrip("#") for name in policy.channels.model_dump().values()}
    try:
        joined = await _all_pages(web, "channels", types="public_channel,private_channel")
    except SlackApiError as error:
        return Line(
            what="channels",
            ok=False,
            says=f"Slack does not list the bot's channels: {error.response['error']}",
        )
    known = {channel["name"] for channel in joined} | {channel["id"] for channel in joined}
    missing = sorted(wanted - known)
    if missing:
        says = f"the bot is not in {', '.join('#' + name for name in missing)}: create them and type /invite @Tocsin there"
        return Line(what="channels", ok=False, says=says)
    return Line(what="channels", ok=True, says=f"the bot is in all {len(wanted)} of the policy")


async def _all_pages(web: AsyncWebClient, key: str, **arguments: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = await web.users_conversations(limit=200, cursor=cursor, exclude_archived=True, **arguments)
        found += page[key]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return found


async def _roster(web: AsyncWebClient, policy: Policy) -> Line:
    problems = []
    wanted = references(policy)
    for reference in sorted(wanted):
        problem = await _reference(web, reference)
        if problem:
            problems.append(f"{reference} {problem}")
    if problems:
        return Line(what="roster", ok=False, says="; ".join(problems))
    return Line(what="roster", ok=True, says=f"all {len(wanted)} people and groups are found and active")


async def _reference(web: AsyncWebClient, reference: str) -> str:
    try:
        if "@" in reference[1:]:
            user = (await web.users_lookupByEmail(email=reference))["user"]
        elif reference[:1].upper() in {"U", "W"}:
            user = (await web.users_info(user=reference))["user"]
        else:
            return await _group(web, reference)
    except SlackApiError as error:
        return f"is not found ({error.response['error']})"
    return "is deactivated" if user.get("deleted") else ""


async def _group(web: AsyncWebClient, reference: str) -> str:
    groups = (await web.usergroups_list(include_users=True))["usergroups"]
    handle = reference.removeprefix("@")
    for group in groups:
        if handle in (group["handle"], group["id"]):
            return "" if group.get("users") else "has nobody in it"
    return "is not a user group here"


def _utc(moment: datetime) -> str:
    return f"{moment:%H:%M} UTC"
