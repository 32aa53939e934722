"""Who stands behind the roster, kept up to date: looked up in Slack at start and every hour."""

import logging
from collections.abc import Mapping

from bot.clock import Clock
from bot.domain.incident import Workspace
from bot.domain.roles import references
from bot.engine.caller import Caller
from bot.engine.deliveries.job import Me
from bot.engine.lookup import Lookup
from bot.slack import Never
from bot.usecases import people
from bot.usecases import policy as policies
from storage.database import Database

log = logging.getLogger(__name__)


class Roster:
    """Refreshes the people of the roster. What Slack would not say this time keeps its last known answer."""

    def __init__(self, db: Database, clock: Clock, slack: Caller, me: Me, workspace: Workspace) -> None:
        self._db, self._clock, self._slack, self._me = db, clock, slack, me
        self._workspace = workspace
        self._complained: set[tuple[str, str]] = set()
        self._looked = ""

    async def unresolved(self) -> frozenset[str]:
        """Return the references for which Slack has never had an answer here, be it that there is nobody."""
        known = await self._db.read(people.everyone, workspace=self._workspace)
        return await self._references() - known.references.keys()

    async def refresh(self, names: frozenset[str] | None = None) -> frozenset[str]:
        """Look up these references, or all; return those for which Slack had no answer this time."""
        wanted = await self._references() if names is None else names
        look = Lookup(self._slack, self._me)
        await look.up(wanted)
        await self._db.run(
            people.refresh,
            self._workspace,
            tuple(look.people.values()),
            look.found,
            now=self._clock(),
        )
        self._complain(look.refused)
        return wanted - look.found.keys()

    async def newcomers(self) -> bool:
        """Look up whom a policy names that came into force since the last look, and tell whether one has; cheap while not."""
        version = (await self._db.read(policies.active, workspace=self._workspace)).version
        if version == self._looked:
            return False
        if left := await self.unresolved():
            await self.refresh(left)
        self._looked = version
        return True

    async def _references(self) -> frozenset[str]:
        policy = await self._db.read(policies.active, workspace=self._workspace)
        known = await self._db.read(people.everyone, workspace=self._workspace)
        return references(policy, known.duty)

    def _complain(self, refused: Mapping[str, Never]) -> None:
        """Say once what somebody has to mend in the app before the roster is right again."""
        for method, refusal in refused.items():
            if (method, refusal.reason) not in self._complained:
                self._complained.add((method, refusal.reason))
                log.error(
                    "Slack refuses %s (%s); the roster keeps its last known answers. %s",
                    method,
                    refusal.reason,
                    _remedy(refusal),
                )


def _remedy(refusal: Never) -> str:
    needed, provided = (refusal.response.get(name) for name in ("needed", "provided"))
    if needed is None:
        return "`tocsin doctor` says what is wrong with the app."
    return f"Needed: {needed}; provided: {provided}. Update the app from manifest.yml and reinstall it."
