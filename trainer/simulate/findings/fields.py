"""What a row says at a field: `user.username`, `items[].name`, `../Target`, or a text with several of them.

A step may be a key that has dots itself, as in Falco's `output_fields.k8s.pod.name`. `[]` stands for every
item of a list. `../` leads to the item that the row is part of, `/` to the whole document. In
`{namespace}/{name}` each part in braces is a field.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from trainer.patterns import regex
from trainer.simulate.findings.material import Row

_FIELD = regex(r"\{([^{}]*)\}")


def values_at(row: Row, expression: str) -> list[str]:
    """The texts at a field of a row, or those of a text with fields in braces; each combination once.

    Numbers and words such as true are given as JSON writes them. A missing field has no value.
    """
    parts = _FIELD.split(expression)
    if len(parts) == 1:
        return list(dict.fromkeys(_texts(row, expression)))
    choices = [[part] if index % 2 == 0 else _texts(row, part) for index, part in enumerate(parts)]
    return list(dict.fromkeys("".join(chosen) for chosen in product(*choices)))


def _texts(row: Row, path: str) -> list[str]:
    chain = row.chain
    if path.startswith("/"):
        chain, path = chain[-1:], path[1:]
    while path.startswith("../"):
        chain, path = chain[1:], path[3:]
    if not chain:
        return []
    return [text for value in _at(chain[0], path.split(".") if path else []) for text in _said(value)]


def _at(value: Any, steps: list[str]) -> Iterator[Any]:
    if not steps:
        yield value
        return
    for end in range(1, len(steps) + 1):
        key = ".".join(steps[:end])
        name = key.removesuffix("[]")
        if isinstance(value, dict) and name in value:
            found = value[name]
            items = (found if isinstance(found, list) else []) if key != name else [found]
            for item in items:
                yield from _at(item, steps[end:])
            return


def _said(value: Any) -> list[str]:
    if isinstance(value, bool):
        return [str(value).lower()]
    return [str(value)] if isinstance(value, str | int | float) else []
