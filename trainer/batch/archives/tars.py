"""The members of a tar archive, compressed or not, read from start to end and no further than a limit."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from typing import IO, TYPE_CHECKING

from trainer.batch.archives.member import Bounds, Member, damaged, too_much

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST_HEADER = 8 << 10
"""Bytes of an extended header: the library takes a time that is quadratic in it."""
_SMALL_HEADER, _MOST_HEADERS = 2 << 10, 128 << 10
"""Bytes of a header that is always read, and of all larger ones together."""
_KINDS = {
    tarfile.SYMTYPE: "is a link",
    tarfile.LNKTYPE: "is a link",
    tarfile.CHRTYPE: "is a device",
    tarfile.BLKTYPE: "is a device",
    tarfile.FIFOTYPE: "is a pipe",
}


def tar_members(stream: IO[bytes], shown: str, bounds: Bounds) -> Iterator[Member]:
    """The members in the order of the archive. Each is to be read before the next is taken.

    What may be compressed is recognized by its first bytes. Raises `AnswerUnreadable` over a limit.
    """
    plain = _Limited(_plain(stream), shown, 2 * bounds.total + 2048 * bounds.members)
    with tarfile.open(fileobj=plain, mode="r:", errorlevel=2) as archive:
        for _ in range(bounds.members):
            plain.in_header = True
            info = archive.next()
            plain.in_header = False
            if info is None:
                return _check_end(plain, archive.offset, shown)
            if info.size < 0:
                raise damaged(shown, "has a member with a negative size")
            yield _member(archive, info)
            archive.members.clear()  # type: ignore[attr-defined] # it remembers each one otherwise
    raise too_much(shown, f"has more than {bounds.members} files")


def _check_end(plain: _Limited, offset: int, shown: str) -> None:
    """An archive ends with empty blocks or with its file: the library also stops at what is damaged."""
    plain.seek(offset)
    if plain.read(tarfile.BLOCKSIZE).strip(b"\0"):
        raise damaged(shown, "is damaged: one of its headers can't be read")


def _plain(stream: IO[bytes]) -> IO[bytes]:
    head = stream.read(6)
    stream.seek(0)
    if head.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=stream)  # type: ignore[return-value]
    if head.startswith(b"BZh"):
        return bz2.BZ2File(stream)
    if head.startswith(b"\xfd7zXZ\0"):
        return lzma.LZMAFile(stream)
    return stream


def _member(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Member:
    if info.isdir():
        return Member(info.name, "folder")
    if not info.isreg() or info.issparse():
        why = _KINDS.get(info.type, "isn't a regular file")
        return Member(info.name, "refused", why=why)

    def opened() -> IO[bytes]:
        found = archive.extractfile(info)
        assert found is not None  # noqa: S101 - it is a regular file
        return found

    return Member(info.name, "file", info.size, float(info.mtime), opened)


class _Limited(io.RawIOBase):
    """A stream of which only so much is read, whatever an archive says of its sizes."""

    def __init__(self, stream: IO[bytes], shown: str, limit: int) -> None:
        self._stream, self._shown, self._limit = stream, shown, limit
        self._headers = _MOST_HEADERS
        self.in_header = True

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def seekable(self) -> bool:
        """Whether it can be read from another place on: yes, from an earlier one slowly."""
        return True

    def tell(self) -> int:
        """The place in the stream, in bytes."""
        return self._stream.tell()

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go where the limit allows: in a compressed stream all up to there is read."""
        if whence or offset > self._limit:
            raise too_much(self._shown, f"is larger than {self._limit >> 20} MiB")
        return self._stream.seek(offset)

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, which must be given."""
        if self.in_header and size > _SMALL_HEADER:
            self._headers -= size
        if size < 0 or (self.in_header and (size > _LARGEST_HEADER or self._headers < 0)):
            raise tarfile.ReadError("a header is too large")
        if self._stream.tell() + size > self._limit:
            raise too_much(self._shown, f"is larger than {self._limit >> 20} MiB")
        return self._stream.read(size)
