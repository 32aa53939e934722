"""Faults on demand: everything that can go wrong between a bot and Slack, caused on purpose."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

from aiohttp import web

Kind = Literal[
    "latency",
    "rate_limited",
    "server_error_before",
    "server_error_after",
    "abort_before",
    "abort_after",
    "refused_ticket",
    "silent_socket",
    "duplicate_delivery",
    "reorder",
    "outage",
]
Moment = Literal["before", "after"]
Hook = Callable[[Moment, str, Mapping[str, Any]], Awaitable[None] | None]

_BEFORE: tuple[Kind, ...] = ("rate_limited", "server_error_before", "abort_before")
_AFTER: tuple[Kind, ...] = ("server_error_after", "abort_after")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, ``times`` times (None: until lifted).

    ``method`` names the Web API method it strikes, ``chat.*`` style patterns included, ``response_url`` for
    answers posted to a response URL, None for any. ``seconds`` belongs to latency, ``retry_after`` to
    rate_limited, ``status`` to server errors, ``copies`` to duplicate_delivery (3: the payload arrives three times).
    """

    kind: Kind
    method: str | None = None
    times: int | None = 1
    _: KW_ONLY
    seconds: float = 0.1
    retry_after: int = 1
    status: int = 500
    copies: int = 3

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"there is no fault {self.kind!r}; choose one of {', '.join(get_args(Kind))}")

    def strikes(self, method: str) -> bool:
        """Say whether a call of this method is one that the fault spoils."""
        return self.method is None or fnmatchcase(method, self.method)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """How a call ends instead of with its answer: by an HTTP error, or by a connection cut off."""

    status: int
    error: str
    retry_after: int | None = None
    aborts: bool = False

    def response(self, request: web.BaseRequest) -> web.Response:
        """Make the answer; where the connection is to be cut, cut it, so that the answer never arrives."""
        if self.aborts and request.transport is not None:
            request.transport.abort()
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return web.json_response({"ok": False, "error": self.error}, status=self.status, headers=headers)


@dataclass(slots=True)
class _Active:
    fault: Fault
    left: int | None


@dataclass(slots=True)
class Faults:
    """The faults now in force, in the order they were added, and the hooks which watch every call."""

    struck: list[tuple[Fault, str]] = field(default_factory=list)
    _active: list[_Active] = field(default_factory=list)
    _hooks: list[Hook] = field(default_factory=list)
    _listeners: list[Callable[[Fault], None]] = field(default_factory=list)

    def add(self, fault: Fault) -> Fault:
        """Put a fault in force from now on."""
        self._active.append(_Active(fault, fault.times if fault.kind != "outage" else None))
        for listener in list(self._listeners):
            listener(fault)
        return fault

    def lift(self, kind: Kind | None = None) -> None:
        """Take every fault (or every one of this kind) out of force."""
        self._active = [active for active in self._active if kind is not None and active.fault.kind != kind]

    @property
    def outage(self) -> bool:
        """True while everything is refused."""
        return self.pending("outage") is not None

    def pending(self, kind: Kind, method: str = "") -> Fault | None:
        """Return the first fault of this kind that would strike, without using it up."""
        active = self._find((kind,), method)
        return None if active is None else active.fault

    def take(self, kind: Kind, method: str = "") -> Fault | None:
        """Return the first fault of this kind that strikes, and use it up once."""
        return self._strike((kind,), method)

    def on_call(self, hook: Hook) -> Callable[[], None]:
        """Call ``hook(moment, method, args)`` before and after the effect of every call; return what unhooks it.

        The hook may be a coroutine; the call waits for it, so a bot can be killed at exactly that point.
        """
        self._hooks.append(hook)
        return lambda: self._hooks.remove(hook)

    def on_added(self, listener: Callable[[Fault], None]) -> None:
        """Call ``listener(fault)`` as soon as a fault is put in force (the doors cut their sockets then)."""
        self._listeners.append(listener)

    async def before(self, method: str, args: Mapping[str, Any]) -> Interruption | None:
        """Run what strikes before a call takes effect; an interruption means that the effect must not happen."""
        if (late := self.take("latency", method)) is not None:
            await asyncio.sleep(late.seconds)
        await self._call_hooks("before", method, args)
        if self.outage:
            return Interruption(status=503, error="service_unavailable")
        return _interruption(self._strike(_BEFORE, method))

    async def after(self, method: str, args: Mapping[str, Any]) -> Interruption | None:
        """Run what strikes after a call took effect; an interruption replaces the true answer."""
        await self._call_hooks("after", method, args)
        return _interruption(self._strike(_AFTER, method))

    async def _call_hooks(self, moment: Moment, method: str, args: Mapping[str, Any]) -> None:
        for hook in list(self._hooks):
            waiting = hook(moment, method, args)
            if waiting is not None:
                await waiting

    def _find(self, kinds: tuple[Kind, ...], method: str) -> _Active | None:
        for active in self._active:
            if active.fault.kind in kinds and active.fault.strikes(method):
                return active
        return None

    def _strike(self, kinds: tuple[Kind, ...], method: str) -> Fault | None:
        active = self._find(kinds, method)
        if active is None:
            return None
        if active.left is not None:
            active.left -= 1
            if active.left <= 0:
                self._active.remove(active)
        self.struck.append((active.fault, method))
        return active.fault


def _interruption(fault: Fault | None) -> Interruption | None:
    if fault is None:
        return None
    if fault.kind == "rate_limited":
        return Interruption(status=429, error="ratelimited", retry_after=fault.retry_after)
    aborts = fault.kind in ("abort_before", "abort_after")
    return Interruption(status=fault.status, error="internal_error", aborts=aborts)
