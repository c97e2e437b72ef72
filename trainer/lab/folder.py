"""The folder of a lab: what is where in it, and `lab.json`, which says which cards and learners it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from trainer.content.load import is_card_id
from trainer.content.locate import Pack, pack_at
from trainer.content.vary import seed_of_learner
from trainer.errors import UsageError
from trainer.files import MIB, FileFault, read_file, replace_file
from trainer.report.names import FileNames

FILE = "lab.json"
ROSTER = "roster.csv"
README = "README.md"
HANDOUT = "handout"
"""The handout of the class, without its ending."""
PACK, ANSWERS, SETTINGS, HANDOUTS, RESULTS = "pack", "answers", "settings", "handouts", "results"
"""Folders: the cards for learners, a folder of answers and a database for each learner, settings and
handouts of each, and the results of grading."""
CLASS = "class/results.db"
"""What all learners can add to."""
_LARGEST = 16 * MIB


class Member(msgspec.Struct, frozen=True):
    """A learner: the name in the roster, and the folder, which is also the learner's name in this lab."""

    name: str
    folder: str
    starters: dict[str, str] = {}
    """By the ID of a card: the mark of the answer's files as they were delivered (`lab.answers.mark_of`)."""


class Lab(msgspec.Struct, frozen=True):
    """The content of `lab.json`."""

    cards: tuple[str, ...]
    """IDs, in the order of the handout."""
    learners: tuple[Member, ...]
    title: str = "Lab"
    seed: int | None = None
    """The seed of the variants that all have; None: every learner has a seed for each card."""
    schema: Literal["cks-trainer.lab/1"] = "cks-trainer.lab/1"

    def seed_for(self, learner: str, card: str) -> int:
        """The seed of a card for a learner, as `batch` derives it."""
        return seed_of_learner(learner, card) if self.seed is None else self.seed


def members(names: Iterable[str]) -> Iterator[Member]:
    """The learners of a roster, each with a folder that every system accepts, and no other has."""
    folders = FileNames()
    for name in names:
        # a learner's database is beside the folders: <folder>.db
        yield Member(name, folders.of(f"{name[:-3]}-db" if name.casefold().endswith(".db") else name))


def read_lab(folder: Path) -> Lab:
    """The lab in a folder. Raises `UsageError` if it isn't one."""
    try:
        lab = msgspec.json.decode(read_file(folder / FILE, limit=_LARGEST), type=Lab)
    except FileFault as fault:
        raise UsageError(
            f"{folder} isn't a lab: {fault.message}", remedy="make one: cks-trainer lab new DIR"
        ) from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            f"{folder / FILE}: {error}", remedy="make the lab again: cks-trainer lab new"
        ) from None
    odd = [one.folder for one in lab.learners if not one.folder.strip(".") or set("/\0") & set(one.folder)]
    odd += [card for card in lab.cards if not is_card_id(card)]
    if odd:
        raise UsageError(
            f"{folder / FILE}: {odd[0]!r} isn't a name that `lab new` gives", remedy="restore it"
        )
    return lab


def write_lab(folder: Path, lab: Lab) -> None:
    """Write `lab.json`. Raises `FileFault`."""
    data = msgspec.json.format(msgspec.json.encode(lab), indent=1)
    replace_file(folder / FILE, data + b"\n", inside=folder)


def pack_of(folder: Path) -> Pack:
    """The cards of the lab in a folder. Raises `UsageError` if they are gone."""
    return pack_at(folder / PACK)
