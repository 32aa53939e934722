"""YAML text to plain values, remembering where each of them stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.tokens import AliasToken, AnchorToken, TagToken

from bot.packs.problems import Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 40

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


def read(files: Mapping[str, bytes]) -> Document:
    """Read the YAML files of a pack into one document: each top-level key stands in exactly one file.

    Never raises for what the files say: everything that is wrong is listed in ``problems``.
    """
    document = Document()
    if sum(map(len, files.values())) > MAX_BYTES:
        found = f"{sum(map(len, files.values()))} bytes"
        document.problems.append(
            Problem(file="pack", found=found, expected=f"at most {MAX_BYTES} bytes in all YAML files")
        )
        return document
    for name, raw in sorted(files.items()):
        _read_file(document, name, raw)
    return document


def _read_file(document: Document, name: str, raw: bytes) -> None:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        document.problems.append(
            Problem(file=name, line=line, column=1, found="bytes that are not UTF-8", expected="UTF-8 text")
        )
        return
    if forbidden := [*_tabs(name, text), *_shorthands(name, text)]:
        document.problems.extend(forbidden)
        return
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        document.problems.append(_syntax(name, error))
        return
    except RecursionError:
        document.problems.append(
            Problem(file=name, found="very deep nesting", expected=f"at most {MAX_DEPTH} levels")
        )
        return
    if root is None:
        return
    if not isinstance(root, MappingNode):
        mark = root.start_mark
        problem = Problem(
            file=name,
            line=mark.line + 1,
            column=mark.column + 1,
            found=_kind(root),
            expected="keys with values",
        )
        document.problems.append(problem)
        return
    _Reader(document, name).mapping(root, (), document.values)


def _tabs(name: str, text: str) -> Iterator[Problem]:
    for number, line in enumerate(text.splitlines(), start=1):
        if (column := line.find("\t")) >= 0:
            yield Problem(file=name, line=number, column=column + 1, found="a tab", expected="spaces")


def _shorthands(name: str, text: str) -> Iterator[Problem]:
    """Refuse anchors, aliases and tags: a pack says everything once, plainly, and its text does nothing."""
    if not any(sign in text for sign in "&*!"):
        return
    banned = {AnchorToken: "an anchor (&)", AliasToken: "an alias (*)", TagToken: "a tag (!)"}
    try:
        for token in YAML(typ="safe", pure=True).scan(text):
            for kind, said in banned.items():
                if isinstance(token, kind):
                    mark = token.start_mark
                    yield Problem(
                        file=name, line=mark.line + 1, column=mark.column + 1, found=said,
                        expected="the value written out", hint="put text that begins with & * or ! in quotes",
                    )  # fmt: skip
    except YAMLError:
        return  # composing reports it, once


def _syntax(name: str, error: YAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark if isinstance(error, MarkedYAMLError) else None
    said = (
        (error.problem or error.context or str(error))
        if isinstance(error, MarkedYAMLError)
        else str(error).split("\n")[0]
    )
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
    return Problem(file=name, line=line, column=column, found=said, expected="valid YAML 1.2")


class _Reader:
    """Walks the nodes of one file into the document."""

    def __init__(self, document: Document, name: str) -> None:
        self.document = document
        self.name = name

    def mapping(self, node: MappingNode, path: Trail, into: dict[str, Any]) -> dict[str, Any]:
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self.refuse(key_node, path, found=_kind(key_node), expected="a plain key")
                continue
            here = (*path, str(key_node.value))
            if (earlier := self.document.places.get(here)) is not None:
                where = f"{earlier.file}:{earlier.line}"
                self.refuse(
                    key_node,
                    here,
                    found=f"the key {key_node.value!r} again",
                    expected=f"it once (first at {where})",
                )
                continue
            self.document.places[here] = self.at(key_node)
            into[str(key_node.value)] = self.value(value_node, here)
        return into

    def value(self, node: Node, path: Trail) -> Any:
        if len(path) > MAX_DEPTH:
            self.refuse(node, path, found="very deep nesting", expected=f"at most {MAX_DEPTH} levels")
            return None
        if isinstance(node, MappingNode):
            return self.mapping(node, path, {})
        if isinstance(node, SequenceNode):
            entries = []
            for index, entry in enumerate(node.value):
                self.document.places[*path, index] = self.at(entry)
                entries.append(self.value(entry, (*path, index)))
            return entries
        return _scalar(node)

    def at(self, node: Node) -> Place:
        return Place(file=self.name, line=node.start_mark.line + 1, column=node.start_mark.column + 1)

    def refuse(self, node: Node, path: Trail, *, found: str, expected: str) -> None:
        place = self.at(node)
        field = ".".join(map(str, path))
        problem = Problem(
            file=self.name, line=place.line, column=place.column, field=field, found=found, expected=expected
        )
        self.document.problems.append(problem)


def _scalar(node: Node) -> Any:
    """Return what a scalar means; dates and times stay text, so that only the models interpret them."""
    text = str(node.value)
    kind = str(node.tag).removeprefix(_YAML)
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


def _kind(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "a mapping"
    return "a list" if isinstance(node, SequenceNode) else "a single value"


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the YAML files of a pack by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.yaml")) if path.is_file()}
