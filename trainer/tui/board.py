"""The board of a lab in the terminal: a row for each learner, and the highlighted one in detail."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import work
from textual.app import App
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from trainer.errors import TrainerError, in_words
from trainer.lab.board import SIGNS, STANDING_WORDS, STATE_WORDS, Board, Cell, Line, Standing, State, duration
from trainer.tui.terminal import end_with_terminal, restored_on_signals
from trainer.tui.text import MUTED, columns, counted, one_line
from trainer.tui.themes import DARK, THEMES
from trainer.tui.widgets.lists import PlainList

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.lab.watching import Watcher

STATE_STYLES: dict[State, str] = {
    "none": MUTED,
    "begun": "",
    "working": "$text-warning",
    "stuck": "bold $text-error",
    "passed": "$text-success",
    "unread": "bold $text-error",
}
STANDING_STYLES: dict[Standing, str] = {
    "done": "$text-success",
    "working": "",
    "stuck": "bold $text-error",
    "none": MUTED,
}
_ORDER: tuple[Standing, ...] = ("stuck", "working", "none", "done")
_BLOCK = 5
_DETAIL = 6
"""Lines of the pane about the highlighted learner."""


class Learners(PlainList):
    """One row for each learner: in the order of the roster, or those who need help first."""

    def __init__(self) -> None:
        super().__init__(id="learners")
        self.board: Board | None = None
        self.by_need = False

    def show(self, board: Board) -> None:
        """Show a newer board; the highlight stays on its learner."""
        self.board = board
        self.rebuild()

    def line(self) -> Line | None:
        """The highlighted learner."""
        row = self.highlighted_option
        return self.board.lines[int(row.id)] if self.board and row and row.id else None

    def rows(self, width: int) -> Sequence[Option]:
        """The rows for a width in cells."""
        if self.board is None:
            return []
        numbered = list(enumerate(self.board.lines))
        if self.by_need:
            numbered.sort(key=lambda one: _need(one[1]))
        return [Option(row_of(self.board, line, width), id=str(number)) for number, line in numbered]


def _need(line: Line) -> tuple[int, float]:
    return _ORDER.index(line.standing), line.now.since if line.now else 0.0


def row_of(board: Board, line: Line, width: int) -> Content:
    """The row of a learner, in exactly `width` cells: name, done, points, cards, and what is worked on."""
    name, cards = _name_width(board, width), _cards_width(board)
    most = len(str(board.points))
    done = f"{line.passed:>3}/{len(board.cards)}".rjust(6)
    points = f"{line.points:>{most}}/{board.points}"
    used = name + 6 + len(points) + cards + 3 * 2
    return Content.assemble(
        (columns(line.name, name), STANDING_STYLES[line.standing]),
        f"{done}  {points}  ",
        _signs(line),
        "  ",
        (columns(_now(line, board.at), max(width - used, 0)), STANDING_STYLES[line.standing]),
    )


def head_of(board: Board, width: int) -> str:
    """The names of the columns, above the rows."""
    name, points = _name_width(board, width), 2 * len(str(board.points)) + 1
    cards = f"1-{len(board.cards)}".ljust(_cards_width(board))
    return f"{'learner':{name}}{'done':>6}  {'pts':>{points}}  {cards}  works on"[:width]


def _name_width(board: Board, width: int) -> int:
    longest = max((cell_len(line.name) for line in board.lines), default=8)
    return max(min(longest, width // 4), 8)


def _cards_width(board: Board) -> int:
    count = len(board.cards)
    return max(count + max(count - 1, 0) // _BLOCK, 4)


def _signs(line: Line) -> Content:
    parts: list[Content] = []
    for number, cell in enumerate(line.cells):
        if number and number % _BLOCK == 0:
            parts.append(Content(" "))
        parts.append(Content.styled(SIGNS[cell.state], STATE_STYLES[cell.state]))
    count = len(line.cells)
    return Content("").join([*parts, Content(" " * max(4 - count - max(count - 1, 0) // _BLOCK, 0))])


def _now(line: Line, now: float) -> str:
    cell = line.now
    if cell is None:
        return STANDING_WORDS[line.standing] if line.standing in ("done", "none") else ""
    if not cell.check:
        return f"{cell.card}, {duration(now - cell.at)}"
    return f"{duration(now - cell.since)}: {cell.card}, {cell.check}"


def detail_of(line: Line, now: float) -> Content:
    """What is to know about a learner: the unfinished cards, the one at hand first."""
    head = Content.assemble(one_line(line.name, "bold"), f": {STANDING_WORDS[line.standing]}")
    open_ = sorted((cell for cell in line.cells if cell.state not in ("none", "passed")), key=_latest)
    lines = [head]
    for cell in open_[: _DETAIL - 1]:
        tries = f", {counted(cell.tries, 'try').replace('trys', 'tries')}" if cell.tries else ""
        text = f"{cell.card}: {STATE_WORDS[cell.state]}, {cell.points} of {cell.max_points} points{tries}"
        if cell.check:
            text += f"; for {duration(now - cell.since)} not: {cell.says or cell.check}"
        lines.append(Content.assemble((f"{SIGNS[cell.state]} ", STATE_STYLES[cell.state]), one_line(text)))
    return Content("\n").join(lines)


def _latest(cell: Cell) -> float:
    return -cell.at


class BoardApp(App[None]):
    """The board: it looks again every few seconds, and writes the page, if any, at each look."""

    TITLE = "cks-trainer"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #head, #columns, #troubles, #keys { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    #head { text-style: bold; }
    #columns, #keys { color: $foreground 70%; }
    #learners { padding: 0 1; }
    #detail { height: auto; max-height: 33%; padding: 0 1; border-top: solid $foreground 30%; }
    #troubles { color: $text-error; display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,ctrl+c,ctrl+q", "quit", show=False, priority=True),
        Binding("s", "sort", show=False),
        Binding("r", "look", show=False),
    ]

    def __init__(self, watcher: Watcher, html: Path | None, every: int) -> None:
        super().__init__()
        self.console.size = shutil.get_terminal_size()
        self._watcher = watcher
        self._html = html
        self._every = every
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK

    def compose(self) -> ComposeResult:
        """Head, learners, detail, troubles, keys."""
        yield Static("Reading the answers …", id="head", markup=False)
        yield Static("", id="columns", markup=False)
        yield Learners()
        yield Static("", id="detail", markup=False)
        yield Static("", id="troubles", markup=False)
        yield Static("q quit  s sort by need  r look now  ↑↓ learner", id="keys", markup=False)

    def on_mount(self) -> None:
        """Look now, and again and again."""
        self.query_one(Learners).focus()
        self.action_look()
        self.set_interval(self._every, self.action_look)

    def action_look(self) -> None:
        """Look now; a look that still goes on is enough."""
        if not any(worker.group == "look" and not worker.is_finished for worker in self.workers):
            self._look()

    @work(thread=True, group="look", exit_on_error=False)
    def _look(self) -> None:
        trouble = ""
        try:
            board = self._watcher.look()
        except Exception as error:  # the board goes on with what it knew
            self.call_from_thread(self.tell, in_words(error))
            return
        if self._html is not None:
            from trainer.lab.board_page import write_board

            try:
                write_board(board, self._html, seconds=self._every)
            except TrainerError as error:
                trouble = str(error)
        self.call_from_thread(self.show, board, trouble)

    def show(self, board: Board, trouble: str = "") -> None:
        """Show a board, and what went wrong beside it."""
        self.query_one(Learners).show(board)
        self._fit(board)
        self.tell("; ".join(filter(None, (trouble, *board.troubles))))

    def tell(self, trouble: str) -> None:
        """Show what went wrong in a line; nothing hides the line."""
        line = self.query_one("#troubles", Static)
        line.display = bool(trouble)
        line.update(one_line(trouble))

    def on_resize(self) -> None:
        """Fit the heads to another width."""
        board = self.query_one(Learners).board
        if board is not None:
            self.call_after_refresh(self._fit, board)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Another learner is highlighted."""
        event.stop()
        self._show_detail()

    def action_sort(self) -> None:
        """Sort by need, or as in the roster."""
        learners = self.query_one(Learners)
        learners.by_need = not learners.by_need
        learners.rebuild()
        word = "as in the roster" if learners.by_need else "by need"
        self.query_one("#keys", Static).update(f"q quit  s sort {word}  r look now  ↑↓ learner")
        self._show_detail()

    def _fit(self, board: Board) -> None:
        width = self.size.width - 2
        counts = ", ".join(f"{count} {STANDING_WORDS[name]}" for name, count in board.counts.items())
        clock = duration_clock(board.at)
        self.query_one("#head", Static).update(one_line(f"{clock}  {board.title}: {counts}"))
        self.query_one("#columns", Static).update(Content(head_of(board, width)))
        self._show_detail()

    def _show_detail(self) -> None:
        learners = self.query_one(Learners)
        line = learners.line()
        if line is not None and learners.board is not None:
            self.query_one("#detail", Static).update(detail_of(line, learners.board.at))


def duration_clock(at: float) -> str:
    """The local time of day of a moment in seconds since 1970."""
    from datetime import datetime

    return datetime.fromtimestamp(at).strftime("%H:%M:%S")


def run(watcher: Watcher, html: Path | None, every: int) -> bool:
    """Show the board on the terminal until somebody quits. Returns whether it ended well."""
    end_with_terminal()
    app = BoardApp(watcher, html, every)
    with restored_on_signals():
        app.run()
    return not app.return_code
