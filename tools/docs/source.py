"""What the source says about itself: docstrings of modules, and the lines under a struct's fields."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parents[2]


def field_docs(struct: type[Any]) -> dict[str, str]:
    """What the docstrings below a struct's fields say, by the fields' encoded names; one line each."""
    by_name: dict[str, str] = {}
    for node in class_nodes(struct):
        by_name |= dict(_fields(node))
    encoded = dict(zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True))
    return {encoded[name]: text for name, text in by_name.items() if name in encoded}


def class_nodes(struct: type[Any]) -> list[ast.ClassDef]:
    """The source of a struct and of the structs that it is made from, these first."""
    bases = [
        one
        for one in reversed(struct.__mro__)
        if issubclass(one, msgspec.Struct) and one is not msgspec.Struct
    ]
    return [_classes(str(inspect.getsourcefile(one)))[one.__name__] for one in bases]


def structs_below(root: type[Any]) -> list[type[Any]]:
    """A struct and all structs that its fields lead to, each once."""
    found: dict[type[Any], None] = {}

    def walk(node: Any) -> None:
        if isinstance(node, msgspec.inspect.StructType):
            if node.cls in found:
                return
            found[node.cls] = None
        if isinstance(node, msgspec.inspect.Type | msgspec.inspect.Field):
            for name in node.__struct_fields__:
                value = getattr(node, name)
                for one in value if isinstance(value, tuple) else (value,):
                    walk(one)

    walk(msgspec.inspect.type_info(root))
    return list(found)


def module_doc(path: Path) -> str:
    """A module's docstring, unindented; tables of dashes become code blocks."""
    return _fenced(ast.get_docstring(_tree(path)) or "")


def not_judged(path: Path) -> list[str]:
    """The messages with which a module says `not judged`, in their order; `…` replaces what varies."""
    if "NotJudged" not in path.read_text(encoding="utf-8"):
        return []
    calls = (
        node
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NotJudged" and node.args
    )
    texts = (_text(call.args[0]) for call in sorted(calls, key=lambda call: call.lineno))
    return list(dict.fromkeys(text for text in texts if text.strip("…, ")))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _classes(source: str) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in ast.walk(_tree(Path(source))) if isinstance(node, ast.ClassDef)}


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            yield field.target.id, " ".join(below.value.value.split())


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return "…"


def _fenced(text: str) -> str:
    lines = text.splitlines()
    rules = [number for number, line in enumerate(lines) if re.fullmatch(r"=+(\s+=+)+", line)]
    if rules:
        lines.insert(rules[-1] + 1, "```")
        lines.insert(rules[0], "```")
    return "\n".join(lines)
