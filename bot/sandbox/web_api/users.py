"""The people of the workspace."""

from typing import Any

from bot.sandbox import shapes
from bot.sandbox.args import Args
from bot.sandbox.records import User
from bot.sandbox.refused import Refused
from bot.sandbox.web_api.conversations import of_types
from bot.sandbox.web_api.desk import Desk
from bot.sandbox.web_api.paging import metadata, page


def info(desk: Desk, args: Args) -> dict[str, Any]:
    """Describe a person, deactivated ones too; the e-mail is left out without `users:read.email`."""
    return {"user": _shown(desk, desk.user(args.text("user")))}


def listing(desk: Desk, args: Args) -> dict[str, Any]:
    """Everybody in pages, bots and the deactivated too; people of other companies are not listed."""
    everyone = [user for user in desk.workspace.users.values() if not user.is_stranger]
    part, cursor = page(everyone, args, key=lambda user: user.id, default=1000)
    return {
        "members": [_shown(desk, user) for user in part],
        "cache_ts": desk.workspace.seconds(),
        **metadata(cursor),
    }


def lookup_by_email(desk: Desk, args: Args) -> dict[str, Any]:
    """Find an active colleague; the deactivated and people of other companies are not found."""
    wanted = args.text("email").strip().lower()
    for user in desk.workspace.users.values():
        if user.email and user.email.lower() == wanted and not user.deleted and not user.is_stranger:
            return {"user": _shown(desk, user)}
    raise Refused("users_not_found")


def conversations(desk: Desk, args: Args) -> dict[str, Any]:
    """The conversations of a person that the app may see as well."""
    whose = desk.user(args.text("user") or desk.bot.id).id
    found = [channel for channel in of_types(desk, args) if whose in channel.members]
    part, cursor = page(found, args, key=lambda channel: channel.id)
    shown = [desk.shown(channel) for channel in part]
    for channel in shown:
        channel.pop("is_member", None)
    return {"channels": shown, **metadata(cursor)}


def _shown(desk: Desk, user: User) -> dict[str, Any]:
    return shapes.user(desk.workspace, user, with_email="users:read.email" in desk.granted)


METHODS = {
    "users.conversations": conversations,
    "users.info": info,
    "users.list": listing,
    "users.lookupByEmail": lookup_by_email,
}
