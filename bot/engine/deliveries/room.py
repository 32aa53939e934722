"""The incident's channel: made once, never somebody else's, archived in the end."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain import rooms
from bot.domain.incident import ChannelState
from bot.engine.deliveries import paging
from bot.engine.deliveries.job import Job, Result, Settled
from bot.slack import Later, Never, Sent
from bot.usecases import channels, delivery

# inc-42-checkout, then inc-42-checkout-2 and so on when somebody has the name.
ATTEMPTS = 9
# How far Slack's clock may be behind ours when it stamps a channel that we just made.
SKEW = timedelta(minutes=2)


async def create(job: Job) -> Result:
    """Make the channel, or find the one that an earlier attempt made and could not report.

    A channel is adopted only when it is provably ours: made by this bot, under a name of this incident, after the
    incident was opened. A taken name is answered with a suffix, never by taking over.
    """
    incident = job.view.incident
    if incident.channel_state is ChannelState.READY:
        return Settled(settle=delivery.sent, args=(None, None))
    names = _names(job)
    if job.sending.unsure:
        found = await _ours(job, names)
        if found is not None:
            return found
    for name in names:
        outcome = await job.call("conversations.create", name=name, is_private=incident.private)
        match outcome:
            case Sent(response=response):
                return _made(response["channel"])
            case Never(reason="name_taken"):
                found = await _ours(job, (name,))
                if found is not None:
                    return found
            case Never(reason=reason):
                return failed(job, reason)
            case Later():
                return outcome
    return failed(job, "name_taken")


def failed(job: Job, reason: str) -> Settled:
    """Settle that there will be no channel: the incident goes on in the fallback channel."""
    return Settled(settle=channels.failed, args=(reason, job.fallback))


async def archive(job: Job) -> Result:
    """Archive the channel of a closed incident; one that is archived or gone already is fine."""
    if job.channel is None:
        return Settled(settle=delivery.sent, args=(None, None))
    outcome = await job.call("conversations.archive", channel=job.channel)
    match outcome:
        case Sent() | Never(reason="already_archived" | "channel_not_found" | "is_archived"):
            return Settled(settle=channels.archived)
        case _:
            return outcome


async def _ours(job: Job, names: tuple[str, ...]) -> Result | None:
    """Return the settlement with a channel that is provably ours, or why that cannot be told now, or None."""
    oldest = (job.view.incident.opened_at - SKEW).timestamp()

    def is_ours(channel: Mapping[str, Any]) -> bool:
        ours = channel.get("creator") == job.me.user and channel.get("name") in names
        return bool(ours and float(channel.get("created") or 0) >= oldest)

    found = await paging.find(
        job,
        "users.conversations",
        "channels",
        is_ours,
        types="public_channel,private_channel",
        exclude_archived=True,
        limit=999,
    )
    match found:
        case None | Never():
            return None
        case Later():
            return replace(found, unsure=True)
        case _:
            return _made(found)


def _made(channel: Mapping[str, Any]) -> Settled:
    return Settled(settle=channels.created, args=(str(channel["id"]), str(channel["name"])))


def _names(job: Job) -> tuple[str, ...]:
    name = rooms.name(job.view.incident, job.view.policy.channel_prefix)
    suffixed = (f"{name[: rooms.NAME_LIMIT - 2]}-{n}" for n in range(2, ATTEMPTS + 1))
    return (name, *suffixed)
