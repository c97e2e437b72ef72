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
from trainer.cli.exit_codes import ExitCode
from trainer.cli.options import seed_option
from trainer.errors import AnswerUnreadable, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.batch.learners import Submissions
    from trainer.content.card import Card

SCHEMA = "cks-trainer.batch/1"
_ANY = 1
"""A seed: the files and points of a card are the same for all."""
MOST_NAMED = 10
"""How many files or folders that were not read are named at the terminal."""


@make_command(name="batch", package=__name__)
@click.argument("submissions", type=click.Path(path_type=Path), metavar="SUBMISSIONS")
@click.option("--cards", metavar="ID,...", help="The cards to grade.")
@click.option("--card", metavar="ID", help="The one card to grade, if SUBMISSIONS is its folder.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results."
)
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV file with the learners in its first column.",
)
@click.option(
    "--format",
    "formats",
    default="jsonl,csv",
    show_default=True,
    help="Result files to write.",
    shell_complete=lambda _, __, word: _more_formats(word),
)
@click.option(
    "--seed-by-learner",
    is_flag=True,
    help="Every learner has variants of their own: those of `show CARD --learner NAME`.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 256), help="Number of worker processes; by default, one per processor."
)
def command(
    run: Run,
    *,
    submissions: Path,
    cards: str | None,
    card: str | None,
    out: Path,
    roster: Path | None,
    formats: str,
    seed: int | None,
    seed_by_learner: bool,
    jobs: int | None,
) -> int:
    """Grade SUBMISSIONS/<learner>/<card>/ or SUBMISSIONS/<learner>/<card>.yaml.

    Also accepts <card>/<learner>/, <card>/<learner>.yaml, and files with the card's own names in
    <learner>/, if no other card of --cards has such files. With --card, SUBMISSIONS may be the
    folder of that card: <learner>/ or <learner>.yaml.

    Writes a row for every learner and card to DIR/results.jsonl and DIR/results.csv, also for
    missing and unreadable answers. Other formats: checks (a CSV row for each check), junit, sarif,
    markdown (a page per learner), html (a page about the class). Learners come from the roster, or
    else from the folders. Exits 0 when the batch is done, or 5 if a row isn't fully judged (error).
    """
    from trainer.batch import grade_all
    from trainer.cli.ending import tidied_on_signals
    from trainer.report.rows import FORMATS, result_files

    seeds = _seeds(run, seed, seed_by_learner)
    wanted = [run.session.card(name, _ANY if seeds is None else seeds) for name in _cards(cards, card)]
    chosen = _formats(formats)
    found = _learners(submissions, roster, wanted, whole=card is not None)
    learners = found.learners
    counts: Counter[str] = Counter()
    talk = _Progress(len(learners) * len(wanted))
    try:
        with tidied_on_signals(), result_files(out, chosen) as write:
            for row in grade_all(
                learners,
                wanted,
                run.session.pack,
                submissions=submissions,
                workers=jobs or _processors(),
                whole=card is not None,
                seed=seeds,
                effects="html" in chosen,
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
    files = [str(out / FORMATS[name]) for name in chosen]
    _finish(run, found, wanted, counts, files)
    return int(ExitCode.INTERNAL if counts["error"] else ExitCode.PASSED)


command.params.append(seed_option("Seed of the variants that all learners have; 0 by default."))


def _finish(run: Run, found: Submissions, cards: list[Card], counts: Counter[str], files: list[str]) -> None:
    if run.json:
        streams.out_json(
            {
                "schema": SCHEMA,
                "learners": len(found.learners),
                "cards": [card.id for card in cards],
                "rows": len(found.learners) * len(cards),
                **{name: counts[name] for name in ("graded", "missing", "unreadable", "error", "passed")},
                "files": files,
                "not_read": list(found.not_read),
                "not_in_roster": list(found.strays),
                "listed_twice": list(found.doubles),
            }
        )
        return
    streams.say(
        f"{counts['graded']} graded ({counts['passed']} passed), {counts['missing']} missing,"
        f" {counts['unreadable']} unreadable"
        + (f", {counts['error']} not fully judged (status error)" if counts["error"] else "")
    )
    for file in files:
        streams.out(file)


def _names(text: str, option: str) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise UsageError(f"{option} is empty", remedy=f"pass {option} a,b,c")
    return names


def _more_formats(word: str) -> list[str]:
    """The list of formats that is begun, with each one that it doesn't have yet."""
    from trainer.report.rows import FORMATS

    done, comma, _ = word.rpartition(",")
    return [done + comma + name for name in FORMATS if name not in done.split(",")]


def _formats(text: str) -> list[str]:
    from trainer.cli.base import unknown
    from trainer.report.rows import FORMATS

    names = _names(text, "--format")
    for name in names:
        if name not in FORMATS:
            unknown(f"unknown format {name!r}", name, list(FORMATS))
    return names


def _cards(cards: str | None, card: str | None) -> list[str]:
    """The IDs of --cards or --card. Raises `UsageError` unless exactly one of the two is passed."""
    if (cards is None) == (card is None):
        raise UsageError("pass either --cards or --card", remedy="--cards a,b,c, or --card a")
    return _names(cards, "--cards") if cards is not None else [str(card)]


def _seeds(run: Run, seed: int | None, by_learner: bool) -> int | None:
    """The seed of all answers, or None if every learner has their own. Raises `UsageError` for both."""
    if by_learner and seed is not None:
        raise UsageError(
            "pass either --seed or --seed-by-learner", remedy="--seed-by-learner makes the seeds"
        )
    if by_learner:
        return None
    return (run.seed or 0) if seed is None else seed


def _learners(submissions: Path, roster: Path | None, cards: list[Card], *, whole: bool) -> Submissions:
    """The learners, and what is nobody's answer, which is told. Raises `UsageError` without a learner."""
    from trainer.batch.find import wanted
    from trainer.batch.learners import find_learners
    from trainer.cli.roster import read_roster

    sought = wanted({card.id: card.files for card in cards}, whole=whole)
    names, doubles = read_roster(roster) if roster is not None else (None, [])
    found = find_learners(submissions, names, sought, doubles)
    for name in found.doubles:
        streams.say(f"listed twice in the roster, graded once: {name}")
    _say_some("not read", found.not_read)
    _say_some("not in the roster, skipped", found.strays)
    if not found.learners:
        raise UsageError(
            f"{submissions} contains no learner's folder", remedy="expected: <learner>/<card>.yaml"
        )
    return found


def _say_some(what: str, names: Sequence[str]) -> None:
    if names:
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        streams.say(f"{what}: {', '.join(names[:MOST_NAMED])}{more}")


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
                streams.say_in_place(f"{self.done} of {self.total}", last=self.done == self.total)
        elif self.done * 10 // self.total > self._tenth:
            self._tenth = self.done * 10 // self.total
            streams.say(f"{self.done} of {self.total}")
