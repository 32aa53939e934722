"""The manifest, the form and the card of the small Bolt app."""

from typing import Any

from bot.sandbox.limits.scopes import SCOPES

EVENTS = [
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_created",
    "channel_rename",
    "channel_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "pin_added",
    "reaction_added",
    "reaction_removed",
]
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Tocsin"},
    "features": {
        "bot_user": {"display_name": "tocsin"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/incident", "description": "Open a form", "should_escape": True},
            {"command": "/echo", "description": "Say it back", "should_escape": False},
            {"command": "/sleep", "description": "Never answer"},
            {"command": "/answer", "description": "Answer by the response URL"},
        ],
        "shortcuts": [
            {
                "name": "Open an incident",
                "type": "global",
                "callback_id": "open_incident",
                "description": "-",
            },
            {
                "name": "Make it an incident",
                "type": "message",
                "callback_id": "from_message",
                "description": "-",
            },
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": sorted(
                {scope for needs in SCOPES.values() for enough in needs.values() for scope in enough}
            )
        }
    },
    "settings": {
        "socket_mode_enabled": True,
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {"bot_events": EVENTS},
    },
}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(text: str) -> dict[str, Any]:
    return {"text": plain(text), "value": text.lower()}


def field(block_id: str, label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "in", **element},
        **more,
    }


def form(title: str = "Open an incident") -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "incident",
        "notify_on_close": True,
        "title": plain(title),
        "submit": plain("Open"),
        "close": plain("Cancel"),
        "blocks": [
            field("title", "Title", {"type": "plain_text_input", "max_length": 80}),
            field(
                "impact",
                "Business impact",
                {"type": "static_select", "options": [option("1 Low"), option("3 High")]},
                optional=True,
            ),
            field("owner", "Owner", {"type": "users_select"}, optional=True),
            field("service", "Service", {"type": "external_select", "min_query_length": 1}, optional=True),
            field(
                "parts",
                "Affected parts",
                {"type": "checkboxes", "options": [option("Checkout"), option("Search")]},
                optional=True,
            ),
            field("when", "Since when", {"type": "datetimepicker"}, optional=True),
        ],
    }


def card(text: str) -> list[dict[str, Any]]:
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        {
            "type": "actions",
            "elements": [
                {"type": "button", "action_id": "ack", "text": plain("Acknowledge"), "value": "7"},
                {"type": "button", "action_id": "replace", "text": plain("Replace")},
                {
                    "type": "static_select",
                    "action_id": "pick",
                    "placeholder": plain("Severity"),
                    "options": [option("SEV1"), option("SEV2")],
                },
            ],
        },
    ]
