"""What an input holds, in the words of Slack: one table for every kind of element that a person can fill."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.sandbox.blocks import elements

# element type -> the key of its value in a payload, the key of its initial value, and what nothing looks like
INPUTS: Mapping[str, tuple[str, str, Any]] = {
    "plain_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "users_select": ("selected_user", "initial_user", None),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "checkboxes": ("selected_options", "initial_options", []),
    "multi_users_select": ("selected_users", "initial_users", []),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "file_input": ("files", "initial_files", []),
}
Entered = Mapping[str, Mapping[str, Mapping[str, Any]]]


def holding(element: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """Return an element's entry in ``state.values`` for this value (None or an empty list: nothing chosen)."""
    key, _, nothing = INPUTS[element["type"]]
    return {"type": element["type"], key: value if value not in (None, "", []) else nothing}


def value_of(element: Mapping[str, Any], entry: Mapping[str, Any] | None) -> Any:
    """Return what an element holds: what was entered, else its initial value, else nothing."""
    key, initial, nothing = INPUTS[element["type"]]
    return element.get(initial, nothing) if entry is None else entry.get(key)


def state_values(blocks: Iterable[Mapping[str, Any]], entered: Entered) -> dict[str, dict[str, Any]]:
    """Return ``state.values`` for these blocks: every input by block id and action id."""
    values: dict[str, dict[str, Any]] = {}
    for block in blocks:
        for element in elements(dict(block)):
            if element.get("type") in INPUTS:
                block_id, action_id = block["block_id"], element["action_id"]
                entry = entered.get(block_id, {}).get(action_id)
                values.setdefault(block_id, {})[action_id] = holding(element, value_of(element, entry))
    return values
