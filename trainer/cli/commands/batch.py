"""`cks-trainer batch`: grade a folder of answers of many learners."""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.errors import AnswerUnreadable, UsageError

if TYPE_CHECKING:
    from trainer.batch import Learner
    from trainer.content.card import Card

SCHEMA = "cks-trainer.batch/1"


@make_command(name="batch")
@click.argument("submissions", type=click.Path(path_type=Path), metavar="SUBMISSIONS")
@click.option("--cards", required=True, metavar="ID,...", help="The cards to grade.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results."
)
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV file with the learners in its first column.",
)
@click.option("--format", "formats", default="jsonl,csv", show_default=True, help="Result files to write.")
@click.option(
    "--jobs", type=click.IntRange(1, 256), help="Number of worker processes; by default, one per processor."
)
def command(
    run: Run,
    *,
    submissions: Path,
    cards: str,
    out: Path,
    roster: Path | None,
    formats: str,
    jobs: int | None,
) -> int:
    """Grade SUBMISSIONS/<learner>/<card>/ or SUBMISSIONS/<learner>/<card>.yaml.

    Writes a row for every learner and card to DIR/results.jsonl and DIR/results.csv, also for
    missing and unreadable answers. Learners come from the roster, or else from the folders. Exits
    0 when the batch is done.
    """
    from trainer.batch import grade_all
    from trainer.report.rows import result_files

    wanted = [run.card(name) for name in _names(cards, "--cards")]
    chosen = _formats(formats)
    learners = _learners(submissions, roster)
    counts: Counter[str] = Counter()
    talk = _Progress(len(learners) * len(wanted))
    try:
        with result_files(out, chosen) as write:
            for row in grade_all(
                learners, wanted, run.session.pack, submissions=submissions, workers=jobs or _processors()
            ):
                write(row)
                counts[row.status] += 1
                counts["passed"] += row.passed
                talk.step()
    except OSError as error:
        raise AnswerUnreadable(
            f"{error.filename or out}: {error.strerror}",
            file=str(out),
            remedy="check permissions and free space",
        ) from None
    files = [str(out / f"results.{name}") for name in chosen]
    _finish(run, learners, wanted, counts, files)
    return 0


def _finish(
    run: Run, learners: list[Learner], cards: list[Card], counts: Counter[str], files: list[str]
) -> None:
    from trainer.safe_text import clean

    if run.json:
        streams.out_json(
            {
                "schema": SCHEMA,
                "learners": len(learners),
                "cards": [card.id for card in cards],
                "rows": len(learners) * len(cards),
                **{name: counts[name] for name in ("graded", "missing", "unreadable", "passed")},
                "files": files,
            }
        )
        return
    streams.say(
        f"{counts['graded']} graded ({counts['passed']} passed), {counts['missing']} missing,"
        f" {counts['unreadable']} unreadable"
    )
    for file in files:
        streams.out(clean(file))


def _names(text: str, option: str) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise UsageError(f"{option} is empty", remedy=f"pass {option} a,b,c")
    return names


def _formats(text: str) -> list[str]:
    from trainer.cli.base import unknown
    from trainer.report.rows import FORMATS

    names = _names(text, "--format")
    for name in names:
        if name not in FORMATS:
            unknown(f"unknown format {name!r}", name, list(FORMATS))
    return names


def _learners(submissions: Path, roster: Path | None) -> list[Learner]:
    from trainer.batch import find_learners
    from trainer.cli.roster import read_roster
    from trainer.safe_text import one_line

    if roster is None:
        learners = find_learners(submissions)
        if not learners:
            raise UsageError(
                f"{submissions} contains no learner's folder", remedy="expected: <learner>/<card>.yaml"
            )
        return learners
    names, doubles = read_roster(roster)
    learners = find_learners(submissions, names)
    listed = {learner.folder for learner in learners}
    strays = [learner.name for learner in find_learners(submissions) if learner.folder not in listed]
    for name in doubles:
        streams.say(f"listed twice in the roster, graded once: {one_line(name)}")
    if strays:
        names_of_strays = ", ".join(one_line(name) for name in strays[:10])
        more = f" and {len(strays) - 10} more" if len(strays) > 10 else ""
        streams.say(f"not in the roster, skipped: {names_of_strays}{more}")
    return learners


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Progress:
    """Reports the progress of a batch: once a second, in place at a terminal, else every tenth."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self._said = time.monotonic()
        self._tenth = 0
        self._in_place = streams.interactive()

    def step(self) -> None:
        self.done += 1
        if self._in_place:
            if time.monotonic() - self._said >= 0.2 or self.done == self.total:
                self._said = time.monotonic()
                streams.say(f"\r{self.done} of {self.total}", end="\n" if self.done == self.total else "")
        elif self.done * 10 // self.total > self._tenth:
            self._tenth = self.done * 10 // self.total
            streams.say(f"{self.done} of {self.total}")
