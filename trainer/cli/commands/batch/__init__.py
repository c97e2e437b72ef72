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
    from collections.abc import Sequence

    from trainer.batch.learners import Submissions
    from trainer.cli.batches import Written
    from trainer.content.card import Card
    from trainer.content.locate import Pack

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
) -> int:
    """Grade SUBMISSIONS/<learner>/<card>/ or SUBMISSIONS/<learner>/<card>.yaml.

    Also accepts <card>/<learner>/, <card>/<learner>.yaml, and files with the card's own names in
    <learner>/, if no other card of --cards has such files. With --card, SUBMISSIONS may be the
    folder of that card: <learner>/ or <learner>.yaml.

    Writes a row for every learner and card to DIR/results.jsonl and DIR/results.csv, also for
    missing and unreadable answers. Other formats: checks (a CSV row for each check), junit, sarif,
    markdown (a page per learner), html (a page about the class). Learners come from the roster, or
    else from the folders. Exits 0 when the batch is done, or 5 if a row isn't fully judged (error).

    If a batch is interrupted, its rows remain in DIR/results.partial, and --resume goes on with them.
    With --shard, DIR gets a file for `cks-trainer batch merge` instead of the results; exits 0 then.
    """
    from trainer.batch.shards import read_shard

    seeds = _seeds(run, seed, seed_by_learner)
    wanted = [run.session.card(name, _ANY if seeds is None else seeds) for name in _cards(cards, card)]
    chosen = formats_of(formats)
    part = read_shard(shard) if shard else (0, 1)
    found = _learners(submissions, roster, wanted, whole=card is not None)
    job = _Job(run.session.pack, submissions, wanted, found, card is not None, seeds, part)
    with writing_to(out):
        written = _grade(job, out, chosen, workers=jobs or _processors(), resume=resume)
    rows = sum(written.counts[status] for status in ("graded", "missing", "unreadable", "error"))
    return finish(
        run,
        written,
        {"learners": rows // len(wanted), "cards": [one.id for one in wanted], "rows": rows},
        {
            "not_read": list(found.not_read),
            "not_in_roster": list(found.strays),
            "listed_twice": list(found.doubles),
        },
    )


command.params.append(seed_option("Seed of the variants that all learners have; 0 by default."))


class _Job(NamedTuple):
    """Who is graded, and by what."""

    pack: Pack
    submissions: Path
    cards: list[Card]
    found: Submissions
    whole: bool
    seeds: int | None
    part: tuple[int, int]


def _grade(job: _Job, out: Path, formats: list[str], *, workers: int, resume: bool) -> Written:
    """Grade the learners, or those of a shard, and write the results."""
    from trainer.batch import grade_some
    from trainer.batch.journal import journal, run_of
    from trainer.batch.shards import shard_of
    from trainer.cli.ending import tidied_on_signals

    learners, cards = job.found.learners, job.cards
    shard, shards = job.part
    mine = [(place, one) for place, one in enumerate(learners) if shard_of(one.name, shards) == shard]
    effects = "html" in formats
    options = [job.seeds, job.whole, effects]
    this = run_of(cards, [one.name for one in learners], options, job.part, formats)
    with tidied_on_signals(), journal(out, this, again=resume) as before:
        if resume:
            streams.say(f"{before.kept} rows are there from a run that was interrupted")
        rows = grade_some(
            mine,
            cards,
            job.pack,
            submissions=job.submissions,
            workers=workers,
            whole=job.whole,
            seed=job.seeds,
            effects=effects,
            journal=before,
        )
        return write_rows(rows, out, this, formats, len(mine) * len(cards))


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
