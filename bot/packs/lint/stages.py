"""Stages, their moves and their texts."""

from bot.domain.incident import Stage
from bot.packs.explaining import did_you_mean
from bot.packs.lint.found import Found
from bot.packs.reading import Trail

_DELIVERED = ("internal", "customer", "executive")


def check(found: Found) -> None:
    """Refuse moves that lead nowhere and texts that could not be sent."""
    policy = found.policy
    if Stage.TRIAGE not in policy.stages:
        found.refuse(("stages",), "no triage", "the stage that every incident begins in")
    for stage, row in policy.stages.items():
        here: Trail = ("stages", stage.value)
        for at, to in enumerate(row.leads_to):
            if to not in policy.stages or to is stage:
                found.refuse((*here, "leads_to", at), repr(to.value), "another stage of this pack")
        for at, text in enumerate(row.texts):
            if text.audience not in _DELIVERED:
                found.refuse(
                    (*here, "texts", at, "audience"), repr(text.audience), "one of " + ", ".join(_DELIVERED)
                )
            if text.audience != "internal" and not text.approve:
                found.refuse(
                    (*here, "texts", at, "approve"),
                    "false",
                    "true: what goes outside is agreed to by a person",
                )
            if text.template not in policy.templates:
                hint = did_you_mean(text.template, list(policy.templates))
                found.refuse(
                    (*here, "texts", at, "template"), repr(text.template),
                    f"the name of a file templates/{text.template}.txt.j2", hint,
                )  # fmt: skip
