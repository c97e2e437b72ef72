"""Where in a Kubernetes object a cursor is: the path of fields above it, read from the indentation alone.

The text may be unfinished: it is not parsed. Inside flow style (`{a: 1}`), the place is the field around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from trainer.tui.keystrokes import blanks_of, dashes_of, in_block_scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

Step = str | int
"""A field, or 0 for an item of a list."""

FARTHEST = 20_000
"""Lines above the cursor that are looked at."""


class YamlPlace(msgspec.Struct, frozen=True):
    """A cursor's place. `path` ends with the field of its line, or with the owner of the field that is begun.

    `key` is the field whose value the cursor is in; None where a field's name is, or would be, written.
    `start` is the column at which the name or value begins, `taken` the fields that the same object has.
    """

    api_version: str
    kind: str
    path: tuple[Step, ...]
    key: str | None
    start: int
    taken: frozenset[str] = frozenset()


def place_at(lines: Sequence[str], row: int, column: int) -> YamlPlace:
    """The place of a cursor; row and column are 0-based."""
    first = max((n + 1 for n in range(row) if lines[n].startswith("---")), default=0)
    last = next((n for n in range(row + 1, len(lines)) if lines[n].startswith("---")), len(lines))
    line = lines[row]
    if not line.strip():
        line = " " * column
    if in_block_scalar(lines, row) and line.strip():
        row, column = _scalar_row(lines, row), 0
        line = lines[row]
        column = len(line)
    dash, content = dashes_of(line)
    indent = blanks_of(line)
    if not content and line.strip() == "-":  # a dash without a blank after it
        dash = indent + 2
    name, colon = key_of(content)
    above = _path(lines, first, row, indent, dash)
    key: str | None = None
    path, start = above, dash
    if name is not None and column > dash + colon:
        key, path = name, (*above, name)
        start = dash + colon + 1
        start += blanks_of(line[start:])
    elif name is not None:
        path = above
    elif above and above[-1] == 0 and content and dash > indent:
        key = next((step for step in reversed(above) if isinstance(step, str)), None)
    api_version, kind = _top(lines, first, last)
    taken = _taken(lines, first, last, row, dash)
    return YamlPlace(api_version, kind, path, key, min(start, max(column, dash)), taken)


def key_of(content: str) -> tuple[str | None, int]:
    """The key that a line (without its dashes) sets, and where its colon is; None if it sets none."""
    text = content.partition(" #")[0]
    if not text or text[0] in "#[{|>":
        return None, 0
    if text[0] in "\"'":
        end = text.find(text[0], 1)
        rest = text[end + 1 :]
        colon = end + 1 + blanks_of(rest)
        return (text[1:end], colon) if end > 0 and text[colon : colon + 2].rstrip() == ":" else (None, 0)
    colon = text.find(": ")
    if colon < 0:
        colon = len(text.rstrip()) - 1
        if text[colon] != ":":
            return None, 0
    return text[:colon].strip(), colon


def _path(lines: Sequence[str], first: int, row: int, indent: int, column: int) -> tuple[Step, ...]:
    """The fields and items above a line whose dashes begin at `indent` and whose content at `column`."""
    found: list[Step] = []
    limit, dash = column, indent < column  # the mapping's column, and whether an item of a list begins here
    if dash:
        found.append(0)
        limit = indent
    for line in reversed(lines[max(first, row - FARTHEST) : row]):
        if not limit and not dash:
            break
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        here, (content_at, content) = blanks_of(line), dashes_of(line)
        item = content_at > here
        if dash:  # looking for the key of a list whose dashes are at `limit`
            if content_at <= limit and (here < limit or not item):
                name, _ = key_of(content)
                found += [name or "", 0] if item else [name or ""]
                dash, limit = item, here if item else content_at
            continue
        if here >= limit and not (item and content_at == limit):
            continue
        if content_at == limit and item:  # the first line of the item that the mapping is
            found.append(0)
            dash, limit = True, here
        elif content_at < limit:
            name, _ = key_of(content)
            found.append(name or "")
            if item:
                found.append(0)
            dash, limit = item, here if item else content_at
        elif item and here < limit:  # deeper than the item's content: its value
            found.append(0)
            dash, limit = True, here
    return tuple(reversed(found))


def _taken(lines: Sequence[str], first: int, last: int, row: int, column: int) -> frozenset[str]:
    """The keys of the mapping at `column` around a row, that of the row left out."""
    found = set()
    for step in (-1, 1):
        number = row + step
        if step < 0 and blanks_of(lines[row]) < column and lines[row].strip():
            continue  # the row's dash begins the mapping
        while first <= number < last and abs(number - row) < FARTHEST:
            line = lines[number]
            here, (content_at, content) = blanks_of(line), dashes_of(line)
            begins = content_at > here
            if line.strip() and not line.lstrip().startswith("#"):
                if content_at == column and not (step > 0 and begins):
                    name, _ = key_of(content)
                    found |= {name} if name else set()
                if (here < column) or (step > 0 and begins and here <= column):
                    break
            number += step
    return frozenset(found)


def _top(lines: Sequence[str], first: int, last: int) -> tuple[str, str]:
    values = {"apiVersion": "", "kind": ""}
    for line in lines[first:last]:
        name = line.partition(":")[0]
        if name in values and not values[name]:
            values[name] = line.partition(":")[2].partition(" #")[0].strip().strip("\"'")
    return values["apiVersion"], values["kind"]


def _scalar_row(lines: Sequence[str], row: int) -> int:
    indent = blanks_of(lines[row])
    while row and indent:
        row -= 1
        here = blanks_of(lines[row])
        if lines[row].strip() and here < indent:
            if not in_block_scalar(lines, row):
                return row
            indent = here
    return row
