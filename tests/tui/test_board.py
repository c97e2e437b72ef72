"""Tests of `tui.board`: the class in a terminal, by keys, and what goes wrong beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.widgets import Static

from tests.lab.test_board_page import BOARD
from tests.tui.showing import assert_soon
from trainer.lab.board import Board
from trainer.tui.board import BoardApp, Learners, detail_of, head_of, row_of


class Fake:
    """A watcher whose looks are given."""

    def __init__(self) -> None:
        self.looks: list[Board | Exception] = [BOARD]

    def look(self) -> Board:
        found = self.looks[-1]
        if isinstance(found, Exception):
            raise found
        return found


def text(app: BoardApp, name: str) -> str:
    return str(app.query_one(name, Static).render())


def test_rows_fill_their_width() -> None:
    for width in (20, 78, 118):
        for line in BOARD.lines:
            row = row_of(BOARD, line, width)
            assert row.cell_length == max(width, 29)
            assert "\n" not in row.plain
        assert len(head_of(BOARD, width)) <= width
    assert "\\x1b[2J" in row_of(BOARD, BOARD.lines[1], 118).plain
    assert "b: stuck, 2 of 5 points, 9 tries" in detail_of(BOARD.lines[0], BOARD.at).plain


async def test_the_board_by_keys(tmp_path: Path) -> None:
    watcher: Any = Fake()
    app = BoardApp(watcher, tmp_path / "board.html", 3600)
    async with app.run_test(size=(80, 24)) as pilot:
        await assert_soon(lambda: "1 stuck" in text(app, "#head"))
        assert (tmp_path / "board.html").exists()
        assert "<b>x.db</b>: damaged" in text(app, "#troubles")
        assert "Ann <script>" in text(app, "#detail")
        await pilot.press("j")
        await assert_soon(lambda: "b: some done" in text(app, "#detail"))
        await pilot.press("s", "home")
        await assert_soon(lambda: "Ann <script>" in text(app, "#detail"))
        learners = app.query_one(Learners)
        assert [option.id for option in learners.options] == ["0", "1", "2", "3"]
        watcher.looks.append(RuntimeError("a fault"))
        await pilot.press("r")
        await assert_soon(lambda: "RuntimeError" in text(app, "#troubles"))
        assert "1 stuck" in text(app, "#head"), "what was known stays"
        watcher.looks.append(Board("T", 1.0, BOARD.cards, BOARD.lines[:1]))
        await pilot.press("r")
        await assert_soon(lambda: not app.query_one("#troubles", Static).display)
        assert len(learners.options) == 1
        await pilot.resize_terminal(120, 40)
        await pilot.press("q")
    assert app.return_code == 0
