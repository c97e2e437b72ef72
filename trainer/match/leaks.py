"""Where a secret is in the files of an answer: as it is, in a comment, or in base64."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from trainer.manifests.model import Document, Path
from trainer.patterns import regex
from trainer.verdict import Location

_TOKEN = regex(r"[A-Za-z0-9+/_-]{4,}={0,2}")
"""What may be base64, by the standard or for addresses."""

_OTHER_ALPHABET = str.maketrans("-_", "+/")


def leaks(
    texts: Mapping[str, str], documents: Mapping[str, tuple[Document, ...]], secrets: Collection[str]
) -> list[Location]:
    """The lines of these files that have one of the secrets, and the values that do: each line once.

    Values are looked at as well as lines: a text in YAML may be escaped, or folded over several lines.
    """
    return [
        place
        for name, text in texts.items()
        for place in _of_file(name, text, documents.get(name, ()), secrets)
    ]


def _of_file(
    name: str, text: str, documents: tuple[Document, ...], secrets: Collection[str]
) -> Iterator[Location]:
    lines = set()
    for number, line in enumerate(text.splitlines(), 1):
        secret = _within(line, secrets)
        if secret is not None:
            lines.add(number)
            yield Location(name, number, max(line.find(secret), 0) + 1)
    for document in documents:
        for path, value in _values(document.value):
            place = document.where(path)
            if place.line not in lines and _within(value, secrets) is not None:
                lines.add(place.line)
                yield place


def _within(text: str, secrets: Collection[str]) -> str | None:
    """The secret that a text has, in any reading; None if it has none of them."""
    return next((one for reading in _readings(text) for one in secrets if one in reading), None)


def _readings(text: str) -> Iterator[str]:
    """The text, what each word is that may be base64, and what all of it is over several lines."""
    yield text
    joined = "".join(text.split())
    for token in (*_TOKEN.findall(text), *([joined] if joined != text.strip() else [])):
        word = token.rstrip("=").translate(_OTHER_ALPHABET)
        try:
            yield base64.b64decode(word + "=" * (-len(word) % 4), validate=True).decode("utf-8", "replace")
        except ValueError:
            continue


def _values(node: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """The keys and texts of a document."""
    if isinstance(node, str):
        yield path, node
        return
    children: Iterable[tuple[Any, Any]] = ()
    if isinstance(node, dict):
        children = node.items()
        yield from (((*path, key), key) for key in node if isinstance(key, str))
    elif isinstance(node, list):
        children = enumerate(node)
    for step, child in children:
        yield from _values(child, (*path, step))
