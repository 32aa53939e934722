"""A world whose bot is a process of its own that is killed without warning, and started again on the same database."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from bot import packs
from bot.cli import manifest
from bot.cli.world import World
from bot.sandbox.acts import CannotAct
from bot.sandbox.faults import Fault
from storage.database import Database
from tests.crash.board import Board, SharedClock
from tests.crash.zygote import Order
from tests.harness.lives import Died, Life, Zygote
from tests.harness.story import FRIDAY_NINE, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """Where the bot dies: right before or right after the effect of a Slack call, or the making of a commit.

    ``number`` counts from the moment at which the kill is set: calls of ``method`` (None: of any method), or commits.
    """

    at: Literal["call", "commit"]
    moment: Literal["before", "after"]
    number: int
    method: str | None = None

    def __str__(self) -> str:
        what = (self.method or "call") if self.at == "call" else "commit"
        return f"{self.moment} {what} {self.number}"


class MortalWorld(World):
    """Acme Cloud's workspace, with a bot that dies where it is told to, and is started again at once as a service is.

    ``struck`` lists the kills that happened. A bot that dies by itself breaks the world, with its last words.
    """

    def __init__(self, zygote: Zygote, home: Path, double: str = "") -> None:
        self.home, self._zygote, self._double = home, zygote, double
        home.mkdir(parents=True)
        self.board = Board(home / "board")
        self.database = home / "tocsin.db"
        shutil.copy(zygote.template, self.database)
        super().__init__(
            manifest=manifest.load(),
            clock=SharedClock(self.board, FRIDAY_NINE),
            database_url=f"sqlite:///{self.database}",
            policy=packs.load(packs.DEFAULT),
        )
        self.struck: list[Kill] = []
        self.lives = 0
        self._planned: list[Kill] = []
        self._armed: Kill | None = None
        self._calls = 0
        self._life: Life | None = None
        self._up = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self.sandbox.faults.on_call(self._called)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        await self.sandbox.start(host, port)
        self._keeping = asyncio.create_task(self._keep_alive())
        await self.settled()

    async def stop(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._life is not None:
            self._life.kill()
            self._life.bury()
        await self.sandbox.stop()
        self.board.close()

    def last_words(self) -> str:
        """Return the end of what the bots of this world wrote to their log."""
        log = self.home / "bot.log"
        return log.read_text()[-3000:] if log.exists() else ""

    def plan(self, *kills: Kill) -> None:
        """Have the bot die at the first of these, its successor at the next, and so on."""
        self._planned = list(kills)
        self._arm_next()

    async def alive(self) -> Life:
        """Return the bot once it takes work."""
        assert self._keeping is not None
        while not self._up.is_set() or self._life is None or self._life.over.is_set():
            up = asyncio.ensure_future(self._up.wait())
            await asyncio.wait({up, self._keeping}, return_when=asyncio.FIRST_COMPLETED)
            up.cancel()
            if self._keeping.done():
                self._keeping.result()
            await asyncio.sleep(0)
        return self._life

    async def settled(self) -> None:
        while True:
            life = await self.alive()
            await self.sandbox.quiet()
            with contextlib.suppress(Died):
                await life.asks("settle")
                await self.sandbox.quiet()
                if life is self._life and not life.over.is_set():
                    return
            await life.over.wait()
            await asyncio.sleep(0)

    async def next_due(self) -> datetime | None:
        while True:
            life = await self.alive()
            try:
                due = await life.asks("next")
            except Died:
                await life.over.wait()
                await asyncio.sleep(0)
                continue
            return datetime.fromisoformat(due) if due else None

    async def is_answered(self, act: Callable[[], Awaitable[Any]]) -> bool:
        """Let somebody act and everything follow; say whether the bot acknowledged what they did."""
        await self.alive()
        await act()
        answer = next(
            a for parcel, a in reversed(self.sandbox.delivery.answers) if parcel.kind == "interactive"
        )
        await self.settled()
        return answer.acknowledged

    async def _keep_alive(self) -> None:
        while True:
            life = self._life = await self._bear()
            with contextlib.suppress(Died):
                await life.ready()
                self._up.set()
                await life.over.wait()
            self._up.clear()
            self._life = None
            life.bury()
            self._autopsy()
            self._arm_next()

    async def _bear(self) -> Life:
        order = Order(
            api_url=self.sandbox.api_url,
            bot_token=self.sandbox.bot_token,
            app_token=self.sandbox.app_token,
            signing_secret=self.sandbox.signing_secret,
            database_url=f"sqlite:///{self.database}",
            board=str(self.home / "board"),
            log=str(self.home / "bot.log"),
            double=self._double,
        )
        pid, line = self._zygote.bear(order)
        self.lives += 1
        return Life(pid, *await asyncio.open_connection(sock=line))

    def _autopsy(self) -> None:
        """See that it died where it was told to, and of nothing else."""
        kill = self._armed
        if kill is not None and kill.at == "commit" and self.board.died:
            self.struck.append(kill)
            self._armed = None
        if len(self.struck) != self.lives:
            raise AssertionError(f"the bot died by itself, after {self.struck}:\n{self.last_words()}")

    def _arm_next(self) -> None:
        self._armed = self._planned.pop(0) if self._planned else None
        self._calls = 0
        if self._armed is not None and self._armed.at == "commit":
            self.board.die_at_commit(self._armed.number, after=self._armed.moment == "after")
        else:
            self.board.live_on()

    def _called(self, moment: str, method: str, _: Mapping[str, Any]) -> None:
        kill, life = self._armed, self._life
        if kill is None or kill.at != "call" or life is None or kill.method not in (None, method):
            return
        self._calls += moment == "before"
        if self._calls != kill.number or moment != kill.moment:
            return
        life.kill()
        self.struck.append(replace(kill, method=method))
        self._armed = None
        if moment == "before":
            self.sandbox.faults.add(Fault("abort_before", method))


class MortalStory(Story):
    """A story in which the bot may die between any two lines; people try again what Slack told them had failed."""

    def __init__(self, world: MortalWorld) -> None:
        super().__init__(world)
        self.mortals = world

    async def insists(
        self, who: str, label: str, *, channel: str | None = None, on: str | None = None
    ) -> None:
        """Somebody clicks until it has worked, or until the button is gone because it had worked the first time."""
        person = self.world.person(who)
        await self.mortals.alive()
        click = person.button(label, channel=channel, on=on)
        while not await self.mortals.is_answered(partial(person.clicks_again, click)):
            try:
                click = person.button(label, channel=channel, on=on)
            except CannotAct:
                return

    async def gets_form(self, who: str, label: str, **where: str) -> None:
        """Somebody clicks a button until the form behind it is open."""
        person = self.world.person(who)
        while person.form is None:
            await self.mortals.is_answered(partial(person.clicks, label, **where))

    async def submits(self, who: str) -> None:
        """Somebody submits the open form until it closes."""
        person = self.world.person(who)
        while (form := person.form) is not None:
            assert not form.errors, form.errors
            await self.mortals.is_answered(person.submits)

    async def reads(self, query: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Look into the database, past the bot."""
        database = Database(f"sqlite:///{self.mortals.database}")
        try:
            return await database.read(query, *args, **kwargs)
        finally:
            database.close()


@asynccontextmanager
async def mortals(zygote: Zygote, home: Path, double: str = "") -> AsyncIterator[MortalStory]:
    """Set the scene with a bot that can be killed, and hand over the story."""
    world = MortalWorld(zygote, home, double)
    try:
        await world.start()
        yield MortalStory(world)
    except BaseException as error:
        error.add_note(f"The bot's log ends with:\n{world.last_words()}")
        raise
    finally:
        await world.stop()
        shutil.rmtree(home)
