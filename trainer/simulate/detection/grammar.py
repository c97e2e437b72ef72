"""The language of conditions: text to a tree.

Follows the parser of falcosecurity/libs 0.25.4 (`userspace/libsinsp/filter/parser.cpp`, `escaping.cpp`), with
its messages: https://falco.org/docs/concepts/rules/conditions/.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from trainer.errors import NotJudged
from trainer.patterns import regex

DEEPEST = 60
"""Levels of brackets that are read; libsinsp has a limit of its own, near 200."""

_BLANK = " \t\b\r\n"
_NOT = regex(r"not[ \t\n\r\f\v]+")
_IDENTIFIER = regex(r"[a-zA-Z][a-zA-Z0-9_]*")
_FIELD = regex(r"[a-zA-Z][a-zA-Z0-9_]*(?:\.[a-zA-Z][a-zA-Z0-9_]*)+")
_BARE_ARGUMENT = regex(r"""[^\]\["' \t\n\r\f\v]+""")
_NUMBER = regex(r"0[xX][0-9a-fA-F]+|[+\-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+\-][0-9]+)?")
_BARE = regex(r"""[^()"' \t\n\r\f\v=,]+""")

_NUMERIC = ("<=", "<", ">=", ">")
_SYMBOLS = ("==", "=", "!=")
_WORDS = (
    *("glob", "iglob", "contains", "icontains", "bcontains"),
    *("startswith", "bstartswith", "endswith", "regex"),
)
_MODIFIERS = ("oneof", "anyof", "allof")
LIST_OPERATORS = ("intersects", "in", "pmatch")
OPERATORS = ("exists", *_NUMERIC, *_SYMBOLS, *_WORDS, *LIST_OPERATORS)
TRANSFORMERS = ("tolower", "toupper", "b64", "basename", "len", "join", "concat", "getopt")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", " ": "\\", "\\": "\\", "/": "/"}


class Mistake(Exception):
    """What is wrong with a condition, in libsinsp's words, and at which character (from 0)."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message, self.at = message, at


class Field(msgspec.Struct, frozen=True):
    """A field with its argument, if any, and the character where it starts."""

    name: str
    argument: str | None
    at: int

    def __str__(self) -> str:
        return self.name if self.argument is None else f"{self.name}[{self.argument}]"


class Transformed(msgspec.Struct, frozen=True):
    """A transformer around a field: `tolower(proc.name)`."""

    transformer: str
    inner: Field | Transformed
    at: int

    def __str__(self) -> str:
        return f"{self.transformer}({self.inner})"


Value = Field | Transformed


class Check(msgspec.Struct, frozen=True, eq=False):
    """One comparison: what is compared, the operator, and texts or a field to compare with."""

    left: Value
    operator: str
    right: tuple[str, ...] | Value
    at: int
    end: int
    modifier: str = ""
    """`oneof`, `anyof` or `allof` of the texts."""


class Name(msgspec.Struct, frozen=True, eq=False):
    """An identifier alone: a macro."""

    name: str
    at: int


class Not(msgspec.Struct, frozen=True, eq=False):
    """The opposite of an expression."""

    inner: Expression
    at: int


class Many(msgspec.Struct, frozen=True, eq=False):
    """Expressions joined by `and` or by `or`."""

    word: str
    parts: tuple[Expression, ...]
    at: int


Expression = Check | Name | Not | Many


def checks_of(expression: Expression) -> Iterator[Check | Name]:
    """The checks and macro names of an expression, in the order written."""
    if isinstance(expression, Not):
        yield from checks_of(expression.inner)
    elif isinstance(expression, Many):
        for part in expression.parts:
            yield from checks_of(part)
    else:
        yield expression


def parse_condition(text: str) -> Expression:
    """The tree of a condition. Raises `Mistake`, and `NotJudged` for what is nested too deep."""
    if not text:
        raise Mistake("filter input string is empty", 0)
    parser = Parser(text)
    found = parser.either()
    if parser.at != len(text):
        raise Mistake(f"unexpected token after '{parser.last}', expecting 'or', 'and'", parser.at)
    return found


class Parser:
    """The state of parsing: the text, where it is, and the last token."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.last = text, 0, ""
        self.depth = 0

    def either(self) -> Expression:
        """Parts joined by `or`."""
        return self._joined("or", self._both)

    def _both(self) -> Expression:
        return self._joined("and", self._negated)

    def _joined(self, word: str, part: Callable[[], Expression]) -> Expression:
        start = self.at
        self._blank()
        parts = [part()]
        self._blank()
        while self._take(word):
            if self._blank():
                parts.append(part())
            elif self._take("("):
                parts.append(self._bracketed())
            else:
                raise Mistake(f"expected blank or '(' after '{word}'", self.at)
            self._blank()
        return parts[0] if len(parts) == 1 else Many(word, tuple(parts), start)

    def _negated(self) -> Expression:
        start = self.at
        self._blank()
        negative = False
        while self._match(_NOT):
            negative = not negative
        if self._take("not("):
            negative = not negative
            found = self._bracketed()
        else:
            found = self._check()
        return Not(found, start) if negative else found

    def _bracketed(self) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotJudged(f"a condition with more than {DEEPEST} levels of brackets")
        self._blank()
        found = self.either()
        self._blank()
        if not self._take(")"):
            raise Mistake("expected a ')' token", self.at)
        self.depth -= 1
        return found

    def _check(self) -> Expression:
        self._blank()
        start = self.at
        if self._take("("):
            return self._bracketed()
        left = self.field_or_transformer()
        if left is not None:
            return self._comparison(left, start)
        if self._match(_IDENTIFIER):
            return Name(self.last, start)
        raise Mistake("expected a '(' token, a field check, or an identifier", self.at)

    def field_or_transformer(self, also: tuple[str, ...] = ()) -> Value | None:
        """A field or a transformer here, or None; `also` are further transformers."""
        start = self.at
        if not also and self._match(_FIELD):
            return Field(self.last, self._argument(), start)
        for name in (*also, *TRANSFORMERS):
            if self._take(f"{name}("):
                return self._transformer(name, start)
        return None

    def _transformer(self, name: str, start: int) -> Value:
        self.depth += 1
        if name in ("join", "concat", "getopt") or self.depth > DEEPEST:
            raise NotJudged(f"the transformer {name}")
        self._blank()
        inner: Value | None = None
        if self._match(_FIELD):
            inner = Field(self.last, self._argument(), start + len(name) + 1)
        elif name != "val":
            inner = self.field_or_transformer()
        if inner is None and name == "val":
            raise Mistake("expected a field within 'val' transformer", self.at)
        if inner is None:
            raise Mistake(
                "expected field transformer argument: field, transformer, quoted string, number, "
                "or transformer list",
                self.at,
            )
        self._blank()
        if self.text.startswith(",", self.at):
            raise NotJudged(f"the transformer {name} with several arguments")
        if not self._take(")"):
            raise Mistake("expected a ')' token closing the transformer", self.at)
        self.depth -= 1
        return inner if name == "val" else Transformed(name, inner, start)

    def _argument(self) -> str | None:
        if not self._take("["):
            return None
        if not (self._quoted() or self._match(_BARE_ARGUMENT)):
            raise Mistake("expected a valid field argument: a quoted string or a bare string", self.at)
        argument = self.last
        if not self._take("]"):
            raise Mistake("expected a ']' token", self.at)
        return argument

    def _comparison(self, left: Value, start: int) -> Check:
        self._blank()
        modifier = ""
        right: tuple[str, ...] | Value
        if self._word(("exists",), blank=False):
            return Check(left, "exists", (), start, self.at)
        if self._word(_NUMERIC, blank=False):
            operator = self.last
            right = self._number()
        elif self._word(_SYMBOLS, blank=False) or self._word(_WORDS, blank=True):
            operator = self.last
            modifier = self._modifier()
            self.last = operator
            right = self._list(transformers=False) if modifier else self._text()
        elif self._word(LIST_OPERATORS, blank=False):
            operator = self.last
            right = self._list(transformers=True)
        else:
            raise Mistake(f"expected a valid check operator: one of {_quoted_all(OPERATORS)}", self.at)
        return Check(left, "=" if operator == "==" else operator, right, start, self.at, modifier)

    def _modifier(self) -> str:
        before = self.at
        self._blank()
        if self.at > before or self.text[before - 1 : before] in _BLANK:
            word = self.last if self._word(_MODIFIERS, blank=True) else ""
            ahead = _IDENTIFIER.match(self.text, self.at)
            listed = self.text.startswith("(", self.at) or (ahead and ahead[0] not in ("and", "or", "not"))
            if word and listed:
                return word
        self.at = before
        return ""

    def _number(self) -> tuple[str, ...] | Value:
        self._blank()
        found = self.field_or_transformer(("val",))
        if found is not None:
            return found
        if self._match(_NUMBER):
            return (self.last,)
        raise Mistake(f"expected a number value or a field with a valid transformer: {_TRANSFORMS}", self.at)

    def _text(self) -> tuple[str, ...] | Value:
        self._blank()
        found = self.field_or_transformer(("val",))
        if found is not None:
            return found
        if self._quoted() or self._match(_BARE):
            return (self.last,)
        raise Mistake(f"expected a string value or a field with a valid transformer: {_TRANSFORMS}", self.at)

    def _list(self, *, transformers: bool) -> tuple[str, ...] | Value:
        self._blank()
        if self._take("("):
            return self._items()
        found = self.field_or_transformer(("val",)) if transformers else None
        if found is not None:
            return found
        if self._match(_IDENTIFIER):
            return (self.last,)
        more = f"a list, an identifier, or a field with a valid transformer: {_TRANSFORMS}"
        raise Mistake(f"expected {more}" if transformers else "expected a list or an identifier", self.at)

    def _items(self) -> tuple[str, ...]:
        self._blank()
        items: list[str] = []
        if self._quoted() or self._match(_BARE):
            items.append(self.last)
            self._blank()
            while self._take(","):
                self._blank()
                if not (self._quoted() or self._match(_BARE)):
                    raise Mistake("expected a string value", self.at)
                items.append(self.last)
                self._blank()
        if not self._take(")"):
            raise Mistake("expected a ')' token", self.at)
        return tuple(items)

    def _word(self, words: tuple[str, ...], *, blank: bool) -> bool:
        """One of these operators here; some need a blank behind them."""
        before, last = self.at, self.last
        for word in words:
            if self._take(word):
                if not blank or self._blank():
                    return True
                self.at, self.last = before, last
        return False

    def _blank(self) -> bool:
        before = self.at
        while self.at < len(self.text) and self.text[self.at] in _BLANK:
            self.at += 1
        return self.at > before

    def _take(self, token: str) -> bool:
        if not self.text.startswith(token, self.at):
            return False
        self.at += len(token)
        self.last = token
        return True

    def _match(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self.at)
        if not match:
            return False
        self.at, self.last = match.end(), match[0]
        return True

    def _quoted(self) -> bool:
        quote = self.text[self.at : self.at + 1]
        if quote not in ("'", '"') or not quote:
            return False
        before, end = "\\", self.at
        while end < len(self.text):
            if self.text[end] == quote and before != "\\":
                self.last = _unescaped(self.text[self.at : end + 1], end + 1)
                self.at = end + 1
                return True
            before = self.text[end]
            end += 1
        return False


def _quoted_all(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_TRANSFORMS = _quoted_all(("val", *TRANSFORMERS))


def _unescaped(text: str, at: int) -> str:
    """What a text in quotes means."""
    found = ""
    inner = iter(text[1:-1])
    for char in inner:
        if char != "\\":
            found += char
            continue
        escaped = next(inner, "")
        if escaped in ("'", '"'):
            if escaped != text[0]:
                other = text[0]
                raise Mistake(f"invalid \\{escaped} escape in {other}-quoted string", at)
            found += escaped
        elif escaped in _ESCAPES:
            found += _ESCAPES[escaped]
        else:
            raise Mistake(f"unsupported string escape sequence: \\{escaped}", at)
    return found
