"""Values of documents that may be of any type: the wanted type, or nothing of it.

Engines read fields with these, so that odd data (null, a text where a list belongs) is passed over
instead of breaking them; that it is odd is said by the schema.
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


def mappings(value: object) -> list[dict[str, Any]]:
    """Those items of a list that are mappings."""
    return [item for item in items(value) if isinstance(item, dict)]


def texts(value: object) -> list[str]:
    """Those items of a list that are texts."""
    return [item for item in items(value) if isinstance(item, str)]


def indexed(value: object) -> list[tuple[int, dict[str, Any]]]:
    """Those items of a list that are mappings, each with its place in the list, from 0."""
    return [(index, item) for index, item in enumerate(items(value)) if isinstance(item, dict)]


def mapping_at(owner: dict[str, Any], key: str) -> dict[str, Any]:
    """The mapping in a field, or an empty one."""
    return mapping(owner.get(key))


def items_at(owner: dict[str, Any], key: str) -> list[Any]:
    """The list in a field, or an empty one."""
    return items(owner.get(key))
