"""What `batch` is handed: a folder, an archive or a list, with the learners and the times."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trainer.cli import streams
from trainer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from trainer.batch import Graded
    from trainer.batch.find import Wanted
    from trainer.batch.late import Policy
    from trainer.batch.learners import Submissions

STDIN = "-"
MOST_NAMED = 10
"""How many files or folders that were not read are named at the terminal."""
_LONGEST = 64 << 20
"""Characters of a list."""


class Deadline(NamedTuple):
    """When answers were due and submitted, as the options say."""

    policy: Policy | None = None
    times: Mapping[tuple[str, str], datetime] = {}
    zone: int | None = None
    """Seconds east of UTC of times without a zone; None: as this machine."""

    @property
    def timed(self) -> bool:
        """Whether rows are to say when an answer was submitted."""
        return self.policy is not None or bool(self.times)

    def options(self) -> list[object]:
        """What changes rows, as plain values."""
        rule = self.policy
        said = [rule.due.isoformat(), rule.kind, rule.amount] if rule else []
        times = sorted((*key, at.isoformat()) for key, at in self.times.items())
        return [*said, self.zone, times] if self.timed else []

    def judge(self, rows: Iterable[Graded]) -> Iterator[Graded]:
        """The rows with the times of the manifest and what the policy says of them."""
        import msgspec

        from trainer.batch.late import judged, timed

        for one in rows:
            row = timed(one.row, self.times) if self.times else one.row
            yield msgspec.structs.replace(one, row=judged(row, self.policy) if self.policy else row)


class Noticed:
    """Counts what learners have submitted and no card requires, as rows go by."""

    def __init__(self) -> None:
        self._learner, self._names = "", set[str]()
        self.files = self.learners = 0

    def watch(self, rows: Iterable[Graded]) -> Iterator[Graded]:
        """The rows, which come learner by learner."""
        for one in rows:
            if one.row.learner != self._learner:
                self._learner, self._names = one.row.learner, set()
            fresh = set(one.row.not_read) - self._names
            self.learners += bool(fresh) and not self._names
            self.files += len(fresh)
            self._names |= fresh
            yield one

    def tell(self) -> None:
        """Say how many there are, if any."""
        if self.files:
            whose = "1 learner" if self.learners == 1 else f"{self.learners} learners"
            what = "file" if self.files == 1 else "files"
            streams.say(f"not read: {self.files} {what} of {whose} (not_read in results.jsonl)")


class HandedIn(NamedTuple):
    """The submissions, ready to be graded."""

    folder: Path
    found: Submissions
    scratch: Path
    deadline: Deadline


def deadline(due: str | None, policy: str | None, submitted: Path | None) -> Deadline:
    """The deadline of --due, --late-policy and --submitted. Raises `UsageError`."""
    from trainer.batch.late import policy as policy_of

    if policy is not None and due is None:
        raise UsageError("--late-policy needs --due", remedy="--due 2026-12-01T18:00Z")
    rule = policy_of(due, policy or "mark") if due is not None else None
    east = rule.due.utcoffset() if rule else None
    times: Mapping[tuple[str, str], datetime] = {}
    if submitted is not None:
        from trainer.batch.submitted import read_times

        times = read_times(submitted, rule.due.tzinfo if rule else None)
    return Deadline(rule, times, int(east.total_seconds()) if east is not None else None)


@contextmanager
def handed_in(
    submissions: Path, cards: Sequence[Wanted], roster: Path | None, when: Deadline
) -> Iterator[HandedIn]:
    """The submissions for the time of the block. What isn't anybody's answer is told.

    Raises `UsageError` without a learner, `AnswerUnreadable` for submissions that can't be read.
    """
    from trainer.batch.learners import find_learners
    from trainer.batch.opening import opened
    from trainer.cli.roster import read_roster

    names, doubles = read_roster(roster) if roster is not None else (None, [])
    if str(submissions) == STDIN:
        from trainer.batch.listed import read_list

        listed = read_list(_lines(), cards, names, doubles)
        when = when._replace(times={**listed.times, **when.times})
        with opened(Path.cwd(), cards) as here:
            _tell(listed.submissions)
            yield HandedIn(here.folder, listed.submissions, here.scratch, when)
        return
    with opened(submissions, cards, names or (), when.zone) as here:
        found = find_learners(here.folder, names, cards, doubles, here.refused)
        _tell(found)
        if not found.learners:
            raise UsageError(
                f"{submissions} contains no learner's folder", remedy="expected: <learner>/<card>.yaml"
            )
        yield HandedIn(here.folder, found, here.scratch, when)


def _lines() -> Iterator[str]:
    """Standard input, line by line; bytes that aren't UTF-8 stay what they are, as in names of files."""
    if sys.stdin is None:
        raise UsageError("standard input is closed", remedy="pass the list on it, or name a folder")
    read = 0
    for line in sys.stdin.buffer:
        read += len(line)
        if read > _LONGEST:
            raise UsageError("the list is too long", remedy="grade it in parts")
        yield line.decode("utf-8", "surrogateescape").removeprefix("\ufeff" if read == len(line) else "")


def _tell(found: Submissions) -> None:
    """Say which layouts were found, and what isn't read."""
    if found.layouts:
        counts = (f"{layout} ({count})" for layout, count in found.layouts.items())
        streams.say(f"layout: {', '.join(counts)}")
    for name in found.doubles:
        streams.say(f"listed twice in the roster, graded once: {name}")
    for name in found.not_read[:MOST_NAMED]:
        streams.say(f"not read: {name}")
    if len(found.not_read) > MOST_NAMED:
        streams.say(f"not read: {len(found.not_read) - MOST_NAMED} more (not_read of --json)")
    say_some("not in the roster, skipped", found.strays)


def say_some(what: str, names: Sequence[str]) -> None:
    """Say the first of the names, and how many more there are."""
    if names:
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        streams.say(f"{what}: {', '.join(names[:MOST_NAMED])}{more}")
