"""YAML text to plain values, remembering where each of them stands.

The text is read event by event, so that what a bomb would grow into is never built: nesting ends at a fixed depth,
anchors and aliases are refused where they stand, and a file's size is bounded before it comes here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.reader import ReaderError

from bot.packs.folder import not_utf8
from bot.packs.problems import Problem

MAX_DEPTH = 40
MAX_VALUES = 20_000
# Of one sort of mistake in one file so many are listed; a file full of tabs has one cause, not ten thousand.
MAX_SAME = 20

Trail = tuple[str | int, ...]
_YAML = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a key (or list entry) and its value begin, counted from 1."""

    file: str
    line: int
    column: int


@dataclass(slots=True, kw_only=True)
class Document:
    """The values of a whole pack, the place of each by its path, and what could not be read."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[Trail, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Trail) -> Place | None:
        """Return where a path stands, or the nearest thing around it that is written down."""
        for length in range(len(path), 0, -1):
            if (found := self.places.get(path[:length])) is not None:
                return found
        return None


class _Stop(Exception):
    """The rest of this file is not read: what stands here would only mislead about it."""


def read(files: Mapping[str, bytes]) -> Document:
    """Read the YAML files of a pack into one document: each top-level key stands in exactly one file.

    Never raises for what the files say: everything that is wrong is listed in ``problems``.
    """
    document = Document()
    for name, raw in sorted(files.items()):
        _read_file(document, name, raw)
    return document


def _read_file(document: Document, name: str, raw: bytes) -> None:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        document.problems.append(not_utf8(name, raw, error))
        return
    if not text.strip():
        document.problems.append(
            Problem(
                file=name, line=1, column=1, found="an empty file", expected="keys with values",
                hint="delete the file if nothing belongs in it", rule="syntax",
            )
        )  # fmt: skip
        return
    if tabs := list(_tabs(name, text)):
        document.problems.extend(tabs)
        return
    before = len(document.problems)
    values: dict[str, Any] = {}
    reader = _Reader(document, name)
    try:
        reader.file(YAML(typ="safe", pure=True).parse(text), values)
    except YAMLError as error:
        document.problems.append(_syntax(name, text, error))
    except _Stop:
        pass
    whole = not any(not problem.field for problem in document.problems[before:])
    if whole:
        document.values.update(values)
    else:  # nothing of a half-read file counts, so that what follows from the cut is not said as well
        document.places = {path: at for path, at in document.places.items() if at.file != name}


def _tabs(name: str, text: str) -> Iterator[Problem]:
    count = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if (column := line.find("\t")) >= 0:
            count += 1
            if count <= MAX_SAME:
                yield Problem(
                    file=name, line=number, column=column + 1, found="a tab", expected="spaces",
                    hint="YAML indents with spaces only", rule="syntax",
                )  # fmt: skip
    if count > MAX_SAME:
        more = f"{count - MAX_SAME} more lines with tabs"
        yield Problem(file=name, found=more, expected="spaces", rule="syntax")


def _syntax(name: str, text: str, error: YAMLError) -> Problem:
    line, column, said = 0, 0, str(error).split("\n", maxsplit=1)[0]
    if isinstance(error, MarkedYAMLError):
        said = error.problem or error.context or said
        if (mark := error.problem_mark or error.context_mark) is not None:
            line, column = mark.line + 1, mark.column + 1
    elif isinstance(error, ReaderError):
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        said = "a character that YAML does not allow"
    return Problem(
        file=name, line=line, column=column, found=said[:200], expected="valid YAML 1.2", rule="syntax"
    )


class _Reader:
    """Reads the events of one file into the document."""

    def __init__(self, document: Document, name: str) -> None:
        self.document = document
        self.name = name
        self.resolver = YAML(typ="safe", pure=True).resolver
        self.shorthands = 0

    def file(self, events: Iterator[Event], into: dict[str, Any]) -> None:
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse(event, (), found="a second document (---)", expected="one in a file")
                    raise _Stop
            elif isinstance(event, MappingStartEvent):
                self.plain(event)
                self.mapping(events, (), into)
            elif isinstance(event, AliasEvent | ScalarEvent | SequenceStartEvent):
                if isinstance(event, ScalarEvent) and not event.value and not event.style:
                    continue  # a file of comments
                self.plain(event)
                self.refuse(event, (), found=_kind(event), expected="keys with values")
                raise _Stop

    def mapping(self, events: Iterator[Event], path: Trail, into: dict[str, Any]) -> dict[str, Any]:
        while not isinstance(key := next(events), MappingEndEvent):
            self.plain(key)
            if not isinstance(key, ScalarEvent):
                self.refuse(key, path, found=_kind(key), expected="a plain key")
                self.skip(events, key)
                self.skip(events, next(events))
                continue
            here = (*path, str(key.value))
            if (earlier := self.document.places.get(here)) is not None:
                self.refuse(
                    key, here, found=f"the key {str(key.value)[:60]!r} again",
                    expected=f"it once (first at {earlier.file}:{earlier.line})", rule="duplicate",
                )  # fmt: skip
                self.skip(events, next(events))
                continue
            self.stands(here, key)
            into[str(key.value)] = self.value(events, next(events), here)
        return into

    def value(self, events: Iterator[Event], event: Event, path: Trail) -> Any:
        self.plain(event)
        if isinstance(event, MappingStartEvent | SequenceStartEvent) and len(path) > MAX_DEPTH:
            self.refuse(event, (), found="very deep nesting", expected=f"at most {MAX_DEPTH} levels")
            raise _Stop
        if isinstance(event, MappingStartEvent):
            return self.mapping(events, path, {})
        if isinstance(event, SequenceStartEvent):
            entries: list[Any] = []
            while not isinstance(entry := next(events), SequenceEndEvent):
                here = (*path, len(entries))
                self.stands(here, entry)
                entries.append(self.value(events, entry, here))
            return entries
        return self.scalar(event) if isinstance(event, ScalarEvent) else None

    def scalar(self, event: ScalarEvent) -> Any:
        """Return what a scalar means; dates and times stay text, so that only the models interpret them."""
        text = str(event.value)
        tag = self.resolver.resolve(ScalarNode, text, event.implicit)
        kind = str(tag).removeprefix(_YAML)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind in ("int", "float"):
            try:
                return int(text, 0) if kind == "int" else float(text)
            except ValueError:
                return text
        return text

    def skip(self, events: Iterator[Event], event: Event) -> None:
        """Pass over a value that does not count."""
        depth = 0
        while True:
            depth += isinstance(event, MappingStartEvent | SequenceStartEvent)
            depth -= isinstance(event, MappingEndEvent | SequenceEndEvent)
            if depth > MAX_DEPTH:
                self.refuse(event, (), found="very deep nesting", expected=f"at most {MAX_DEPTH} levels")
                raise _Stop
            if depth <= 0:
                return
            event = next(events)

    def plain(self, event: Event) -> None:
        """Refuse anchors, aliases and tags: a pack says everything once, plainly, and its text does nothing."""
        said = ""
        if isinstance(event, AliasEvent):
            said = "an alias (*)"
        elif isinstance(event, NodeEvent) and event.anchor is not None:
            said = "an anchor (&)"
        elif getattr(event, "ctag", None) is not None:
            said = "a tag (!)"
        if not said:
            return
        self.shorthands += 1
        self.refuse(
            event, (), found=said, expected="the value written out",
            hint="put text that begins with & * or ! in quotes",
        )  # fmt: skip
        if self.shorthands >= MAX_SAME:
            raise _Stop

    def stands(self, path: Trail, event: Event) -> None:
        if len(self.document.places) >= MAX_VALUES:
            self.refuse(
                event, (), found="too many values", expected=f"at most {MAX_VALUES} in a pack", rule="size"
            )
            raise _Stop
        self.document.places[path] = self.at(event)

    def at(self, event: Event) -> Place:
        mark = event.start_mark
        return Place(file=self.name, line=mark.line + 1, column=mark.column + 1)

    def refuse(
        self, event: Event, path: Trail, *, found: str, expected: str, hint: str = "", rule: str = "syntax"
    ) -> None:
        place, field_ = self.at(event), ".".join(map(str, path))
        problem = Problem(
            file=self.name, line=place.line, column=place.column, field=field_,
            found=found, expected=expected, hint=hint, rule=rule,
        )  # fmt: skip
        self.document.problems.append(problem)


def _kind(event: Event) -> str:
    if isinstance(event, MappingStartEvent):
        return "a mapping"
    return "a list" if isinstance(event, SequenceStartEvent) else "a single value"
