"""Archives of other people, unpacked into a private folder: plain files and folders only, within limits.

ZIP and tar, the latter plain or compressed by gzip, bzip2 or xz. What an archive is follows from its first
bytes, not from its name. A member that isn't unpacked is named with the reason; an archive that can't be
read, or is over a limit, is an `AnswerUnreadable`. Nothing that an archive says (names, sizes, links) leads
out of the folder.
"""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import takewhile
from typing import IO, TYPE_CHECKING

import msgspec

from trainer.batch.archives.member import Bounds, Member, damaged, too_much
from trainer.batch.archives.names import Refused, is_of_a_system, parts_of
from trainer.errors import AnswerUnreadable
from trainer.files import FileFault, new_folder, open_file, replace_file
from trainer.safe_text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import tzinfo
    from pathlib import Path

ENDINGS = (
    ".zip", ".tar", ".tgz", ".tar.gz", ".tbz", ".tbz2", ".tar.bz2", ".txz", ".tar.xz", ".rar", ".7z",
)  # fmt: skip
"""What the name of an archive ends with, in lower case. Reading refuses the last two, and says so."""

_CHUNK = 1 << 16
_LONGEST_SHOWN = 80
"""Characters of a member's name in a message."""
_FOREIGN = {
    b"Rar!": "is a RAR archive, which isn't unpacked",
    b"7z\xbc\xaf": "is a 7-Zip archive, which isn't unpacked",
    b"\x28\xb5\x2f\xfd": "is compressed by Zstandard, which isn't unpacked",
}


class Left(msgspec.Struct, frozen=True):
    """A member that isn't unpacked, by its name in the archive, and why: the sentence without its subject."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.name} {self.why}"


class Contents(msgspec.Struct, frozen=True):
    """What became of an archive."""

    left: tuple[Left, ...]
    """What isn't unpacked."""
    total: int
    """Bytes that are."""


def is_archive(name: str) -> bool:
    """Whether a file of this name holds other files."""
    return name.lower().endswith(ENDINGS)


def without_ending(name: str) -> str:
    """The name of an archive without what makes it one."""
    ends = [end for end in ENDINGS if name.lower().endswith(end) and len(name) > len(end)]
    return name[: -max(map(len, ends))] if ends else name


def unpack(
    archive: Path,
    into: Path,
    *,
    shown: str,
    wants: Callable[[str], bool],
    bounds: Bounds | None = None,
    inside: Path | None = None,
    zone: tzinfo | None = None,
) -> Contents:
    """Unpack an archive into a folder of ours.

    Of a file whose name `wants` refuses, only an empty file of that name is made: it shows that it was
    there. Files have the times of the archive; those without a time zone are in `zone`. `shown` is what
    errors call the archive, `inside` the folder that it must not leave. Raises `AnswerUnreadable`.
    """
    target = _Target(into, shown, wants, bounds or Bounds())
    try:
        with open_file(archive, inside=inside) as stream:
            _check_size(stream, shown, target.bounds)
            for member in _members(stream, shown, target.bounds, zone):
                target.take(member)
    except (AnswerUnreadable, FileFault) as error:
        raise _as_unreadable(error, shown) from None
    except OSError as error:
        if error.errno is not None:
            raise _no_room(shown, error) from None
        raise damaged(shown, "is damaged or incomplete") from None
    except MemoryError:
        raise too_much(shown, "needs more memory than may be used") from None
    except Exception:  # the readers raise whatever the arithmetic of their format does
        raise damaged(shown, "is damaged or incomplete") from None
    return Contents(tuple(target.left), target.total)


def _as_unreadable(error: AnswerUnreadable | FileFault, shown: str) -> AnswerUnreadable:
    if isinstance(error, AnswerUnreadable):
        return error
    return AnswerUnreadable(f"{shown} {error.what}", file=shown, remedy=error.remedy)


def _no_room(shown: str, error: OSError) -> AnswerUnreadable:
    remedy = "free some space, or set TMPDIR to a folder that has it"
    return AnswerUnreadable(f"{shown} can't be unpacked: {error.strerror}", file=shown, remedy=remedy)


def _check_size(stream: IO[bytes], shown: str, bounds: Bounds) -> None:
    size = os.fstat(stream.fileno()).st_size
    if size > bounds.itself:
        limit = f"the limit is {bounds.itself >> 20} MiB"
        raise too_much(shown, f"is too large: {size / (1 << 20):.1f} MiB, {limit}")
    if not size:
        raise damaged(shown, "is empty")


def _members(stream: IO[bytes], shown: str, bounds: Bounds, zone: tzinfo | None) -> Iterator[Member]:
    head = stream.read(8)
    stream.seek(0)
    for magic, why in _FOREIGN.items():
        if head.startswith(magic):
            raise damaged(shown, why)
    if head.startswith(b"PK"):
        from trainer.batch.archives.zips import zip_members

        return zip_members(stream, shown, bounds, zone)
    from trainer.batch.archives.tars import tar_members

    return tar_members(stream, shown, bounds)


class _Target:
    """The folder that is filled, and what was refused on the way."""

    def __init__(self, folder: Path, shown: str, wants: Callable[[str], bool], bounds: Bounds) -> None:
        self.folder, self.shown, self.wants, self.bounds = folder, shown, wants, bounds
        self.left: list[Left] = []
        self.total = self.files = self.names = 0
        self.taken: dict[str, str] = {}

    def take(self, member: Member) -> None:
        """Unpack a member, or say why not."""
        try:
            parts = parts_of(member.name)
            if not parts or any(is_of_a_system(part) for part in parts):
                self._keep_folder(parts)
                return
            if member.kind == "refused":
                raise Refused(member.why)
            self._put(member, parts)
        except Refused as refused:
            self.left.append(Left(one_line(member.name.replace("\\", "/"), _LONGEST_SHOWN), str(refused)))
        except FileFault as fault:
            if fault.why == "other":
                raise
            self.left.append(Left("/".join(parts), "has the name of a folder of the archive"))

    def _keep_folder(self, parts: tuple[str, ...]) -> None:
        """The folder around what nobody submits: its learner has submitted nothing, and is there."""
        around = list(takewhile(lambda part: not is_of_a_system(part), parts))
        if around:
            new_folder(self.folder.joinpath(*around), inside=self.folder)

    def _put(self, member: Member, parts: tuple[str, ...]) -> None:
        place = self.folder.joinpath(*parts)
        if member.kind == "folder":
            new_folder(place, inside=self.folder)
            return
        name = "/".join(parts)
        before = self.taken.setdefault(name.casefold(), name)
        if before != name:
            raise Refused(f"differs only in case from {before}")
        is_wanted = self.wants(parts[-1]) or is_archive(parts[-1])
        self.files += is_wanted
        self.names += not is_wanted
        if self.files > self.bounds.files:
            raise too_much(self.shown, f"holds more than {self.bounds.files} files that may be answers")
        if not is_wanted and self.names > self.bounds.names:
            return
        data = self._data(member) if is_wanted else b""
        if not new_file(place, data, self.folder):
            self.left.append(Left(name, "is in the archive twice: the last one counts"))
        if member.at is not None:
            with suppress(OSError, OverflowError, ValueError):  # a time that the file system can't hold
                os.utime(place, (member.at, member.at), follow_symlinks=False)

    def _data(self, member: Member) -> bytes:
        limit = self.bounds.archive if is_archive(member.name) else self.bounds.one
        if member.size > limit:
            raise _too_large(member.size, limit)
        data = _content(member, limit)
        self.total += len(data)
        if self.total > self.bounds.total:
            raise too_much(self.shown, f"holds more than {self.bounds.total >> 20} MiB")
        return data


def new_file(place: Path, data: bytes, folder: Path) -> bool:
    """Write a file below the folder; False if one of its name was there, which is replaced."""
    is_new = not os.path.lexists(place)
    replace_file(place, data, inside=folder, mode=0o600, sync=False)
    return is_new


def _content(member: Member, limit: int) -> bytes:
    """The bytes of a file, read in parts up to the limit, whatever size the archive says it has."""
    assert member.opened is not None  # noqa: S101 - it is a file
    data = bytearray()
    try:
        with member.opened() as stream:
            while chunk := stream.read(min(_CHUNK, limit + 1 - len(data))):
                data += chunk
                if len(data) > limit:
                    raise _too_large(len(data), limit)
    except (Refused, AnswerUnreadable, MemoryError):
        raise
    except Exception:  # as in `unpack`
        raise Refused("is damaged") from None
    return bytes(data)


def _too_large(size: int, limit: int) -> Refused:
    return Refused(f"is too large: {size / (1 << 20):.1f} MiB, the limit is {limit >> 20} MiB")
