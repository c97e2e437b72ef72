"""Several answers in one call: which files belong to which card, and the result of each."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.cli import streams
from trainer.cli.choosing import absolute, card_for
from trainer.cli.exit_codes import ExitCode, worst
from trainer.errors import TrainerError, UsageError

if TYPE_CHECKING:
    from trainer.batch import Row
    from trainer.cli.base import Run

FORMATS = ("junit", "sarif")
"""The formats that can have several answers."""


def grade_each(run: Run, paths: Sequence[str], places: dict[str, Any], *, record: bool) -> int:
    """Grade the answer that each file belongs to; returns the worst exit code.

    A file that belongs to no card is skipped, and a path that doesn't exist is an error. What is wrong with
    one answer changes no other. `places` are the files for other systems, by format. Raises `UsageError` for
    a format that can't have several answers.
    """
    from trainer.cli.saving import write_rows

    chosen = {name: Path(place) for name, place in places.items() if place is not None}
    if odd := sorted(set(chosen) - set(FORMATS)):
        raise UsageError(f"--{odd[0]} is about one answer", remedy="omit --each, or use --junit or --sarif")
    rows: list[Row] = []
    answers = _answers(run, paths)
    codes = [_grade(run, card, answer, rows, record=record) for card, answer in answers.items()]
    for path in paths:  # a file that a commit deletes belongs to its answer
        above = {absolute(path), *absolute(path).parents}
        if not os.path.lexists(path) and above.isdisjoint(answers.values()):
            streams.say(f"{path} does not exist")
            codes.append(ExitCode.UNREADABLE)
    if not codes:
        streams.say("no file belongs to a card")
    if chosen:
        write_rows(chosen, rows)
    return worst(codes)


def _answers(run: Run, paths: Sequence[str]) -> dict[str, Path]:
    """By the ID of a card: its answer, the nearest folder of that name, or the one file `<card>.yaml`."""
    from trainer.content.files import card_files, card_id_of

    known = {card_id_of(name) for name in card_files(run.session.pack.tasks)}
    found: dict[str, Path] = {}
    for name in paths:
        path = absolute(name)
        folder = next((one for one in (path, *path.parents) if one.name in known and one.is_dir()), None)
        place = folder or (path if path.stem in known else None)
        if place is None:
            continue
        card = place.name if folder else place.stem
        if found.setdefault(card, place) != place:
            raise UsageError(
                f"two answers to {card}: {found[card]} and {place}", remedy="name the files of one of them"
            )
    return found


def _grade(run: Run, card: str, answer: Path, rows: list[Row], *, record: bool) -> int:
    """Grade one answer and show it; what goes wrong is told, and has its exit code."""
    from trainer.batch import row_of
    from trainer.cli.saving import failed, from_here
    from trainer.cli.verdicts import show

    if not run.json:
        streams.out(f"--- {from_here(str(answer))}")
    try:
        graded = run.session.grade(card_for(run, [str(answer)], card), [answer], record=record)
    except TrainerError as error:
        rows.append(failed(error, card))
        return streams.report(error, json=run.json, lines=True)
    rows.append(row_of("", from_here(str(answer)), graded.verdict))
    return show(graded, json=run.json, lines=True)
