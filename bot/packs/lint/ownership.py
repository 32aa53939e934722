"""Whose the policy is: who approves it, who stands behind it, and when it was last looked at."""

from bot.packs.lint.found import Found


def check(found: Found) -> None:
    """Refuse an owner or a sponsor that is no role or held by nobody, and dates that cannot be.

    A pack without a date for its next review, and one in which a single person may decide for two, is only remarked on.
    """
    policy = found.policy
    for name, role in (("owner", policy.owner), ("sponsor", policy.sponsor)):
        if role is None:
            continue
        if "@" in role or role not in policy.roles:
            found.role((name,), role)
        elif not (slot := policy.roster.get(role)) or not (slot.primary or slot.backup or slot.fallback):
            expected = (
                f"somebody in the roster as {role}: without them no other version could ever come into force"
            )
            found.refuse(
                (name,),
                f"{role}, which nobody holds",
                expected,
                f"roster: {{{role}: {{primary: [ana@acme.example]}}}}",
            )
    found.span(("activation_waits",), policy.activation_waits)
    if (
        policy.reviewed_on is not None
        and policy.review_by is not None
        and policy.review_by <= policy.reviewed_on
    ):
        found.refuse(
            ("review_by",),
            f"{policy.review_by}",
            f"a day after it was reviewed ({policy.reviewed_on}), such as half a year later",
        )
    if policy.review_by is None:
        found.warn(
            (),
            "no review_by",
            "a day by which the policy is looked at again",
            "review_by: 2027-05-03",
            rule="review",
        )
    if policy.profile == "small_team":
        found.warn(
            ("profile",),
            "small_team",
            "standard, where two people must agree",
            "one person may agree for two roles; each time is on record as a single-person approval",
            rule="single-person",
        )
