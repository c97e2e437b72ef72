"""The tree of an awk program, as the reader makes it and the run walks it."""

from __future__ import annotations

import msgspec


class Node(msgspec.Struct, frozen=True):
    """An expression or a statement: what it is, its name, sign or text, and its parts."""

    kind: str
    text: str = ""
    parts: tuple[Node, ...] = ()


class Rule(msgspec.Struct, frozen=True):
    """`pattern { action }`; `BEGIN` and `END` are a name instead of a pattern."""

    name: str
    """`BEGIN`, `END`, or nothing."""
    first: Node | None
    last: Node | None
    """The end of a range `first, last`."""
    action: Node | None
    """None prints the record."""
