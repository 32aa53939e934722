"""The words for what the domain names: the same thing is called the same everywhere."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from blocks import kit
from bot.domain import quorum
from bot.domain.incident import Incident, Role, Severity, Stage, Status
from bot.domain.items import Item, ItemKind, ItemState, Reason
from bot.domain.policy import Policy

WHY_ASKED: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.OPENED: "your role is called in at this severity",
        Reason.MISSED: "whoever was asked before you did not answer in time",
        Reason.VACANCY: "the place before you on the ladder is vacant",
        Reason.DECLINED: "whoever was asked before you declined",
        Reason.UNDELIVERED: "whoever was asked before you could not be reached",
        Reason.SEVERITY: "the severity changed and your role is called in now",
        Reason.RESCORED: "the answers changed and your role is called in now",
        Reason.STOPPED: "a stop-the-line condition holds and calls your role in",
        Reason.SERVICE: "the incident is about a service that calls your role in",
        Reason.ASKED_NOW: "somebody asked for the next person without waiting",
        Reason.LEASE: "nothing was heard for a while from whoever had it, so somebody has to take it anew",
    }
)

STATUS: Mapping[Status, str] = MappingProxyType(
    {
        Status.OPEN: "Waiting for an answer",
        Status.ACKNOWLEDGED: "Being worked on",
        Status.CLOSED: "Closed",
    }
)

TARGETS: Mapping[str, str] = MappingProxyType(
    {
        "acknowledge": "Acknowledge by",
        "contain": "Contain by",
        "resolve": "Resolve by",
        "internal_update": "Internal update by",
        "external_update": "Customer update by",
        "executive_brief": "Executive brief by",
    }
)

AUDIENCES: Mapping[str, str] = MappingProxyType(
    {
        "internal": "Internal update",
        "customer": "Customer update",
        "executive": "Executive brief",
        "support": "Support text",
        "legal": "Legal brief",
    }
)


def role(policy: Policy | None, name: Role | None) -> str:
    """Return a role as people read it, escaped; without a policy, by its bare name."""
    return kit.escape(role_label(policy, name))


def role_label(policy: Policy | None, name: Role | None) -> str:
    """Return a role as people read it, for buttons, where nothing is escaped."""
    if name is None:
        return "owner"
    return quorum.label(policy, name)


def who_must_agree(policy: Policy, needs: Sequence[tuple[Role, ...]]) -> str:
    """Return who has to agree, escaped: "incident manager or L2 lead, and technical lead"."""
    return kit.escape(quorum.words(policy, tuple(needs)))


def stage(policy: Policy, name: Stage) -> str:
    """Return a stage as people read it, escaped."""
    row = policy.stages.get(name)
    return kit.escape(row.label if row else name.capitalize())


def severity(policy: Policy, level: Severity) -> str:
    """Return "SEV2 (major)", escaped."""
    row = policy.severities.get(level)
    return f"{level.name} ({kit.escape(row.label)})" if row else level.name


def headline(incident: Incident) -> str:
    """Return "INC-42 · SEV2 · Checkout is down" for a headline, where nothing is escaped."""
    return (
        f"{'DRILL · ' if incident.drill else ''}{incident.key} · {incident.severity.name} · {incident.title}"
    )


def name(incident: Incident) -> str:
    """Return "INC-42 (SEV2): Checkout is down", escaped, with the drill named first."""
    if incident.is_desk:
        return "this workspace"
    drill = "DRILL " if incident.drill else ""
    return f"{drill}{incident.key} ({incident.severity.name}): {kit.outside(incident.title, 300)}"


def short(incident: Incident) -> str:
    """Return "INC-42 (SEV2)": what may be said to somebody who was not called in."""
    return f"{'DRILL ' if incident.drill else ''}{incident.key} ({incident.severity.name})"


def masked(incident: Incident) -> str:
    """Return what everybody may know of a private incident: "private incident INC-42 (SEV2)"."""
    drill = "DRILL " if incident.drill else ""
    return f"{drill}private incident {incident.key} ({incident.severity.name})"


def settled(policy: Policy | None, item: Item, name: str) -> str:
    """Return that a duty is over, who did it and when; ``name`` is the incident's, escaped."""
    owed = duty(policy, item)
    if item.state is ItemState.DONE and item.answered_by is not None:
        at = f" at {kit.when(item.answered_at, item.asked_at)}" if item.answered_at else ""
        return f":white_check_mark: *{name}*: done by {kit.mention(item.answered_by)}{at} ({owed})."
    if item.state is ItemState.DONE:
        return f":white_check_mark: *{name}*: this is done ({owed})."
    return f":white_circle: *{name}*: no longer needed ({owed})."


def duty(policy: Policy | None, item: Item) -> str:
    """Return what a person owes, as a short phrase, escaped."""
    match item.kind:
        case ItemKind.ACKNOWLEDGE:
            # Lists show many incidents without their policies; the title was written with the role's own name.
            title = item.title[:1].lower() + item.title[1:]
            return f"acknowledge as {role(policy, item.role)}" if policy else kit.outside(title, 300)
        case ItemKind.APPROVAL:
            return f"decide: {kit.outside(item.title, 300)}"
        case ItemKind.NEXT_STEP:
            text = str(item.details.get("text") or "")
            return f"next step: {kit.outside(text, 300)}" if text else "say what the next step is"
        case ItemKind.UPDATE:
            return "post the promised update"
        case ItemKind.SETTLE:
            return f"settle what is unknown: {kit.outside(item.title, 300)}"
        case ItemKind.OFFER | ItemKind.HANDOVER:
            return kit.outside(item.title[:1].lower() + item.title[1:], 300)
        case ItemKind.TASK:
            return kit.outside(item.title, 300)


def is_asked(item: Item) -> bool:
    """Tell whether this page still waits for somebody to answer."""
    unanswered = item.answered_by is None and item.state in (ItemState.OPEN, ItemState.EXHAUSTED)
    return item.kind is ItemKind.ACKNOWLEDGE and unanswered
