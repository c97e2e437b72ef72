"""Working on a card: task, answer and checks; every save is graded, whatever editor saves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Container, Vertical

from trainer.config import from_home
from trainer.tui.commands import bindings_of
from trainer.tui.layout import CARD_BREAKPOINTS, CARD_HEIGHTS, WIDE, classes_for
from trainer.tui.screens.card_edit import EditsAnswer
from trainer.tui.screens.card_effect import ShowsEffect
from trainer.tui.screens.card_help import GivesHelp
from trainer.tui.screens.card_notes import KeepsNotes
from trainer.tui.screens.card_pass import SaysWhatIsNext
from trainer.tui.stopwatch import Stopwatch
from trainer.tui.widgets.answer_pane import AnswerPane
from trainer.tui.widgets.card_lines import Tabs, head_line, status_line, tabs_line
from trainer.tui.widgets.checks import ChecksList, ChecksPane, marks_of
from trainer.tui.widgets.effect import EffectList, EffectPane
from trainer.tui.widgets.footer import KeysBar
from trainer.tui.widgets.frame import Framed
from trainer.tui.widgets.grader import Grader
from trainer.tui.widgets.line import Line
from trainer.tui.widgets.panels import HintPanel, PassPanel
from trainer.tui.widgets.prompt import PromptView

if TYPE_CHECKING:
    from datetime import datetime

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.content.card import Card
    from trainer.session import Graded, Session
    from trainer.tui.commands import Place
    from trainer.tui.screens.card_base import Pane

PANES: tuple[Pane, ...] = ("task", "answer", "checks", "effect")


class CardScreen(EditsAnswer, GivesHelp, KeepsNotes, SaysWhatIsNext, ShowsEffect):
    """One card. Narrow: one pane at a time behind tabs; wide: all of them, or the zoomed one."""

    CSS_PATH = "card.tcss"
    PLACES: ClassVar[tuple[Place, ...]] = ("editing", "typing", "card")
    HORIZONTAL_BREAKPOINTS = CARD_BREAKPOINTS
    VERTICAL_BREAKPOINTS = CARD_HEIGHTS
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("card"))

    def __init__(self, session: Session, card: Card) -> None:
        super().__init__(session, card)
        self._watch = Stopwatch(lambda: self._host.clock().timestamp())
        self._graded: Graded | None = None
        self._saved: datetime | None = None
        self._attempt = 0
        self._shown: Pane = "task"

    def compose(self) -> ComposeResult:
        """Head, tabs, panes, status, keys; and the grader behind them."""
        width, height = self.app.size
        classes = classes_for(width, CARD_BREAKPOINTS) | classes_for(height, CARD_HEIGHTS)
        self.update_classes(classes, animate=False)
        yield Line(id="head", markup=False)
        yield Tabs()
        with Container(id="panes", classes="-all"):
            hints = self.card.hints[: self._prepare()]
            task = PromptView(self.card, hints, from_home(self._session.folder(self.card)))
            answer = AnswerPane(self._session, self.card)
            self._shown = "answer" if width >= WIDE else "task"
            (task if self._shown == "task" else answer).add_class("-current")
            yield from (task, answer, ChecksPane(self.card), EffectPane(self._session, self.card))
        with Vertical(id="below"):
            yield HintPanel()
            yield PassPanel()
        yield Line(id="status", markup=False)
        yield Grader(self._session, self.card, lambda: self._watch.seconds)
        yield KeysBar("card")

    def on_mount(self) -> None:
        """Show what is known; grade an existing answer without a new attempt."""
        if self._trouble:
            self._host.tell(self._trouble, "error")
        if self._attempt and self._session.started(self.card):
            self.query_one(Grader).grade(record=False)
        self.show_stored_note()
        self.set_interval(1.0, self._show_head)
        self._show_pane(self._shown)
        self._show_lines()

    # -- what the widgets report

    @on(Grader.Saved)
    def _files_changed(self, event: Grader.Saved) -> None:
        self.query_one(AnswerPane).reload()
        if event.empty:
            self._saved, self._graded, self._trouble = None, None, ""
            self._answer.show_marks({})
            self.query_one(ChecksPane).show(None)
            self._show_pass(None)
            self._show_lines()
        else:
            self._saved = self._host.clock()

    @on(AnswerPane.Written)
    def _written(self, event: AnswerPane.Written) -> None:
        grader = self.query_one(Grader)
        if event.changed:
            self._saved = self._host.clock()
            grader.saved()
        else:
            grader.grade()

    @on(Grader.Finished)
    def _show_verdict(self, event: Grader.Finished) -> None:
        graded = event.graded
        self._graded, self._trouble = graded, graded.unrecorded
        self._attempt = graded.attempt or self._attempt
        self._show_pass(graded)
        self.query_one(AnswerPane).show_marks(marks_of(graded.verdict))
        self.query_one(ChecksPane).show(graded.verdict)
        self._show_lines()

    def _show_pass(self, graded: Graded | None) -> None:
        """Stop the time and say what is next; or take that back if the answer doesn't pass."""
        panel = self.query_one(PassPanel)
        if graded is None or not graded.verdict.passed:
            panel.hide()
            if self._watch.stopped:
                self._watch.resume()
            return
        if not self._watch.stopped:
            self._watch.stop()
            now = bool(graded.attempt or graded.unrecorded)  # else it was graded when the card was opened
            seconds = self._watch.seconds if now else None
            self.show_pass(seconds=seconds, attempt=self._attempt, hints=self._hints_shown())
        self._hint = 0
        self.query_one(HintPanel).show(self.card, 0)

    @on(Grader.Failed)
    def _show_failure(self, event: Grader.Failed) -> None:
        self._graded, self._trouble = None, str(event.error)
        self._answer.show_marks({})
        self.query_one(ChecksPane).show(None)
        self._show_lines()

    @on(ChecksList.Chosen)
    def _go_to_line(self, event: ChecksList.Chosen) -> None:
        self.query_one(AnswerPane).go_to(event.location.file, event.location.line, event.location.column)

    @on(AnswerPane.ModeChanged)
    def _mode_changed(self) -> None:
        self.query_one(KeysBar).show("editing" if self._answer.editing else "card")
        self._show_lines()

    @on(AnswerPane.Trouble)
    def _tell_trouble(self, event: AnswerPane.Trouble) -> None:
        self._host.tell(event.message, "warning")

    def on_resize(self, event: events.Resize) -> None:
        """Fit the lines to another width; the current pane stays current."""
        del event
        self.call_after_refresh(self._show_lines)

    @on(Framed.ZoomWanted)
    def _zoom_clicked(self, event: Framed.ZoomWanted) -> None:
        if event.pane.id in PANES:
            self._show_pane(event.pane.id)
        self.action_zoom()

    # -- actions

    def action_zoom(self) -> None:
        """Fill the screen with the current pane, or show all again."""
        self.query_one("#panes").set_class(self.has_class("-zoomed"), "-all")
        self.toggle_class("-zoomed")
        self.call_after_refresh(self._show_lines)

    def action_pause(self) -> None:
        """Pause the time, or let it run on."""
        if self._watch.stopped:
            self._host.tell("The time stopped when you passed.")
        elif self._watch.running:
            self._watch.pause()
        else:
            self._watch.resume()
        self._show_head()

    @work
    async def action_cluster(self) -> None:
        """Check a cluster, prepare or reset it; the findings are shown with the checks."""
        from trainer.tui.screens.live import LiveScreen

        live = await self.asked(LiveScreen(self._session, self.card), otherwise=None)
        if live is not None:
            self.query_one(ChecksPane).show(live.verdict)
            self._show_pane("checks")
        self._show_lines()

    def action_next_mark(self) -> None:
        """Go to the next marked line."""
        self._go_to_mark(1)

    def action_previous_mark(self) -> None:
        """Go to the previous marked line."""
        self._go_to_mark(-1)

    def action_pane(self, pane: Pane) -> None:
        """Show a pane and focus it."""
        self._show_pane(pane)

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self._step(1)

    def action_previous_pane(self) -> None:
        """Go to the previous pane."""
        self._step(-1)

    @work
    async def action_next_card(self) -> None:
        """Go to the next card of the plan."""
        if await self.may_leave() and self.is_active:
            self._host.open_next(self.card)

    @work
    async def action_back(self) -> None:
        """Back to the cards."""
        if await self.may_leave():
            self.dismiss()

    # -- helpers

    def _prepare(self) -> int:
        """Look up earlier attempts; returns how many hints were shown before."""
        states = self._do(self._session.states) or []
        self._attempt = next((s.attempts for s in states if s.card.id == self.card.id), 0)
        return self._hints_shown()

    def _step(self, by: int) -> None:
        panes = PANES if self.size.width < WIDE or self.effect_wanted else PANES[:3]
        here = panes.index(self._shown) if self._shown in panes else 0
        self._show_pane(panes[(here + by) % len(panes)])

    def _go_to_mark(self, step: int) -> None:
        self._show_pane("answer")
        self._answer.view.next_mark(step)

    def _show_pane(self, pane: Pane) -> None:
        self._shown = pane
        for name in PANES:
            self.query_one(f"#{name}").set_class(name == pane, "-current")
        self.look_at_effect(pane)
        targets = {
            "task": self.query_one("#task"),
            "checks": self.query_one(ChecksList),
            "effect": self.query_one(EffectList),
        }
        targets.get(pane, self._answer.view).focus()
        self._show_lines()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click into a pane makes it the current one."""
        for name in PANES:
            pane = self.query_one(f"#{name}")
            if event.widget is pane or pane in event.widget.ancestors:
                self._shown = name
                for other in PANES:
                    self.query_one(f"#{other}").set_class(other == name, "-current")

    def _show_head(self) -> None:
        line = head_line(self.card, self._watch.seconds, self.size.width - 4, paused=self._watch.paused)
        self.query_one("#head", Line).update(line)

    def _show_lines(self) -> None:
        self._show_head()
        answer = self._answer
        verdict = self._graded.verdict if self._graded else None
        tabs = tabs_line(self._shown, verdict, unsaved=bool(answer.unsaved), width=self.size.width - 3)
        self.query_one("#tabs", Line).update(tabs)
        self.query_one("#status", Line).update(
            status_line(
                saved=self._saved,
                milliseconds=self._graded.milliseconds if self._graded else None,
                attempt=self._attempt,
                unsaved=answer.unsaved,
                trouble=self._trouble,
                context=self._session.settings.context,
                width=self.size.width - 4,
            )
        )
