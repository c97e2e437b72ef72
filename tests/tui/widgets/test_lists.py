"""Tests of `tui.widgets.lists`."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App, ComposeResult
from textual.content import Content
from textual.visual import Visual
from textual.widgets.option_list import Option

from trainer.tui.text import literal
from trainer.tui.widgets.lists import OneLine, PlainList


class Numbers(PlainList):
    """Rows 0 to 4; the first cannot be chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.built: list[int] = []
        self.count = 5

    def rows(self, width: int) -> Sequence[Option]:
        self.built.append(width)
        return [Option(literal(f"[b]{n}"), id=str(n), disabled=n == 0) for n in range(self.count)]


class Host(App[None]):
    def compose(self) -> ComposeResult:
        yield Numbers()


async def test_arrow_keys_and_vim_keys_move() -> None:
    app = Host()
    async with app.run_test(size=(30, 10)) as pilot:
        numbers = app.query_one(Numbers)
        numbers.focus()
        await pilot.pause()
        assert numbers.highlighted == 1
        for key, row in (("j", 2), ("down", 3), ("k", 2), ("up", 1), ("G", 4), ("g", 1)):
            await pilot.press(key)
            assert numbers.highlighted == row, key


async def test_rows_are_built_for_the_width_and_the_highlight_stays() -> None:
    app = Host()
    async with app.run_test(size=(30, 10)) as pilot:
        numbers = app.query_one(Numbers)
        numbers.focus()
        await pilot.press("j", "j")
        await pilot.resize_terminal(50, 10)
        await pilot.pause()
        assert numbers.built[0] == 30
        assert numbers.built[-1] == 50
        assert numbers.highlighted == 3
        numbers.count = 2
        numbers.rebuild()
        assert numbers.highlighted == 1
        numbers.count = 1
        numbers.rebuild()
        assert numbers.highlighted is None


async def test_a_scrollbar_that_appears_takes_its_cells_from_the_rows() -> None:
    app = Host()
    async with app.run_test(size=(30, 10)) as pilot:
        numbers = app.query_one(Numbers)
        numbers.count = 50
        numbers.rebuild()
        await pilot.pause()
        await pilot.pause()
        assert numbers.built[-1] == numbers.scrollable_content_region.width < 30


class Nowhere(App[None]):
    """A list that gets no room."""

    CSS = "PlainList { height: 0; width: 0; }"

    def compose(self) -> ComposeResult:
        yield Numbers()


async def test_page_keys_on_a_list_without_room_go_to_its_ends() -> None:
    app = Nowhere()
    async with app.run_test() as pilot:
        numbers = app.query_one(Numbers)
        numbers.action_page_down()
        assert numbers.highlighted == 4
        numbers.action_page_up()
        assert numbers.highlighted == 1
        await pilot.pause()


async def test_a_row_of_one_line_looks_as_any_text_and_is_cut() -> None:
    app = Host()
    async with app.run_test(size=(30, 10)):
        numbers = app.query_one(Numbers)
        style = numbers.get_visual_style("option-list--option-highlighted")
        parts = ("○ ", "$text-success"), "title 日本 ", ("", "bold"), ("passed", "bold $text-error")
        row = OneLine.assemble(*parts)

        def cells(visual: Visual, width: int) -> list[tuple[str, object]]:
            (strip,) = visual.to_strips(numbers, visual, width, None, style)
            return [
                (character, part.style and part.style.without_color, part.style and part.style.color)
                for part in strip
                for character in part.text
            ]

        assert row.get_height(numbers.styles, 5) == 1
        assert cells(row, 30) == cells(Content.assemble(*parts), 30)
        assert "".join(text for text, *_ in cells(row, 10)) == "○ title 日"
