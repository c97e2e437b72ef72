"""Tests of `lab.board_page`: the page is whole, safe, and says everything without a color."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.test_board import CARD, OPEN, PASSED, STUCK, WORKS
from tests.lab.test_pages import Tags
from trainer.errors import TrainerError
from trainer.lab.board import Board, Line
from trainer.lab.board_page import board_page, write_board

LINES = (
    Line("Ann <script>alert(1)</script>", (PASSED, STUCK)),
    Line("B\u202eo\x1b[2J", (OPEN, WORKS)),
    Line("Cy", (OPEN, OPEN)),
    Line("Di", (PASSED, PASSED)),
)
BOARD = Board("Lab & co", 1_700_000_000.0, (CARD, CARD), LINES, ("<b>x.db</b>: damaged",))


def test_everything_is_there_and_nothing_acts() -> None:
    html = board_page(BOARD, seconds=7)
    found = Tags(html)
    assert not {"script", "img", "a", "iframe", "link"} & set(found.tags)
    assert ("content", "7") in found.attributes
    assert not [one for one in found.attributes if one[0].startswith("on") or one[0] in ("href", "src")]
    assert "\x1b" not in html
    assert "\u202e" not in html
    for part in (
        "<b>1</b>done", "<b>1</b>stuck", "<b>1</b>working", "<b>1</b>not begun", "Lab &amp; co",
        "<b>pod-ro</b>: Pod, 5 points, 4 min", "It is read-only, since", "&lt;b&gt;x.db&lt;/b&gt;: damaged",
        '<td class="cell passed" title="a: passed, 5 of 5 points">✓</td>',
        '<td class="cell stuck" title="b: stuck, 2 of 5 points">! 2</td>', '<td class="number">7/10</td>',
    ):  # fmt: skip
        assert part in html, part


def test_the_page_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "board.html"
    write_board(BOARD, file, seconds=5)
    first = file.stat().st_ino
    write_board(BOARD, file, seconds=0)
    assert file.stat().st_ino != first
    assert 'content="1"' in file.read_text()
    assert list(tmp_path.iterdir()) == [file]
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(file)
    for place in (tmp_path / "folder", tmp_path / "link", file / "x"):
        with pytest.raises(TrainerError):
            write_board(BOARD, place, seconds=5)
