"""Who stands behind the roster: e-mails, ids and user groups looked up in Slack, at start and every hour."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from bot.clock import Clock
from bot.domain.decision import Lane
from bot.domain.incident import UserId, Workspace
from bot.domain.policy import Policy
from bot.domain.roles import Person
from bot.engine.caller import Caller
from bot.engine.deliveries.job import Me
from bot.slack import Later, Never, Sent
from bot.usecases import people
from bot.usecases import policy as policies
from storage.database import Database

AT_ONCE = 8


class Roster:
    """Refreshes the people of the roster. What Slack would not say this time keeps its last known answer."""

    def __init__(self, db: Database, clock: Clock, slack: Caller, me: Me, workspace: Workspace) -> None:
        self._db, self._clock, self._slack, self._me = db, clock, slack, me
        self._workspace = workspace

    async def is_known(self) -> bool:
        """Say whether the roster was ever resolved here."""
        return bool((await self._db.read(people.everyone, workspace=self._workspace)).references)

    async def refresh(self) -> bool:
        """Look everybody up; false when Slack asked for patience, so that some answers are still missing."""
        policy = await self._db.read(policies.active, workspace=self._workspace)
        look = _Look(self._slack, self._me)
        await look.up(references(policy))
        await self._db.run(
            people.refresh,
            self._workspace,
            tuple(look.people.values()),
            look.found,
            now=self._clock(),
        )
        return look.complete


class _Look:
    """One pass over the roster."""

    def __init__(self, slack: Caller, me: Me) -> None:
        self._slack, self._me = slack, me
        self._slots = asyncio.Semaphore(AT_ONCE)
        self.people: dict[UserId, Person] = {}
        self.found: dict[str, tuple[UserId, ...]] = {}
        self.complete = True

    async def up(self, wanted: Iterable[str]) -> None:
        names = sorted(wanted)
        handles = await self._handles() if any(name.startswith("@") for name in names) else {}
        await asyncio.gather(*(self._resolve(name, handles) for name in names))

    async def _resolve(self, name: str, handles: Mapping[str, str] | None) -> None:
        if "@" in name[1:]:
            await self._one(name, "users.lookupByEmail", email=name)
        elif name.startswith("@") or name[:1].lower() == "s":
            await self._group(name, handles)
        else:
            await self._one(name, "users.info", user=name.upper())

    async def _one(self, name: str, method: str, **args: str) -> None:
        match await self._call(method, **args):
            case Sent(response=response):
                person = person_of(response["user"], self._me)
                self.people[person.id] = person
                self.found[name] = (person.id,)
            case Never():
                self.found[name] = ()

    async def _group(self, name: str, handles: Mapping[str, str] | None) -> None:
        if handles is None:
            return
        group = handles.get(name[1:].lower()) if name.startswith("@") else name.upper()
        if group is None:
            self.found[name] = ()
            return
        match await self._call("usergroups.users.list", usergroup=group):
            case Sent(response=response):
                members = [UserId(user) for user in response.get("users", ())]
                known = await asyncio.gather(*(self._member(user) for user in members))
                if all(known):
                    self.found[name] = tuple(members)
            case Never():
                self.found[name] = ()

    async def _member(self, user: UserId) -> bool:
        if user in self.people:
            return True
        match await self._call("users.info", user=user):
            case Sent(response=response):
                self.people[user] = person_of(response["user"], self._me)
                return True
            case Never():
                return True
            case _:
                return False

    async def _handles(self) -> Mapping[str, str] | None:
        """Return the ids of the user groups by handle, or None when Slack would not say now."""
        match await self._call("usergroups.list"):
            case Sent(response=response):
                return {str(g["handle"]).lower(): str(g["id"]) for g in response.get("usergroups", ())}
            case Never():
                return {}
            case _:
                return None

    async def _call(self, method: str, **args: Any) -> Sent | Later | Never:
        async with self._slots:
            outcome = await self._slack.call(method, lane=Lane.BULK, **args)
        if isinstance(outcome, Later):
            self.complete = False
        return outcome


def references(policy: Policy) -> frozenset[str]:
    """Return every reference of the roster, in lower case."""
    slots = policy.roster.values()
    return frozenset(name.lower() for slot in slots for name in (*slot.primary, *slot.backup))


def person_of(user: Mapping[str, Any], me: Me) -> Person:
    """Read one of Slack's users.

    Strangers, people of another team and guests count as external: they may be shown, never asked, and decide nothing.
    """
    profile = user.get("profile") or {}
    enterprise = (user.get("enterprise_user") or {}).get("enterprise_id")
    ours = user.get("team_id") in (None, me.team) or (
        me.enterprise is not None and enterprise == me.enterprise
    )
    guest = any(user.get(mark) for mark in ("is_stranger", "is_restricted", "is_ultra_restricted"))
    name = (
        profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name")
    )
    return Person(
        id=UserId(str(user["id"])),
        name=str(name or user["id"]),
        email=profile.get("email"),
        tz=str(user.get("tz") or "UTC"),
        is_bot=bool(user.get("is_bot")) or user.get("id") == "USLACKBOT",
        is_active=not user.get("deleted"),
        is_external=bool(guest or not ours),
    )
