"""The desk of an exam: its cards in their variants, and its answers in a folder of their own.

The answers of practice aren't touched, and nothing that is done at the desk is recorded before the end. Once
the time is up, its answers are those that count (`deadline`).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from trainer.errors import TrainerError, UsageError
from trainer.files import read_file
from trainer.session import workspace
from trainer.session.core import Session
from trainer.session.exam.deadline import answers_of

if TYPE_CHECKING:
    from trainer.content.card import Card
    from trainer.content.locate import Pack
    from trainer.progress.exams import Exam
    from trainer.progress.store import Store


class Desk(Session):
    """A session whose workspace is the exam's folder, and whose cards are the exam's."""

    def __init__(self, session: Session, exam: Exam) -> None:
        settings = msgspec.structs.replace(session.settings, workspace=answers_of(exam))
        super().__init__(settings, session.clock)
        self.practice = session
        self.exam = exam
        """As it was when the desk was made."""
        self.pack = session.pack
        self._cards: dict[str, Card] = {}
        self._looks: dict[str, tuple[workspace.Signature, bool]] = {}

    @property
    def store(self) -> Store:
        """The store of the session."""
        return self.practice.store

    def card(self, name: str, seed: int | None = None) -> Card:
        """A card of the exam in its variant. Raises `UsageError` for another card, `CardError`."""
        if seed is not None:
            return super().card(name, seed)
        mine = self.exam.of(name)
        if mine is None:
            ids = ", ".join(card.card for card in self.exam.cards)
            raise UsageError(
                f"exam {self.exam.number} doesn't have the card {name!r}", remedy=f"it has {ids}"
            )
        if name not in self._cards:
            self._cards[name] = super().card(name, mine.seed)
        return self._cards[name]

    def start(self, card: Card) -> list[Path]:
        """Make the folder of a card's answer, with starters and material; recorded is only the exam's end."""
        self.require_seed(card)
        if card.seed != (self.stored_seed(card.id) or 0):
            workspace.keep_seed(self.folder(card), card.seed)
        written = workspace.start(card, self.folder(card))
        workspace.deliver(card, self.folder(card))
        return written

    def answered(self, name: str) -> bool:
        """Whether there is anything to grade for a card: a file that isn't its starter, and not blank."""
        folder = self.settings.workspace / name
        if not workspace.is_there(folder):
            return False
        try:
            mark = workspace.signature(folder)
            seen = self._looks.get(name)
            if seen is None or seen[0] != mark:
                self._looks[name] = seen = (mark, self._has_answer(name))
        except (TrainerError, OSError):  # it is told when the card is opened
            return False
        return seen[1]

    def _has_answer(self, name: str) -> bool:
        from trainer.grading.untouched import is_untouched

        card = self.card(name)
        answer = self.read(card)
        blank = not any(file.data.strip() for file in answer.files)
        return not blank and not is_untouched(card, answer)

    def close(self) -> None:
        """Nothing: the store is the session's."""


def digest_of(name: str, pack: Pack) -> str:
    """A digest of a card's file, to tell whether it changed. Raises `TrainerError` without the file."""
    from trainer.content.catalogue import require_card

    return hashlib.sha256(read_file(require_card(name, pack))).hexdigest()
