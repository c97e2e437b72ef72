"""Arithmetic of `$((...))` and, in bash, `((...))`, `let` and subscripts.

Follows POSIX.1-2024, XCU 2.6.4, and the section "ARITHMETIC EVALUATION" of bash(1), 5.2: 64-bit integers, and
names of variables without `$`, which are 0 if they aren't set. Assignments to an element of an array need a
number, or a name of `declare -A`, as the subscript.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, MutableMapping

from trainer.errors import NotJudged
from trainer.patterns import regex
from trainer.simulate.shell.assignments import Array, Value, as_array, as_text

MOST_CHARACTERS = 500
_DEEPEST = 40
_TOKEN = regex(
    r"\s*(0[xX][0-9A-Fa-f]+|[0-9]+#[0-9A-Za-z]+|[0-9]+|[A-Za-z_][A-Za-z0-9_]*(?:\[[^\[\]]*\])?"
    r"|<<=|>>=|\*\*|\+\+|--|&&|\|\||<<|>>|[-+*/%<>=!&|^]=|[-+*/%<>=!&|^~?:,()])"
)


class Invalid(Exception):
    """The shell refuses the expression: it divides by 0."""


def _divided(one: int, other: int) -> int:
    if not other:
        raise Invalid("division by 0")
    return abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1)


def _rest(one: int, other: int) -> int:
    return one - other * _divided(one, other)


def _shifted(one: int, other: int) -> int:
    if not 0 <= other < 64:
        raise NotJudged("arithmetic with large numbers")
    return one << other


def _shifted_back(one: int, other: int) -> int:
    if not 0 <= other < 64:
        raise NotJudged("arithmetic with large numbers")
    return one >> other


_LEVELS: tuple[dict[str, Callable[[int, int], int]], ...] = (
    {"|": operator.or_},
    {"^": operator.xor},
    {"&": operator.and_},
    {"==": operator.eq, "!=": operator.ne},
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge},
    {"<<": _shifted, ">>": _shifted_back},
    {"+": operator.add, "-": operator.sub},
    {"*": operator.mul, "/": _divided, "%": _rest},
)
_BY_SIGN = {sign: run for level in _LEVELS for sign, run in level.items()}
_SETTING = {"="} | {f"{sign}=" for sign in ("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>")}


def evaluate(
    text: str, variables: MutableMapping[str, Value | None], known: Callable[[str], Value | None]
) -> int:
    """The value of an expression, which may set variables; `known` has their values.

    Raises `Invalid`, or `NotJudged` for other forms.
    """
    return _evaluated(text, variables, known, 0)


def _evaluated(
    text: str,
    variables: MutableMapping[str, Value | None],
    known: Callable[[str], Value | None],
    depth: int,
) -> int:
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
    run = _Evaluation(text, tokens[::-1], variables, known, depth)
    value = run.all() if tokens else 0
    if run.tokens:
        raise run.unknown()
    return value


class _Evaluation:
    def __init__(
        self,
        text: str,
        tokens: list[str],
        variables: MutableMapping[str, Value | None],
        known: Callable[[str], Value | None],
        depth: int,
    ) -> None:
        self.text = text
        self.tokens = tokens
        """What is left, the next one last."""
        self.variables = variables
        self.known = known
        self.depth = depth
        self.skips = 0
        """How many conditions around the current part leave it out."""

    def unknown(self) -> NotJudged:
        return NotJudged(f"the expression {self.text.strip()}")

    def next(self) -> str:
        return self.tokens[-1] if self.tokens else ""

    def take(self) -> str:
        if not self.tokens:
            raise self.unknown()
        return self.tokens.pop()

    def all(self) -> int:
        """Expressions with commas between them: the value of the last one."""
        value = self.assigned()
        while self.next() == ",":
            self.take()
            value = self.assigned()
        return value

    def assigned(self) -> int:
        """An assignment, or a value."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotJudged("an expression inside an expression inside an expression")
        try:
            if _is_name(self.next()) and self.tokens[-2:-1] and self.tokens[-2] in _SETTING:
                name, sign = self.take(), self.take()
                value = self.assigned()
                if sign != "=":
                    value = self.applied(sign[:-1], self.number(name), value)
                return self.put(name, value)
            return self.chosen()
        finally:
            self.depth -= 1

    def chosen(self) -> int:
        """`condition ? one : other`; the one that isn't chosen has no effect."""
        value = self.either()
        if self.next() != "?":
            return value
        self.take()
        one = self.unless(self.all, skipped=not value)
        if self.take() != ":":
            raise self.unknown()
        other = self.unless(self.assigned, skipped=bool(value))
        return one if value else other

    def unless(self, run: Callable[[], int], *, skipped: bool) -> int:
        """Read a part, which has no effect if it is skipped."""
        self.skips += skipped
        try:
            return run()
        finally:
            self.skips -= skipped

    def either(self) -> int:
        value = self.both()
        while self.next() == "||":
            self.take()
            other = self.unless(self.both, skipped=bool(value))
            value = int(bool(value or other))
        return value

    def both(self) -> int:
        value = self.level(0)
        while self.next() == "&&":
            self.take()
            other = self.unless(lambda: self.level(0), skipped=not value)
            value = int(bool(value and other))
        return value

    def applied(self, sign: str, one: int, other: int) -> int:
        return 0 if self.skips else _wrapped(int(_BY_SIGN[sign](one, other)))

    def level(self, at: int) -> int:
        """The operators of a level and those that bind more tightly."""
        if at == len(_LEVELS):
            return self.power()
        value = self.level(at + 1)
        while self.next() in _LEVELS[at]:
            sign = self.take()
            value = self.applied(sign, value, self.level(at + 1))
        return value

    def power(self) -> int:
        value = self.unary()
        if self.next() == "**":
            self.take()
            exponent = self.power()
            if not 0 <= exponent < 64:
                raise self.unknown()
            return 0 if self.skips else _wrapped(value**exponent)
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
        if sign in ("!", "-", "+", "~"):
            value = self.unary()
            return {"!": int(not value), "-": -value, "+": value, "~": ~value}[sign]
        if sign == "(":
            value = self.all()
            if self.take() != ")":
                raise self.unknown()
            return value
        if sign in ("++", "--") and _is_name(self.next()):
            name = self.take()
            return self.put(name, self.number(name) + (1 if sign == "++" else -1))
        if _is_name(sign):
            value = self.number(sign)
            if self.next() in ("++", "--"):
                self.put(sign, value + (1 if self.take() == "++" else -1))
            return value
        return self.constant(sign)

    def constant(self, text: str) -> int:
        base, mark, digits = text.partition("#")
        try:
            if mark:
                if not 2 <= int(base) <= 36:
                    raise self.unknown()
                return _wrapped(int(digits, int(base)))
            octal = text[0] == "0" and text.isdecimal()
            return _wrapped(int(text, 8 if octal else 16 if text[:2] in ("0x", "0X") else 10))
        except ValueError:
            raise self.unknown() from None

    def put(self, name: str, value: int) -> int:
        value = _wrapped(value)
        if self.skips:
            return value
        plain, index = self.place(name)
        before = self.variables.get(plain)
        if index is None and not isinstance(before, Array):
            self.variables[plain] = str(value)
        else:
            self.variables[plain] = as_array(before).put("0" if index is None else index, str(value))
        return value

    def place(self, name: str) -> tuple[str, str | None]:
        """The variable and the subscript of an element."""
        plain, bracket, rest = name.partition("[")
        if not bracket:
            return plain, None
        inner, value = rest.removesuffix("]"), self.known(plain)
        if isinstance(value, Array) and value.named:
            return plain, inner
        return plain, str(_evaluated(inner, self.variables, self.known, self.depth + 1))

    def number(self, name: str) -> int:
        """The value of a variable: a number, or an expression of its own."""
        if self.skips:
            return 0
        plain, index = self.place(name)
        value = self.known(plain)
        found = as_text(value) if index is None else as_array(value).get(index)
        text = (found or "0").strip() or "0"
        if text.isdecimal() and (text[0] != "0" or len(text) == 1):
            return _wrapped(int(text))
        if self.depth > _DEEPEST:
            raise NotJudged("an expression inside an expression inside an expression")
        return _evaluated(text, self.variables, self.known, self.depth + 1)


def _is_name(token: str) -> bool:
    return token[:1].isalpha() or token[:1] == "_"


def _wrapped(value: int) -> int:
    """The value in 64 bits. Raises `NotJudged` for a larger one."""
    if not -(1 << 63) <= value < 1 << 63:
        raise NotJudged("arithmetic with large numbers")
    return value
