"""Tests of `tui.widgets.editor`: the text area with the keys of an editor for YAML."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.document._syntax_aware_document import SyntaxAwareDocument
from textual.widgets.text_area import Selection

from tests.tui.fake_session import HOSTILE
from tests.tui.showing import assert_soon, shown
from trainer.tui.widgets.editor import HIGHLIGHT_CHARACTERS, HIGHLIGHT_LINE, Editor


class Host(App[None]):
    def compose(self) -> ComposeResult:
        yield Editor()


@pytest.fixture
def host() -> Host:
    app = Host()
    app.CSS = "Editor, Editor:focus { border: none; padding: 0; }"
    return app


async def test_enter_keeps_the_indentation_and_tab_indents(host: Host) -> None:
    async with host.run_test(size=(40, 8)) as pilot:
        view = host.query_one(Editor)
        view.show_text("spec:")
        view.focus()
        view.read_only = False
        view.go_to(1, 99)
        await pilot.press("enter", "a", "enter", "b")
        assert view.text == "spec:\n  a\n  b"


async def test_another_text_is_shown_from_the_beginning_of_its_lines_unless_somebody_types(
    host: Host,
) -> None:
    async with host.run_test(size=(20, 8)) as pilot:
        view = host.query_one(Editor)
        seen = []
        for read_only in (False, True):
            view.read_only = False
            view.show_text("a" * 90)
            view.go_to(1, 80)
            await pilot.pause()
            assert view.scroll_offset.x > 0
            view.read_only = read_only
            view.show_text("b" * 90)
            await pilot.pause()
            seen.append((view.cursor_location, view.scroll_offset.x > 0))
        assert seen == [((0, 79), True), ((0, 0), False)]


async def test_control_characters_are_kept_and_shown_as_signs(host: Host) -> None:
    async with host.run_test(size=(100, 8)) as pilot:
        view = host.query_one(Editor)
        view.show_text(f"a: {HOSTILE}\nb: 1\n")
        await pilot.pause()
        text = shown(host)
        assert "[red]evil[/] [@click=app.quit]x[/] ?[2J¿31m \ufffdgnp [/]" in text
        assert not set("\x1b\x9b\u202e") & set(text)
        assert view.text == f"a: {HOSTILE}\nb: 1\n"


async def test_yaml_has_colours_and_huge_text_has_none(host: Host) -> None:
    async with host.run_test(size=(40, 8)):
        view = host.query_one(Editor)
        view.show_text("a: [1, true]\n")
        assert view.is_syntax_aware
        assert {name for _, _, name in view._highlights[0]} >= {"yaml.field", "number", "boolean"}
        line = f"{'a' * (HIGHLIGHT_LINE - 1)}\n"
        most = line * (HIGHLIGHT_CHARACTERS // len(line))
        for text, colours in (
            ("[" * (HIGHLIGHT_LINE + 1), False),
            ("a: 1\n", True),
            (f"{most}a: 1\n", False),
            (most, True),
        ):
            view.show_text(text)
            assert view.is_syntax_aware is colours


async def test_only_text_with_colours_is_parsed_for_them(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    monkeypatch.setattr(
        SyntaxAwareDocument, "_read_callable", lambda self, *_: (parsed.append(self.text), b"")[1]
    )
    huge, small = "a" * (HIGHLIGHT_LINE + 1), "a: 1"
    async with host.run_test(size=(40, 8)):
        view = host.query_one(Editor)
        for text in (small, huge, small):
            view.show_text(text)
    assert huge not in parsed
    assert small in parsed


async def test_keys_of_one_burst_keep_their_order(host: Host) -> None:
    async with host.run_test(size=(40, 8)) as pilot:
        view = host.query_one(Editor)
        view.show_text("a\nb\nc")
        view.focus()
        view.read_only = False
        await pilot.pause()
        for key, character in (
            ("down", None),
            ("down", None),
            ("end", None),
            ("x", "x"),
            ("enter", None),
            ("y", "y"),
        ):
            host.post_message(events.Key(key, character))
        await assert_soon(lambda: view.text == "a\nb\ncx\ny")


async def test_the_keys_of_an_editor(host: Host) -> None:
    async with host.run_test(size=(40, 12)) as pilot:
        view = host.query_one(Editor)
        view.show_text("spec:\n  a: 1\n  b: 2\n")
        view.focus()
        view.read_only = False
        steps = [
            ("ctrl+end", "spec:\n  a: 1\n  b: 2\n", (3, 0)),
            ("ctrl+home", "spec:\n  a: 1\n  b: 2\n", (0, 0)),
            ("ctrl+a", "spec:\n  a: 1\n  b: 2\n", (3, 0)),
            ("tab", "  spec:\n    a: 1\n    b: 2\n", (3, 0)),
            ("shift+tab", "spec:\n  a: 1\n  b: 2\n", (3, 0)),
            ("ctrl+underscore", "# spec:\n#   a: 1\n#   b: 2\n", (3, 0)),
            ("ctrl+z", "spec:\n  a: 1\n  b: 2\n", (3, 0)),
            ("ctrl+y", "# spec:\n#   a: 1\n#   b: 2\n", (2, 8)),
            ("ctrl+z", "spec:\n  a: 1\n  b: 2\n", (3, 0)),
            ("ctrl+home", "spec:\n  a: 1\n  b: 2\n", (0, 0)),
            ("end", "spec:\n  a: 1\n  b: 2\n", (0, 5)),
            ("enter", "spec:\n  \n  a: 1\n  b: 2\n", (1, 2)),
            ("backspace", "spec:\n\n  a: 1\n  b: 2\n", (1, 0)),
            ("backspace", "spec:\n  a: 1\n  b: 2\n", (0, 5)),
            ("ctrl+shift+end", "spec:\n  a: 1\n  b: 2\n", (3, 0)),
            ("backspace", "spec:", (0, 5)),
        ]
        for number, (key, text, cursor) in enumerate(steps):
            await pilot.press(key)
            assert (view.text, view.cursor_location) == (text, cursor), f"step {number}: {key}"
        await pilot.press(*["ctrl+z"] * 20)
        assert view.text == "spec:\n  a: 1\n  b: 2\n"


async def test_copy_takes_the_selection_or_while_editing_the_line(host: Host) -> None:
    async with host.run_test(size=(40, 12)) as pilot:
        view = host.query_one(Editor)
        view.show_text("a: 1\nb: 2")
        view.focus()
        view.selection = Selection((0, 0), (0, 2))
        await pilot.press("ctrl+c")
        assert host.clipboard == "a:"
        view.read_only = False
        view.selection = Selection.cursor((1, 1))
        await pilot.press("ctrl+c")
        assert host.clipboard == "b: 2\n"
        await pilot.press("ctrl+home", "ctrl+v")
        assert view.text == "b: 2\na: 1\nb: 2"
        view.action_copy_all()
        assert host.clipboard == view.text


async def test_a_viewer_changes_nothing(host: Host) -> None:
    async with host.run_test(size=(40, 12)) as pilot:
        view = host.query_one(Editor)
        view.show_text("a:\n  b: 1")
        view.focus()
        for key in (
            "tab",
            "shift+tab",
            "ctrl+underscore",
            "enter",
            "backspace",
            "ctrl+x",
            "ctrl+v",
            "ctrl+z",
        ):
            view.focus()
            await pilot.press("ctrl+end", key)
        assert view.text == "a:\n  b: 1"


async def test_scripts_and_dockerfiles_have_colors(host: Host) -> None:
    async with host.run_test(size=(40, 12)) as pilot:
        view = host.query_one(Editor)
        view.show_text("FROM alpine\nRUN apk add x # y", "dockerfile")
        await pilot.pause()
        assert view._highlights[1] == [(0, 3, "keyword"), (14, 17, "comment")]
        view.show_text("FROM: alpine", "yaml")
        assert "yaml.field" in {name for _, _, name in view._highlights[0]}
        view.show_text('if true; then echo "$A"; fi', "shell")
        assert {name for _, _, name in view._highlights[0]} >= {"keyword", "string"}
        view.show_text("FROM alpine", "text")
        assert not view._highlights[0]


async def test_a_file_made_here_has_colors_as_it_is_typed(host: Host) -> None:
    async with host.run_test(size=(40, 12)) as pilot:
        view = host.query_one(Editor)
        view.show_text("")
        view.focus()
        view.read_only = False
        await pilot.press(*"a: 1")
        assert {name for _, _, name in view._highlights[0]} >= {"yaml.field", "number"}
