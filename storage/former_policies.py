"""Policies as earlier releases kept them, read as today's: an incident keeps the version that it began with."""

import json
from typing import Any

_OWNER = "policy_owner"
_MOMENTS = {
    "triage": None,
    "contain": "contain",
    "diagnose": "diagnose",
    "resolve": "resolve",
    "recover": "resolve",
    "review": "close",
}
_SAYS = "What is at stake needs one more agreement before a text goes outside."


def readable(content: str | dict[str, Any]) -> str:
    """Return a kept policy as JSON that the models read. What reads as it is stays as it is."""
    stored: dict[str, Any] = json.loads(content) if isinstance(content, str) else content
    rules = [rule for row in stored.get("severities", {}).values() for rule in _agreements(row)]
    if rules and "data_sharing" not in stored:
        stored["data_sharing"] = {
            f"former_{number}": rule for number, rule in enumerate(_once(rules), start=1)
        }
    if "@" in str(stored.get("owner", "")):
        _owned_by_a_role(stored)
    if all("exit" not in row for row in stored.get("stages", {}).values()):
        stored["stages"] = _stages(stored.get("stages", {}))
    return json.dumps(stored)


def _stages(rows: dict[str, Any]) -> dict[str, Any]:
    """Put the six stages there once were into their order, each with the customer text that belonged to it."""
    order = [name for name in _MOMENTS if name in rows]
    return {name: {**rows[name], "moment": _MOMENTS[name]} for name in order}


def _owned_by_a_role(stored: dict[str, Any]) -> None:
    """Make the person who once owned the policy the holder of a role that does: somebody must approve the next one."""
    owner, stored["owner"] = stored["owner"], _OWNER
    stored["roles"].setdefault(_OWNER, {"label": "policy owner"})
    stored["roster"].setdefault(_OWNER, {"primary": [owner]})


def _agreements(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Take the further agreements out of a severity, where they once stood, as data-sharing rules."""
    also = row.get("approvals", {}).pop("external_text_also", ())
    return [
        {"audience": audience, "dimension": dimension, "score": score, "roles": extra["roles"], "says": _SAYS}
        for extra in also
        for when in extra["any_of"]
        for dimension, score in (when.get("at_least") or {}).items()
        if dimension in ("data", "regulatory")
        for audience in ("customer", "executive")
    ]


def _once(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [rule for at, rule in enumerate(rules) if rule not in rules[:at]]
