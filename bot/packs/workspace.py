"""A pack beside the workspace that it is for: who on the roster is not there, which channels are missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.domain.policy import Policy
from bot.packs.lint.found import Found
from bot.packs.problems import Problem
from bot.packs.reading import Document, Trail

PARTS = ("primary", "backup", "fallback")


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What the workspace says of one reference: how many people it means, and how many of them may be asked."""

    found: int
    askable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the workspace says. A reference or the channels that it did not speak of are missing here."""

    references: Mapping[str, Behind] = field(default_factory=dict)
    channels: frozenset[str] | None = None
    why: str = ""


def references(policy: Policy) -> Iterator[tuple[Trail, str]]:
    """Yield each person and group that the pack names, with the place of it."""
    for role, slot in policy.roster.items():
        for part in PARTS:
            for at, name in enumerate(getattr(slot, part)):
                if not name.startswith("schedule/"):
                    yield ("roster", role, part, at), name
    for schedule, row in policy.schedules.items():
        for number, layer in enumerate(row.layers):
            for at, name in enumerate(layer.members):
                yield ("schedules", schedule, "layers", number, "members", at), name


def compare(policy: Policy, document: Document, seen: Seen, today: date | None = None) -> list[Problem]:
    """Return who and what the pack names and the workspace does not have, at the place where it is named."""
    found = Found(policy, document, today)
    for path, name in references(policy):
        _reference(found, path, name, seen)
    for name, channel in policy.channels.model_dump().items():
        if seen.channels is None:
            found.warn(("channels", name), f"no answer about #{channel} ({seen.why})", "an answer from Slack",
                       "try again in a minute, or run `tocsin doctor`", rule="live-unknown")  # fmt: skip
        elif channel not in seen.channels:
            found.refuse(("channels", name), f"no #{channel} that the bot is in", "a channel with the bot in it",
                         "create it and type /invite @Tocsin there", rule="live-channel")  # fmt: skip
    _slots(found, seen)
    return found.problems


def _reference(found: Found, path: Trail, name: str, seen: Seen) -> None:
    behind = seen.references.get(name.lower())
    group = name.startswith("@") or name[:1] == "S"
    if behind is None:
        found.warn(path, f"no answer about {name} ({seen.why})", "an answer from Slack",
                   "try again in a minute, or run `tocsin doctor`", rule="live-unknown")  # fmt: skip
    elif behind.askable:
        return
    elif group:
        said = (
            f"nobody in the user group {name} who may be asked"
            if behind.found
            else f"no user group {name}, or an empty one"
        )
        found.refuse(path, said, "a user group with people in it", rule="live-group")
    elif behind.found:
        said = f"{name}, who has left, is a guest or is an app"
        found.refuse(path, said, "an active member of the workspace", rule="live-person")
    else:
        said = f"{name}, whom the workspace does not have (any more)"
        found.refuse(path, said, "an active member of the workspace", rule="live-person")


def _slots(found: Found, seen: Seen) -> None:
    """Say for which role nobody at all is left: its ladder would begin with somebody else's role."""
    for role, slot in found.policy.roster.items():
        named = [name for part in PARTS for name in getattr(slot, part)]
        known = [seen.references.get(name.lower()) for name in named]
        if named and all(behind is not None and not behind.askable for behind in known):
            found.refuse(("roster", role), "nobody in the workspace who may be asked", "somebody, as primary or as backup",
                         rule="live-slot")  # fmt: skip
