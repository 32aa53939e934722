"""What the bot does with a policy: functions of production, called as production calls them, each with what it answers.

Nothing here may look at the policy itself: what an observer returns is what somebody in Slack, at a terminal or on call notices.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from pydantic import BaseModel

from bot.domain.errors import BotError
from bot.domain.incident import (
    Incident,
    IncidentId,
    Severity,
    UserId,
    Workspace,
)
from bot.domain.policy import Policy, Span
from bot.domain.roles import Directory
from bot.rehearsal import cast

NOW = datetime(2026, 11, 20, 9, 7, tzinfo=UTC)
HERE = Workspace(team_id="T0ACME")
ANA = UserId("ana@acme.example")
TODAY = date(2026, 11, 21)

Observer = Callable[[Policy], object]
OBSERVERS: dict[str, Observer] = {}


def observer(function: Observer) -> Observer:
    OBSERVERS[function.__name__] = function
    return function


def people(policy: Policy, at: datetime = NOW) -> Directory:
    return replace(cast.of_pack(policy), at=at)


def incident(policy: Policy, level: Severity, **changes: Any) -> Incident:
    made = Incident(
        id=IncidentId(f"i{level}"),
        workspace=HERE,
        number=int(level),
        title="Checkout is down",
        severity=level,
        computed_severity=level,
        severity_reason="because",
        scores=dict.fromkeys(policy.dimensions, 3),
        stage=policy.first_stage,
        stage_since=NOW,
        opened_by=ANA,
        opened_at=NOW,
        customer_visible=level < 3,
        policy_version="v",
    )
    return replace(made, **changes)


def incidents(policy: Policy) -> Iterator[Incident]:
    """Yield incidents of every severity, kind, service, trigger, identity and stop-the-line condition there is."""
    for level in policy.severities:
        yield incident(policy, level)
        yield incident(policy, level, scores=dict.fromkeys(policy.dimensions, 1))
    for dimension in policy.dimensions:
        yield incident(policy, Severity.SEV2, scores={dimension: 4})
    names = {
        "kind": policy.kinds,
        "service": policy.services,
        "trigger": policy.triggers,
        "identity": policy.identities,
    }
    for field, known in names.items():
        for name in known:
            for level in (Severity.SEV1, Severity.SEV3):
                yield incident(policy, level, **{field: name}, scores=dict.fromkeys(policy.dimensions, 2))
    for name in policy.stop_the_line.conditions:
        said = {"by": ANA, "at": NOW.isoformat(), "suspected": False}
        yield incident(policy, Severity.SEV2, conditions={name: said})


def tried(*call: Any, **given: Any) -> object:
    """Return what a function answers, or how it refuses."""
    function, *args = call
    try:
        return function(*args, **given)
    except BotError as error:
        return f"{type(error).__name__}: {error}"


def opened() -> Any:
    from bot.domain.items import Reason

    return Reason.OPENED


@cache
def measured() -> tuple[dict[str, object], ...]:
    return tuple(_measured())


def _measured() -> Iterator[dict[str, object]]:
    """Yield what each example of the default pack measures; so that every trigger is seen firing and not firing."""
    pack = default()
    for lane in pack.lanes.values():
        for trigger in lane.triggers.values():
            for example in (*trigger.examples, *trigger.counterexamples):
                yield dict(example.given)
    for row in pack.triggers.values():
        for example in (*row.examples, *row.counterexamples):
            yield dict(example.given)


@cache
def default() -> Policy:
    from tests.packs.full import full

    return full()


def moment_of(at: Incident, policy: Policy) -> Any:
    from bot.domain.fields import moment

    return moment(at, policy)


def drawn(post: Any) -> object:
    return [block.to_dict() if hasattr(block, "to_dict") else block for block in post.blocks]


def observed(name: str, policy: Policy) -> str:
    """Return what an observer notices, as text; the version of the policy is not something that one notices."""
    return repr(_told(OBSERVERS[name](policy.model_copy(update={"version": "v"}))))


def _told(value: object) -> object:
    """Return an answer in plain values; one that hands out the policy's own rows proves nothing and is refused."""
    if isinstance(value, Span):
        return (value.minutes, value.days, value.working)
    assert not isinstance(value, BaseModel), f"{type(value).__name__} is the policy itself"
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _told(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _told(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [
            _told(inner)
            for inner in (sorted(value, key=repr) if isinstance(value, set | frozenset) else value)
        ]
    return value
