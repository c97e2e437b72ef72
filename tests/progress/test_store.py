"""The store: append-only, acknowledged after commit, safe with many writers and against kills."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from tests.patience import HANGS
from trainer.errors import StoreError
from trainer.progress.journal import Journal
from trainer.progress.store import LastAttempt, NewAttempt, Standing, Store, _set_journal

NOON = 1_772_366_400.25  # 2026-03-01 12:00:00.25 UTC


def attempt(card: str = "pod-ro", points: int = 1, digest: str = "d1", passed: bool = False) -> NewAttempt:
    return NewAttempt(card, points, 4, points, 4, passed, 12.5, digest, '{"pod.yaml": "text"}', '{"v": 1}')


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "very" / "deep" / "p.db", clock=lambda: NOON)
    yield store
    store.close()


def test_attempts_come_back_as_they_were_recorded(store: Store) -> None:
    assert store.record(attempt()) == 1
    store.note("pod-ro", "hint", 1)
    store.note("pod-ro", "solution")
    assert store.record(attempt(points=4, digest="d2", passed=True)) == 2
    first, second = store.attempts("pod-ro")
    assert (first.number, first.at, first.points, first.max_points, first.passed) == (1, NOON, 1, 4, False)
    assert (first.seconds, first.digest, first.hints, first.revealed) == (12.5, "d1", 0, False)
    assert msgspec.json.decode(first.answer) == {"pod.yaml": "text"}
    assert first.verdict == '{"v": 1}'
    assert (second.number, second.points, second.passed) == (2, 4, True)
    assert (second.hints, second.revealed) == (1, True)


def test_the_same_bytes_are_no_new_attempt(store: Store) -> None:
    assert store.record(attempt()) == 1
    assert store.record(attempt()) == 1, "it is the latest one"
    assert len(store.attempts("pod-ro")) == 1
    assert store.record(attempt(card="other")) == 1
    assert store.record(attempt(digest="d2")) == 2
    assert store.record(attempt()) == 3, "going back to earlier bytes is an attempt"
    assert store.record(attempt(points=2)) == 4, "the same bytes with another result are an attempt"


def test_an_attempt_keeps_its_seed(store: Store) -> None:
    varied = msgspec.structs.replace(attempt(), seed=7)
    assert (store.record(attempt()), store.record(varied), store.record(varied)) == (1, 2, 2)
    assert [one.seed for one in store.attempts("pod-ro")] == [0, 7]
    last = store.standings()["pod-ro"].last
    assert last is not None
    assert last.seed == 7


def test_attempts_and_events_are_append_only(store: Store) -> None:
    store.record(attempt())
    store.note("pod-ro", "started")
    for statement in (
        "UPDATE attempts SET points = 4",
        "DELETE FROM attempts",
        "INSERT OR REPLACE INTO attempts SELECT * FROM attempts",
        "REPLACE INTO attempts SELECT id + 1, card, number, at, 4, max_points, checks_passed, checks_total,"
        " passed, seconds, hints, revealed, digest, answer, verdict, seed, exam FROM attempts",
        "UPDATE events SET number = 4",
        "DELETE FROM events",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store._connection.execute(statement)
    assert store.attempts("pod-ro")[0].points == 1


def test_impossible_points_are_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="CHECK constraint"):
        store.record(attempt(points=5))
    assert store.attempts("pod-ro") == []


def test_hints_and_solution_are_remembered(store: Store) -> None:
    assert (store.hints("pod-ro"), store.revealed("pod-ro")) == (0, False)
    store.note("pod-ro", "hint", 1)
    store.note("pod-ro", "hint", 2)
    store.note("pod-ro", "solution")
    assert (store.hints("pod-ro"), store.revealed("pod-ro")) == (2, True)
    assert (store.hints("other"), store.revealed("other")) == (0, False)


def test_choices_are_remembered_and_forgotten(store: Store) -> None:
    assert store.choice("theme") is None
    store.choose("theme", "light")
    store.choose("sort", "by weight")
    store.choose("theme", "dark")
    again = Store.open(store.file)
    assert (again.choice("theme"), again.choice("sort")) == ("dark", "by weight")
    again.choose("theme", None)
    again.choose("nothing", None)
    assert store.choice("theme") is None
    again.close()


def test_standings_sum_up(store: Store) -> None:
    store.note("started", "started")
    store.note("hinted", "hint", 1)
    store.record(attempt(points=3))
    store.record(attempt(points=1, digest="d2"))
    store.record(attempt(card="done", points=4, passed=True))
    store.record(attempt(card="done", points=0, digest="d2"))
    store.note("done", "reset")
    standings = store.standings()
    assert set(standings) == {"started", "hinted", "pod-ro", "done"}
    assert standings["started"] == Standing(started=True, touched=NOON)
    assert standings["hinted"] == Standing(hints=1, touched=NOON)
    last = LastAttempt(2, NOON, 1, 4, 1, 4, False, 12.5)
    assert standings["pod-ro"] == Standing(attempts=2, best=75, last=last, touched=NOON)
    assert (standings["done"].best, standings["done"].ever_passed) == (100, True)
    assert (standings["done"].reset, standings["pod-ro"].reset) == (NOON, 0.0)


def test_full_points_without_passing_are_not_100_percent(store: Store) -> None:
    store.record(attempt(points=4))  # a check of 0 points failed
    assert store.standings()["pod-ro"].best == 99


def test_days_are_local_and_unique(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        store = Store.open(tmp_path / "p.db", clock=lambda: NOON)
        store.record(attempt())
        store.record(attempt(digest="d2"))
        assert [day.isoformat() for day in store.days()] == ["2026-03-02"]
        store.close()
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_salt_stays_and_is_of_this_database(tmp_path: Path) -> None:
    salts = []
    for name in ("a", "a", "b"):
        store = Store.open(tmp_path / name)
        salts.append(store.salt)
        store.close()
    assert salts[0] == salts[1] != salts[2]
    assert len(salts[0]) == 16


def test_a_sound_database_passes_its_check(store: Store) -> None:
    store.record(attempt())
    assert store.check() == []
    assert store.journal_mode() in ("DELETE", "WAL")


def test_a_database_that_breaks_its_own_rules_does_not_pass(store: Store) -> None:
    store._connection.execute("PRAGMA ignore_check_constraints = ON")
    store._connection.execute("INSERT INTO events (card, at, kind, number) VALUES ('a', 1, 'other', 0)")
    store._connection.execute("PRAGMA ignore_check_constraints = OFF")
    assert store.check() == ["CHECK constraint failed in events"]


def test_only_hints_have_a_number(store: Store) -> None:
    store.note("pod-ro", "started")
    store.note("pod-ro", "hint", 2)
    found = store._connection.execute("SELECT kind, number, at FROM events ORDER BY id").fetchall()
    assert found == [("started", 0, NOON * 1000), ("hint", 2, NOON * 1000)]


def test_a_database_without_its_salt_is_incomplete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store.open(tmp_path / "p.db")
    store._connection.execute("DELETE FROM meta")
    store.close()
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def keep(file: Path, **more: Any) -> sqlite3.Connection:
        opened.append(connect(file, **more))
        return opened[0]

    monkeypatch.setattr("trainer.progress.store.sqlite3.connect", keep)
    with pytest.raises(StoreError, match="incomplete"):
        Store.open(tmp_path / "p.db")
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")


def test_a_write_that_undoes_itself_tells_its_own_error(store: Store) -> None:
    store._connection.execute(
        "CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ROLLBACK, 'no more events'); END"
    )
    with pytest.raises(StoreError, match="no more events"):
        store.note("pod-ro", "started")


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.attempts("pod-ro")


def test_threads_share_a_store(store: Store) -> None:
    def work(name: int) -> None:
        for number in range(20):
            store.record(attempt(card=f"card-{name % 2}", digest=f"{name}-{number}"))

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for card in ("card-0", "card-1"):
        assert [one.number for one in store.attempts(card)] == list(range(1, 41))


WRITER = """
import sys
from pathlib import Path
from trainer.progress.journal import Journal
from trainer.progress.store import NewAttempt, Store
file, name, count = sys.argv[1:]
store = Store.open(Path(file))
for number in range(int(count)):
    digest = f"{name}-{number}"
    text = digest * 400
    store.record(NewAttempt("pod-ro", 1, 4, 1, 4, False, None, digest, text, "{}"))
    print(digest, flush=True)
"""


def writer(file: Path, name: str, count: int) -> subprocess.Popen[str]:
    program = [sys.executable, "-c", WRITER, str(file), name, str(count)]
    return subprocess.Popen(program, stdout=subprocess.PIPE, text=True)


def test_processes_write_at_once_from_the_first_moment(tmp_path: Path) -> None:
    file = tmp_path / "p.db"
    writers = [writer(file, f"w{number}", 15) for number in range(3)]
    said = {line for process in writers for line in process.communicate(timeout=HANGS)[0].split()}
    assert len(said) == 45
    store = Store.open(file)
    attempts = store.attempts("pod-ro")
    assert [one.number for one in attempts] == list(range(1, 46))
    assert {one.digest for one in attempts} == said
    assert store.check() == []
    store.close()


def test_no_acknowledged_attempt_is_lost_to_a_kill(tmp_path: Path) -> None:
    file = tmp_path / "p.db"
    chance = random.Random(7)  # noqa: S311 - the same kills each time
    acknowledged: set[str] = set()
    for round_ in range(4):
        process = writer(file, f"r{round_}", 10_000)
        assert process.stdout is not None
        for _ in range(chance.randrange(1, 25)):
            acknowledged.add(process.stdout.readline().strip())
        time.sleep(chance.random() / 500)  # dies at another point of its work each time
        process.kill()
        acknowledged.update(line.strip() for line in process.stdout if line.endswith("\n"))
        process.wait()
        process.stdout.close()
    store = Store.open(file)
    kept = store.attempts("pod-ro")
    assert acknowledged <= {one.digest for one in kept}
    assert [one.number for one in kept] == list(range(1, len(kept) + 1))
    assert all(one.answer == one.digest * 400 for one in kept)
    assert store.check() == []
    store.close()


def test_the_journal_follows_the_linked_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for mode in ("WAL", "DELETE", "WAL"):
        monkeypatch.setattr("trainer.progress.store.journal_for", lambda mode=mode: Journal(mode, "FULL", ""))
        store = Store.open(tmp_path / "p.db")
        assert store.journal_mode() == mode
        assert store._connection.execute("PRAGMA synchronous").fetchone() == (2,)
        store.record(attempt(digest=str(len(store.attempts("pod-ro")))))
        store.close()
    store = Store.open(tmp_path / "p.db")
    assert len(store.attempts("pod-ro")) == 3
    store.close()


def test_the_sync_setting_is_the_journals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.progress.store.journal_for", lambda: Journal("DELETE", "EXTRA", ""))
    store = Store.open(tmp_path / "p.db")
    assert store._connection.execute("PRAGMA synchronous").fetchone() == (3,)
    store.close()


def test_a_journal_that_cannot_be_changed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store.open(tmp_path / "p.db").close()
    monkeypatch.setattr("trainer.progress.store.journal_for", lambda: Journal("WAL", "FULL", ""))
    connect = sqlite3.connect
    monkeypatch.setattr(
        "trainer.progress.store.sqlite3.connect",
        lambda file, **more: connect(f"file:{file}?mode=ro", uri=True, **more),
    )
    with pytest.raises(StoreError, match="read-only"):
        Store.open(tmp_path / "p.db")


class Refusing:
    """A connection that refuses everything with one result code of SQLite."""

    def __init__(self, code: int) -> None:
        self.code = code

    def execute(self, _statement: str) -> None:
        error = sqlite3.OperationalError("refused")
        error.sqlite_errorcode = self.code
        raise error


def test_only_a_lock_of_others_keeps_the_journal() -> None:
    for code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_BUSY | 2 << 8):
        _set_journal(cast("sqlite3.Connection", Refusing(code)), "WAL")
    for code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_ERROR):
        with pytest.raises(sqlite3.OperationalError):
            _set_journal(cast("sqlite3.Connection", Refusing(code)), "WAL")


def test_a_journal_in_use_by_others_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.progress.store._BUSY_SECONDS", 0.05)
    monkeypatch.setattr("trainer.progress.store.journal_for", lambda: Journal("WAL", "FULL", ""))
    first = Store.open(tmp_path / "p.db")
    first.record(attempt())
    monkeypatch.setattr("trainer.progress.store.journal_for", lambda: Journal("DELETE", "FULL", ""))
    second = Store.open(tmp_path / "p.db")
    assert second.journal_mode() == "WAL"
    assert second.record(attempt(digest="d2")) == 2
    first.close()
    second.close()


def test_all_tries_come_in_the_order_of_time(store: Store) -> None:
    store.record(attempt(card="b", points=1))
    store.record(attempt(card="a", points=4, passed=True))
    store.record(attempt(card="b", points=4, digest="d2"))
    assert [(one.card, one.percent, one.passed, one.seconds) for one in store.tries()] == [
        ("b", 25, False, 12.5),
        ("a", 100, True, 12.5),
        ("b", 99, False, 12.5),
    ]
