"""What the answers of an exam are when its time is up, where an editor may still change the files.

While the learner's own editor has the terminal, the app can't end the exam. The thread of the clock then
keeps the answers as they are at that moment, in a folder beside them. They are what is graded and shown from
then on; what an editor saves later stays in its file, and doesn't count. The copy is made whole or not at
all, so that it survives a kill.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.files import FileFault, keep_copy, move, new_folder, read_file, replace_file
from trainer.manifests.limits import MAX_BYTES
from trainer.session import workspace

if TYPE_CHECKING:
    from trainer.progress.exams import Exam

KEPT = ".at-end"
"""The folder, in the exam's folder, with the answers as they were when the time was up."""
LATE = "what was saved after the time was up doesn't count; it is still in your file"


def answers_of(exam: Exam) -> Path:
    """The folder of the answers that count."""
    home = Path(exam.folder)
    return home / KEPT if workspace.is_there(home / KEPT) else home


def keep(exam: Exam) -> None:
    """Keep the answers as they are now; nothing if that was done before. Raises `FileFault`."""
    home = Path(exam.folder)
    if workspace.is_there(home / KEPT):
        return
    unfinished = home / f"{KEPT}.{os.urandom(6).hex()}"
    new_folder(unfinished, inside=home.parent)
    for card in exam.cards:
        folder = home / card.card
        if workspace.is_there(folder):
            _keep_folder(folder, unfinished / card.card)
    move(unfinished, home / KEPT, inside=home.parent)


def is_late(exam: Exam, card: str) -> bool:
    """Whether a card's files differ from those that count."""
    home = Path(exam.folder)
    counts = answers_of(exam)
    return counts != home and _contents(home / card) != _contents(counts / card)


def _keep_folder(folder: Path, copy: Path) -> None:
    inside = folder.parent.parent
    new_folder(copy, inside=inside)
    files = workspace.answer_files(folder) if folder.is_dir() else []
    for file in [*files, folder / workspace.SEED]:
        name = file.relative_to(folder)
        try:
            data = read_file(file, limit=MAX_BYTES, inside=folder)
        except FileFault as fault:
            if fault.why != "missing":
                keep_copy(file, copy / name, inside=inside)  # a link or a pipe: it is told when it is graded
        else:
            replace_file(copy / name, data, inside=inside)


def _contents(folder: Path) -> dict[str, bytes | None]:
    """The bytes of each file by its name; None for what can't be read."""
    found: dict[str, bytes | None] = {}
    for file in workspace.answer_files(folder) if folder.is_dir() else []:
        name = file.relative_to(folder).as_posix()
        try:
            found[name] = read_file(file, limit=MAX_BYTES, inside=folder)
        except FileFault:
            found[name] = None
    return found
