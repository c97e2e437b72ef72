"""What the API server checks beyond types when it compiles an expression.

Follows the validators that k8s.io/apiserver v1.36 `pkg/cel/environment/base.go` turns on: cel-go v0.26
`cel/validator.go` (written-out durations, timestamps and patterns; literals whose elements are all of one
type) and `ext/formatting.go` (the clauses of a written-out format and its written-out arguments).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from trainer.patterns import regex
from trainer.simulate.cel.kinds import Type
from trainer.simulate.cel.standard import to_duration, to_timestamp
from trainer.simulate.cel.syntax import CompileError, Node
from trainer.simulate.cel.texts import compiled
from trainer.simulate.cel.values import CelError

Types = Mapping[Node, Type]


def validate(root: Node, types: Types) -> None:
    """Refuse what is well typed but still wrong. Raises `CompileError`."""
    for node, in_format in _nodes(root):
        if node.kind == "call":
            _check_literal_argument(node)
            if node.name == "format":
                _check_format(node, types)
        elif node.kind in ("list", "map") and not in_format:
            _check_alike(node, types)


def _nodes(root: Node) -> Iterator[tuple[Node, bool]]:
    """All nodes, and whether each is within a call of `format`, which may mix types."""
    waiting = [(root, False)]
    while waiting:
        node, in_format = waiting.pop()
        yield node, in_format
        below = in_format or (node.kind == "call" and node.name == "format")
        children = node.arguments if node.target is None else (node.target, *node.arguments)
        waiting += [(child, below) for child in reversed(children)]


_READERS: dict[str, Callable[[Any], Any]] = {
    "duration": to_duration,
    "timestamp": to_timestamp,
    "matches": compiled,
}


def _check_literal_argument(node: Node) -> None:
    read = _READERS.get(node.name)
    if read is None or not node.arguments or node.arguments[0].kind != "literal":
        return
    argument = node.arguments[0]
    try:
        read(argument.value)
    except (CelError, ValueError) as error:
        raise CompileError(f"invalid {node.name} argument: {error}", argument.offset) from error


def _check_alike(node: Node, types: Types) -> None:
    strides = (range(len(node.arguments)),) if node.kind == "list" else _halves(node)
    for positions in strides:
        first: Type | None = None
        for position in positions:
            found = types[node.arguments[position]]
            if position in node.optionals if node.kind == "list" else position - 1 in node.optionals:
                found = found.unwrapped
            if first is not None and found != first:
                message = f"expected type '{first}' but found '{found}'"
                raise CompileError(
                    f"{message}: the elements of a literal are of one type", node.arguments[position].offset
                )
            first = found


def _halves(node: Node) -> tuple[range, range]:
    return range(0, len(node.arguments), 2), range(1, len(node.arguments), 2)


_CLAUSE = regex(r"%(?:%|(?:\.(\d*))?(.)?)", re.DOTALL)
_SHOWN = {
    "s": frozenset(
        "list map int uint double bool string timestamp bytes duration type null".split(),
    ),
    "d": frozenset(("int", "uint")),
    "f": frozenset(("double", "string")),
    "e": frozenset(("double", "string")),
    "b": frozenset(("int", "uint", "bool")),
    "x": frozenset(("int", "uint", "string", "bytes")),
    "X": frozenset(("int", "uint", "string", "bytes")),
    "o": frozenset(("int", "uint")),
}
"""What each clause of a format accepts."""


def _check_format(node: Node, types: Types) -> None:
    target, arguments = node.target, node.arguments
    written = target is not None and target.kind == "literal" and isinstance(target.value, str)
    if not written or len(arguments) != 1 or arguments[0].kind != "list":
        return
    assert target is not None  # noqa: S101 - `written` says so
    values, used = arguments[0].arguments, 0
    for clause in _CLAUSE.finditer(target.value):
        if clause[0] == "%%":
            continue
        if used >= len(values):
            raise CompileError(f"index {used} out of range: the format has more clauses", node.offset)
        letter = clause[2] or ""
        if letter not in _SHOWN or clause[1] == "":
            raise CompileError(f"unrecognized formatting clause {clause[0]!r}", node.offset)
        _check_shown(values[used], letter, types)
        used += 1
    if used < len(values):
        message = f"too many arguments supplied to string.format (expected {used}, got {len(values)})"
        raise CompileError(message, node.offset)


def _check_shown(node: Node, letter: str, types: Types) -> None:
    found = types[node]
    if found.name != "dyn" and found.name not in _SHOWN[letter]:
        raise CompileError(f"error during formatting: %{letter} can't show a {found}", node.offset)
    if letter == "s" and node.kind in ("list", "map"):
        for inner in node.arguments:
            _check_shown(inner, letter, types)
