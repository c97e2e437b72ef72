"""The whole history as JSON Lines, and back: complete, checked, and the same however often it is imported.

The first line names the format and how many rows of each table follow; every other line is one row. What
belongs to this database alone isn't exported: its salt, without which digests say nothing, and the schedule,
which follows from the rest. An import adds what is missing, in one transaction: all of it or nothing.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.errors import UsageError
from trainer.progress.merge import Merge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trainer.progress.store import Store

SCHEMA = "cks-trainer.history/1"
_STAYS = ("meta", "schedule")
_LATEST = 2**42
"""Milliseconds since 1970 that a time may have, at most: some year after 2100."""

Row = dict[str, Any]


class _Check(msgspec.Struct):
    id: str
    status: str


class _Verdict(msgspec.Struct):
    checks: list[_Check] = []


def export_history(store: Store) -> bytes:
    """Everything that was recorded, as JSON Lines."""
    with store.reading() as db:
        db.execute("BEGIN")  # all tables as of one moment
        try:
            rows = [{"table": table, **row} for table in _tables(db) for row in _rows(db, table)]
        finally:
            db.execute("COMMIT")
    counts = Counter(row["table"] for row in rows)
    head = {"schema": SCHEMA, "rows": dict(sorted(counts.items()))}
    return b"".join(msgspec.json.encode(line) + b"\n" for line in (head, *rows))


def import_history(store: Store, data: bytes, file: str) -> dict[str, int]:
    """Add what is missing. Returns how many rows were new, by table.

    Raises `UsageError`, with the line, for anything that isn't a complete history; then nothing has changed.
    """
    rows = list(_read(data, file))
    with store.writing() as db:
        columns = {table: _columns(db, table) for table in _tables(db)}
        for number, row in rows:
            _check(row, columns, f"{file}:{number}")
        merge = Merge(db)
        by_table: dict[str, list[tuple[str, Row]]] = {table: [] for table in columns}
        for number, row in rows:
            by_table[row.pop("table")].append((f"{file}:{number}", row))
        try:
            return merge.all(by_table)
        except (sqlite3.IntegrityError, OverflowError) as error:
            raise UsageError(f"{merge.place or file}: {error}", remedy=_REMEDY) from None


_REMEDY = "import a file that `cks-trainer progress export` has written; nothing was changed"


def _tables(db: sqlite3.Connection) -> list[str]:
    found = db.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    return [name for (name,) in found if name not in _STAYS]


class _Column(msgspec.Struct, frozen=True):
    """A column of a table: the type of its values, and whether a row must have one."""

    kind: type | tuple[type, ...]
    needed: bool
    default: bool


def _columns(db: sqlite3.Connection, table: str) -> dict[str, _Column]:
    """The columns of a table by name, without the number of the row."""
    return {
        name: _Column(_TYPES[kind], bool(needed), default is not None)
        for _, name, kind, needed, default, _ in db.execute(f"PRAGMA table_info({table})")
        if name != "id"
    }


_TYPES: dict[str, type | tuple[type, ...]] = {"INTEGER": int, "REAL": (int, float), "TEXT": str}


def _rows(db: sqlite3.Connection, table: str) -> Iterator[Row]:
    names = list(_columns(db, table))
    for row in db.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY rowid"):  # noqa: S608 - of the schema
        yield dict(zip(names, row, strict=True))


def _read(data: bytes, file: str) -> Iterator[tuple[int, Row]]:
    """The rows with their lines, once the head has told that they are all there."""
    lines: Sequence[bytes] = data.removesuffix(b"\n").split(b"\n")
    if not data.strip():
        raise UsageError(f"{file} is empty", remedy=_REMEDY)
    head = _decoded(lines[0], f"{file}:1")
    schema = head.get("schema")
    if schema != SCHEMA:
        said = f"is {schema!r:.60}" if schema else "has no schema"
        raise UsageError(f"{file}: not a history of cks-trainer ({SCHEMA}): it {said}", remedy=_REMEDY)
    rows = [(number, _decoded(line, f"{file}:{number}")) for number, line in enumerate(lines[1:], 2)]
    counts = Counter(str(row.get("table")) for _, row in rows)
    if dict(counts) != head.get("rows"):
        raise UsageError(f"{file} isn't complete: its rows aren't those that line 1 counts", remedy=_REMEDY)
    yield from rows


def _decoded(line: bytes, place: str) -> Row:
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{place}: not JSON: {error}", remedy=_REMEDY) from None
    if not isinstance(found, dict):
        raise UsageError(f"{place}: not an object", remedy=_REMEDY)
    return found


def _check(row: Row, columns: dict[str, dict[str, _Column]], place: str) -> None:
    """Raise `UsageError` for what the database itself wouldn't refuse and the program couldn't read."""
    table = row.get("table")
    if not isinstance(table, str) or table not in columns:
        raise UsageError(f"{place}: unknown table {table!r:.40}", remedy="upgrade cks-trainer")
    for name, value in row.items():
        if name != "table":
            if name not in columns[table]:
                raise UsageError(f"{place}: unknown column {name!r:.40}", remedy="upgrade cks-trainer")
            _check_value(name, value, columns[table][name], place)
    for name, column in columns[table].items():
        if column.needed and not column.default and name not in row:
            raise UsageError(f"{place}: {name} is missing", remedy=_REMEDY)
    _check_json(row, place)


def _check_value(name: str, value: Any, column: _Column, place: str) -> None:
    if value is None and not column.needed:
        return
    if isinstance(value, bool) or not isinstance(value, column.kind):
        raise UsageError(f"{place}: {name} has a value of another type", remedy=_REMEDY)
    least, most = int(name == "number"), _LATEST if name in _TIMES else 2**62
    if isinstance(value, int | float) and not (math.isfinite(value) and least <= value < most):
        raise UsageError(f"{place}: {name} is out of range", remedy=_REMEDY)


_TIMES = ("at", "started", "ended")


def _check_json(row: Row, place: str) -> None:
    kinds: dict[str, Any] = {"verdict": _Verdict, "answer": dict[str, str]}
    for name, kind in kinds.items():
        text = row.get(name)
        if text is None:
            continue
        try:
            msgspec.json.decode(str(text), type=kind)
        except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
            raise UsageError(f"{place}: {name}: {error}", remedy=_REMEDY) from None
