"""Which modules may know others: those that import them, directly or through others, at any time.

What a module has remembered stays right while a module that it can't know is changed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

DYNAMIC = ("import_module", "__import__")
"""Functions that import a module by its name."""


def importers(root: Path, files: Iterable[str]) -> frozenset[str]:
    """These files of `trainer/`, and all that may import one of them. A name that isn't plain may be any."""
    modules = {_name(path.relative_to(root)): path for path in (root / "trainer").rglob("*.py")}
    imported = {name: set(_imported(name, path, modules)) for name, path in modules.items()}
    found = {_name(Path(file)) for file in files}
    while more := {name for name, below in imported.items() if name not in found and below & found}:
        found |= more
    return frozenset(modules[name].relative_to(root).as_posix() for name in found)


def _name(path: Path) -> str:
    """`trainer.x` of trainer/x.py and of trainer/x/__init__.py."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(module: str, path: Path, modules: Iterable[str]) -> Iterator[str]:
    """The modules that a module imports, with the packages that they are in."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _with_packages(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from _with_packages(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            raise ValueError(f"{path}:{node.lineno}: write the whole name of the module")
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in DYNAMIC:
            start = _start(node.args[0], module)
            yield from (one for name in modules if name.startswith(start) for one in _with_packages(name))


def _with_packages(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]


def _start(argument: ast.expr, name: str) -> str:
    """With which text the name of a module starts, as far as it is plain."""
    parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
    text = ""
    for part in parts:
        if isinstance(part, ast.Constant):
            text += str(part.value)
        elif isinstance(part, ast.FormattedValue) and ast.unparse(part.value) == "__name__":
            text += name
        else:
            break
    return text
