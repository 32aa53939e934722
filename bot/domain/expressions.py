"""Trigger expressions: text such as ``confidence < 0.72 and customer_facing``, read to a condition over metrics."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from types import ModuleType
from typing import Any

from bot.domain.observations import All, Compared, Condition, Either, Not, OneOf, Type, Value, Yes
from bot.domain.policy import Metric

LONGEST = 500
VAGUE = ("low", "high", "uncertain", "risky", "unusual", "appropriate")
EXAMPLE = "a metric compared with a value, such as confidence < 0.72"

DEEPEST = 20

Types = tuple[tuple[str, Type], ...]
_WORDS = ("and", "or", "not", "in", "true", "false")
_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}
# Each sign, and what it is when the sides change places.
_TURNED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_TOKEN = re.compile(
    r"""(?P<space>\s+) | (?P<text>"[^"\\\n]*"|'[^'\\\n]*') | (?P<span>\d{1,6}[smhd]\b) | (?P<number>-?\d+(?:\.\d+)?\b)
    | (?P<name>[A-Za-z_]\w*) | (?P<sign>==|!=|<=|>=|<|>|\(|\)|\[|\]|,)""",
    re.VERBOSE,
)


class BadExpression(ValueError):
    """An expression that says nothing observable: what was found, what would do, and perhaps what was meant."""

    def __init__(self, found: str, expected: str = EXAMPLE, hint: str = "", *, vague: bool = False) -> None:
        super().__init__(f"found {found}; expected {expected}" + (f" ({hint})" if hint else ""))
        self.found, self.expected, self.hint, self.vague = found, expected, hint, vague


def read(text: str, metrics: Mapping[str, Metric]) -> Condition:
    """Return what an expression means, with every metric known and every comparison between values of one type.

    Raises `BadExpression`.
    """
    return _read(text, tuple((name, metric.type) for name, metric in metrics.items()))


@lru_cache(maxsize=4096)
def _read(text: str, types: Types) -> Condition:
    if len(text) > LONGEST:
        raise BadExpression(f"{len(text)} characters", f"at most {LONGEST}")
    known = dict(types)
    plain = "".join(_tokens(text, known))
    # Its import builds tables for a third of a second: only whoever reads an expression pays for that.
    from rule_engine import Context, DataType, Rule, ast, errors, type_resolver_from_dict

    data = {
        "number": DataType.FLOAT,
        "yes_no": DataType.BOOLEAN,
        "text": DataType.STRING,
        "duration": DataType.TIMEDELTA,
    }
    resolver = type_resolver_from_dict({name: data[kind] for name, kind in known.items()})
    try:
        rule = Rule(plain, context=Context(type_resolver=resolver))
    except errors.RuleSyntaxError as error:
        why = f"{error.token.value!r} is not expected there" if error.token else "it ends too soon"
        raise BadExpression(f"{text!r}, which cannot be read ({why})") from None
    except errors.EvaluationError:
        raise _mistyped(text, known) from None
    return _Meaning(text, known, ast).of(rule.statement.expression)


def _tokens(text: str, known: Mapping[str, Type]) -> Iterator[str]:
    """Let through only what a condition is made of: no patterns, no functions, no arithmetic; times as the library writes them."""
    at, depth, nested = 0, 0, 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise BadExpression(
                f"{text[at:].split(maxsplit=1)[0]!r}", "only names, values, and or not in, == != < <= > >="
            )
        at, word, kind = token.end(), token.group(), token.lastgroup or ""
        if kind == "name" and word not in known and word not in _WORDS:
            raise _unknown(word, text, known)
        depth += (word == "(") - (word == ")")
        nested += word == "not"
        if depth + nested > DEEPEST:
            raise BadExpression("very deep nesting", f"at most {DEEPEST} levels of not and parentheses")
        yield (
            f't"PT{word.upper()}"'
            if kind == "span" and word[-1] != "d"
            else f't"P{word.upper()}"'
            if kind == "span"
            else word
        )


def _unknown(word: str, text: str, known: Mapping[str, Type]) -> BadExpression:
    vague = next((w for w in re.findall(r"[a-z]+", text.lower()) if w in VAGUE and w not in known), "")
    if vague:
        return BadExpression(
            f"the vague word {vague!r}", hint="nobody can measure it; name the number", vague=True
        )
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]!r}?" if near else "a new one is defined under metrics"
    return BadExpression(f"the unknown metric {word!r}", "a metric of this pack", hint)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """Turns what the library has read into a condition, and refuses what observes nothing.

    The library would evaluate it, too, but knows no third answer for a metric that was not measured.
    """

    text: str
    known: Mapping[str, Type]
    ast: ModuleType

    def of(self, node: Any) -> Condition:
        ast = self.ast
        if isinstance(node, ast.LogicExpression):
            parts = (*self._parts(node.left, node.type), *self._parts(node.right, node.type))
            return All(parts) if node.type == "and" else Either(parts)
        if isinstance(node, ast.UnaryExpression) and node.type == "not":
            return Not(self.of(node.right))
        if isinstance(node, ast.ContainsExpression):
            return self._among(node)
        if isinstance(node, ast.ComparisonExpression):
            return self._compared(node.left, _SIGNS[node.type], node.right)
        if self._is_metric(node) and self.known[node.name] == "yes_no":
            return Yes(node.name)
        raise BadExpression(f"no comparison in {self.text!r}")

    def _parts(self, node: Any, joined: str) -> tuple[Condition, ...]:
        """Return the parts of a chain of the same word as one row of parts."""
        if isinstance(node, self.ast.LogicExpression) and node.type == joined:
            return (*self._parts(node.left, joined), *self._parts(node.right, joined))
        return (self.of(node),)

    def _compared(self, left: Any, sign: str, right: Any) -> Compared:
        if not self._is_metric(left):
            left, right, sign = right, left, _TURNED[sign]
        if not self._is_metric(left):
            raise BadExpression(f"no metric in a comparison of {self.text!r}")
        metric, wanted = left.name, self.known[left.name]
        if sign not in ("==", "!=") and wanted in ("text", "yes_no"):
            raise BadExpression(
                f"{sign} between values that have no order in {self.text!r}", "== or !=, or in with a list"
            )
        if not self._is_metric(right):
            return Compared(metric, sign, self._value(right, wanted))
        if self.known[right.name] != wanted:
            raise _mistyped(self.text, self.known)
        if right.name == metric:
            raise BadExpression(f"{metric} compared with itself in {self.text!r}")
        return Compared(metric, sign, other=right.name)

    def _among(self, node: Any) -> OneOf:
        if not self._is_metric(node.member):
            raise BadExpression(f"no metric before in, in {self.text!r}")
        if not isinstance(node.container, self.ast.ArrayExpression) or not node.container.value:
            raise BadExpression(f"no list of values after in, in {self.text!r}")
        metric = node.member.name
        return OneOf(metric, tuple(self._value(one, self.known[metric]) for one in node.container.value))

    def _is_metric(self, node: Any) -> bool:
        return isinstance(node, self.ast.SymbolExpression)

    def _value(self, node: Any, wanted: Type) -> Value:
        kind = {
            "number": self.ast.FloatExpression,
            "duration": self.ast.TimedeltaExpression,
            "text": self.ast.StringExpression,
            "yes_no": self.ast.BooleanExpression,
        }[wanted]
        if not isinstance(node, kind):
            raise _mistyped(self.text, self.known)
        value: Value = node.value
        return value


def _mistyped(text: str, known: Mapping[str, Type]) -> BadExpression:
    return BadExpression(f"values of different types in {text!r}", _typed(known, text))


def _typed(known: Mapping[str, Type], text: str) -> str:
    said = {
        "number": "a number",
        "yes_no": "true or false",
        "text": "text in quotes",
        "duration": "a time such as 10m",
    }
    named = [
        f"{name} is {said[known[name]]}"
        for name in dict.fromkeys(re.findall(r"[A-Za-z_]\w*", text))
        if name in known
    ]
    return "; ".join(named) or EXAMPLE
