"""Which card an answer is for if `--card` is omitted, and whether the answer is in the workspace."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.errors import AnswerUnreadable, UsageError

if TYPE_CHECKING:
    from trainer.cli.base import Run
    from trainer.content.card import Card

_REMEDY = "pass --card ID; `cks-trainer list` shows the IDs"


def absolute(path: str) -> Path:
    """An absolute path without `.` and `..`, links not followed: the names that the learner sees."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps `..`, resolve follows links


def in_workspace(paths: Sequence[str], workspace: Path) -> bool:
    """Whether all of these files are inside the workspace; stdin never is."""
    home = absolute(str(workspace))
    return bool(paths) and all(path != "-" and home in absolute(path).parents for path in paths)


def card_for(
    run: Run, paths: Sequence[str], named: str | None, seed: int | None = None, learner: str | None = None
) -> Card:
    """The named card, or the one that the answer's path names, in the wording of the answer's task.

    That is the wording of a seed or of a learner, if one is passed. Otherwise it is the one with which the
    folder of the answer was started: the card's folder in the workspace, if the answer is there or no path is
    passed. Raises `UsageError` if no card or several cards are named, or if an answer in the workspace is to
    another wording; `AnswerUnreadable` if the file doesn't exist.
    """
    _refuse_running_exam(run, [path for path in paths if path != "-"])
    name = named or _card_of(run, paths)
    wanted = run.seed_for(name, seed, learner)
    inside = not paths or in_workspace(paths, run.settings.workspace)
    if wanted is None and not inside:
        wanted = _seed_beside(paths)
    card = run.card(name, wanted)
    if inside:
        run.session.require_seed(card)
    return card


def _refuse_running_exam(run: Run, paths: Sequence[str]) -> None:
    """Raise `UsageError` for answers of an exam that runs: they are graded at its end."""
    home = absolute(str(run.settings.workspace))
    inside = [path for path in map(absolute, paths) if home in path.parents]
    if not any(path.relative_to(home).parts[0].startswith("exam-") for path in inside):
        return
    from trainer.progress.exams import Exams

    exam = Exams(run.session.store).running()
    if exam is not None and any(Path(exam.folder) in (path, *path.parents) for path in inside):
        raise UsageError(
            f"exam {exam.number} is running, and nothing is graded before its end",
            remedy="end it: cks-trainer exam finish",
        )


def _seed_beside(paths: Sequence[str]) -> int:
    """The seed that is stored in the folder of an answer outside of the workspace; 0 without one."""
    from trainer.session.workspace import seed_in

    folders = {place if place.is_dir() else place.parent for place in map(absolute, paths) if place.exists()}
    return max(map(seed_in, folders), default=0)


def _card_of(run: Run, paths: Sequence[str]) -> str:
    """The ID of the card that the answer's path names.

    Inside the workspace that is the folder right below it. Elsewhere it is a folder's own name; for
    a file its stem (`pod-ro.yaml`) or the name of its folder.
    """
    if not paths:
        raise UsageError(
            "nothing to grade: name a file or pass --card ID", remedy="`cks-trainer list` shows the card IDs"
        )
    if "-" in paths:
        raise UsageError("cannot tell the card of an answer from stdin", remedy=_REMEDY)
    from trainer.content.files import card_files, card_id_of

    known = {card_id_of(name) for name in card_files(run.session.pack.tasks)}
    found = {
        name for path in paths for name in _names(absolute(path), run.settings.workspace) if name in known
    }
    if len(found) > 1:
        raise UsageError(f"the file names match several cards: {', '.join(sorted(found))}", remedy=_REMEDY)
    if found:
        return found.pop()
    for path in paths:
        if not os.path.lexists(path):
            raise AnswerUnreadable(f"{path}: no such file or folder", file=path, remedy="check the name")
    tried = sorted({name for path in paths for name in _names(absolute(path), run.settings.workspace)})
    raise UsageError(
        f"no card has the ID {' or '.join(map(repr, tried))}", remedy=_near(tried, sorted(known))
    )


def _names(path: Path, workspace: Path) -> list[str]:
    home = absolute(str(workspace))
    if home in path.parents:
        return [path.relative_to(home).parts[0]]
    if path.is_dir():
        return [path.name]
    return [path.stem, path.parent.name]


def _near(tried: list[str], known: list[str]) -> str:
    import difflib

    near = sorted(
        {card for name in tried for card in difflib.get_close_matches(name, known, n=1, cutoff=0.7)}
    )
    return f"did you mean --card {' or '.join(near)}?" if near else _REMEDY
