"""Slack's models as JSON, checked by Slack's own rules, which are looked up once for each kind of block."""

from functools import cache
from typing import Any

from slack_sdk.models.basic_objects import EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST, JsonObject

_MAY_BE_EMPTY = frozenset((one["type"], one["property"]) for one in EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST)


def to_json(value: Any) -> Any:
    """Return what `to_dict` returns, with the same checks and the same `SlackObjectFormationError`.

    `to_dict` searches every attribute of every object for checks each time, which made drawing the dearest part of a
    storm of reminders; here the search is done once for each class.
    """
    if isinstance(value, (list, tuple)):
        return [to_json(one) for one in value]
    if not isinstance(value, JsonObject):
        return value
    kind = type(value)
    if kind.to_dict is not JsonObject.to_dict:
        return {name: to_json(one) for name, one in value.to_dict().items()}
    for check in _checks(kind):
        getattr(value, check)()
    found = ((name, value.get_object_attribute(name)) for name in sorted(value.attributes))
    return {name: to_json(one) for name, one in found if _is_there(value, name, one)}


@cache
def _checks(kind: type[JsonObject]) -> tuple[str, ...]:
    names = (name for name in dir(kind) if not name.startswith("__"))
    return tuple(name for name in names if hasattr(getattr(kind, name), "validator"))


def _is_there(owner: JsonObject, name: str, value: Any) -> bool:
    if value is None:
        return False
    if (getattr(owner, "type", None), name) in _MAY_BE_EMPTY:
        return True
    return len(value) > 0 if hasattr(value, "__len__") else True
