"""The mock exam: the clock, the cards, the task and the answer of one of them. Nothing is graded here."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on, work
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from trainer.config import from_home
from trainer.errors import TrainerError
from trainer.session.editor import editor_of
from trainer.session.exam.clock import alert
from trainer.tui.commands import bindings_of
from trainer.tui.host import Host, host_of
from trainer.tui.layout import BREAKPOINTS, WIDE, classes_for
from trainer.tui.lifetime import ClosesItself
from trainer.tui.screens.answer_files import SwitchesFiles
from trainer.tui.screens.material import ShowsMaterial
from trainer.tui.suspended import run_suspended
from trainer.tui.text import literal
from trainer.tui.widgets.answer_pane import AnswerPane
from trainer.tui.widgets.card_lines import Tabs
from trainer.tui.widgets.exam_lines import ExamList, finish_question, head_line, tabs_line
from trainer.tui.widgets.footer import KeysBar
from trainer.tui.widgets.line import Line
from trainer.tui.widgets.prompt import PromptView

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.content.card import Card
    from trainer.progress.exams import Ended
    from trainer.session import Session
    from trainer.session.exam.desk import Desk
    from trainer.session.exam.sitting import Sitting
    from trainer.tui.commands import Place

Pane = Literal["cards", "task", "answer"]
PANES: tuple[Pane, ...] = ("cards", "task", "answer")
LOOKS_EACH = 0.5
"""Seconds between two looks at the clock and at the files."""


class ExamAnswer(AnswerPane):
    """The pane of an answer that isn't graded on saving."""

    how_to_begin = "No answer yet. Press i to edit here, or e to open your editor."
    write_here = "Write your answer here. It is saved when you leave it, and with ctrl+s."


class ExamScreen(ClosesItself, SwitchesFiles, ShowsMaterial):
    """One card of an exam that is open; another card is another screen on the same sitting.

    Narrow: one pane at a time behind tabs; wide: the cards, and beside them the task above the answer.
    """

    CSS_PATH = "exam.tcss"
    PLACES: ClassVar[tuple[Place, ...]] = ("exam-editing", "typing", "exam")
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("exam"))
    HIDES_CARDS = True
    """The app opens no card for practice above this screen: it has hints and the solution."""

    def __init__(self, desk: Desk, sitting: Sitting, pane: Pane = "task") -> None:
        super().__init__()
        self._desk = desk
        self._sitting = sitting
        self._position = sitting.exam.at
        self._pane: Pane = pane
        self._trouble = ""
        self._left = sitting.left
        self._hands_on = False
        """Whether the screen that follows has the sitting."""
        self._card: Card | None = None
        try:
            self._card = desk.card(sitting.exam.card.card)
        except TrainerError as error:
            self._trouble = f"this card can't be shown: {error}"
        self._seen: object = None

    def compose(self) -> ComposeResult:
        """Clock, tabs, the three panes, status, keys."""
        self.update_classes(classes_for(self.app.size.width), animate=False)
        yield Line(id="head", markup=False)
        yield Tabs()
        with Horizontal(id="panes"):
            yield ExamList(self._sitting, self._desk)
            with Vertical(id="work"):
                if self._card is None:
                    yield Static(literal(self._trouble), id="task", classes="frame", markup=False)
                    yield Static(id="answer", classes="frame", markup=False)
                else:
                    folder = from_home(self._desk.folder(self._card))
                    yield PromptView(self._card, (), folder)
                    yield ExamAnswer(self._desk, self._card)
        yield Line(id="status", markup=False)
        yield KeysBar("exam")

    def on_mount(self) -> None:
        """Show what is known, and look at the clock from now on."""
        self._show_pane(self._pane)
        self._show_lines()
        self._seen = self._files()
        self.set_interval(LOOKS_EACH, self._look)

    def on_unmount(self) -> None:
        """Stop the clock, unless another card follows."""
        if not self._hands_on:
            self._sitting.close()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the lines to another width."""
        del event
        self.call_after_refresh(self._show_lines)

    # -- the clock

    def _look(self) -> None:
        """Look at the clock, at other programs' wishes, and at the files."""
        if self._hands_on:
            return
        before, self._left = self._left, self._sitting.left
        exam = self._sitting.exam
        if exam.how is not None:
            self._host.tell(f"Exam {exam.number} was ended in another window.", "warning")
            self._end(None)
        elif self._left <= 0:
            self._end("expired")
        elif exam.pausing:
            self._host.tell(f"Exam {exam.number} was paused in another window; x resumes it.", "warning")
            self.action_back()
        else:
            if (minutes := alert(before, self._left)) is not None:
                self.app.bell()
                self._host.tell(f"{minutes} minutes left.", "warning")
            if self._card is not None and (now := self._files()) != self._seen:
                self._seen = now
                self._answer.reload()
            self._show_lines()

    def _files(self) -> object:
        try:
            return self._desk.signature(self._card) if self._card else None
        except (TrainerError, OSError):
            return None

    def _end(self, how: Ended | None) -> None:
        """Save, let the exam go, and show its report."""
        from trainer.tui.screens.exam_report import ReportScreen

        if self._hands_on:
            return
        self._hands_on = True
        self._save_text()
        self._sitting.close()
        self._close_questions()
        self.app.switch_screen(ReportScreen(self._desk.practice, self._sitting.exam, how))

    def _close_questions(self) -> None:
        """Close what is above this screen: a question, the help, the palette. Time doesn't wait for it."""
        while self.app.screen is not self and self in self.app.screen_stack:
            self.app.pop_screen()

    # -- what the widgets report

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._go_to(int(event.option.id or 1))

    @on(AnswerPane.ModeChanged)
    def _mode_changed(self) -> None:
        if self._card is not None:
            self.query_one(KeysBar).show("exam-editing" if self._answer.editing else "exam")
            if not self._answer.editing and self._answer.unsaved:
                self._save_text()
        self._show_lines()

    @on(AnswerPane.Trouble)
    def _tell_trouble(self, event: AnswerPane.Trouble) -> None:
        self._host.tell(event.message, "warning")

    @on(AnswerPane.SaveWanted)
    def _save(self, event: AnswerPane.SaveWanted) -> None:
        del event  # what another program saved meanwhile goes to the backups
        if self._answer.save() and self._answer.editing:
            self._host.tell("Saved.")

    # -- actions

    def action_open(self) -> None:
        """Go to the highlighted card of the list; elsewhere, enter edits the answer."""
        option = self.query_one(ExamList).highlighted_option
        if self._pane == "cards" and option is not None:
            self._go_to(int(option.id or 1))
        else:
            self.action_write()

    def action_write(self) -> None:
        """Edit in the built-in editor."""
        if self._begin():
            self._show_pane("answer")
            self._answer.begin()

    def action_edit(self) -> None:
        """Open the learner's editor; without one, or if it cannot run, edit here. The clock runs on.

        What the editor saves after the time is up doesn't count.
        """
        command = editor_of(self._desk.settings.editor)
        if not self._begin():
            return
        if command is None:
            self._host.tell("$VISUAL and $EDITOR are not set; using the built-in editor.")
            self.action_write()
            return
        self._save_text()
        with self._sitting.away():
            edited = run_suspended(self.app, command, [self._answer.path])
        if edited.message:
            self._host.tell(edited.message, "warning")
        if edited.how == "not-started":
            self.action_write()
        self._answer.reload()

    def action_flag(self) -> None:
        """Flag the card, or take its flag away."""
        on = not self._sitting.exam.cards[self._position - 1].flagged
        self._sitting.flag(self._position, on=on)
        self._show_lines()

    def action_next_card(self) -> None:
        """Go to the next card; after the last comes the first."""
        self._go_to(self._position % len(self._sitting.exam.cards) + 1)

    def action_previous_card(self) -> None:
        """Go to the previous card."""
        self._go_to((self._position - 2) % len(self._sitting.exam.cards) + 1)

    def action_pane(self, pane: Pane) -> None:
        """Show a pane and focus it."""
        self._show_pane(pane)

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self._show_pane(PANES[(PANES.index(self._pane) + 1) % 3])

    def action_previous_pane(self) -> None:
        """Go to the previous pane."""
        self._show_pane(PANES[(PANES.index(self._pane) - 1) % 3])

    @work
    async def action_finish(self) -> None:
        """End the exam, after asking once."""
        self._save_text()
        if await self.confirmed(finish_question(self._sitting.exam, self._desk), "yes, end and grade it"):
            self._end("finished")

    def action_back(self) -> None:
        """Leave the exam: its clock stops, and it can be resumed."""
        if self._save_text():
            self._close_questions()
            self.dismiss()

    async def may_leave(self) -> bool:
        """Save what is typed; True if everything is saved. The exam can be resumed."""
        return self._save_text()

    # -- helpers

    @property
    def _host(self) -> Host:
        return host_of(self.app)

    @property
    def _answer(self) -> ExamAnswer:
        return self.query_one(ExamAnswer)

    def _material(self) -> tuple[Card, Session] | None:
        return (self._card, self._desk) if self._card is not None else None

    def _save_text(self) -> bool:
        """Save the unsaved text of the card; False if that fails, which is told: the draft stays."""
        return self._card is None or not self._answer.unsaved or self._answer.save()

    def _begin(self) -> bool:
        """Make the folder and its files, once; False without a card, or if that fails."""
        if self._card is None:
            return False
        if self._desk.started(self._card):
            return True
        try:
            self._desk.start(self._card)
        except (TrainerError, OSError) as error:
            self._host.tell(str(error), "error")
            return False
        self._answer.reload()
        return True

    def _go_to(self, position: int) -> None:
        if self._hands_on or position == self._position:
            self._show_pane("task")
            return
        self._save_text()
        self._hands_on = True
        self._sitting.look_at(position)
        pane: Pane = "task" if self.size.width < WIDE else self._pane
        self.app.switch_screen(ExamScreen(self._desk, self._sitting, pane))

    def _show_pane(self, pane: Pane) -> None:
        self._mark(pane)
        if pane == "answer" and self._card is not None:
            self._answer.view.focus()
        else:
            self.query_one(f"#{pane}").focus()
        self._show_lines()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click into a pane makes it the current one."""
        for name in PANES:
            pane = self.query_one(f"#{name}")
            if event.widget is pane or pane in event.widget.ancestors:
                self._mark(name)

    def _mark(self, pane: Pane) -> None:
        self._pane = pane
        for name in PANES:
            self.query_one(f"#{name}").set_class(name == pane, "-current")
        self.query_one("#work").set_class(pane != "cards", "-current")

    def _show_lines(self) -> None:
        exam, width = self._sitting.exam, self.size.width
        self.query_one("#head", Line).update(head_line(exam, self._sitting.left, width - 4))
        self.query_one("#tabs", Line).update(tabs_line(self._pane))
        trouble = self._trouble
        if self._sitting.trouble:
            trouble = f"the clock isn't stored: {self._sitting.trouble}"
        status = Content("")
        if trouble:
            status = Content.assemble(("! ", "bold $text-error"), literal(trouble))
        self.query_one("#status", Line).update(status)
        self.query_one(ExamList).look()
