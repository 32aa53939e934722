"""Decision rights: every decision that has a door is given to somebody, and to nobody who could not use it."""

from bot.domain import rights
from bot.domain.quorum import ASSIGNEE, SERVICE_OWNER
from bot.packs.explaining import did_you_mean
from bot.packs.lint.found import Found

_APPROVED = frozenset(rights.OF_PROPOSAL.values())

# Which approvals of the severity table are which decision.
_OF_APPROVALS = {
    "raise_severity": "severity",
    "lower_severity": "severity",
    "owner": "assign_lead",
    "external_text": "communications",
    "close": "close",
    "remediation": "remediation",
}


def check(found: Found) -> None:
    """Refuse unknown and missing decisions, unknown roles, and approvers of the severity table without the right."""
    given = found.policy.decision_rights
    for name, roles in given.items():
        path = ("decision_rights", name)
        if name not in rights.DECISIONS:
            known = list(rights.DECISIONS)
            hint = did_you_mean(name, known)
            found.refuse(path, f"the decision {name!r}", "one of " + ", ".join(known), hint)
            continue
        if not roles:
            found.refuse(path, "nobody", "at least one role that may decide")
        also = (ASSIGNEE, SERVICE_OWNER) if name in _APPROVED else tuple(rights.WORDS)
        found.roles(path, roles, also=() if name == "legal" else also)
    for name, meaning in rights.DECISIONS.items():
        if name not in given:
            found.refuse(
                ("decision_rights",), f"no {name}", f"who may {meaning}, such as {name}: [{_example(name)}]"
            )
    _approvers(found)


def _example(name: str) -> str:
    return "incident_manager" if name in _APPROVED else "assignee, roster"


def _approvers(found: Found) -> None:
    for level, row in found.policy.severities.items():
        for approval, decision in _OF_APPROVALS.items():
            able = found.policy.decision_rights.get(decision)
            if able is None:
                continue
            for at, roles in enumerate(getattr(row.approvals, approval)):
                for within, role in enumerate(roles):
                    if (role in found.policy.roles or role == SERVICE_OWNER) and role not in able:
                        path = ("severities", level.name, "approvals", approval, at, within)
                        expected = f"a role that decision_rights.{decision} names: {', '.join(able)}"
                        found.refuse(path, f"the role {role!r}", expected)
