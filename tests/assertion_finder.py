"""Tests that can't fail: their body asserts nothing, neither itself nor through a helper that does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.sources import nodes_of, walk

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
    modules = {path: _module(path, folder) for path in sorted(folder.rglob("*.py"))}
    known = {(modules[path], node.name): [*walk(node)] for path in modules for node in _functions(path)}
    imports = {modules[path]: _imports(path) for path in modules}
    asserting = {name for name, nodes in known.items() if _asserts(nodes)}
    calls = {name: {*_called(nodes)} for name, nodes in known.items() if name not in asserting}
    while more := {
        (module, name)
        for (module, name), called in calls.items()
        if (module, name) not in asserting
        and any(imports[module].get(one, (module, one)) in asserting for one in called)
    }:
        asserting |= more
    return [
        f"{path.relative_to(folder.parent)}: {node.name}"
        for path in modules
        if path.name.startswith("test_")
        for node in _functions(path)
        if node.name.startswith("test_") and (modules[path], node.name) not in asserting
    ]


def _module(path: Path, folder: Path) -> str:
    return ".".join(path.relative_to(folder.parent).with_suffix("").parts)


def _functions(path: Path) -> list[Function]:
    return nodes_of(path, ast.FunctionDef, ast.AsyncFunctionDef)


def _imports(path: Path) -> dict[str, Name]:
    """The functions that a module imports by name: the name here -> where it is from."""
    return {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in nodes_of(path, ast.ImportFrom)
        for alias in node.names
    }


def _called(nodes: list[ast.AST]) -> Iterator[str]:
    """The functions that a function calls by name."""
    for inner in nodes:
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
            yield inner.func.id


def _asserts(nodes: list[ast.AST]) -> bool:
    return any(
        (isinstance(inner, ast.Assert) and not isinstance(inner.test, ast.Constant))
        or (
            isinstance(inner, ast.Raise) and inner.exc is not None and "AssertionError" in ast.dump(inner.exc)
        )
        or (isinstance(inner, ast.Call) and _is_assertion(inner.func))
        for inner in nodes
    )


def _is_assertion(called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute):
        return isinstance(called.value, ast.Name) and (called.value.id, called.attr) in {
            ("pytest", name) for name in RAISING
        }
    return isinstance(called, ast.Name) and called.id == SNAPSHOT
