"""Exceptions from triggers, and whether the bot may touch a credential by itself."""

from bot.domain import exceptions
from bot.domain.policy import Waiver
from bot.packs.explaining import did_you_mean
from bot.packs.lint.found import Found
from bot.packs.reading import Trail


def check(found: Found) -> None:
    """Refuse exceptions without an end, a reason or the right agreement, and credentials touched without an approved rule."""
    for name, waiver in found.policy.exceptions.items():
        _waiver(found, ("exceptions", name), waiver)
    _remediation(found)


def _waiver(found: Found, here: Trail, waiver: Waiver) -> None:
    policy = found.policy
    found.role((*here, "owner"), waiver.owner)
    found.role((*here, "approved_by"), waiver.approved_by)
    for name in ("asset", "reason"):
        if not getattr(waiver, name).strip():
            found.refuse(
                (*here, name),
                "nothing",
                "words, such as the name of a host or why it waits",
                rule="exception",
            )
    row = policy.triggers.get(waiver.trigger)
    if row is None:
        hint = did_you_mean(waiver.trigger, list(policy.triggers))
        found.refuse(
            (*here, "trigger"), repr(waiver.trigger), "a trigger of this pack", hint, rule="exception"
        )
        return
    if row.exception_by is not None and waiver.approved_by != row.exception_by:
        expected = f"{row.exception_by}, who agrees to exceptions from {waiver.trigger}"
        found.refuse((*here, "approved_by"), repr(waiver.approved_by), expected, rule="exception")
    lasts, longest = waiver.expires_on - waiver.granted_on, exceptions.longest(policy, waiver)
    if longest is not None and not 0 <= lasts.days <= longest.days:
        expected = f"a day from {waiver.granted_on} to {waiver.granted_on + longest}, at most {longest.days} days later"
        found.refuse((*here, "expires_on"), str(waiver.expires_on), expected, rule="exception")


def _remediation(found: Found) -> None:
    rule = found.policy.remediation
    here: Trail = ("remediation",)
    if rule.approved_by is not None:
        found.role((*here, "approved_by"), rule.approved_by)
    lanes = [name for name, lane in found.policy.lanes.items() if lane.timeout == "disable_credential"]
    if rule.approved_rule and rule.approved_rule not in lanes:
        expected = "a lane whose timeout is disable_credential" + (f": {', '.join(lanes)}" if lanes else "")
        found.refuse((*here, "approved_rule"), repr(rule.approved_rule), expected, rule="remediation")
    if rule.touches_credentials and not (rule.approved_rule and rule.approved_by):
        found.refuse(
            (*here, "touches_credentials"), "true without an approved rule", "approved_rule and approved_by beside it",
            "such as approved_rule: security, approved_by: executive_sponsor", rule="remediation",
        )  # fmt: skip
