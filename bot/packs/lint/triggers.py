"""Triggers: every one is observable, typed, shown by examples that it judges as they say, and opens what exists."""

from collections.abc import Mapping

from bot.domain import expressions, observations, triggers
from bot.domain.observations import Compared, Condition
from bot.domain.policy import AutoTrigger, Example, Trigger
from bot.packs.explaining import did_you_mean
from bot.packs.lint.found import Found
from bot.packs.reading import Trail


def check(found: Found) -> None:
    """Refuse triggers that nobody can measure, that make somebody wait longer, or that open what is not in the pack."""
    policy = found.policy
    for name, metric in policy.metrics.items():
        if vague := set(name.lower().split("_")) & set(expressions.VAGUE):
            said = f"the vague word {min(vague)!r} in a metric"
            found.refuse(
                ("metrics", name), said, "a name for what is measured", "such as confidence", rule="vague"
            )
        if not metric.meaning.strip():
            found.refuse(
                ("metrics", name, "meaning"), "nothing", "what is measured, in words", rule="trigger"
            )
    for name, row in policy.triggers.items():
        here: Trail = ("triggers", name)
        expression(found, here, row)
        _opens(found, here, row)


def expression(found: Found, here: Trail, row: Trigger | AutoTrigger) -> Condition | None:
    """Refuse an expression that is not observable, or an example that it judges otherwise; return its condition."""
    try:
        condition = expressions.read(row.when, found.policy.metrics)
    except expressions.BadExpression as bad:
        rule = "vague" if bad.vague else "trigger"
        found.refuse((*here, "when"), bad.found, bad.expected, bad.hint, rule=rule)
        return None
    for metric in sorted({p.metric for p in observations.parts_of(condition) if isinstance(p, Compared)}):
        if found.policy.metrics[metric].type == "number" and not found.policy.metrics[metric].unit:
            hint = f"give metrics.{metric} a unit, such as percent"
            found.warn(
                (*here, "when"), f"{metric} without a unit", "a threshold with its unit", hint, rule="unit"
            )
    for part, wanted in (("examples", True), ("counterexamples", False)):
        for at, example in enumerate(getattr(row, part)):
            _example(found, (*here, part, at), condition, example, wanted)
    if not row.counterexamples:
        found.warn(
            here, "no counterexample", "one case that does not fire",
            "such as counterexamples: [{says: an ordinary case, given: {confidence: 0.9}}]", rule="counterexample",
        )  # fmt: skip
    return condition


def _example(found: Found, path: Trail, condition: Condition, example: Example, wanted: bool) -> None:
    metrics = found.policy.metrics
    values = observations.measured(example.given, metrics)
    for name, value in example.given.items():
        if name not in metrics:
            hint = did_you_mean(name, list(metrics))
            found.refuse(
                (*path, "given", name),
                f"the unknown metric {name!r}",
                "a metric of this pack",
                hint,
                rule="trigger",
            )
            return
        if name not in values:
            expected = _WRITTEN[metrics[name].type]
            found.refuse((*path, "given", name), repr(value), expected, rule="trigger")
            return
    verdict = observations.holds(condition, values)
    if verdict is wanted:
        return
    missing = sorted(observations.metrics_of(condition) - values.keys())
    said = {True: "a case that fires", False: "a case that does not fire"}
    judged = (
        said[verdict]
        if verdict is not None
        else f"a case without {', '.join(missing)}, so that nothing is known"
    )
    found.refuse(path, judged, said[wanted], rule="example")


_WRITTEN: Mapping[str, str] = {
    "number": "a number",
    "yes_no": "true or false",
    "text": "text",
    "duration": "a time such as 10m",
}


def _opens(found: Found, here: Trail, row: AutoTrigger) -> None:
    policy = found.policy
    found.roles((*here, "notify_first"), row.notify_first)
    if row.exception_by is not None:
        found.role((*here, "exception_by"), row.exception_by)
    if row.kind and policy.kinds and row.kind not in policy.kinds:
        hint = did_you_mean(row.kind, list(policy.kinds))
        found.refuse(
            (*here, "kind"), repr(row.kind), "one of " + ", ".join(policy.kinds), hint, rule="trigger"
        )
    known = policy.stop_the_line.conditions
    for at, condition in enumerate(row.conditions):
        if known and condition not in known:
            hint = did_you_mean(condition, list(known))
            found.refuse(
                (*here, "conditions", at),
                repr(condition),
                "a condition of stop_the_line",
                hint,
                rule="trigger",
            )
    if row.tier1_opens is not None and row.tier1_opens > row.opens:
        expected = f"{row.opens.name} or worse: a more important service never makes it milder"
        found.refuse((*here, "tier1_opens"), row.tier1_opens.name, expected, rule="trigger")
    if row.acknowledge is None:
        return
    found.span((*here, "acknowledge"), row.acknowledge)
    for level in dict.fromkeys((row.opens, row.tier1_opens or row.opens)):
        usual = policy.severities.get(level)
        if usual is not None and triggers.lengthens(policy, row.acknowledge, usual.acknowledge):
            expected = f"at most the time of {level.name}: a trigger shortens it, never lengthens it"
            found.refuse(
                (*here, "acknowledge"), "a longer time", expected, "such as {minutes: 5}", rule="trigger"
            )
