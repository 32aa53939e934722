"""Kinds of incident and the identities they may be about."""

from bot.packs.explaining import did_you_mean
from bot.packs.lint.found import Found
from bot.packs.reading import Trail

# As long as the name of a choice may be in a form.
LONGEST_ID = 40


def check(found: Found) -> None:
    """Refuse kinds that ask what is asked anyway, questions with the same id, and identities of no service."""
    policy = found.policy
    for kind, row in policy.kinds.items():
        here: Trail = ("kinds", kind)
        if len(kind) > LONGEST_ID:
            found.refuse(here, repr(kind), f"a name of at most {LONGEST_ID} letters", rule="kinds")
        for at, dimension in enumerate(row.asks):
            known = policy.dimensions.get(dimension)
            if known is None:
                found.refuse(
                    (*here, "asks", at), repr(dimension.value), "a dimension of this pack", rule="kinds"
                )
            elif not known.only_with_identity:
                expected = "a dimension that is not asked otherwise (only_with_identity)"
                found.refuse((*here, "asks", at), repr(dimension.value), expected, rule="kinds")
        seen: set[str] = set()
        for at, question in enumerate(row.collect):
            if question.id in seen:
                expected = "an id that no other question of this kind has"
                found.refuse((*here, "collect", at, "id"), repr(question.id), expected, rule="kinds")
            seen.add(question.id)
        found.roles((*here, "notify_first"), row.notify_first)
    _identities(found)


def _identities(found: Found) -> None:
    policy = found.policy
    for name, row in policy.identities.items():
        here: Trail = ("identities", name)
        if row.owner is not None:
            found.role((*here, "owner"), row.owner)
        if row.service and row.service not in policy.services:
            known = list(policy.services)
            hint = did_you_mean(row.service, known)
            found.refuse(
                (*here, "service"), repr(row.service), "one of " + ", ".join(known), hint, rule="kinds"
            )
        if row.owner is None and policy.governance.role is None:
            expected = "an owner, or governance.role: who takes an identity that nobody owns"
            found.refuse(here, "no owner", expected, "owner: iam", rule="kinds")
    if policy.governance.role is not None:
        found.role(("governance", "role"), policy.governance.role)
