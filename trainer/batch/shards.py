"""A class in shards: each machine grades some learners; their rows are merged to what one run would write.

A learner's shard follows from the name alone. A shard is a file, `shard-0-of-4.rows`: its run, and its rows
with their places among all rows of the run. So the rows of any number of shards get the order of one run.
"""

from __future__ import annotations

import hashlib
import heapq
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.batch import Graded, Row
from trainer.batch.journal import Run, framed, frames
from trainer.errors import AnswerUnreadable, UsageError
from trainer.files import open_file, replacing
from trainer.patterns import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

MOST = 1000
"""The largest number of shards."""

SUFFIX = ".rows"
_AT_ONCE = 32 * 1024
"""Bytes of rows that are read of a shard at once."""
_SHARD = regex(r"([0-9]{1,4})/([0-9]{1,4})")
_REMEDY = "name the shards of one run: each of them once"


def read_shard(text: str) -> tuple[int, int]:
    """The shard and the number of shards of `--shard`: "0/4" is the first of four.

    Raises `UsageError` for anything else.
    """
    found = _SHARD.fullmatch(text)
    shard, shards = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 0 <= shard < shards <= MOST:
        raise UsageError(
            f"--shard {text} isn't a shard", remedy=f"0/4 to 3/4 are the shards of four; {MOST} at most"
        )
    return shard, shards


def shard_of(learner: str, shards: int) -> int:
    """The shard that grades a learner. It doesn't depend on who else there is."""
    return int.from_bytes(hashlib.sha256(os.fsencode(learner)).digest()[:8], "big") % shards


@contextmanager
def shard_file(folder: Path, run: Run) -> Iterator[Callable[[Graded], None]]:
    """Write the shard of a run to its file in a folder: the block gets what writes a row.

    The file appears when the block ends well. Raises `FileFault`, and `OSError` for what can't be written.
    """
    with replacing(shard_place(folder, run)) as stream:
        stream.write(framed(["run", msgspec.to_builtins(run)]))

        def write(one: Graded) -> None:
            stream.write(framed([one.position, msgspec.msgpack.encode(one.row)]))

        yield write


def shard_place(folder: Path, run: Run) -> Path:
    """The file of a shard."""
    return folder / f"{run.name}{SUFFIX}"


class Merged(msgspec.Struct, frozen=True):
    """The shards of one run."""

    run: Run
    files: tuple[Path, ...]

    @property
    def whole(self) -> Run:
        """The run as one."""
        return msgspec.structs.replace(self.run, shard=0, shards=1)

    def rows(self) -> Iterator[Row]:
        """The rows in the order of one run, streamed.

        Raises `AnswerUnreadable` for a file that is incomplete and for a row that is there twice.
        """
        expected = 0
        for position, file, row in heapq.merge(*map(_rows, self.files), key=lambda part: part[0]):
            if position < expected:
                raise _broken(file, f"row {position} is there twice")
            if position > expected:
                break
            yield row
            expected += 1
        if expected != self.run.rows:
            file = self.files[0]
            names = ", ".join(one.name for one in self.files)
            raise _broken(file, f"row {expected} of {self.run.rows} is missing: one of {names} is incomplete")


def merged(places: Sequence[Path]) -> Merged:
    """The shards in these files, and in these folders. Raises `FileFault`.

    Raises `UsageError` unless they are all shards of one run, each of them once, and `AnswerUnreadable`
    for a file that isn't a shard.
    """
    files = list(_files(places))
    if not files:
        raise UsageError(f"there is no file *{SUFFIX} in {places[0]}", remedy=_REMEDY)
    runs = {file: _run(file) for file in files}
    first, run = next(iter(runs.items()))
    by_shard: dict[int, Path] = {}
    for file, other in runs.items():
        for what, name in _SAME.items():
            if getattr(other, name) != getattr(run, name):
                raise UsageError(f"{first} and {file} are of different runs: other {what}", remedy=_REMEDY)
        if other.shard in by_shard:
            twice = f"{by_shard[other.shard]} and {file}"
            raise UsageError(f"shard {other.shard} of {run.shards} is there twice: {twice}", remedy=_REMEDY)
        by_shard[other.shard] = file
    missing = [str(shard) for shard in range(run.shards) if shard not in by_shard]
    if missing:
        few = ", ".join(missing[:10]) + (f" and {len(missing) - 10} more" if len(missing) > 10 else "")
        raise UsageError(f"missing shards of {run.shards}: {few}", remedy=_REMEDY)
    return Merged(run, tuple(by_shard[shard] for shard in sorted(by_shard)))


_SAME = {
    "number of shards": "shards",
    "version of cks-trainer": "program",
    "cards": "cards",
    "options": "options",
    "learners": "learners",
    "number of rows": "rows",
    "formats": "formats",
}


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_dir():
            yield from sorted(one for one in place.iterdir() if one.name.endswith(SUFFIX))
        else:
            yield place


def _run(file: Path) -> Run:
    with open_file(file) as stream:
        for _, _, frame in frames(stream):
            try:
                word, run = frame
                if word == "run":
                    return msgspec.convert(run, Run)
            except (msgspec.ValidationError, TypeError, ValueError):
                break
            break
    raise _broken(file, "it isn't the shard of a batch")


def _rows(file: Path) -> Iterator[tuple[int, Path, Row]]:
    """The rows of a shard with their positions."""
    found = _frames(file)
    next(found, None)
    for frame in found:
        try:
            position, row = frame
            yield int(position), file, msgspec.msgpack.decode(row, type=Row)
        except (msgspec.MsgspecError, TypeError, ValueError):
            raise _broken(file, "it has something else than rows") from None


def _frames(file: Path) -> Iterator[Any]:
    """The frames of a file, some at a time: more files can be merged than may be open at once."""
    end, more = 0, True
    while more:
        begin, some = end, []
        with open_file(file) as stream:
            for _, end, frame in frames(stream, begin):
                some.append(frame)
                if end - begin >= _AT_ONCE:
                    break
        more = bool(some)
        yield from some


def _broken(file: Path, what: str) -> AnswerUnreadable:
    return AnswerUnreadable(f"{file}: {what}", file=str(file), remedy="grade this shard again")
