"""What stops the line: the conditions that hold, as the card and the channel say them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from blocks import kit
from blocks.view import View
from bot.domain import conditions
from bot.domain.incident import Incident, Severity
from bot.domain.policy import Policy, StopCondition

Data = Mapping[str, Any]


def lines(incident: Incident, policy: Policy) -> list[str]:
    """Return one line for each condition that holds: what it is, since when, who said so, what it keeps the severity at."""
    return [
        f":octagonal_sign: *{kit.escape(name)}*{_unsure(incident.conditions[name])} {kit.outside(of.text, 300)}"
        f" ({_kept(of, incident.conditions[name])}{_since(incident, name)})"
        for name, of in conditions.active(incident, policy).items()
    ]


def on_card(view: View) -> str:
    """Return what the card says of the line; empty while nothing stops it."""
    said = lines(view.incident, view.policy)
    if view.incident.legal_hold:
        said.append(":lock: *Legal hold*: nothing of this incident is deleted.")
    return "\n".join(said)


def fired(view: View, data: Data) -> str:
    """Say that the line is stopped: by what, what it keeps the severity at, and what to do first."""
    name = str(data["condition"])
    of = view.policy.stop_the_line.conditions.get(name)
    if of is None:
        return kit.outside(str(data.get("text", "")))
    who = kit.mention(str(data["by"])) if data["by"] != "tocsin" else "Tocsin"
    floor = _kept(of, data)
    said = [
        f":octagonal_sign: {who} stopped the line: *{kit.escape(name)}*{_unsure(data)} {kit.outside(of.text, 300)}."
    ]
    if reason := str(data.get("reason") or "").rstrip("."):
        said.append(f"{kit.outside(reason, 500)}.")
    said.append(f"{floor[:1].upper()}{floor[1:]}.")
    if of.says:
        said.append(f"*{kit.outside(of.says, 500)}*")
    if of.legal_hold:
        said.append("Nothing of this incident is deleted from now on.")
    if data.get("cannot_hide"):
        said.append(
            ":warning: This channel stands already and cannot become private: keep what is secret out of it, "
            "and open a private incident for it."
        )
    return " ".join(said)


def lifted(_view: View, data: Data) -> str:
    """Say that a condition no longer holds, who lifted it and why."""
    reason = str(data.get("reason") or "").rstrip(".")
    why = f": {kit.outside(reason, 500)}" if reason else ""
    name = kit.escape(str(data["condition"]))
    return f":arrow_forward: {kit.mention(str(data['by']))} lifted *{name}*{why}. The severity stays until people lower it."


def floor(of: StopCondition, *, suspected: bool) -> Severity | None:
    """Return what a condition keeps an incident at."""
    return conditions.floor_of(of, suspected=suspected)


def _kept(of: StopCondition, data: Data) -> str:
    at = floor(of, suspected=bool(data.get("suspected")))
    return f"it keeps this at {at.name} or worse" if at else "the severity stays as it is"


def _unsure(data: Data) -> str:
    return " (suspected)" if data.get("suspected") else ""


def _since(incident: Incident, name: str) -> str:
    data = incident.conditions[name]
    at = datetime.fromisoformat(str(data["at"]))
    by = f" by {kit.mention(str(data['by']))}" if data["by"] != "tocsin" else ""
    return f", since {kit.when(at, incident.opened_at)}{by}"
