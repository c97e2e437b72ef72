"""CEL expressions as trees.

Follows the grammar of https://github.com/google/cel-spec/blob/master/doc/langdef.md (v0.24), with the
optional syntax (`?.`, `[?]`, `{?key: ...}`) that Kubernetes has since v1.29. Nesting is bounded, so
that no expression can exhaust the stack: deeper nesting is not judged.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import msgspec

from trainer.errors import NotJudged, TrainerError
from trainer.patterns import regex
from trainer.simulate.cel.tokens import Token, tokens

MOST_DEPTH = 60
"""Brackets within brackets."""
MOST_LEVELS = 150
"""Calls within calls: `a + b + c` has two levels, `a || b || c` one."""
MOST_CHARACTERS = 65536
INT_MIN, INT_MAX = -(1 << 63), (1 << 63) - 1


class CompileError(TrainerError):
    """The API server would refuse the expression; `offset` is the 0-based character where it fails."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


class Uint(int):
    """An unsigned integer: another type than int in CEL."""


class Node(msgspec.Struct, frozen=True, eq=False):
    """One node of a tree. `kind` says which of the other fields count.

    literal: `value`; ident: `name`; select: `target`, `name`; index: `target`, `arguments[0]`;
    call: `name`, `target` (None for a plain function), `arguments`; list: `arguments`; map:
    `arguments` as keys and values in turn; message (`Object.spec{...}`): the same, and `name`.
    `optional` marks `?.`, `[?]`; for lists, maps and messages `optionals` has the positions of entries
    with a question mark.
    """

    kind: str
    offset: int
    name: str = ""
    value: Any = None
    target: Node | None = None
    arguments: tuple[Node, ...] = ()
    optional: bool = False
    optionals: frozenset[int] = frozenset()


_BINARY = (
    ("||",),
    ("&&",),
    ("==", "!=", "<", "<=", ">", ">=", "in"),
    ("+", "-"),
    ("*", "/", "%"),
)
_LEVELS = {operator: level for level, operators in enumerate(_BINARY) for operator in operators}
"""How closely each binary operator binds."""
_RESERVED = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ]
)
"""Words that can't be the name of a variable or function; a field can have them."""
_KEYWORDS = frozenset(("true", "false", "null", "in"))
"""Words that can't be the name of a field either."""


def parse_expression(text: str) -> Node:
    """The tree of an expression. Raises `CompileError`; `NotJudged` if it is too long or too deep."""
    if len(text) > MOST_CHARACTERS:
        raise NotJudged(f"an expression of more than {MOST_CHARACTERS} characters")
    parser = _Parser(text)
    node = parser.ternary()
    if parser.token is not None:
        raise CompileError(f"syntax error: unexpected {parser.token.text!r}", parser.token.start)
    _bound(node)
    return node


@lru_cache(maxsize=2048)
def dotted(node: Node) -> str:
    """`net.IP` of a chain of plain names, or an empty string."""
    if node.kind == "ident":
        return node.name
    if node.kind == "select" and node.target is not None and not node.optional:
        before = dotted(node.target)
        return f"{before}.{node.name}" if before else ""
    return ""


def _bound(root: Node) -> None:
    level = [root]
    for _ in range(MOST_LEVELS):
        level = [child for node in level for child in _children(node)]
        if not level:
            return
    raise NotJudged(f"an expression of more than {MOST_LEVELS} calls within calls")


def _children(node: Node) -> tuple[Node, ...]:
    return node.arguments if node.target is None else (node.target, *node.arguments)


class _Parser:
    def __init__(self, text: str) -> None:
        self.words = tokens(text)
        self.place = 0
        self.depth = 0
        self.end = len(text)

    @property
    def token(self) -> Token | None:
        return self.words[self.place] if self.place < len(self.words) else None

    def at(self, *texts: str) -> bool:
        if self.place >= len(self.words):
            return False
        token = self.words[self.place]
        return token.text in texts and token.kind in ("mark", "word")

    def take(self) -> Token:
        token = self.token
        if token is None:
            raise CompileError("syntax error: the expression ends too early", self.end)
        self.place += 1
        return token

    def expect(self, text: str) -> Token:
        token = self.take()
        if token.text != text:
            raise CompileError(f"syntax error: {token.text!r} where {text!r} was expected", token.start)
        return token

    def ternary(self) -> Node:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise NotJudged(f"an expression with more than {MOST_DEPTH} brackets within brackets")
        node = self.binary(0)
        if self.at("?"):
            offset = self.take().start
            yes = self.binary(0)
            self.expect(":")
            node = Node("call", offset, "_?_:_", arguments=(node, yes, self.ternary()))
        self.depth -= 1
        return node

    def binary(self, level: int) -> Node:
        """Operands joined by operators of this level and of those that bind closer."""
        node = self.unary()
        while (token := self.operator(level)) is not None:
            own = _LEVELS[token.text]
            operands = [node]
            while self.at(token.text) and (
                own < 2 or len(operands) < 2
            ):  # `&&` and `||` take any number of operands
                self.place += 1
                operands.append(self.binary(own + 1))
            node = Node("call", token.start, f"_{token.text}_", arguments=tuple(operands))
        return node

    def operator(self, level: int) -> Token | None:
        """The operator that is next, if it binds at least as closely as those of the level."""
        token = self.token
        if token is None or token.kind not in ("mark", "word") or _LEVELS.get(token.text, -1) < level:
            return None
        return token

    def unary(self) -> Node:
        marks: list[Token] = []
        while self.at(marks[0].text) if marks else self.at("!", "-"):
            marks.append(self.take())
        token = self.token
        if self.at("-") and self.place + 1 < len(self.words) and self.words[self.place + 1].kind == "number":
            marks.append(self.take())  # after `!` a minus can only be the sign of a number
            token = self.token
        if marks and marks[-1].text == "-" and token is not None and token.kind == "number":
            minus = marks.pop()
            self.take()
            node = self.members(Node("literal", minus.start, value=_number("-" + token.text, minus.start)))
        else:
            node = self.members(self.primary())
        for mark in reversed(marks):
            node = Node("call", mark.start, f"{mark.text}_", arguments=(node,))
        return node

    def members(self, node: Node) -> Node:
        while True:
            if self.at(".", ".?"):
                node = self.selected(node)
            elif self.at("["):
                offset = self.take().start
                optional = self.at("?")
                if optional:
                    self.take()
                node = Node("index", offset, target=node, arguments=(self.ternary(),), optional=optional)
                self.expect("]")
            elif self.at("[?"):
                offset = self.take().start
                node = Node("index", offset, target=node, arguments=(self.ternary(),), optional=True)
                self.expect("]")
            elif self.at("{") and dotted(node):
                node = self.message(dotted(node), self.take())
            else:
                return node

    def selected(self, node: Node) -> Node:
        optional = self.take().text == ".?"
        name = self.take()
        if name.kind != "word" or name.text in _KEYWORDS:
            raise CompileError(
                f"syntax error: {name.text!r} can't be the name of a field after a dot;"
                f" write ['{name.text}'] for a key",
                name.start,
            )
        if self.at("(") and not optional:
            self.take()
            return Node("call", name.start, name.text, target=node, arguments=tuple(self.listed(")")[0]))
        return Node("select", name.start, name.text, target=node, optional=optional)

    def listed(self, end: str) -> tuple[list[Node], frozenset[int]]:
        found: list[Node] = []
        optionals = set()
        while not self.at(end):
            if end == "]" and self.at("?"):
                self.take()
                optionals.add(len(found))
            found.append(self.ternary())
            if not self.at(end):
                comma = self.expect(",")
                if end == ")" and self.at(end):
                    raise CompileError("syntax error: ')' after a comma", comma.start)
        self.take()
        return found, frozenset(optionals)

    def primary(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return Node("literal", token.start, value=_number(token.text, token.start))
        if token.kind == "string":
            return Node("literal", token.start, value=_string(token))
        if token.kind == "word":
            return self.word(token)
        if token.text == "(":
            node = self.ternary()
            self.expect(")")
            return node
        if token.text in ("[", "[?"):
            if token.text == "[?":
                self.place -= 1
                self.words[self.place] = Token("mark", "?", token.start + 1)
            items, optionals = self.listed("]")
            return Node("list", token.start, arguments=tuple(items), optionals=optionals)
        if token.text == "{":
            return self.mapping(token)
        if token.text == "." and self.token is not None and self.token.kind == "word":
            return self.word(self.take())
        raise CompileError(f"syntax error: unexpected {token.text!r}", token.start)

    def word(self, token: Token) -> Node:
        constants = {"true": True, "false": False, "null": None}
        if token.text in constants:
            return Node("literal", token.start, value=constants[token.text])
        if token.text in _RESERVED or token.text in _KEYWORDS:
            raise CompileError(f"syntax error: {token.text!r} is a reserved word", token.start)
        if self.at("("):
            self.take()
            return Node("call", token.start, token.text, arguments=tuple(self.listed(")")[0]))
        return Node("ident", token.start, token.text)

    def message(self, name: str, start: Token) -> Node:
        """The fields of a message, as a map from their names."""
        found: list[Node] = []
        optionals = set()
        while not self.at("}"):
            if self.at("?"):
                self.take()
                optionals.add(len(found))
            field = self.take()
            if field.kind != "word" or field.text in _KEYWORDS:
                raise CompileError(f"syntax error: {field.text!r} where a field was expected", field.start)
            found.append(Node("literal", field.start, value=field.text))
            self.expect(":")
            found.append(self.ternary())
            if not self.at("}"):
                self.expect(",")
        self.take()
        return Node("message", start.start, name, arguments=tuple(found), optionals=frozenset(optionals))

    def mapping(self, start: Token) -> Node:
        found: list[Node] = []
        optionals = set()
        while not self.at("}"):
            if self.at("?"):
                self.take()
                optionals.add(len(found))
            found.append(self.ternary())
            self.expect(":")
            found.append(self.ternary())
            if not self.at("}"):
                self.expect(",")
        self.take()
        return Node("map", start.start, arguments=tuple(found), optionals=frozenset(optionals))


def _number(text: str, offset: int) -> int | float:
    lowered = text.lower()
    try:
        if lowered.endswith("u"):
            value = int(lowered[:-1], 0)
            if not 0 <= value < 1 << 64:
                raise ValueError
            return Uint(value)
        if re.fullmatch(r"-?(0x[0-9a-f]+|\d+)", lowered):
            value = int(lowered, 16) if "0x" in lowered else int(lowered)
            if not INT_MIN <= value <= INT_MAX:
                raise ValueError
            return value
        return float(lowered)
    except ValueError:
        raise CompileError(f"invalid number {text!r}", offset) from None


_ESCAPES = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "`": "`", "?": "?",
}  # fmt: skip
_ESCAPE = regex(
    r"\\(x[0-9a-fA-F]{2}|X[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|.)", re.DOTALL
)


def _string(token: Token) -> str | bytes:
    match = re.match(r"[rRbB]*", token.text)
    prefix = match[0].lower() if match else ""
    body = token.text[len(prefix) :]
    quotes = 3 if body[:3] in ('"""', "'''") else 1
    if len(body) < 2 * quotes:
        raise CompileError("syntax error: a string does not end", token.start)
    inner = body[quotes:-quotes]
    is_bytes = "b" in prefix
    if "r" not in prefix:
        inner = _ESCAPE.sub(lambda found: _escaped(found[1], token.start, is_bytes), inner)
    return inner.encode(errors="surrogateescape") if is_bytes else inner


def _escaped(code: str, offset: int, is_bytes: bool) -> str:
    if code in _ESCAPES:
        return _ESCAPES[code]
    if len(code) > 1:
        base, digits = (8, code) if code[0] in "0123" else (16, code[1:])
        number = int(digits, base)
        if is_bytes and code[0] not in "uU" and number > 127:
            return chr(0xDC00 + number)  # one byte, not a character: `surrogateescape` writes it as such
        if number <= 0x10FFFF and not 0xD800 <= number < 0xE000:
            return chr(number)
    raise CompileError(f"syntax error: \\{code} is not a valid escape", offset)
