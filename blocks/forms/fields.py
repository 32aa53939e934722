"""The questions of a form, and the form around them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DateTimePickerElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from blocks import ids, kit

TITLE = 24
LABEL = 200
HINT = 200
PLACEHOLDER = 150
INPUT_TEXT = 3000
OPTIONS = 100

# One choice: what comes back, what is shown, and a line under it.
Choice = tuple[str, str, str]


def text(
    block_id: str,
    label: str,
    *,
    initial: str = "",
    hint: str = "",
    placeholder: str = "",
    lines: bool = False,
    optional: bool = False,
) -> InputBlock:
    """Ask for text. Its length is judged when the form is sent, so that a longer text is kept and can be shortened."""
    element = PlainTextInputElement(
        action_id=ids.VALUE,
        initial_value=initial[:INPUT_TEXT] or None,
        multiline=lines,
        placeholder=kit.plain(placeholder, PLACEHOLDER) if placeholder else None,
    )
    return _asked(block_id, label, element, hint=hint, optional=optional)


def choice(
    block_id: str,
    label: str,
    choices: Sequence[Choice],
    *,
    initial: str | None = None,
    hint: str = "",
    optional: bool = False,
    action_id: str = ids.VALUE,
    at_once: bool = False,
) -> InputBlock:
    """Ask for one of several answers; ``at_once`` tells us as soon as it is chosen."""
    options = [_option(c) for c in choices[:OPTIONS]]
    element = StaticSelectElement(
        action_id=action_id,
        options=options,
        initial_option=next((o for o in options if o.value == initial), None),
    )
    return _asked(block_id, label, element, hint=hint, optional=optional, at_once=at_once)


def ticks(
    block_id: str,
    label: str,
    choices: Sequence[Choice],
    *,
    initial: Sequence[str] = (),
    action_id: str = ids.VALUE,
    at_once: bool = False,
) -> InputBlock:
    """Ask which of several things hold; none is an answer too."""
    options = [_option(c) for c in choices]
    ticked = [o for o in options if o.value in initial]
    element = CheckboxesElement(action_id=action_id, options=options, initial_options=ticked or None)
    return _asked(block_id, label, element, optional=True, at_once=at_once)


def several(
    block_id: str,
    label: str,
    choices: Sequence[Choice],
    *,
    initial: Sequence[str] = (),
    hint: str = "",
    action_id: str = ids.VALUE,
    at_once: bool = False,
) -> InputBlock:
    """Ask which of many things hold, in a list that opens; none is an answer too."""
    options = [_option(c) for c in choices[:OPTIONS]]
    chosen = [o for o in options if o.value in initial]
    element = StaticMultiSelectElement(
        action_id=action_id,
        options=options,
        initial_options=chosen or None,
        placeholder=kit.plain("Nothing of this", PLACEHOLDER),
    )
    return _asked(block_id, label, element, hint=hint, optional=True, at_once=at_once)


def person(block_id: str, label: str, *, initial: str | None = None, hint: str = "") -> InputBlock:
    """Ask for a person."""
    return _asked(block_id, label, UserSelectElement(action_id=ids.VALUE, initial_user=initial), hint=hint)


def moment(block_id: str, label: str, *, initial: datetime, hint: str = "") -> InputBlock:
    """Ask for a day and a time; Slack shows it in the person's own zone."""
    element = DateTimePickerElement(action_id=ids.VALUE, initial_date_time=int(initial.timestamp()))
    return _asked(block_id, label, element, hint=hint)


def form(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None,
    carried: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a form as JSON; ``carried`` comes back with it, out of sight."""
    view = View(
        type="modal",
        callback_id=callback_id,
        title=kit.plain(title, TITLE),
        submit=kit.plain(submit, TITLE) if submit else None,
        close=kit.plain("Cancel" if submit else "Close", TITLE),
        blocks=list(blocks),
        private_metadata=json.dumps(carried or {}, separators=(",", ":")),
    )
    made: dict[str, Any] = view.to_dict()
    return made


def _option(choice: Choice) -> Option:
    value, label, description = choice
    under = kit.short(description, kit.OPTION_TEXT) if description else None
    return Option(value=value, text=kit.plain(label, kit.OPTION_TEXT), description=under)


def _asked(
    block_id: str, label: str, element: Any, *, hint: str = "", optional: bool = False, at_once: bool = False
) -> InputBlock:
    return InputBlock(
        block_id=block_id,
        label=kit.plain(label, LABEL),
        element=element,
        hint=kit.plain(hint, HINT) if hint else None,
        optional=optional,
        dispatch_action=at_once or None,
    )
