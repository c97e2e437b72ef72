"""`Session`: one learner at work with one pack, one workspace and one progress store."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from trainer.errors import AnswerUnreadable, TrainerError, UsageError, in_words
from trainer.session import workspace
from trainer.session.model import CardState, DomainState, Graded, Reveal, Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from trainer.config import Settings
    from trainer.content.card import Card
    from trainer.content.catalogue import Catalogue
    from trainer.content.listed import Listed
    from trainer.content.locate import Pack
    from trainer.manifests.answer import Answer
    from trainer.picture import Effect
    from trainer.progress.notes import Note
    from trainer.progress.store import Store
    from trainer.session.held import Held
    from trainer.session.review import Rating
    from trainer.session.today import Overview, Review
    from trainer.verdict import Verdict


class Session:
    """What screens and commands share. Everything is opened on first use.

    `grade` may be called from a worker thread; the store serializes its writers.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self.clock = clock
        self.opens_exam = False
        """Whether the app begins with the mock exam."""
        self.seed = 0
        """The seed of cards that are opened and not started yet."""
        self._lock = threading.Lock()
        self._store: Store | None = None

    @classmethod
    def open(cls, settings: Settings, clock: Callable[[], float] = time.time) -> Session:
        """A session on these settings. `clock` gives seconds since 1970."""
        return cls(settings, clock)

    @cached_property
    def pack(self) -> Pack:
        """The cards and solutions in use. Raises `UsageError` if the folder isn't a pack."""
        from trainer.content.locate import builtin_pack, pack_at

        return pack_at(self.settings.pack) if self.settings.pack else builtin_pack()

    @cached_property
    def catalogue(self) -> Catalogue[Listed]:
        """All cards of the pack as listed, and what is wrong with those that cannot be used."""
        from trainer.content.listing import list_cards

        return list_cards(self.pack)

    @property
    def store(self) -> Store:
        """The progress store, opened on first use by any thread. Raises `StoreError`."""
        with self._lock:
            if self._store is None:
                from trainer.progress.store import Store

                self._store = Store.open(self.settings.database, clock=self.clock)
            return self._store

    def card(self, name: str, seed: int | None = None) -> Card:
        """One card by its id, without loading the others. Raises `UsageError`, `CardError`.

        Without `seed`, it is in the wording in which it was started, or else in that of the session's seed.
        """
        from trainer.content.catalogue import find_card, require_card

        if seed is None:
            require_card(name, self.pack)
            stored = self.stored_seed(name)
            seed = self.seed if stored is None else stored
        return find_card(name, self.pack, seed)

    # -- the learner's files

    def folder(self, card: Card) -> Path:
        """The folder of the learner's answer: `<workspace>/<card-id>`."""
        return self.settings.workspace / card.id

    def started(self, card: Card) -> bool:
        """Whether the card's folder is there; looking at a card makes none."""
        return workspace.is_there(self.folder(card))

    def stored_seed(self, name: str) -> int | None:
        """The seed with which the card of this ID was started; None if it isn't. Raises `TrainerError`."""
        folder = self.settings.workspace / name
        there = workspace.is_there(folder) and not workspace.is_empty(folder)
        return workspace.seed_in(folder) if there else None

    def require_seed(self, card: Card) -> None:
        """Raise `UsageError` if the card was started in another wording: the answer is to that task."""
        stored = self.stored_seed(card.id)
        if stored is not None and stored != card.seed and card.vary:
            raise UsageError(
                f"{self.folder(card)} has the task of seed {stored}, not {card.seed}",
                remedy=f"omit --seed, or start over: cks-trainer start {card.id} --seed {card.seed}",
            )

    def start(self, card: Card) -> list[Path]:
        """Make the folder, the starter files that are missing, and what the card gives; record the start.

        Returns the starter files written. Raises `UsageError` if the card was started in another wording.
        """
        self.require_seed(card)
        if card.seed != (self.stored_seed(card.id) or 0):
            workspace.keep_seed(
                self.folder(card), card.seed
            )  # first: starters without it have another meaning
        written = workspace.start(card, self.folder(card))
        workspace.deliver(card, self.folder(card))
        self.store.note(card.id, "started")
        self._tell_class_quietly(card)
        return written

    def read(self, card: Card) -> Answer:
        """The learner's answer as it is on disk.

        Raises `AnswerUnreadable`, and `UsageError` if the card was meanwhile started in another wording.
        """
        from trainer.manifests.answer import read_answer

        folder = self.folder(card)
        if not self.started(card):
            raise AnswerUnreadable(
                f"the card {card.id} isn't started: {folder} does not exist",
                file=str(folder),
                remedy=f"start it: cks-trainer start {card.id}, or i in the app",
            )
        self.require_seed(card)
        return read_answer([folder], card.files)

    def signature(self, card: Card) -> workspace.Signature:
        """Changes whenever a file of the answer is saved: poll it four times a second."""
        return workspace.signature(self.folder(card))

    def text(self, card: Card, file: str) -> Held:
        """One file of the answer as an editor holds it; its starter as long as the card isn't started.

        Raises `TrainerError` for what isn't a text file; in its message the file is called `it`.
        """
        from trainer.session.held import Held

        if not self.started(card):
            return Held(card.start.get(file, ""))
        return workspace.read(self.folder(card), file)

    def write(self, card: Card, file: str, text: str, before: Held | None = None) -> Path | None:
        """Put one file of the answer in place, in the form of what was there `before`.

        If there is now something else, it goes to the backups first: its place there is returned.
        """
        return workspace.write(self.folder(card), file, text, before)

    def keep_text(self, card: Card, file: str, text: str) -> Path:
        """Put a text of one file that isn't saved into the backups. Returns its place there."""
        return workspace.keep_text(self.folder(card), file, text)

    def changed(self, card: Card) -> list[str]:
        """The names of the starter files that the learner has changed."""
        return workspace.changed(card, self.folder(card))

    def reset(self, card: Card) -> Path:
        """Put the starters back. The old answer is moved to the folder that is returned.

        If the card was started in another wording, what it gave is moved, too.
        """
        folder = self.folder(card)
        other = self.stored_seed(card.id) != card.seed
        backup = workspace.put_away(folder, given=other)
        if other:
            workspace.keep_seed(folder, card.seed)
            workspace.deliver(card, folder)
        workspace.start(card, folder)
        self.store.note(card.id, "reset")
        self._tell_class_quietly(card, again=True)
        return backup

    # -- grading

    def grade(
        self,
        card: Card,
        paths: Sequence[Path] | None = None,
        *,
        record: bool = True,
        seconds: float | None = None,
    ) -> Graded:
        """Grade the learner's answer, or the one at `paths`, and record the attempt.

        `seconds` is the time spent on the card. If the store cannot be written, the verdict is
        not lost: `Graded.unrecorded` says why. Raises `AnswerUnreadable`.
        """
        from trainer.manifests.answer import read_answer

        begin = time.perf_counter()
        answer = read_answer(list(paths), card.files) if paths else self.read(card)
        return self.grade_answer(card, answer, record=record, seconds=seconds, begin=begin)

    def grade_answer(
        self,
        card: Card,
        answer: Answer,
        *,
        record: bool = True,
        seconds: float | None = None,
        begin: float | None = None,
    ) -> Graded:
        """Grade an answer that was already read; `begin` is the `perf_counter` when work began.

        What is still unchanged isn't an attempt.
        """
        from trainer.grading.grade import grade
        from trainer.grading.untouched import is_untouched

        begin = time.perf_counter() if begin is None else begin
        verdict = grade(card, answer)
        spent = (time.perf_counter() - begin) * 1000
        if not record or is_untouched(card, answer):
            return Graded(verdict, answer, spent)
        number = None
        try:
            number = self.record(card, answer, verdict, seconds)
            self._tell_class(card, verdict)
        except TrainerError as error:
            return Graded(verdict, answer, spent, number, unrecorded=str(error))
        except Exception as error:  # whatever happens, the learner gets the verdict
            return Graded(verdict, answer, spent, number, unrecorded=f"unexpected error: {in_words(error)}")
        return Graded(verdict, answer, spent, number)

    def record(self, card: Card, answer: Answer, verdict: Verdict, seconds: float | None = None) -> int:
        """Record an attempt, with secrets replaced; its number. The last attempt's bytes are that attempt."""
        from trainer.session.recording import new_attempt

        return self.store.record(new_attempt(card, answer, verdict, seconds, self.store.salt))

    def _tell_class(self, card: Card, verdict: Verdict | None = None, *, again: bool = False) -> None:
        if self.settings.class_store is not None:
            from trainer.session.class_report import tell_class

            tell_class(self.settings, self.clock, card, verdict, again=again)

    def _tell_class_quietly(self, card: Card, *, again: bool = False) -> None:
        with suppress(TrainerError):  # the next grading says what is wrong with the class's file
            self._tell_class(card, again=again)

    def effects(self, card: Card, graded: Graded) -> tuple[Effect, ...]:
        """What the graded answer does: the pictures of the checks that were judged. Raises `TrainerError`."""
        from trainer.grading.effect import effects

        return effects(card, graded.answer, graded.verdict)

    # -- help

    def hints_shown(self, card: Card) -> int:
        """How many of the card's hints the learner has seen."""
        return min(self.store.hints(card.id), len(card.hints))

    def next_hint(self, card: Card) -> str | None:
        """The next hint, recorded as shown; None if all have been shown."""
        shown = self.hints_shown(card)
        if shown >= len(card.hints):
            return None
        self.store.note(card.id, "hint", shown + 1)
        return card.hints[shown]

    def shows_freely(self, card: Card) -> bool:
        """Whether the solution is shown without a question: the learner has seen it, or passed the card.

        Raises `CardError` if the pack has no solutions.
        """
        from trainer.content.solutions import require_solutions

        require_solutions(self.pack)
        return self.revealed(card) or self.passed(card)

    def reveal(self, card: Card) -> Reveal:
        """The solution, recorded as shown, and how the learner's answer differs from it."""
        from trainer.session.recording import make_reveal

        shown = make_reveal(card, self.pack, self.folder(card))
        self.store.note(card.id, "solution")
        return shown

    def revealed(self, card: Card) -> bool:
        """Whether the learner has seen the solution."""
        return self.store.revealed(card.id)

    def passed(self, card: Card) -> bool:
        """Whether the learner has ever passed the card."""
        return any(attempt.passed for attempt in self.store.attempts(card.id))

    def note(self, card: Card) -> Note:
        """The learner's note on a card, and whether it is bookmarked."""
        from trainer.progress.notes import note_on

        return note_on(self.store, card.id)

    def keep_note(self, card: Card, note: Note) -> None:
        """Replace the learner's note on a card and its bookmark."""
        from trainer.progress.notes import keep

        keep(self.store, card.id, note)

    # -- progress

    def states(self) -> list[CardState]:
        """The learner's state for each card, in the catalog's order and in the wording of its start."""
        from trainer.progress.notes import notes
        from trainer.session.standing import card_states

        states = card_states(self.catalogue.cards, self.store.standings(), notes(self.store))
        return [self._as_started(state) for state in states]

    def _as_started(self, state: CardState) -> CardState:
        if state.status == "new" or not state.card.vary:
            return state
        try:
            seed = self.stored_seed(state.card.id)
        except TrainerError:  # it is told when the card is opened
            return state
        if not seed:
            return state
        from trainer.content.listed import in_wording
        from trainer.content.vary import seeded

        wording = seeded(seed)(state.card.id, state.card.vary)
        return msgspec.structs.replace(state, card=in_wording(state.card, wording))

    def domains(self) -> list[DomainState]:
        """The learner's state for each domain, in the curriculum's order."""
        from trainer.session.standing import domain_states

        return domain_states(self.states())

    def summary(self) -> Summary:
        """The progress in one line."""
        from trainer.session.standing import summarize

        return summarize(self.states(), self.store.days(), self.clock())

    def overview(self) -> Overview:
        """States, domains, schedule and plan at once. Raises `StoreError`."""
        from trainer.session.today import overview

        return overview(self)

    def start_review(self, name: str) -> Card:
        """Start over with a card in another wording, unless its answer is unfinished; it is backed up."""
        from trainer.session.today import start_review

        return start_review(self, name)

    def last_review(self, name: str) -> Review | None:
        """The last sitting at a card as a review; None before the first attempt. Raises `StoreError`."""
        from trainer.session.today import last_review

        return last_review(self, name)

    def days_if_rated(self, name: str) -> dict[Rating, date]:
        """By rating, the day on which the card would come back; empty without an attempt."""
        from trainer.session.today import days_if_rated

        return days_if_rated(self, name)

    def rate(self, name: str, rating: Rating) -> Review:
        """Rate the last sitting at a card as the learner says. Raises `UsageError` without one."""
        from trainer.session.today import rate

        return rate(self, name, rating)

    def close(self) -> None:
        """Close the store, if it was opened."""
        with self._lock:
            opened, self._store = self._store, None
        if opened is not None:
            opened.close()
