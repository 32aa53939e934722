import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import expressions, observations
from bot.domain.expressions import BadExpression
from bot.domain.policy import Metric

METRICS = {
    "confidence": Metric(type="number", unit="0 to 1", meaning="how sure"),
    "limit": Metric(type="number", unit="0 to 1", meaning="the limit"),
    "customer_facing": Metric(type="yes_no", meaning="a customer reads it"),
    "intent": Metric(type="text", meaning="what the customer wants"),
    "age": Metric(type="duration", meaning="how old"),
}


@pytest.fixture(autouse=True, scope="module")
def _the_library_is_imported() -> None:
    """The first expression that is read pays for the import; no example shall be timed with it."""
    expressions.read("customer_facing", METRICS)


def fires(text: str, **observed: object) -> bool | None:
    return observations.holds(expressions.read(text, METRICS), observations.measured(observed, METRICS))


@pytest.mark.parametrize(
    ("text", "observed", "verdict"),
    [
        ("confidence < 0.72 and customer_facing", {"confidence": 0.71, "customer_facing": True}, True),
        ("confidence < 0.72 and customer_facing", {"confidence": 0.72, "customer_facing": True}, False),
        ("confidence < 0.72 and customer_facing", {"confidence": "0.71", "customer_facing": True}, True),
        ("0.72 > confidence", {"confidence": 0.5}, True),
        ("confidence > limit", {"confidence": 0.5, "limit": 0.4}, True),
        ('intent in ["compensation", "cancellation"]', {"intent": "cancellation"}, True),
        ('intent in ["compensation", "cancellation"]', {"intent": "Cancellation"}, False),
        ('intent != "receipt"', {"intent": "receipt"}, False),
        ("age >= 10m", {"age": "10m"}, True),
        ("age > 10m", {"age": timedelta(minutes=11)}, True),
        ("age > 1d", {"age": "23h"}, False),
        ("not customer_facing", {"customer_facing": False}, True),
        ("confidence > -1.5", {"confidence": -1}, True),
        ('intent == "10m"', {"intent": "10m"}, True),
        ("intent == 'é \U0001f6a8\t(x) not'", {"intent": "é \U0001f6a8\t(x) not"}, True),
        ("age in [30s, 2h]", {"age": "120m"}, True),
        (
            "confidence > 0.1" + " and not customer_facing" * 20,
            {"confidence": 1, "customer_facing": False},
            True,
        ),
        ('intent not in ["a", "b"]', {"intent": "c"}, True),
        ("customer_facing or age > 2h and age < 3h", {"customer_facing": True, "age": "9h"}, True),
        ("not age > 2h and customer_facing", {"customer_facing": False, "age": "1h"}, False),
        ("not (age > 2h or customer_facing)", {"age": "1h", "customer_facing": False}, True),
    ],
)
def test_a_condition_is_judged_by_what_was_measured(
    text: str, observed: dict[str, object], verdict: bool
) -> None:
    assert fires(text, **observed) is verdict


@pytest.mark.parametrize(
    ("text", "observed", "verdict"),
    [
        ("confidence < 0.72", {}, None),
        ("not customer_facing", {}, None),
        ("confidence < 0.72 and customer_facing", {"confidence": 0.5}, None),
        ("confidence < 0.72 and customer_facing", {"confidence": 0.9}, False),
        ("confidence < 0.72 or customer_facing", {"confidence": 0.5}, True),
        ("confidence < 0.72 or customer_facing", {"confidence": 0.9}, None),
        ("confidence < 0.72", {"confidence": "a lot"}, None),
        ("confidence < 0.72", {"confidence": True}, None),
        ("confidence < 0.72", {"confidence": float("nan")}, None),
        ("age > 10m", {"age": 11}, None),
        ("customer_facing", {"customer_facing": "yes"}, None),
    ],
)
def test_what_was_not_measured_is_unknown_and_fires_nothing(
    text: str, observed: dict[str, object], verdict: bool | None
) -> None:
    assert fires(text, **observed) is verdict


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("confidnce < 1", "found the unknown metric 'confidnce'; expected a metric of this pack (did you mean 'confidence'?)"),
        ('confidence < "a"', "found values of different types in 'confidence < \"a\"'; expected confidence is a number"),
        ('confidence == "5"', "expected confidence is a number"),
        ("confidence > age", "confidence is a number; age is a time such as 10m"),
        ("age > 10", "expected age is a time such as 10m"),
        ('intent < "b"', "found < between values that have no order"),
        ('intent =~ "(a+)+$"', "found '=~'; expected only names, values"),
        ("confidence ** 999999999 > 1", "found '**'; expected only names, values"),
        ("$now > 3", "found '$now'"),
        ("confidence.real > 1", "found '.real'"),
        ("confidence", "found no comparison in 'confidence'"),
        ("customer_facing and confidence", "found no comparison"),
        ("1 < 2", "found no metric in a comparison"),
        ("confidence > 0.1 or true", "found no comparison"),
        ("intent == intent", "found intent compared with itself"),
        ("(" * 40 + "customer_facing" + ")" * 40, "found very deep nesting; expected at most 20 levels"),
        ("not " * 100 + "customer_facing", "found very deep nesting"),
        ("0.1 < confidence < 0.5", "which cannot be read ('<' cannot stand there)"),
        ("intent in [1]", "found values of different types"),
        ("intent in []", "which cannot be read (in wants a list of values, in [ and ])"),
        ('intent in "compensation"', "in wants a list of values"),
        ('"a" in [intent]', "found no metric before in"),
        ("customer_facing == (age > 10m)", "== stands between a metric and a value"),
        ("age > 10m 20m", "('20m' cannot stand there)"),
        ("age > (10m", "(it ends too early)"),
        ("confidence -1 -1 > 0", "('-1' cannot stand there)"),
        ("intent" + "()" * 200 + " == 'a'", "('(' cannot stand there)"),
        ("intent in " + "[" * 200, "found very deep nesting"),
        ("confidence > 0" + " and (customer_facing" * 21, "found very deep nesting"),
        ("confidence > 007", "which cannot be read (invalid floating point literal"),
        ("customer_facing and", "which cannot be read (it ends too early)"),
        ("confidence <", "which cannot be read"),
        ("", "found '', which cannot be read"),
        ("[x for x in intent]", "found the unknown metric 'x'"),
        ("confidence > " + "0" * 600, "found 613 characters; expected at most 500"),
    ],
)  # fmt: skip
def test_an_expression_that_says_nothing_observable_is_refused_with_what_would_do(
    text: str, said: str
) -> None:
    with pytest.raises(BadExpression) as refused:
        expressions.read(text, METRICS)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "escalate if uncertain",
        "confidence low",
        "confidence is low",
        "risk high",
        "risky",
        "when appropriate",
    ],
)
def test_a_vague_word_is_named_as_one(text: str) -> None:
    with pytest.raises(BadExpression, match="found the vague word") as refused:
        expressions.read(text, METRICS)
    assert refused.value.vague


def test_the_longest_chains_and_the_deepest_nesting_are_read() -> None:
    metrics = {"a": Metric(type="yes_no", meaning="a letter"), "t": Metric(type="text", meaning="a text")}
    expressions.read(" or ".join("a" * 100), metrics)
    expressions.read("not (" * 10 + "a" + ")" * 10, metrics)
    with pytest.raises(BadExpression):
        expressions.read("not (" * 10 + "not a" + ")" * 10, metrics)
    with pytest.raises(BadExpression, match="cannot stand there"):
        expressions.read('t"PT1M" == t', metrics)


@pytest.mark.parametrize("word", ["nan", "inf", "if", "null"])
def test_a_metric_cannot_be_called_by_a_word_that_is_kept(word: str) -> None:
    with pytest.raises(BadExpression, match="metric with another name"):
        expressions.read(f"{word} > 1", {word: Metric(type="number", meaning="a number")})


def test_nobody_pays_for_the_library_who_reads_no_expression() -> None:
    code = "import sys, bot.domain.triggers; sys.exit('rule_engine' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


WORDS = ("confidence", "limit", "customer_facing", "intent", "age", "and", "or", "not", "in", "true")
SIGNS = ("==", "!=", "<", "<=", ">", "(", ")", "[", "]", ",", "1", "0.5", "10m", '"a"', "'b'")
TOKENS = st.sampled_from(WORDS + SIGNS)
WRITTEN = st.one_of(st.text(max_size=60), st.lists(TOKENS, max_size=12).map(" ".join))


@given(WRITTEN)
def test_whatever_is_written_is_a_condition_or_a_kind_refusal(text: str) -> None:
    with suppress(BadExpression):
        assert observations.metrics_of(expressions.read(text, METRICS)) <= METRICS.keys()


PARTS = st.sampled_from(["confidence < 0.5", "customer_facing", 'intent == "a"', "age > 10m"])
EXPRESSIONS = st.recursive(
    PARTS,
    lambda inner: st.one_of(
        inner.map(lambda text: f"not ({text})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
    ),
    max_leaves=5,
)
OBSERVED = st.fixed_dictionaries(
    {
        "confidence": st.sampled_from([0.1, 0.9]),
        "customer_facing": st.booleans(),
        "intent": st.sampled_from(["a", "b"]),
        "age": st.sampled_from(["5m", "15m"]),
    }
)


@given(EXPRESSIONS, OBSERVED, st.sets(st.sampled_from(sorted(METRICS))))
def test_learning_more_never_turns_a_known_answer_around(
    text: str, observed: dict[str, object], hidden: set[str]
) -> None:
    partly = {name: value for name, value in observed.items() if name not in hidden}
    known, whole = fires(text, **partly), fires(text, **observed)
    assert whole is not None
    assert known in (None, whole)


LOGIC = st.lists(st.sampled_from(["a", "b", "c", "and", "or", "not", "(", ")"]), max_size=14).map(" ".join)


@given(LOGIC, st.fixed_dictionaries(dict.fromkeys("abc", st.booleans())))
def test_and_or_and_not_bind_as_they_do_in_python(text: str, values: dict[str, bool]) -> None:
    metrics = dict.fromkeys("abc", Metric(type="yes_no", meaning="a letter"))
    try:
        wanted = eval(text, {"__builtins__": {}}, dict(values))
    except (SyntaxError, TypeError):  # "a (b)" is a call
        with pytest.raises(BadExpression):
            expressions.read(text, metrics)
        return
    if "( )" in text:  # nothing in parentheses is a value in Python, and no condition
        with pytest.raises(BadExpression):
            expressions.read(text, metrics)
        return
    assert observations.holds(expressions.read(text, metrics), values) is wanted


@given(st.text("()[],<>= abc019.md\"'notrei-", max_size=600))
def test_no_text_is_read_for_long(text: str) -> None:
    metrics = {**METRICS, "a": Metric(type="yes_no", meaning="a letter")}
    expressions.read("a", metrics)  # the first reading of a process builds the reader
    began = thread_time()
    with suppress(BadExpression):
        expressions.read(text, metrics)
    assert thread_time() - began < 0.2
