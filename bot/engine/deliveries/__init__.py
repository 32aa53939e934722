"""How each kind of notice is delivered: one small function each."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from bot.domain.decision import NoticeKind
from bot.engine.deliveries import furniture, invite, message, room
from bot.engine.deliveries.job import Job, Result

Deliver = Callable[[Job], Awaitable[Result]]

OPERATIONS: Mapping[NoticeKind, Deliver] = MappingProxyType(
    {
        NoticeKind.CREATE_CHANNEL: room.create,
        NoticeKind.SET_TOPIC: furniture.set_topic,
        NoticeKind.SET_PURPOSE: furniture.set_purpose,
        NoticeKind.BOOKMARK: furniture.bookmark,
        NoticeKind.INVITE: invite.invite,
        NoticeKind.ARCHIVE_CHANNEL: room.archive,
        NoticeKind.PIN: furniture.pin,
        NoticeKind.REDRAW: message.redraw,
    }
)


async def deliver(job: Job) -> Result:
    """Deliver one notice: an operation by its own function, everything else as a message."""
    return await OPERATIONS.get(job.sending.kind, message.post)(job)
