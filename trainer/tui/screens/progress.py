"""The learner's progress: domains and competencies, last attempts, weakest checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from trainer.session.standing import percent
from trainer.session.weakness import weakest_checks
from trainer.tui.commands import bindings_of
from trainer.tui.host import host_of
from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import MUTED, ago, bar, clock_text, columns, counted
from trainer.tui.widgets.domains import domain_row
from trainer.tui.widgets.footer import KeysBar
from trainer.tui.widgets.lists import PlainList

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.session import CardState, CompetencyState, Session
    from trainer.session.weakness import WeakCheck
    from trainer.tui.commands import Place


class ProgressList(PlainList):
    """The whole report as rows; a card's row opens the card."""

    def __init__(self, session: Session, now: datetime) -> None:
        super().__init__(id="report")
        self._session = session
        self._now = now

    def rows(self, width: int) -> Sequence[Option]:
        """The rows for a width in cells."""
        states, total = self._session.states(), self._session.summary()
        return [
            *_heading(
                f"Mastery by domain, with its weight; {total.covered} of {total.competencies} "
                "competencies have cards"
            ),
            *self._domains(width),
            *_heading("Last attempts"),
            *self._attempts(states, width),
            *_heading("Weakest checks in the latest attempts"),
            *self._weakest(width),
        ]

    def _domains(self, width: int) -> list[Option]:
        rows: list[Option] = []
        for domain in self._session.domains():
            row = domain_row(domain.title, f"{domain.weight}%", domain.mastery, width)
            rows.append(Option(row, disabled=True))
            rows += [
                Option(_competency_row(one, width), disabled=True) for one in domain.competencies if one.cards
            ]
            if without := [one.competency for one in domain.competencies if not one.cards]:
                text = f"     no card yet for {', '.join(without)}: 0% each"
                rows.append(Option(Content.styled(text, MUTED), disabled=True))
        return rows

    def _attempts(self, states: list[CardState], width: int) -> list[Option]:
        tried = [state for state in states if state.last is not None]
        tried.sort(key=lambda state: state.last.at if state.last else 0.0, reverse=True)
        rows = [Option(self._row(state, width), id=f"last {state.card.id}") for state in tried[:8]]
        return rows or [Option(Content("  None yet: open a card and save an answer."), disabled=True)]

    def _weakest(self, width: int) -> list[Option]:
        weak = weakest_checks(self._session.catalogue.cards, self._session.store.attempts)
        rows = [Option(_weak_row(check, width), id=f"weak {check.card.id} {check.check}") for check in weak]
        return rows or [Option(Content("  None: no check failed recently."), disabled=True)]

    def _row(self, state: CardState, width: int) -> Content:
        last = state.last
        if last is None:
            return Content("")
        sign = "✓" if last.passed else "✗"
        checks = f"{last.checks_passed}/{last.checks_total}"
        facts = f"{last.points:>3}/{last.max_points:<3} {checks:>5} checks"
        tail = f"  {facts}  try {last.number:<3} {ago(last.at, self._now):<14}"
        if width > 90:
            spent = "" if last.seconds is None else f"{clock_text(last.seconds)} of {state.card.minutes} min"
            tail += f" {spent:<15}"
        return Content(f"  {sign} {columns(state.card.id, max(width - len(tail) - 4, 12))}{tail}")


class Progress(ClosesItself, Screen[None]):
    """The progress screen."""

    CSS_PATH = "progress.tcss"
    PLACES: ClassVar[tuple[Place, ...]] = ("progress",)
    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("progress"))

    def __init__(self, session: Session, now: datetime) -> None:
        super().__init__()
        self._session = session
        self._now = now

    def compose(self) -> ComposeResult:
        """Head, report, keys."""
        total = self._session.summary()
        head = (
            f"Progress   mastered {percent(total.mastered)}% of the exam   "
            f"{total.passed} of {counted(total.cards, 'card')} passed   "
            f"{counted(total.attempts, 'attempt')}   streak {counted(total.streak, 'day')}"
        )
        yield Static(Content(head), id="head", markup=False)
        yield ProgressList(self._session, self._now)
        yield KeysBar("progress")

    def on_mount(self) -> None:
        """Focus the report."""
        self.query_one(ProgressList).focus()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._open(event.option_id)

    def action_open(self) -> None:
        """Open the card of the highlighted row."""
        option = self.query_one(ProgressList).highlighted_option
        self._open(option.id if option else None)

    def action_back(self) -> None:
        """Back."""
        self.dismiss()

    def _open(self, row: str | None) -> None:
        if row:
            host_of(self.app).open_card(row.split(" ")[1])


def _competency_row(one: CompetencyState, width: int) -> Content:
    done = f"{bar(one.mastery, 10)}{percent(one.mastery):>4}%  {counted(one.cards, 'card'):<9}"
    name = columns(one.title, max(width - 5 - 4 - len(done) - 2, 0))
    return Content(f"     {one.competency:<4}{name}  {done}")


def _weak_row(weak: WeakCheck, width: int) -> Content:
    facts = f"failed {weak.failed} of {weak.tries}"
    name = columns(weak.card.id, 20)
    return Content(f"  {facts:<14}{name} {columns(weak.says, max(width - 37, 10))}")


def _heading(text: str) -> list[Option]:
    return [Option(Content(""), disabled=True), Option(Content.styled(text, "bold underline"), disabled=True)]
