"""Every Web API call, from the request to the answer: recorded, checked, limited, carried out."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.args import Args, read
from bot.sandbox.faults import Faults, Interruption
from bot.sandbox.limits import arguments, scopes
from bot.sandbox.limits.rates import Rates
from bot.sandbox.refused import Refused
from bot.sandbox.web_api import METHODS, uploads
from bot.sandbox.web_api.desk import Desk

APP_LEVEL = ("apps.connections.open",)
TOKENLESS = ("api.test",)


@dataclass(slots=True, kw_only=True)
class Call:
    """One Web API call; `took_effect` tells whether the method was carried out, whatever the answer was.

    `status` is 0 while the call is in progress, and stays 0 when the connection was cut.
    """

    method: str
    args: Mapping[str, Any]
    at: datetime
    ok: bool = False
    error: str = ""
    status: int = 0
    took_effect: bool = False
    answer: dict[str, Any] = field(default_factory=dict)


class Dispatch:
    """The door of the Web API; one for a sandbox."""

    def __init__(self, *, desk: Desk, faults: Faults, rates: Rates, bot_token: str, app_token: str) -> None:
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self._desk, self._faults, self._rates = desk, faults, rates
        self._bot_token, self._app_token = bot_token, app_token
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def busy(self) -> bool:
        return self._running > 0

    async def idle(self) -> None:
        """Return once no call is in progress."""
        await self._idle.wait()

    def mount(self, app: web.Application) -> None:
        app.router.add_route("*", "/api/{method}", self._handle)
        app.router.add_post("/upload/{file}", uploads.receiver(self._desk.workspace))
        app.router.add_get("/archives/{channel}/{message}", self._permalink)

    async def _permalink(self, request: web.Request) -> web.StreamResponse:
        """Lead from a message's own link to its channel on the page."""
        raise web.HTTPFound(f"/#/{quote(request.match_info['channel'])}")

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self._running += 1
        self._idle.clear()
        try:
            return await self._answer(request)
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        call = Call(method=request.match_info["method"], args={}, at=self._desk.workspace.now())
        self.calls.append(call)
        try:
            args, was_json = await read(request)
            token = args.pop("token", "") or request.headers.get("Authorization", "").removeprefix("Bearer ")
            call.args = args
            self._admit(call.method, args, token=token, was_json=was_json)
            wait = self._rates.wait(call.method, args)
            if wait is not None:
                return self._interrupted(
                    request, call, Interruption(status=429, error="ratelimited", retry_after=wait)
                )
            if (broken := await self._faults.before(call.method, args)) is not None:
                return self._interrupted(request, call, broken)
            self._carry_out(call, args)
            if (broken := await self._faults.after(call.method, args)) is not None:
                return self._interrupted(request, call, broken)
        except Refused as refused:
            self._refuse(call, refused)
        call.ok, call.error, call.status = call.answer["ok"], call.answer.get("error", ""), 200
        return web.json_response(call.answer, headers=self._headers(call.method))

    def _carry_out(self, call: Call, args: Args) -> None:
        """Do what was asked; what the method refuses is an answer too, and faults may still strike it."""
        try:
            if call.method in self._desk.workspace.restricted:
                raise Refused("restricted_action")
            call.answer = {"ok": True, **METHODS[call.method](self._desk, args)}
            call.took_effect = True
        except Refused as refused:
            self._refuse(call, refused)

    def _refuse(self, call: Call, refused: Refused) -> None:
        call.answer = {"ok": False, "error": refused.error, **refused.extra}
        if refused.illegal:
            self._violated(call.method, refused.error, *refused.messages)

    def _admit(self, method: str, args: Args, *, token: str, was_json: bool) -> None:
        """Let a call through to its method, or raise `Refused` as Slack does before it looks at the state."""
        if method not in METHODS:
            raise Refused("unknown_method", illegal=True, req_method=method)
        if method not in TOKENLESS:
            self._check_token(method, token)
        if was_json and not arguments.FORMS[method].json:
            self._violated(method, "it does not read JSON; the body was ignored")
            args.clear()
        enough = scopes.missing(method, self._desk.kinds(method, args), self._desk.granted)
        if enough:
            provided = ",".join(sorted(self._desk.granted))
            raise Refused("missing_scope", illegal=True, needed=",".join(enough), provided=provided)
        for name in arguments.unknown(method, args):
            self._violated(method, f"it has no argument {name!r}")
        if absent := arguments.missing(method, args):
            raise Refused.invalid(
                "invalid_arguments", *(f"missing required field: {name}" for name in absent)
            )

    def _check_token(self, method: str, token: str) -> None:
        if not token:
            raise Refused("not_authed", illegal=True)
        if token not in (self._bot_token, self._app_token):
            raise Refused("invalid_auth", illegal=True)
        if (token == self._app_token) != (method in APP_LEVEL):
            raise Refused("not_allowed_token_type", illegal=True)

    def _interrupted(self, request: web.Request, call: Call, how: Interruption) -> web.StreamResponse:
        call.ok, call.error, call.status = False, how.error, 0 if how.aborts else how.status
        return how.response(request)

    def _violated(self, method: str, *what: str) -> None:
        self.violations.append(f"{method}: {'; '.join(what)}")

    def _headers(self, method: str) -> dict[str, str]:
        headers = {"x-slack-req-id": f"{len(self.calls):032x}"}
        if method == "auth.test":
            headers["x-oauth-scopes"] = ",".join(sorted(self._desk.granted))
        return headers
