"""Watches the answer's files and grades them in a thread: on every save, by whichever program.

Polling `stat` sees atomic renames, which watching a file does not. The thread only posts
messages; a result that a newer grading has overtaken is dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget

from trainer.errors import TrainerError, in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer

    from trainer.content.card import Card
    from trainer.session import Graded, Session

POLL_SECONDS = 0.1
"""With settling and grading, a verdict is painted within 0.2 s; a poll costs about 50 microseconds."""

SETTLE_SECONDS = 0.05
"""A file that is still being written changes again within this time; only then it is graded."""


class Grader(Widget):
    """An invisible widget: polls the folder of one card and posts the results of grading."""

    DEFAULT_CSS = "Grader { display: none; }"

    class Saved(Message):
        """The files changed on disk, by any program; `empty` if none is left, so that nothing is graded."""

        def __init__(self, *, empty: bool) -> None:
            super().__init__()
            self.empty = empty

    class Finished(Message):
        """A grading has finished."""

        def __init__(self, graded: Graded) -> None:
            super().__init__()
            self.graded = graded

    class Failed(Message):
        """The answer could not be read, or its attempt could not be stored; `error` says why."""

        def __init__(self, error: TrainerError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, session: Session, card: Card, seconds: Callable[[], float]) -> None:
        """`seconds` gives the time spent on the card so far."""
        super().__init__()
        self._session = session
        self._card = card
        self._seconds = seconds
        self._seen: tuple[object, ...] = ()
        self._number = 0
        self._settling: Timer | None = None

    def on_mount(self) -> None:
        """Start to poll."""
        self._seen = self._signature()
        self.set_interval(POLL_SECONDS, self.poll)

    def take_as_seen(self) -> None:
        """What is in the folder now isn't the learner's work: it isn't graded."""
        self._stop_waiting()
        self._seen = self._signature()

    def poll(self) -> None:
        """Look at the files once; if they have changed, wait until they settle, then grade."""
        if self._signature() != self._seen:
            self._wait()

    def saved(self) -> None:
        """Grade what the app itself saved; a poll may have found it, and its grading begun."""
        if self._settling is not None or self._signature() != self._seen:
            self.grade()

    def grade(self, *, record: bool = True) -> None:
        """Grade now, in a thread; a grading that still runs is overtaken."""
        self._stop_waiting()
        self._seen = self._signature()
        self._number += 1
        number, seconds = self._number, self._seconds()

        def work() -> None:
            message: Message
            try:
                message = self.Finished(self._session.grade(self._card, record=record, seconds=seconds))
            except TrainerError as error:
                message = self.Failed(error)
            except Exception as error:  # a defect of ours must not take the learner's screen away
                message = self.Failed(TrainerError(f"grading failed unexpectedly: {in_words(error)}"))
            if number == self._number:
                self.post_message(message)

        self.run_worker(work, thread=True, exclusive=True, group="grade", exit_on_error=False)

    def _wait(self) -> None:
        """Wait until the files are settled; what changes meanwhile begins the wait again."""
        self._stop_waiting()
        self._seen = self._signature()
        self._settling = self.set_timer(SETTLE_SECONDS, self._settle)

    def _stop_waiting(self) -> None:
        if self._settling is not None:
            self._settling.stop()
            self._settling = None

    def _settle(self) -> None:
        if self._signature() != self._seen:
            self._wait()
            return
        self._settling = None
        self.post_message(self.Saved(empty=not self._seen))
        if self._seen:
            self.grade()

    def _signature(self) -> tuple[object, ...]:
        try:
            return tuple(self._session.signature(self._card))
        except (TrainerError, OSError):
            return ()
