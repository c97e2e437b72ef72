"""A learner's desk: a card's task as `start` leaves it, and answers submitted there as a learner
submits them.

An answer that passes when graded from the stored file may fail at the desk: the required file
isn't read, what the card gives is missing, or the folder of a batch is read differently.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import msgspec

from trainer.batch import row_for
from trainer.batch.pile import Learner
from trainer.config import Settings
from trainer.content.card import Card
from trainer.content.material import material
from trainer.grading.grade import grade
from trainer.manifests.answer import GIVEN, Answer, AnswerFile
from trainer.report.json import verdict_json
from trainer.session import Session
from trainer.session.workspace import answer_files
from trainer.verdict import Verdict

LEARNER = "learner"
"""The learner's folder in the submissions of a batch; it is the learner's workspace, too."""


class Handed(msgspec.Struct, frozen=True):
    """A submitted answer: its verdict in the session, and where the ways of grading differ."""

    verdict: Verdict
    differences: tuple[str, ...] = ()


class Desk:
    """One card, started in its own workspace. The caller closes it."""

    def __init__(self, card: Card, root: Path) -> None:
        """Start the card below the folder `root`. Raises what `Session.start` raises."""
        self.card = card
        self._root = root
        settings = Settings(root / LEARNER, root / "progress.db", root / "config.toml")
        self._session = Session.open(settings)
        self._session.start(card)
        self.folder = self._session.folder(card)
        self._started = {
            path.relative_to(self.folder).as_posix(): path.read_bytes() for path in answer_files(self.folder)
        }

    def undelivered(self) -> list[str]:
        """Files that the card gives or starts with, and that aren't in the learner's folder as written."""
        given = {f"{GIVEN}/{name}": text for name, text in material(self.card).items()}
        files = {**self.card.start, **given}
        return [name for name, text in files.items() if not _holds(self.folder / name, text)]

    def starter(self) -> Handed | None:
        """The files that `start` wrote, submitted unchanged; None if the card starts without files."""
        if not self._started:
            return None
        self._lay_out(self._started)
        files = tuple(AnswerFile(name, data) for name, data in sorted(self._started.items()))
        return self._graded(Answer(files), record=False)

    def hand_in(self, answer: Answer, *, record: bool = False) -> Handed:
        """Save an answer over what `start` wrote, and grade it. Raises what grading raises.

        A starter of the same name with another ending is removed: pod.json replaces pod.yaml.
        """
        mine = {file.name: file.data for file in answer.files}
        stems = {str(PurePosixPath(name).with_suffix("")) for name in mine}
        left = {
            name: data
            for name, data in self._started.items()
            if str(PurePosixPath(name).with_suffix("")) not in stems
        }
        self._lay_out({**left, **mine})
        return self._graded(answer, record=record)

    def close(self) -> None:
        """Close the learner's progress."""
        self._session.close()

    def _lay_out(self, files: dict[str, bytes]) -> None:
        for path in answer_files(self.folder):
            path.unlink()
        for name, data in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_bytes(data)

    def _graded(self, answer: Answer, *, record: bool) -> Handed:
        """The verdicts of the session, of a batch and of the bytes alone, which must agree.

        Grading is pure: where the same bytes were read, the verdict is that of the session.
        """
        graded = self._session.grade(self.card, record=record)

        def judged(card: Card, read: Answer) -> Verdict:
            return graded.verdict if read == graded.answer else grade(card, read)

        found = [f"cannot record it: {graded.unrecorded}"] if graded.unrecorded else []
        mine = _summary(msgspec.json.encode(verdict_json(graded.verdict)))
        row = row_for(self.card, Learner(LEARNER, self.folder.parent), self._root, judge=judged)
        others = {"a batch": _summary(row.verdict) if row.status == "graded" else row.message}
        if graded.answer != answer:
            others["its own bytes"] = _summary(msgspec.json.encode(verdict_json(judged(self.card, answer))))
        found += [
            f"the verdict by {way} is {other}, in the learner's folder it is {mine}"
            for way, other in others.items()
            if other != mine
        ]
        return Handed(graded.verdict, tuple(found))


@contextmanager
def desk_for(card: Card) -> Iterator[Desk]:
    """A desk in a temporary folder, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="cks-trainer-") as root:
        desk = Desk(card, Path(root))
        try:
            yield desk
        finally:
            desk.close()


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _summary(verdict: bytes) -> str:
    """What must be equal for every way of grading: points, every status, the number of problems."""
    data = msgspec.json.decode(verdict)
    checks = ", ".join(f"{check['id']} {check['status']}" for check in data["checks"])
    return f"{data['points']} points ({checks}; {len(data['problems'])} problems)"
