"""Which module of a package imports which, and the circles in that.

An import counts wherever it is written: at the top, or inside a function to keep a start cheap. Only
what is imported for the type checker alone does not count. A module that is imported loads the packages
above it too; that is not a use of them, so it makes no circle.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.sources import tree_of

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
"""The fields of a node that hold statements, or what holds them in turn."""

Graph = dict[str, set[str]]
"""Module -> the modules of the same package that it imports, all by their full names."""


def import_graph(package: Path) -> Graph:
    """The imports among the modules of the package in a folder."""
    modules = {_name(path, package): path for path in sorted(package.rglob("*.py"))}
    return {
        name: {_known(imported, modules) for imported in _imported(name, path)} - {""}
        for name, path in modules.items()
    }


def circles(graph: Graph) -> list[list[str]]:
    """Circles of imports, each as the way from a module back to it; every module at most once.

    >>> circles({"a": {"b"}, "b": {"c"}, "c": {"b"}})
    [['b', 'c', 'b']]
    """
    found: list[list[str]] = []
    graph = _leading_to_circles(graph)
    for module in sorted(graph):
        if not any(module in circle for circle in found):
            way = _way_back(graph, module)
            found += [way] if way else []
    return found


def _leading_to_circles(graph: Graph) -> Graph:
    """The graph without modules from which no way leads to a circle: those whose imports all lead nowhere."""
    left = dict(graph)
    while ends := [module for module, uses in left.items() if not uses & left.keys()]:
        for module in ends:
            del left[module]
    return left


def _way_back(graph: Graph, module: str) -> list[str]:
    """The shortest way of imports from a module to itself; empty if there isn't any."""
    came_from: dict[str, str] = {}
    waiting = [module]
    while waiting:
        here = waiting.pop(0)
        for there in sorted(graph.get(here, ())):
            if there == module:
                way = [module, here]
                while way[-1] != module:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
    return []


def _name(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _known(name: str, modules: dict[str, Path]) -> str:
    """The module that an imported name is or belongs to; empty if it isn't ours."""
    if name in modules:
        return name
    holder = name.rpartition(".")[0]
    return holder if holder in modules else ""


def _imported(module: str, path: Path) -> Iterator[str]:
    """The full names that a module imports: `a.b` of `import a.b`, `a.b.c` of `from a.b import c`."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in _loaded(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _loaded(node: ast.AST) -> Iterator[ast.AST]:
    """The statements of a tree, those inside others too, without what is under `if TYPE_CHECKING`."""
    yield node
    for name in _BLOCKS:
        for child in getattr(node, name, ()):
            if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
                for other in child.orelse:
                    yield from _loaded(other)
            else:
                yield from _loaded(child)
