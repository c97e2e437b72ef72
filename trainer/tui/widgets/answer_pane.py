"""The answer's pane: its files, the view of one of them, the built-in editor and its drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static, TextArea

from trainer.errors import TrainerError
from trainer.tui.commands import bindings_of
from trainer.tui.drafts import drop_draft, find_draft, keep_draft
from trainer.tui.text import MUTED, literal, one_line
from trainer.tui.widgets.answer import AnswerView, Mark

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.content.card import Card
    from trainer.session import Session

LARGEST = 1 << 20
"""The most bytes of a file that can be shown and edited here; reading answers has the same limit."""

RARE_BREAKS = "\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""What the text area treats as the end of a line, and would write back as a newline."""

HOW_TO_BEGIN = "No answer yet. Press i to edit here, or e to open your editor."
WRITE_HERE = "Write your answer here. ctrl+s saves and grades, esc stops editing."


class AnswerPane(Vertical):
    """Shows one file of the answer at a time; knows which of them has unsaved text."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("editing"))

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
        super().__init__(id="answer")
        self._session = session
        self._card = card
        self._disk: dict[str, str] = {}
        self._unsaved: dict[str, str] = {}
        self._overtaken: set[str] = set()
        self._shut: dict[str, str] = {}
        self._draft_told = False
        self._marks: dict[str, list[Mark]] = {}
        self.files: list[str] = list(card.files)
        self.file = self.files[0] if self.files else "answer.yaml"

    def compose(self) -> ComposeResult:
        """The files in a line, the text, and the message at the cursor's line."""
        yield Static(id="files", markup=False)
        yield AnswerView()
        yield Static(id="at-line", markup=False)

    def on_mount(self) -> None:
        """Show the files of the folder, and restore drafts."""
        self.reload()
        for name in self.files:
            self._take_up_draft(name)
        self._show_file(self.file)

    @property
    def view(self) -> AnswerView:
        """The text."""
        return self.query_one(AnswerView)

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
            text = self._read(name)
            if name in self._unsaved and text != self._disk.get(name, ""):
                self._overtaken.add(name)
                self.post_message(
                    self.Trouble(f"{name} was saved by another program; your unsaved text is kept")
                )
            self._disk[name] = text
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
        self.view.read_only = False
        self.view.placeholder = WRITE_HERE
        self.view.focus()
        self.post_message(self.ModeChanged())

    def action_stop(self) -> None:
        """Stop editing; unsaved text stays, in the editor and as a draft."""
        self.view.read_only = True
        self.view.placeholder = HOW_TO_BEGIN
        self._name_files()
        self.post_message(self.ModeChanged())

    def action_undo(self) -> None:
        """Undo the last change."""
        self.view.action_undo()

    def action_dedent(self) -> None:
        """Move the lines of the selection, or of the cursor, one level to the left."""
        view = self.view
        rows = sorted((view.selection.start[0], view.selection.end[0]))
        for row in range(rows[0], rows[1] + 1):
            line = view.document.get_line(row)
            spaces = min(len(line) - len(line.lstrip(" ")), view.indent_width)
            view.delete((row, 0), (row, spaces))

    def action_save(self) -> None:
        """Save; if another program has saved meanwhile, the screen asks first."""
        self.post_message(self.SaveWanted(overtaken=self.file in self._overtaken))

    class SaveWanted(Message):
        """The learner wants to save. `overtaken`: another program saved the file meanwhile."""

        def __init__(self, *, overtaken: bool) -> None:
            super().__init__()
            self.overtaken = overtaken

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape, ctrl+z and shift+tab belong to the editor only while it edits."""
        del parameters
        return self.editing if action in ("stop", "undo", "dedent") else True

    def save(self) -> bool:
        """Write the unsaved files, no others. Returns whether everything is saved; reports what isn't."""
        self._take_view()
        changed = list(self._unsaved.items())
        for name, text in changed:
            if name in self._shut:  # what can't be read isn't written over
                self.post_message(self.Trouble(f"{name} is not saved: {self._shut[name]}"))
                return False
            try:
                self._session.write(self._card, name, text)
            except (TrainerError, OSError) as error:
                self.post_message(self.Trouble(f"{name} is not saved: {error}"))
                return False
            self._disk[name] = text
            self._unsaved.pop(name)
            self._overtaken.discard(name)
            drop_draft(self._session.folder(self._card) / name)
        self._name_files()
        self.post_message(self.Written(changed=bool(changed)))
        self.post_message(self.ModeChanged())
        return True

    def forget_unsaved(self) -> None:
        """Discard unsaved text and its drafts; show the files on disk."""
        for name in self._unsaved:
            drop_draft(self._session.folder(self._card) / name)
        self._unsaved.clear()
        self._overtaken.clear()
        self.view.read_only = True
        self.reload()
        self.post_message(self.ModeChanged())

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep what is typed: in memory, and as a draft beside the file."""
        event.stop()
        before = self.file in self._unsaved
        self.view.move_marks()
        self._take_view()
        if (self.file in self._unsaved) != before:
            self._name_files()
            self.post_message(self.ModeChanged())

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Show the message of the cursor's line."""
        event.stop()
        self._say_at_line()

    def _take_view(self) -> None:
        text = self.view.text
        if self.file in self._shut or text == self._unsaved.get(self.file, self._disk.get(self.file, "")):
            return
        path = self._session.folder(self._card) / self.file
        if text == self._disk.get(self.file, ""):
            self._unsaved.pop(self.file, None)
            drop_draft(path)
            return
        self._unsaved[self.file] = text
        try:
            keep_draft(path, text)
            self._draft_told = False
        except TrainerError as error:
            if not self._draft_told:  # once, not at every key
                self.post_message(self.Trouble(str(error)))
            self._draft_told = True

    def _take_up_draft(self, name: str) -> None:
        path = self._session.folder(self._card) / name
        draft = find_draft(path)
        if draft is None or name in self._shut:
            return
        if draft.text == self._disk.get(name, ""):
            drop_draft(path)
            return
        self._unsaved[name] = draft.text
        if draft.newer_file:
            self._overtaken.add(name)
        self.post_message(self.Trouble(f"Restored your unsaved draft of {name} (ctrl+s saves it)"))

    def _read(self, name: str) -> str:
        self._shut.pop(name, None)
        path = self._session.folder(self._card) / name
        try:
            if not path.exists():
                return ""
            if not path.is_file():
                self._shut[name] = "it is not a regular file"
                return ""
            data = path.read_bytes() if path.stat().st_size <= LARGEST else None
            if data is None:
                self._shut[name] = "it is larger than 1 MiB"
                return ""
            text = data.decode("utf-8")
            if any(character in text for character in RARE_BREAKS):
                self._shut[name] = "it has line breaks that the built-in editor would change"
            return text
        except OSError as error:
            self._shut[name] = error.strerror or str(error)
        except UnicodeDecodeError:
            self._shut[name] = "it is not UTF-8 text"
        return ""

    def _show_file(self, name: str) -> None:
        self.file = name
        text = self._unsaved.get(name, self._disk.get(name, ""))
        view = self.view
        if view.text != text:
            with view.prevent(TextArea.Changed):
                view.show_text(text)
        begin = WRITE_HERE if self.editing else HOW_TO_BEGIN
        view.placeholder = "" if name in self._shut else begin
        self._mark_view()
        self._name_files()
        self.post_message(self.ModeChanged())

    def _mark_view(self) -> None:
        graded = self._disk.get(self.file, "") if self.file in self._unsaved else None
        self.view.show_marks(self._marks.get(self.file, ()), graded)
        self._say_at_line()

    def _name_files(self) -> None:
        names = [self._title_of(name) for name in self.files]
        self.query_one("#files", Static).update(Content("  ").join(names))

    def _title_of(self, name: str) -> Content:
        sign = "✗ " if self._marks.get(name) else ""
        state = " ● not saved" if name in self._unsaved else ""
        state += " (editing)" if self.editing and name == self.file else ""
        state += f" ({self._shut[name]})" if name in self._shut else ""
        style = Style(bold=name == self.file, underline=name == self.file and len(self.files) > 1)
        click = Style.from_meta({"@click": f"screen.show_file({self.files.index(name)})"})
        return one_line(f"{sign}{name}{state}").stylize(style + click)

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
