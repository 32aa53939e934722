"""The page and its doors: static files with strict headers, the live connection, and one address per errand."""

import ipaddress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.state import User
from bot.sandbox.ui import errands, files
from bot.sandbox.ui.live import Live
from bot.sandbox.ui.stage import Stage

STATIC = Path(__file__).parent / "static"
# Pictures may come from anywhere, because a bot's image blocks do; nothing else leaves this server.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
FIRST_PERSON = "ana"


def mount(app: web.Application, stage: Stage) -> None:
    """Add the page under ``/``, its files under ``/ui/`` and its data under ``/_sandbox/``."""
    live = Live(stage)
    app.cleanup_ctx.append(live.run)
    app.on_shutdown.append(live.hang_up)

    async def page(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html", headers=HEADERS)

    async def asset(request: web.Request) -> web.StreamResponse:
        path = (STATIC / request.match_info["path"]).resolve()
        if not path.is_relative_to(STATIC) or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=HEADERS)

    async def connect(request: web.Request) -> web.StreamResponse:
        _must_be_ours(request, stage)
        return await live.serve(request, _viewer(stage, request.query.get("as")))

    async def act(request: web.Request) -> web.StreamResponse:
        _must_be_ours(request, stage)
        body = await _json(request)
        name = request.match_info["name"]
        who = _person(stage, str(body.get("as")))
        try:
            reply = await errands.do(live, name, who, body)
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise web.HTTPBadRequest(text=f"{name}: this request cannot be read ({problem!r}).") from problem
        return web.json_response(reply, headers=HEADERS)

    async def upload(request: web.Request) -> web.StreamResponse:
        _must_be_ours(request, stage)
        who = _person(stage, request.query.get("as", ""))
        return web.json_response(await files.keep(stage.workspace, who, request), headers=HEADERS)

    async def download(request: web.Request) -> web.StreamResponse:
        answer = files.give(stage.workspace, request.match_info["id"])
        answer.headers.update(HEADERS)
        return answer

    app.router.add_get("/", page)
    app.router.add_get("/ui/{path:.+}", asset)
    app.router.add_get("/_sandbox/live", connect)
    app.router.add_post("/_sandbox/act/{name}", act)
    app.router.add_post("/_sandbox/file", upload)
    app.router.add_get("/_sandbox/file/{id}", download)


def _person(stage: Stage, name: str) -> User:
    who = stage.workspace.users.get(name)
    if who is None:
        raise web.HTTPBadRequest(text="Say who is acting by a user id, for example U0ANA.")
    if who.is_bot or who.deleted:
        raise web.HTTPForbidden(text=f"Nobody can act as {who.name}.")
    return who


def _viewer(stage: Stage, name: str | None) -> User:
    """The person a page asked for, or the first of the roster when that is nobody who can look."""
    who = stage.workspace.users.get(name or "")
    return stage.workspace.person(FIRST_PERSON) if who is None or who.is_bot or who.deleted else who


async def _json(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="Send JSON.")
    try:
        body = await request.json()
    except ValueError as problem:
        raise web.HTTPBadRequest(text="This is not JSON.") from problem
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="Send a JSON object.")
    return body


def _must_be_ours(request: web.Request, stage: Stage) -> None:
    """Refuse what another site's page sends through the same browser, by its origin and by a name for loopback."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="Only the sandbox's own page may ask this.")
    if _is_loopback(urlsplit(stage.ui_url).hostname or "") and not _is_loopback(
        urlsplit(f"http://{request.host}").hostname or ""
    ):
        raise web.HTTPForbidden(text="Ask for the sandbox by its own address.")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
