"""The answer's pane: its files, the view of one of them, the built-in editor and its drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from trainer.errors import TrainerError
from trainer.safe_text import clean
from trainer.tui.commands import bindings_of
from trainer.tui.drafts import Drafts
from trainer.tui.keystrokes import language_of
from trainer.tui.lifetime import WhileThere
from trainer.tui.text import MUTED, literal, one_line
from trainer.tui.widgets.answer import AnswerView, Mark
from trainer.tui.widgets.answer_help import HelpsWriting
from trainer.tui.widgets.completion import Completion
from trainer.tui.widgets.file_tabs import FileTabs, state_words
from trainer.tui.widgets.find_bar import FindBar
from trainer.tui.widgets.frame import Framed

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.content.card import Card
    from trainer.session import Session
    from trainer.session.held import Held

RARE_BREAKS = "\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""What the text area treats as the end of a line, and would write back as a newline."""


class AnswerPane(WhileThere, HelpsWriting, Vertical, Framed):
    """Shows one file of the answer at a time; knows which of them has unsaved text."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("editing"))
    how_to_begin = "No answer yet. Press i to edit here, or e to open your editor."
    write_here = "Write your answer here. ctrl+s saves and grades, esc stops editing."

    class Written(Message):
        """The built-in editor saved; `changed` says whether there was anything to write."""

        def __init__(self, *, changed: bool) -> None:
            super().__init__()
            self.changed = changed

    class ModeChanged(Message):
        """Editing began or ended, the text became unsaved or saved, or another file is shown."""

    class Trouble(Message):
        """Something about a file that the learner must know; `message` is a sentence."""

        def __init__(self, message: str) -> None:
            super().__init__()
            self.message = message

    def __init__(self, session: Session, card: Card) -> None:
        super().__init__(id="answer", classes="frame")
        self._session = session
        self._card = card
        self._held: dict[str, Held] = {}
        """What was last read of each file."""
        self._base: dict[str, Held] = {}
        """What was read of it before its text was changed here."""
        self._drafts = Drafts(session.folder(card))
        self._unsaved: dict[str, str] = {}
        self._overtaken: set[str] = set()
        self._shut: dict[str, str] = {}
        self._draft_told = False
        self._marks: dict[str, list[Mark]] = {}
        self.files: list[str] = list(card.files)
        self.file = self.files[0] if self.files else "answer.yaml"

    def compose(self) -> ComposeResult:
        """The files in a line, the text, and the message at the cursor's line."""
        yield FileTabs()
        view = AnswerView()
        yield view
        yield FindBar(view)
        yield Completion()
        yield Static(id="at-line", markup=False)

    def on_mount(self) -> None:
        """Show the files of the folder, and restore drafts."""
        self.view.takes_first, self.view.completes = self.takes_key, self.offer_words
        self.reload()
        for name in self.files:
            self._take_up_draft(name)
        self._show_file(self.file)

    def on_unmount(self) -> None:
        """Leave the drafts to whoever opens the card next."""
        self._drafts.close()

    def say(self, message: str) -> None:
        """Tell the learner something."""
        self.post_message(self.Trouble(message))

    @property
    def editing(self) -> bool:
        """Whether the learner is typing here."""
        return self.view.editing

    @property
    def unsaved(self) -> list[str]:
        """The files with text that is not saved."""
        return sorted(self._unsaved)

    @property
    def path(self) -> Path:
        """The shown file's path."""
        return self._session.folder(self._card) / self.file

    def reload(self) -> None:
        """Read the files again; unsaved text stays, with a notice if the file has changed."""
        on_disk = [name for name, *_ in self._session.signature(self._card)]
        self.files = list(dict.fromkeys([*self._card.files, *on_disk])) or [self.file]
        for name in self.files:
            self._read_again(name)
        if self.file not in self.files:
            self.file = self.files[0]
        self._show_file(self.file)

    def show_marks(self, marks: dict[str, list[Mark]]) -> None:
        """Show marks, by file name; files that are not named have none."""
        self._marks = marks
        self._mark_view()
        self._name_files()

    def go_to(self, file: str, line: int, column: int) -> None:
        """Show a place of the answer: 1-based line and column."""
        if file != self.file and file in self.files:
            self._show_file(file)
        if file == self.file and line:
            self.view.go_to(line, column)
            self._say_at_line()

    def next_file(self) -> None:
        """Show the next file; after the last comes the first."""
        index = self.files.index(self.file)
        self._show_file(self.files[(index + 1) % len(self.files)])

    def show_file(self, name: str) -> None:
        """Show a file by its name."""
        if name in self.files:
            self._show_file(name)

    def begin(self) -> None:
        """Let the learner type here."""
        if self.file in self._shut:
            self.post_message(self.Trouble(f"cannot edit {self.file} here: {self._shut[self.file]}"))
            return
        form = self._held[self.file].form if self.file in self._held else ""
        if form:
            self.post_message(self.Trouble(f"{self.file} is {form}, and stays so when you save it"))
        self.view.read_only = False
        self.view.placeholder = self.write_here
        self._name_files()
        self.view.focus()
        self.post_message(self.ModeChanged())

    def action_stop(self) -> None:
        """Stop editing; unsaved text stays, in the editor and as a draft."""
        self.stop_offering()
        self.view.read_only = True
        self.view.placeholder = self.how_to_begin
        self._name_files()
        self.post_message(self.ModeChanged())

    def action_save(self) -> None:
        """Save; if another program has saved meanwhile, the screen asks first."""
        self._take_view()
        for name in self._unsaved:
            self._read_again(name)
        self.post_message(self.SaveWanted(overtaken=sorted(self._overtaken & self._unsaved.keys())))

    class SaveWanted(Message):
        """The learner wants to save. `overtaken`: the files that another program saved meanwhile."""

        def __init__(self, *, overtaken: list[str]) -> None:
            super().__init__()
            self.overtaken = overtaken

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape and completion belong to the editor only while it edits."""
        del parameters
        return self.editing if action in ("stop", "complete") else True

    def on_descendant_blur(self) -> None:
        """Stop editing once another pane has the keys."""
        self.call_later(self._stop_if_left)

    def _stop_if_left(self) -> None:
        focused = self.screen.focused
        if self.editing and focused is not None and self not in focused.ancestors:
            self.action_stop()

    def save(self) -> bool:
        """Write the unsaved files, no others. Returns whether everything is saved; reports what isn't."""
        self._take_view()
        changed = list(self._unsaved.items())
        for name, text in changed:
            if name in self._shut:  # what can't be read isn't written over
                self.post_message(self.Trouble(f"{name} is not saved: {self._shut[name]}"))
                return False
            try:
                backup = self._session.write(self._card, name, text, self._base.get(name))
                self._held[name] = self._session.text(self._card, name)
            except (TrainerError, OSError) as error:
                self.post_message(self.Trouble(f"{name} is not saved: {error}"))
                return False
            if backup is not None:
                self.post_message(self.Trouble(f"What another program saved in {name} is now {backup}"))
            self._settled(name)
        self._name_files()
        self.post_message(self.Written(changed=bool(changed)))
        self.post_message(self.ModeChanged())
        return True

    def forget_unsaved(self) -> None:
        """Discard unsaved text and its drafts; show the files on disk."""
        for name in list(self._unsaved):
            self._settled(name)
        self.view.read_only = True
        self.reload()
        self.post_message(self.ModeChanged())

    def discard(self) -> None:
        """Show the file as it is saved; the unsaved text goes to the backups."""
        self._take_view()
        name = self.file
        text = self._unsaved.get(name)
        if text is None:
            self.post_message(self.Trouble(f"{name} has no unsaved text."))
            return
        try:
            backup = self._session.keep_text(self._card, name, text)
        except TrainerError as error:
            self.post_message(self.Trouble(f"the unsaved text of {name} stays: {error}"))
            return
        self._settled(name)
        self.reload()
        self.post_message(self.Trouble(f"This is {name} as it is saved. Your unsaved text is now {backup}"))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep what is typed: in memory, and as a draft beside the file."""
        event.stop()
        before = self.file in self._unsaved
        self.view.move_marks()
        self._take_view()
        self.offer_again()
        if (self.file in self._unsaved) != before:
            self._name_files()
            self.post_message(self.ModeChanged())

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Show the message of the cursor's line."""
        event.stop()
        self._say_at_line()

    def _take_view(self) -> None:
        text = self.view.text
        if self.file in self._shut or text == self._unsaved.get(self.file, self._disk(self.file)):
            return
        if text == self._disk(self.file):
            self._settled(self.file)
            return
        if self.file not in self._unsaved and self.file in self._held:
            self._base[self.file] = self._held[self.file]
        self._unsaved[self.file] = text
        try:
            self._drafts.keep(self.file, text)
            self._draft_told = False
        except TrainerError as error:
            if not self._draft_told:  # once, not at every key
                self.post_message(self.Trouble(str(error)))
            self._draft_told = True

    def _take_up_draft(self, name: str) -> None:
        draft = self._drafts.find(name) if name not in self._shut else None
        if name in self._drafts.foreign:
            self.post_message(self.Trouble(f"{name} has unsaved text in another window of cks-trainer"))
        if draft is None:
            return
        if draft.text == self._disk(name):
            self._drafts.drop(name)
            return
        if not draft.stale:
            self._unsaved[name] = draft.text
            self._base[name] = self._held[name]
            how = "ctrl+s saves it, u goes back to the file"
            self.post_message(self.Trouble(f"Restored your unsaved draft of {name} ({how})"))
            return
        try:
            backup = self._session.keep_text(self._card, name, draft.text)
        except TrainerError as error:
            self.post_message(self.Trouble(str(error)))
            return
        self._drafts.drop(name)
        self.post_message(
            self.Trouble(f"{name} was saved after your unsaved draft of it, which is now {backup}")
        )

    def _settled(self, name: str) -> None:
        """From now on, a file has no unsaved text."""
        self._unsaved.pop(name, None)
        self._base.pop(name, None)
        self._overtaken.discard(name)
        self._drafts.drop(name)

    def _disk(self, name: str) -> str:
        """A file's text as it was last read."""
        return self._held[name].text if name in self._held else ""

    def _read_again(self, name: str) -> None:
        """Read a file; tell if it has changed under unsaved text."""
        before = self._disk(name)
        self._shut.pop(name, None)
        try:
            self._held[name] = self._session.text(self._card, name)
            if any(character in self._held[name].text for character in RARE_BREAKS):
                self._shut[name] = "it has line breaks that the built-in editor would change"
        except TrainerError as error:
            self._held.pop(name, None)
            self._shut[name] = error.message
        if name in self._unsaved and self._disk(name) != before:
            self._overtaken.add(name)
            self.post_message(self.Trouble(f"{name} was saved by another program; your unsaved text is kept"))

    def _show_file(self, name: str) -> None:
        self.file = name
        text = self._unsaved.get(name, self._disk(name))
        view = self.view
        kind = language_of(name, text)
        if view.text != text or view.kind != kind:
            with view.prevent(TextArea.Changed):
                view.show_text(text, kind)
        begin = self.write_here if self.editing else self.how_to_begin
        view.placeholder = "" if name in self._shut else begin
        self._mark_view()
        self._name_files()
        self.post_message(self.ModeChanged())

    def _mark_view(self) -> None:
        graded = self._disk(self.file) if self.file in self._unsaved else None
        self.view.show_marks(self._marks.get(self.file, ()), graded)
        self._say_at_line()

    def _name_files(self) -> None:
        self.put_title(Content.assemble(self._name_of(self.file), "  ", (self._state_of(self.file), MUTED)))
        tabs = self.query_one(FileTabs)
        tabs.display = len(self.files) > 1
        tabs.show([self._name_of(name) for name in self.files], self.files.index(self.file))

    def _name_of(self, name: str) -> Content:
        sign = "✗ " if self._marks.get(name) else ""
        return one_line(f"{sign}{name}{' ●' if name in self._unsaved else ''}")

    def _state_of(self, name: str) -> str:
        if name in self._shut:
            return clean(self._shut[name])
        draft, overtaken = name in self._unsaved, name in self._overtaken
        started = self._session.started(self._card)
        return state_words(started=started, editing=self.editing, draft=draft, overtaken=overtaken)

    def _say_at_line(self) -> None:
        mark = self.view.cursor_mark
        note = self.query_one("#at-line", Static)
        note.display = bool(self.view.marks)
        if mark is not None:
            words = f"{mark.sign} {mark.word} line {mark.line}  "
            note.update(Content.assemble((words, "bold"), literal(mark.message)))
        elif self.view.marks:
            first, *others = self.view.marks
            words = f"{first.sign} {first.word} line {first.line}  "
            more = f", {len(others)} more" if others else ""
            how = "" if self.editing else f"  (press ] to jump to it{more})"
            note.update(Content.assemble((words, "bold"), literal(first.message), (how, MUTED)))
