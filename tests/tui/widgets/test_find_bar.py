"""Tests of `tui.widgets.find_bar`: finding words, and going to a line."""

from __future__ import annotations

from textual import events
from textual.widgets.text_area import Selection

from tests.table import each_row
from tests.tui.fake_session import FakeSession
from tests.tui.showing import assert_shows, assert_soon, shown
from tests.tui.widgets.test_answer_pane import Host
from trainer.tui.widgets.find_bar import FindBar, places

TEXT = "kind: Pod\nname: pod\n---\nkind: Pod\n"


@each_row(
    "words, found",
    [
        ("pod", [(0, 6), (1, 6), (3, 6)]),
        ("Pod", [(0, 6), (3, 6)]),
        ("po.", []),
        ("", []),
        ("d", [(0, 3), (0, 8), (1, 8), (3, 3), (3, 8)]),
    ],
)
def test_where_words_are(words: str, found: list[tuple[int, int]]) -> None:
    assert places(TEXT.split("\n"), words) == found


async def test_finding_as_one_types(session: FakeSession) -> None:
    app = Host(session)
    app.file.write_text(TEXT)
    async with app.run_test(size=(60, 16)) as pilot:
        view = app.pane.view
        view.focus()
        await pilot.press("ctrl+f", *"pod")
        assert view.selection == Selection((0, 6), (0, 9))
        await assert_shows(app, "1 of 3")
        found = []
        for key in ("enter", "down", "f3", "up"):
            await pilot.press(key)
            found.append(view.selection.start)
        assert found == [(1, 6), (3, 6), (0, 6), (3, 6)]
        await pilot.press("x")
        await assert_shows(app, "not found")
        assert view.cursor_location == (0, 0)
        await pilot.press("escape")
        assert not app.query_one(FindBar).has_class("-open")
        assert view.has_focus
        assert "Find" not in shown(app)
        # what is selected is what is looked for; the keys go on without the line
        view.selection = Selection((0, 0), (0, 4))
        await pilot.press("ctrl+f", "escape", "f3")
        await pilot.press("shift+f3", "shift+f3")
        assert view.selection == Selection((0, 0), (0, 9 - 5)) or view.selection.start in ((0, 0), (3, 0))
        assert view.text == TEXT


async def test_going_to_a_line(session: FakeSession) -> None:
    app = Host(session)
    app.file.write_text(TEXT)
    async with app.run_test(size=(60, 16)) as pilot:
        view = app.pane.view
        view.focus()
        await pilot.press("ctrl+g", "3", "enter")
        assert view.cursor_location == (2, 0)
        await pilot.press("ctrl+g", *"99999", "enter")
        assert view.cursor_location == (4, 0)
        await pilot.press("ctrl+g", *"x²", "enter")
        assert view.cursor_location == (4, 0)
        assert view.has_focus


async def test_letters_in_the_same_read_as_the_key_are_what_is_looked_for(session: FakeSession) -> None:
    app = Host(session)
    app.file.write_text(TEXT)
    async with app.run_test(size=(60, 16)) as pilot:
        app.pane.begin()
        await pilot.pause()
        for key, character in (("ctrl+f", None), ("n", "n"), ("a", "a"), ("m", "m"), ("enter", "\r")):
            app.post_message(events.Key(key, character))
        await assert_soon(lambda: app.pane.view.selection == Selection((1, 0), (1, 3)))
        assert app.pane.view.text == TEXT
        assert app.pane.editing
        await pilot.press("escape")
        assert app.pane.editing
        await pilot.press("escape")
        assert not app.pane.editing
