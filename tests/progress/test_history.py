"""Export and import: lossless, idempotent, merged in the order of time, all or nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import msgspec
import pytest

from trainer.errors import UsageError
from trainer.progress.history import SCHEMA, export_history, import_history
from trainer.progress.model import NewAttempt
from trainer.progress.notes import Note, keep
from trainer.progress.reviews import past, rate
from trainer.progress.store import Store

VERDICT = '{"checks":[{"id":"a","status":"pass"}]}'


class Desk:
    """A store with a clock that is set by hand."""

    def __init__(self, file: Path) -> None:
        self.now = 1_772_366_400.0
        self.store = Store.open(file, clock=lambda: self.now)

    def attempt(self, at: float, digest: str, card: str = "pod-ro", seconds: float | None = 1 / 3) -> int:
        self.now = 1_772_366_400.0 + at
        return self.store.record(
            NewAttempt(card, 1, 4, 1, 4, False, seconds, digest, '{"pod.yaml":"é\\n"}', VERDICT, seed=3)
        )

    def rows(self) -> list[Any]:
        """Everything in the database except its salt and the numbers of rows."""
        with self.store.reading() as db:
            return [
                db.execute(f"SELECT {columns} FROM {table} ORDER BY {columns}").fetchall()  # noqa: S608 - constants
                for table, columns in (
                    (
                        "attempts",
                        "card, number, at, points, seconds, hints, digest, answer, verdict, seed, exam",
                    ),
                    ("events", "card, at, kind, number"),
                    ("ratings", "card, sitting, at, rating"),
                    ("choices", "name, value"),
                    ("exams", "number, seed, minutes, started, ended, how, again"),
                    ("exam_cards", "exam, position, card, title, scored, verdict"),
                )
            ]


def exam(desk: Desk, number: int, started: int, ended: int | None) -> None:
    with desk.store.writing() as db:
        db.execute(
            "INSERT INTO exams (number, seed, minutes, drill, pack, folder, started, ended, how)"
            " VALUES (?, 7, 120, 0, '', '/x', ?, ?, ?)",
            (number, started, ended, "finished" if ended else None),
        )
        db.execute(
            "INSERT INTO exam_cards (exam, position, card, seed, title, domain, competency, minutes, points, digest)"
            " VALUES (?, 1, 'pod-ro', 7, 'A Pod', 'runtime-security', 'RT4', 4, 5, 'd')",
            (number,),
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Attempts at two cards, help, a rating, choices, an exam that ended."""
    made = Desk(tmp_path / "one.db")
    made.store.note("pod-ro", "hint", 1)
    made.store.note("pod-ro", "hint", 1)
    made.attempt(10, "d1")
    made.attempt(500, "d2")
    made.attempt(20, "d1", card="other", seconds=None)
    rate(made.store, "pod-ro", 1, 4)
    made.store.choose("exam-date", "2026-12-24")
    keep(made.store, "pod-ro", Note("my words", bookmark=True))
    exam(made, 1, 1000, 2000)
    with made.store.writing() as db:
        db.execute("DROP TRIGGER attempts_no_update")
        db.execute("UPDATE attempts SET exam = 1 WHERE digest = 'd2'")
    return made


def test_an_export_comes_back_whole_and_only_once(desk: Desk, tmp_path: Path) -> None:
    data = export_history(desk.store)
    head = msgspec.json.decode(data.split(b"\n")[0])
    assert head["schema"] == SCHEMA
    assert head["rows"] == {
        "attempts": 3, "choices": 1, "events": 2, "exam_cards": 1, "exams": 1, "notes": 1, "ratings": 1,
    }  # fmt: skip
    assert desk.store.salt.hex().encode() not in data
    other = Desk(tmp_path / "two.db")
    added = import_history(other.store, data, "h.jsonl")
    assert added == head["rows"]
    assert other.rows() == desk.rows()
    assert export_history(other.store) == data
    assert not any(import_history(other.store, data, "h.jsonl").values())
    assert other.rows() == desk.rows()
    assert not any(import_history(desk.store, data, "h.jsonl").values()), "nor at home"
    with pytest.raises(Exception, match="append-only"), other.store.writing() as db:
        db.execute("DELETE FROM attempts")


def test_two_histories_are_merged_in_the_order_of_time(desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "two.db")
    other.attempt(5, "e1")
    other.attempt(300, "e2")
    other.attempt(900, "e3")
    rate(other.store, "pod-ro", 2, 1)
    other.store.choose("exam-date", "2027-01-01")
    exam(other, 1, 5000, 6000)
    import_history(other.store, export_history(desk.store), "h.jsonl")
    attempts = other.store.attempts("pod-ro")
    assert [(one.number, one.digest) for one in attempts] == [
        (1, "e1"), (2, "d1"), (3, "e2"), (4, "d2"), (5, "e3"),
    ]  # fmt: skip
    chosen = {(one.sitting, one.rating) for one in past(other.store, "pod-ro").chosen}
    assert chosen == {(3, 1), (2, 4)}, "ratings follow their sittings"
    assert other.store.choice("exam-date") == "2027-01-01", "what was chosen here stays"
    with other.store.reading() as db:
        assert db.execute("SELECT number, started FROM exams ORDER BY 1").fetchall() == [(1, 5000), (2, 1000)]
        assert db.execute("SELECT exam FROM attempts WHERE digest = 'd2'").fetchone() == (2,)
    both = other.rows()
    import_history(other.store, export_history(desk.store), "h.jsonl")
    assert other.rows() == both
    import_history(desk.store, export_history(other.store), "h.jsonl")
    assert [one.digest for one in desk.store.attempts("pod-ro")] == ["e1", "d1", "e2", "d2", "e3"]


def test_a_second_running_exam_is_left_out(desk: Desk, tmp_path: Path) -> None:
    exam(desk, 2, 3000, None)
    other = Desk(tmp_path / "two.db")
    exam(other, 1, 4000, None)
    added = import_history(other.store, export_history(desk.store), "h.jsonl")
    assert (added["exams"], added["exam_cards"]) == (1, 1)


def lines(desk: Desk) -> list[dict[str, Any]]:
    return [msgspec.json.decode(line) for line in export_history(desk.store).splitlines()]


def test_what_is_wrong_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "two.db")
    other.attempt(5, "e1")
    before = other.rows()
    good = lines(desk)
    last = next(place for place, row in enumerate(good) if row.get("digest") == "d2")

    def changed(place: int, **values: Any) -> bytes:
        rows = [dict(row) for row in good]
        rows[place].update(values)
        return b"\n".join(map(msgspec.json.encode, rows)) + b"\n"

    whole = export_history(desk.store)
    for data, words in (
        (b"", "empty"),
        (b"\n", "empty"),
        (b"\xff\xfe\n", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]\n", "not an object"),
        (b'{"schema": "cks-trainer.verdict/1"}\n', "not a history"),
        (b'{"schema": "cks-trainer.history/2"}\n', "not a history"),
        (whole[:-30], "not JSON"),
        (b"\n".join(whole.splitlines()[:-1]), "isn't complete"),
        (whole + whole.splitlines()[-1], "isn't complete"),
        (changed(last, number=0), "out of range"),
        (changed(last, points=9), "CHECK"),
        (changed(last, card=None), "another type"),
        (changed(last, at="soon"), "another type"),
        (changed(last, passed=True), "another type"),
        (changed(last, at=2**61), "out of range"),
        (changed(last, hints=2**70), "out of range"),
        (changed(last, seconds=-1.5), "out of range"),
        (changed(last, verdict="{}x"), "verdict"),
        (changed(last, verdict='{"checks":[{"id":1}]}'), "verdict"),
        (changed(last, answer='{"a":1}'), "answer"),
        (changed(last, answer=["x"]), "another type"),
        (changed(last, evil="x"), "unknown column"),
        (changed(last, id=1), "unknown column"),
    ):
        with pytest.raises(UsageError) as refused:
            import_history(other.store, data, "h.jsonl")
        assert words in str(refused.value), words
        assert other.rows() == before, words
    del good[last]["number"]
    with pytest.raises(UsageError, match="number is missing"):
        import_history(other.store, changed(last), "h.jsonl")
    renamed = whole.replace(b'"attempts"', b'"sqlite_schema"')
    with pytest.raises(UsageError, match="unknown table"):
        import_history(other.store, renamed, "h.jsonl")
    with pytest.raises(UsageError, match=f"h.jsonl:{last + 1}: "):
        import_history(other.store, changed(last, points=9), "h.jsonl")
    with sqlite3.connect(tmp_path / "two.db") as db:
        assert db.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'").fetchone() >= (7,)
