"""Mutants of Falco's rule files: conditions, outputs, priorities, overrides, and the rest leaf by leaf.

Of a condition, each part is dropped, negated or joined by the other word; operators and values change. What
people only read (`desc`, the words of an output) isn't changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from trainer.content.card import Card
from trainer.errors import NotJudged
from trainer.manifests.model import Path, path_text
from trainer.packcheck.leaves import leaf_edits
from trainer.packcheck.tree import Edit, walk, with_value
from trainer.simulate.detection.definitions import PRIORITIES
from trainer.simulate.detection.grammar import Check, Expression, Many, Mistake, Not, parse_condition

RULE = "falco-alerts"

_OTHER_OPERATORS = {
    "=": ("!=", "startswith", "contains"),
    "!=": ("=",),
    "startswith": ("=", "contains"),
    "endswith": ("=", "contains"),
    "contains": ("=", "startswith"),
    "pmatch": ("in",),
    "<": (">=",),
    "<=": (">",),
    ">": ("<=",),
    ">=": ("<",),
}
_TEXT_ONLY = ("startswith", "contains")


def is_rule_file(card: Card, name: str) -> bool:
    """Whether a file of the answer has rules of Falco."""
    return any(check.rule == RULE and name in check.settings.get("files", ()) for check in card.checks)


def rule_file_edits(value: Any) -> Iterator[Edit]:
    """All mutants of the entries of a rule file."""
    for edit in leaf_edits(value):
        key = next((step for step in reversed(edit.path) if isinstance(step, str)), "")
        read_only = ("desc", "output", "condition", "priority")
        named = "exceptions" in edit.path and key == "name"
        more = key == "tags" and edit.mutation == "add"
        if edit.mutation != "delete" and (key in read_only or more or named):
            continue
        yield edit
    for path, node in walk(value):
        if isinstance(node, str):
            for what, other in _texts(path, node):
                yield Edit(path, "change", f"{path_text(path)}: {what}", with_value(value, path, other))


def _texts(path: Path, text: str) -> Iterator[tuple[str, str]]:
    key = path[-1]
    if len(path) > 1 and path[-2] == "override":
        other = "replace" if text == "append" else "append"
        yield f"`{other}` for `{text}`", other
    elif key == "condition":
        yield from condition_edits(text)
    elif key == "priority":
        for name in PRIORITIES:
            if name.lower() != text.lower():
                yield f"{name} for {text}", name
    elif key == "output":
        for match in re.finditer(r"%[a-z][a-z0-9_.]*[a-z0-9]", text):
            yield f"{match[0]} dropped", f"{text[: match.start()]}-{text[match.end() :]}"


def condition_edits(text: str) -> Iterator[tuple[str, str]]:
    """Other conditions, each with one change, in words and as text. What only continues a condition (`and
    ...`) is changed as if it were one."""
    lead = re.match(r"\s*(?:and|or)\s+", text)
    start = lead[0] if lead else ""
    if start:
        other = start.replace("and", "or") if "and" in start else start.replace("or", "and")
        yield f"`{other.strip()}` for `{start.strip()}`", f"{other}{text[len(start) :]}"
    body = text[len(start) :]
    try:
        tree = parse_condition(body.strip())
    except (Mistake, NotJudged):
        return
    for what, changed in _changes(tree, body.strip()):
        yield what, f"{start}{changed}"


def _changes(tree: Expression, text: str) -> Iterator[tuple[str, str]]:
    """Changes of a part, each with the text of the whole part."""
    written = _written(tree, text)
    if isinstance(tree, Many):
        parts = [_written(part, text) for part in tree.parts]
        other = "or" if tree.word == "and" else "and"
        yield f"`{other}` for `{tree.word}`", f"({f' {other} '.join(parts)})"
        for index, part in enumerate(tree.parts):
            rest = [*parts[:index], *parts[index + 1 :]]
            yield f"{parts[index]} dropped", f"({f' {tree.word} '.join(rest)})"
            for what, changed in _changes(part, text):
                yield what, f"({f' {tree.word} '.join([*parts[:index], changed, *parts[index + 1 :]])})"
    elif isinstance(tree, Not):
        yield f"`not` dropped before {_written(tree.inner, text)}", _written(tree.inner, text)
        for what, changed in _changes(tree.inner, text):
            yield what, f"not ({changed})"
    else:
        yield f"{written} negated", f"not ({written})"
        if isinstance(tree, Check) and isinstance(tree.right, tuple) and not tree.modifier:
            yield from _check_changes(tree)


def _written(tree: Expression, text: str) -> str:
    if isinstance(tree, Many):
        return f"({f' {tree.word} '.join(_written(part, text) for part in tree.parts)})"
    if isinstance(tree, Not):
        return f"not ({_written(tree.inner, text)})"
    return text[tree.at : tree.end].strip() if isinstance(tree, Check) else tree.name


def _check_changes(check: Check) -> Iterator[tuple[str, str]]:
    values = check.right
    assert isinstance(values, tuple)  # noqa: S101 - what the caller saw
    left = str(check.left)
    if len(values) == 1 and check.operator not in ("in", "intersects", "pmatch"):
        for operator in _OTHER_OPERATORS.get(check.operator, ()):
            if operator not in _TEXT_ONLY or not _is_typed(left):
                yield f"`{operator}` for `{check.operator}`", f"{left} {operator} {_quoted(values[0])}"
        yield f"another value for {left}", f"{left} {check.operator} {_quoted(_other(values[0]))}"
        return
    for index, value in enumerate(values):
        fewer = [*values[:index], *values[index + 1 :]]
        if fewer:
            yield f"{value} dropped from the list of {left}", _listed(check, fewer)
        more = [*values[:index], _other(value), *values[index + 1 :]]
        yield f"another value for {value}", _listed(check, more)


def _listed(check: Check, values: list[str]) -> str:
    return f"{check.left} {check.operator} ({', '.join(map(_quoted, values))})"


def _is_typed(left: str) -> bool:
    """Whether only a few values are valid for a field."""
    return left in ("evt.type", "proc.tty", "fd.num") or left.startswith(
        ("evt.is_", "fd.sp", "fd.si", "user.u")
    )


def _other(value: str) -> str:
    if value in ("true", "false"):
        return "false" if value == "true" else "true"
    return str(int(value) + 1) if value.lstrip("-").isdigit() else f"{value}x"


def _quoted(value: str) -> str:
    return value if re.fullmatch(r"[\w./:@<>*-]+", value) else "'" + value.replace("'", "\\'") + "'"
