"""The door with a real database behind it and a Slack of our own before it; payloads are handed in by hand."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import listeners, packs, slack
from bot.advisor.offline import OfflineAdvisor
from bot.cli import manifest
from bot.clock import AdjustableClock
from bot.domain.incident import ChannelId, Incident, IncidentId, UserId, Workspace
from bot.domain.items import Item, ItemKind
from bot.domain.opening import Draft
from bot.domain.roles import Person
from bot.listeners.deps import Deps
from bot.sandbox import Sandbox
from bot.usecases import incidents, people, policy
from storage import audit, items
from storage.database import Database, Tx

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ACME = Workspace(team_id="T0ACME")
GENERAL = "C0GENERAL"


class Door:
    """Hands in payloads as Slack sends them, each time as a delivery of its own, and shows what came of it."""

    def __init__(self, app: AsyncApp, deps: Deps, sandbox: Sandbox) -> None:
        self.app, self.deps, self.sandbox = app, deps, sandbox
        self.db = deps.db

    async def receives(self, body: Mapping[str, Any]) -> BoltResponse:
        copy = json.loads(json.dumps(body))
        return await self.app.async_dispatch(AsyncBoltRequest(body=copy, mode="socket_mode"))

    async def opened(self, title: str = "Checkout is down") -> Incident:
        """Open an incident without asking for a channel."""
        return await self.db.run(
            incidents.open_incident,
            Draft(title=title),
            id=IncidentId("a" * 32),
            by=UserId("U0ANA"),
            workspace=ACME,
            now=self.deps.clock(),
        )

    async def pages(self, incident: Incident) -> list[Item]:
        found = await self.db.read(items.of_incident, incident.id)
        return [item for item in found if item.kind is ItemKind.ACKNOWLEDGE]

    async def audit(self, kind: str) -> list[Any]:
        def query(tx: Tx) -> list[Any]:
            return [event for event in audit.export(tx) if event.kind == kind]

        return await self.db.read(query)


@asynccontextmanager
async def standing(home: Path) -> AsyncIterator[Door]:
    """Build a door on a fresh database with the default policy and the people of its roster."""
    clock = AdjustableClock(NINE, running=False)
    sandbox = Sandbox(manifest=manifest.load(), clock=clock)
    await sandbox.start()
    db = Database(f"sqlite:///{home / 'door.db'}")
    try:
        await asyncio.to_thread(db.migrate)
        await db.run(policy.activate, packs.load(packs.DEFAULT), workspace=ACME, by="test", now=NINE)
        roster = {user.email: user for user in sandbox.workspace.users.values() if user.email}
        known = [
            Person(
                id=UserId(u.id), name=u.name, email=u.email, tz=u.tz, is_bot=u.is_bot, is_active=not u.deleted
            )
            for u in roster.values()
        ]
        references = {person.email: (person.id,) for person in known if person.email}
        await db.run(people.refresh, ACME, known, references, now=NINE)
        web = slack.connect(sandbox.bot_token, sandbox.api_url)
        deps = Deps(db=db, clock=clock, web=web, advisor=OfflineAdvisor())
        app = listeners.build(deps, token=sandbox.bot_token, signing_secret=sandbox.signing_secret, web=web)
        yield Door(app, deps, sandbox)
        assert sandbox.violations == []
        if web.session is not None:
            await web.session.close()
    finally:
        await asyncio.to_thread(db.close)
        await sandbox.stop()


def command(
    text: str, *, user: str = "U0ANA", trigger: str = "1.1.a", name: str = "/incident"
) -> dict[str, Any]:
    return {
        "command": name,
        "text": text,
        "team_id": ACME.team_id,
        "user_id": user,
        "channel_id": GENERAL,
        "trigger_id": trigger,
        "response_url": "http://127.0.0.1:9/none",
    }


def click(
    action: str, value: str, *, user: str = "U0CARO", trigger: str = "2.1.a", **changes: Any
) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": {"id": user, "team_id": ACME.team_id},
        "team": {"id": ACME.team_id},
        "trigger_id": trigger,
        "channel": {"id": GENERAL},
        "container": {"type": "message"},
        "response_url": "",
        "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value}],
        **changes,
    }


def event(kind: str, event_id: str = "Ev1", *, user: str = "U0CARO", **fields: Any) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": ACME.team_id,
        "event_id": event_id,
        "event": {"type": kind, "user": user, **fields},
        "authorizations": [{"team_id": ACME.team_id, "enterprise_id": None}],
    }


def message(
    text: str, ts: str = "1795252800.000100", *, channel: ChannelId | str = GENERAL, **changes: Any
) -> dict[str, Any]:
    return event("message", changes.pop("event_id", "Ev1"), channel=channel, text=text, ts=ts, **changes)
