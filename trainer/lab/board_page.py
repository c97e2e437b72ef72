"""The board as a page for a projector: one static file, which the browser reads again by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from trainer.files import replace_file
from trainer.lab.board import SIGNS, STANDING_WORDS, STATE_WORDS, Board, Cell, Line, State, duration
from trainer.lab.pages import page, text

_STYLE = """\
:root { color-scheme: light dark; --bg: #fff; --fg: #111; --line: #bbb; --soft: #eee;
--passed: #1b7a38; --stuck: #b3261e; --working: #8a5a00; --ink: #fff; }
@media (prefers-color-scheme: dark) { :root { --bg: #111; --fg: #f4f4f4; --line: #555; --soft: #222;
--passed: #7be09a; --stuck: #ff8f86; --working: #ffcf70; --ink: #111; } }
body { font: 1.25rem/1.35 system-ui, sans-serif; background: var(--bg); color: var(--fg); margin: 1.2rem; }
h1 { font-size: 1.8rem; margin: 0 0 0.6rem; } h1 small { font-weight: normal; float: right; }
h2 { font-size: 1.3rem; margin: 1rem 0 0.3rem; }
.tiles { display: flex; flex-wrap: wrap; gap: 0.8rem; margin: 0 0 1rem; padding: 0; list-style: none; }
.tiles li { border: 2px solid var(--line); border-radius: 0.4rem; padding: 0.2rem 1rem; }
.tiles b { font-size: 1.9rem; margin-right: 0.4rem; }
.tiles .done { border-color: var(--passed); } .tiles .stuck { border-color: var(--stuck); }
.wide { overflow-x: auto; margin-top: 1rem; }
table { border-collapse: collapse; } th, td { padding: 0.15rem 0.5rem; border: 1px solid var(--line); }
th { background: var(--soft); text-align: left; white-space: nowrap; }
td.cell { text-align: center; min-width: 2.2rem; white-space: nowrap; }
td:last-child { min-width: 14rem; }
td.number { text-align: right; white-space: nowrap; }
td.passed { background: var(--passed); color: var(--ink); font-weight: bold; }
td.stuck { background: var(--stuck); color: var(--ink); font-weight: bold; }
td.working { color: var(--working); font-weight: bold; } td.none { color: var(--line); }
ol { margin: 0.3rem 0 0; } .stuck-list { padding-left: 1.5rem; } .legend { font-size: 1rem; }
"""


def write_board(board: Board, file: Path, *, seconds: int) -> None:
    """Replace the page by that of a board, whole: a browser never reads half of it. Raises `FileFault`."""
    replace_file(file, board_page(board, seconds=seconds).encode("utf-8", "replace"), sync=False)


def board_page(board: Board, *, seconds: int) -> str:
    """The page of a board; a browser reads it again after so many seconds."""
    return page(board.title, "\n".join(_body(board)), _STYLE, refresh=max(seconds, 1))


def _body(board: Board) -> Iterator[str]:
    at = datetime.fromtimestamp(board.at).strftime("%H:%M:%S")
    yield f"<h1>{text(board.title)} <small>as of {at}</small></h1>"
    yield '<ul class="tiles">'
    for standing, count in board.counts.items():
        yield f'<li class="{standing}"><b>{count}</b>{STANDING_WORDS[standing]}</li>'
    yield "</ul>"
    if board.stuck:
        yield '<h2>Stuck</h2>\n<ol class="stuck-list">'
        yield from (_stuck(line, cell, board.at) for line, cell in board.stuck)
        yield "</ol>"
    yield from _matrix(board)
    yield '<h2>Cards</h2>\n<ol class="legend">'
    for card in board.cards:
        yield f"<li><b>{text(card.id)}</b>: {text(card.title)}, {card.points} points, {card.minutes} min</li>"
    yield "</ol>"
    signs = " &nbsp; ".join(f"<b>{sign}</b> {STATE_WORDS[state]}" for state, sign in SIGNS.items())
    yield f'<p class="legend">{signs}</p>'
    for trouble in board.troubles:
        yield f'<p class="legend">Not read: {text(trouble)}</p>'


def _stuck(line: Line, cell: Cell, now: float) -> str:
    since = datetime.fromtimestamp(cell.since).strftime("%H:%M")
    what = f"<b>{text(cell.card)}</b>: {text(cell.says or cell.check)}"
    return f"<li><b>{text(line.name)}</b>, {what}, since {since} ({duration(now - cell.since)})</li>"


def _matrix(board: Board) -> Iterator[str]:
    yield '<div class="wide"><table>'
    numbers = "".join(f'<th title="{text(card.id)}">{at}</th>' for at, card in enumerate(board.cards, 1))
    yield f"<tr><th>Learner</th><th>Done</th><th>Points</th>{numbers}<th>Works on</th></tr>"
    for line in board.lines:
        cells = "".join(_cell(cell) for cell in line.cells)
        done = f"{line.passed}/{len(board.cards)}"
        points = f"{line.points}/{board.points}"
        yield (
            f'<tr><th>{text(line.name)}</th><td class="number">{done}</td><td class="number">{points}</td>'
            f"{cells}<td>{_now(line, board.at)}</td></tr>"
        )
    yield "</table></div>"


def _cell(cell: Cell) -> str:
    state: State = cell.state
    shown = (
        SIGNS[state] if state in ("none", "begun", "passed", "unread") else f"{SIGNS[state]} {cell.points}"
    )
    title = f"{cell.card}: {STATE_WORDS[state]}, {cell.points} of {cell.max_points} points"
    return f'<td class="cell {state}" title="{text(title)}">{shown}</td>'


def _now(line: Line, now: float) -> str:
    cell = line.now
    if cell is None:
        return STANDING_WORDS[line.standing] if line.standing in ("done", "none") else ""
    check = f", {text(cell.check)} ({duration(now - cell.since)})" if cell.check else ""
    return f"{text(cell.card)}{check}"
