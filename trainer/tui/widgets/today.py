"""What to do now: the card that was left, what is due, what is weak, and the new cards of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from trainer.tui.text import MUTED, columns, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from trainer.session.plan import Kind, Plan, Step
    from trainer.session.today import Overview

LABELS: dict[Kind, str] = {"continue": "Continue", "due": "Due", "weak": "Weak", "new": "New"}
"""The word for each kind of step."""
_LABEL = 10
LEAST = 3
"""Lines that are always there, so that nothing below moves when one is done."""


class Today(Static):
    """The pane above the lists; a click on a line starts it."""

    class Wanted(Message):
        """The line of a kind was clicked."""

        def __init__(self, kind: Kind) -> None:
            super().__init__()
            self.kind = kind

    def __init__(self, overview: Overview, lines: int) -> None:
        super().__init__(id="today", classes="frame", markup=False)
        self._overview = overview
        self._lines = lines
        self._kinds: list[Kind | None] = []

    def on_mount(self) -> None:
        """Have the right lines in the first frame."""
        self._put(max(self.app.size.width - 6, 20))

    def on_resize(self, event: events.Resize) -> None:
        """Fit the lines to another width."""
        del event
        self._put(self.content_size.width)

    def show(self, overview: Overview) -> None:
        """Show another state."""
        self._overview = overview
        self._put(self.content_size.width)

    def on_click(self, event: events.Click) -> None:
        """Start the first card of the line."""
        place = event.get_content_offset(self)
        kind = self._kinds[place.y] if place is not None and place.y < len(self._kinds) else None
        if kind is not None:
            self.post_message(self.Wanted(kind))

    def _put(self, width: int) -> None:
        lines = today_lines(self._overview, width)
        if len(lines) > self._lines and not self._overview.plan.of("due"):
            lines = [one for one in lines if one[0] != "due"]  # that nothing is due can wait
        lines = lines[: self._lines]
        kinds = [kind for kind, _ in lines]
        coming = [one for one in coming_lines(self._overview, width) if one[0] not in kinds]
        rows = [(kind, True, line) for kind, line in lines]
        rows += [(kind, False, line) for kind, line in coming][: max(min(LEAST, self._lines) - len(lines), 0)]
        rows.sort(key=lambda row: list(LABELS).index(row[0]))
        self._kinds = [kind if is_there else None for kind, is_there, _ in rows]
        shown = [line for *_, line in rows] or [Content("Every card has passed, and none is due.")]
        shown += [Content("")] * (min(LEAST, self._lines) - len(shown))
        self.border_title = Content("Today")
        self.border_subtitle = Content(pace(self._overview.plan))
        self.update(Content("\n").join(shown))


def coming_lines(overview: Overview, width: int) -> list[tuple[Kind, Content]]:
    """What two of the lines will have, before the first attempt; none after it."""
    words: dict[Kind, str] = {
        "due": "nothing yet; a card comes back some days after its first attempt",
        "weak": "nothing yet; cards whose checks failed, to try again",
    }
    if overview.summary.attempts:
        return []
    return [(kind, Content.styled(_line(kind, text, "", width).plain, MUTED)) for kind, text in words.items()]


def pace(plan: Plan) -> str:
    """The lower border: whether the minutes a day suffice."""
    a_day = f"{plan.goal.minutes_a_day} min a day"
    needed = plan.minutes_needed
    if not plan.steps or needed is None or needed <= plan.goal.minutes_a_day:
        return a_day
    return f"{a_day} · every card before the exam: {needed}"


def today_lines(overview: Overview, width: int) -> list[tuple[Kind, Content]]:
    """The lines for a width in cells, by kind: only what there is to do."""
    plan = overview.plan
    lines: dict[Kind, Content | None] = {
        "continue": _continue(plan.of("continue"), width),
        "due": _due(overview, plan.of("due"), width),
        "weak": _weak(overview, width),
        "new": _new(plan, width),
    }
    return [(kind, line) for kind, line in lines.items() if line is not None]


def _line(kind: Kind, text: str, right: str, width: int) -> Content:
    """A label, a text that is cut where it must be, and what is at the right edge."""
    room = max(width - _LABEL - (cell_len(right) + 2 if right else 0), 8)
    label = Content.styled(f"{LABELS[kind]:<{_LABEL}}", "bold $text-primary")
    shown = Content(columns(text, room)) if right else Content(columns(text, room).rstrip())
    return Content.assemble(label, shown, ("  " + right if right else "", MUTED))


def _continue(steps: Sequence[Step], width: int) -> Content | None:
    if not steps:
        return None
    state = steps[0].state
    last = state.last
    checks = f"{last.checks_passed} of {counted(last.checks_total, 'check')} · " if last else ""
    return _line("continue", state.card.title, f"{checks}{state.card.minutes} min", width)


def _due(overview: Overview, steps: Sequence[Step], width: int) -> Content | None:
    if not steps:
        coming = [one.day for one in overview.due if one.day > overview.today]
        if not coming:
            return None
        from trainer.session.review import day_words

        return _line("due", f"nothing today; next {day_words(coming[0], overview.today)}", "", width)
    minutes = sum(step.state.card.minutes for step in steps)
    titles = ", ".join(step.state.card.title for step in steps)
    return _line("due", titles, f"{counted(len(steps), 'card')} · about {minutes} min", width)


def _weak(overview: Overview, width: int) -> Content | None:
    states = {state.card.id: state for state in overview.states}
    failed = {one.card: len(one.weak) for one in overview.due if one.weak}
    failed.update(
        {step.state.card.id: failed.get(step.state.card.id, 0) for step in overview.plan.of("weak")}
    )
    left = {step.state.card.id for step in overview.plan.of("continue")}
    titles = [states[card].card.title for card in failed if card not in left]
    if not titles:
        return None
    return _line("weak", ", ".join(titles), counted(len(titles), "card"), width)


def _new(plan: Plan, width: int) -> Content | None:
    steps = plan.of("new")
    if not steps:
        return None
    today = [step for step in plan.steps[: plan.today] if step.kind == "new"]
    minutes = sum(step.state.card.minutes for step in today)
    right = f"{counted(len(today), 'card')} today · {minutes} min" if today else "enough for today"
    return _line("new", ", ".join(step.state.card.title for step in (today or steps)[:6]), right, width)
