"""The arguments of one call, whether they came as a query, a form or JSON."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.refused import Refused

_FALSE = ("", "0", "false", "False")


class Args(dict[str, Any]):
    """Arguments by name, read as the type a method wants; a value of a wrong type is an illegal call."""

    def text(self, name: str, default: str = "") -> str:
        value = self.get(name)
        if value is None:
            return default
        if isinstance(value, (dict, list)):
            raise Refused.invalid("invalid_arguments", f"{name} must be a string")
        return str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.get(name)
        if value is None:
            return default
        return value if isinstance(value, bool) else str(value) not in _FALSE

    def number(self, name: str, default: int) -> int:
        value = self.get(name)
        try:
            return default if value is None or value == "" else int(value)
        except (TypeError, ValueError):
            raise Refused.invalid(
                "invalid_arguments", f"{name} must be a whole number, not {value!r}"
            ) from None

    def names(self, name: str) -> list[str]:
        """A list that may come as JSON or as text with commas."""
        value = self.get(name)
        parts = value if isinstance(value, list) else str(value or "").split(",")
        return [str(part).strip() for part in parts if str(part).strip()]

    def json(self, name: str, kind: type, error: str) -> Any:
        """A JSON value of this kind, also when it came as text; None when absent, `error` when broken."""
        value = self.get(name)
        if isinstance(value, str):
            try:
                value = json.loads(value) if value.strip() else None
            except ValueError:
                raise Refused.invalid(error, f"{name} is not valid JSON") from None
        if value is not None and not isinstance(value, kind):
            raise Refused.invalid(error, f"{name} must be {_JSON_NAMES[kind.__name__]}")
        return value


_JSON_NAMES = {"list": "a JSON array", "dict": "a JSON object"}


async def read(request: web.Request) -> tuple[Args, bool]:
    """The arguments of a request from query, form and JSON together, and whether JSON carried any.

    Raises `Refused` with Slack's codes for a body that is not what its content type says.
    """
    found: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        raw = await _text(request)
        body = _decoded(raw) if raw.strip() else {}
        return Args({**found, **body}), bool(body)
    form: Mapping[str, Any] = await request.post()
    return Args({**found, **{name: value for name, value in form.items() if isinstance(value, str)}}), False


async def _text(request: web.Request) -> str:
    try:
        return await request.text()
    except (UnicodeDecodeError, LookupError):
        raise Refused.invalid("invalid_charset", "the body is not in the character set it names") from None


def _decoded(raw: str) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError:
        raise Refused.invalid("invalid_json", "the body is not valid JSON") from None
    if not isinstance(body, dict):
        raise Refused.invalid("json_not_object", "the body must be a JSON object")
    return {name: value for name, value in body.items() if value is not None}
