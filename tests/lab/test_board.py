"""Tests of `lab.board`: who is done, who is stuck on what and since when, who hasn't begun."""

from __future__ import annotations

from tests.table import each_row
from trainer.lab.board import Board, Cell, Head, Line, Seen, cell_of, duration

CARD = Head("pod-ro", "Pod", 5, 4, {"exists": "It exists", "ro": "It is read-only"})
HALF = {"exists": "pass", "ro": "fail"}
NONE = {"exists": "fail", "ro": "skipped"}
WRONG = {"exists": "fail", "ro": "fail"}
FULL = {"exists": "pass", "ro": "pass"}


def seen(at: float, checks: dict[str, str]) -> Seen:
    points = 2 * (checks["exists"] == "pass") + 3 * (checks["ro"] == "pass")
    return Seen(at, points, 5, points == 5, checks)


@each_row(
    ("results", "state", "check", "since"),
    [
        ([], "begun", "", 0),
        ([seen(100, HALF)], "working", "ro", 100),
        ([seen(100, HALF), seen(200, HALF), seen(300, HALF)], "stuck", "ro", 100),
        ([seen(300, HALF), seen(100, HALF)], "stuck", "ro", 100),
        ([seen(100, HALF), seen(200, FULL), seen(300, HALF)], "working", "ro", 300),
        ([seen(100, HALF), seen(900, FULL)], "passed", "", 0),
        ([seen(100, NONE), seen(300, HALF)], "stuck", "ro", 300),
        ([seen(100, NONE), seen(300, WRONG)], "stuck", "exists", 100),
        ([seen(100, HALF), seen(200, NONE), seen(300, HALF)], "stuck", "ro", 100),
        ([seen(100, {"exists": "error", "ro": "skipped"})], "working", "", 0),
        ([seen(100, FULL), Seen(200, unread=True)], "unread", "", 0),
        ([Seen(100, 5, 5, False, FULL)], "working", "", 0),
    ],
)
def test_a_cell(results: list[Seen], state: str, check: str, since: float) -> None:
    now = 650 if state == "working" else 1000
    cell = cell_of(CARD, 50.0, results, now, 600 if state == "working" else 650)
    assert (cell.state, cell.check, cell.since) == (state, check, since)
    assert cell.says == CARD.says.get(check, "")
    assert cell.tries == len(results)
    assert cell.at == max([50.0, *(one.at for one in results)])


def test_nothing_done() -> None:
    assert cell_of(CARD, 0.0, [], 1000, 600) == Cell("pod-ro", max_points=5)


def line(name: str, *cells: Cell) -> Line:
    return Line(name, cells)


PASSED, OPEN = Cell("a", "passed", 5, 5, 1, at=10), Cell("a", "none", 0, 5)
WORKS = Cell("b", "working", 2, 5, 1, "ro", "says", 20, 30)
STUCK = Cell("b", "stuck", 2, 5, 9, "ro", "It is read-only", 5, 20)


def test_a_line_and_the_whole_class() -> None:
    lines = (
        line("done", PASSED, PASSED),
        line("works", PASSED, WORKS),
        line("stuck", OPEN, STUCK),
        line("went on", STUCK, WORKS),
        line("none", OPEN, OPEN),
        line("between", PASSED, OPEN),
        line("longer", Cell("b", "stuck", check="x", since=2, at=21), OPEN),
    )
    standings = ["done", "working", "stuck", "working", "none", "working", "stuck"]
    assert [one.standing for one in lines] == standings
    assert (lines[1].points, lines[1].passed, lines[1].now) == (7, 1, WORKS)
    assert lines[0].now is lines[5].now is None
    board = Board("T", 100.0, (CARD, CARD), lines)
    assert board.counts == {"done": 1, "working": 3, "stuck": 2, "none": 1}
    assert [one.name for one, _ in board.stuck] == ["longer", "stuck"]
    assert board.points == 10


def test_the_contract() -> None:
    form = Board("T", 100.0, (CARD,), (line("Ann", STUCK),), ("x.db: damaged",)).json()
    assert form == {
        "schema": "cks-trainer.lab-board/1",
        "title": "T",
        "at": 100.0,
        "cards": [{"card": "pod-ro", "title": "Pod", "points": 5, "minutes": 4}],
        "counts": {"done": 0, "working": 0, "stuck": 1, "none": 0},
        "learners": [
            {
                "learner": "Ann",
                "standing": "stuck",
                "passed": 0,
                "points": 2,
                "now": "b",
                "cards": [
                    {
                        "card": "b", "state": "stuck", "points": 2, "max_points": 5, "tries": 9, "check": "ro",
                        "says": "It is read-only", "since": 5, "at": 20,
                    }
                ],
            }
        ],
        "troubles": ["x.db: damaged"],
    }  # fmt: skip


def test_durations() -> None:
    assert [duration(one) for one in (-5, 59, 60, 3599, 3600, 100_000)] == [
        "now", "now", "1 min", "59 min", "1 h 00", "27 h 46",
    ]  # fmt: skip
