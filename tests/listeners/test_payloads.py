import json
from typing import Any

import pytest

from bot.domain.errors import NotFound
from bot.domain.incident import Workspace
from bot.listeners.payloads import (
    Click,
    Command,
    Decision,
    Form,
    Heard,
    HomeOpened,
    Reacted,
    Shortcut,
    answers,
)
from bot.listeners.sender import Sender

USER = {"id": "U0ANA", "name": "ana", "team_id": "T0ACME"}
TEAM = {"id": "T0ACME", "domain": "acme"}


def _click(**changes: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": USER,
        "team": TEAM,
        "enterprise": None,
        "trigger_id": "1.2.abc",
        "channel": {"id": "C0INC", "name": "inc-1"},
        "actions": [{"action_id": "item:acknowledge", "type": "button", "value": "abc/acknowledge/l2/1"}],
        **changes,
    }


def _form(values: dict[str, Any], **changes: Any) -> dict[str, Any]:
    view = {"id": "V1", "hash": "h1", "private_metadata": '{"incident":"abc"}', "state": {"values": values}}
    return {
        "type": "view_submission",
        "user": USER,
        "team": TEAM,
        "trigger_id": "1.2",
        "view": view,
        **changes,
    }


def test_a_click_names_the_person_the_place_and_the_item() -> None:
    click = Click.parse(_click())
    assert (click.user, click.channel, click.item_id) == ("U0ANA", "C0INC", "abc/acknowledge/l2/1")
    assert click.workspace == Workspace(team_id="T0ACME")


def test_the_same_click_has_the_same_key_however_often_it_is_delivered() -> None:
    assert Click.parse(_click()).key == Click.parse(_click()).key
    assert Click.parse(_click()).key != Click.parse(_click(trigger_id="1.3.abc")).key


def test_an_approval_click_carries_the_digest_of_what_was_shown() -> None:
    value = json.dumps({"item": "abc/approval/1", "digest": "d1"})
    decision = Decision.parse(_click(actions=[{"action_id": "approval:approve", "value": value}]))
    assert (decision.item, decision.digest) == ("abc/approval/1", "d1")


@pytest.mark.parametrize("value", ["", "not json", "{}", "[1]", '"x"', '{"item": 4}'])
def test_an_odd_value_is_refused_as_an_older_card(value: str) -> None:
    with pytest.raises(NotFound, match="older card"):
        Decision.parse(_click(actions=[{"action_id": "approval:approve", "value": value}]))


def test_a_form_keeps_one_key_until_it_is_closed() -> None:
    first = Form.parse(_form({}))
    again = Form.parse(_form({}, trigger_id="9.9"))
    assert first.key == again.key == "view:V1"
    assert first.carried == {"incident": "abc"}


def test_every_kind_of_answer_is_read() -> None:
    form = Form.parse(
        _form(
            {
                "title": {"value": {"type": "plain_text_input", "value": "  Checkout is down "}},
                "empty": {"value": {"type": "plain_text_input", "value": None}},
                "score": {
                    "open:compute:business": {"type": "static_select", "selected_option": {"value": "3"}}
                },
                "none": {"value": {"type": "static_select", "selected_option": None}},
                "owner": {"value": {"type": "users_select", "selected_user": "U0ELI"}},
                "due": {"value": {"type": "datetimepicker", "selected_date_time": 1795252800}},
                "flags": {"value": {"type": "checkboxes", "selected_options": [{"value": "private"}]}},
            }
        )
    )
    assert form.text("title") == "Checkout is down"
    assert form.text("empty") == form.text("none") == form.text("unasked") == ""
    assert form.text("score") == "3"
    assert form.text("owner") == "U0ELI"
    assert form.number("due") == 1795252800
    assert form.ticked("flags") == ("private",)


def test_a_command_is_its_first_word_and_the_rest() -> None:
    body = {
        "command": "/incident",
        "text": "  SEV  2 half of all checkouts fail ",
        "team_id": "T0ACME",
        "user_id": "U0ANA",
        "channel_id": "C0INC",
        "trigger_id": "1.2",
    }
    command = Command.parse(body)
    assert (command.verb, command.rest) == ("sev", "2 half of all checkouts fail")
    assert Command.parse({**body, "text": "   "}).verb == ""


def test_people_of_another_workspace_are_seen_as_such() -> None:
    assert Sender.of(_click(user={**USER, "team_id": "T0OTHER"})).is_outsider
    assert not Sender.of(_click()).is_outsider
    org = _click(user={**USER, "team_id": "T0OTHER"}, is_enterprise_install=True, enterprise={"id": "E0"})
    assert not Sender.of(org).is_outsider, "in one organisation people work in several workspaces"


@pytest.mark.parametrize("missing", ["user", "actions"])
def test_a_payload_without_its_parts_is_refused_kindly(missing: str) -> None:
    body = _click()
    del body[missing]
    with pytest.raises(NotFound):
        Click.parse(body)


def test_nothing_entered_is_no_answer() -> None:
    assert answers({}) == {}


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        ("block_actions", Click),
        ("shortcut", Shortcut),
        ("message_action", Shortcut),
        ("slash_command", Command),
        ("event.message", Heard),
        ("event.message.thread_broadcast", Heard),
        ("event.reaction_added", Reacted),
        ("event.app_home_opened", HomeOpened),
    ],
)
def test_what_slack_really_sends_is_understood(
    recorded: dict[str, list[dict[str, Any]]], kind: str, model: type[Any]
) -> None:
    for body in recorded[kind]:
        if "payload" in body or not isinstance(body, dict):
            continue
        parsed = model.parse(body)
        assert parsed.user
        assert parsed.workspace.team_id
        assert parsed.key
