"""How records look as Slack's JSON."""

from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.records import Bookmark, Channel, File, Message, User, UserGroup, View
from bot.sandbox.state import Workspace

# Subtypes of what an app writes; the others are lines that Slack writes about what it did.
BY_APPS = (None, "bot_message", "file_share", "thread_broadcast")


def user(workspace: Workspace, who: User, *, with_email: bool = True) -> dict[str, Any]:
    """A user as `users.info` shows one; outsiders show a reduced profile without e-mail."""
    profile: dict[str, Any] = {
        "title": who.title,
        "real_name": who.real_name,
        "real_name_normalized": who.real_name,
        "display_name": who.name,
        "display_name_normalized": who.name,
        "first_name": who.real_name.split(" ")[0],
        "last_name": who.real_name.split(" ")[-1],
        "status_text": "",
        "status_emoji": "",
        "team": who.team_id,
    }
    if who.is_bot:
        profile |= {"api_app_id": who.app_id, "bot_id": who.bot_id, "always_active": True}
    elif with_email and who.email and not who.is_stranger:
        profile["email"] = who.email
    shown: dict[str, Any] = {
        "id": who.id,
        "team_id": who.team_id,
        "name": who.name,
        "deleted": who.deleted,
        "profile": profile,
        "is_bot": who.is_bot,
        "is_app_user": False,
        "updated": int(workspace.founded.timestamp()),
    }
    if who.is_stranger:
        shown["is_stranger"] = True
    if who.deleted:
        return shown
    local = workspace.now().astimezone(ZoneInfo(who.tz))
    offset = local.utcoffset()
    return shown | {
        "real_name": who.real_name,
        "tz": who.tz,
        "tz_label": local.tzname() or who.tz,
        "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
        "is_admin": who.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": who.is_restricted,
        "is_ultra_restricted": False,
        "is_email_confirmed": not who.is_bot,
    }


def channel(workspace: Workspace, where: Channel, *, viewer: str) -> dict[str, Any]:
    """A conversation as `conversations.info` shows it to this user."""
    created = int(where.created.timestamp())
    common: dict[str, Any] = {
        "id": where.id,
        "created": created,
        "is_im": where.is_im,
        "is_org_shared": False,
        "context_team_id": workspace.team_id,
        "updated": created * 1000,
    }
    if where.is_im:
        other = next((member for member in where.members if member != viewer), viewer)
        return common | {
            "is_archived": where.is_archived,
            "user": other,
            "is_user_deleted": workspace.users[other].deleted,
            "is_open": True,
            "priority": 0,
        }
    return common | {
        "name": where.name,
        "name_normalized": where.name,
        "is_channel": not where.is_private,
        "is_group": where.is_private and not where.is_mpim,
        "is_mpim": where.is_mpim,
        "is_private": where.is_private,
        "is_archived": where.is_archived,
        "is_general": where.is_general,
        "is_shared": False,
        "is_ext_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "shared_team_ids": [workspace.team_id],
        "unlinked": 0,
        "creator": where.creator,
        "is_member": viewer in where.members,
        "topic": {
            "value": where.topic.value,
            "creator": where.topic.creator,
            "last_set": where.topic.last_set,
        },
        "purpose": {
            "value": where.purpose.value,
            "creator": where.purpose.creator,
            "last_set": where.purpose.last_set,
        },
        "previous_names": list(where.previous_names),
    }


def bot_profile(workspace: Workspace, who: User) -> dict[str, Any]:
    """The short form of an app that its messages carry."""
    return {
        "id": who.bot_id,
        "app_id": who.app_id,
        "name": who.name,
        "deleted": who.deleted,
        "updated": int(workspace.founded.timestamp()),
        "icons": {},
        "team_id": who.team_id,
    }


def message(workspace: Workspace, what: Message, *, with_metadata: bool = False) -> dict[str, Any]:
    """A message as `conversations.history` shows it."""
    author = workspace.users[what.user]
    where = workspace.channels[what.channel]
    shown: dict[str, Any] = {
        "type": "message",
        "user": what.user,
        "text": what.text,
        "ts": what.ts,
        "team": author.team_id,
    }
    if what.subtype:
        shown |= {"subtype": what.subtype, **what.extra}
    if author.is_bot and what.subtype in BY_APPS:
        shown |= {"bot_id": what.bot_id, "app_id": what.app_id, "bot_profile": bot_profile(workspace, author)}
    if what.blocks:
        shown["blocks"] = what.blocks
    if what.attachments:
        shown["attachments"] = what.attachments
    if what.edited:
        shown["edited"] = what.edited
    if what.metadata and with_metadata:
        shown["metadata"] = what.metadata
    if what.reactions:
        shown["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)}
            for name, users in what.reactions.items()
        ]
    if any(pin.ts == what.ts for pin in where.pins):
        shown["pinned_to"] = [where.id]
    if what.files:
        shown["files"] = [file(workspace.files[file_id]) for file_id in what.files]
    return shown | _threading(what, where)


def _threading(what: Message, where: Channel) -> dict[str, Any]:
    if what.thread_ts and what.thread_ts != what.ts:
        parent = where.messages[what.thread_ts]
        return {"thread_ts": what.thread_ts, "parent_user_id": parent.user}
    replies = where.replies(what.ts) if what.thread_ts else []
    if not replies:
        return {}
    people = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": what.ts,
        "reply_count": len(replies),
        "reply_users_count": len(people),
        "reply_users": people,
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def view(workspace: Workspace, what: View) -> dict[str, Any]:
    """A view as `views.*` answers and as interactions carry it, entered values included."""
    body = what.body
    shown: dict[str, Any] = {
        "id": what.id,
        "team_id": workspace.team_id,
        "type": what.type,
        "blocks": what.blocks,
        "private_metadata": what.private_metadata,
        "callback_id": what.callback_id,
        "external_id": what.external_id,
        "state": {"values": what.state},
        "hash": what.hash,
        "clear_on_close": bool(body.get("clear_on_close", False)),
        "notify_on_close": bool(body.get("notify_on_close", False)),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": what.previous_view_id,
        "root_view_id": what.root_view_id,
        "app_id": workspace.bot.app_id,
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot.bot_id,
    }
    if what.type == "modal":
        shown |= {"title": body.get("title"), "submit_disabled": bool(body.get("submit_disabled", False))}
    else:
        shown["title"] = {"type": "plain_text", "text": "View Title", "emoji": True}
    return shown


def bookmark(what: Bookmark) -> dict[str, Any]:
    """A bookmark as `bookmarks.*` answers it; Slack names its channel `channel_id` here."""
    return {
        "id": what.id,
        "channel_id": what.channel,
        "title": what.title,
        "link": what.link,
        "emoji": what.emoji,
        "icon_url": None,
        "type": what.type,
        "entity_id": what.entity_id,
        "date_created": what.created,
        "date_updated": what.updated,
        "rank": what.id,
        "last_updated_by_user_id": what.last_updated_by,
        "last_updated_by_team_id": None,
        "shortcut_id": None,
        "app_id": None,
    }


def usergroup(workspace: Workspace, what: UserGroup, *, with_users: bool, with_count: bool) -> dict[str, Any]:
    """A user group as `usergroups.list` shows it; its members, and how many, only where they were asked for."""
    created = int(what.created.timestamp())
    shown: dict[str, Any] = {
        "id": what.id,
        "team_id": workspace.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": what.name,
        "description": "",
        "handle": what.handle,
        "is_external": False,
        "date_create": created,
        "date_update": created,
        "date_delete": created if what.deleted else 0,
        "auto_type": None,
        "created_by": workspace.bot.id,
        "updated_by": workspace.bot.id,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
    }
    if with_users:
        shown["users"] = list(what.users)
    if with_count:
        shown["user_count"] = len(what.users)
    return shown


def file(what: File) -> dict[str, Any]:
    """A file as messages carry it; the bytes and the address to fetch them from are not in it."""
    return {
        "id": what.id,
        "created": what.created,
        "timestamp": what.created,
        "name": what.name,
        "title": what.title or what.name,
        "user": what.user,
        "size": what.length,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "channels": list(what.channels),
        "groups": [],
        "ims": [],
    }
