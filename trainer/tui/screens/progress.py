"""The learner's progress: readiness by competency, weakest checks, minutes, and charts over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.containers import Container, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from trainer.session.figures import PASS_MARK, figures_of
from trainer.session.standing import percent
from trainer.session.weakness import weakest_checks
from trainer.tui.commands import bindings_of
from trainer.tui.host import host_of
from trainer.tui.layout import BREAKPOINTS, classes_for
from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import MUTED, ago, clock_text, columns, competency_text, counted
from trainer.tui.widgets.charts import calendar_chart, forecast_chart
from trainer.tui.widgets.domains import domain_row
from trainer.tui.widgets.footer import KeysBar
from trainer.tui.widgets.lists import PlainList

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual_plotext import PlotextPlot

    from trainer.session import CardState, CompetencyState, Session
    from trainer.session.figures import Day, Timing
    from trainer.session.weakness import WeakCheck
    from trainer.tui.commands import Place

_ACCENT, _MARK = (90, 169, 230), (150, 150, 150)
"""Colors of the plot: the line, and the mark of a pass; readable on dark and light."""


class ProgressList(PlainList):
    """The report as rows; a card's row opens the card, a competency's row its next card."""

    def __init__(self, session: Session, now: datetime) -> None:
        super().__init__(id="report")
        self._now = now
        self._overview = session.overview()
        self.figures = figures_of(self._overview, session.store.tries())
        self._weak = weakest_checks(session.catalogue.cards, session.store.attempts)

    def rows(self, width: int) -> Sequence[Option]:
        """The rows for a width in cells; one is left free before the scroll bar."""
        width -= 1
        total = self._overview.summary
        covered = f"{total.covered} of {total.competencies} have cards; others 0%"
        return [
            *_heading(
                "Ready by competency",
                covered if total.covered < total.competencies else "best results of their cards",
                width,
            )[1:],
            *self._domains(width),
            *_heading("Weakest checks", "in the latest attempts", width),
            *self._weakest(width),
            *_heading("Minutes of the last pass", "exam pace", width),
            *self._timings(width),
            *_heading("Last attempts", "", width),
            *self._attempts(width),
        ]

    def _domains(self, width: int) -> list[Option]:
        rows: list[Option] = []
        for domain in self._overview.domains:
            row = domain_row(domain.title, f"{domain.weight}%", domain.mastery, width)
            rows.append(Option(row, disabled=True))
            rows += [
                Option(_competency_row(one, width), id=f"topic {one.competency}")
                for one in domain.competencies
            ]
        return rows

    def card_of(self, row: str) -> str | None:
        """The ID of the card that a row means: of a competency the one that comes next, else its first."""
        kind, name = row.split(" ")[:2]
        if kind != "topic":
            return name
        steps = [step.state for step in self._overview.plan.steps]
        states = [*steps, *self._overview.states]
        return next((state.card.id for state in states if state.card.competency == name), None)

    def _weakest(self, width: int) -> list[Option]:
        rows = [Option(_weak_row(one, width), id=f"weak {one.card.id} {one.check}") for one in self._weak]
        return rows or [_none("None: no check failed recently.")]

    def _timings(self, width: int) -> list[Option]:
        rows = [Option(_timing_row(one, width), id=f"time {one.card}") for one in self.figures.timings[:8]]
        return rows or [_none("None yet: the time counts while a card is open in the app.")]

    def _attempts(self, width: int) -> list[Option]:
        tried = [state for state in self._overview.states if state.last is not None]
        tried.sort(key=lambda state: state.last.at if state.last else 0.0, reverse=True)
        rows = [Option(self._row(state, width), id=f"last {state.card.id}") for state in tried[:8]]
        return rows or [_none("None yet: open a card and save an answer.")]

    def _row(self, state: CardState, width: int) -> Content:
        last = state.last
        if last is None:
            return Content("")
        sign, color = ("✓", "$text-success") if last.passed else ("✗", "$text-error")
        checks = f"{last.checks_passed} of {last.checks_total}"
        tail = f"{checks:>9}  {ago(last.at, self._now):<14}"
        return Content.assemble(
            (f"{sign} ", color), columns(state.card.title, max(width - len(tail) - 2, 8)), (tail, MUTED)
        )


class Progress(ClosesItself, Screen[None]):
    """The progress screen: a report, and beside it, or in its place, the charts."""

    CSS_PATH = "progress.tcss"
    PLACES: ClassVar[tuple[Place, ...]] = ("progress",)
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("progress"))

    def __init__(self, session: Session, now: datetime) -> None:
        super().__init__()
        self._session = session
        self._now = now

    def compose(self) -> ComposeResult:
        """Head, report, charts, keys."""
        from textual_plotext import PlotextPlot

        self.update_classes(classes_for(self.app.size.width), animate=False)
        total = self._session.summary()
        head = (
            f"Progress   ready {percent(total.mastered)}% · "
            f"{total.passed} of {counted(total.cards, 'card')} passed · "
            f"{counted(total.attempts, 'attempt')} · streak {counted(total.streak, 'day')}"
        )
        yield Static(Content(head), id="head", markup=False)
        with Container(id="panes"):
            with Vertical(id="left", classes="frame") as left:
                left.border_title = Content("Report")
                self._report = ProgressList(self._session, self._now)
                yield self._report
            with Vertical(id="charts"):
                with Vertical(id="time", classes="frame") as time:
                    time.border_title = Content("Ready over time, percent")
                    time.border_subtitle = Content(self._estimate())
                    yield Static("", id="too-early", markup=False)
                    yield PlotextPlot(id="plot")
                yield Static(id="calendar", classes="frame", markup=False)
                yield Static(id="forecast", classes="frame", markup=False)
        yield KeysBar("progress")

    def on_mount(self) -> None:
        """Draw the charts and focus the report."""
        for pane, title in (
            ("#calendar", "Days of practice"),
            ("#forecast", "Cards to review, next 14 days"),
        ):
            self.query_one(pane).border_title = Content(title)
        self._plot()
        self._draw()
        self._report.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the charts to another width."""
        del event
        self.call_after_refresh(self._draw)

    def _estimate(self) -> str:
        estimate = self._report.figures.estimate
        score, spread = percent(estimate.score), percent(estimate.spread)
        return f"an exam today: about {score}% ± {spread}; {PASS_MARK}% pass"

    def _plot(self) -> None:
        days = self._report.figures.days
        early = self.query_one("#too-early", Static)
        early.update("The line begins with the second day." if len(days) < 2 else "")
        early.display = len(days) < 2
        plot: Any = self.query_one("#plot")
        plot.display = len(days) >= 2
        if len(days) >= 2:
            draw_readiness(plot, days)

    def _draw(self) -> None:
        figures, today = self._report.figures, self._now.date()
        for name in ("calendar", "forecast"):
            pane = self.query_one(f"#{name}", Static)
            width = pane.content_size.width or 50
            if name == "calendar":
                pane.update(calendar_chart(figures.days, today, width))
            else:
                pane.update(forecast_chart(figures.forecast, today, width, 4))

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self._open(event.option_id)

    def action_open(self) -> None:
        """Open the card of the highlighted row."""
        option = self._report.highlighted_option
        self._open(option.id if option else None)

    def action_charts(self) -> None:
        """Show the charts over the whole screen, or the report again."""
        self.toggle_class("-charts")
        if not self.has_class("-charts"):
            self._report.focus()
        self.call_after_refresh(self._draw)

    def action_back(self) -> None:
        """Back."""
        self.dismiss()

    def _open(self, row: str | None) -> None:
        card = self._report.card_of(row) if row else None
        if card:
            host_of(self.app).open_card(card)


def draw_readiness(plot: PlotextPlot, days: Sequence[Day]) -> None:
    """Draw the readiness at the end of each day, and the mark of a pass."""
    plot.theme = "clear"
    first = days[0].day
    places = [(one.day - first).days for one in days]
    shares = [100 * one.ready for one in days]
    plt = plot.plt
    plt.clear_data()
    plt.plot([places[0], places[-1]], [PASS_MARK, PASS_MARK], color=_MARK, marker="dot")
    plt.plot(places, shares, color=_ACCENT, marker="braille")
    plt.ylim(0, 100)
    plt.yticks([0, 25, 50, PASS_MARK, 100])
    shown = sorted({0, len(days) // 2, len(days) - 1})
    plt.xticks([float(places[one]) for one in shown], [f"{days[one].day:%d %b}" for one in shown])
    plot.refresh()


def _none(text: str) -> Option:
    return Option(Content.styled(text, MUTED))  # not disabled: the keys reach it


def _competency_row(one: CompetencyState, width: int) -> Content:
    done = f"{percent(one.mastery)}%" if one.cards else "no card"
    cards = f"{one.passed} of {one.cards}" if one.cards else ""
    text = columns(f"{one.competency} {competency_text(one.competency)}", max(width - 19, 8))
    return Content.assemble(
        f"  {text}", (f" {cards:>8}", MUTED), (f"{done:>8}", MUTED if not one.mastery else "")
    )


def _weak_row(weak: WeakCheck, width: int) -> Content:
    facts = f"{weak.failed} of {weak.tries} failed"
    room = max(width - len(facts) - 2, 16)
    name = columns(weak.says, room - room // 3 - 2)
    return Content.assemble(
        ("✗ ", "$text-error"), name, " ", (columns(weak.card.title, room // 3), MUTED), (f" {facts}", MUTED)
    )


def _timing_row(one: Timing, width: int) -> Content:
    slow = one.share > 1
    facts = f"{clock_text(one.seconds):>8} of {one.minutes:>2} min  {'slow' if slow else 'in time':<7}"
    sign, color = ("!", "$text-warning") if slow else ("✓", "$text-success")
    return Content.assemble(
        (f"{sign} ", color), columns(one.title, max(width - len(facts) - 2, 8)), (facts, MUTED)
    )


def _heading(text: str, right: str, width: int) -> list[Option]:
    title = columns(text.upper(), max(width - len(right) - 1, 8))
    line = Content.assemble((title, "bold $foreground 85%"), (f" {right}", MUTED))
    return [Option(Content(""), disabled=True), Option(line, disabled=True)]
