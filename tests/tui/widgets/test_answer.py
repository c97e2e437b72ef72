"""Tests of `tui.widgets.answer`: the text of one file of the answer."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from tests.tui.showing import shown
from trainer.tui.widgets.answer import AnswerView, Mark

TEXT = "".join(f"key{n}: value{n}\n" for n in range(1, 301))
NO = Mark(5, "✗", "FAIL", "wrong [red]value[/]", "red")
LATE = Mark(290, "!", "WARNING", "late", "yellow")


class Host(App[None]):
    def compose(self) -> ComposeResult:
        yield AnswerView()


def lines(app: Host) -> list[str]:
    return [line.rstrip() for line in shown(app).splitlines()]


@pytest.fixture
def host() -> Host:
    app = Host()
    app.CSS = "AnswerView, AnswerView:focus { border: none; padding: 0; }"
    return app


async def test_a_marked_line_has_sign_bar_and_message(host: Host) -> None:
    async with host.run_test(size=(70, 12)) as pilot:
        view = host.query_one(AnswerView)
        view.show_text(TEXT)
        view.show_marks([NO, Mark(5, "!", "WARNING", "second of the line", "yellow")])
        await pilot.pause()
        found = lines(host)
        assert found[4].startswith("   5✗▌key5: value5  FAIL wrong [red]value[/]")
        assert found[3] == "   4  key4: value4"
        view.show_marks([])
        await pilot.pause()
        assert lines(host)[4] == "   5  key5: value5"


async def test_without_room_the_message_is_left_out(host: Host) -> None:
    async with host.run_test(size=(30, 12)) as pilot:
        view = host.query_one(AnswerView)
        view.show_text("a: 1\nlong: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n")
        view.show_marks([Mark(2, "✗", "FAIL", "no", "red")])
        await pilot.pause()
        assert lines(host)[1].startswith(" 2✗▌long: aaaa")


async def test_marks_beyond_the_text_stand_at_its_end(host: Host) -> None:
    async with host.run_test(size=(40, 8)):
        view = host.query_one(AnswerView)
        view.show_text("a: 1\n")
        view.show_marks([Mark(99, "✗", "FAIL", "no", "red"), Mark(0, "✗", "FAIL", "top", "red")])
        assert sorted(view._marks) == [1, 2]


async def test_going_through_marks_round_the_end(host: Host) -> None:
    async with host.run_test(size=(40, 8)) as pilot:
        view = host.query_one(AnswerView)
        view.show_text(TEXT)
        view.next_mark(1)
        assert view.cursor_location == (0, 0)
        view.show_marks([NO, LATE])
        rows = []
        for step in (1, 1, 1, -1, -1):
            view.next_mark(step)
            rows.append(view.cursor_location[0] + 1)
        assert rows == [5, 290, 5, 290, 5]
        assert view.cursor_mark == NO
        view.go_to(290, 3)
        await pilot.pause()
        assert view.cursor_location == (289, 2)
        assert any(line.startswith(" 290!▌") for line in lines(host))


async def test_vim_keys_move_in_the_viewer_and_are_letters_in_the_editor(host: Host) -> None:
    async with host.run_test(size=(40, 8)) as pilot:
        view = host.query_one(AnswerView)
        view.show_text("a\nb\nc")
        view.focus()
        await pilot.press("j", "j", "k")
        assert view.cursor_location == (1, 0)
        await pilot.press("G")
        assert view.cursor_location[0] == 2
        await pilot.press("ctrl+home", "x")
        assert (view.cursor_location, view.text) == ((0, 0), "a\nb\nc")
        view.read_only = False
        await pilot.press("j", "k")
        assert view.text == "jka\nb\nc"


async def test_another_text_leaves_the_cursor_where_it_can(host: Host) -> None:
    async with host.run_test(size=(40, 8)):
        view = host.query_one(AnswerView)
        view.show_text(TEXT)
        view.go_to(150, 4)
        view.show_text(TEXT.replace("value150", "other"))
        assert view.cursor_location == (149, 3)
        view.show_text("short")
        assert view.cursor_location == (0, 3)


async def test_marks_move_with_their_lines_and_go_with_changed_ones(host: Host) -> None:
    async with host.run_test(size=(40, 8)):
        view = host.query_one(AnswerView)
        for text, lines in (
            ("a\nb\nc\nd\n", [2, 4]),
            ("new\na\nb\nc\nd\n", [3, 5]),
            ("a\nb\nnew\nnew\nc\nd\n", [2, 6]),
            ("a\nc\nd\n", [3]),
            ("a\nbb\nc\nd\n", [4]),
            ("b\nc\nd\n", [1, 3]),
            ("", []),
        ):
            view.show_text("a\nb\nc\nd\n")
            view.show_marks([Mark(2, "✗", "FAIL", "b", "red"), Mark(4, "✗", "FAIL", "d", "red")])
            view.load_text(text)
            view.move_marks()
            assert [mark.line for mark in view.marks] == lines, text
