"""What a row says at a field: `user.username`, `items[].name`, `../Target`, or a text with several of them.

A step may be a key that has dots itself, as in Falco's `output_fields.k8s.pod.name`. `[]` stands for every
item of a list. `../` leads to the item that the row is part of, `/` to the whole document. In
`{namespace}/{name}` each part in braces is a field.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, product
from typing import Any

from trainer.patterns import regex
from trainer.simulate.findings.material import Row

_FIELD = regex(r"\{([^{}]*)\}")


def values_at(row: Row, expression: str) -> list[str]:
    """The texts at a field of a row, or those of a text with fields in braces; each combination once.

    Numbers and words such as true are given as JSON writes them. A missing field has no value.
    """
    parts = _parts(expression)
    if len(parts) == 1:
        found = _texts(row, expression)
        return found if len(found) < 2 else list(dict.fromkeys(found))
    choices = [[part] if index % 2 == 0 else _texts(row, part) for index, part in enumerate(parts)]
    return list(dict.fromkeys("".join(chosen) for chosen in product(*choices)))


@lru_cache(maxsize=1024)  # a query asks the same of thousands of rows
def _parts(expression: str) -> Sequence[str]:
    return _FIELD.split(expression)


@lru_cache(maxsize=1024)
def _way(path: str) -> tuple[bool, int, tuple[str, ...]]:
    """Of a path: whether it begins at the whole document, how far it leads up, and its steps."""
    whole = path.startswith("/")
    path = path.removeprefix("/")
    up = 0
    while path.startswith("../"):
        up, path = up + 1, path[3:]
    return whole, up, tuple(path.split(".")) if path else ()


def _texts(row: Row, path: str) -> list[str]:
    whole, up, steps = _way(path)
    data = row.chain[-1:] if whole else row.chain
    if up >= len(data):
        return []
    return [text for value in _at(data[up], steps) for text in _said(value)]


def _at(value: Any, steps: tuple[str, ...]) -> Iterable[Any]:
    if not steps:
        return (value,)
    if not isinstance(value, dict):
        return ()
    for end in range(1, len(steps) + 1):
        key = steps[0] if end == 1 else ".".join(steps[:end])
        name = key.removesuffix("[]")
        if name in value:
            found, rest = value[name], steps[end:]
            if key == name:
                return _at(found, rest)
            items = found if isinstance(found, list) else []
            return chain.from_iterable(_at(item, rest) for item in items)
    return ()


def _said(value: Any) -> list[str]:
    if isinstance(value, bool):
        return [str(value).lower()]
    return [str(value)] if isinstance(value, str | int | float) else []
