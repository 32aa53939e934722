"""Trigger expressions: text such as ``confidence < 0.72 and customer_facing``, read to a condition over metrics."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache

from bot.domain.observations import All, Compared, Condition, Either, Not, OneOf, Type, Value, Yes, span
from bot.domain.policy import Metric

LONGEST = 500
VAGUE = ("low", "high", "uncertain", "risky", "unusual", "appropriate")
EXAMPLE = "a metric compared with a value, such as confidence < 0.72"

DEEPEST = 20

Types = tuple[tuple[str, Type], ...]
# What sort of thing it is, and how it is written.
Token = tuple[str, str]

_JOINING = ("and", "or", "not", "in")
_WORDS = (*_JOINING, "true", "false")
_LITERALS: Mapping[str, Type] = {"number": "number", "span": "duration", "text": "text", "word": "yes_no"}
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
    return _Reader(text, known, list(_tokens(text, known))).whole()


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
        if kind == "name" and word not in known and word not in _WORDS:
            raise _unknown(word, text, known)
        if kind != "space":
            yield ("word" if word in _WORDS else kind), word


def _unknown(word: str, text: str, known: Mapping[str, Type]) -> BadExpression:
    vague = next((w for w in re.findall(r"[a-z]+", text.lower()) if w in VAGUE and w not in known), "")
    if vague:
        return BadExpression(
            f"the vague word {vague!r}", hint="nobody can measure it; name the number", vague=True
        )
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]!r}?" if near else "a new one is defined under metrics"
    return BadExpression(f"the unknown metric {word!r}", "a metric of this pack", hint)


@dataclass(slots=True)
class _Reader:
    """Reads tokens from left to right: ``or`` binds least, then ``and``, then ``not``, then one comparison."""

    text: str
    known: Mapping[str, Type]
    tokens: list[Token]
    at: int = 0
    depth: int = 0

    def whole(self) -> Condition:
        condition = self.either()
        if self.at < len(self.tokens):
            raise self.unread("the end")
        return condition

    def either(self) -> Condition:
        parts = [self.both()]
        while self.takes("or"):
            parts.append(self.both())
        return Either(tuple(parts)) if len(parts) > 1 else parts[0]

    def both(self) -> Condition:
        parts = [self.one()]
        while self.takes("and"):
            parts.append(self.one())
        return All(tuple(parts)) if len(parts) > 1 else parts[0]

    def one(self) -> Condition:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadExpression("very deep nesting", f"at most {DEEPEST} levels of not and parentheses")
        if self.takes("not"):
            condition: Condition = Not(self.one())
        elif self.takes("("):
            condition = self.either()
            self.needs(")")
        else:
            condition = self.comparison()
        self.depth -= 1
        return condition

    def comparison(self) -> Condition:
        left = self.operand()
        if (sign := self.next()[1]) in _TURNED:
            self.at += 1
            return self.compared(left, sign, self.operand())
        negated = self.takes("not")
        if negated or self.next()[1] == "in":
            self.needs("in")
            among = self.among(left)
            return Not(among) if negated else among
        if left[0] == "name" and self.known[left[1]] == "yes_no":
            return Yes(left[1])
        raise BadExpression(f"no comparison in {self.text!r}")

    def compared(self, left: Token, sign: str, right: Token) -> Compared:
        if left[0] != "name":
            left, right, sign = right, left, _TURNED[sign]
        if left[0] != "name":
            raise BadExpression(f"no metric in a comparison of {self.text!r}")
        metric, wanted = left[1], self.known[left[1]]
        if sign not in ("==", "!=") and wanted in ("text", "yes_no"):
            raise BadExpression(
                f"{sign} between values that have no order in {self.text!r}", "== or !=, or in with a list"
            )
        if right[0] != "name":
            return Compared(metric, sign, self.value(right, wanted))
        if self.known[right[1]] != wanted:
            raise self.mistyped()
        if right[1] == metric:
            raise BadExpression(f"{metric} compared with itself in {self.text!r}")
        return Compared(metric, sign, other=right[1])

    def among(self, left: Token) -> OneOf:
        if left[0] != "name":
            raise BadExpression(f"no metric before in, in {self.text!r}")
        self.needs("[")
        values = [self.value(self.operand(), self.known[left[1]])]
        while self.takes(","):
            values.append(self.value(self.operand(), self.known[left[1]]))
        self.needs("]")
        return OneOf(left[1], tuple(values))

    def value(self, token: Token, wanted: Type) -> Value:
        """Return the value of a literal of the wanted type; text that looks like a number is still text."""
        kind, word = token
        if _LITERALS.get(kind) != wanted:
            raise self.mistyped()
        match wanted:
            case "number":
                return Decimal(word)
            case "duration":
                return span(word)
            case "text":
                return word[1:-1]
            case "yes_no":
                return word == "true"

    def operand(self) -> Token:
        token = self.next()
        if token[0] != "name" and (token[0] not in _LITERALS or token[1] in _JOINING):
            raise self.unread("a metric or a value")
        self.at += 1
        return token

    def next(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "")

    def takes(self, word: str) -> bool:
        if self.next() not in (("word", word), ("sign", word)):
            return False
        self.at += 1
        return True

    def needs(self, word: str) -> None:
        if not self.takes(word):
            raise self.unread(repr(word))

    def unread(self, expected: str) -> BadExpression:
        found = repr(self.next()[1]) if self.at < len(self.tokens) else "the end"
        return BadExpression(f"{self.text!r}, which cannot be read ({found} where {expected} should be)")

    def mistyped(self) -> BadExpression:
        return BadExpression(f"values of different types in {self.text!r}", _typed(self.known, self.text))


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
