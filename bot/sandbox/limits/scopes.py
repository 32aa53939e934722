"""Which scope each method needs, where it depends on the kind of conversation too."""

from collections.abc import Collection, Iterable, Mapping

from bot.sandbox.records import Kind

Needs = Mapping[Kind, tuple[str, ...]]

KINDS: tuple[Kind, ...] = ("public", "private", "im", "mpim")


def _same(*scopes: str) -> Needs:
    return dict.fromkeys(KINDS, scopes)


def _by_kind(action: str, *, public: str | None = None) -> Needs:
    return {
        "public": (public or f"channels:{action}",),
        "private": (f"groups:{action}",),
        "im": (f"im:{action}",),
        "mpim": (f"mpim:{action}",),
    }


def _or(one: Needs, other: Needs) -> Needs:
    return {kind: (*one[kind], *other[kind]) for kind in KINDS}


NOTHING = _same()
READ = _by_kind("read")
HISTORY = _by_kind("history")
MANAGE = _by_kind("write", public="channels:manage")
TOPIC = _or(MANAGE, _by_kind("write.topic"))
INVITE: Needs = {
    **MANAGE,
    "public": ("channels:manage", "channels:write.invites"),
    "private": ("groups:write", "groups:write.invites"),
}
KICK: Needs = {**_same("groups:write"), "public": ("channels:manage",)}

# Any one of the scopes named for the kind of conversation is enough.
SCOPES: Mapping[str, Needs] = {
    "api.test": NOTHING,
    "apps.connections.open": NOTHING,
    "auth.test": NOTHING,
    "bookmarks.add": _same("bookmarks:write"),
    "bookmarks.edit": _same("bookmarks:write"),
    "bookmarks.list": _same("bookmarks:read"),
    "bookmarks.remove": _same("bookmarks:write"),
    "bots.info": _same("users:read"),
    "chat.delete": _same("chat:write"),
    "chat.getPermalink": NOTHING,
    "chat.postEphemeral": _same("chat:write"),
    "chat.postMessage": _same("chat:write"),
    "chat.update": _same("chat:write"),
    "conversations.archive": MANAGE,
    "conversations.create": MANAGE,
    "conversations.history": HISTORY,
    "conversations.info": READ,
    "conversations.invite": INVITE,
    "conversations.join": _same("channels:join"),
    "conversations.kick": KICK,
    "conversations.leave": MANAGE,
    "conversations.list": READ,
    "conversations.members": READ,
    "conversations.open": MANAGE,
    "conversations.rename": MANAGE,
    "conversations.replies": HISTORY,
    "conversations.setPurpose": TOPIC,
    "conversations.setTopic": TOPIC,
    "conversations.unarchive": MANAGE,
    "files.completeUploadExternal": _same("files:write"),
    "files.getUploadURLExternal": _same("files:write"),
    "pins.add": _same("pins:write"),
    "pins.list": _same("pins:read"),
    "pins.remove": _same("pins:write"),
    "reactions.add": _same("reactions:write"),
    "reactions.get": _same("reactions:read"),
    "reactions.remove": _same("reactions:write"),
    "team.info": _same("team:read"),
    "usergroups.list": _same("usergroups:read"),
    "usergroups.users.list": _same("usergroups:read"),
    "users.conversations": READ,
    "users.info": _same("users:read"),
    "users.list": _same("users:read"),
    "users.lookupByEmail": _same("users:read.email"),
    "views.open": NOTHING,
    "views.publish": NOTHING,
    "views.push": NOTHING,
    "views.update": NOTHING,
}


def missing(method: str, kinds: Iterable[Kind], granted: Collection[str]) -> tuple[str, ...]:
    """The scopes any one of which was needed and none of which was granted; empty when all is well."""
    for kind in kinds:
        enough = SCOPES[method][kind]
        if enough and not set(enough) & set(granted):
            return enough
    return ()
