"""Reading what was written."""

from collections.abc import Iterable
from typing import Any

from bot.sandbox import shapes
from bot.sandbox.args import Args
from bot.sandbox.records import Channel, Message
from bot.sandbox.refused import Refused
from bot.sandbox.web_api.desk import Desk
from bot.sandbox.web_api.paging import metadata, page


def history(desk: Desk, args: Args) -> dict[str, Any]:
    """What stands in a channel, newest first, without replies in threads and private notes."""
    channel = desk.joined(args.text("channel"))
    main = (m for m in _public(channel) if not m.in_thread)
    part, cursor = page(_within(main, args), args, key=_order, most=999, newest_first=True)
    return {
        "messages": _shown(desk, part, args),
        "has_more": bool(cursor),
        "pin_count": len(channel.pins),
        "channel_actions_ts": None,
        "channel_actions_count": 0,
        **(metadata(cursor) if cursor else {}),
    }


def replies(desk: Desk, args: Args) -> dict[str, Any]:
    """A thread, oldest first, with the message it hangs on at the top."""
    channel = desk.joined(args.text("channel"))
    asked = desk.workspace.message(channel, args.text("ts"))
    if asked is None:
        raise Refused("thread_not_found")
    root = asked.thread_ts or asked.ts
    thread = [m for m in _public(channel) if root in (m.ts, m.thread_ts)]
    part, cursor = page(_within(thread, args, keep=root), args, key=_order, default=1000)
    return {
        "messages": _shown(desk, part, args),
        "has_more": bool(cursor),
        **(metadata(cursor) if cursor else {}),
    }


def _public(channel: Channel) -> list[Message]:
    return [m for m in channel.messages.values() if not m.deleted and m.ephemeral_to is None]


def _order(message: Message) -> str:
    return message.ts


def _within(messages: Iterable[Message], args: Args, *, keep: str = "") -> list[Message]:
    """The messages between `oldest` and `latest`; the bounds themselves only with `inclusive`."""
    oldest, latest = _bound(args, "oldest"), _bound(args, "latest")
    inclusive = args.flag("inclusive")
    return [
        m
        for m in messages
        if m.ts == keep
        or (
            (oldest is None or float(m.ts) > oldest or (inclusive and float(m.ts) == oldest))
            and (latest is None or float(m.ts) < latest or (inclusive and float(m.ts) == latest))
        )
    ]


def _bound(args: Args, name: str) -> float | None:
    try:
        return float(args.text(name)) if args.text(name) else None
    except ValueError:
        raise Refused(f"invalid_ts_{name}") from None


def _shown(desk: Desk, messages: Iterable[Message], args: Args) -> list[dict[str, Any]]:
    with_metadata = args.flag("include_all_metadata")
    return [shapes.message(desk.workspace, m, with_metadata=with_metadata) for m in messages]


METHODS = {"conversations.history": history, "conversations.replies": replies}
