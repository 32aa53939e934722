"""Collects what is wrong with a pack whose shape is right, at the place where it stands."""

import re
from collections.abc import Iterable
from datetime import date

from bot.domain.policy import Policy, Span
from bot.packs.explaining import did_you_mean
from bot.packs.problems import Problem
from bot.packs.reading import Document, Place, Trail

# How a roster names people and groups; where a role is wanted, none of these will do.
PERSON = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[UWS](?=[A-Z]*\d)[A-Z0-9]{6,}|@[\w.-]+")


class Found:
    """The pack under review, the day it is reviewed on, and the problems so far.

    `refuse` keeps the pack from being loaded; `warn` only says something (an old review, an expired exception): a pack that was
    good yesterday must not stop a restart today. ``today`` None leaves out what depends on the date.
    """

    def __init__(self, policy: Policy, document: Document, today: date | None = None) -> None:
        self.policy = policy
        self.document = document
        self.today = today
        self.problems: list[Problem] = []

    def refuse(self, path: Trail, found: str, expected: str, hint: str = "", *, rule: str = "fit") -> None:
        """Refuse what stands at a path: what was found, what was expected, and an example as the hint."""
        self._add(path, found, expected, hint, rule, warning=False)

    def warn(self, path: Trail, found: str, expected: str, hint: str = "", *, rule: str) -> None:
        """Say something about what stands at a path, without refusing the pack."""
        self._add(path, found, expected, hint, rule, warning=True)

    def role(self, path: Trail, name: str, *, also: Iterable[str] = ()) -> None:
        """The name must be a role of the pack, or one of the words that mean something there."""
        known = [*self.policy.roles, *also]
        if name not in known:
            expected = "one of " + ", ".join(known)
            if PERSON.fullmatch(name):
                self.refuse(path, repr(name), f"a role, not a person: {expected}", rule="person")
            else:
                self.refuse(path, f"the role {name!r}", expected, did_you_mean(name, known), rule="role")

    def roles(self, path: Trail, names: Iterable[str], *, also: Iterable[str] = ()) -> None:
        """Every name of a list must be a role."""
        for at, name in enumerate(names):
            self.role((*path, at), name, also=also)

    def span(self, path: Trail, span: Span) -> None:
        """A span is given in minutes or in days, not in both."""
        if (span.minutes is None) == (span.days is None):
            said = "neither minutes nor days" if span.minutes is None else "both minutes and days"
            self.refuse(
                path, said, "one of them, such as {minutes: 30} or {days: 1, working: true}", rule="span"
            )

    def _add(self, path: Trail, found: str, expected: str, hint: str, rule: str, *, warning: bool) -> None:
        place = self.document.place(path) or Place(file="pack", line=0, column=0)
        self.problems.append(
            Problem(
                file=place.file, line=place.line, column=place.column, field=".".join(map(str, path)),
                found=found, expected=expected, hint=hint, rule=rule, warning=warning,
            )
        )  # fmt: skip
