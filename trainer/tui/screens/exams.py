"""All exams: their results, and the way to their reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static

from trainer.tui.commands import bindings_of
from trainer.tui.host import host_of
from trainer.tui.lifetime import ClosesItself
from trainer.tui.widgets.exam_report import exam_options
from trainer.tui.widgets.footer import KeysBar
from trainer.tui.widgets.lists import PlainList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widgets.option_list import Option

    from trainer.progress.exams import Exam
    from trainer.session import Session
    from trainer.tui.commands import Place


class ExamRows(PlainList):
    """One row for each exam, the latest first."""

    def __init__(self, exams: Sequence[Exam]) -> None:
        super().__init__(id="exams")
        self._exams = exams

    def rows(self, width: int) -> Sequence[Option]:
        """The rows for a width in cells."""
        return exam_options(self._exams, width)


class ExamsScreen(ClosesItself, Screen[None]):
    """The history of exams."""

    CSS_PATH = "exam_report.tcss"
    PLACES: ClassVar[tuple[Place, ...]] = ("exams",)
    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("exams"))

    def __init__(self, session: Session, exams: Sequence[Exam]) -> None:
        super().__init__()
        self._session = session
        self._exams = {exam.number: exam for exam in exams}

    def compose(self) -> ComposeResult:
        """Head, exams, keys."""
        yield Static(Content.styled("Mock exams", "bold"), id="head", markup=False)
        yield ExamRows(list(self._exams.values()))
        yield KeysBar("exams")

    def on_mount(self) -> None:
        """Focus the list."""
        self.query_one(ExamRows).focus()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._open(event.option.id)

    def action_open(self) -> None:
        """Show the report of the highlighted exam, or resume the one that runs."""
        option = self.query_one(ExamRows).highlighted_option
        self._open(option.id if option else None)

    def _open(self, number: str | None) -> None:
        from trainer.tui.screens.exam_report import ReportScreen

        exam = self._exams.get(int(number)) if number else None
        if exam is None:
            return
        if exam.how is None:
            self.action_exam()
        else:
            self.app.push_screen(ReportScreen(self._session, exam))

    def action_exam(self) -> None:
        """Begin or resume an exam."""
        self.dismiss()
        host_of(self.app).open_exam()

    def action_back(self) -> None:
        """Go back."""
        self.dismiss()
