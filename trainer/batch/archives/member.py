"""What a reader of archives yields: one file, folder or refusal after the other."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Literal

import msgspec

from trainer.errors import AnswerUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable


class Bounds(msgspec.Struct, frozen=True):
    """What one archive may hold, archives inside it not counted."""

    members: int = 2_000
    """Everything that the archive lists."""
    files: int = 300
    """Files that may be answers."""
    names: int = 100
    """Other files of which the names are kept."""
    total: int = 16 << 20
    """Bytes of all files that are unpacked, and of all that must be read on the way to them."""
    one: int = 1 << 20
    """Bytes of a file."""
    archive: int = 32 << 20
    """Bytes of an archive inside."""
    itself: int = 32 << 20
    """Bytes of the archive."""


CLASS = Bounds(members=200_000, files=200_000, names=200_000, total=4 << 30, itself=16 << 30)
"""What the archive of a whole class may hold."""


class Member(msgspec.Struct, frozen=True):
    """One entry of an archive."""

    name: str
    kind: Literal["file", "folder", "refused"]
    size: int = 0
    """Bytes, as the archive says."""
    at: float | None = None
    """When it was changed, in seconds since 1970."""
    opened: Callable[[], IO[bytes]] | None = None
    """A stream of a file's bytes."""
    why: str = ""
    """Why it is refused: the sentence without its subject."""


def damaged(shown: str, why: str) -> AnswerUnreadable:
    """The error for an archive that can't be read as one."""
    return AnswerUnreadable(
        f"{shown} {why}", file=shown, remedy="make the archive again, as .zip, and submit it"
    )


def too_much(shown: str, why: str) -> AnswerUnreadable:
    """The error for an archive over a limit."""
    return AnswerUnreadable(
        f"{shown} {why}", file=shown, remedy="submit only the manifests that the task requires"
    )
