"""The report of an exam: result, domains, minutes, and each card with its checks; the solutions, too."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from trainer.errors import TrainerError, in_words
from trainer.session.exam.desk import Desk
from trainer.session.exam.finish import finish
from trainer.session.exam.report import report_of
from trainer.tui.commands import bindings_of
from trainer.tui.host import Host, host_of
from trainer.tui.lifetime import ClosesItself
from trainer.tui.widgets.exam_report import report_head, report_rows
from trainer.tui.widgets.footer import KeysBar
from trainer.tui.widgets.lists import PlainList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.progress.exams import Ended, Exam
    from trainer.session import Session
    from trainer.session.exam.report import Report
    from trainer.tui.commands import Place


class ReportList(PlainList):
    """The report as rows; a card's row opens its solution."""

    def __init__(self) -> None:
        super().__init__(id="report")
        self.report: Report | None = None
        self.told = ""

    def rows(self, width: int) -> Sequence[Option]:
        """The rows for a width in cells."""
        if self.report is None:
            return [Option(Content(self.told), disabled=True)]
        return report_rows(self.report, width - 1)


class ReportScreen(ClosesItself, Screen[None]):
    """An exam that has ended; one that is about to end is graded first, in a thread."""

    CSS_PATH = "exam_report.tcss"
    PLACES: ClassVar[tuple[Place, ...]] = ("exam-report",)
    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("exam-report"))

    def __init__(self, session: Session, exam: Exam, how: Ended | None = None) -> None:
        super().__init__()
        self._session = session
        self._exam = exam
        self._how = how

    def compose(self) -> ComposeResult:
        """Head, report, keys."""
        yield Static(Content(f"Exam {self._exam.number}"), id="head", markup=False)
        yield ReportList()
        yield KeysBar("exam-report")

    def on_mount(self) -> None:
        """Grade what must be graded, or show the report."""
        self.query_one(ReportList).focus()
        if self._how is None:
            self._show(self._exam)
        else:
            self._tell(1)
            self.run_worker(self._grade, thread=True, exclusive=True, exit_on_error=False)

    def _grade(self) -> None:
        """In a thread: grade every card, and store all of it at once."""
        told = partial(self.app.call_from_thread, self._tell)
        try:
            ended = finish(self._session, self._exam, self._how or "finished", told)
        except Exception as error:  # the answers stay, and so does the exam: it can be ended again
            words = str(error) if isinstance(error, TrainerError) else in_words(error)
            self.app.call_from_thread(self._fail, words)
        else:
            self.app.call_from_thread(self._show, ended)

    def _tell(self, position: int) -> None:
        self._say(f"Grading card {position} of {len(self._exam.cards)}.")

    def _fail(self, words: str) -> None:
        self._say(f"The exam isn't graded yet: {words} Your answers are kept; go back, and end it again.")

    def _say(self, words: str) -> None:
        for rows in self.query(ReportList):
            rows.told = words
            rows.rebuild()

    def _show(self, exam: Exam) -> None:
        self._exam = exam
        for rows in self.query(ReportList):
            rows.report = report_of(exam)
            self.query_one("#head", Static).update(report_head(rows.report))
            rows.rebuild()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._open(event.option.id)

    def action_open(self) -> None:
        """Show the solution of the highlighted card."""
        option = self.query_one(ReportList).highlighted_option
        self._open(option.id if option else None)

    def _open(self, card_id: str | None) -> None:
        from trainer.tui.screens.solution import SolutionScreen

        if card_id is None or self._exam.how is None:
            return
        desk = Desk(self._session, self._exam)
        try:
            card = desk.card(card_id)
            self.app.push_screen(SolutionScreen(card, desk.reveal(card)))
        except (TrainerError, OSError) as error:
            self._host.tell(str(error), "error")

    def action_again(self) -> None:
        """Take the same cards again in other variants."""
        if self._exam.how is not None:
            self._host.take_exam_again(self._exam)

    def action_exam(self) -> None:
        """Begin a new exam."""
        self._host.open_exam()

    def action_history(self) -> None:
        """Show all exams."""
        self._host.show_exams()

    def action_back(self) -> None:
        """Go back."""
        self.dismiss()

    @property
    def _host(self) -> Host:
        return host_of(self.app)
