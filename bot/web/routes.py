"""What the HTTP server answers, and what it turns away at the door."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from bot.domain.errors import BotError, InvalidInput, NotAllowed
from bot.web.health import Health
from bot.web.metrics import Metrics, Readings

# Slack's own payloads stay far below; nobody else has business here.
LARGEST_BODY = 1024 * 1024
METRICS = "text/plain; version=0.0.4; charset=utf-8"
WHAT = "http request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What the routes ask of the rest of the bot. ``refused`` leaves an audit row for what was turned away."""

    health: Callable[[], Awaitable[Health]]
    readings: Callable[[], Awaitable[Readings]]
    refused: Callable[[BotError, str], Awaitable[None]]


def build(slack: AsyncApp, signing_secret: str | None, metrics: Metrics, inside: Inside) -> FastAPI:
    """Build the application; without a signing secret it has no door for Slack, only health and metrics."""
    app = FastAPI(title="Tocsin", docs_url=None, redoc_url=None, openapi_url=None)
    if signing_secret:
        _open_door(app, AsyncSlackRequestHandler(slack), SignatureVerifier(signing_secret), metrics, inside)

    @app.get("/healthz")
    async def healthz() -> Response:
        health = await inside.health()
        return JSONResponse(health.to_json(), status_code=200 if health.ok else 503)

    @app.get("/metrics")
    async def page() -> Response:
        return Response(metrics.page(await inside.readings()), media_type=METRICS)

    return app


def _open_door(
    app: FastAPI,
    handler: AsyncSlackRequestHandler,
    verifier: SignatureVerifier,
    metrics: Metrics,
    inside: Inside,
) -> None:
    """Let Slack's requests in: only with a fresh, genuine signature, and none larger than Slack's ever are."""

    @app.post("/slack/events")
    async def events(request: Request) -> Response:
        began = time.perf_counter()
        body = await _body(request)
        if body is None:
            await inside.refused(InvalidInput({"body": "A request larger than 1 MB was turned away."}), WHAT)
            return PlainTextResponse("Too large: at most 1 MB.", status_code=413)
        if not _is_genuine(verifier, body, request):
            why = "A request whose signature is missing, forged or older than five minutes was turned away."
            await inside.refused(NotAllowed(why), WHAT)
            return PlainTextResponse("The signature is missing, wrong or too old.", status_code=401)
        answer = await handler.handle(request)
        metrics.observe_ack(time.perf_counter() - began)
        return answer


def _is_genuine(verifier: SignatureVerifier, body: bytes, request: Request) -> bool:
    try:
        return verifier.is_valid_request(body, dict(request.headers))
    except (TypeError, ValueError):
        # A time stamp that is no number, a body or a signature that is no plain text: not from Slack.
        return False


async def _body(request: Request) -> bytes | None:
    """Read the body, but never more than is allowed; None when there is more."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > LARGEST_BODY:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    # Starlette reads a stream once; the adapter asks for the body again.
    request._body = bytes(body)
    return bytes(body)
