"""Databases that are broken, foreign, read-only or full: words, and nothing lost."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path

import pytest

from trainer.errors import StoreError
from trainer.progress import faults
from trainer.progress.faults import in_words, is_ours
from trainer.progress.migrations import APPLICATION_ID
from trainer.progress.model import NewAttempt
from trainer.progress.store import Store

ATTEMPT = NewAttempt("pod-ro", 1, 2, 1, 2, False, None, "digest", "{}", "{}")


def made(file: Path, attempts: int = 1) -> Path:
    store = Store.open(file)
    for number in range(attempts):
        store.record(NewAttempt("pod-ro", 1, 2, 1, 2, False, None, f"d{number}", "x" * 500, "{}"))
    store.close()
    return file


def test_a_damaged_database_is_kept_aside_and_a_new_one_begun(tmp_path: Path) -> None:
    file = made(tmp_path / "p.db", attempts=40)
    damaged = bytearray(file.read_bytes())
    damaged[100:4096] = b"\xff" * (4096 - 100)  # the page that holds the schema
    file.write_bytes(damaged)
    with pytest.raises(StoreError, match=r"is damaged; it is kept as p\.db\.broken-") as caught:
        Store.open(file)
    assert ".recover" in caught.value.remedy
    aside = next(tmp_path.glob("p.db.broken-*"))
    assert aside.read_bytes() == damaged
    store = Store.open(file)
    assert store.record(ATTEMPT) == 1
    store.close()
    assert aside.read_bytes() == damaged


def test_damage_that_shows_later_is_told_too(tmp_path: Path) -> None:
    file = made(tmp_path / "p.db", attempts=60)
    damaged = bytearray(file.read_bytes())
    store = Store.open(file)
    for page in range(2, len(damaged) // 4096):
        damaged[page * 4096 : (page + 1) * 4096] = b"\xff" * 4096
    file.write_bytes(damaged)
    with pytest.raises(StoreError, match="is damaged"):
        store.attempts("pod-ro")
    store.close()
    assert len(list(tmp_path.glob("p.db.broken-*"))) == 1


def test_what_belongs_to_a_damaged_database_goes_with_it(tmp_path: Path) -> None:
    file = tmp_path / "p.db"
    header = bytearray(b"SQLite format 3\x00" + b"\xff" * 4080)
    header[68:72] = APPLICATION_ID.to_bytes(4, "big")
    file.write_bytes(header)
    for end in ("-journal", "-wal", "-shm"):
        (tmp_path / f"p.db{end}").write_text(end)
    for step in (3, 2):
        (tmp_path / f"p.db.before-step-{step}").write_text("a copy")
    error = sqlite3.DatabaseError("malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    with (
        pytest.raises(StoreError, match=r"older copies: p.db.before-step-2, p.db.before-step-3"),
        in_words(file),
    ):
        raise error
    [aside] = tmp_path.glob("p.db.broken-*[0-9]")
    assert aside.read_bytes() == header
    assert {(tmp_path / f"{aside.name}{end}").read_text() for end in ("-journal", "-wal", "-shm")} == {
        "-journal", "-wal", "-shm",
    }  # fmt: skip
    assert len(list(tmp_path.iterdir())) == 6


def test_copies_are_named_only_where_there_are_some(tmp_path: Path) -> None:
    file = made(tmp_path / "p.db")
    file.write_bytes(file.read_bytes()[:100] + b"\xff" * 8000)
    with pytest.raises(StoreError) as caught:
        Store.open(file)
    assert re.search(r"p\.db\.broken-[0-9]{8}-[0-9]{6}$", caught.value.message)


def test_two_damaged_ones_are_both_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.progress.faults.time.strftime", lambda _: "20260301-120000")
    for _ in range(2):
        file = made(tmp_path / "p.db")
        file.write_bytes(file.read_bytes()[:100] + b"\xff" * 8000)
        with pytest.raises(StoreError, match="is damaged"):
            Store.open(file)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"p.db.broken-20260301-120000", "p.db.broken-20260301-120000-2"}


@pytest.mark.parametrize("content", [b"my shopping list\n" * 100, b"SQLite format 3\x00" + b"\x07" * 4000])
def test_a_file_that_is_not_ours_stays_where_it_is(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(content)
    with pytest.raises(StoreError, match="not changed"):
        Store.open(file)
    assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]


def test_only_our_header_is_ours(tmp_path: Path) -> None:
    assert is_ours(made(tmp_path / "p.db"))
    (tmp_path / "short").write_bytes(b"SQLite")
    assert not is_ours(tmp_path / "short")
    marked = bytearray(made(tmp_path / "q.db").read_bytes())
    marked[:6] = b"sqlite"
    (tmp_path / "alike").write_bytes(marked)
    assert not is_ours(tmp_path / "alike")
    assert not is_ours(tmp_path / "missing")


def test_a_folder_in_the_files_place(tmp_path: Path) -> None:
    (tmp_path / "p.db").mkdir()
    with pytest.raises(StoreError, match="is not a file") as caught:
        Store.open(tmp_path / "p.db")
    assert "--database" in caught.value.remedy


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreError, match="data"):
        Store.open(tmp_path / "data" / "p.db")


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "p.db")
    assert store.record(ATTEMPT) == 1
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    large = NewAttempt("pod-ro", 2, 2, 2, 2, True, None, "other", "y" * 200_000, "{}")
    with pytest.raises(StoreError, match="the disk is full"):
        store.record(large)
    store._connection.execute("PRAGMA max_page_count = 1000000")
    assert store.record(large) == 2
    assert [attempt.points for attempt in store.attempts("pod-ro")] == [1, 2]
    store.close()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_READONLY, "read-only"),
        (sqlite3.SQLITE_BUSY, "locked"),
        (sqlite3.SQLITE_LOCKED, "locked"),
        (sqlite3.SQLITE_PERM, "access is denied"),
        (sqlite3.SQLITE_AUTH, "access is denied"),
        (sqlite3.SQLITE_FULL, "the disk is full"),
        (sqlite3.SQLITE_IOERR, "the disk reports an error"),
        (sqlite3.SQLITE_IOERR | 3 << 8, "the disk reports an error"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
        (sqlite3.SQLITE_ERROR, "something new"),
    ],
)
def test_every_code_has_words(tmp_path: Path, code: int, words: str) -> None:
    error = sqlite3.OperationalError("something new")
    error.sqlite_errorcode = code
    with pytest.raises(StoreError, match=words) as caught, in_words(tmp_path / "p.db"):
        raise error
    assert str(tmp_path / "p.db") in caught.value.message
    assert caught.value.remedy


def test_what_the_file_system_says_is_told(tmp_path: Path) -> None:
    for error, said in ((OSError(28, "No space left"), "No space left"), (OSError("gone"), "gone")):
        with pytest.raises(StoreError) as caught, in_words(tmp_path):
            raise error
        assert caught.value.message == f"{tmp_path}: {said}"


def test_a_schema_that_is_no_text_is_kept_aside_in_words(tmp_path: Path) -> None:
    file = tmp_path / "progress.db"
    Store.open(file).close()
    data = file.read_bytes()
    place = data.index(b"number ", data.index(b"CREATE TABLE attempts"))
    file.write_bytes(data[:place] + b"`\x87c\xf4" + data[place + 4 :])
    with pytest.raises(StoreError, match=r"is damaged; it is kept as progress\.db\.broken-"):
        Store.open(file)
    Store.open(file).close()


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_database_is_for_one_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.umask(0o022)
    try:
        monkeypatch.setattr(faults, "platform_folder", lambda _: tmp_path / "data" / "ours")
        file = tmp_path / "data" / "ours" / "progress.db"
        Store.open(file).close()
        assert (mode(file), mode(file.parent)) == (0o600, 0o700)
        file.chmod(0o644)
        file.parent.chmod(0o755)
        Store.open(file).close()
        assert (mode(file), mode(file.parent)) == (0o600, 0o700), "as of an earlier version"
        (tmp_path / "shared").mkdir(mode=0o755)
        Store.open(tmp_path / "shared" / "p.db").close()
        assert (mode(tmp_path / "shared"), mode(tmp_path / "shared" / "p.db")) == (0o755, 0o600)
    finally:
        os.umask(before)


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.db")
    for file in (tmp_path / "p.db", Path("/dev/zero")):
        with pytest.raises(StoreError, match="is not a file"):
            Store.open(file)
