"""Replacing scalars in YAML text in place, so that the rest of an answer stays as written."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from trainer.errors import AnswerUnreadable
from trainer.manifests.model import Document, Path
from trainer.manifests.reading.parse import parse
from trainer.patterns import regex

_TAIL = regex(r"(?:[\s,}\]]|-(?=[ \n])|\?(?= )|#[^\n]*(?=\n|\Z)|^---[^\n]*$)*\Z", re.MULTILINE)
_SAFE_KEYS = frozenset(
    "apiVersion kind name namespace type metadata data stringData labels annotations items".split()
)
_LINE = regex(r"^(?P<head>\s*(?:- )?[\"']?(?P<key>[\w./-]+)[\"']?\s*:\s+)(?P<value>\S.*)$")
_MARK = regex(r"(---|\.\.\.)(?:[ \t]+|$)")
"""The beginning or end of a document; its text may follow on the same line."""

Digest = Callable[[str], str]


def replace_in_place(text: str, document: Document, paths: Sequence[Path], digest: Digest) -> str:
    """The text with the scalars at `paths` of one of its documents replaced by their digests.

    Checked by parsing again; if a scalar is written in a way that can't be replaced, the whole
    document is left out instead.
    """
    starts = _line_starts(text)
    marks = sorted(_offset(starts, line, column) for line, column in _all_marks(document))
    end = _document_end(text, starts, document)
    result = text
    for path in sorted(paths, key=lambda path: _place(starts, document, path), reverse=True):
        begin = _place(starts, document, path)
        after = next((mark for mark in marks[bisect_right(marks, begin) :]), end)
        region = text[begin : min(after, end)]
        result = (
            result[:begin]
            + _rewritten(region, path, _value(document, path), digest)
            + result[min(after, end) :]
        )
    if _is_right(result, document, paths, digest):
        return result
    first = _offset(starts, document.line, 1)
    return f"{text[:first]}# this document contained secret values and is left out\n{text[end:]}"


def broken_lines(text: str, first: int, digest: Digest) -> str:
    """From the 1-based line `first` on, every value after a key or on its own line is replaced.

    For what doesn't parse: keys, and the values of harmless ones, stay.
    """
    lines = text.split("\n")
    return "\n".join([*lines[: first - 1], *(_broken(line, digest) for line in lines[first - 1 :])])


def after_ends(text: str, digest: Digest) -> str:
    """The text in which every value between an end mark (`...`) and the next document is replaced.

    kubectl reads nothing of it.
    """
    found, is_unread = [], False
    for line in text.split("\n"):
        mark = _MARK.match(line)
        if mark is not None:
            is_unread = mark[1] == "..."
        found.append(_broken(line, digest) if is_unread else line)
    return "\n".join(found)


def _broken(line: str, digest: Digest) -> str:
    mark = _MARK.match(line)
    if mark is not None:
        rest = line[mark.end() :]
        return mark.group() + _broken(rest, digest) if rest else line
    match = _LINE.match(line)
    if match is not None:
        safe = match["key"] in _SAFE_KEYS and not match["value"].startswith(("{", "["))
        return line if safe else match["head"] + digest(match["value"])
    if not line.strip() or line.rstrip().endswith(":") or line.startswith("#"):
        return line
    return line[: len(line) - len(line.lstrip())] + digest(line.strip())


def _rewritten(region: str, path: Path, value: Any, digest: Digest) -> str:
    """A region `key: value<separators>` (or `value<separators>` of a list) with the value replaced."""
    head = ""
    if isinstance(path[-1], str):
        colon = re.match(r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s:]|:(?=\S))*\s*:[ ]?", region)
        head = colon.group().rstrip() + " " if colon else f"{path[-1]}: "
    elif region.startswith("- "):
        head = "- "  # an item of a block list is marked at its dash
    tail = _TAIL.search(region, len(head.rstrip()))
    written = digest(str(value))
    if region[len(head.rstrip()) :].lstrip().startswith('"'):
        written = f'"{written}"'  # JSON stays JSON
    return head + written + (tail.group() if tail else "\n")


def _is_right(text: str, document: Document, paths: Sequence[Path], digest: Digest) -> bool:
    try:
        again = parse(text.encode(), document.file).documents
    except AnswerUnreadable:
        return False
    match = [one for one in again if (one.line, one.column) == (document.line, document.column)]
    if len(match) != 1:
        return False
    return all(_value(match[0], path) == digest(str(_value(document, path))) for path in paths)


def _value(document: Document, path: Path) -> Any:
    node = document.value
    for step in path:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return None
    return node


def _place(starts: list[int], document: Document, path: Path) -> int:
    where = document.where(path)
    return _offset(starts, where.line, where.column)


def _all_marks(document: Document) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for marks in document.marks.values():
        found += marks.values() if isinstance(marks, dict) else marks
    return found


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for index, character in enumerate(text):
        if character == "\n":
            starts.append(index + 1)
    return starts


def _offset(starts: list[int], line: int, column: int) -> int:
    return starts[min(line, len(starts)) - 1] + column - 1


def _document_end(text: str, starts: list[int], document: Document) -> int:
    marker = re.compile(r"^(?:---|\.\.\.)(?=\s|$)", re.MULTILINE)
    found = marker.search(text, starts[document.line]) if document.line < len(starts) else None
    return found.start() if found else len(text)
