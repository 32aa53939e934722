"""The arguments of each method: which it must have, which it may have, and whether it reads JSON."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What one method takes."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    json: bool


def _form(required: str, optional: str = "", *, json: bool = True) -> Form:
    return Form(required=tuple(required.split()), optional=tuple(optional.split()), json=json)


# Slack's own client adds the workspace to each call that it makes while answering a payload.
EVERYWHERE = ("token", "team_id")
_LOOKS = "as_user icon_emoji icon_url link_names parse username"
_BODY = "attachments blocks markdown_text text metadata"
_SPAN = "cursor include_all_metadata inclusive latest limit oldest"

FORMS: Mapping[str, Form] = {
    "api.test": _form("", "error"),
    "apps.connections.open": _form(""),
    "auth.test": _form(""),
    "bookmarks.add": _form("channel_id title type", "access_level emoji entity_id link parent_id"),
    "bookmarks.edit": _form("bookmark_id channel_id", "emoji link title"),
    "bookmarks.list": _form("channel_id"),
    "bookmarks.remove": _form("bookmark_id channel_id", "quip_section_id"),
    "bots.info": _form("", "bot team_id", json=False),
    "chat.delete": _form("channel ts", "as_user"),
    "chat.getPermalink": _form("channel message_ts", json=False),
    "chat.postEphemeral": _form("channel user", f"{_LOOKS} {_BODY} thread_ts"),
    "chat.postMessage": _form(
        "channel",
        f"{_LOOKS} {_BODY} client_msg_id mrkdwn reply_broadcast thread_ts unfurl_links unfurl_media",
    ),
    "chat.update": _form("channel ts", f"{_BODY} as_user file_ids link_names parse reply_broadcast"),
    "conversations.archive": _form("channel"),
    "conversations.create": _form("name", "is_private team_id"),
    "conversations.history": _form("channel", _SPAN),
    "conversations.info": _form("channel", "include_locale include_num_members", json=False),
    "conversations.invite": _form("channel users", "force"),
    "conversations.join": _form("channel"),
    "conversations.kick": _form("channel", "user"),
    "conversations.leave": _form("channel"),
    "conversations.list": _form("", "cursor exclude_archived limit team_id types", json=False),
    "conversations.members": _form("channel", "cursor limit", json=False),
    "conversations.open": _form("", "channel prevent_creation return_im users"),
    "conversations.rename": _form("channel name"),
    "conversations.replies": _form("channel ts", _SPAN, json=False),
    "conversations.setPurpose": _form("channel purpose"),
    "conversations.setTopic": _form("channel topic"),
    "conversations.unarchive": _form("channel"),
    "files.completeUploadExternal": _form("files", "blocks channel_id channels initial_comment thread_ts"),
    "files.getUploadURLExternal": _form("filename length", "alt_txt snippet_type", json=False),
    "pins.add": _form("channel", "timestamp"),
    "pins.list": _form("channel", json=False),
    "pins.remove": _form("channel", "timestamp"),
    "reactions.add": _form("channel name timestamp"),
    "reactions.get": _form("", "channel full timestamp", json=False),
    "reactions.remove": _form("name", "channel timestamp"),
    "team.info": _form("", "domain team"),
    "usergroups.list": _form("", "include_count include_disabled include_users team_id", json=False),
    "usergroups.users.list": _form("usergroup", "include_disabled team_id", json=False),
    "users.conversations": _form("", "cursor exclude_archived limit team_id types user", json=False),
    "users.info": _form("user", "include_locale", json=False),
    "users.list": _form("", "cursor include_locale limit team_id", json=False),
    "users.lookupByEmail": _form("email", json=False),
    "views.open": _form("view", "trigger_id interactivity_pointer"),
    "views.publish": _form("user_id view", "hash interactivity_pointer"),
    "views.push": _form("view", "trigger_id interactivity_pointer"),
    "views.update": _form("view", "external_id hash view_id"),
}


def missing(method: str, given: Collection[str]) -> list[str]:
    """The required arguments that are not there."""
    return [name for name in FORMS[method].required if name not in given]


def unknown(method: str, given: Collection[str]) -> list[str]:
    """The arguments the method does not have, apart from those every call may carry."""
    form = FORMS[method]
    return sorted(set(given) - {*form.required, *form.optional, *EVERYWHERE})
