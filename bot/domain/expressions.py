"""Trigger expressions: text such as ``confidence < 0.72 and customer_facing``, read to a condition over metrics.

The rule_engine library reads them and checks their types; here stands what it may be given, and what is made of it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from bot.domain.observations import All, Compared, Condition, Either, Not, OneOf, Type, Value, Yes
from bot.domain.policy import Metric

LONGEST = 500
VAGUE = ("low", "high", "uncertain", "risky", "unusual", "appropriate")
EXAMPLE = "a metric compared with a value, such as confidence < 0.72"

DEEPEST = 20

Types = tuple[tuple[str, Type], ...]
# What sort of thing it is, and how it is written.
Token = tuple[str, str]

_WORDS = ("and", "or", "not", "in", "true", "false")
# What the library keeps for itself, so that no metric can be meant by it.
_KEPT = ("for", "if", "elif", "else", "while", "inf", "nan", "null")
_VALUES = ("text", "span", "number", "name", "constant")
# Each comparison as the library calls it, and what it is when the sides change places.
_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}
_TURNED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_TOKEN = re.compile(
    r"""(?P<space>\s+) | (?P<text>"[^"\\\n]*"|'[^'\\\n]*') | (?P<span>[0-9]{1,6}[smhd]\b)
    | (?P<number>-?[0-9]+(?:\.[0-9]+)?\b) | (?P<name>[A-Za-z_]\w*) | (?P<sign>==|!=|<=|>=|<|>|\(|\)|\[|\]|,)""",
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
    tokens = list(_tokens(text, known))
    _keep_flat(text, tokens)
    return _Meaning(text, known).of(_parsed(text, tokens, known))


def _tokens(text: str, known: Mapping[str, Type]) -> Iterator[Token]:
    """Let through only what a condition is made of: no patterns, no functions, no arithmetic."""
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise BadExpression(
                f"{text[at:].split(maxsplit=1)[0]!r}", "only names, values, and or not in, == != < <= > >="
            )
        at, word, kind = token.end(), token.group(), token.lastgroup or ""
        if kind == "name" and word not in _WORDS:
            if word not in known:
                raise _unknown(word, text, known)
            if word in _KEPT:
                raise BadExpression(f"the word {word!r}", "a metric with another name", "this one is kept")
        elif kind == "name":
            kind = "constant" if word in ("true", "false") else "word"
        if kind != "space":
            yield kind, word


def _unknown(word: str, text: str, known: Mapping[str, Type]) -> BadExpression:
    vague = next((w for w in re.findall(r"[a-z]+", text.lower()) if w in VAGUE and w not in known), "")
    if vague:
        return BadExpression(
            f"the vague word {vague!r}", hint="nobody can measure it; name the number", vague=True
        )
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]!r}?" if near else "a new one is defined under metrics"
    return BadExpression(f"the unknown metric {word!r}", "a metric of this pack", hint)


def _keep_flat(text: str, tokens: list[Token]) -> None:
    """Refuse what would nest deeply in the library, which builds recursively: levels, and chains of calls."""
    outer, level, ended = [0], 0, False
    for kind, word in tokens:
        opens = kind in _VALUES or word in ("(", "[")
        if opens and ended:  # a call, an index or a subtraction
            raise _unread(text, f"{word!r} cannot stand there")
        ended = kind in _VALUES or word in (")", "]")
        if word in ("(", "["):
            level += 1
            outer.append(level)
        elif word == "not":
            level += 1
        elif word in ("and", "or"):
            level = outer[-1]
        elif word in (")", "]") and len(outer) > 1:
            outer.pop()
            level = outer[-1]
        if level > DEEPEST:
            raise BadExpression("very deep nesting", f"at most {DEEPEST} levels of not and parentheses")


def _parsed(text: str, tokens: list[Token], known: Mapping[str, Type]) -> Any:
    """Return the library's tree of an expression. It is imported here, since that takes a while."""
    from rule_engine import Context, DataType, EngineError, EvaluationError, Rule, RuleSyntaxError
    from rule_engine import type_resolver_from_dict as typed_by

    types = {
        "number": DataType.FLOAT,
        "yes_no": DataType.BOOLEAN,
        "text": DataType.STRING,
        "duration": DataType.TIMEDELTA,
    }
    context = Context(type_resolver=typed_by({name: types[t] for name, t in known.items()}))
    spans = {_iso(word): word for kind, word in tokens if kind == "span"}
    written = " ".join(f't"{_iso(word)}"' if kind == "span" else word for kind, word in tokens)
    try:
        tree = Rule(written, context=context).statement.expression
    except RuleSyntaxError as bad:
        found = str(bad.token.value) if bad.token else ""
        where = f"{spans.get(found, found)!r} cannot stand there" if found else "it ends too early"
        raise _unread(text, where) from None
    except EvaluationError:
        raise _mistyped(text, known) from None
    except EngineError as bad:
        raise _unread(text, bad.message) from None
    if not context.symbols:
        raise BadExpression(f"no metric in a comparison of {text!r}")
    return tree


def _iso(word: str) -> str:
    """Return a time such as ``10m`` as the library writes it."""
    return f"P{word.upper()}" if word[-1] == "d" else f"PT{word.upper()}"


@dataclass(frozen=True, slots=True)
class _Meaning:
    """Turns the library's tree into a condition."""

    text: str
    known: Mapping[str, Type]

    def of(self, node: Any) -> Condition:
        from rule_engine import ast

        if isinstance(node, ast.LogicExpression):
            parts = tuple(self.parts(node, node.type))
            return All(parts) if node.type == "and" else Either(parts)
        if isinstance(node, ast.UnaryExpression) and node.type == "not":
            return Not(self.of(node.right))
        if isinstance(node, ast.ContainsExpression):
            return self.among(node.member, node.container)
        if isinstance(node, ast.ComparisonExpression):
            return self.compared(node.left, _SIGNS[node.type], node.right)
        if isinstance(node, ast.SymbolExpression) and self.known[node.name] == "yes_no":
            return Yes(node.name)
        raise BadExpression(f"no comparison in {self.text!r}")

    def parts(self, node: Any, joined: str) -> Iterator[Condition]:
        """Yield the parts of a chain such as ``a and b and c``, which the library holds as pairs of pairs."""
        from rule_engine import ast

        if isinstance(node, ast.LogicExpression) and node.type == joined:
            yield from self.parts(node.left, joined)
            yield from self.parts(node.right, joined)
        else:
            yield self.of(node)

    def compared(self, left: Any, sign: str, right: Any) -> Compared:
        from rule_engine import ast

        for side in (left, right):
            if not isinstance(side, (ast.SymbolExpression, ast.LiteralExpressionBase)):
                raise _unread(self.text, f"{sign} stands between a metric and a value")
        if not isinstance(left, ast.SymbolExpression):
            left, right, sign = right, left, _TURNED[sign]
        metric = left.name
        if left.result_type != right.result_type:
            raise _mistyped(self.text, self.known)
        if sign not in ("==", "!=") and self.known[metric] in ("text", "yes_no"):
            raise BadExpression(
                f"{sign} between values that have no order in {self.text!r}", "== or !=, or in with a list"
            )
        if not isinstance(right, ast.SymbolExpression):
            return Compared(metric, sign, right.value)
        if right.name == metric:
            raise BadExpression(f"{metric} compared with itself in {self.text!r}")
        return Compared(metric, sign, other=right.name)

    def among(self, member: Any, container: Any) -> OneOf:
        from rule_engine import ast

        if not isinstance(member, ast.SymbolExpression):
            raise BadExpression(f"no metric before in, in {self.text!r}")
        if not isinstance(container, ast.ArrayExpression) or not container.value:
            raise _unread(self.text, "in wants a list of values, in [ and ]")
        for item in container.value:
            literal = isinstance(item, ast.LiteralExpressionBase)
            if not literal or item.result_type != member.result_type:
                raise _mistyped(self.text, self.known)
        values: tuple[Value, ...] = tuple(item.value for item in container.value)
        return OneOf(member.name, values)


def _unread(text: str, why: str) -> BadExpression:
    return BadExpression(f"{text!r}, which cannot be read ({why})")


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
