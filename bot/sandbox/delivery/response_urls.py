"""Response URLs: answers to one command or click, five of them within thirty minutes."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.args import Args
from bot.sandbox.delivery.host import Host
from bot.sandbox.limits.messages import check
from bot.sandbox.refused import Refused
from bot.sandbox.state import Channel, Message

LIFETIME = timedelta(minutes=30)
USES = 5
MOST_REMEMBERED = 10_000
METHOD = "response_url"


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """Where an answer goes: the person and channel of the act, and the message that was clicked, if any."""

    user: str
    channel: str
    message_ts: str | None
    issued_at: datetime
    uses: int = 0


class ResponseUrls:
    """Issues response URLs and carries out what is posted to them."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._issued: dict[str, ResponseUrl] = {}
        self.busy = 0

    def issue(self, *, user: str, channel: str, message_ts: str | None = None) -> str:
        """Return a new response URL for something this person did in this channel (to this message)."""
        key = secrets.token_urlsafe(18)
        self._issued[key] = ResponseUrl(
            user=user, channel=channel, message_ts=message_ts, issued_at=self._host.clock()
        )
        if len(self._issued) > MOST_REMEMBERED:
            del self._issued[next(iter(self._issued))]
        return f"{self._host.ui_url}response/{key}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer ``POST /response/<id>`` with ``ok``, or with Slack's code for why not."""
        self.busy += 1
        try:
            body = _read(await request.text())
            if (broken := await self._host.faults.before(METHOD, body)) is not None:
                return broken.response(request)
            status, said = self._use(request.match_info["id"], body)
            if (broken := await self._host.faults.after(METHOD, body)) is not None:
                return broken.response(request)
            return web.Response(status=status, text=said)
        finally:
            self.busy -= 1

    def _use(self, id: str, body: Mapping[str, Any]) -> tuple[int, str]:
        url = self._issued.get(id)
        if url is None or self._host.clock() - url.issued_at > LIFETIME:
            return 404, "expired_url"
        if url.uses >= USES:
            return 404, "used_url"
        if not body:
            return 400, "invalid_payload"
        url.uses += 1
        channel = self._host.workspace.channels[url.channel]
        if channel.is_archived:
            return 410, "channel_is_archived"
        original = channel.messages.get(url.message_ts or "")
        if body.get("delete_original") and original is not None:
            self._host.workspace.delete(original)
            return 200, "ok"
        return self.say(channel, url.user, body, original=original if body.get("replace_original") else None)

    def say(
        self, channel: Channel, user: str, body: Mapping[str, Any], *, original: Message | None = None
    ) -> tuple[int, str]:
        """Write an answer as the bot: in place of the original, else to the person alone unless ``in_channel``.

        This is also how the text in the acknowledgement of a command is shown. Returns HTTP status and words.
        """
        try:
            content = check(Args(body))
        except Refused as refused:
            self._host.violations.append(f"{METHOD}: {'; '.join([refused.error, *refused.messages])}")
            return 400, refused.error
        fields: dict[str, Any] = {
            "text": content.text,
            "blocks": content.blocks or [],
            "attachments": content.attachments or [],
            "metadata": content.metadata,
        }
        workspace = self._host.workspace
        if original is not None:
            workspace.edit(original, **fields)
            return 200, "ok"
        hidden = body.get("response_type") != "in_channel"
        workspace.post(
            channel,
            user=workspace.bot.id,
            ephemeral_to=user if hidden else None,
            thread_ts=body.get("thread_ts"),
            **fields,
        )
        return 200, "ok"


def _read(text: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
