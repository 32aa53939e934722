"""Socket Mode: tickets, WebSocket links, and one link for each payload."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from bot.sandbox.delivery.parcel import Answer, Attempt, Parcel
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.refused import Refused

MOST_LINKS = 10
LIFETIME_SECONDS = 18_060
CLOSE_SECONDS = 1.0
DisconnectReason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


class LinkLost(Exception):
    """The link ended while a payload on it waited for its acknowledgement."""


@dataclass(slots=True, eq=False)
class Link:
    """One open WebSocket. ``silent``: open, but nothing said on it is heard; ``leaving``: asked to go."""

    number: int
    socket: web.WebSocketResponse
    request: web.Request
    silent: bool = False
    leaving: bool = False
    waiting: dict[str, asyncio.Future[Mapping[str, Any] | None]] = field(default_factory=dict)

    def cut(self) -> None:
        """End the connection without a word, as a broken network does."""
        if self.request.transport is not None:
            self.request.transport.abort()


class SocketDoor:
    """The links of the bot; every payload goes to exactly one of them, in turn."""

    def __init__(self, *, app_id: str, faults: Faults) -> None:
        self._app_id = app_id
        self._faults = faults
        self._tickets: set[str] = set()
        self._links: list[Link] = []
        self._served = 0
        self._changed = asyncio.Event()
        self.refused = 0
        self.ever_linked = False
        self.disabled = False
        faults.on_added(self._feel)

    @property
    def links(self) -> tuple[Link, ...]:
        """The open links, oldest first."""
        return tuple(self._links)

    def ticket(self) -> str:
        """Return a new single-use ticket; raises `Refused` while Socket Mode is switched off."""
        if self.disabled:
            raise Refused("internal_error")
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer ``GET /link/?ticket=...``: one WebSocket from hello to close."""
        ticket = request.query.get("ticket", "")
        if self._faults.outage or self._faults.take("refused_ticket") or ticket not in self._tickets:
            self._tickets.discard(ticket)
            self.refused += 1
            self._changed.set()
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False, timeout=CLOSE_SECONDS)
        await socket.prepare(request)
        self._served += 1
        link = Link(number=self._served, socket=socket, request=request)
        if len(self._links) >= MOST_LINKS:
            await self._say_goodbye(link, "too_many_websockets")
            await socket.close()
            return socket
        await socket.send_json(self._hello())
        self._links.append(link)
        self.ever_linked = True
        self._changed.set()
        try:
            await self._listen(link)
        finally:
            if link in self._links:
                self._links.remove(link)
            self._changed.set()
            for answer in link.waiting.values():
                if not answer.done():
                    answer.set_exception(LinkLost)
        return socket

    async def deliver(self, parcel: Parcel, attempt: Attempt, *, seconds: float) -> Answer:
        """Send one payload down one link and wait for its acknowledgement, in all for at most ``seconds``."""
        tried: list[Link] = []
        try:
            async with asyncio.timeout(seconds):
                while True:
                    link = await self._next_link()
                    tried.append(link)
                    try:
                        return await self._converse(link, parcel, attempt)
                    except ConnectionError:
                        link.leaving = True
        except TimeoutError:
            return Answer(acknowledged=False, reason="http_timeout" if tried else "connection_failed")

    async def disconnect(self, reason: DisconnectReason = "refresh_requested") -> None:
        """Tell every link that it is about to end, as Slack does every few hours.

        After ``warning`` payloads still come for a while; after the others the link gets no more of them. A link
        which is ``link_disabled`` is closed at once and no new one is given until `enable`.
        """
        self.disabled = self.disabled or reason == "link_disabled"
        for link in list(self._links):
            link.leaving = reason != "warning"
            with contextlib.suppress(ConnectionError):
                await self._say_goodbye(link, reason)
            if reason == "link_disabled":
                await link.socket.close()

    def enable(self) -> None:
        """Allow Socket Mode again after ``link_disabled``."""
        self.disabled = False

    def cut(self) -> None:
        """Break every connection without a word."""
        for link in list(self._links):
            link.cut()

    async def linked(self) -> None:
        """Wait until the bot has a link that can carry payloads."""
        while not any(self._usable(link) for link in self._links):
            self._changed.clear()
            await self._changed.wait()

    async def has_refused(self, times: int) -> None:
        """Wait until this many attempts to connect were refused."""
        while self.refused < times:
            self._changed.clear()
            await self._changed.wait()

    async def close(self) -> None:
        """Close every link politely."""
        for link in list(self._links):
            await link.socket.close(code=WSCloseCode.GOING_AWAY)

    def _feel(self, fault: Fault) -> None:
        if fault.kind == "silent_socket":
            for link in self._links:
                link.silent = True
        elif fault.kind == "outage":
            self.cut()

    def _usable(self, link: Link) -> bool:
        return not link.leaving and not link.socket.closed

    async def _next_link(self) -> Link:
        """Take the links in turn. One that has gone silent still gets its share: Slack cannot know."""
        await self.linked()
        link = next(link for link in self._links if self._usable(link))
        self._links.remove(link)
        self._links.append(link)
        return link

    async def _converse(self, link: Link, parcel: Parcel, attempt: Attempt) -> Answer:
        envelope_id = secrets.token_hex(16)
        answer: asyncio.Future[Mapping[str, Any] | None] = asyncio.get_running_loop().create_future()
        link.waiting[envelope_id] = answer
        try:
            if not link.silent:
                await link.socket.send_json(envelope(envelope_id, parcel, attempt))
            body = await answer
        except LinkLost:
            return Answer(acknowledged=False, reason="connection_failed")
        finally:
            link.waiting.pop(envelope_id, None)
        return Answer(acknowledged=True, body=body if parcel.takes_answer else None)

    async def _listen(self, link: Link) -> None:
        async for message in link.socket:
            if not link.silent:
                await self._hear(link, message)

    async def _hear(self, link: Link, message: WSMessage) -> None:
        if message.type is WSMsgType.PING:
            with contextlib.suppress(ConnectionError):  # whoever asked may have gone meanwhile
                await link.socket.pong(message.data)
        elif message.type is WSMsgType.TEXT:
            said = json.loads(message.data)
            answer = link.waiting.get(said.get("envelope_id", ""))
            if answer is not None and not answer.done():
                answer.set_result(said.get("payload"))

    async def _say_goodbye(self, link: Link, reason: DisconnectReason) -> None:
        if not link.silent:
            await link.socket.send_json(
                {"type": "disconnect", "reason": reason, **self._about(len(self._links))}
            )

    def _hello(self) -> dict[str, Any]:
        about = self._about(len(self._links) + 1)
        about["debug_info"] |= {"build_number": 10, "approximate_connection_time": LIFETIME_SECONDS}
        return {"type": "hello", **about}

    def _about(self, links: int) -> dict[str, Any]:
        return {
            "num_connections": links,
            "debug_info": {"host": "applink-sandbox"},
            "connection_info": {"app_id": self._app_id},
        }


def envelope(envelope_id: str, parcel: Parcel, attempt: Attempt) -> dict[str, Any]:
    """Return the frame which carries a payload; only events say which attempt they are."""
    frame: dict[str, Any] = {
        "envelope_id": envelope_id,
        "payload": dict(parcel.payload),
        "type": parcel.kind,
        "accepts_response_payload": parcel.takes_answer,
    }
    if parcel.kind == "events_api":
        frame |= {"retry_attempt": attempt.number, "retry_reason": attempt.reason}
    return frame
