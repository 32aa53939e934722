"""The rules of the offline advisor."""

from bot.packs.lint.found import Found


def check(found: Found) -> None:
    """Refuse rules with the same id, unknown dimensions or empty phrases."""
    seen: set[str] = set()
    for at, rule in enumerate(found.policy.advice):
        if rule.id in seen:
            found.refuse(("advice", at, "id"), repr(rule.id), "an id that no other rule has")
        seen.add(rule.id)
        if rule.dimension not in found.policy.dimensions:
            found.refuse(("advice", at, "dimension"), repr(rule.dimension.value), "a dimension of this pack")
        if not all(phrase.strip() for phrase in rule.any_of):
            found.refuse(("advice", at, "any_of"), "an empty phrase", "words that somebody might say")
