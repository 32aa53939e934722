"""A form with every kind of field, and the one that is put on top of it."""

from typing import Any

from tests.sandbox.ui_blocks import LEVELS, PARTS, button, mrkdwn, plain


def field(block_id: str, label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "in", **element},
        **more,
    }


def every_field() -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "every_field",
        "notify_on_close": True,
        "title": plain("Open an incident"),
        "submit": plain("Open"),
        "close": plain("Cancel"),
        "blocks": [
            {"type": "alert", "text": mrkdwn("This is recorded *before* anybody is told."), "level": "info"},
            field(
                "title",
                "Title",
                {"type": "plain_text_input", "placeholder": plain("Checkout is down")},
                hint=plain("One line: what is broken."),
            ),
            field("severity", "Severity", {"type": "static_select", "options": LEVELS}, optional=True),
            field("owner", "Owner", {"type": "users_select"}, optional=True),
            field(
                "service",
                "Service",
                {"type": "external_select", "min_query_length": 1},
                optional=True,
                dispatch_action=True,
            ),
            field("parts", "Affected parts", {"type": "checkboxes", "options": PARTS}, optional=True),
            field("impact", "Business impact", {"type": "radio_buttons", "options": LEVELS}, optional=True),
            field("rooms", "Tell these channels", {"type": "multi_channels_select"}, optional=True),
            field("since", "Since when", {"type": "datetimepicker"}, optional=True),
            field("day", "Day", {"type": "datepicker"}, optional=True),
            field("hour", "Hour", {"type": "timepicker"}, optional=True),
            field(
                "count",
                "Customers",
                {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"},
                optional=True,
            ),
            field("mail", "Contact", {"type": "email_text_input"}, optional=True),
            field("page", "Dashboard", {"type": "url_text_input"}, optional=True),
            field("notes", "Notes", {"type": "plain_text_input", "multiline": True}, optional=True),
            field("update", "First update", {"type": "rich_text_input"}, optional=True),
            {
                "type": "section",
                "block_id": "more",
                "text": mrkdwn("Something else?"),
                "accessory": button("Add a role", "push"),
            },
        ],
    }


def second_form() -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "second",
        "title": plain("Add a role"),
        "submit": plain("Add"),
        "blocks": [field("role", "Role", {"type": "plain_text_input"})],
    }
