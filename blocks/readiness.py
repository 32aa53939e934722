"""The weekly card: would a page arrive now, tonight, on the next holiday and at the next clock change?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from blocks import kit
from blocks.post import Post
from blocks.view import View

LONGEST = 400


def draw(_view: View, data: Mapping[str, Any]) -> Post:
    """Draw what was found, the worst first, each with what to do; a report says when it was made."""
    at = datetime.fromisoformat(str(data["at"]))
    findings = data.get("findings", ())
    urgent = sum(bool(one.get("urgent")) for one in findings)
    if urgent:
        head = f":rotating_light: *A page might not arrive*: {_counted(urgent, 'thing')} to put right, as of {kit.when(at)}."
    elif findings:
        head = f":white_check_mark: *A page would arrive*, as of {kit.when(at)}; {_counted(len(findings), 'thing')} to look at."
    else:
        head = f":white_check_mark: *A page would arrive*, as of {kit.when(at)}."
    lines = [_line(one) for one in findings]
    if more := int(data.get("more", 0)):
        lines.append(f"… and {more} more: `tocsin policy ready` lists them all.")
    asked = ", ".join(
        f"{one['name']} ({kit.when(datetime.fromisoformat(one['at']))})" for one in data.get("moments", ())
    )
    shown = [kit.section(piece) for piece in kit.pieces("\n".join([head, *lines]))]
    return kit.post(head, [*shown, *([kit.context(f"Looked at: {asked}.")] if asked else [])])


def _line(one: Mapping[str, Any]) -> str:
    mark = ":red_circle:" if one.get("urgent") else ":large_yellow_circle:"
    return f"{mark} {kit.outside(str(one['says']), LONGEST)} {kit.outside(str(one['todo']), LONGEST)}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
