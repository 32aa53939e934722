"""Making, naming and describing conversations."""

from typing import Any

from bot.sandbox.args import Args
from bot.sandbox.records import Channel
from bot.sandbox.refused import Refused
from bot.sandbox.web_api.desk import TYPES, Desk
from bot.sandbox.web_api.paging import metadata, page

LONGEST_NAME = 80
LONGEST_NOTE = 250
PUNCTUATION = "-_"


def create(desk: Desk, args: Args) -> dict[str, Any]:
    """Make a channel, of which the app is the first member.

    Raises `Refused`: name_taken, even where an archived channel or a private one that the app cannot see has
    the name, and invalid_name_* for a name that no channel may have.
    """
    name = _free_name(desk, args.text("name"))
    channel = desk.workspace.create_channel(name, user=desk.bot.id, is_private=args.flag("is_private"))
    return {"channel": desk.shown(channel)}


def rename(desk: Desk, args: Args) -> dict[str, Any]:
    """Give a channel another name; only its creator may, so the app gets `not_authorized` in all it did not make."""
    channel = desk.open_to_change(args.text("channel"))
    if channel.is_im or channel.is_mpim:
        raise Refused("method_not_supported_for_channel_type")
    if channel.creator != desk.bot.id:
        raise Refused("not_authorized")
    desk.workspace.rename(channel, _free_name(desk, args.text("name")), user=desk.bot.id)
    return {"channel": desk.shown(channel)}


def _free_name(desk: Desk, name: str) -> str:
    """The name if a channel may have it; archived channels keep theirs.

    Letters are of any script but lower case, as Slack has it since names may be international.
    """
    if not name:
        raise Refused("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise Refused("invalid_name_maxlength")
    if any(not (letter.isalnum() or letter in PUNCTUATION) for letter in name) or name != name.lower():
        raise Refused("invalid_name_specials")
    if not name.strip(PUNCTUATION):
        raise Refused("invalid_name_punctuation")
    if any(channel.name == name for channel in desk.workspace.channels.values()):
        raise Refused("name_taken")
    return name


def archive(desk: Desk, args: Args) -> dict[str, Any]:
    """Archive a channel the app is in; a second time is `already_archived`, #general is `cant_archive_general`."""
    channel = desk.joined(args.text("channel"))
    if channel.is_im or channel.is_mpim:
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_general:
        raise Refused("cant_archive_general")
    if channel.is_archived:
        raise Refused("already_archived")
    desk.workspace.archive(channel, user=desk.bot.id)
    return {}


def unarchive(desk: Desk, args: Args) -> dict[str, Any]:
    """Refuse: no app with a bot token can bring a channel back, only a person can."""
    if not desk.seen(args.text("channel")).is_archived:
        raise Refused("not_archived")
    raise Refused("not_in_channel")


def set_topic(desk: Desk, args: Args) -> dict[str, Any]:
    """Replace the topic, which shows as a line in the channel; more than 250 characters are `too_long`."""
    channel = _described(desk, args, "topic")
    desk.workspace.set_topic(channel, args.text("topic"), user=desk.bot.id)
    return {"channel": desk.shown(channel)}


def set_purpose(desk: Desk, args: Args) -> dict[str, Any]:
    """Replace the purpose, which shows as a line in the channel; more than 250 characters are `too_long`."""
    channel = _described(desk, args, "purpose")
    desk.workspace.set_purpose(channel, args.text("purpose"), user=desk.bot.id)
    return {"channel": desk.shown(channel)}


def _described(desk: Desk, args: Args, what: str) -> Channel:
    channel = desk.open_to_change(args.text("channel"))
    if channel.is_im:
        raise Refused("method_not_supported_for_channel_type")
    if len(args.text(what)) > LONGEST_NOTE:
        raise Refused("too_long", illegal=True)
    return channel


def info(desk: Desk, args: Args) -> dict[str, Any]:
    """Describe a conversation; one the app cannot see is `channel_not_found`, as if there were none."""
    channel = desk.seen(args.text("channel"))
    shown = desk.shown(channel)
    if args.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def listing(desk: Desk, args: Args) -> dict[str, Any]:
    """The conversations the app can see, in pages; only public channels unless `types` asks for others."""
    part, cursor = page(of_types(desk, args), args, key=lambda channel: channel.id)
    shown = [desk.shown(channel) | {"num_members": len(channel.members)} for channel in part]
    return {"channels": shown, **metadata(cursor)}


def of_types(desk: Desk, args: Args) -> list[Channel]:
    """The conversations the app can see among the `types` asked for."""
    types = args.names("types") or ["public_channel"]
    if any(name not in TYPES for name in types):
        raise Refused("invalid_types")
    kinds = {TYPES[name] for name in types}
    return [
        channel
        for channel in desk.workspace.channels.values()
        if channel.kind in kinds
        and (not channel.is_private or desk.bot.id in channel.members)
        and not (channel.is_archived and args.flag("exclude_archived"))
    ]


METHODS = {
    "conversations.archive": archive,
    "conversations.create": create,
    "conversations.info": info,
    "conversations.list": listing,
    "conversations.rename": rename,
    "conversations.setPurpose": set_purpose,
    "conversations.setTopic": set_topic,
    "conversations.unarchive": unarchive,
}
