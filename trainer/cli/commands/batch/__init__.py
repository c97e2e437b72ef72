"""`cks-trainer batch`: grade a folder of answers of many learners."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.cli.batches import finish, formats_of, more_formats, names_of, write_rows, writing_to
from trainer.cli.options import seed_option
from trainer.errors import UsageError

if TYPE_CHECKING:
    from trainer.cli.batches import Written
    from trainer.cli.handed_in import HandedIn
    from trainer.content.card import Card
    from trainer.content.locate import Pack

_ANY = 1
"""A seed: the files and points of a card are the same for all."""


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
    shell_complete=lambda _, __, word: more_formats(word),
)
@click.option(
    "--seed-by-learner",
    is_flag=True,
    help="Every learner has variants of their own: those of `show CARD --learner NAME`.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 256), help="Number of worker processes; by default, one per processor."
)
@click.option("--resume", is_flag=True, help="Go on with a batch that was interrupted; keep its rows in DIR.")
@click.option(
    "--shard",
    metavar="I/N",
    help="Grade one of N parts of the learners, I from 0; see `batch merge`.",
)
@click.option("--due", metavar="TIME", help="When answers are due, as in 2026-12-01T18:00Z.")
@click.option(
    "--late-policy",
    metavar="POLICY",
    help="What late answers lose: mark (nothing), reject (all), 10%/day or 2/day. By default mark.",
)
@click.option(
    "--submitted",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV file with learner, card (optional) and time of submission; else files tell it.",
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
    resume: bool,
    shard: str | None,
    due: str | None,
    late_policy: str | None,
    submitted: Path | None,
) -> int:
    """Grade SUBMISSIONS/<learner>/<card>/ or SUBMISSIONS/<learner>/<card>.yaml.

    SUBMISSIONS is a folder, a .zip or .tar archive, or - for a list on standard input, with lines
    learner<TAB>card<TAB>path. Other layouts are found, too: <card>/<learner>, <learner>_<card>.yaml,
    files with the card's own names, exports of Moodle and Canvas, archives of learners. With --card,
    all files of a learner are the answer. docs/batch.md describes layouts, archives and late answers.

    Writes a row for every learner and card to DIR/results.jsonl and DIR/results.csv, also for
    missing and unreadable answers. Other formats: checks (a CSV row for each check), junit, sarif,
    markdown (a page per learner), html (a page about the class). Learners come from the roster, or
    else from the folders. Exits 0 when the batch is done, or 5 if a row isn't fully judged (error).

    If a batch is interrupted, its rows remain in DIR/results.partial, and --resume goes on with them.
    With --shard, DIR gets a file for `cks-trainer batch merge` instead of the results; exits 0 then.
    """
    from trainer.batch.find import wanted as wanted_of
    from trainer.batch.shards import read_shard
    from trainer.cli.ending import tidied_on_signals
    from trainer.cli.handed_in import deadline, handed_in

    seeds = _seeds(run, seed, seed_by_learner)
    wanted = [run.session.card(name, _ANY if seeds is None else seeds) for name in _cards(cards, card)]
    chosen = formats_of(formats)
    part = read_shard(shard) if shard else (0, 1)
    when = deadline(due, late_policy, submitted)
    sought = wanted_of({one.id: one.files for one in wanted}, whole=card is not None)
    with tidied_on_signals(), handed_in(submissions, sought, roster, when) as handed, writing_to(out):
        job = _Job(run.session.pack, handed, wanted, card is not None, seeds, part)
        written = _grade(job, out, chosen, workers=jobs or _processors(), resume=resume)
    found = handed.found
    rows = sum(written.counts[status] for status in ("graded", "missing", "unreadable", "error"))
    return finish(
        run,
        written,
        {"learners": rows // len(wanted), "cards": [one.id for one in wanted], "rows": rows},
        {
            "not_read": list(found.not_read),
            "not_in_roster": list(found.strays),
            "listed_twice": list(found.doubles),
            "layouts": dict(found.layouts),
        },
    )


command.params.append(seed_option("Seed of the variants that all learners have; 0 by default."))


class _Job(NamedTuple):
    """Who is graded, and by what."""

    pack: Pack
    handed: HandedIn
    cards: list[Card]
    whole: bool
    seeds: int | None
    part: tuple[int, int]


def _grade(job: _Job, out: Path, formats: list[str], *, workers: int, resume: bool) -> Written:
    """Grade the learners, or those of a shard, and write the results."""
    from trainer.batch import grade_some
    from trainer.batch.journal import journal, run_of
    from trainer.batch.shards import shard_of
    from trainer.cli.ending import Ended
    from trainer.cli.handed_in import Noticed

    learners, cards, when = job.handed.found.learners, job.cards, job.handed.deadline
    shard, shards = job.part
    mine = [(place, one) for place, one in enumerate(learners) if shard_of(one.name, shards) == shard]
    noticed = Noticed()
    effects = "html" in formats
    options = [job.seeds, job.whole, effects, *when.options()]
    this = run_of(cards, [one.name for one in learners], options, job.part, formats)
    with journal(out, this, again=resume) as before:
        if resume:
            streams.say(_kept(before.kept))
        rows = grade_some(
            mine,
            cards,
            job.pack,
            submissions=job.handed.folder,
            workers=workers,
            whole=job.whole,
            seed=job.seeds,
            effects=effects,
            journal=before,
            scratch=job.handed.scratch,
            timed=when.timed,
            zone=when.zone,
        )
        rows = noticed.watch(when.judge(rows))
        try:
            written = write_rows(rows, out, this, formats, len(mine) * len(cards))
        except (KeyboardInterrupt, Ended):
            streams.say(f"the rows so far remain in {out}: pass --resume to go on with them")
            raise
    noticed.tell()
    return written


def _kept(rows: int) -> str:
    if rows:
        return f"{rows} rows of the interrupted run are kept unless their answers have changed"
    return "no row is kept: no run with these cards, options and this version of cks-trainer was interrupted"


def _cards(cards: str | None, card: str | None) -> list[str]:
    """The IDs of --cards or --card. Raises `UsageError` unless exactly one of the two is passed."""
    if (cards is None) == (card is None):
        raise UsageError("pass either --cards or --card", remedy="--cards a,b,c, or --card a")
    return names_of(cards, "--cards") if cards is not None else [str(card)]


def _seeds(run: Run, seed: int | None, by_learner: bool) -> int | None:
    """The seed of all answers, or None if every learner has their own. Raises `UsageError` for both."""
    if by_learner and seed is not None:
        raise UsageError(
            "pass either --seed or --seed-by-learner", remedy="--seed-by-learner makes the seeds"
        )
    if by_learner:
        return None
    return (run.seed or 0) if seed is None else seed


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
