"""What a stage needs before it is left for a later one: seen by the bot, ticked by a person, or overridden aloud."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot.domain import progress, quorum
from bot.domain.decision import INCIDENT, Decision, Fact, Notice, NoticeKind
from bot.domain.incident import Dimension, Incident, Stage, Status, UserId
from bot.domain.items import Item, ItemKind
from bot.domain.policy import Check, Criterion, Policy

Seen = Callable[[Incident, Sequence[Item], Policy], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What is still missing before an incident may enter a later stage.

    ``strict`` and ``asked`` are criteria of the stage it is in, ``skipped`` the stages that its severity says may not be
    passed over. Only ``strict`` and ``skipped`` hold it back.
    """

    strict: tuple[Criterion, ...] = ()
    asked: tuple[Criterion, ...] = ()
    skipped: tuple[Stage, ...] = ()

    @property
    def holds_back(self) -> bool:
        return bool(self.strict or self.skipped)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria that are not met, the strict ones first."""
        return self.strict + self.asked


def wanted(policy: Policy, incident: Incident) -> tuple[Criterion, ...]:
    """Return the exit criteria of the stage an incident is in, as far as its severity and its case ask for them."""
    row = policy.stages.get(incident.stage)
    return tuple(one for one in row.exit if _applies(one, incident, policy)) if row is not None else ()


def is_met(criterion: Criterion, incident: Incident, items: Sequence[Item], policy: Policy) -> bool:
    """Tell whether a criterion of the incident's stage holds now, or was overridden."""
    if progress.has(incident, progress.criterion(incident.stage, criterion.id)):
        return True
    return criterion.check is not None and CHECKS[criterion.check](incident, items, policy)


def unmet(incident: Incident, items: Sequence[Item], policy: Policy) -> tuple[Criterion, ...]:
    """Return what the stage an incident is in still needs."""
    return tuple(one for one in wanted(policy, incident) if not is_met(one, incident, items, policy))


def missing(incident: Incident, items: Sequence[Item], policy: Policy, to: Stage) -> Missing:
    """Return what is missing before ``to`` may be entered; nothing on the way back to an earlier stage."""
    order = list(policy.stages)
    if to not in order or incident.stage not in order or order.index(to) <= order.index(incident.stage):
        return Missing()
    left = unmet(incident, items, policy)
    return Missing(
        strict=tuple(one for one in left if one.strict),
        asked=tuple(one for one in left if not one.strict),
        skipped=tuple(
            stage for stage in passed_over(incident, policy) if order.index(stage) < order.index(to)
        ),
    )


def passed_over(incident: Incident, policy: Policy) -> tuple[Stage, ...]:
    """Return the stages that the severity requires and the incident has not been in."""
    required = policy.row(incident.severity).stages
    return tuple(
        stage
        for stage in policy.stages
        if stage in required
        and stage not in (policy.first_stage, incident.stage)
        and not progress.has(incident, stage)
    )


def words(policy: Policy, lacks: Missing) -> str:
    """Return what is missing for a sentence: each criterion and each stage passed over by its name."""
    stages = [f"{policy.stages[stage].label} (not yet done)" for stage in lacks.skipped]
    return "; ".join([*(one.text for one in lacks.strict), *stages])


def tick(incident: Incident, ticks: Iterable[str], policy: Policy, *, by: UserId, now: datetime) -> Decision:
    """Keep what a person says is met in the stage the incident is in; what the bot sees for itself is not ticked."""
    able = {one.id for one in wanted(policy, incident) if one.check is None}
    new = [
        one
        for one in dict.fromkeys(ticks)
        if one in able and not progress.has(incident, progress.criterion(incident.stage, one))
    ]
    names = [progress.criterion(incident.stage, one) for one in new]
    facts = tuple(
        Fact(
            kind="criterion.met",
            data={"stage": incident.stage, "criterion": one, "by": by},
            rule=f"gate.{incident.stage}.{one}",
        )
        for one in new
    )
    return Decision(incident=progress.kept(incident, now, *names, by=by), facts=facts)


def override(
    incident: Incident, lacks: Missing, policy: Policy, to: Stage, *, by: UserId, reason: str, now: datetime
) -> Decision:
    """Let an incident go on although something is missing: each of it is on record with the reason, and said aloud."""
    names = [progress.criterion(incident.stage, one.id) for one in lacks.strict]
    overridden = progress.kept(incident, now, *names, *lacks.skipped, by=by, overridden=reason)
    left = [("criterion", one.id, one.text) for one in lacks.strict]
    left += [("stage", stage, policy.stages[stage].label) for stage in lacks.skipped]
    facts = tuple(
        Fact(
            kind="criterion.overridden",
            data={"stage": incident.stage, "to": to, kind: name, "text": text, "by": by, "reason": reason},
            rule=f"gate.{incident.stage}.{name}",
        )
        for kind, name, text in left
    )
    said = {
        "line": "gate_overridden",
        "by": by,
        "from": incident.stage,
        "to": to,
        "what": "; ".join(text for _, _, text in left),
        "reason": reason,
        "text": f"{incident.key} goes on with something missing.",
    }
    key = f"{incident.id}/overridden/{incident.version}"
    return Decision(
        incident=overridden,
        facts=facts,
        notices=(Notice(kind=NoticeKind.LINE, to=INCIDENT, key=key, data=said),),
    )


def overridden(incident: Incident) -> tuple[tuple[str, str, UserId], ...]:
    """Return what was overridden so far: its name, the reason, and by whom."""
    return tuple(
        (name, str(how["overridden"]), UserId(str(how.get("by", ""))))
        for name, how in incident.ticked.items()
        if how.get("overridden")
    )


def _applies(criterion: Criterion, incident: Incident, policy: Policy) -> bool:
    if incident.severity not in criterion.severities:
        return False
    return not criterion.any_of or any(quorum.holds(incident, when, policy) for when in criterion.any_of)


def _next_step_set(_incident: Incident, items: Sequence[Item], _policy: Policy) -> bool:
    steps = (item for item in items if item.kind is ItemKind.NEXT_STEP)
    return any(item.details.get("text") for item in steps)


def _legal_engaged(_incident: Incident, items: Sequence[Item], policy: Policy) -> bool:
    able = policy.decision_rights.get("legal", ())
    return any(item.kind is ItemKind.ACKNOWLEDGE and item.role in able for item in items)


def _data_classified(incident: Incident, _items: Sequence[Item], policy: Policy) -> bool:
    return Dimension.DATA not in policy.dimensions or incident.scores.get(Dimension.DATA) is not None


def _credible(incident: Incident, _items: Sequence[Item], policy: Policy) -> bool:
    return all(incident.answers.get(f"credible:{one.id}") for one in policy.credible)


def _collected(incident: Incident, _items: Sequence[Item], policy: Policy) -> bool:
    kind = policy.kinds.get(incident.kind)
    return kind is None or all(incident.answers.get(f"collect:{one.id}") for one in kind.collect)


CHECKS: Mapping[Check, Seen] = MappingProxyType(
    {
        "severity_confirmed": lambda incident, _items, _policy: bool(incident.answers.get("severity")),
        "scope_set": lambda incident, _items, _policy: bool(incident.answers.get("scope")),
        "data_classified": _data_classified,
        "credible": _credible,
        "collected": _collected,
        "acknowledged": lambda incident, _items, _policy: incident.status is not Status.OPEN,
        "lead_set": lambda incident, _items, _policy: incident.lead is not None,
        "next_step_set": _next_step_set,
        "legal_engaged": _legal_engaged,
    }
)
