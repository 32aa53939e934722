"""What Slack's own window refuses to submit: empty required fields, and values of the wrong kind or length."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.payloads_inputs import INPUTS, value_of
from bot.sandbox.state import View

REQUIRED = "Please complete this required field."
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")


def complaints(view: View) -> dict[str, str]:
    """Return what is wrong with the fields of a form, by block id; empty when it may be sent to the app."""
    found: dict[str, str] = {}
    for block in view.blocks:
        element = block.get("element", {})
        if block["type"] != "input" or element.get("type") not in INPUTS:
            continue
        entry = view.state.get(block["block_id"], {}).get(element["action_id"])
        value = value_of(element, entry)
        if value in (None, "", []):
            if not block.get("optional"):
                found[block["block_id"]] = REQUIRED
        elif words := _wrong(element, value):
            found[block["block_id"]] = words
    return found


def _wrong(element: Mapping[str, Any], value: Any) -> str:
    match element["type"]:
        case "plain_text_input":
            return _length(element, str(value))
        case "number_input":
            return _number(element, str(value))
        case "email_text_input":
            return "" if _EMAIL.fullmatch(str(value)) else "Please enter a valid email address."
        case "url_text_input":
            return "" if _URL.fullmatch(str(value)) else "Please enter a valid URL."
        case _:
            return ""


def _length(element: Mapping[str, Any], text: str) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(text) < least:
        return f"Please enter at least {least} characters."
    return f"Please enter at most {most} characters." if len(text) > most else ""


def _number(element: Mapping[str, Any], text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return "Please enter a number."
    if number != number.to_integral_value() and not element.get("is_decimal_allowed"):
        return "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < Decimal(str(least)):
        return f"Please enter {least} or more."
    if most is not None and number > Decimal(str(most)):
        return f"Please enter {most} or less."
    return ""
