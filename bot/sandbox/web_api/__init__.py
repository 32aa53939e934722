"""The Web API: one small function for each method, grouped by family."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox.args import Args
from bot.sandbox.web_api import (
    auth,
    bookmarks,
    chat,
    conversations,
    history,
    membership,
    pins,
    reactions,
    uploads,
    usergroups,
    users,
    views,
)
from bot.sandbox.web_api.desk import Desk

METHODS: Mapping[str, Callable[[Desk, Args], dict[str, Any]]] = {
    **auth.METHODS,
    **bookmarks.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **history.METHODS,
    **membership.METHODS,
    **pins.METHODS,
    **reactions.METHODS,
    **uploads.METHODS,
    **usergroups.METHODS,
    **users.METHODS,
    **views.METHODS,
}
