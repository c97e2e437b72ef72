"""Tests of `tui.widgets.answer_pane`: the answer's pane."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.tui.fake_session import FakeSession, card
from tests.tui.showing import assert_soon, shown
from trainer.tui.drafts import Drafts
from trainer.tui.widgets.answer import Mark
from trainer.tui.widgets.answer_pane import AnswerPane


class Host(App[None]):
    CSS = ".frame { border: round white; }"

    def __init__(self, session: FakeSession) -> None:
        super().__init__()
        self.session = session
        self.told: list[str] = []
        self.wants: list[list[str]] = []
        self.card = session.catalogue.cards[0]
        session.start(self.card)

    def compose(self) -> ComposeResult:
        yield AnswerPane(self.session, self.card)  # type: ignore[arg-type]

    @property
    def pane(self) -> AnswerPane:
        return self.query_one(AnswerPane)

    @property
    def file(self) -> Path:
        return self.session.folder(self.card) / "pod.yaml"

    def on_answer_pane_trouble(self, event: AnswerPane.Trouble) -> None:
        self.told.append(event.message)

    def on_answer_pane_save_wanted(self, event: AnswerPane.SaveWanted) -> None:
        self.wants.append(event.overtaken)
        self.pane.save()


def drafts_of(file: Path) -> list[str]:
    """The texts of the drafts beside a file."""
    return [path.read_text() for path in file.parent.glob(f".{file.name}.draft-*")]


def kept_of(file: Path) -> Path:
    """The one earlier version of a file that is kept."""
    [kept] = (file.parent / ".backup").rglob(file.name)
    return kept


@asynccontextmanager
async def typing(session: FakeSession) -> AsyncIterator[tuple[Host, Pilot[None]]]:
    """An app on a card whose file has `a: 1`, with an `x` typed before it."""
    app = Host(session)
    app.file.write_text("a: 1\n")
    async with app.run_test() as pilot:
        app.pane.begin()
        await pilot.press("x")
        yield app, pilot


async def save(pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+s")
    await pilot.pause()


def left_draft(file: Path, text: str, *, age: int = 0) -> None:
    """A draft that an app left; `age` in seconds."""
    drafts = Drafts(file.parent)
    drafts.keep(file.name, text)
    [path] = file.parent.glob(f".{file.name}.draft-*")
    drafts.close()
    os.utime(path, ns=(path.stat().st_mtime_ns - age * 10**9,) * 2)


async def test_typing_keeps_a_draft_and_saving_writes_the_file(session: FakeSession) -> None:
    app = Host(session)
    async with app.run_test() as pilot:
        assert "No answer yet" in shown(app)
        app.pane.begin()
        assert "editing" in str(app.pane.border_title), "before the first change"
        await pilot.press("a", ":", "space", "1")
        await pilot.pause()
        assert app.pane.unsaved == ["pod.yaml"]
        assert "pod.yaml ●  editing, your draft, not saved" in shown(app)
        assert drafts_of(app.file) == ["a: 1"]
        assert not app.file.exists()
        await save(pilot)
        assert app.file.read_text() == "a: 1"
        assert app.pane.unsaved == []
        assert drafts_of(app.file) == []
        assert app.wants == [[]]


async def test_text_as_it_was_is_not_unsaved(session: FakeSession) -> None:
    app = Host(session)
    async with app.run_test() as pilot:
        app.pane.begin()
        await pilot.press("a")
        await pilot.pause()
        assert app.pane.unsaved
        await pilot.press("backspace")
        await pilot.pause()
        assert app.pane.unsaved == []
        assert drafts_of(app.file) == []


async def test_escape_ends_editing_and_keeps_the_text(session: FakeSession) -> None:
    app = Host(session)
    async with app.run_test() as pilot:
        app.pane.begin()
        await pilot.press("a", "escape", "b")
        await pilot.pause()
        assert not app.pane.editing
        assert app.pane.view.text == "a"
        assert app.pane.unsaved == ["pod.yaml"]


async def test_a_draft_comes_back(session: FakeSession) -> None:
    app = Host(session)
    app.file.write_text("saved: 1\n")
    left_draft(app.file, "unsaved: 1\n")
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.pane.view.text == "unsaved: 1\n"
        assert app.pane.unsaved == ["pod.yaml"]
        assert app.told == [
            "Restored your unsaved draft of pod.yaml (ctrl+s saves it, u goes back to the file)"
        ]


async def test_a_draft_like_the_file_is_dropped(session: FakeSession) -> None:
    app = Host(session)
    app.file.write_text("a: 1\n")
    left_draft(app.file, "a: 1\n")
    async with app.run_test():
        assert app.pane.unsaved == []
        assert drafts_of(app.file) == []


async def test_another_programs_save_does_not_take_unsaved_text(session: FakeSession) -> None:
    app = Host(session)
    async with app.run_test() as pilot:
        app.pane.begin()
        await pilot.press("a")
        app.file.write_text("theirs: 1\n")
        app.pane.reload()
        await pilot.pause()
        assert app.pane.view.text == "a"
        assert "saved by another program" in app.told[0]
        await save(pilot)
        assert app.wants == [["pod.yaml"]]
        app.file.write_text("theirs: 2\n")
        app.pane.reload()
        assert app.pane.view.text == "theirs: 2\n"


async def test_files_that_cannot_be_edited_here_say_why(session: FakeSession) -> None:
    app = Host(session)
    async with app.run_test() as pilot:
        for make, words in (
            (lambda: app.file.write_bytes(b"caf\xe9"), "it is not valid UTF-8: byte 0xe9 on line 1"),
            (lambda: app.file.write_bytes(b"x" * (1 << 20) + b"x"), "it is too large"),
            (lambda: app.file.write_bytes("a: 1\u2028b".encode()), "line breaks that the built-in"),
            (lambda: (app.file.unlink(), os.mkfifo(app.file)), "is a pipe, not a file"),
        ):
            make()
            app.pane.reload()
            await pilot.pause()
            assert words in shown(app)
            app.pane.begin()
            await assert_soon(lambda wanted=words: app.told and wanted in app.told[-1])
            assert not app.pane.editing


async def test_what_cannot_be_saved_stays(session: FakeSession, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    app = Host(session)
    async with app.run_test() as pilot:
        app.pane.begin()
        await pilot.press("a")
        monkeypatch.setattr(session, "write", full)
        assert app.pane.save() is False
        await assert_soon(lambda: app.told)
        assert "No space left" in app.told[0]
        assert app.pane.unsaved == ["pod.yaml"]
        assert drafts_of(app.file) == ["a"]


async def test_several_files_are_switched_and_named(tmp_path: Path) -> None:
    session = FakeSession(tmp_path, (card(files=("role.yaml", "[red].yaml")),))
    app = Host(session)
    folder = session.folder(app.card)
    (folder / "role.yaml").write_text("kind: Role\n")
    (folder / "[red].yaml").write_text("kind: Pod\n")
    (folder / "extra.yaml").write_text("kind: Extra\n")
    async with app.run_test() as pilot:
        pane = app.pane
        assert pane.files == ["role.yaml", "[red].yaml", "extra.yaml"]
        pane.show_marks({"[red].yaml": [Mark(1, "✗", "FAIL", "no", "red")]})
        await pilot.pause()
        assert "role.yaml  ✗ [red].yaml  extra.yaml" in shown(app)
        pane.next_file()
        assert pane.view.text == "kind: Pod\n"
        pane.begin()
        await pilot.press("x")
        await pilot.pause()
        pane.go_to("role.yaml", 1, 3)
        assert (pane.file, pane.view.text, pane.view.cursor_location) == ("role.yaml", "kind: Role\n", (0, 2))
        pane.go_to("unknown.yaml", 9, 9)
        assert pane.file == "role.yaml"
        pane.show_file("[red].yaml")
        assert pane.view.text == "xkind: Pod\n"
        assert pane.unsaved == ["[red].yaml"]
        assert pane.save()
        assert (folder / "[red].yaml").read_text() == "xkind: Pod\n"


async def test_the_message_of_the_cursors_line_is_said_in_full(session: FakeSession) -> None:
    app = Host(session)
    app.file.write_text("a: 1\nb: 2\n")
    async with app.run_test(size=(60, 12)) as pilot:
        app.pane.show_marks({"pod.yaml": [Mark(2, "✗", "FAIL", "b is [wrong]", "red")]})
        await pilot.pause()
        assert "✗ FAIL line 2  b is [wrong]  (press ] to jump to it)" in shown(app)
        app.pane.go_to("pod.yaml", 2, 1)
        await pilot.pause()
        assert "(press ] to jump to it)" not in shown(app)
        app.pane.show_marks({})
        await pilot.pause()
        assert "line 2" not in shown(app)


async def test_unsaved_text_can_be_given_up(session: FakeSession) -> None:
    async with typing(session) as (app, pilot):
        await pilot.pause()
        app.pane.forget_unsaved()
        await pilot.pause()
        assert (app.pane.view.text, app.pane.unsaved, app.pane.editing) == ("a: 1\n", [], False)
        assert drafts_of(app.file) == []


async def test_marks_of_the_saved_text_find_their_lines_in_unsaved_text(session: FakeSession) -> None:
    app = Host(session)
    app.file.write_text("a: 1\nb: 2\n")
    left_draft(app.file, "new: 0\na: 1\nb: 2\n")
    async with app.run_test(size=(60, 12)):
        app.pane.show_marks({"pod.yaml": [Mark(2, "✗", "FAIL", "b", "red")]})
        assert [mark.line for mark in app.pane.view.marks] == [3]


async def test_what_cannot_be_read_is_never_written_over(session: FakeSession) -> None:
    app = Host(session)
    app.file.parent.mkdir(parents=True, exist_ok=True)
    for data in (b"\xff\xfekind", b"a: \xff\n", b"#" * (2 << 20)):
        app = Host(session)
        app.file.write_bytes(data)
        async with app.run_test() as pilot:
            app.pane.view.focus()
            await pilot.press("ctrl+s", "i", "x", "ctrl+s")
            await pilot.pause()
            assert app.pane.save()
        assert app.file.read_bytes() == data


async def test_saving_without_a_change_leaves_the_bytes(session: FakeSession) -> None:
    app = Host(session)
    app.file.write_bytes(b"a: 1\r\nb: 2\r\n")
    async with app.run_test() as pilot:
        app.pane.begin()
        await save(pilot)
        assert app.wants == [[]]
    assert app.file.read_bytes() == b"a: 1\r\nb: 2\r\n"


async def test_shift_tab_moves_lines_to_the_left(session: FakeSession) -> None:
    app = Host(session)
    app.file.write_text("a:\n        b:\n   c: 1\n d: 2\n")
    async with app.run_test() as pilot:
        app.pane.begin()
        await pilot.press("down", "shift+tab")
        indent = app.pane.view.indent_width
        assert app.pane.view.text.split("\n")[1] == " " * (8 - indent) + "b:"
        await pilot.press("down", "shift+down", "shift+tab")
        assert app.pane.view.text.split("\n")[2:4] == [" " * max(3 - indent, 0) + "c: 1", "d: 2"]
        assert app.pane.editing
        assert app.focused is app.pane.view


async def test_utf_16_is_edited_as_it_is_and_said(session: FakeSession) -> None:
    app = Host(session)
    app.file.write_bytes("kind: Pod\r\n".encode("utf-16"))
    async with app.run_test() as pilot:
        app.pane.begin()
        await pilot.press("x", "ctrl+s")
        await pilot.pause()
        assert app.told == ["pod.yaml is UTF-16, and stays so when you save it"]
        assert not app.pane.unsaved
    assert app.file.read_bytes() == "xkind: Pod\r\n".encode("utf-16")


async def test_mixed_ends_of_lines_are_no_unsaved_text(session: FakeSession) -> None:
    app = Host(session)
    app.file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\nc: 3\r\n")
    async with app.run_test() as pilot:
        app.pane.begin()
        await pilot.press("ctrl+s", "x", "backspace", "ctrl+s")
        await pilot.pause()
        assert drafts_of(app.file) == []
        assert app.file.read_bytes() == b"\xef\xbb\xbfa: 1\r\nb: 2\nc: 3\r\n"
        await pilot.press("x", "ctrl+s")
        await pilot.pause()
    assert app.file.read_bytes() == b"\xef\xbb\xbfxa: 1\r\nb: 2\nc: 3\r\n"


async def test_a_draft_older_than_the_file_does_not_hide_it(session: FakeSession) -> None:
    app = Host(session)
    app.file.write_text("passed: 1\n")
    left_draft(app.file, "old: 1\n", age=60)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert (app.pane.view.text, app.pane.unsaved) == ("passed: 1\n", [])
        assert "was saved after your unsaved draft" in app.told[0]
    kept = kept_of(app.file)
    assert (kept.read_text(), drafts_of(app.file)) == ("old: 1\n", [])


async def test_unsaved_text_gives_way_to_the_file(session: FakeSession) -> None:
    app = Host(session)
    app.file.write_text("passed: 1\n")
    left_draft(app.file, "draft: 1\n")
    async with app.run_test() as pilot:
        assert app.pane.unsaved == ["pod.yaml"]
        app.pane.discard()
        await pilot.pause()
        assert (app.pane.view.text, app.pane.unsaved) == ("passed: 1\n", [])
        kept = kept_of(app.file)
        assert app.told[-1].endswith(f"Your unsaved text is now {kept}")
        app.pane.discard()
        await pilot.pause()
        assert app.told[-1] == "pod.yaml has no unsaved text."
    assert (kept.read_text(), drafts_of(app.file)) == ("draft: 1\n", [])


async def test_what_another_program_saved_is_found_out_when_saving(session: FakeSession) -> None:
    async with typing(session) as (app, pilot):
        app.file.write_text("theirs: 1\n")
        await save(pilot)
        assert app.wants == [["pod.yaml"]]
    assert app.file.read_text() == "xa: 1\n"
    kept = kept_of(app.file)
    assert kept.read_text() == "theirs: 1\n"


async def test_two_apps_on_one_card_keep_their_own_drafts(session: FakeSession) -> None:
    async with typing(session) as (app, pilot):
        other = Host(session)
        async with other.run_test() as others:
            await others.pause()
            assert other.told == ["pod.yaml has unsaved text in another window of cks-trainer"]
            other.pane.begin()
            await others.press("y")
            await others.pause()
            assert sorted(drafts_of(app.file)) == ["xa: 1\n", "ya: 1\n"]
            await save(others)
            assert drafts_of(app.file) == ["xa: 1\n"]
        await save(pilot)
        assert app.wants == [["pod.yaml"]]
    assert app.file.read_text() == "xa: 1\n"
    kept = kept_of(app.file)
    assert kept.read_text() == "ya: 1\n"


async def test_what_is_replaced_is_kept_though_the_app_has_seen_it(session: FakeSession) -> None:
    async with typing(session) as (app, pilot):
        app.file.write_text("theirs: 1\n")
        app.pane.reload()
        await save(pilot)
        kept = kept_of(app.file)
        assert (kept.read_text(), app.file.read_text()) == ("theirs: 1\n", "xa: 1\n")
        assert app.told[-1] == f"What another program saved in pod.yaml is now {kept}"
        await pilot.press("y", "ctrl+s")
        await pilot.pause()
        assert len(list((app.file.parent / ".backup").iterdir())) == 1, "its own text is no other's"


async def test_a_new_file_has_colors_as_soon_as_there_is_text(tmp_path: Path) -> None:
    app = Host(FakeSession(tmp_path, (card(),)))
    app.file.unlink(missing_ok=True)
    async with app.run_test() as pilot:
        app.pane.begin()
        await pilot.press(*"a: 1")
        assert {name for _, _, name in app.pane.view._highlights[0]} >= {"yaml.field", "number"}
