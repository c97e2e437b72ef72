"""The rows of a batch on disk as they come, so that a batch that was killed goes on where it was.

The file is `results.partial` (of a shard: `shard-0-of-4.partial`) beside the results, and is removed when
they are complete. It has frames: a length and a checksum of 4 bytes each, then MessagePack. A frame is a run
(what the rows after it were graded with) or a row. Rows reach the system one by one, which a killed program
can't take back, and the disk once a second. What follows a frame that isn't whole is discarded.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import contextmanager
from struct import Struct
from typing import IO, TYPE_CHECKING, Any
from zlib import crc32

import msgspec

from trainer.errors import UsageError
from trainer.files import MIB, adding, remove_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from trainer.content.card import Card

_HEAD = Struct(">II")

SYNC = 1.0
"""Seconds after which rows are on the disk at the latest."""

LARGEST = 64 * MIB
"""Bytes of the largest frame that is read."""


class Run(msgspec.Struct, frozen=True):
    """What the rows of a run depend on, besides the answers."""

    program: str
    """Version and digest of the code."""
    cards: dict[str, str]
    """The cards in their order: ID -> digest."""
    options: str
    """Everything else that changes rows: seeds, pictures, what is due when."""
    learners: str = ""
    """Digest of the names of all learners, in their order."""
    rows: int = 0
    """The rows of all shards together."""
    shard: int = 0
    shards: int = 1
    formats: tuple[str, ...] = ()
    """The formats of the results."""

    @property
    def name(self) -> str:
        """What its files are called, without their ending."""
        return "results" if self.shards == 1 else f"shard-{self.shard}-of-{self.shards}"


def run_of(
    cards: Sequence[Card],
    learners: Sequence[str],
    options: Sequence[object],
    shard: tuple[int, int],
    formats: Sequence[str] = (),
) -> Run:
    """The run of these cards and learners; `options` is all else that changes rows, as plain values."""
    from trainer import __version__
    from trainer.content.digest import card_digest, code_digest

    names = hashlib.sha256(b"\0".join(map(os.fsencode, learners)))
    return Run(
        program=f"{__version__} {code_digest()}",
        cards={card.id: card_digest(card) for card in cards},
        options=msgspec.json.encode(options).decode(),
        learners=names.hexdigest(),
        rows=len(learners) * len(cards),
        shard=shard[0],
        shards=shard[1],
        formats=tuple(formats),
    )


class Journal:
    """The rows that an earlier, interrupted run has left, by their IDs, and those of this run."""

    def __init__(self, stream: IO[bytes], run: Run) -> None:
        self._stream = stream
        self._run = run
        self._kept: dict[str, tuple[bytes, int, int, int]] = {}
        self._synced = time.monotonic()

    @property
    def kept(self) -> int:
        """How many rows there are that may be used again."""
        return len(self._kept)

    def found(self, row_id: str, seed: int) -> bytes:
        """What `grade_one` had found for this row; empty if it must be graded."""
        kept = self._kept.get(row_id)
        return kept[0] if kept and kept[1] == seed else b""

    def row(self, row_id: str) -> bytes:
        """The row that was graded then, as MessagePack."""
        _, _, place, size = self._kept[row_id]
        return os.pread(self._stream.fileno(), size, place)

    def add(self, found: bytes, row: bytes) -> None:
        """Store a row that was graded. Raises `OSError`."""
        if found:
            self._write(["row", found, row])

    def begin(self, *, again: bool) -> None:
        """Take over what is there, or start with an empty file. Raises `OSError`."""
        end = self._read() if again else 0
        self._stream.truncate(end)
        self._stream.seek(end)
        self._write(["run", msgspec.to_builtins(self._run)])

    def _write(self, frame: list[Any]) -> None:
        rest = memoryview(framed(frame))
        while rest:
            rest = rest[self._stream.write(rest) :]
        if time.monotonic() - self._synced >= SYNC:
            self._synced = time.monotonic()
            os.fsync(self._stream.fileno())

    def _read(self) -> int:
        """Read the rows that are there; the end of the last whole frame."""
        same: set[str] = set()
        end = 0
        for begin, end, frame in frames(self._stream):
            try:
                if frame[0] == "run":
                    same = self._same_cards(msgspec.convert(frame[1], Run))
                    continue
                _, found, data = frame
                row = msgspec.msgpack.decode(data, type=_Row)
            except (msgspec.MsgspecError, ValueError, TypeError, IndexError):
                return begin
            if row.card in same and row.status == "graded":
                self._kept[row.id] = (found, row.seed, end - len(data), len(data))
            else:
                self._kept.pop(row.id, None)
        return end

    def _same_cards(self, then: Run) -> set[str]:
        """The cards for which rows of a run count as rows of this one."""
        if (then.program, then.options) != (self._run.program, self._run.options):
            return set()
        return {card for card, digest in then.cards.items() if self._run.cards.get(card) == digest}


class _Row(msgspec.Struct, frozen=True):
    id: str
    card: str
    status: str
    seed: int


@contextmanager
def journal(folder: Path, run: Run, *, again: bool) -> Iterator[Journal]:
    """The journal of a run whose results are written to a folder; it remains unless the block ends well.

    With `again`, the rows of an interrupted run are taken over. Raises `UsageError` if another program is
    writing it, `FileFault`, and `OSError` for what can't be written.
    """
    place = folder / f"{run.name}.partial"
    with adding(place) as stream:
        if stream is None:
            raise UsageError(f"another batch writes {place}", remedy="wait for it, or pass another --out")
        found = Journal(stream, run)
        found.begin(again=again)
        yield found
        remove_file(place, inside=folder)


def framed(value: Any) -> bytes:
    """A value as a frame."""
    data = msgspec.msgpack.encode(value)
    return _HEAD.pack(len(data), crc32(data)) + data


def frames(stream: IO[bytes], begin: int = 0) -> Iterator[tuple[int, int, Any]]:
    """The whole frames of a stream from a place on, with their begin and end; none after a broken one."""
    stream.seek(begin)
    while len(head := stream.read(_HEAD.size)) == _HEAD.size:
        size, checksum = _HEAD.unpack(head)
        data = _exactly(stream, size) if 0 < size <= LARGEST else b""
        if not data or crc32(data) != checksum:
            return
        end = begin + _HEAD.size + size
        yield begin, end, msgspec.msgpack.decode(data)
        begin = end


def _exactly(stream: IO[bytes], size: int) -> bytes:
    """So many bytes of a stream that may return fewer at once; what is there before its end."""
    data = b""
    while len(data) < size and (more := stream.read(size - len(data))):
        data += more
    return data
