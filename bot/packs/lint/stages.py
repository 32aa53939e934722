"""Stages: their moves, what they need before they are left, their texts."""

from bot.domain.incident import Severity
from bot.domain.policy import StageRow
from bot.packs.explaining import did_you_mean
from bot.packs.lint.found import Found
from bot.packs.reading import Trail

_DELIVERED = ("internal", "customer", "executive")

# A stage's id goes into buttons and into the database.
_LONGEST = 16


def check(found: Found) -> None:
    """Refuse moves that lead nowhere, criteria that could never be met, and texts that could not be sent."""
    policy = found.policy
    if not policy.stages:
        found.refuse(("stages",), "no stage", "at least one: the first is where every incident begins")
    for stage, row in policy.stages.items():
        here: Trail = ("stages", stage)
        if not stage or len(stage) > _LONGEST or not stage.replace("_", "").isalnum():
            expected = f"a name of up to {_LONGEST} letters, digits and _, such as contain"
            found.refuse(here, repr(stage), expected, "what people read is its label")
        for at, to in enumerate(row.leads_to):
            if to not in policy.stages or to == stage:
                others: list[str] = [other for other in policy.stages if other != stage]
                expected = f"another stage of this pack: {', '.join(others) or 'there is none'}"
                found.refuse((*here, "leads_to", at), repr(to), expected, did_you_mean(to, others))
        _criteria(found, here, row)
        _texts(found, here, row)
    _reached(found)
    _required(found)


def _criteria(found: Found, here: Trail, row: StageRow) -> None:
    seen: set[str] = set()
    for at, one in enumerate(row.exit):
        path = (*here, "exit", at)
        if one.id in seen:
            found.refuse((*path, "id"), repr(one.id), "an id that no other criterion of this stage has")
        seen.add(one.id)
        if not one.text.strip():
            found.refuse((*path, "text"), "nothing", "what must be true, such as: the fix is in place")
        if one.check == "legal_engaged" and not found.policy.decision_rights.get("legal"):
            expected = "a pack with decision_rights.legal: the roles that count as legal"
            found.refuse((*path, "check"), "legal_engaged", expected)
        if one.check == "credible" and not found.policy.credible:
            expected = "a pack with questions under credible"
            found.refuse((*path, "check"), "credible", expected, "see triage.yaml")


def _texts(found: Found, here: Trail, row: StageRow) -> None:
    for at, text in enumerate(row.texts):
        path = (*here, "texts", at)
        if text.audience not in _DELIVERED:
            found.refuse((*path, "audience"), repr(text.audience), "one of " + ", ".join(_DELIVERED))
        if text.audience != "internal" and not text.approve:
            found.refuse((*path, "approve"), "false", "true: what goes outside is agreed to by a person")
        if text.template not in found.policy.templates:
            found.refuse(
                (*path, "template"),
                repr(text.template),
                f"the name of a file templates/{text.template}.txt.j2",
                did_you_mean(text.template, list(found.policy.templates)),
            )


def _reached(found: Found) -> None:
    """Every stage must be reachable from the first one: nobody could ever press the button of any other."""
    policy = found.policy
    reached, frontier = {policy.first_stage}, [policy.first_stage]
    while frontier:
        row = policy.stages.get(frontier.pop())
        new = set(row.leads_to if row else ()) - reached
        reached |= new
        frontier += new
    for stage in policy.stages:
        if stage not in reached:
            expected = f"a stage that can be reached from {policy.first_stage}"
            found.refuse(("stages", stage), "no way to it", expected, "name it in some leads_to")


def _required(found: Found) -> None:
    for level in Severity:
        row = found.policy.severities.get(level)
        for at, stage in enumerate(row.stages if row else ()):
            if stage not in found.policy.stages:
                known: list[str] = [*found.policy.stages]
                path, expected = ("severities", level.name, "stages", at), f"one of {', '.join(known)}"
                found.refuse(path, repr(stage), expected, did_you_mean(stage, known))
