"""The composition root: settings in, a running bot out; it wires everything and decides nothing."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import SecretStr
from slack_bolt.authorization import AuthorizeResult

from bot import listeners, slack
from bot.advisor.offline import OfflineAdvisor
from bot.advisor.protocol import Advisor
from bot.clock import Clock, system_clock
from bot.domain.errors import BotError, NotFound
from bot.domain.incident import Workspace
from bot.domain.policy import Policy
from bot.engine.clockwork import Clockwork
from bot.engine.hello import who_am_i
from bot.listeners import again
from bot.listeners.deps import Deps
from bot.listeners.socket import SocketDoor
from bot.packs import DEFAULT, PackError, gather, load_files, seal
from bot.settings import HalfConfigured, Settings, Transport
from bot.slack import SlackDoor
from bot.usecases import oncall, policy_versions, refusals
from bot.usecases import policy as policies
from storage import outbox
from storage.database import Database

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.web.flood import Flood
    from bot.web.health import Health
    from bot.web.metrics import Metrics, Readings
    from bot.web.server import HttpDoor

log = logging.getLogger(__name__)

HELLO = 10.0
ACTOR = "tocsin"


class Bot:
    """One bot in one workspace: start it, let it run on the loop, stop it.

    ``clock`` is the system's unless a demo or a test brings its own. Without ``policy`` the pack of the settings is
    loaded, and a new version of it waits for approval; a ``policy`` that is given is in force at once. ``transport`` None
    means that nothing comes in: only the engine runs.
    ``serve`` opens the HTTP port; with ``transport="http"`` it is always open.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock = system_clock,
        policy: Policy | None = None,
        advisor: Advisor | None = None,
        transport: Transport | None = "socket",
        serve: bool = False,
    ) -> None:
        self.settings, self.clock, self.transport = settings, clock, transport
        self._policy = policy
        self._advisor = advisor or OfflineAdvisor()
        self._serve = serve or transport == "http"
        self._socket: SocketDoor | None = None
        self._http: HttpDoor | None = None
        self._metrics: Metrics | None = None
        self._flood: Flood
        self._stack = contextlib.AsyncExitStack()
        self._clockwork: Clockwork | None = None
        self.workspace: Workspace
        self.db: Database

    async def start(self) -> None:
        """Open everything, in the order in which each needs the one before; what was opened is closed if one fails.

        Raises:
            HalfConfigured: a secret is missing or of the wrong kind, Slack refuses the token or cannot be reached,
                the policy is broken and there is no earlier one, or the port is taken.
            StorageError: the database cannot be used.
        """
        self.settings.require(self.transport)
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise

    async def stop(self, grace: float = 10.0) -> None:
        """Stop gracefully: the clock first, then what comes in, then what goes out, then the database.

        What is not done within ``grace`` seconds is left to the next start; nothing is lost. Stopping twice is fine.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + grace
        if self._clockwork is not None:
            await self._clockwork.quiesce()
        if self._socket is not None:
            await self._socket.drain(max(0.1, end - loop.time()))
        if self._http is not None:
            await self._http.stop()
        if self._clockwork is not None:
            await self._clockwork.stop(max(0.1, end - loop.time()))
        await self._stack.aclose()

    async def settle(self) -> None:
        """Do everything that is due at the clock's moment, and what follows from it, until all is quiet."""
        await self._engine.settle()

    async def next_due(self) -> datetime | None:
        """Return when the next thing happens by itself, on the bot's clock."""
        return await self._engine.next_due()

    @property
    def address(self) -> str | None:
        """Where the HTTP port is, if it is open."""
        return None if self._http is None else f"http://{self._http.host}:{self._http.port}"

    @property
    def events_url(self) -> str:
        """Where Slack's requests go in HTTP mode."""
        return f"{self.address}/slack/events"

    @property
    def ready_line(self) -> str:
        """The line that says that the bot takes work."""
        doors = {"socket": "Socket Mode", "http": f"HTTP at {self.events_url}", None: "no door"}
        door, kind = doors[self.transport], self.settings.database_url.split(":", 1)[0]
        policy = self._version[:12]
        return f"tocsin is ready: workspace {self.workspace.team_id}, {door}, {kind}, policy {policy}"

    @property
    def _engine(self) -> Clockwork:
        assert self._clockwork is not None, "the bot has been started"
        return self._clockwork

    async def _start(self) -> None:
        self.db = Database(self.settings.database_url)
        self._stack.push_async_callback(asyncio.to_thread, self.db.close)
        await asyncio.to_thread(self.db.migrate)
        token = _revealed(self.settings.bot_token)
        web = slack.connect(token, self.settings.api_url)
        door = SlackDoor(web)
        self._stack.push_async_callback(door.close)
        me = await who_am_i(door)
        self.workspace = Workspace(team_id=me.team, enterprise_id=me.enterprise)
        self._version = await self._activate()
        await self.db.run(policy_versions.keep_watch, workspace=self.workspace, now=self.clock())
        await self.db.run(oncall.arm, self.workspace, self.clock())

        deps = Deps(db=self.db, clock=self.clock, web=web, advisor=self._advisor)
        # Without a signing secret nothing may come in by HTTP, so nobody can know this one.
        secret = _revealed(self.settings.signing_secret) or secrets.token_hex()
        known = AuthorizeResult(
            enterprise_id=me.enterprise,
            team_id=me.team,
            bot_user_id=me.user,
            bot_id=me.bot,
            bot_token=token,
        )
        app = listeners.build(deps, token=token, signing_secret=secret, web=web, known=known)
        replay = again.runner(app)
        self._clockwork = Clockwork(
            self.db,
            self.clock,
            door,
            me,
            self.workspace,
            replay,
            self._answering,
            keep=timedelta(days=self.settings.keep_days),
        )
        self._stack.push_async_callback(self._clockwork.stop, 0.0)
        await self._clockwork.start()
        if self._serve:
            await self._open_port(app)
        if self.transport == "socket":
            await self._connect(app, web)

    async def _activate(self) -> str:
        """Return the version in force. A pack that says something new waits for its owner's approval.

        A policy that was given to the bot is in force at once. A broken pack is refused on record, and the last good one
        stays. One that was checked before, to the last letter and by the same rules, is not checked again.
        """
        if (given := self._policy) is not None:
            await self.db.run(policies.activate, given, workspace=self.workspace, by=ACTOR, now=self.clock())
            return given.version
        files = await asyncio.to_thread(gather, self.settings.policy or DEFAULT)
        sealed = await asyncio.to_thread(seal, files)
        known = await self.db.read(policies.sealed, sealed, workspace=self.workspace)
        try:
            policy = known if known is not None else await asyncio.to_thread(load_files, files)
        except PackError as error:
            return await self._keep_last(tuple(str(problem) for problem in error.problems))
        version = await self.db.run(
            policy_versions.offer, policy, workspace=self.workspace, by=ACTOR, now=self.clock()
        )
        if known is None:
            await self.db.run(policies.note_seal, policy.version, sealed, workspace=self.workspace)
        return version

    async def _keep_last(self, problems: tuple[str, ...]) -> str:
        log.error("the policy is refused; the last good one stays in force\n%s", "\n".join(problems))
        await self.db.run(policies.refuse, problems, workspace=self.workspace, by=ACTOR, now=self.clock())
        try:
            return (await self.db.read(policies.active, workspace=self.workspace)).version
        except NotFound:
            raise HalfConfigured("The policy cannot be loaded:\n" + "\n".join(problems)) from None

    async def _connect(self, app: "AsyncApp", web: "AsyncWebClient") -> None:
        observe = self._metrics.observe_ack if self._metrics is not None else None
        self._socket = SocketDoor(app, _revealed(self.settings.app_token), web, observe)
        self._stack.push_async_callback(self._socket.close)
        if not await self._socket.start(HELLO):
            log.warning("Slack's Socket Mode was not reached within %.0f s; the bot goes on trying", HELLO)

    async def _open_port(self, app: "AsyncApp") -> None:
        from bot.web import flood, metrics, routes
        from bot.web.server import HttpDoor

        self._metrics = metrics.Metrics()
        self._flood = flood.Flood()
        inside = routes.Inside(health=self._health, readings=self._readings, refused=self._refused)
        secret = _revealed(self.settings.signing_secret) if self.transport == "http" else None
        pages = routes.build(app, secret, self._metrics, inside)
        try:
            self._http = HttpDoor(pages, self.settings.host, self.settings.port)
        except OSError as error:
            where = f"{self.settings.host}:{self.settings.port}"
            why = f"The port {where} cannot be opened ({error.strerror}); choose another with --port."
            raise HalfConfigured(why) from None
        self._stack.push_async_callback(self._http.stop)
        await self._http.start()

    def _answering(self) -> int:
        return 0 if self._socket is None else self._socket.answering

    async def _health(self) -> "Health":
        from bot.web.health import Health

        return Health(
            tick_age=self._engine.heartbeat.age,
            database=await _answers(self._engine.next_due),
            socket=None if self._socket is None else self._socket.connected,
        )

    async def _readings(self) -> "Readings":
        from bot.web.metrics import Readings

        now = self.clock()
        depths = await self.db.read(outbox.depths, now)
        return Readings(
            **self._engine.counts.snapshot(),
            tick_age=self._engine.heartbeat.age,
            connected=self.transport == "http" or (self._socket is not None and self._socket.connected),
            waiting={
                lane.name.lower(): (depth.waiting, (now - (depth.oldest or now)).total_seconds())
                for lane, depth in depths.items()
            },
        )

    async def _refused(self, error: BotError, what: str) -> None:
        now = self.clock()
        written, counted = self._flood.passes(now)
        if counted:
            what = f"{what} (and {counted} more in the minute before)"
        if written:
            await self.db.run(refusals.record, error, what, by="http", workspace=self.workspace, now=now)


async def _answers(question: Callable[[], Awaitable[object]]) -> bool:
    try:
        async with asyncio.timeout(2.0):
            await question()
    except Exception:
        return False
    return True


def _revealed(secret: SecretStr | None) -> str:
    return "" if secret is None else secret.get_secret_value().strip()
