"""The links at the top of a channel."""

from typing import Any

from bot.sandbox import shapes
from bot.sandbox.args import Args
from bot.sandbox.records import Bookmark, Channel
from bot.sandbox.refused import Refused
from bot.sandbox.web_api.desk import Desk

MOST = 100


def _writable(desk: Desk, args: Args) -> Channel:
    channel = desk.seen(args.text("channel_id"))
    if desk.bot.id not in channel.members or channel.is_archived:
        raise Refused("permission_denied")
    return channel


def _link(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise Refused("invalid_link")
    return value


def add(desk: Desk, args: Args) -> dict[str, Any]:
    """Put a link on top of a channel; adding it again makes a second one, as Slack knows no duplicate.

    Raises `Refused`: permission_denied where the app is no member or the channel is archived,
    invalid_bookmark_type, invalid_link, too_many_bookmarks above 100.
    """
    channel = _writable(desk, args)
    if args.text("type") != "link":
        raise Refused("invalid_bookmark_type")
    if len(channel.bookmarks) >= MOST:
        raise Refused("too_many_bookmarks")
    now = desk.workspace.seconds()
    bookmark = Bookmark(
        id=desk.workspace.fresh("Bk"),
        channel=channel.id,
        title=args.text("title"),
        link=_link(args.text("link")),
        type="link",
        emoji=args.text("emoji"),
        created=now,
        updated=now,
        last_updated_by=desk.bot.id,
    )
    desk.workspace.add_bookmark(channel, bookmark)
    return {"bookmark": shapes.bookmark(bookmark)}


def edit(desk: Desk, args: Args) -> dict[str, Any]:
    """Change what is given of a bookmark and leave the rest; `not_found` where it is in no list of this channel."""
    channel = _writable(desk, args)
    bookmark = _found(channel, args)
    bookmark.title = args.text("title", bookmark.title)
    bookmark.emoji = args.text("emoji", bookmark.emoji)
    bookmark.link = _link(args.text("link")) if "link" in args else bookmark.link
    bookmark.updated, bookmark.last_updated_by = desk.workspace.seconds(), desk.bot.id
    desk.workspace.tell("bookmark_changed", channel=channel, bookmark=bookmark)
    return {"bookmark": shapes.bookmark(bookmark)}


def remove(desk: Desk, args: Args) -> dict[str, Any]:
    """Take a bookmark away; `not_found` where it is gone already, so a repeated call fails."""
    channel = _writable(desk, args)
    desk.workspace.remove_bookmark(channel, _found(channel, args))
    return {}


def listing(desk: Desk, args: Args) -> dict[str, Any]:
    """Every bookmark of a channel the app can see, in the order of adding and without pages."""
    channel = desk.seen(args.text("channel_id"))
    return {"bookmarks": [shapes.bookmark(bookmark) for bookmark in channel.bookmarks]}


def _found(channel: Channel, args: Args) -> Bookmark:
    for bookmark in channel.bookmarks:
        if bookmark.id == args.text("bookmark_id"):
            return bookmark
    raise Refused("not_found")


METHODS = {
    "bookmarks.add": add,
    "bookmarks.edit": edit,
    "bookmarks.list": listing,
    "bookmarks.remove": remove,
}
