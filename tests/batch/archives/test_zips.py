"""Members of ZIP archives."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import UTC, datetime

import pytest

from tests.batch.hostile_archives import many_records, overlapping, renamed, zipped
from tests.table import each_row
from trainer.batch.archives.member import Bounds, Member
from trainer.batch.archives.zips import zip_members
from trainer.errors import AnswerUnreadable


def members(data: bytes) -> list[Member]:
    return list(zip_members(io.BytesIO(data), "a.zip", Bounds(), UTC))


@each_row(
    "raw, flags, name",
    [
        (b"l\x94sung.yaml", 0, "l\u00f6sung.yaml"),
        ("l\u00f6sung.yaml".encode(), 0, "l\u00f6sung.yaml"),
        ("l\u00f6sung.yaml".encode(), 0x800, "l\u00f6sung.yaml"),
        (b"a\\b.yaml", 0, "a\\b.yaml"),
        (b"a\0b.yaml", 0, "a\0b.yaml"),
    ],
)
def test_names(raw: bytes, flags: int, name: str) -> None:
    assert members(renamed(b"x", raw, flags))[1].name == name


def test_the_name_in_unicode_wins() -> None:
    info = zipfile.ZipInfo("l?sung.yaml")
    text = "l\u00f6sung.yaml".encode()
    info.extra = struct.pack("<HHBL", 0x7075, 5 + len(text), 1, 0) + text
    assert members(zipped((info, b"")))[0].name == "l\u00f6sung.yaml"


def test_times() -> None:
    info = zipfile.ZipInfo("a.yaml", (2026, 11, 1, 12, 0, 0))
    assert members(zipped((info, b"")))[0].at == datetime(2026, 11, 1, 12, tzinfo=UTC).timestamp()
    info.extra = struct.pack("<HHBl", 0x5455, 5, 1, 1_700_000_000)
    assert members(zipped((info, b"")))[0].at == 1_700_000_000
    info.extra = struct.pack("<HHBl", 0x5455, 5, 2, 1_700_000_000)
    info.date_time = (1980, 0, 0, 0, 0, 0)
    assert members(zipped((info, b"")))[0].at is None


def test_folders_and_files() -> None:
    found = members(zipped(("a/", b""), ("a/b.yaml", b"text")))
    assert [(one.name, one.kind, one.size) for one in found] == [("a/", "folder", 0), ("a/b.yaml", "file", 4)]
    opened = found[1].opened
    assert opened is not None
    with opened() as stream:
        assert stream.read(100) == b"text"


@each_row(
    "data, said",
    [
        (overlapping(b"x"), "share their data"),
        (many_records(12_500), "more than 2000"),
        (zipped()[:10], "its end is missing"),
        (b"PK\3\4" + b"PK\5\6", "its end is missing"),
    ],
)
def test_refused_as_a_whole(data: bytes, said: str) -> None:
    with pytest.raises(AnswerUnreadable, match=said):
        members(data)
