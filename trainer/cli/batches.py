"""What the commands of a batch share: result files, progress, and what is said at the end."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.cli import streams
from trainer.cli.exit_codes import ExitCode
from trainer.errors import AnswerUnreadable, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from trainer.batch import Graded
    from trainer.batch.journal import Run as BatchRun
    from trainer.cli.base import Run

SCHEMA = "cks-trainer.batch/1"


class Written(msgspec.Struct, frozen=True):
    """What was written: how many rows of each status (and `passed`), and the files."""

    counts: Mapping[str, int]
    files: tuple[str, ...]
    is_part: bool = False
    """Whether it's a shard: its rows are looked at when all are merged."""


@contextmanager
def writing_to(out: Path) -> Iterator[None]:
    """In the block, an `OSError` is about a file of results: it becomes `AnswerUnreadable`."""
    try:
        yield
    except OSError as error:
        raise AnswerUnreadable(
            f"{error.filename or out}: {error.strerror}",
            file=str(out),
            remedy="check permissions and free space",
        ) from None


def write_rows(rows: Iterable[Graded], out: Path, run: BatchRun, formats: list[str], total: int) -> Written:
    """Write the rows to files of these formats, or, if they are a shard, to its file alone."""
    from trainer.batch.shards import shard_file, shard_place
    from trainer.files import remove_remains
    from trainer.report.rows import FORMATS, result_files

    places = {name: out / FORMATS[name] for name in formats}
    place = shard_place(out, run)
    for target in (place,) if run.shards > 1 else places.values():
        remove_remains(target)
    counts: Counter[str] = Counter()
    talk = Progress(total)

    def count(one: Graded) -> None:
        counts[one.row.status] += 1
        counts["passed"] += one.row.passed
        talk.step()

    if run.shards > 1:
        with shard_file(out, run) as add:
            for one in rows:
                add(one)
                count(one)
        return Written(counts, (str(place),), is_part=True)
    with result_files(out, formats) as write:
        for one in rows:
            write(one.row)
            count(one)
    return Written(counts, tuple(map(str, places.values())))


def finish(
    run: Run, written: Written, before: dict[str, Any], after: dict[str, Any], *, schema: str = SCHEMA
) -> int:
    """Say what was written; the exit code. `before` and `after` are further fields of the JSON."""
    counts = written.counts
    if run.json:
        numbers = {name: counts[name] for name in ("graded", "missing", "unreadable", "error", "passed")}
        streams.out_json({"schema": schema, **before, **numbers, "files": list(written.files), **after})
    else:
        streams.say(
            f"{counts['graded']} graded ({counts['passed']} passed), {counts['missing']} missing,"
            f" {counts['unreadable']} unreadable"
            + (f", {counts['error']} not fully judged (status error)" if counts["error"] else "")
        )
        for file in written.files:
            streams.out(file)
    return int(ExitCode.INTERNAL if counts["error"] and not written.is_part else ExitCode.PASSED)


def names_of(text: str, option: str) -> list[str]:
    """The names in the value of an option: "a,b". Raises `UsageError` without any."""
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise UsageError(f"{option} is empty", remedy=f"pass {option} a,b,c")
    return names


def formats_of(text: str) -> list[str]:
    """The formats of `--format`. Raises `UsageError` for one that doesn't exist."""
    from trainer.cli.base import unknown
    from trainer.report.rows import FORMATS

    names = names_of(text, "--format")
    for name in names:
        if name not in FORMATS:
            unknown(f"unknown format {name!r}", name, list(FORMATS))
    return names


def more_formats(word: str) -> list[str]:
    """The list of formats that is begun, with each one that it doesn't have yet."""
    from trainer.report.rows import FORMATS

    done, comma, _ = word.rpartition(",")
    return [done + comma + name for name in FORMATS if name not in done.split(",")]


class Progress:
    """Reports the progress of a batch: once a second, in place at a terminal, else every tenth."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self._said = time.monotonic()
        self._tenth = 0
        self._in_place = streams.interactive()

    def step(self) -> None:
        """One more row is done."""
        self.done += 1
        if self._in_place:
            if time.monotonic() - self._said >= 0.2 or self.done == self.total:
                self._said = time.monotonic()
                streams.say_in_place(f"{self.done} of {self.total}", last=self.done == self.total)
        elif self.done * 10 // self.total > self._tenth:
            self._tenth = self.done * 10 // self.total
            streams.say(f"{self.done} of {self.total}")
