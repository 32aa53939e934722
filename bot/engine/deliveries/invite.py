"""Letting people into the incident's channel."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.engine.deliveries.job import Job, Result, Settled
from bot.slack import Never, Sent
from bot.usecases import channels, delivery

# They are where they should be, or are the bot itself.
_FINE = frozenset({"already_in_channel", "cant_invite_self"})
# The channel is the problem, not the people.
_NO_CHANNEL = frozenset(
    {"channel_not_found", "is_archived", "not_in_channel", "missing_scope", "method_not_supported"}
)


async def invite(job: Job) -> Result:
    """Invite a batch; Slack lets in whom it can (``force``) and names the others, who are shown in the channel."""
    users = [user for user in job.data.get("users", ()) if user != job.me.user]
    if not users or job.channel is None:
        return Settled(settle=delivery.sent, args=(None, None))
    outcome = await job.call("conversations.invite", channel=job.channel, users=users, force=True)
    match outcome:
        case Sent(response=response):
            return Settled(settle=channels.invited, args=(_failures(response, ()),))
        case Never(reason=reason, response=response) if reason not in _NO_CHANNEL:
            return Settled(settle=channels.invited, args=(_failures(response, users, reason),))
        case _:
            return outcome


def _failures(response: Mapping[str, Any], users: Iterable[str], reason: str = "") -> dict[str, str]:
    """Return who could not be let in and why; without a list of them the reason holds for every one of ``users``."""
    errors = response.get("errors") or [{"user": user, "error": reason} for user in users]
    named = {str(e.get("user")): str(e.get("error")) for e in errors if e.get("user")}
    return {user: error for user, error in named.items() if error not in _FINE}
