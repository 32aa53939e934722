"""The post office: takes what happened in the workspace to the bot, and brings back its answers."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.clock import SandboxClock
from bot.sandbox.delivery.host import Host
from bot.sandbox.delivery.http import HttpDoor
from bot.sandbox.delivery.parcel import ACK_SECONDS, Answer, Attempt, Parcel
from bot.sandbox.delivery.response_urls import ResponseUrls
from bot.sandbox.delivery.retries import WAITS, Retries
from bot.sandbox.delivery.socket import SocketDoor
from bot.sandbox.delivery.triggers import Triggers
from bot.sandbox.payloads_events import Events
from bot.sandbox.screens import Screens
from bot.sandbox.state import Change

MOST_ANSWERS = 1000
UNREACHABLE = Answer(acknowledged=False, reason="connection_failed")


class Delivery:
    """Delivers by Socket Mode, or by signed HTTP once `by_http` named a request URL.

    ``patience`` is how many real seconds the bot has to acknowledge; Slack gives three. ``answers`` keeps what
    became of the latest first attempts, oldest first.
    """

    def __init__(self, host: Host) -> None:
        self.host = host
        self.workspace = host.workspace
        self.faults = host.faults
        self.patience = ACK_SECONDS
        self.socket = SocketDoor(app_id=host.workspace.bot.app_id or "", faults=host.faults)
        self.http = HttpDoor(signing_secret=host.signing_secret, wall=SandboxClock())
        self.screens = Screens(host.workspace)
        self.triggers = Triggers(host.clock)
        self.response_urls = ResponseUrls(host)
        self.events = Events(workspace=host.workspace, manifest=host.manifest)
        self.answers: deque[tuple[Parcel, Answer]] = deque(maxlen=MOST_ANSWERS)
        self._retries = Retries(host.clock, is_open=lambda: not host.faults.outage)
        self._tasks: set[asyncio.Task[Answer]] = set()
        self._held: list[Parcel] = []
        self._noted: list[asyncio.Task[Answer]] | None = None
        self._unwatch: Callable[[], None] = lambda: None

    def mount(self, app: web.Application) -> None:
        """Add the addresses the bot talks to (WebSocket, response URLs), and send events from now on."""
        self._unwatch = self.workspace.watch(self._happened)
        app.router.add_get("/link/", self.socket.serve)
        app.router.add_post("/response/{id}", self.response_urls.serve)

    def ticket(self) -> str:
        """Return a new single-use ticket for a WebSocket."""
        return self.socket.ticket()

    def by_http(self, url: str) -> None:
        """From now on post everything to this request URL."""
        self.http.url = url

    async def ask(self, parcel: Parcel) -> Answer:
        """Deliver a command or an interaction and return the bot's answer; it is never tried again."""
        if self.faults.outage or self._deaf:
            return self._keep(parcel, UNREACHABLE)
        duplicate = self.faults.take("duplicate_delivery")
        copies = [self._start(parcel, Attempt()) for _ in range(duplicate.copies if duplicate else 1)]
        return (await asyncio.gather(*copies))[0]

    def announce(self, payload: Mapping[str, Any]) -> None:
        """Deliver an event in the background, tried again as Slack does until it is acknowledged."""
        parcel = Parcel(kind="events_api", payload=payload)
        if self.faults.take("reorder"):
            self._held.append(parcel)
            return
        held, self._held = self._held, []
        duplicate = self.faults.take("duplicate_delivery")
        for _ in range(duplicate.copies if duplicate else 1):
            task = self._start(parcel, Attempt())
            if self._noted is not None:
                self._noted.append(task)
        task.add_done_callback(lambda _: self._let_go(held))

    @contextmanager
    def noting(self) -> Iterator[list[asyncio.Task[Answer]]]:
        """Collect the first attempts of every event announced inside the block, which must not await."""
        noted: list[asyncio.Task[Answer]] = []
        before, self._noted = self._noted, noted
        try:
            yield noted
        finally:
            self._noted = before

    async def answered(self, attempts: Iterable[asyncio.Task[Answer]]) -> None:
        """Wait until each of these attempts was acknowledged or given up."""
        await asyncio.gather(*attempts)

    @property
    def busy(self) -> bool:
        """True while something is on its way; what waits for a later retry is not."""
        return bool(self._tasks or self._held or self._retries.due or self.response_urls.busy)

    @property
    def waiting(self) -> int:
        """How many events wait for their next attempt."""
        return len(self._retries)

    async def quiet(self) -> None:
        """Return once nothing is on its way; events held back by the fault ``reorder`` are let go first."""
        while self.busy:
            held, self._held = self._held, []
            self._let_go(held)
            if self._tasks:
                await asyncio.wait(self._tasks)
            else:
                await asyncio.sleep(0.001)

    async def stop(self) -> None:
        """Deliver nothing any more and close every connection."""
        self._unwatch()
        self._retries.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.socket.close()
        await self.http.close()

    @property
    def _deaf(self) -> bool:
        """Nobody ever connected: waiting for the bot would be waiting for ever."""
        return self.http.url is None and not self.socket.ever_linked

    def _happened(self, change: Change) -> None:
        for payload in self.events.payloads(change):
            self.announce(payload)

    def _let_go(self, held: Iterable[Parcel]) -> None:
        for parcel in held:
            self._start(parcel, Attempt())

    def _start(self, parcel: Parcel, attempt: Attempt) -> asyncio.Task[Answer]:
        task = asyncio.create_task(self._carry(parcel, attempt))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _carry(self, parcel: Parcel, attempt: Attempt) -> Answer:
        if self.faults.outage:
            self._retries.after(timedelta(0), lambda: self._start(parcel, attempt))
            return UNREACHABLE
        answer = await self._door(parcel, attempt)
        if attempt.number == 0:
            self._keep(parcel, answer)
        if parcel.kind == "events_api" and not answer.acknowledged:
            self._try_later(parcel, attempt, answer)
        return answer

    async def _door(self, parcel: Parcel, attempt: Attempt) -> Answer:
        if self._deaf:
            return UNREACHABLE
        door = self.socket if self.http.url is None else self.http
        return await door.deliver(parcel, attempt, seconds=self.patience)

    def _try_later(self, parcel: Parcel, attempt: Attempt, answer: Answer) -> None:
        if answer.retry and attempt.number < len(WAITS):
            again = Attempt(number=attempt.number + 1, reason=answer.reason)
            self._retries.after(WAITS[attempt.number], lambda: self._start(parcel, again))

    def _keep(self, parcel: Parcel, answer: Answer) -> Answer:
        self.answers.append((parcel, answer))
        return answer
