"""The project's own source, read, parsed and walked once for all tests that look at it."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)


@cache
def text_of(path: Path) -> str:
    """The text of a file."""
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a module; tests share it and don't change it."""
    gc.disable()  # all trees are kept: looking at them again and again takes as long as making them
    try:
        return ast.parse(text_of(path))
    finally:
        gc.freeze()
        gc.enable()


def nodes_of(path: Path, *kinds: type[Node]) -> list[Node]:
    """The nodes of a module of these kinds, wherever they are; those of one kind from the outside inward."""
    by_kind = _nodes_of(path)
    return [node for kind in kinds for node in by_kind.get(kind, ())]  # type: ignore[misc]


@cache
def _nodes_of(path: Path) -> dict[type[ast.AST], list[ast.AST]]:
    found: dict[type[ast.AST], list[ast.AST]] = {}
    for node in walk(tree_of(path)):
        found.setdefault(type(node), []).append(node)
    return found


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """As `ast.walk`, without the nodes that have no place and nothing below: contexts and operators."""
    waiting = [node]
    for one in waiting:
        yield one
        for name in one._fields:
            value = getattr(one, name, None)
            if isinstance(value, list):
                waiting += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST) and value._fields:
                waiting.append(value)
