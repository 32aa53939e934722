"""What a channel is furnished with: topic, purpose, bookmark, pinned card."""

from dataclasses import replace

from blocks import topic
from bot.engine.deliveries import paging
from bot.engine.deliveries.job import Job, Result, Settled
from bot.slack import Later, Never, Outcome, Sent
from bot.usecases import delivery

_DONE = Settled(settle=delivery.sent, args=(None, None))


async def set_topic(job: Job) -> Result:
    """Set the topic; after an ambiguous answer it looks first, since Slack tells the whole channel each time."""
    return await _inscribe(job, "topic", topic.topic(job.view.incident), "conversations.setTopic")


async def set_purpose(job: Job) -> Result:
    """Set the purpose; it looks first as `set_topic` does."""
    return await _inscribe(job, "purpose", topic.purpose(job.view.incident), "conversations.setPurpose")


async def bookmark(job: Job) -> Result:
    """Add the bookmark; after an ambiguous answer it looks first, since Slack would add a second one."""
    if job.channel is None:
        return _DONE
    title, link = topic.bookmark(job.view.incident), _address(job, job.channel)
    if job.sending.unsure:
        found = await paging.find(
            job, "bookmarks.list", "bookmarks", lambda b: b.get("title") == title, channel_id=job.channel
        )
        if isinstance(found, Later):
            return replace(found, unsure=True)
        if found is not None and not isinstance(found, Never):
            return _DONE
    return _settled(
        await job.call("bookmarks.add", channel_id=job.channel, title=title, type="link", link=link)
    )


async def pin(job: Job) -> Result:
    """Pin the card; one that is pinned already or gone is fine."""
    if job.channel is None:
        return _DONE
    outcome = await job.call("pins.add", channel=job.channel, timestamp=str(job.data["ts"]))
    return _settled(outcome, "already_pinned", "message_not_found", "no_item_specified")


async def _inscribe(job: Job, what: str, text: str, method: str) -> Result:
    if job.channel is None:
        return _DONE
    if job.sending.unsure:
        shown = await job.call("conversations.info", channel=job.channel)
        if isinstance(shown, Later):
            return replace(shown, unsure=True)
        if isinstance(shown, Sent) and shown.response["channel"].get(what, {}).get("value") == text:
            return _DONE
    return _settled(await job.call(method, channel=job.channel, **{what: text}))


def _address(job: Job, channel: str) -> str:
    """Return the web address of the live card, or of its channel as long as the card is not up."""
    ts = job.view.incident.card_ts
    card = "" if ts is None else f"/p{ts.replace('.', '')}"
    return f"{job.me.url.rstrip('/')}/archives/{channel}{card}"


def _settled(outcome: Outcome, *fine: str) -> Result:
    if isinstance(outcome, Sent) or (isinstance(outcome, Never) and outcome.reason in fine):
        return _DONE
    return outcome
