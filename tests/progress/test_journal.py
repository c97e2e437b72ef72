"""Which journal for which SQLite."""

from __future__ import annotations

from tests.table import each_row
from trainer.progress.journal import journal_for


@each_row(
    ("version", "mode"),
    [
        ((3, 6, 23), "DELETE"),
        ((3, 40, 1), "DELETE"),
        ((3, 44, 5), "DELETE"),
        ((3, 44, 6), "WAL"),
        ((3, 45, 0), "DELETE"),
        ((3, 50, 6), "DELETE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 53, 0), "WAL"),
        ((4, 0, 0), "WAL"),
    ],
)
def test_wal_only_where_it_is_mended(version: tuple[int, int, int], mode: str) -> None:
    journal = journal_for(version)
    assert journal.mode == mode
    assert journal.synchronous == "FULL"
    assert ".".join(map(str, version)) in journal.why
