"""What one person sees of the workspace, as the JSON that the page draws."""

from typing import Any

from bot.sandbox import shapes
from bot.sandbox.state import Channel, Message, User, UserGroup, View, Workspace

# Lines about the channel itself: they are read without making anybody's channel bold.
QUIET = "channel_"


def person(who: User) -> dict[str, Any]:
    """A person as others see them: name, role title, time zone, standing."""
    return {
        "id": who.id,
        "name": who.name,
        "real_name": who.real_name,
        "title": who.title,
        "tz": who.tz,
        "is_bot": who.is_bot,
        "deleted": who.deleted,
        "is_restricted": who.is_restricted,
        "is_stranger": who.is_stranger,
    }


def group(what: UserGroup) -> dict[str, Any]:
    """A user group by the handle that people type."""
    return {"id": what.id, "handle": what.handle, "name": what.name, "users": list(what.users)}


def may_see(who: User, where: Channel) -> bool:
    """Whether this person can open this channel: a member always, others only a public one, guests never."""
    if who.id in where.members:
        return True
    return not (where.is_private or where.is_im or who.is_restricted or who.is_stranger)


def channel(who: User, where: Channel) -> dict[str, Any]:
    """A channel without its messages; ``with`` is the other side of a direct conversation."""
    other = next((member for member in where.members if member != who.id), who.id)
    return {
        "id": where.id,
        "name": where.name,
        "is_private": where.is_private,
        "is_im": where.is_im,
        "is_archived": where.is_archived,
        "with": other if where.is_im else None,
        "topic": where.topic.value,
        "purpose": where.purpose.value,
        "members": list(where.members),
        "pins": [pin.ts for pin in where.pins],
        "bookmarks": [
            {"id": mark.id, "title": mark.title, "link": mark.link, "emoji": mark.emoji}
            for mark in where.bookmarks
        ],
    }


def message(workspace: Workspace, who: User, what: Message) -> dict[str, Any] | None:
    """One message as this person sees it; None when they do not."""
    if what.deleted or what.ephemeral_to not in (None, who.id):
        return None
    replies = workspace.channels[what.channel].replies(what.ts)
    return {
        "ts": what.ts,
        "channel": what.channel,
        "user": what.user,
        "text": what.text,
        "blocks": what.blocks,
        "attachments": what.attachments,
        "subtype": what.subtype,
        "quiet": (what.subtype or "").startswith(QUIET),
        "thread_ts": what.thread_ts,
        "broadcast": what.reply_broadcast,
        "edited": bool(what.edited),
        "ephemeral": what.ephemeral_to is not None,
        "reactions": [{"name": name, "users": list(users)} for name, users in what.reactions.items()],
        "files": [shapes.file(workspace.files[key]) | {"url": f"/_sandbox/file/{key}"} for key in what.files],
        "reply_count": len(replies),
        "reply_users": list(dict.fromkeys(reply.user for reply in replies)),
        "latest_reply": replies[-1].ts if replies else None,
    }


def view(workspace: Workspace, what: View) -> dict[str, Any]:
    """A modal or a Home tab, without what only the app may know (its private metadata)."""
    shown = shapes.view(workspace, what)
    return {name: shown[name] for name in ("id", "hash", "type", "title", "submit", "close", "blocks")}
