"""The single lines of the card screen: head, tabs, status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style

from trainer.safe_text import clean
from trainer.tui.text import MUTED, clock_text, one_line
from trainer.tui.widgets.checks import score
from trainer.tui.widgets.line import Line
from trainer.verdict import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from trainer.content.card import Card
    from trainer.verdict import Verdict


def head_line(card: Card, seconds: float, width: int, *, paused: bool = False) -> Content:
    """Title, and less bright ID, seed (if any), competency, level; on the right the time, and its target.

    What has no room is left out: first the facts about the card, then the end of its title.
    """
    clock = f"{clock_text(seconds)} of {card.minutes} min"
    time = Content.styled(f"paused {clock}  p resumes", "bold $text-warning") if paused else Content(clock)
    seed = f" · seed {card.seed}" if card.seed else ""
    facts = f"  {card.id}{seed} · {card.competency} · {card.difficulty}"
    title, room = one_line(card.title, "bold"), width - time.cell_length - 2
    if title.cell_length + cell_len(facts) > room:
        facts = f"  {card.id}{seed}"
    if title.cell_length + cell_len(facts) > room:
        facts = seed and f"  {seed[3:]}"
    title = title.truncate(max(room - cell_len(facts), 8), ellipsis=True)
    gap = width - title.cell_length - cell_len(facts) - time.cell_length
    return Content.assemble(title, (clean(facts), MUTED), " " * max(gap, 2), time)


class Tabs(Line):
    """The line with the tabs of a narrow screen; it gives no color to what can be clicked."""

    auto_links = False

    def __init__(self) -> None:
        super().__init__(id="tabs", markup=False)


def pane_tabs(titles: Mapping[str, str], shown: str) -> Content:
    """Tabs by their panes' names, numbered from 1; a click shows the pane. The shown one has the accent."""
    parts = []
    for number, (pane, title) in enumerate(titles.items(), 1):
        style = "bold underline $text-primary" if pane == shown else ""
        tab = Content.styled(f" {number} {title} ", style)
        parts.append(tab.stylize(Style.from_meta({"@click": f"screen.pane('{pane}')"})))
    return Content(" ").join(parts)


def tabs_line(shown: str, verdict: Verdict | None, *, unsaved: bool, width: int) -> Content:
    """The tabs of the narrow layout (a click shows the pane), and the score on the right."""
    passed = sum(check.status is Status.PASS for check in verdict.counted) if verdict else 0
    checks = f"Checks {passed}/{len(verdict.counted)}" if verdict else "Checks"
    answer = "Answer ●" if unsaved else "Answer"
    tabs = pane_tabs({"task": "Task", "answer": answer, "checks": checks, "effect": "Effect"}, shown)
    if verdict is None:
        return tabs
    result = score(verdict, short=True)
    return Content.assemble(tabs, " " * max(width - tabs.cell_length - result.cell_length, 1), result)


def status_line(
    *,
    saved: datetime | None,
    milliseconds: float | None,
    attempt: int,
    unsaved: Sequence[str],
    trouble: str,
    context: str | None,
    width: int,
) -> Content:
    """The outcome of the last save (time, milliseconds, attempt), and the cluster context.

    A `trouble` (unreadable answer, attempt not stored) replaces the line.
    """
    where = f"context: {context or 'none (offline)'}"
    if trouble:
        return Content.assemble(("! ", "bold $text-error"), one_line(trouble))
    parts: list[Content] = []
    if unsaved:
        parts.append(Content.styled("● not saved", "bold"))
    if saved is not None:
        parts.append(Content(f"saved {saved:%H:%M:%S}"))
    if milliseconds is not None and not unsaved:
        parts.append(Content(f"graded {milliseconds:.0f} ms"))
    parts.append(Content(f"attempt {attempt}" if attempt else "no attempt yet"))
    left = Content(" · ").join(parts)
    gap = width - left.cell_length - cell_len(where)
    return Content.assemble(left, " " * max(gap, 2), one_line(where, MUTED))
