"""Material as rows: the lines of a log, the items of a report, each with its file and line.

Audit logs (https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/, v1.35), journals and Falco's JSON
output (https://falco.org/docs/concepts/outputs/formatting/) have one JSON object on each line. Reports of
scanners and SBOMs (SPDX and CycloneDX) are one JSON document, as are the CertificateSigningRequests of a
cluster. Any other log has lines of a pattern. Of a program, the file itself counts: its checksums.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal

import msgspec

from trainer.errors import NotJudged
from trainer.patterns import regex
from trainer.simulate.findings.digests import with_digests
from trainer.simulate.findings.requests import with_request

Format = Literal["json-lines", "json", "lines", "signing-requests", "digests"]

_TOKENS = regex(r'"(?:[^"\\]|\\.)*"|[\[{\n]')


class Row(msgspec.Struct, frozen=True, eq=False):
    """One line of a log, or one item of a document."""

    file: str
    line: int
    """From 1; 0 if it isn't known."""
    chain: tuple[Any, ...]
    """The row's own value, then the items that it is part of; the whole document comes last."""


@lru_cache(maxsize=64)
def rows_of(file: str, text: str, form: Format, pattern: str = "", path: str = "") -> tuple[Row, ...]:
    """The rows of a file: of `json-lines` each line, of `lines` those with the pattern, of `json` each item
    at `path`, of `signing-requests` the same with what they ask for, of `digests` the file itself.

    The named groups of the pattern (RE2, linear time) are the fields of a row, and its `file`. Raises
    `NotJudged` for material that can't be read: that is the card's fault.
    """
    if form == "digests":
        return (Row(file, 0, (with_digests(file, text),)),)
    if form == "lines":
        return tuple(_matching(file, text, pattern))
    try:
        if form == "json-lines":
            lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
            return tuple(Row(file, number, (msgspec.json.decode(line),)) for number, line in lines)
        document = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise NotJudged(f"{file} isn't readable as {form}: {error}") from error
    places = _places(document, text)
    steps = [step for step in path.split(".") if step]
    rows = tuple(Row(file, places.get(id(chain[0]), 0), chain) for chain in _items((document,), steps))
    return rows if form == "json" else tuple(_decoded(row) for row in rows)


def _decoded(row: Row) -> Row:
    item = with_request(f"{row.file}:{row.line}", row.chain[0])
    return msgspec.structs.replace(row, chain=(item, *row.chain[1:]))


def _matching(file: str, text: str, pattern: str) -> Iterator[Row]:
    found = compiled(pattern)
    for number, line in enumerate(text.split("\n"), 1):
        if match := found.search(line):
            yield Row(file, number, ({"file": file, **match.groupdict()},))


@lru_cache(maxsize=64)
def compiled(pattern: str) -> Any:
    """A pattern of a card, compiled for linear time. Raises `NotJudged` if it is invalid."""
    import re2  # a library that only patterns need

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise NotJudged(f"the pattern {pattern}: {error}") from error


def _items(chain: tuple[Any, ...], steps: list[str]) -> Iterator[tuple[Any, ...]]:
    """The items at the end of a path like `Results[].Vulnerabilities[]`, each with those that it is part
    of. `[]` is the items of a document that is a list."""
    value = chain[0]
    for place, step in enumerate(steps):
        if step != "[]":
            value = value.get(step.removesuffix("[]")) if isinstance(value, dict) else None
        if step.endswith("[]"):
            for item in value if isinstance(value, list) else ():
                yield from _items((item, *chain), steps[place + 1 :])
            return
    if value is not None:
        yield chain if value is chain[0] else (value, *chain)


def _places(document: Any, text: str) -> dict[int, int]:
    """The line of each mapping and list of a document, by `id()`: both are met in the order of the text."""
    lines = []
    line = 1
    for token in _TOKENS.finditer(text):
        if token[0] == "\n":
            line += 1
        elif token[0] in "[{":
            lines.append(line)
    nodes = list(_containers(document))
    return (
        {id(node): line for node, line in zip(nodes, lines, strict=True)} if len(nodes) == len(lines) else {}
    )


def _containers(document: Any) -> Iterator[Any]:
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict | list):
            yield node
            waiting += reversed(list(node.values()) if isinstance(node, dict) else node)
