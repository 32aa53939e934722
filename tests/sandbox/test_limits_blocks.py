import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.sandbox.limits.blocks import MOST, SURFACES, Surface, problems
from bot.sandbox.limits.views import view_problems

Json = dict[str, Any]


def plain(size: int) -> Json:
    return {"type": "plain_text", "text": "x" * size}


def address(size: int) -> str:
    return "https://" + "u" * (size - len("https://"))


def option(text: int = 3, value: int = 3, **more: Any) -> Json:
    return {"text": plain(text), "value": "v" * value, **more}


def options(count: int) -> list[Json]:
    return [{"text": plain(3), "value": f"v{number}"} for number in range(count)]


def section(**fields: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}, **fields}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def button(size: int = 3, **more: Any) -> Json:
    return {"type": "button", "text": plain(size), **more}


def buttons(count: int) -> list[Json]:
    return [button(action_id=f"a{number}") for number in range(count)]


def entry(**element: Any) -> Json:
    return {
        "type": "input",
        "label": plain(3),
        "element": {"type": "plain_text_input", "action_id": "a", **element},
    }


def select(**more: Any) -> Json:
    return actions({"type": "static_select", "placeholder": plain(3), "options": options(2), **more})


def confirmation(**sizes: int) -> Json:
    words = {"title": 3, "text": 3, "confirm": 3, "deny": 3} | sizes
    return actions(button(confirm={name: plain(size) for name, size in words.items()}))


def table(rows: int, columns: int) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


def grouped(count: int, label: int = 3) -> Json:
    groups = [
        {"label": plain(label), "options": [{"text": plain(3), "value": str(number)}]}
        for number in range(count)
    ]
    return actions({"type": "static_select", "option_groups": groups})


# What grows in each: the first number past the limit named on the left is the first one refused.
GROWING: dict[str, Callable[[int], Json]] = {
    "block_id.max_length": lambda n: section(block_id="b" * n),
    "action_id.max_length": lambda n: actions(button(action_id="a" * n)),
    "section.text.max_length": lambda n: {"type": "section", "text": {"type": "mrkdwn", "text": "x" * n}},
    "section.fields.max_items": lambda n: section(fields=[plain(3)] * n),
    "section.fields.item_max_length": lambda n: section(fields=[plain(n)]),
    "header.text.max_length": lambda n: {"type": "header", "text": plain(n)},
    "context.elements.max_items": lambda n: {"type": "context", "elements": [plain(3)] * n},
    "actions.elements.max_items": lambda n: actions(*buttons(n)),
    "button.text.max_length": lambda n: actions(button(n)),
    "button.value.max_length": lambda n: actions(button(value="v" * n)),
    "button.url.max_length": lambda n: actions(button(url=address(n))),
    "button.accessibility_label.max_length": lambda n: actions(button(accessibility_label="l" * n)),
    "confirmation.title.max_length": lambda n: confirmation(title=n),
    "confirmation.text.max_length": lambda n: confirmation(text=n),
    "confirmation.confirm.max_length": lambda n: confirmation(confirm=n),
    "confirmation.deny.max_length": lambda n: confirmation(deny=n),
    "option.text.max_length": lambda n: select(options=[option(text=n)]),
    "option.value.max_length": lambda n: select(options=[option(value=n)]),
    "option.description.max_length": lambda n: select(options=[option(description=plain(n))]),
    "option_group.label.max_length": lambda n: grouped(1, label=n),
    "select.options.max_items": lambda n: select(options=options(n)),
    "select.option_groups.max_items": grouped,
    "select.placeholder.max_length": lambda n: select(placeholder=plain(n)),
    "overflow.options.max_items": lambda n: actions({"type": "overflow", "options": options(n)}),
    "checkboxes.options.max_items": lambda n: actions({"type": "checkboxes", "options": options(n)}),
    "radio_buttons.options.max_items": lambda n: actions({"type": "radio_buttons", "options": options(n)}),
    "input.label.max_length": lambda n: {**entry(), "label": plain(n)},
    "input.hint.max_length": lambda n: {**entry(), "hint": plain(n)},
    "plain_text_input.max_length.max": lambda n: entry(max_length=n),
    "plain_text_input.min_length.max": lambda n: entry(min_length=n),
    "plain_text_input.placeholder.max_length": lambda n: entry(placeholder=plain(n)),
    "file_input.max_files.max": lambda n: entry(type="file_input", max_files=n),
    "image.alt_text.max_length": lambda n: {"type": "image", "image_url": address(9), "alt_text": "x" * n},
    "image.image_url.max_length": lambda n: {"type": "image", "image_url": address(n), "alt_text": "x"},
    "image.title.max_length": lambda n: {
        "type": "image",
        "image_url": address(9),
        "alt_text": "x",
        "title": plain(n),
    },
    "markdown.text.max_length": lambda n: {"type": "markdown", "text": "x" * n},
    "table.rows.max_items": lambda n: table(n, 2),
    "table.columns.max_items": lambda n: table(2, n),
    "data_table.rows.max_items": lambda n: {**table(n, 2), "type": "data_table", "caption": "x"},
    "data_table.columns.max_items": lambda n: {**table(2, n), "type": "data_table", "caption": "x"},
    "card.title.max_length": lambda n: {"type": "card", "title": plain(n)},
    "card.subtitle.max_length": lambda n: {"type": "card", "title": plain(3), "subtitle": plain(n)},
    "card.body.max_length": lambda n: {"type": "card", "body": plain(n)},
    "card.actions.max_items": lambda n: {"type": "card", "actions": buttons(n)},
    "carousel.elements.max_items": lambda n: {
        "type": "carousel",
        "elements": [{"type": "card", "title": plain(3)}] * n,
    },
    "container.title.max_length": lambda n: {
        "type": "container",
        "title": plain(n),
        "child_blocks": [section()],
    },
    "container.child_blocks.max_items": lambda n: {
        "type": "container",
        "title": plain(3),
        "child_blocks": [{"type": "divider"}] * n,
    },
    "rich_text_list.indent.max": lambda n: {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "indent": n, "elements": []}],
    },
    "plan.tasks.max_items": lambda n: {
        "type": "plan",
        "title": "Steps",
        "tasks": [{"task_id": f"t{number}", "title": "Do it"} for number in range(n)],
    },
}


@pytest.fixture(scope="session")
def documented_limits(slackdata: Path) -> dict[str, int]:
    limits: dict[str, int] = json.loads((slackdata / "block-kit-limits" / "limits.json").read_text())
    return limits


@pytest.mark.parametrize("limit", GROWING)
def test_a_block_is_good_up_to_its_limit_and_not_beyond(
    limit: str, documented_limits: dict[str, int]
) -> None:
    most, draw = documented_limits[limit], GROWING[limit]

    assert problems([draw(most)], "message") == []
    assert problems([draw(most + 1)], "message") != []


@pytest.mark.parametrize("surface", get_args(Surface))
def test_a_surface_takes_the_blocks_slack_allows_there(surface: Surface, slackdata: Path) -> None:
    allowed = json.loads((slackdata / "block-kit-limits" / "block_types_by_surface.json").read_text())

    assert sorted(SURFACES[surface]) == allowed[surface]


@pytest.mark.parametrize(("surface", "most"), MOST.items())
def test_a_surface_takes_only_so_many_blocks(surface: Surface, most: int) -> None:
    assert problems([{"type": "divider"}] * most, surface) == []
    assert problems([{"type": "divider"}] * (most + 1), surface) == [
        f"no more than {most} items allowed [json-pointer:/blocks]"
    ]


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ({"type": "sektion"}, "unsupported type: sektion [json-pointer:/blocks/0]"),
        ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "mrkdwn is not allowed here"),
        ({"type": "section"}, "one of text, fields is required"),
        (section(colour="red"), "invalid additional property: colour"),
        (actions(), "must have at least 1 item"),
        (actions(button(url="runbook")), "must be a valid URL"),
        (actions({"type": "datepicker", "initial_date": "1 March"}), "must be a date like 2027-03-01"),
        (actions({"type": "timepicker", "initial_time": "9.30"}), "must be a time like 09:30"),
        (actions(button(style="warning")), "must be one of primary, danger"),
        (actions(entry()["element"]), "plain_text_input is not allowed here"),
        (actions(button(action_id="a"), button(action_id="a")), "action_id a already exists"),
        (select(initial_option=option(text=9)), "initial value must be one of the options"),
        (select(option_groups=[]), "exactly one of options, option_groups is required"),
        ({"type": "task_card", "task_id": "t", "title": "x", "status": "pending"}, "may not be pending"),
        ({"type": "context", "elements": [button()]}, "unsupported type: button"),
        ({"type": "section", "text": {"type": "mrkdwn", "text": ""}}, "must be more than 0 characters"),
        ("just a text", "unsupported type: None"),
    ],
)
def test_a_bad_block_is_told_what_is_wrong_and_where(block: Any, problem: str) -> None:
    found = problems([block], "message")

    assert any(problem in line for line in found), found
    assert all("[json-pointer:/blocks" in line for line in found)


def test_two_blocks_never_share_an_id() -> None:
    twins = [section(block_id="card"), section(block_id="card")]

    assert problems(twins, "message") == ["block_id card already exists [json-pointer:/blocks]"]


def test_a_form_with_fields_needs_a_submit_button() -> None:
    view = {"type": "modal", "title": plain(3), "blocks": [entry()]}

    assert view_problems(view, "modal") == ["a view with input blocks needs submit [json-pointer:/view]"]
    assert view_problems({**view, "submit": plain(4)}, "modal") == []


@pytest.mark.parametrize(
    ("field", "most", "value"),
    [
        ("title", 24, plain),
        ("submit", 24, plain),
        ("close", 24, plain),
        ("callback_id", 255, lambda n: "c" * n),
        ("external_id", 255, lambda n: "e" * n),
        ("private_metadata", 3000, lambda n: "p" * n),
    ],
)
def test_a_view_is_good_up_to_its_limits(
    field: str, most: int, value: Callable[[int], Any], documented_limits: dict[str, int]
) -> None:
    view = {"type": "modal", "title": plain(3), "blocks": []}

    assert documented_limits[f"view.{field}.max_length"] == most
    assert view_problems({**view, field: value(most)}, "modal") == []
    assert view_problems({**view, field: value(most + 1)}, "modal") != []


def test_views_that_slack_itself_showed_are_found_good(slackdata: Path) -> None:
    samples = sorted((slackdata / "python-sdk-fixtures").glob("view_*.json"))
    assert len(samples) == 16
    for sample in samples:
        view = json.loads(sample.read_text())
        shown = {name: view[name] for name in view if name in SENT[view["type"]]}
        assert view_problems(shown, view["type"]) == [], sample.name


IN_BOTH = ("type", "blocks", "callback_id", "external_id", "private_metadata")
SENT = {
    "home": IN_BOTH,
    "modal": (*IN_BOTH, "title", "submit", "close", "clear_on_close", "notify_on_close"),
}
