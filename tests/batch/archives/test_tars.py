"""Members of tar archives."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable

import pytest

from tests.batch.hostile_archives import long_names, pax_header, special, tar_bomb, tarred
from tests.table import each_row
from trainer.batch.archives.member import Bounds
from trainer.batch.archives.tars import tar_members
from trainer.errors import AnswerUnreadable

PLAIN = tarred(("a.yaml", b"one"), ("d/b.yaml", b"two"))


def read(data: bytes, bounds: Bounds | None = None) -> list[tuple[str, str, bytes]]:
    found = []
    for member in tar_members(io.BytesIO(data), "a.tar", bounds or Bounds()):
        text = b""
        if member.opened:
            with member.opened() as stream:
                text = stream.read(100)
        found.append((member.name, member.why or member.kind, text))
    return found


@each_row("press", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_members_in_every_compression(press: Callable[[bytes], bytes]) -> None:
    assert read(press(PLAIN)) == [("a.yaml", "file", b"one"), ("d/b.yaml", "file", b"two")]


@each_row("kind", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_in_every_format(kind: int) -> None:
    name = "n" * 90 + "/" + "m" * 60
    assert read(tarred((name, b"x"), kind=kind)) == [(name, "file", b"x")]


def test_what_is_no_file() -> None:
    kinds = {tarfile.SYMTYPE: "is a link", tarfile.LNKTYPE: "is a link", tarfile.FIFOTYPE: "is a pipe",
             tarfile.BLKTYPE: "is a device", tarfile.DIRTYPE: "folder"}  # fmt: skip
    for kind, said in kinds.items():
        assert read(tarred((special("x", kind, "/etc"), b""))) == [("x", said, b"")]


def test_times() -> None:
    info = tarfile.TarInfo("a")
    info.mtime = 1_700_000_000
    (member,) = tar_members(io.BytesIO(tarred((info, b""))), "a.tar", Bounds())
    assert member.at == 1_700_000_000


@each_row(
    "data",
    [
        PLAIN[:600],
        PLAIN[:1100],
        gzip.compress(PLAIN)[:-30],
        pax_header(b"9" * 9000),
        long_names(50) * 30,
        b"x" * 2000,
    ],
)
def test_what_is_damaged_or_too_much_is_an_error(data: bytes) -> None:
    with pytest.raises((AnswerUnreadable, tarfile.TarError, EOFError, OSError, RecursionError)):
        read(data)


def test_no_more_is_read_than_the_limit() -> None:
    with pytest.raises(AnswerUnreadable, match="is larger than"):
        read(tar_bomb(gzip.compress, 80))
    with pytest.raises(AnswerUnreadable, match="more than 1 files"):
        read(PLAIN, Bounds(members=1))
