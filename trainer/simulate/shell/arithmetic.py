"""Arithmetic of `$((...))` and, in bash, `((...))`.

Follows POSIX.1-2024, XCU 2.6.4, and the section "ARITHMETIC EVALUATION" of bash(1), 5.2: 64-bit integers, and
names of variables without `$`, which are 0 if they aren't set. The comma, `?:`, bits and bases are outside.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, MutableMapping

from trainer.errors import NotJudged
from trainer.patterns import regex
from trainer.simulate.shell.assignments import Value, as_text

MOST_CHARACTERS = 500
_DEEPEST = 20
_TOKEN = regex(r"\s*([0-9]+|[A-Za-z_][A-Za-z0-9_]*|\*\*|\+\+|--|&&|\|\||[-+*/%<>=!]=|[-+*/%<>=!()])")


class Invalid(Exception):
    """The shell refuses the expression: it divides by 0."""


def _divided(one: int, other: int) -> int:
    if not other:
        raise Invalid("division by 0")
    return abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1)


def _rest(one: int, other: int) -> int:
    return one - other * _divided(one, other)


_LEVELS: tuple[dict[str, Callable[[int, int], int]], ...] = (
    {"||": lambda one, other: int(bool(one or other))},
    {"&&": lambda one, other: int(bool(one and other))},
    {"==": operator.eq, "!=": operator.ne},
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge},
    {"+": operator.add, "-": operator.sub},
    {
        "*": operator.mul,
        "/": _divided,
        "%": _rest,
    },
)
_SETTING = {"=": None, "+=": "+", "-=": "-", "*=": "*", "/=": "/", "%=": "%"}


def evaluate(
    text: str, variables: MutableMapping[str, Value | None], known: Callable[[str], Value | None]
) -> int:
    """The value of an expression, which may set variables; `known` has their values.

    Raises `Invalid`, or `NotJudged` for other forms.
    """
    if len(text) > MOST_CHARACTERS:
        raise NotJudged(f"an expression of more than {MOST_CHARACTERS} characters")
    tokens: list[str] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotJudged(f"arithmetic with {text[at:].strip()[:20]}")
        tokens.append(match[1])
        at = match.end()
    run = _Evaluation(text, tokens, variables, known)
    value = run.assigned() if tokens else 0
    if run.tokens:
        raise NotJudged(f"the expression {text.strip()}")
    return value


class _Evaluation:
    def __init__(
        self,
        text: str,
        tokens: list[str],
        variables: MutableMapping[str, Value | None],
        known: Callable[[str], Value | None],
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.variables = variables
        self.known = known
        self.depth = 0

    def take(self) -> str:
        if not self.tokens:
            raise NotJudged(f"the expression {self.text.strip()}")
        return self.tokens.pop(0)

    def assigned(self) -> int:
        """An assignment, or a value."""
        if len(self.tokens) > 1 and self.tokens[0].isidentifier() and self.tokens[1] in _SETTING:
            name, sign = self.take(), _SETTING[self.take()]
            value = self.assigned()
            if sign is not None:
                level = next(one for one in _LEVELS if sign in one)
                value = level[sign](self.number(name), value)
            return self.put(name, value)
        return self.level(0)

    def put(self, name: str, value: int) -> int:
        value = _wrapped(value)
        self.variables[name] = str(value)
        return value

    def number(self, name: str) -> int:
        """The value of a variable. Raises `NotJudged` for one that isn't a plain number."""
        text = (as_text(self.known(name)) or "0").strip()
        digits = text.removeprefix("-")
        if not digits.isdecimal() or (digits[0] == "0" and len(digits) > 1):
            raise NotJudged(f"arithmetic with the value {text} of {name}")
        return int(text)

    def level(self, at: int) -> int:
        """The operators of a level and those that bind more tightly."""
        if at == len(_LEVELS):
            return self.power()
        value = self.level(at + 1)
        while self.tokens and self.tokens[0] in _LEVELS[at]:
            sign = self.take()
            if at < 2 and any(one in self.tokens for one in ("++", "--", *_SETTING, "/", "%")):
                raise NotJudged(f"the expression {self.text.strip()}")  # perhaps it isn't evaluated
            value = _wrapped(int(_LEVELS[at][sign](value, self.level(at + 1))))
        return value

    def power(self) -> int:
        value = self.unary()
        if self.tokens[:1] == ["**"]:
            self.take()
            exponent = self.power()
            if not 0 <= exponent < 64:
                raise NotJudged(f"the expression {self.text.strip()}")
            return _wrapped(value**exponent)
        return value

    def unary(self) -> int:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotJudged("an expression inside an expression inside an expression")
        try:
            return self._unary()
        finally:
            self.depth -= 1

    def _unary(self) -> int:
        sign = self.take()
        if sign in ("!", "-", "+"):
            value = self.unary()
            return int(not value) if sign == "!" else -value if sign == "-" else value
        if sign == "(":
            value = self.assigned()
            if self.take() != ")":
                raise NotJudged(f"the expression {self.text.strip()}")
            return value
        if sign in ("++", "--") and self.tokens and self.tokens[0].isidentifier():
            name = self.take()
            return self.put(name, self.number(name) + (1 if sign == "++" else -1))
        if sign.isidentifier():
            value = self.number(sign)
            if self.tokens[:1] in (["++"], ["--"]):
                self.put(sign, value + (1 if self.take() == "++" else -1))
            return value
        if not sign.isdecimal() or (sign[0] == "0" and len(sign) > 1):
            raise NotJudged(f"the expression {self.text.strip()}")
        return _wrapped(int(sign))


def _wrapped(value: int) -> int:
    """The value in 64 bits. Raises `NotJudged` for a larger one."""
    if not -(1 << 63) <= value < 1 << 63:
        raise NotJudged("arithmetic with large numbers")
    return value
