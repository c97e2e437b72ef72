"""The same answers as files, in the layouts in which classes submit them."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tools.classroom.roll import Submitted

Layout = Callable[[Sequence[Submitted], Path], Path]
"""Writes the answers below an empty folder -> the submissions as `batch` takes them."""


def learner_card(answers: Sequence[Submitted], folder: Path) -> Path:
    """`<learner>/<card>/<file>`."""
    for one in answers:
        _write(one, folder / one.learner / one.card)
    return folder


def card_learner(answers: Sequence[Submitted], folder: Path) -> Path:
    """`<card>/<learner>/<file>`."""
    for one in answers:
        _write(one, folder / one.card / one.learner)
    return folder


def learner_and_card(answers: Sequence[Submitted], folder: Path) -> Path:
    """`<learner>_<card>/<file>`."""
    for one in answers:
        _write(one, folder / f"{one.learner}_{one.card}")
    return folder


def moodle(answers: Sequence[Submitted], folder: Path) -> Path:
    """What Moodle downloads: `<learner>_<number>_assignsubmission_file_/<card>/<file>`, in an archive."""
    numbers = {
        learner: 4000 + place for place, learner in enumerate(sorted({one.learner for one in answers}))
    }
    members = [
        (f"{one.learner}_{numbers[one.learner]}_assignsubmission_file_/{name}", data)
        for one in answers
        for name, data in _members([one])
    ]
    (folder / "moodle.zip").write_bytes(_zip(members))
    return folder / "moodle.zip"


def zip_of_zips(answers: Sequence[Submitted], folder: Path) -> Path:
    """One archive with an archive of each learner: `<learner>.zip`, in it `<card>/<file>`."""
    by_learner: dict[str, list[Submitted]] = defaultdict(list)
    for one in answers:
        by_learner[one.learner].append(one)
    own = {f"{learner}.zip": _zip(_members(theirs)) for learner, theirs in sorted(by_learner.items())}
    (folder / "class.zip").write_bytes(_zip(own.items()))
    return folder / "class.zip"


LAYOUTS: dict[str, Layout] = {
    "learner/card": learner_card,
    "card/learner": card_learner,
    "learner_card": learner_and_card,
    "moodle": moodle,
    "zip of zips": zip_of_zips,
}


def _write(one: Submitted, folder: Path) -> None:
    for file in one.files:
        (folder / file.name).parent.mkdir(parents=True, exist_ok=True)
        (folder / file.name).write_bytes(file.data)


def _members(answers: Iterable[Submitted]) -> list[tuple[str, bytes]]:
    return [(f"{one.card}/{file.name}", file.data) for one in answers for file in one.files]


def _zip(members: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive. Its members are as old as the format allows: the same answers are the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()
