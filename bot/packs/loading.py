"""A folder of YAML and templates to one frozen policy, or a list of everything that is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bot.domain.policy import Policy
from bot.packs.folder import Files, gather
from bot.packs.problems import PackError, Problem

# What reads and checks is imported where it does: a bot whose pack was checked before needs none of it.
if TYPE_CHECKING:
    from bot.packs.reading import Document, Trail

DEFAULT = Path(__file__).parent / "default"
# The rest of a longer list would only bury its beginning.
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found: the policy, unless there is an error, and every problem in the order of the files."""

    policy: Policy | None
    problems: tuple[Problem, ...]
    document: "Document"

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the pack from being used."""
        return tuple(problem for problem in self.problems if not problem.warning)


def load(folder: Path | str = DEFAULT) -> Policy:
    """Read a pack and return its policy; its ``version`` is the hash of what it says, not of how it is written.

    Raises `PackError` with every mistake at once: nothing of a broken pack is ever used. Warnings do not matter here.
    """
    return load_files(gather(Path(folder)))


def load_files(files: Files) -> Policy:
    """Return the policy of files that were taken before; like `load`, also in what it raises."""
    checked = _check(files)
    if checked.policy is None:
        raise PackError(checked.errors)
    return checked.policy


def check(folder: Path | str = DEFAULT, today: date | None = None) -> Checked:
    """Read a pack and say everything that is wrong with it, or old by ``today``. Never raises for what is in the folder."""
    return _check(gather(Path(folder)), today)


def _check(files: Files, today: date | None = None) -> Checked:
    from bot.packs.reading import Document, read

    if not files.yaml:
        return Checked(policy=None, problems=_in_order(files.problems), document=Document())
    document = read(files.yaml)
    document.problems[:0] = files.problems
    policy, problems = _policy(document, files.templates, today)
    problems = _in_order(problems)
    if policy is not None and not any(not problem.warning for problem in problems):
        content = policy.model_dump_json()
        version = sha256(content.encode()).hexdigest()[:16]
        policy = policy.model_copy(update={"version": version})
        return Checked(policy=policy, problems=problems, document=document)
    return Checked(policy=None, problems=problems, document=document)


def _policy(
    document: "Document", templates: dict[str, str], today: date | None
) -> tuple[Policy | None, Iterable[Problem]]:
    from bot.packs.explaining import explain
    from bot.packs.lint import lint

    reserved = [
        Problem(
            file=place.file, line=place.line, column=place.column, field=key, found=f"the key {key!r}",
            expected="it to be left out", hint="it is made from the files",
        )
        for key in ("version", "templates")
        if (place := document.places.get((key,))) is not None
    ]  # fmt: skip
    problems = [*document.problems, *reserved]
    try:
        policy = Policy.model_validate({**document.values, "version": "", "templates": templates})
    except ValidationError as error:
        # A file that could not be read makes its keys look missing: saying so again would only hide the cause.
        unread = {problem.file for problem in document.problems if not problem.field}
        details = (
            d for d in error.errors() if not (unread and d["type"] == "missing" and len(d["loc"]) == 1)
        )
        shape = [explain(document, detail) for detail in details]
        return None, [*problems, *shape, *_across(document, templates, error, today)]
    return policy, [*problems, *lint(policy, document, today)]


def _across(
    document: "Document", templates: dict[str, str], error: ValidationError, today: date | None
) -> list[Problem]:
    """Return what does not fit together in the sound sections of a pack that has broken ones, too.

    The broken ones are stood in for by the default pack's; what is found in those, or may be their fault, is not said.
    """
    from bot.packs.lint import lint

    broken = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
    if broken & {"roles", "dimensions", "stages"}:
        return []
    spare = _spare()
    stood_in = {key: spare[key] for key in broken if key in spare}
    known = {key: value for key, value in document.values.items() if key in Policy.model_fields}
    try:
        policy = Policy.model_validate({**known, **stood_in, "version": "", "templates": templates})
    except ValidationError:
        return []
    return [
        problem
        for problem in lint(policy, document, today)
        if problem.field.split(".")[0] not in broken and problem.line
    ]


@cache
def _spare(key: str = "") -> dict[str, Any]:
    """Return what the default pack says, or only what stands in the file of one key, which is read much sooner."""
    from bot.packs.reading import read

    files = gather(DEFAULT).yaml
    begins = f"{key}:".encode()
    return read({name: raw for name, raw in files.items() if not key or b"\n" + begins in b"\n" + raw}).values


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems in the order of the files, each once, with an example where the default pack has one."""
    ordered = sorted(set(problems))
    said = [
        replace(problem, example=example) if (example := _example(problem)) else problem
        for problem in ordered[:MOST]
    ]
    if len(ordered) > MOST:
        errors = any(not problem.warning for problem in ordered[MOST:])
        more = f"{len(ordered) - MOST} more problems"
        said.append(
            Problem(
                file="pack", found=more, expected="these to be mended first", rule="many", warning=not errors
            )
        )
    return tuple(said)


def _example(problem: Problem) -> str:
    from bot.packs.examples import example

    if problem.warning or problem.rule in ("unknown-key", "duplicate", "syntax"):
        return ""  # a date that was good once, or what should not be there at all, would only confuse
    trail: Trail = tuple(int(part) if part.isdecimal() else part for part in problem.field.split(".") if part)
    text = example(trail, _spare(str(trail[0]))) if trail else ""
    # What the default pack says there may be the very name that this pack no longer has.
    return "" if text and text.split(maxsplit=1)[-1] == problem.found.strip("'") else text
