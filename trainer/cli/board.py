"""The board of a lab as lines of text, and the loop that keeps a page up to date."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.cli import streams
from trainer.cli.tables import cut, styled, table, width
from trainer.errors import TrainerError
from trainer.lab.board import SIGNS, STANDING_WORDS, STATE_WORDS, Board, Line, duration
from trainer.lab.board_page import write_board

if TYPE_CHECKING:
    from trainer.lab.watching import Watcher

_NAME = 24
_BLOCK = 5
"""Cards are shown in blocks of so many, which are easier to count."""


def board_lines(board: Board, columns: int | None) -> Iterator[str]:
    """The board as a table that fits into so many columns, then what it means."""
    counts = ", ".join(f"{count} {STANDING_WORDS[name]}" for name, count in board.counts.items())
    clock = time.strftime("%H:%M:%S", time.localtime(board.at))
    yield styled(f"{board.title} at {clock}: {counts}", "bold")
    head = ["learner", "done", "points", "cards", "works on", "for"]
    rows = [_row(board, line) for line in board.lines]
    others = [[one[at] for one in (head, *rows)] for at in (0, 1, 2, 3, 5)]
    room = max((columns or 400) - sum(max(map(width, cells)) + 2 for cells in others), 12)
    for row in rows:
        row[4] = cut(row[4], room)
    yield from table(head, rows, right=(1, 2))
    yield ""
    yield "  ".join(f"{sign} {STATE_WORDS[state]}" for state, sign in SIGNS.items())
    yield "cards: " + ", ".join(f"{number} {card.id}" for number, card in enumerate(board.cards, 1))
    for line, cell in board.stuck:
        since = duration(board.at - cell.since)
        yield f"stuck: {line.name}, {cell.card}: {cell.says or cell.check} ({since})"
    for trouble in board.troubles:
        yield f"not read: {trouble}"


def _row(board: Board, line: Line) -> list[str]:
    now = line.now
    on = f"{now.card}: {now.check}" if now and now.check else now.card if now else ""
    since = (now.since or now.at) if now else 0
    return [
        cut(line.name, _NAME),
        f"{line.passed}/{len(board.cards)}",
        f"{line.points}/{board.points}",
        card_signs(line),
        on,
        duration(board.at - since) if now else "",
    ]


def card_signs(line: Line) -> str:
    """The signs of a learner's cards, in blocks."""
    signs = [SIGNS[cell.state] for cell in line.cells]
    return " ".join("".join(signs[at : at + _BLOCK]) for at in range(0, len(signs), _BLOCK))


def keep_page(
    watcher: Watcher, file: Path, seconds: int, *, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Write the page of the board again and again, until somebody ends the program.

    A page that can't be written is told, and tried again: the disk may have room later.
    """
    said = ""
    while True:
        trouble = ""
        try:
            write_board(watcher.look(), file, seconds=seconds)
        except TrainerError as error:
            trouble = str(error)
        if trouble and trouble != said:
            streams.say(trouble)
        said = trouble
        sleep(seconds)
