"""A case typed in one line, as in Slack: ``sev1 at 2027-03-28T01:30 silent ivan answers judy=7m``."""

from difflib import get_close_matches

from bot.domain.errors import InvalidInput
from bot.rehearsal.words import Words

EXAMPLE = "`sev1 at 2027-03-28T01:30 silent ivan answers judy=7m`"
_ONE = {
    "severity": "severity", "kind": "kind", "service": "service", "identity": "identity", "trigger": "trigger",
    "lane": "lane", "at": "at", "zone": "zone", "until": "until",
}  # fmt: skip
_MANY = {
    "score": "scores", "condition": "conditions", "silent": "silent", "answers": "answers",
    "declines": "declines", "away": "away", "unreachable": "unreachable",
}  # fmt: skip
_VISIBLE = "customer-visible"


def read(said: str, zone: str = "") -> Words:
    """Read a line: a severity or scores first, then words each followed by what it is about.

    ``zone`` is whoever typed it lives. Raises `InvalidInput` for a word that means nothing here.
    """
    one: dict[str, str] = {"zone": zone}
    many: dict[str, list[str]] = {}
    visible, word = False, ""
    for token in said.replace(",", " ").split():
        name = token.lower().lstrip("-")
        if name == _VISIBLE:
            visible, word = True, ""
        elif name in _ONE or name in _MANY:
            word = name
        elif word in _MANY:
            many.setdefault(_MANY[word], []).append(token)
        elif word in _ONE:
            one[_ONE[word]], word = token, ""
        elif "=" in token:
            many.setdefault("scores", []).append(token)
        elif name.startswith("sev") or name in ("1", "2", "3", "4", "5"):
            one["severity"] = token
        else:
            raise InvalidInput({"policy": _unknown(token)})
    if word in _ONE:
        raise InvalidInput({"policy": f"After `{word}` something is missing. Write it like {EXAMPLE}."})
    return Words(customer_visible=visible, **one, **{name: tuple(told) for name, told in many.items()})  # type: ignore[arg-type]


def _unknown(token: str) -> str:
    near = get_close_matches(token.lower(), [*_ONE, *_MANY, _VISIBLE], n=1)
    meant = f"Did you mean `{near[0]}`?" if near else f"Write it like {EXAMPLE}."
    return f"I don't know what {token[:40]!r} means here. {meant}"
