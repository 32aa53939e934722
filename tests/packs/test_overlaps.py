import pytest

from bot.domain import expressions
from bot.packs import load
from bot.packs.lint.overlaps import overlap


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("amount > 250", "amount > 500", True),
        ("amount > 250", "amount <= 250", False),
        ("amount >= 250", "amount <= 250", True),
        ("amount > 250", "credit > 250", False),
        ("amount > 250 and refund_exception", "amount > 300 and not refund_exception", False),
        ("amount > 250 or tenant_mismatch", "tenant_mismatch", True),
        ('intent in ["a", "b"]', 'intent in ["b", "c"]', True),
        ('intent in ["a", "b"]', 'intent == "c"', False),
        ('intent != "a"', 'intent == "a"', False),
        ("queue_age > 15m", "queue_age < 10m", False),
        ("not (amount > 250)", "amount > 300", False),
        ("amount > credit", "amount > 250", True),
    ],
)
def test_two_triggers_overlap_when_one_case_can_fire_both(one: str, other: str, meet: bool) -> None:
    metrics = load().metrics
    shared = overlap(expressions.read(one, metrics), expressions.read(other, metrics))
    assert bool(shared) is meet
    assert bool(overlap(expressions.read(other, metrics), expressions.read(one, metrics))) is meet
