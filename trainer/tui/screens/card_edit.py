"""The part of the card screen that changes the answer: write, open an editor, save, discard, start over."""

from __future__ import annotations

from functools import cached_property

from textual import on, work

from trainer.session.editor import editor_of
from trainer.tui.screens.card_base import CardBase
from trainer.tui.screens.confirm import LeaveUnsaved
from trainer.tui.split import Split
from trainer.tui.suspended import run_suspended
from trainer.tui.widgets.answer_pane import AnswerPane
from trainer.tui.widgets.grader import Grader


class EditsAnswer(CardBase):
    """Keys that change the answer; a card is started by the first of them."""

    _begun = False

    @cached_property
    def _split(self) -> Split:
        """The pane of tmux with the learner's editor."""
        return Split()

    @on(AnswerPane.SaveWanted)
    @work
    async def _save(self, event: AnswerPane.SaveWanted) -> None:
        names = " and ".join(event.overtaken)
        question = (
            f"Another program saved {names} while you were editing. Replace it? It goes to the backups."
        )
        if not event.overtaken or await self.confirmed(question, "yes, replace"):
            self._answer.save()

    def action_write(self) -> None:
        """Edit in the built-in editor."""
        self._begin()
        self.action_pane("answer")
        self._answer.begin()

    def action_grade(self) -> None:
        """Grade what is saved; unsaved text is saved first."""
        if self._answer.unsaved:
            self._answer.action_save()
        else:
            self.query_one(Grader).grade()

    @work
    async def action_edit(self) -> None:
        """Open the learner's editor; without one, or if it cannot run, edit here."""
        answer = self._answer
        if answer.unsaved:
            question = "You have unsaved text. Save it first, so that your editor shows it?"
            if not await self.confirmed(question, "yes, save and open") or not answer.save():
                return
        command = editor_of(self._session.settings.editor)
        if command is None:
            self._host.tell("$VISUAL and $EDITOR are not set; using the built-in editor.")
            self.action_write()
            return
        self._begin()
        files, size = [answer.path], (self.app.size.width, self.app.size.height)
        edited = await self._split.run(command, files, size) or run_suspended(self.app, command, files)
        if edited.message:
            self._host.tell(edited.message, "warning")
        if edited.how == "not-started":
            self.action_write()
        answer.reload()
        self.query_one(Grader).poll()

    @work
    async def action_reset(self) -> None:
        """Start over, after asking; the old answer moves to a backup folder."""
        question = "Start this card over? Your answer moves to a backup folder; unsaved text is lost."
        if not await self.confirmed(question, "yes, start over"):
            return
        backup = self._do(lambda: self._session.reset(self.card))
        if backup is not None:
            self._answer.forget_unsaved()
            self._host.tell(f"Started over. Your previous answer is in {backup}.")

    def action_discard(self) -> None:
        """Show the file as it is saved; the unsaved text goes to the backups."""
        self._answer.discard()

    async def may_leave(self) -> bool:
        """Ask what to do with unsaved text; True if the screen can close. Call it in a worker."""
        if not self._answer.unsaved:
            return True
        choice = await self.asked(LeaveUnsaved(self._answer.unsaved), otherwise="stay")
        return choice == "draft" or (choice == "save" and self._answer.save())

    def _begin(self) -> None:
        """Make the folder and its files, once; looking at a card doesn't start it."""
        if not self._begun and self._do(lambda: self._session.start(self.card)) is not None:
            self._begun = True
            self._answer.reload()
            self.query_one(Grader).take_as_seen()
