"""Thresholds: each has a number, a decision-maker and something to decide."""

from bot.domain.policy import Threshold
from bot.packs.explaining import did_you_mean
from bot.packs.lint.found import Found
from bot.packs.reading import Trail

# What each measure is given as, with an example.
_NEEDS = {
    "age": (("span",), "span: {minutes: 240}"),
    "stage_dwell": (("span",), "span: {minutes: 45}"),
    "repeats": (("count", "within_days"), "count: 3 and within_days: 30"),
    "impact": (("dimension", "count"), "dimension: data and count: 3"),
}
_NUMBERS = ("span", "count", "within_days", "dimension")


def check(found: Found) -> None:
    """Refuse a threshold without its number or its owner, and one that could never be crossed."""
    for name, threshold in found.policy.thresholds.items():
        here: Trail = ("thresholds", name)
        found.role((*here, "owner"), threshold.owner)
        if not threshold.says.strip():
            found.refuse((*here, "says"), "nothing", "what is to be decided, such as: Decide on more people.")
        _numbers(found, here, threshold)
        for at, stage in enumerate(threshold.stages):
            if stage not in found.policy.stages:
                known: list[str] = [*found.policy.stages]
                expected = f"one of {', '.join(known)}"
                found.refuse((*here, "stages", at), repr(stage), expected, did_you_mean(stage, known))


def _numbers(found: Found, here: Trail, threshold: Threshold) -> None:
    needed, example = _NEEDS[threshold.measure]
    given = [name for name in _NUMBERS if getattr(threshold, name) is not None]
    for name in needed:
        if name not in given:
            found.refuse(here, f"{threshold.measure} without {name}", example)
    for name in given:
        if name not in needed:
            found.refuse((*here, name), f"{name} with {threshold.measure}", f"only {example}")
    if threshold.span is not None:
        found.span((*here, "span"), threshold.span)
    dimension = threshold.dimension
    if dimension is not None and dimension not in found.policy.dimensions:
        found.refuse((*here, "dimension"), repr(dimension.value), "a dimension of this pack")
    if threshold.measure == "impact" and (threshold.count or 0) > 4:
        found.refuse((*here, "count"), str(threshold.count), "a score from 1 to 4")
    if threshold.measure == "repeats" and threshold.count == 1:
        found.refuse((*here, "count"), "1", "2 or more: the first time is no repetition")
