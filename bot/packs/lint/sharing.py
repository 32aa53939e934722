"""Data-sharing rules."""

from bot.domain.incident import Dimension
from bot.packs.lint.found import Found
from bot.packs.reading import Trail


def check(found: Found) -> None:
    """Refuse rules whose roles nobody has, that look at a dimension the pack lacks, or that do not say why."""
    for name, rule in found.policy.data_sharing.items():
        here: Trail = ("data_sharing", name)
        found.roles((*here, "roles"), rule.roles)
        if Dimension(rule.dimension) not in found.policy.dimensions:
            found.refuse(
                (*here, "dimension"), repr(rule.dimension), "a dimension of this pack", rule="sharing"
            )
        if not rule.says.strip():
            found.refuse(
                (*here, "says"), "nothing", "one sentence for whoever is asked to agree", rule="sharing"
            )
