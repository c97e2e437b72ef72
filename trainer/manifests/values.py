"""Values of documents that may be of any type: the wanted type, or an empty one of it.

Null counts as empty, also as an item of a list, as Go decodes it. Values of another type are
skipped, so that odd data (a text where a list belongs) breaks nothing: that it is odd, the schema says.
"""

from __future__ import annotations

from typing import Any


def mapping(value: object) -> dict[str, Any]:
    """The mapping, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """The list, or an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """The text, or an empty one."""
    return value if isinstance(value, str) else ""


def number(value: object) -> int | None:
    """The whole number, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def mapping_at(owner: object, key: str) -> dict[str, Any]:
    """The mapping in a field, or an empty one."""
    return mapping(mapping(owner).get(key))


def items_at(owner: object, key: str) -> list[Any]:
    """The list in a field, or an empty one."""
    return items(mapping(owner).get(key))


def mappings(value: object) -> list[dict[str, Any]]:
    """The mappings in a list."""
    return [item for _, item in indexed(value)]


def texts(value: object) -> list[str]:
    """The texts in a list."""
    return [item for _, item in indexed_texts(value)]


def indexed(value: object) -> list[tuple[int, dict[str, Any]]]:
    """The mappings in a list, each with its place in it, from 0."""
    return [
        (index, {} if item is None else item)
        for index, item in enumerate(items(value))
        if item is None or isinstance(item, dict)
    ]


def indexed_texts(value: object) -> list[tuple[int, str]]:
    """The texts in a list, each with its place in it, from 0."""
    return [
        (index, item or "")
        for index, item in enumerate(items(value))
        if item is None or isinstance(item, str)
    ]


def text_mapping(value: object) -> dict[str, str]:
    """The fields of a mapping that are texts: labels, annotations."""
    return {key: item or "" for key, item in mapping(value).items() if item is None or isinstance(item, str)}
