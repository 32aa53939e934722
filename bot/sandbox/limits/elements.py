"""Every interactive element of Block Kit and what it may hold."""

from collections.abc import Mapping

from bot.sandbox.limits.objects import (
    confirm,
    conversation_filter,
    dispatch_config,
    exactly,
    initial_among_options,
    name,
    option,
    option_groups,
    options,
    placeholder,
    plain,
    slack_file,
    url,
)
from bot.sandbox.limits.rich_text import rich_text
from bot.sandbox.limits.rules import (
    Rule,
    anything,
    each,
    flag,
    integer,
    matching,
    one_of,
    only_one,
    shape,
    string,
)

STYLE = one_of("primary", "danger")
DATE = matching(r"\d{4}-\d{2}-\d{2}", "a date like 2027-03-01", most=10)
TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time like 09:30", most=5)
AGES = 4_102_444_800  # the year 2100 in unix seconds
CHOSEN = {"initial_option": anything}
FILTERED = {
    "filter": conversation_filter,
    "default_to_current_conversation": flag,
    "response_url_enabled": flag,
}


def _element(kind: str, required: Mapping[str, Rule], optional: Mapping[str, Rule], *also: Rule) -> Rule:
    common = {"action_id": name}
    return shape({"type": exactly(kind), **required}, {**common, **optional}, *also)


def _pick(kind: str, optional: Mapping[str, Rule], *also: Rule) -> Rule:
    common = {"placeholder": placeholder, "confirm": confirm, "focus_on_load": flag}
    return _element(kind, {}, {**common, **optional}, *also)


def _multi(kind: str, optional: Mapping[str, Rule], *also: Rule) -> Rule:
    return _pick(kind, {"max_selected_items": integer(1, 100), **optional}, *also)


_LISTED = (only_one("options", "option_groups"), initial_among_options)
_TICKS = {
    "initial_options": each(anything, least=1, most=10),
    "confirm": confirm,
    "focus_on_load": flag,
}
_TYPED = {
    "placeholder": placeholder,
    "dispatch_action_config": dispatch_config,
    "focus_on_load": flag,
}
_verdict = shape({"text": plain(75), "value": string(2_000)}, {"accessibility_label": string(75)})
_choice = option(formatted=True)

ELEMENTS: Mapping[str, Rule] = {
    "button": _element(
        "button",
        {"text": plain(75)},
        {
            "url": url,
            "value": string(2_000),
            "style": STYLE,
            "confirm": confirm,
            "accessibility_label": string(75),
            "agent_prompt": string(4_000),
            "agent_prompt_display": string(4_000),
            "visible_to_user_ids": each(name, most=10),
        },
    ),
    "workflow_button": _element(
        "workflow_button",
        {"text": plain(75), "workflow": anything},
        {"style": STYLE, "accessibility_label": string(75)},
    ),
    "overflow": _element(
        "overflow",
        {"options": each(option(with_url=True), least=1, most=5)},
        {"confirm": confirm},
    ),
    "checkboxes": _element(
        "checkboxes",
        {"options": each(_choice, least=1, most=10)},
        _TICKS,
        initial_among_options,
    ),
    "radio_buttons": _element(
        "radio_buttons",
        {"options": each(_choice, least=1, most=10)},
        {"initial_option": anything, "confirm": confirm, "focus_on_load": flag},
        initial_among_options,
    ),
    "datepicker": _pick("datepicker", {"initial_date": DATE}),
    "timepicker": _pick("timepicker", {"initial_time": TIME, "timezone": string(255)}),
    "datetimepicker": _element(
        "datetimepicker",
        {},
        {"initial_date_time": integer(1, AGES), "confirm": confirm, "focus_on_load": flag},
    ),
    "static_select": _pick(
        "static_select", {"options": options, "option_groups": option_groups, **CHOSEN}, *_LISTED
    ),
    "multi_static_select": _multi(
        "multi_static_select",
        {"options": options, "option_groups": option_groups, "initial_options": each(anything, least=1)},
        *_LISTED,
    ),
    "external_select": _pick("external_select", {"min_query_length": integer(0, 75), **CHOSEN}),
    "multi_external_select": _multi(
        "multi_external_select",
        {"min_query_length": integer(0, 75), "initial_options": each(anything, least=1)},
    ),
    "users_select": _pick("users_select", {"initial_user": name}),
    "multi_users_select": _multi("multi_users_select", {"initial_users": each(name, least=1)}),
    "channels_select": _pick("channels_select", {"initial_channel": name, "response_url_enabled": flag}),
    "multi_channels_select": _multi("multi_channels_select", {"initial_channels": each(name, least=1)}),
    "conversations_select": _pick("conversations_select", {"initial_conversation": name, **FILTERED}),
    "multi_conversations_select": _multi(
        "multi_conversations_select",
        {
            "initial_conversations": each(name, least=1),
            "filter": conversation_filter,
            "default_to_current_conversation": flag,
        },
    ),
    "plain_text_input": _element(
        "plain_text_input",
        {},
        {
            **_TYPED,
            "multiline": flag,
            "initial_value": string(3_000),
            "min_length": integer(0, 3_000),
            "max_length": integer(1, 3_000),
        },
    ),
    "email_text_input": _element("email_text_input", {}, {**_TYPED, "initial_value": string(3_000)}),
    "url_text_input": _element("url_text_input", {}, {**_TYPED, "initial_value": string(3_000)}),
    "number_input": _element(
        "number_input",
        {"is_decimal_allowed": flag},
        {**_TYPED, "initial_value": string(100), "min_value": string(100), "max_value": string(100)},
    ),
    "rich_text_input": _element(
        "rich_text_input",
        {},
        {**_TYPED, "initial_value": rich_text, "min_lines": integer(1, 100), "max_lines": integer(1, 100)},
    ),
    "file_input": _element(
        "file_input",
        {},
        {"filetypes": each(string(30, least=1), least=1), "max_files": integer(1, 10)},
    ),
    "image": shape(
        {"type": exactly("image"), "alt_text": string(2_000)},
        {"image_url": url, "slack_file": slack_file},
        only_one("image_url", "slack_file"),
    ),
    "icon_button": _element(
        "icon_button",
        {"icon": one_of("trash"), "text": plain(75)},
        {
            "value": string(2_000),
            "confirm": confirm,
            "accessibility_label": string(75),
            "visible_to_user_ids": each(name, most=10),
        },
    ),
    "feedback_buttons": _element(
        "feedback_buttons", {"positive_button": _verdict, "negative_button": _verdict}, {}
    ),
}

SELECTS = tuple(kind for kind in ELEMENTS if kind.endswith("_select"))
TEXT_INPUTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input")
PICKERS = ("datepicker", "timepicker")
INPUTS = (
    *SELECTS,
    *TEXT_INPUTS,
    *PICKERS,
    "datetimepicker",
    "checkboxes",
    "radio_buttons",
    "file_input",
)
ACCESSORIES = (
    *SELECTS,
    *PICKERS,
    "button",
    "checkboxes",
    "image",
    "overflow",
    "radio_buttons",
    "workflow_button",
)
ACTIONS = (
    *(kind for kind in SELECTS if not kind.startswith("multi_")),
    *(kind for kind in SELECTS if kind.startswith("multi_")),
    *PICKERS,
    "datetimepicker",
    "button",
    "checkboxes",
    "overflow",
    "radio_buttons",
    "rich_text_input",
    "workflow_button",
)
