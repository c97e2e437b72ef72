"""The highlighted card before it is opened: its topic, its next review, the last try, the task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from trainer.tui.text import MUTED, ago, competency_text, counted, literal, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from trainer.session import CardState, DomainState
    from trainer.session.review import Due


def preview(state: CardState, now: datetime, due: Due | None = None) -> Content:
    """The preview of a card; `due` says when it comes back."""
    card = state.card
    topic = f"{card.competency} {competency_text(card.competency)}".rstrip()
    last = "not tried yet"
    if state.last is not None:
        when = ago(state.last.at, now)
        last = f"last try {when}: {state.last.checks_passed} of {counted(state.last.checks_total, 'check')}"
    facts = [f"{card.id} · {counted(card.points, 'point')} · {last}"]
    if due is not None:
        facts.append(f"review {coming(due.day, now.date())}; v starts it in another wording")
        says = {check.id: check.says for check in card.checks}
        facts += [f"✗ failed: {says[name]}" for name in due.weak if name in says]
    return Content.assemble(
        one_line(card.title, "bold"),
        "\n",
        one_line(topic, MUTED),
        "\n",
        *(part for fact in facts for part in (one_line(fact, MUTED), "\n")),
        "\n",
        literal(plain(card.prompt)),
    )


def coming(day: date, today: date) -> str:
    """When a day is, in words: `due today`, `due for 3 days`, `in 5 days`."""
    days = (day - today).days
    if days < 0:
        return f"due for {counted(-days, 'day')}"
    return {0: "due today", 1: "tomorrow"}.get(days, f"in {days} days")


def plain(markdown: str) -> str:
    """A task's text without blank lines and without the most common Markdown characters.

    The lines of a paragraph are joined; those of lists, code and tables stay apart.
    """
    parts = []
    for block in markdown.strip().split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip()]
        apart = any(line.startswith((" ", "-", "*", "|", "`", "#")) or line[0].isdigit() for line in lines)
        parts.append(("\n" if apart else " ").join(lines))
    return "\n".join(parts).replace("`", "").replace("**", "")


def topics(domains: Sequence[DomainState], domain: str | None, width: int) -> Content:
    """The competencies of a domain, or of all, with how ready the learner is; those without cards too."""
    from trainer.session.standing import percent
    from trainer.tui.text import columns

    lines = []
    for one in domains:
        if domain in (None, one.domain):
            for topic in one.competencies:
                ready = f"{percent(topic.mastery)}%" if topic.cards else "no card"
                text = f"{topic.competency} {competency_text(topic.competency)}"
                lines.append(Content.assemble(columns(text, max(width - 9, 8)), (f"{ready:>9}", MUTED)))
    return Content("\n").join(lines)
