"""Writing, editing and deleting messages."""

from typing import Any

from bot.sandbox import shapes
from bot.sandbox.args import Args
from bot.sandbox.limits.messages import Content, check
from bot.sandbox.records import Channel, Message
from bot.sandbox.refused import Refused
from bot.sandbox.web_api.desk import Desk

# Longer texts are cut without a word when posted, and refused when they replace another.
LONGEST_TEXT, LONGEST_EDIT = 40_000, 4_000
SYSTEM_LINES = ("channel_join", "channel_leave", "channel_name", "channel_archive", "channel_unarchive")


def post_message(desk: Desk, args: Args) -> dict[str, Any]:
    """Write into a conversation, or to a person whose id stands for the direct one."""
    content = check(args)
    channel = _writable(desk, args.text("channel"))
    thread = _thread(channel, args)
    looks = _looks(desk, args)
    broadcast = thread is not None and args.flag("reply_broadcast")
    message = _posted(
        desk,
        channel,
        content,
        metadata=content.metadata,
        thread_ts=thread,
        reply_broadcast=broadcast,
        subtype="thread_broadcast" if broadcast else "bot_message" if looks else None,
        extra=looks,
    )
    return _written(desk, channel, message)


def post_ephemeral(desk: Desk, args: Args) -> dict[str, Any]:
    """Show something to one member of a channel only; it cannot be updated or found again."""
    content = check(args)
    channel = desk.open_to_change(args.text("channel"))
    if args.text("user") not in channel.members:
        raise Refused("user_not_in_channel")
    message = _posted(
        desk,
        channel,
        content,
        thread_ts=_thread(channel, args),
        ephemeral_to=args.text("user"),
    )
    return {"message_ts": message.ts}


def update(desk: Desk, args: Args) -> dict[str, Any]:
    """Replace a message of the app's own; blocks, attachments and metadata stay unless given."""
    content = check(args)
    if len(content.text) > LONGEST_EDIT:
        raise Refused("msg_too_long", illegal=True)
    channel = desk.seen(args.text("channel"))
    message = _own(desk, channel, args.text("ts"), "cant_update_message")
    if channel.is_archived:
        raise Refused("is_inactive")
    changed: dict[str, Any] = {
        "blocks": content.blocks,
        "attachments": content.attachments,
        "metadata": content.metadata,
        "text": content.text or None,
    }
    desk.workspace.edit(message, **{name: value for name, value in changed.items() if value is not None})
    return _written(desk, channel, message) | {"text": message.text}


def delete(desk: Desk, args: Args) -> dict[str, Any]:
    """Delete a message of the app's own; anybody else's, and Slack's own lines, are `cant_delete_message`."""
    channel = desk.seen(args.text("channel"))
    message = _own(desk, channel, args.text("ts"), "cant_delete_message")
    desk.workspace.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(desk: Desk, args: Args) -> dict[str, Any]:
    """The lasting link to a message the app can see, by `message_ts`; it needs no scope."""
    channel = desk.seen(args.text("channel"))
    message = desk.message(channel, args.text("message_ts"))
    return {"channel": channel.id, "permalink": desk.address() + desk.workspace.permalink(message)}


def _posted(desk: Desk, channel: Channel, content: Content, **more: Any) -> Message:
    return desk.workspace.post(
        channel,
        user=desk.bot.id,
        text=content.text[:LONGEST_TEXT],
        blocks=content.blocks or (),
        attachments=content.attachments or [],
        **more,
    )


def _writable(desk: Desk, target: str) -> Channel:
    """The conversation behind a channel id, a `#name` or a person's id."""
    user = desk.workspace.users.get(target)
    if user is not None:
        if user.deleted or user.is_stranger or user.is_bot:
            raise Refused("channel_not_found")
        return desk.workspace.dm(desk.bot.id, user.id)
    named = desk.workspace.channel_named(target) if target.startswith("#") else None
    channel = desk.seen(named.id if named else target)
    if channel.is_archived:
        raise Refused("is_archived")
    if desk.bot.id not in channel.members and "chat:write.public" not in desk.granted:
        raise Refused("not_in_channel")
    if channel.is_im and any(desk.workspace.users[member].deleted for member in channel.members):
        raise Refused("channel_not_found")
    return channel


def _thread(channel: Channel, args: Args) -> str | None:
    """The ts of the message a reply hangs on, also when a reply of that thread was named."""
    asked = args.text("thread_ts")
    if not asked:
        return None
    parent = channel.messages.get(asked)
    if parent is None or parent.deleted or parent.ephemeral_to or parent.subtype in SYSTEM_LINES:
        raise Refused("cannot_reply_to_message")
    return parent.thread_ts or parent.ts


def _looks(desk: Desk, args: Args) -> dict[str, Any]:
    """The name and picture a message asks for instead of the app's own, which needs a scope of its own."""
    icons = {"emoji": args.text("icon_emoji"), "image_48": args.text("icon_url")}
    chosen = {name: value for name, value in icons.items() if value}
    looks: dict[str, Any] = {"icons": chosen} if chosen else {}
    if args.text("username"):
        looks["username"] = args.text("username")
    if looks and "chat:write.customize" not in desk.granted:
        provided = ",".join(sorted(desk.granted))
        raise Refused("missing_scope", illegal=True, needed="chat:write.customize", provided=provided)
    return looks


def _own(desk: Desk, channel: Channel, ts: str, error: str) -> Message:
    message = desk.message(channel, ts)
    if message.user != desk.bot.id or message.subtype in SYSTEM_LINES:
        raise Refused(error)
    return message


def _written(desk: Desk, channel: Channel, message: Message) -> dict[str, Any]:
    shown = shapes.message(desk.workspace, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


METHODS = {
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
    "chat.postEphemeral": post_ephemeral,
    "chat.postMessage": post_message,
    "chat.update": update,
}
