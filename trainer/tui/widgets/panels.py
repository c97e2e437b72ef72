"""The panels below the panes of a card: a hint, and what to do after a pass. They cover nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from trainer.tui.text import MUTED, clock_text, counted
from trainer.tui.widgets.code import code_lines
from trainer.tui.widgets.frame import Framed
from trainer.tui.widgets.markdown import render_markdown

if TYPE_CHECKING:
    from trainer.content.card import Card

MOST_LINES = 6
"""Lines of a panel; what is longer is shown whole with the task or with the solution."""

KEY = "bold $text-primary"


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

    def show(self, card: Card, *, seconds: float | None, attempt: int, hints: int) -> None:
        """Show what was reached. `seconds` is the time spent; None if the answer had passed before."""
        self.display = True
        keys = keys_line(("n", "next card"), ("s", "solution"), ("d", "difference"), ("R", "again"))
        self.put_title(Content("✓ Passed"), keys)
        lines = [Content(facts(card, seconds, attempt, hints))]
        if card.imperative.strip():
            lines.append(Content.styled("The quicker way with kubectl:", MUTED))
            lines += [line.pad_left(2) for line in code_lines(card.imperative.strip("\n"), "it.sh")]
        self.update(_cut(lines, "s shows all"))

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


def keys_line(*keys: tuple[str, str]) -> Content:
    """Keys and what they do, for the lower border."""
    return Content("   ").join([Content.assemble((key, KEY), f" {words}") for key, words in keys])


def _after(number: int, total: int) -> str:
    return "next hint" if number < total else "closes it"


def _cut(lines: list[Content], where: str) -> Content:
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], Content.styled(f"… {where}", MUTED)]
    return Content("\n").join(lines)
