"""From what is to be said and the state now to a message."""

from collections.abc import Callable, Mapping
from typing import Any

from blocks import (
    announcement,
    approval,
    card,
    line,
    offer,
    page,
    policy_change,
    readiness,
    reminder,
    repair,
    shift,
    stage,
    update,
)
from blocks.post import Post
from blocks.view import View
from bot.domain.decision import NoticeKind

Draw = Callable[[View, Mapping[str, Any]], Post]

DRAWN: Mapping[NoticeKind, Draw] = {
    NoticeKind.CARD: card.draw,
    NoticeKind.NO_CHANNEL: repair.draw,
    NoticeKind.ANNOUNCEMENT: announcement.draw,
    NoticeKind.PAGE: page.draw,
    NoticeKind.NAG: page.draw_nag,
    NoticeKind.ALARM: page.draw_alarm,
    NoticeKind.APPROVAL: approval.draw,
    NoticeKind.HALF_TIME: approval.draw_half_time,
    NoticeKind.STAGE_TEXT: stage.draw,
    NoticeKind.UPDATE: update.draw,
    NoticeKind.REMINDER: reminder.draw,
    NoticeKind.OFFER: offer.draw,
    NoticeKind.SHIFT: shift.draw,
    NoticeKind.POLICY_REVIEW: policy_change.draw_review,
    NoticeKind.READINESS: readiness.draw,
    NoticeKind.LINE: line.draw,
}


def render(kind: NoticeKind, view: View, data: Mapping[str, Any]) -> Post:
    """Draw a notice from the state as it is now, so that a late or repeated message is never stale.

    Raises `LookupError` for a notice that is an operation, not a message.
    """
    return DRAWN[kind](view, data)
