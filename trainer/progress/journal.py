"""Which journal mode is safe with the linked SQLite.

SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode when two connections write and checkpoint
at the same moment (the "WAL-reset bug", sqlite.org/wal.html#walresetbug). It is fixed in 3.51.3
and in the backports 3.44.6 and 3.50.7. All other versions use the rollback journal.
"""

from __future__ import annotations

import sqlite3

import msgspec

Version = tuple[int, int, int]

_MENDED: Version = (3, 51, 3)
_BACKPORTS: tuple[Version, ...] = ((3, 44, 6), (3, 50, 7))


class Journal(msgspec.Struct, frozen=True):
    """Journal mode and sync setting; both acknowledge a commit only when it is on disk."""

    mode: str
    synchronous: str
    why: str


def journal_for(version: Version = sqlite3.sqlite_version_info) -> Journal:
    """The journal for that SQLite version.

    >>> journal_for((3, 40, 1)).mode
    'DELETE'
    """
    number = ".".join(map(str, version))
    mended = version >= _MENDED or any(
        version[:2] == backport[:2] and version >= backport for backport in _BACKPORTS
    )
    if mended:
        return Journal("WAL", "FULL", f"SQLite {number} has the fix for the WAL-reset bug")
    return Journal("DELETE", "FULL", f"SQLite {number} can corrupt a WAL database")
