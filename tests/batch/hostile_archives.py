"""Archives that attack who unpacks them, made in code and small: each with what a batch is to say of it.

Every archive is what one learner submits as their answer to `tiny-pod`. `status` is that of the row, and `words` are in
its message. `archives` makes the corpus, by name.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

ANSWER = "tiny-pod.yaml"
CANARY = "canary-outside"
"""The name of what must never appear outside of the private folder."""

AWAY = "/opt"
"""A folder that absolute names and links lead to."""


class Hostile(NamedTuple):
    """One archive: the ending of its name, its bytes, and the row that it is to have."""

    ending: str
    data: bytes
    status: str
    words: str


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name twice is what some of them are for
        for name, data in members:
            if isinstance(name, str):
                archive.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 12, 0, 0)), data, how)
            else:
                archive.writestr(name, data, how)
    return stream.getvalue()


def tarred(*members: tuple[str | tarfile.TarInfo, bytes], kind: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar archive of these members."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=kind) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name) if isinstance(name, str) else name
            if info.isreg():
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    """A member of a tar archive that isn't a file."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def zip_link(name: str, mode: int = stat.S_IFLNK | 0o777) -> zipfile.ZipInfo:
    """A member of a ZIP archive that says it is a link, or something else that isn't a file."""
    info = zipfile.ZipInfo(name, (2026, 11, 1, 12, 0, 0))
    info.create_system, info.external_attr = 3, mode << 16
    return info


def patched(data: bytes, find: bytes, put: bytes, count: int = -1) -> bytes:
    """The bytes with something in them replaced, which must be there."""
    assert find in data
    assert len(find) == len(put)
    return data.replace(find, put, count)


def overlapping(answer: bytes, times: int = 50) -> bytes:
    """Many records in the directory that all name the same data."""
    packed = zlib.compress(answer, 9)[2:-4]
    sizes = struct.pack("<LLL", zlib.crc32(answer), len(packed), len(answer))
    name = ANSWER.encode()
    local = (
        b"PK\3\4" + struct.pack("<HHHHH", 20, 0, 8, 0, 33) + sizes + struct.pack("<HH", len(name), 0) + name
    )
    data = local + packed
    directory = b""
    for number in range(times):
        own = name if not number else b"%04d.yaml" % number
        directory += b"PK\1\2" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 33) + sizes
        directory += struct.pack("<HHHHHLL", len(own), 0, 0, 0, 0, 0, 0) + own
    end = struct.pack("<HHHHLLH", 0, 0, times, times, len(directory), len(data), 0)
    return data + directory + b"PK\5\6" + end


def many_records(count: int) -> bytes:
    """A directory with very many records, of which the end record tells the size."""
    record = b"PK\1\2" + b"\0" * 24 + struct.pack("<HHHHHLL", 1, 0, 0, 0, 0, 0, 0) + b"x"
    end = struct.pack("<HHHHLLH", 0, 0, 0xFFFF, 0xFFFF, len(record) * count, 0, 0)
    return b"PK\3\4" + record * count + b"PK\5\6" + end


def zip64(answer: bytes) -> bytes:
    """A ZIP64 archive: the sizes of its member are in an extra field."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, archive.open(ANSWER, "w", force_zip64=True) as file:
        file.write(answer)
    return stream.getvalue()


def lying(answer: bytes, size: int) -> bytes:
    """A ZIP archive whose directory says another size of its member."""
    data = zipped((ANSWER, answer))
    at = data.index(b"PK\1\2") + 24
    return data[:at] + struct.pack("<L", size) + data[at + 4 :]


def renamed(answer: bytes, raw: bytes, flags: int = 0) -> bytes:
    """A ZIP archive with the answer and a member whose name is these bytes."""
    data = zipped((ANSWER, answer), ("N" * len(raw), b"kind: Pod\n"))
    data = patched(data, b"N" * len(raw), raw)
    at = data.rindex(b"PK\1\2") + 8
    start = data.rindex(b"PK\3\4") + 6
    flagged = struct.pack("<H", flags)
    data = data[:at] + flagged + data[at + 2 :]
    return data[:start] + flagged + data[start + 2 :]


def nested(answer: bytes, depth: int) -> bytes:
    """The answer in an archive in an archive, and so on."""
    data = zipped((ANSWER, answer))
    for number in range(depth):
        data = zipped((f"level-{number}.zip", data), how=zipfile.ZIP_STORED)
    return data


def quine() -> bytes:
    """An archive that seems to hold itself: each level holds an archive of the same name, without an end."""
    data = zipped(("notes.txt", b"nothing"))
    for _ in range(12):
        data = zipped(("r.zip", data), ("r2.zip", data))
    return data


def bomb(megabytes: int) -> bytes:
    """So many MiB that become very few bytes when they are compressed."""
    return b"\0" * (megabytes << 20)


def tar_bomb(press: Callable[[bytes], bytes], megabytes: int) -> bytes:
    """A compressed tar archive with one huge file, made of many streams: the tools of all three formats read them."""
    info = tarfile.TarInfo(ANSWER)
    info.size = megabytes << 20
    return press(info.tobuf()) + press(bomb(1)) * megabytes + press(b"\0" * 1024)


def negative_size() -> bytes:
    """A tar archive whose second member has a negative size: readers that trust it never come to an end."""
    data = bytearray(tarred(("a.yaml", b"kind: Pod\n"), ("b.yaml", b"kind: Pod\n")))
    at = 1024
    data[at + 124 : at + 136] = b"\xff" * 10 + b"\xf4\x00"
    data[at + 148 : at + 156] = b" " * 8
    total = sum(data[at : at + 512])
    data[at + 148 : at + 156] = b"%06o\0 " % total
    return bytes(data)


def long_names(count: int) -> bytes:
    """A chain of headers that each announce the name of the next."""
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 2
    return (
        header.tobuf(tarfile.GNU_FORMAT)
        + (b"x\0".ljust(512, b"\0") + header.tobuf(tarfile.GNU_FORMAT)) * count
    )


def pax_header(text: bytes) -> bytes:
    """An extended header of this text, before a file."""
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, len(text)
    padded = text.ljust(-(-len(text) // 512) * 512, b"\0")
    return header.tobuf(tarfile.USTAR_FORMAT) + padded + tarred(("a.yaml", b"kind: Pod\n"))


def sparse() -> bytes:
    """A sparse member: a few bytes that say to be a gigabyte."""
    text = b"22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n34 GNU.sparse.realsize=1073741824\n"
    return pax_header(text)


def elsewhere(answer: bytes) -> Iterable[tuple[str, Hostile]]:
    """Names that lead elsewhere: what is right in the archive is graded, and the rest isn't written."""
    good = (ANSWER, answer)
    junk = (f"../../../../{CANARY}.yaml", b"kind: Pod\n")
    yield from (
        ("zip-slip", Hostile(".zip", zipped(good, junk), "graded", "leads out of the archive")),
        ("zip-slip-alone", Hostile(".zip", zipped(junk), "unreadable", "leads out of the archive")),
        ("zip-slip-backslash", Hostile(".zip", zipped(good, (f"..\\..\\..\\{CANARY}", b"x")), "graded", "leads out")),
        ("zip-absolute", Hostile(".zip", zipped(good, (f"{AWAY}/{CANARY}", b"x")), "graded", "has an absolute path")),
        ("zip-drive", Hostile(".zip", zipped(good, (f"C:\\{CANARY}", b"x")), "graded", "has an absolute path")),
        ("tar-slip", Hostile(".tar", tarred(good, junk), "graded", "leads out of the archive")),
        ("tar-absolute", Hostile(".tar", tarred(good, (f"{AWAY}/{CANARY}", b"x")), "graded", "has an absolute path")),
    )  # fmt: skip


def no_files(answer: bytes) -> Iterable[tuple[str, Hostile]]:
    """Links, devices and pipes."""
    good = (ANSWER, answer)
    yield from (
        ("zip-link", Hostile(".zip", zipped((zip_link(ANSWER), b"/etc/passwd")), "unreadable", "is a link")),
        (
            "zip-link-then-file",
            Hostile(".zip", zipped((zip_link("d"), AWAY.encode()), (f"d/{CANARY}", b"x"), good), "graded", "is a link"),
        ),
        ("zip-device", Hostile(".zip", zipped((zip_link(ANSWER, stat.S_IFCHR), b"")), "unreadable", "isn't a regular")),
        (
            "tar-link",
            Hostile(".tar", tarred((special(ANSWER, tarfile.SYMTYPE, "/etc/passwd"), b"")), "unreadable", "is a link"),
        ),
        (
            "tar-link-then-file",
            Hostile(
                ".tar",
                tarred((special("d", tarfile.SYMTYPE, AWAY), b""), (f"d/{CANARY}", b"x"), good),
                "graded",
                "is a link",
            ),
        ),
        (
            "tar-hard-link",
            Hostile(".tgz", gzip.compress(tarred((special(ANSWER, tarfile.LNKTYPE, "/etc/shadow"), b""))), "unreadable", "is a link"),
        ),
        ("tar-pipe", Hostile(".tar", tarred((special(ANSWER, tarfile.FIFOTYPE), b"")), "unreadable", "is a pipe")),
        ("tar-device", Hostile(".tar", tarred((special(ANSWER, tarfile.CHRTYPE), b"")), "unreadable", "is a device")),
    )  # fmt: skip


def bombs(answer: bytes) -> Iterable[tuple[str, Hostile]]:
    """Small archives that become huge ones."""
    yield from (
        ("zip-bomb", Hostile(".zip", zipped((ANSWER, bomb(4))), "unreadable", "is too large: 4.0 MiB")),
        ("zip-bomb-lying", Hostile(".zip", lying(bomb(4), 100), "unreadable", "is damaged")),
        (
            "zip-bomb-many",
            Hostile(".zip", zipped(*((f"{n}.yaml", bomb(1)) for n in range(20))), "unreadable", "holds more than 16 MiB"),
        ),
        ("zip-many-answers", Hostile(".zip", zipped(*((f"{n}.yaml", b"") for n in range(400))), "unreadable", "more than 300 files")),
        ("zip-overlap", Hostile(".zip", overlapping(answer), "unreadable", "members that share their data")),
        ("zip-many", Hostile(".zip", zipped(*((f"{n}.txt", b"") for n in range(2100))), "unreadable", "more than 2000")),
        ("zip-directory", Hostile(".zip", many_records(12_500), "unreadable", "more than 2000 files")),
        ("gz-bomb", Hostile(".tar.gz", tar_bomb(gzip.compress, 150), "unreadable", "MiB")),
        ("bz2-bomb", Hostile(".tar.bz2", tar_bomb(bz2.compress, 80), "unreadable", "MiB")),
        ("xz-bomb", Hostile(".tar.xz", tar_bomb(lzma.compress, 80), "unreadable", "MiB")),
        ("tar-many", Hostile(".tgz", gzip.compress(tarred(*((f"{n}.txt", b"") for n in range(2100)))), "unreadable", "more than 2000")),
        ("nested-deep", Hostile(".zip", nested(answer, 8), "unreadable", "archives in archives")),
        ("quine", Hostile(".zip", quine(), "unreadable", "archives in archives")),
    )  # fmt: skip


def odd_names(answer: bytes) -> Iterable[tuple[str, Hostile]]:
    """Names in other encodings, and what acts in a terminal."""
    good = (ANSWER, answer)
    yield from (
        ("name-cp437", Hostile(".zip", renamed(answer, b"l\x94sung.yaml"), "graded", "")),
        ("name-shift-jis", Hostile(".zip", renamed(answer, "答え.yaml".encode("shift-jis")), "graded", "")),
        ("name-utf8-unmarked", Hostile(".zip", renamed(answer, "lösung.yaml".encode()), "graded", "")),
        ("name-utf8-false", Hostile(".zip", renamed(answer, b"\xff\xfe.yaml", 0x800), "unreadable", "")),
        ("name-nul", Hostile(".zip", renamed(answer, b"x\0../../y.yaml"), "graded", "NUL")),
        ("name-acts", Hostile(".zip", renamed(answer, b"\x1b[2J\x1b]0;x\x07.yaml"), "graded", "")),
        ("name-bidi", Hostile(".zip", renamed(answer, "\u202egnp.yaml".encode(), 0x800), "graded", "")),
        ("name-long", Hostile(".zip", zipped(good, ("d/" * 300 + "x.yaml", b"x")), "graded", "too long")),
        ("name-long-part", Hostile(".zip", zipped(good, ("n" * 5000 + ".yaml", b"x")), "graded", "too long")),
        ("name-empty", Hostile(".tar", tarred(good, ("./", b""), (".", b"")), "graded", "")),
    )  # fmt: skip


def twice(answer: bytes) -> Iterable[tuple[str, Hostile]]:
    """The same name more than once."""
    good = (ANSWER, answer)
    yield from (
        ("duplicate", Hostile(".zip", zipped((ANSWER, b"kind: Pod\n"), good), "graded", "twice: the last one counts")),
        ("case", Hostile(".zip", zipped(good, (ANSWER.upper(), b"x")), "graded", "differs only in case")),
        ("file-and-folder", Hostile(".zip", zipped(good, (f"{ANSWER}/x.yaml", b"x")), "graded", "name of a folder")),
    )  # fmt: skip


def broken(answer: bytes) -> Iterable[tuple[str, Hostile]]:
    """Archives that are broken, or something else than they seem."""
    good = (ANSWER, answer)
    yield from (
        ("encrypted", Hostile(".zip", patched_flags(zipped(good), 1), "unreadable", "is encrypted")),
        ("truncated", Hostile(".zip", zipped(good)[:-30], "unreadable", "its end is missing")),
        ("truncated-gz", Hostile(".tgz", gzip.compress(tarred(good))[:-60], "unreadable", "damaged or incomplete")),
        ("damaged-member", Hostile(".zip", patched(zipped(good, how=0), b"kind: Pod", b"kind: Pad", 1), "unreadable", "damaged")),
        ("damaged-tar", Hostile(".tar", broken_header(answer), "unreadable", "damaged")),
        ("trailing-garbage", Hostile(".zip", zipped(good) + b"garbage" * 100, "graded", "")),
        ("leading-garbage", Hostile(".zip", b"PK garbage" + zipped(good), "graded", "")),
        ("trailing-garbage-gz", Hostile(".tgz", gzip.compress(tarred(good)) + b"garbage", "graded", "")),
        ("lzma-in-zip", Hostile(".zip", zipped(good, how=zipfile.ZIP_LZMA), "unreadable", "isn't supported (method 14)")),
        ("zip64", Hostile(".zip", zip64(answer), "graded", "")),
        ("size-lies", Hostile(".zip", lying(answer, 0xFFFF_FFF0), "unreadable", "is too large")),
        ("negative-size", Hostile(".tar", negative_size(), "unreadable", "negative size")),
        ("long-name-chain", Hostile(".tar", long_names(2000), "unreadable", "damaged")),
        ("pax-digits", Hostile(".tar", pax_header(b"9" * 200_000), "unreadable", "damaged")),
        ("sparse", Hostile(".tar", sparse(), "unreadable", "")),
        ("rar", Hostile(".zip", b"Rar!\x1a\x07\x01\x00" + b"x" * 100, "unreadable", "is a RAR archive")),
        ("seven-zip", Hostile(".zip", b"7z\xbc\xaf\x27\x1c" + b"x" * 100, "unreadable", "is a 7-Zip archive")),
        ("empty", Hostile(".zip", b"", "unreadable", "is empty")),
        ("empty-zip", Hostile(".zip", zipped(), "missing", "")),
        ("text", Hostile(".zip", b"apiVersion: v1\nkind: Pod\n", "unreadable", "damaged or incomplete")),
    )  # fmt: skip


def patched_flags(data: bytes, flag: int) -> bytes:
    """The ZIP archive with a flag in the first record and the first header."""
    found = bytearray(data)
    found[found.index(b"PK\1\2") + 8] |= flag
    found[found.index(b"PK\3\4") + 6] |= flag
    return bytes(found)


def broken_header(answer: bytes) -> bytes:
    """A tar archive whose second header isn't one."""
    data = bytearray(tarred(("notes.txt", b"x"), (ANSWER, answer)))
    data[1024 + 148] ^= 0x7
    return bytes(data)


@cache
def archives(answer: bytes) -> dict[str, Hostile]:
    """The corpus by name. Raises `AssertionError` if two share a name."""
    kinds = (elsewhere, no_files, bombs, odd_names, twice, broken)
    found = [one for kind in kinds for one in kind(answer)]
    named = dict(found)
    assert len(named) == len(found)
    return named
