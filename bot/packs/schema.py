"""The JSON Schema of a pack's files, made from the models: editors complete and check with it while one types."""

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.domain.incident import Severity
from bot.domain.policy import Policy
from bot.packs.explaining import plain_kinds

FILE = "policy.schema.json"
LINE = f"# yaml-language-server: $schema={FILE}"
# Made from the files, never written in them.
MADE = ("version", "templates")
_LEDGER = re.compile(r" ?\((?:domain )?(?:rows? |sections? )?[S\d][\d.-]+(?:(?:,| to| and) [S\d][\d.-]+)*\)")


def schema() -> dict[str, Any]:
    """Return the schema of one file of a pack: any of its keys, none of them required, nothing else.

    Severities and lengths of time are as people write them; each key is explained in the words of the models.
    """
    made = Policy.model_json_schema()
    classes = {model.__name__: model for model in models(Policy)}
    definitions = {
        name: _definition(body, classes.get(name))
        for name, body in made["$defs"].items()
        if name not in ("Severity", "Dimension")
    }
    enums = {name: made["$defs"][name]["enum"] for name in ("Severity", "Dimension") if name in made["$defs"]}
    enums["Severity"] = [level.name for level in Severity]
    definitions["Span"] |= {"oneOf": [{"required": ["minutes"]}, {"required": ["days"]}]}
    keys = {key: body for key, body in made["properties"].items() if key not in MADE}
    told = _definition({"properties": keys}, Policy)
    whole = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A file of a policy pack",
        "description": "Each key stands in one file of the pack; which one is up to you.",
        "type": "object",
        "additionalProperties": False,
        "properties": told["properties"],
        "definitions": dict(sorted(definitions.items())),
    }
    cleaned: dict[str, Any] = _clean(whole, enums)
    return cleaned


def text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def models(kind: type[BaseModel], seen: set[type[BaseModel]] | None = None) -> Iterator[type[BaseModel]]:
    """Yield a model and every model that can stand within it, each once."""
    seen = set() if seen is None else seen
    if kind in seen:
        return
    seen.add(kind)
    yield kind
    for info in kind.model_fields.values():
        for inner in plain_kinds(info.annotation):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from models(inner, seen)


def _definition(body: dict[str, Any], model: type[BaseModel] | None) -> dict[str, Any]:
    """Explain a model and its keys: with the field's own description, or the sentence of the docstring that names it."""
    if model is None:
        return body
    doc = _LEDGER.sub("", " ".join((model.__doc__ or "").split()))
    sentences = re.split(r"(?<=[.:;]) (?=[A-Z`])", doc)
    properties = {}
    for name, said in body.get("properties", {}).items():
        about = _about(model.model_fields[name], name, sentences)
        properties[name] = said | ({"description": about} if about else {})
    return body | ({"description": doc.replace("``", "`")} if doc else {}) | {"properties": properties}


def _about(info: FieldInfo, name: str, sentences: list[str]) -> str:
    if info.description:
        return info.description
    return " ".join(s for s in sentences if f"``{name}``" in s).replace("``", "`")


def _clean(node: Any, enums: dict[str, list[Any]]) -> Any:
    """Return a part of the schema without what only the models need, with named keys where the keys are a closed list."""
    if isinstance(node, list):
        return [_clean(inner, enums) for inner in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[-1]
        rest = {key: node[key] for key in ("description", "examples") if key in node}
        if name in enums:
            default = {"default": _level(node["default"])} if "default" in node else {}
            return rest | {"enum": enums[name]} | default
        link = {"$ref": f"#/definitions/{name}"}
        return rest | {"allOf": [link]} if rest else link
    if "anyOf" in node:  # a key that may be left out is not written as null
        options = [inner for inner in node["anyOf"] if inner != {"type": "null"}]
        rest = {key: value for key, value in node.items() if key != "anyOf"}
        if len(options) == 1:
            return _clean({**rest, **options[0]}, enums)
        return _kept({**rest, "anyOf": _clean(options, enums)})
    names = node.get("propertyNames", {}).get("$ref", "").rsplit("/", 1)[-1]
    if names in enums:
        inner = _clean(node["additionalProperties"], enums)
        node = {k: v for k, v in node.items() if k != "propertyNames"}
        node |= {"properties": dict.fromkeys(enums[names], inner), "additionalProperties": False}
        return _kept(node)
    cleaned = {
        key: {name: _clean(inner, enums) for name, inner in value.items()}
        if key in ("properties", "definitions")
        else value
        if key in ("default", "examples", "enum", "required")
        else _clean(value, enums)
        for key, value in node.items()
    }
    if node.get("items", {}).get("$ref", "").endswith("/Severity") and "default" in cleaned:
        cleaned["default"] = [_level(level) for level in cleaned["default"]]
    return _kept(cleaned)


def _kept(node: dict[str, Any]) -> dict[str, Any]:
    if isinstance(node.get("title"), str) and node.get("title") != "A file of a policy pack":
        node = {key: value for key, value in node.items() if key != "title"}
    if node.get("default") in (None, "", [], {}) or isinstance(node.get("default"), dict):
        node = {key: value for key, value in node.items() if key != "default"}
    if node.get("format") == "time":  # the format of that name wants a zone
        node = {key: value for key, value in node.items() if key != "format"}
        node["pattern"] = r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"
    return node


def _level(value: Any) -> Any:
    return Severity(value).name if isinstance(value, int) else value
