"""One pass over the roster in Slack: who stands behind each e-mail, id and user group now."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from bot.domain.decision import Lane
from bot.domain.incident import UserId
from bot.domain.roles import Person
from bot.engine.caller import Caller
from bot.engine.deliveries.job import Me
from bot.slack import Never, Outcome, Sent

AT_ONCE = 8
# With more e-mails than this the list of everybody is read first: asked one by one they exceed Slack's pace.
FEW = 20
# The most that one page holds, and so many pages are read; who is not on them is asked for one by one.
PAGE, PAGES = 1000, 10

# Slack's words for "nobody". Whatever else it refuses with says nothing about who is there.
NO_SUCH_USER = frozenset({"users_not_found", "user_not_found", "user_not_visible"})
NO_SUCH_GROUP = frozenset({"no_such_subteam", "plan_upgrade_required"})


class Lookup:
    """One pass.

    ``found`` holds what Slack answered, nobody included; a reference it would not speak of is missing there. ``refused``
    holds by method what it refused with instead, so that somebody can mend that.
    """

    def __init__(self, slack: Caller, me: Me) -> None:
        self._slack, self._me = slack, me
        self._slots = asyncio.Semaphore(AT_ONCE)
        self.people: dict[UserId, Person] = {}
        self.found: dict[str, tuple[UserId, ...]] = {}
        self.refused: dict[str, Never] = {}

    async def up(self, wanted: Iterable[str]) -> None:
        """Look all of these up."""
        names = sorted(wanted)
        mails = {name for name in names if is_mail(name)}
        if len(mails) > FEW:
            await self._among_everybody(mails)
        handles = await self._handles() if any(name.startswith("@") for name in names) else {}
        await asyncio.gather(*(self._resolve(name, handles) for name in names if name not in self.found))

    async def _among_everybody(self, mails: Collection[str]) -> None:
        """Read the list of everybody until it has named all of these; leavers do not count."""
        missing, cursor = set(mails), None
        for _ in range(PAGES):
            page = await self._call("users.list", limit=PAGE, cursor=cursor)
            if not isinstance(page, Sent):
                return
            for user in page.response.get("members", ()):
                mail = str((user.get("profile") or {}).get("email") or "").lower()
                if mail in missing and not user.get("deleted"):
                    self.found[mail] = (self._met(user),)
                    missing.remove(mail)
            cursor = page.cursor
            if cursor is None or not missing:
                return

    async def _resolve(self, name: str, handles: Mapping[str, str] | None) -> None:
        if is_mail(name):
            await self._one(name, "users.lookupByEmail", email=name)
        elif name.startswith("@") or name[:1].lower() == "s":
            await self._group(name, handles)
        else:
            await self._one(name, "users.info", user=name.upper())

    async def _one(self, name: str, method: str, **args: str) -> None:
        match await self._call(method, but=NO_SUCH_USER, **args):
            case Sent(response=response):
                self.found[name] = (self._met(response["user"]),)
            case Never(reason=reason) if reason in NO_SUCH_USER:
                self.found[name] = ()

    async def _group(self, name: str, handles: Mapping[str, str] | None) -> None:
        if name.startswith("@"):
            if handles is None:
                return
            group = handles.get(name[1:])
        else:
            group = name.upper()
        if group is None:
            self.found[name] = ()
            return
        match await self._call("usergroups.users.list", but=NO_SUCH_GROUP, usergroup=group):
            case Sent(response=response):
                members = tuple(UserId(user) for user in response.get("users", ()))
                if all(await asyncio.gather(*map(self._member, members))):
                    self.found[name] = members
            case Never(reason=reason) if reason in NO_SUCH_GROUP:
                self.found[name] = ()

    async def _member(self, user: UserId) -> bool:
        """Get to know a member of a group; false when Slack would not say."""
        if user in self.people:
            return True
        match await self._call("users.info", but=NO_SUCH_USER, user=user):
            case Sent(response=response):
                self._met(response["user"])
                return True
            case Never(reason=reason):
                return reason in NO_SUCH_USER
            case _:
                return False

    async def _handles(self) -> Mapping[str, str] | None:
        """Return the ids of the user groups by handle, or None when Slack would not say."""
        match await self._call("usergroups.list", but=NO_SUCH_GROUP):
            case Sent(response=response):
                return {str(g["handle"]).lower(): str(g["id"]) for g in response.get("usergroups", ())}
            case Never(reason=reason) if reason in NO_SUCH_GROUP:
                return {}
            case _:
                return None

    def _met(self, user: Mapping[str, Any]) -> UserId:
        person = person_of(user, self._me)
        self.people[person.id] = person
        return person.id

    async def _call(self, method: str, *, but: Collection[str] = (), **args: Any) -> Outcome:
        """Call Slack; a refusal other than ``but`` is kept."""
        async with self._slots:
            outcome = await self._slack.call(method, lane=Lane.BULK, **args)
        if isinstance(outcome, Never) and outcome.reason not in but:
            self.refused[method] = outcome
        return outcome


def is_mail(reference: str) -> bool:
    """Tell an e-mail address from an id and from the handle of a group."""
    return "@" in reference[1:]


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
