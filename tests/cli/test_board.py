"""Tests of `cli.board`: the table fits, and the loop goes on after what it can't write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lab.test_board_page import BOARD
from trainer.cli.board import board_lines, card_signs, keep_page
from trainer.cli.tables import width
from trainer.lab.board import Board, Cell, Line


def test_the_table_fits() -> None:
    for columns in (80, 120):
        lines = list(board_lines(BOARD, columns))
        table = lines[1 : lines.index("")]
        assert max(map(width, table)) <= columns
        assert len(table) == 5
    text = "\n".join(lines)
    assert "1 done, 1 working, 1 stuck, 1 not begun" in text
    assert "Di" in text
    assert "cards: 1 pod-ro, 2 pod-ro" in text
    assert "stuck: Ann <script>alert(1)</script>, b: It is read-only" in text
    assert "not read: <b>x.db</b>: damaged" in text
    assert "\x1b" not in text.replace("B\u202eo\x1b[2J", "")


def test_signs_come_in_blocks() -> None:
    cells = tuple(Cell("a", state) for state in ("none", "begun", "working", "stuck", "passed", "unread"))
    assert card_signs(Line("x", cells)) == "·○◐!✓ ?"
    assert card_signs(Line("x", ())) == ""


class Enough(Exception):
    """Ends the loop."""


def test_the_page_is_kept_up_to_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    looks = []
    place = tmp_path / "pages"

    class Fake:
        def look(self) -> Board:
            looks.append(1)
            return BOARD

    def sleep(seconds: float) -> None:
        assert seconds == 5
        if len(looks) == 1:
            assert (place / "board.html").exists()
            place.rename(tmp_path / "away")
            place.write_text("in the way")
        elif len(looks) == 3:
            place.unlink()
        elif len(looks) == 4:
            assert (place / "board.html").exists()
            raise Enough

    watcher: Any = Fake()
    with pytest.raises(Enough):
        keep_page(watcher, place / "board.html", 5, sleep=sleep)
    assert capsys.readouterr().err.count("pages is a file") == 1, "told once"
