"""Who is in a conversation, and opening direct ones."""

from typing import Any

from bot.sandbox.args import Args
from bot.sandbox.records import Channel
from bot.sandbox.refused import Refused
from bot.sandbox.web_api.desk import Desk
from bot.sandbox.web_api.paging import metadata, page

MOST_INVITED = 100
MOST_IN_A_GROUP_DM = 8


def invite(desk: Desk, args: Args) -> dict[str, Any]:
    """Invite up to 100 people; with `force` those who can be, the others are named in `errors`."""
    users = args.names("users")
    if not users:
        raise Refused("no_user")
    if len(users) > MOST_INVITED:
        raise Refused.invalid("invalid_arguments", f"users: no more than {MOST_INVITED} ids in one call")
    channel = desk.open_to_change(args.text("channel"))
    if channel.is_im or channel.is_mpim:
        raise Refused("method_not_supported_for_channel_type")
    problems = {user: why for user in users if (why := _why_not(desk, channel, user))}
    errors: list[dict[str, Any]] = [
        {"user": user, "ok": False, "error": why} for user, why in problems.items()
    ]
    welcome = [user for user in users if user not in problems]
    if errors and not (args.flag("force") and welcome):
        raise Refused(errors[0]["error"], errors=errors)
    for user in welcome:
        desk.workspace.join(channel, user, inviter=desk.bot.id)
    shown = {"channel": desk.shown(channel)}
    return shown | ({"errors": errors} if errors else {})


def _why_not(desk: Desk, channel: Channel, user_id: str) -> str:
    user = desk.workspace.users.get(user_id)
    if user is None:
        return "user_not_found"
    if user.id == desk.bot.id:
        return "cant_invite_self"
    if user.id in channel.members:
        return "already_in_channel"
    if user.deleted:
        return "cant_invite"
    if user.is_stranger:
        return "no_external_invite_permission"
    return "user_is_restricted" if user.is_restricted else ""


def kick(desk: Desk, args: Args) -> dict[str, Any]:
    """Remove somebody else from a channel.

    Raises `Refused`: cant_kick_self, cant_kick_from_general, and not_in_channel for whoever is not there,
    which is also the error where the app itself is no member.
    """
    channel = desk.joined(args.text("channel"))
    user = desk.user(args.text("user")).id
    if user == desk.bot.id:
        raise Refused("cant_kick_self")
    if channel.is_general:
        raise Refused("cant_kick_from_general")
    if user not in channel.members:
        raise Refused("not_in_channel")
    desk.workspace.leave(channel, user)
    return {"errors": {}}


def join(desk: Desk, args: Args) -> dict[str, Any]:
    """Enter a public channel; being in it already is no error but a warning, `already_in_channel`."""
    channel = desk.seen(args.text("channel"))
    if channel.is_private:
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    already = desk.bot.id in channel.members
    desk.workspace.join(channel, desk.bot.id)
    shown: dict[str, Any] = {"channel": desk.shown(channel)}
    if already:
        shown |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return shown


def leave(desk: Desk, args: Args) -> dict[str, Any]:
    """Go out of a channel; not being in it is no error but `not_in_channel: true` in the answer.

    Raises `Refused`: last_member where nobody else is left, cant_leave_general.
    """
    channel = desk.seen(args.text("channel"))
    if channel.is_im:
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    if desk.bot.id not in channel.members:
        return {"not_in_channel": True}
    if channel.is_general:
        raise Refused("cant_leave_general")
    if channel.members == [desk.bot.id]:
        raise Refused("last_member")
    desk.workspace.leave(channel, desk.bot.id)
    return {}


def members(desk: Desk, args: Args) -> dict[str, Any]:
    """The ids of a conversation's members, in pages and in the order of the ids; the app is among them."""
    channel = desk.seen(args.text("channel"))
    part, cursor = page(channel.members, args, key=lambda member: member)
    return {"members": part, **metadata(cursor)}


def open_direct(desk: Desk, args: Args) -> dict[str, Any]:
    """Open the direct conversation with one person, or the group one with up to eight."""
    channel, already = _direct(desk, args)
    shown: dict[str, Any] = {"no_op": True, "already_open": True} if already else {}
    if args.flag("return_im"):
        return shown | {"channel": desk.shown(channel)}
    return shown | {"channel": {"id": channel.id}}


def _direct(desk: Desk, args: Args) -> tuple[Channel, bool]:
    if args.text("channel"):
        channel = desk.seen(args.text("channel"))
        if not (channel.is_im or channel.is_mpim):
            raise Refused("method_not_supported_for_channel_type")
        return channel, True
    users = [user for user in args.names("users") if user != desk.bot.id]
    if not users:
        raise Refused("users_list_not_supplied")
    if len(users) > MOST_IN_A_GROUP_DM:
        raise Refused("too_many_users")
    for user in map(desk.user, users):
        if user.deleted:
            raise Refused("user_disabled")
        if user.is_stranger:
            raise Refused("user_not_visible")
    known = set(desk.workspace.channels)
    if args.flag("prevent_creation") and not desk.workspace.has_direct(desk.bot.id, *users):
        raise Refused("channel_not_found")
    channel = desk.workspace.direct(desk.bot.id, *users)
    return channel, channel.id in known


METHODS = {
    "conversations.invite": invite,
    "conversations.join": join,
    "conversations.kick": kick,
    "conversations.leave": leave,
    "conversations.members": members,
    "conversations.open": open_direct,
}
