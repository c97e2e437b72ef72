"""The members of a ZIP archive, each checked before anything of it is read.

The format is that of PKWARE's APPNOTE 6.3.10. Only what every operating system and learning platform writes
is read: stored and deflated files, without a password.
"""

from __future__ import annotations

import stat
import struct
import time
import zipfile
from datetime import datetime, tzinfo
from typing import IO, TYPE_CHECKING

from trainer.batch.archives.member import Bounds, Member, damaged, too_much

if TYPE_CHECKING:
    from collections.abc import Iterator

_RECORD = 46
"""Fewest bytes of a member's record in the directory."""
_MOST_RECORD = 256
"""Bytes of a record that are allowed for each member, on average."""
_LOCAL = 30
"""Fewest bytes of the header before a member's data."""
_ENCRYPTED, _UTF8 = 0x1, 0x800
_UNIX_TIME = 0x5455
"""The extra field of Info-ZIP with the time of change in UTC."""
_UNICODE_NAME = 0x7075
_END, _END_64, _FIND_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_TAIL = 22 + 65_535
"""Bytes at the end that may hold the end record and its comment."""


def zip_members(
    stream: IO[bytes], shown: str, bounds: Bounds, zone: tzinfo | None = None
) -> Iterator[Member]:
    """The members in the order of the directory. Raises `AnswerUnreadable` before the first one.

    Times without a zone are in `zone`, by default that of this machine.
    """
    if _directory_bytes(stream, shown) > bounds.members * _MOST_RECORD:
        raise too_much(shown, f"has more than {bounds.members} files")
    archive = zipfile.ZipFile(stream)
    infos = archive.infolist()
    if len(infos) > bounds.members:
        raise too_much(shown, f"has more than {bounds.members} files")
    _refuse_overlaps(infos, shown)
    for info in infos:
        yield _member(archive, info, zone)


def _directory_bytes(stream: IO[bytes], shown: str) -> int:
    """How long the archive says that its directory is, before a reader builds an object for each record."""
    end = stream.seek(0, 2)
    stream.seek(max(end - _TAIL, 0))
    tail = stream.read(_TAIL)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise damaged(shown, "isn't a whole ZIP archive: its end is missing")
    (size,) = struct.unpack_from("<L", tail, at + 12)
    locator = tail[at - 20 : at] if at >= 20 else b""
    if locator.startswith(_FIND_64):
        start = stream.seek(max(end - _TAIL, 0)) + at - 20 - 56  # where readers look for it
        if start >= 0:
            stream.seek(start)
            record = stream.read(56)
            if record.startswith(_END_64) and len(record) == 56:
                (size,) = struct.unpack_from("<Q", record, 40)
    return int(size)


def _refuse_overlaps(infos: list[zipfile.ZipInfo], shown: str) -> None:
    """Members that share their bytes: small archives that become huge ones."""
    before = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < before:
            raise damaged(shown, "has members that share their data")
        before = info.header_offset + _LOCAL + info.compress_size


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, zone: tzinfo | None) -> Member:
    name = _name(info)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.is_dir() or name.endswith("\\"):
        return Member(name, "folder")
    if kind and kind != stat.S_IFREG:
        return Member(name, "refused", why="is a link" if kind == stat.S_IFLNK else "isn't a regular file")
    if info.flag_bits & _ENCRYPTED:
        return Member(name, "refused", why="is encrypted: submit it without a password")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        why = f"is compressed in a way that isn't supported (method {info.compress_type})"
        return Member(name, "refused", why=why)
    return Member(name, "file", info.file_size, _time(info, zone), lambda: archive.open(info))


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name. One that isn't marked as UTF-8 is that if it can be, else in code page 437."""
    name = info.orig_filename
    if info.flag_bits & _UTF8:
        return name
    extra = _extra(info, _UNICODE_NAME)
    if len(extra) > 5:
        return extra[5:].decode("utf-8", "replace")
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _time(info: zipfile.ZipInfo, zone: tzinfo | None) -> float | None:
    extra = _extra(info, _UNIX_TIME)
    if len(extra) >= 5 and extra[0] & 1:
        return float(struct.unpack_from("<l", extra, 1)[0])
    try:
        if zone is not None:
            return datetime(*info.date_time, tzinfo=zone).timestamp()
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return None


def _extra(info: zipfile.ZipInfo, wanted: int) -> bytes:
    """The extra field of this kind; empty without one."""
    data, at = info.extra, 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        if kind == wanted:
            return data[at + 4 : at + 4 + size]
        at += 4 + size
    return b""
