"""Measures the app without a terminal: first frame, key to paint, save to painted verdict.

`python -m trainer.tui.measure` in a fresh process prints one line of JSON, with `--first-frame` only
with that figure, with `--first-start` with that of a start that welcomes. Settings come from the
environment as for the app; use a workspace and a database of their own. Milliseconds are CPU time
of the whole process, except `save_to_verdict_wall_ms`: the time that the learner waits.
"""

from __future__ import annotations

import sys

from trainer.garbage import look_rarely, pause
from trainer.startup import import_quickly

if __name__ == "__main__":
    look_rarely()  # all as the program does, before all that is imported
    import_quickly("pathlib", "msgspec")
    pause()
    import_quickly("textual")

import asyncio
import json
import time
from typing import TYPE_CHECKING

from textual import events

from trainer.tui.app import TrainerApp
from trainer.tui.widgets.cards import CardList
from trainer.tui.widgets.grader import Grader

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainer.content.card import Card
    from trainer.session import Session

PATIENCE = 300.0
"""Seconds after which a measurement without a paint gives up."""

KEYS = ("down", "up", "j", "k") * 10


class MeasuredApp(TrainerApp):
    """The app, with a note of when it painted."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.paints = 0
        self.first_frame: float | None = None
        """Seconds of CPU from the start of the process to the first complete paint."""
        self.verdicts = 0

    def post_display_hook(self) -> None:
        """Called by Textual after each paint."""
        self.paints += 1
        if self.first_frame is None and self._is_complete():
            self.first_frame = time.process_time()

    def _is_complete(self) -> bool:
        """Whether the screen has what a learner waits for: the welcome of a first start, else the cards."""
        if self.welcomes:
            return bool(self.screen.query("#exam-date"))
        return any(one.options for one in self.screen.query(CardList))

    def on_grader_finished(self, event: Grader.Finished) -> None:
        """Count the verdicts; the card's screen has already taken it."""
        del event
        self.verdicts += 1


async def measure(
    session: Session,
    answered: Callable[[Session], tuple[Card, str]] | None,
    size: tuple[int, int],
    *,
    welcomes: bool = False,
) -> dict[str, float]:
    """All figures, in milliseconds. `answered` gives a card, and a right text of its first file to save;
    without it, only the first frame is measured: that of the welcome if the app `welcomes`."""
    app = MeasuredApp(session)
    app.welcomes = welcomes
    async with app.run_test(size=size) as pilot:
        await _until(lambda: app.first_frame is not None)
        await pilot.pause()
        figures = {"first_frame_ms": 1000 * (app.first_frame or 0.0)}
        if answered is None:
            return figures
        import statistics  # the app doesn't need it, so it isn't part of the first frame

        keys = [await _key_to_paint(app, key) for key in KEYS]
        figures["key_to_paint_median_ms"] = statistics.median(keys)
        figures["key_to_paint_p95_ms"] = statistics.quantiles(keys, n=20)[-1]
        card, right = answered(session)
        app.open_card(card.id)
        await pilot.pause()
        figures.update(await _save_to_verdict(app, lambda: session.write(card, card.files[0], right)))
    return figures


async def _key_to_paint(app: MeasuredApp, key: str) -> float:
    paints, begin = app.paints, time.process_time()
    app.post_message(events.Key(key, key if len(key) == 1 else None))
    await _until(lambda: app.paints > paints)
    return 1000 * (time.process_time() - begin)


async def _save_to_verdict(app: MeasuredApp, save: Callable[[], object]) -> dict[str, float]:
    verdicts, begin, wall = app.verdicts, time.process_time(), time.perf_counter()
    save()
    await _until(lambda: app.verdicts > verdicts)
    paints = app.paints
    await _until(lambda: app.paints > paints)
    return {
        "save_to_verdict_ms": 1000 * (time.process_time() - begin),
        "save_to_verdict_wall_ms": 1000 * (time.perf_counter() - wall),
    }


async def _until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise TimeoutError("the app did not paint")
        await asyncio.sleep(0.001)


def main() -> None:
    """Measure, with the first card of one file; print the figures as JSON."""
    from trainer.config import load_settings
    from trainer.session import Session

    session = Session.open(load_settings())
    welcomes = "--first-start" in sys.argv
    answered = None if welcomes or "--first-frame" in sys.argv else _first_of_one_file
    figures = asyncio.run(measure(session, answered, (120, 40), welcomes=welcomes))
    session.close()
    sys.stdout.write(json.dumps({name: round(value, 1) for name, value in figures.items()}) + "\n")


def _first_of_one_file(session: Session) -> tuple[Card, str]:
    from trainer.content.solutions import load_solutions

    cards = (session.card(listed.id) for listed in session.catalogue.cards)
    card = next(card for card in cards if len(card.files) == 1)
    return card, load_solutions(card, session.pack).reference.answer.files[0].data.decode()


if __name__ == "__main__":
    main()
