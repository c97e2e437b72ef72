"""The panels below the panes of a card: a hint, and what to do after a pass. They cover nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from trainer.session.review import day_words
from trainer.tui.text import MUTED, clock_text, counted, one_line
from trainer.tui.widgets.code import code_lines
from trainer.tui.widgets.frame import Framed
from trainer.tui.widgets.markdown import render_markdown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from trainer.content.card import Card
    from trainer.session.plan import Kind, Step
    from trainer.session.today import Review

MOST_LINES = 7
"""Lines of a panel; what is longer is shown whole with the task or with the solution."""

KEY = "bold $text-primary"

REASONS: dict[Kind, str] = {"continue": "go on with", "due": "due", "weak": "try again", "new": "next"}
"""Why a step is the next one."""


class HintPanel(Static, Framed):
    """One hint at a time; hidden until a hint is shown."""

    DEFAULT_CSS = "HintPanel { display: none; height: auto; }"

    def __init__(self) -> None:
        super().__init__(id="hint", classes="frame", markup=False)

    def show(self, card: Card, number: int) -> None:
        """Show a hint by its number, from 1; 0 hides the panel."""
        self.display = number > 0
        if not number:
            return
        total = len(card.hints)
        self.put_title(Content(f"Hint {number} of {total}"), keys_line(("h", _after(number, total))))
        lines = render_markdown(card.hints[number - 1], max(self.app.size.width - 6, 20)).split("\n")
        self.update(_cut(list(lines), "the whole hint is at the end of the task"))


class PassPanel(Static, Framed):
    """The time against the target, the quicker way with kubectl, the next step; hidden until a pass."""

    DEFAULT_CSS = "PassPanel { display: none; height: auto; }"

    def __init__(self) -> None:
        super().__init__(id="pass", classes="frame", markup=False)
        self._first = Content("")
        self._kubectl: list[Content] = []

    def show(
        self, card: Card, *, seconds: float | None, attempt: int, hints: int, after: Sequence[Content] = ()
    ) -> None:
        """Show what was reached, and what comes after it (`review_line`, `next_line`).

        `seconds` is the time spent; None if the answer had passed before.
        """
        self.display = True
        keys = keys_line(
            ("n", "next card"), ("a", "rate"), ("s", "solution"), ("d", "difference"), ("R", "again")
        )
        self.put_title(Content("✓ Passed"), keys)
        self._first = Content(facts(card, seconds, attempt, hints))
        self._kubectl = []
        if card.imperative.strip():
            lines = code_lines(card.imperative.strip("\n"), "it.sh")
            self._kubectl = [
                Content.styled("The quicker way with kubectl:", MUTED),
                *(line.pad_left(2) for line in lines),
            ]
        self.show_after(after)

    def show_after(self, after: Sequence[Content]) -> None:
        """Show other lines about what comes after the pass."""
        self.update(_cut([self._first, *after, *self._kubectl], "s shows all"))

    def hide(self) -> None:
        """The answer doesn't pass (any more)."""
        self.display = False


def facts(card: Card, seconds: float | None, attempt: int, hints: int) -> str:
    """The time against the target, the attempts and the hints, in a line.

    >>> from types import SimpleNamespace
    >>> facts(SimpleNamespace(minutes=4), 130, 2, 1)
    '02:10, which is 01:50 under the target of 4 min · attempt 2 · 1 hint'
    """
    target = card.minutes * 60
    if seconds is None:
        time = "This answer had passed before"
    else:
        apart, side = (target - seconds, "under") if seconds <= target else (seconds - target, "over")
        time = f"{clock_text(seconds)}, which is {clock_text(apart)} {side} the target of {card.minutes} min"
    parts = [time, f"attempt {attempt}" if attempt else "", counted(hints, "hint") if hints else "no hints"]
    return " · ".join(part for part in parts if part)


def review_line(review: Review, today: date, *, varies: bool) -> Content:
    """When the card comes back, and how it was rated. `varies` says whether its words change then."""
    when = f"Back {day_words(review.due.day, today)}" + (", in another variant" if varies else "")
    by = "you rated it" if review.chosen else "rated"
    return Content.assemble((when, "bold"), f" · {by} {review.rating.word}, ", ("a", KEY), " changes that")


def next_line(step: Step | None) -> Content:
    """The next step of the plan, and the key that opens it."""
    if step is None:
        return Content("Every other card has passed, and none is due.")
    card, why = step.state.card, REASONS[step.kind]
    title = one_line(card.title, "bold")
    return Content.assemble(("n", KEY), f" {why}: ", title, f" · {card.minutes} min")


def keys_line(*keys: tuple[str, str]) -> Content:
    """Keys and what they do, for the lower border."""
    return Content("   ").join([Content.assemble((key, KEY), f" {words}") for key, words in keys])


def _after(number: int, total: int) -> str:
    return "next hint" if number < total else "closes it"


def _cut(lines: list[Content], where: str) -> Content:
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], Content.styled(f"… {where}", MUTED)]
    return Content("\n").join(lines)
