"""Adding the rows of another database to this one: each thing once, attempts numbered in the order of time.

Attempts, ratings and exams are named by numbers that both databases have given; they are made to agree.
"""

from __future__ import annotations

import heapq
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

Row = dict[str, Any]
Placed = tuple[str, Row]
"""A row and where it comes from, for messages."""

_FIRST = ("exams", "exam_cards", "attempts", "ratings")
"""Tables with numbers that depend on each other, in the order in which they are added."""
_SHIFT = 2**40
"""Added to the numbers of attempts while they change, so that none is taken."""


class Merge:
    """One import into an open transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.place = ""
        """Where the row comes from that is being added."""
        self._exams: dict[int, int | None] = {}
        """By number there, the number here; None for one that was left out."""
        self._numbers: dict[tuple[str, int], int] = {}
        """By card and number of an attempt there, its number here."""

    def all(self, rows: dict[str, list[Placed]]) -> dict[str, int]:
        """Add the rows of all tables. Returns how many were new, by table."""
        triggers = self.db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            self.db.execute(f"DROP TRIGGER {name}")
        exams, cards = self._add_exams(rows.get("exams", []), rows.get("exam_cards", []))
        added = {
            "exams": exams,
            "exam_cards": cards,
            "attempts": self._add_attempts(rows.get("attempts", [])),
        }
        added["ratings"] = self._add_plain("ratings", self._renamed(rows.get("ratings", [])))
        for table in sorted(rows.keys() - set(_FIRST)):
            added[table] = self._add_plain(table, rows[table])
        self.db.execute("DELETE FROM schedule")
        for _, sql in triggers:
            self.db.execute(sql)
        return added

    def _add_exams(self, exams: Sequence[Placed], cards: Sequence[Placed]) -> tuple[int, int]:
        """Exams that aren't here yet, with their cards. A second running one is left out."""
        here = {
            (seed, started): number
            for number, seed, started in self.db.execute("SELECT number, seed, started FROM exams")
        }
        taken = set(here.values())
        running = bool(self.db.execute("SELECT 1 FROM exams WHERE ended IS NULL").fetchone())
        new: set[int] = set()
        for place, row in exams:
            self.place = place
            there = int(row.get("number") or 0)
            same = here.get((row.get("seed"), row.get("started")))
            if same is not None:
                self._exams[there] = same
            elif row.get("ended") is None and running:
                self._exams[there] = None
            else:
                number = there if there and there not in taken else max(taken, default=0) + 1
                taken.add(number)
                new.add(there)
                self._exams[there] = number
                again = self._exams.get(row["again"], None) if row.get("again") is not None else None
                self._insert("exams", {**row, "number": number, "again": again})
        count = 0
        for place, row in cards:
            self.place = place
            if row.get("exam") in new:
                self._insert("exam_cards", {**row, "exam": self._exams[row["exam"]]})
                count += 1
        return len(new), count

    def _add_attempts(self, rows: Sequence[Placed]) -> int:
        names = ("number", "at", "digest", "seed")
        here: dict[str, list[Row]] = {}
        for card, *values in self.db.execute(
            f"SELECT card, {', '.join(names)} FROM attempts ORDER BY card, number"  # noqa: S608 - constant
        ):
            here.setdefault(card, []).append(dict(zip(names, values, strict=True)))
        there: dict[str, list[Placed]] = {}
        for placed in rows:
            there.setdefault(str(placed[1].get("card")), []).append(placed)
        return sum(self._add_to_card(card, here.get(card, []), mine) for card, mine in there.items())

    def _add_to_card(self, card: str, here: list[Row], rows: list[Placed]) -> int:
        """Add a card's attempts that are missing, and number all of them in the order of their times."""
        known = dict(zip(_keys(here), here, strict=True))
        incoming = [row for _, row in rows]
        new = []
        for key, (place, row) in zip(_keys(incoming), rows, strict=True):
            if key in known:
                self._numbers[card, row["number"]] = known[key]["number"]
            else:
                new.append((place, row))
        if not here:
            numbers = [int(row.get("number") or 0) for _, row in new]
            self._numbers.update({(card, number): number for number in numbers})
        elif new:
            numbers = self._renumber(card, here, new)
        for (place, row), number in zip(new, numbers if new else [], strict=True):
            self.place = place
            exam = self._exams.get(row["exam"]) if row.get("exam") else None
            self._insert("attempts", {**row, "number": number, "exam": exam})
        return len(new)

    def _renumber(self, card: str, here: list[Row], new: list[Placed]) -> list[int]:
        """Make room for the new attempts of a card among those that are here; the numbers of the new ones."""
        ours = [(int(row["at"]), False, row) for row in here]
        theirs = [(int(row.get("at") or 0), True, row) for _, row in new]
        order = list(heapq.merge(ours, theirs, key=lambda one: one[0]))
        places = {id(row): place for place, (_, _, row) in enumerate(order, 1)}
        moved = {row["number"]: places[id(row)] for row in here}
        self._move("attempts", "number", card, moved)
        self._move("ratings", "sitting", card, moved)
        for key, number in self._numbers.items():
            if key[0] == card:
                self._numbers[key] = moved.get(number, number)
        found = [places[id(row)] for _, row in new]
        self._numbers.update(
            {(card, row["number"]): number for (_, row), number in zip(new, found, strict=True)}
        )
        return found

    def _move(self, table: str, column: str, card: str, moved: dict[int, int]) -> None:
        changed = {old: now for old, now in moved.items() if old != now}
        if not changed:
            return
        self.db.executemany(
            f"UPDATE {table} SET {column} = ? WHERE card = ? AND {column} = ?",  # noqa: S608 - constants
            [(now + _SHIFT, card, old) for old, now in changed.items()],
        )
        self.db.execute(
            f"UPDATE {table} SET {column} = {column} - ? WHERE card = ? AND {column} > ?",  # noqa: S608
            (_SHIFT, card, _SHIFT),
        )

    def _renamed(self, ratings: Sequence[Placed]) -> list[Placed]:
        found = []
        for place, row in ratings:
            card, sitting = str(row.get("card")), int(row.get("sitting") or 0)
            found.append((place, {**row, "sitting": self._numbers.get((card, sitting), sitting)}))
        return found

    def _add_plain(self, table: str, rows: Sequence[Placed]) -> int:
        """Rows that aren't here yet. Where the table has a key of its own, what is here stays."""
        info = self.db.execute(f"PRAGMA table_info({table})").fetchall()
        columns = [row[1] for row in info if row[1] != "id"]
        keyed = any(row[5] for row in info if row[1] != "id")
        if keyed:
            return sum(self._insert(table, row, place=place, ignore=True) for place, row in rows)
        here = Counter(self.db.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall())  # noqa: S608
        count = 0
        for place, row in rows:
            key = tuple(row.get(name) for name in columns)
            if here[key] > 0:
                here[key] -= 1
            else:
                count += self._insert(table, row, place=place)
        return count

    def _insert(self, table: str, row: Row, *, place: str = "", ignore: bool = False) -> int:
        self.place = place or self.place
        names = list(row)
        marks = ", ".join("?" for _ in names)
        verb = "INSERT OR IGNORE" if ignore else "INSERT"
        done = self.db.execute(
            f"{verb} INTO {table} ({', '.join(names)}) VALUES ({marks})",
            [row[name] for name in names],
        )
        return max(done.rowcount, 0)


def _keys(rows: Iterable[Row]) -> list[tuple[Any, ...]]:
    """What names an attempt of a card in any database: time, digest, seed, and which of equal ones it is."""
    seen: Counter[tuple[Any, ...]] = Counter()
    found = []
    for row in rows:
        key = (row.get("at"), row.get("digest"), row.get("seed", 0))
        seen[key] += 1
        found.append((*key, seen[key]))
    return found
