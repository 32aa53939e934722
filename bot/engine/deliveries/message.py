"""Messages: posted once, redrawn in place."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from blocks import kit, render
from blocks.post import Post
from bot.domain import repeats
from bot.domain.decision import INCIDENT, NoticeKind, person
from bot.engine.deliveries import paging
from bot.engine.deliveries.job import Job, Result, Settled
from bot.slack import Later, Never, Sent
from bot.usecases import delivery
from storage import outbox

EVENT = "tocsin"
# Slack's clock may be behind ours when it stamps a message that we just posted.
SKEW = timedelta(minutes=2)
NOT_THERE_YET = 5.0
# What is said later than this after it was decided says so (two restarts in a row delay it less); a card shows the present.
LATE = timedelta(minutes=3)
# The copy is gone or cannot be changed any more; there is nothing left to redraw.
_GONE = frozenset(
    {
        "cant_update_message",
        "channel_not_found",
        "edit_window_closed",
        "is_archived",
        "is_inactive",
        "message_not_found",
    }
)


async def post(job: Job) -> Result:
    """Draw and post; after an ambiguous answer look for our key in the channel first, so nothing is said twice."""
    if job.channel is None:
        if job.sending.to == INCIDENT:
            return Later(after=NOT_THERE_YET, why="its channel is not there yet", paced=True)
        return Never(reason="channel_not_found")
    if job.sending.unsure:
        found = await _said_already(job, job.channel, _draw(job))
        if found is not None:
            return found
    if job.sending.moot:
        return Settled(settle=outbox.drop, args=("answered meanwhile",))
    if job.view.item is not None and repeats.is_overtaken(job.view.item, job.data):
        return Settled(settle=outbox.drop, args=("said again meanwhile",))
    drawn = cache(lambda: _draw(job))
    outcome = await job.call(
        "chat.postMessage",
        room=job.channel,
        drawn=lambda: _as_arguments(drawn()),
        channel=job.channel,
        metadata={"event_type": EVENT, "event_payload": {"key": job.sending.key}},
        unfurl_links=False,
        unfurl_media=False,
    )
    match outcome:
        case Sent(response=response):
            where = str(response["channel"]), str(response["ts"])
            return Settled(settle=delivery.sent, args=(*where, drawn().digest))
        case _:
            return outcome


async def redraw(job: Job) -> Result:
    """Bring one posted copy up to date, unless it shows just that already.

    After an ambiguous answer nobody knows what it shows, so it is drawn. A copy that is gone is settled: there is nothing left
    to correct.
    """
    channel, ts = str(job.data["channel"]), str(job.data["ts"])
    drawn = render.render(NoticeKind(job.data["kind"]), job.view, job.data.get("data", {}))
    if drawn.digest == job.sending.shown and not job.sending.unsure:
        return Settled(settle=delivery.sent, args=(channel, ts, drawn.digest))
    outcome = await job.call("chat.update", channel=channel, ts=ts, **_as_arguments(drawn))
    match outcome:
        case Sent():
            return Settled(settle=delivery.sent, args=(channel, ts, drawn.digest))
        case Never(reason=reason) if reason in _GONE:
            return Settled(settle=delivery.sent, args=(channel, ts))
        case _:
            return outcome


def _draw(job: Job) -> Post:
    return _dated(job, render.render(job.sending.kind, job.view, job.data))


def _as_arguments(drawn: Post) -> dict[str, Any]:
    placed = {"thread_ts": drawn.thread_ts} if drawn.thread_ts else {}
    return {"text": drawn.text, "blocks": list(drawn.blocks), **placed}


def _dated(job: Job, drawn: Post) -> Post:
    """Add when it was meant to be said, where that is a while ago: Slack was away, or asked for patience."""
    meant, waited = job.sending.created_at, job.now - job.sending.created_at
    if waited < LATE or job.sending.kind is NoticeKind.CARD:
        return drawn
    minutes = int(waited.total_seconds() // 60)
    note = kit.context(
        f"Sent {minutes} minutes late: this was meant for {kit.when(meant, job.now)} and could not be sent before."
    )
    return replace(drawn, blocks=(*drawn.blocks, *kit.to_json([note])))


async def _said_already(job: Job, channel: str, drawn: Post) -> Result | None:
    """Return the settlement with our message if it stands there, or why that cannot be told now, or None."""
    if person(job.sending.to) is not None:
        opened = await job.call("conversations.open", users=channel)
        if isinstance(opened, Later):
            return replace(opened, unsure=True)
        if isinstance(opened, Never):
            return opened
        channel = str(opened.response["channel"]["id"])

    def is_ours(message: Mapping[str, Any]) -> bool:
        by_us = message.get("user") == job.me.user or message.get("bot_id") == job.me.bot
        metadata = message.get("metadata") or {}
        payload = metadata.get("event_payload") or {}
        return bool(by_us and metadata.get("event_type") == EVENT and payload.get("key") == job.sending.key)

    method = "conversations.history" if drawn.thread_ts is None else "conversations.replies"
    found = await paging.find(
        job,
        method,
        "messages",
        is_ours,
        channel=channel,
        ts=drawn.thread_ts,
        oldest=f"{(job.sending.created_at - SKEW).timestamp():.6f}",
        include_all_metadata=True,
        limit=200,
    )
    match found:
        case None | Never():
            return None
        case Later():
            return replace(found, unsure=True)
        case _:
            return Settled(settle=delivery.found, args=(channel, str(found["ts"])))
