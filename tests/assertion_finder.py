"""Tests that can't fail: their body asserts nothing, neither itself nor through a helper that does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef
Name = tuple[str, str]
"""A function of the tests: its module and its name."""

SNAPSHOT = "snap_compare"
"""The fixture that compares a screen with its stored picture."""

RAISING = frozenset(("raises", "warns", "fail", "deprecated_call"))
"""What pytest has beside the statement `assert`."""


def weak_tests(folder: Path) -> list[str]:
    """The tests of a folder whose bodies assert nothing, as `path: name`.

    An assertion is an `assert` of anything but a constant, `raise AssertionError`, `pytest.raises` and
    its like, a snapshot, or a call of a function of the tests that asserts. A name doesn't count.
    """
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))}
    modules = {path: _module(path, folder) for path in trees}
    known = {(modules[path], node.name): node for path, tree in trees.items() for node in _functions(tree)}
    imports = {modules[path]: _imports(tree) for path, tree in trees.items()}
    asserting = {name for name, node in known.items() if _asserts(node)}
    while more := {
        (module, name)
        for (module, name), node in known.items()
        if (module, name) not in asserting
        and any(imports[module].get(called, (module, called)) in asserting for called in _called(node))
    }:
        asserting |= more
    return [
        f"{path.relative_to(folder.parent)}: {node.name}"
        for path, tree in trees.items()
        if path.name.startswith("test_")
        for node in _functions(tree)
        if node.name.startswith("test_") and (modules[path], node.name) not in asserting
    ]


def _module(path: Path, folder: Path) -> str:
    return ".".join(path.relative_to(folder.parent).with_suffix("").parts)


def _functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _imports(tree: ast.AST) -> dict[str, Name]:
    """The functions that a module imports by name: the name here -> where it is from."""
    return {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _called(node: Function) -> Iterator[str]:
    """The functions that a function calls by name."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
            yield inner.func.id


def _asserts(node: Function) -> bool:
    return any(
        (isinstance(inner, ast.Assert) and not isinstance(inner.test, ast.Constant))
        or (
            isinstance(inner, ast.Raise) and inner.exc is not None and "AssertionError" in ast.dump(inner.exc)
        )
        or (isinstance(inner, ast.Call) and _is_assertion(inner.func))
        for inner in ast.walk(node)
    )


def _is_assertion(called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute):
        return isinstance(called.value, ast.Name) and (called.value.id, called.attr) in {
            ("pytest", name) for name in RAISING
        }
    return isinstance(called, ast.Name) and called.id == SNAPSHOT
