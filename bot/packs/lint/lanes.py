"""The agent matrix: every lane is complete, somebody else stands behind its owner, and silence never approves."""

from bot.domain import hours
from bot.domain.observations import Condition
from bot.domain.policy import Lane, LaneRules, Slot
from bot.packs.lint import triggers
from bot.packs.lint.found import Found
from bot.packs.lint.overlaps import overlap
from bot.packs.reading import Trail

# From this time to decide on down, nobody may be alone with a lane.
URGENT_MINUTES = 60
_TEXTS = ("label", "agent_action", "operator_action", "timeout_action")


def check(found: Found) -> None:
    """Refuse lanes that nobody could answer in time, that go on by themselves, or whose triggers are vague."""
    rules = found.policy.lane_rules
    for name in LaneRules.model_fields:
        if name.endswith("_within"):
            found.span(("lane_rules", name), getattr(rules, name))
    conditions: dict[str, tuple[Trail, Condition]] = {}
    leads: dict[int, str] = {}
    for name, lane in found.policy.lanes.items():
        here: Trail = ("lanes", name)
        _words(found, here, lane)
        _people(found, here, lane)
        _silence(found, here, lane)
        if (earlier := leads.setdefault(lane.precedence, name)) != name:
            expected = f"a number of its own ({earlier} has it), so that it is clear which lane leads"
            found.refuse((*here, "precedence"), str(lane.precedence), expected, rule="lane")
        for trigger, row in lane.triggers.items():
            path = (*here, "triggers", trigger)
            if (condition := triggers.expression(found, path, row)) is not None:
                conditions[f"{name}/{trigger}"] = ((*path, "when"), condition)
    _overlaps(found, conditions)
    _everywhere(found)


def _words(found: Found, here: Trail, lane: Lane) -> None:
    for field in _TEXTS:
        if not getattr(lane, field).strip():
            found.refuse((*here, field), "nothing", "words for whoever reads it at night", rule="lane")
    if not lane.after_timeout.says.strip():
        found.refuse((*here, "after_timeout", "says"), "nothing", "what holds after the timeout", rule="lane")
    if not all(text.strip() for text in lane.evidence):
        found.refuse(
            (*here, "evidence"),
            "an empty line",
            "what the agent must show, such as the original request",
            rule="lane",
        )
    found.span((*here, "urgency"), lane.urgency)
    for field in ("repeat", "tell_after"):
        if (span := getattr(lane.after_timeout, field)) is not None:
            found.span((*here, "after_timeout", field), span)


def _people(found: Found, here: Trail, lane: Lane) -> None:
    found.role((*here, "owner"), lane.owner)
    found.roles((*here, "after_timeout", "tell"), lane.after_timeout.tell)
    if lane.backup is not None:
        found.role((*here, "backup"), lane.backup)
    if not is_urgent(found, lane) and lane.timeout != "fallback_approver":
        return
    why = "at most an hour to decide" if is_urgent(found, lane) else "its timeout asks the backup"
    owner = found.policy.roster.get(lane.owner, Slot())
    behind = found.policy.roster.get(lane.backup, Slot()).primary if lane.backup else owner.backup
    if not owner.primary:
        found.refuse(
            (*here, "owner"), f"nobody on the roster as {lane.owner}", f"somebody: {why}", rule="urgent"
        )
    if not set(behind) - set(owner.primary):
        said = "no backup" if not behind else "a backup who is the owner"
        expected = f"somebody behind the owner ({why})"
        hint = f"fill roster.{lane.owner}.backup, or name another role as backup"
        found.refuse((*here, "backup" if lane.backup else "owner"), said, expected, hint, rule="urgent")


def _silence(found: Found, here: Trail, lane: Lane) -> None:
    if lane.irreversible and lane.safe_to_continue == "yes":
        expected = "this_item_no, safe_path_only or no: what cannot be undone waits for a person"
        found.refuse((*here, "safe_to_continue"), "yes", expected, rule="silence")
    if is_urgent(found, lane) and lane.urgency.working:
        expected = "a time by the clock: an urgent lane does not wait for support hours"
        found.refuse((*here, "urgency"), "support hours", expected, "such as {minutes: 15}", rule="urgent")


def is_urgent(found: Found, lane: Lane) -> bool:
    """Tell whether a lane leaves so little time that nobody may be alone with it."""
    length = hours.length(lane.urgency, found.policy.support_hours)
    return 0 < length.total_seconds() <= URGENT_MINUTES * 60


def _overlaps(found: Found, conditions: dict[str, tuple[Trail, Condition]]) -> None:
    names = list(conditions)
    for at, name in enumerate(names):
        path, condition = conditions[name]
        for other in names[:at]:
            if shared := overlap(conditions[other][1], condition):
                said = f"the same {shared} as {other}"
                found.warn(path, said, "ranges that do not meet, or one trigger", rule="overlap")


def _everywhere(found: Found) -> None:
    """One person who is asked in every lane is asked everything at once when it matters."""
    lanes = found.policy.lanes
    if len(lanes) < 2:
        return
    owners = [set(found.policy.roster.get(lane.owner, Slot()).primary) for lane in lanes.values()]
    for person in sorted(set.intersection(*owners)):
        for name, lane in lanes.items():
            said, expected = f"{person} as the owner of every lane", "somebody else in at least one of them"
            if is_urgent(found, lane):
                found.refuse(("lanes", name, "owner"), said, expected, rule="everywhere")
            else:
                found.warn(("lanes", name, "owner"), said, expected, rule="everywhere")
