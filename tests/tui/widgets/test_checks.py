"""Tests of `tui.widgets.checks`: the checks of a card, with points, reasons and evidence."""

from __future__ import annotations

from textual.app import App, ComposeResult

from tests.tui.fake_session import HOSTILE, RIGHT, WRONG, card, judge
from tests.tui.showing import assert_shows, shown
from trainer.content.card import Card
from trainer.tui.widgets.checks import ChecksList, ChecksPane, marks_of, score, untold
from trainer.verdict import CheckResult, Location, Problem, Reason, Severity, Status, Verdict


class Host(App[None]):
    CSS = ".frame { border: round white; }"

    def __init__(self, whose: Card) -> None:
        super().__init__()
        self.whose = whose
        self.places: list[Location] = []

    def compose(self) -> ComposeResult:
        yield ChecksPane(self.whose)

    def on_checks_list_chosen(self, event: ChecksList.Chosen) -> None:
        self.places.append(event.location)


async def test_before_grading_the_points_are_told() -> None:
    app = Host(card())
    async with app.run_test(size=(60, 12)):
        assert "5 points, not graded yet" in shown(app)
        await assert_shows(app, "○ 2 points  Pod pod-ro exists in Namespace sun")


async def test_status_points_reasons_places_and_evidence() -> None:
    app = Host(card())
    async with app.run_test(size=(63, 16)):
        app.query_one(ChecksPane).show(judge(card(), WRONG))
        await assert_shows(app, "needs pod-exists")
        first, *rest = shown(app).splitlines()
    assert "Checks  ✗ NOT YET  0 of 5 points, 0 of 2 checks" in first
    lines = [line.strip("│ ") for line in rest[:-1] if line.strip("│ ")]
    assert lines == [
        "✗ FAIL 0/2  Pod pod-ro exists in Namespace sun",
        "pod.yaml:3:5 spec.securityContext.readOnlyRootFilesystem",
        "The API server refuses this field at Pod level: it belongs",
        "to a container. Move it to",
        "spec.containers[0].securityContext.",
        "→ kubectl refuses it",
        "- SKIP 0/3  Every container is read-only",
        "needs pod-exists",
    ]


async def test_the_title_is_short_where_the_pane_is_narrow() -> None:
    app = Host(card())
    async with app.run_test(size=(63, 16)) as pilot:
        app.query_one(ChecksPane).show(judge(card(), WRONG))
        await assert_shows(app, "0 of 5 points, 0 of 2 checks")
        await pilot.resize_terminal(40, 16)
        await pilot.pause()
        first = shown(app).splitlines()[0]
        assert "NOT YET  0 of 5 points" in first
        assert "…" not in first
        assert "checks" not in first


async def test_moving_through_checks_tells_their_places() -> None:
    where = [Location("a.yaml", 1, 1), Location("b.yaml", 7, 3)]
    checks = tuple(
        CheckResult(f"c{n}", f"Check {n}", Status.FAIL, 0, 1, reasons=(Reason("no"), Reason("here", place)))
        for n, place in enumerate(where)
    )
    app = Host(card())
    async with app.run_test(size=(60, 16)) as pilot:
        app.query_one(ChecksPane).show(Verdict("pod-ro", checks))
        app.query_one(ChecksList).focus()
        await pilot.press("j")
        await pilot.pause()
        assert app.places == [where[1]]
        await pilot.press("enter", "k")
        await pilot.pause()
        assert app.places == [where[1], where[1], where[0]]


async def test_refusals_that_no_check_repeats_come_first_and_hostile_text_is_literal() -> None:
    problem = Problem(HOSTILE, location=Location(HOSTILE, 2, 1, HOSTILE), remedy=HOSTILE)
    check = CheckResult("c", HOSTILE, Status.ERROR, 0, 1, reasons=(Reason(HOSTILE),), evidence=(HOSTILE,))
    app = Host(card())
    async with app.run_test(size=(150, 30)) as pilot:
        app.query_one(ChecksPane).show(Verdict("x", (check,), (problem,)))
        await assert_shows(app, "! ERROR 0/1")
        text = shown(app)
        assert text.index("✗ REFUSED") < text.index("! ERROR 0/1")
        assert text.count("[@click=app.quit]x[/]") == 7
        for y in range(10):
            await pilot.click(ChecksList, offset=(14, y))
        assert app.places[0].line == 2


def test_score_in_words() -> None:
    assert score(judge(card(), RIGHT)).plain == "✓ PASSED  5 of 5 points, 2 of 2 checks"


def test_a_problem_is_told_once() -> None:
    verdict = judge(card(), WRONG)
    assert untold(verdict) == []
    warning = Problem("duplicate key", Severity.WARNING, Location("pod.yaml", 3, 1))
    assert untold(Verdict("x", verdict.checks, (warning,))) == [warning]


def test_marks_stand_at_refusals_failures_and_warnings() -> None:
    verdict = judge(card(), WRONG)
    warning = Problem("duplicate key", Severity.WARNING, Location("pod.yaml", 1, 1))
    nowhere = Problem("nowhere", location=Location("pod.yaml", 0, 0))
    marks = marks_of(Verdict("x", verdict.checks, (*verdict.problems, warning, nowhere)))["pod.yaml"]
    assert [(mark.line, mark.sign, mark.word) for mark in marks] == [
        (3, "✗", "REFUSED"), (3, "✗", "FAIL"), (1, "!", "WARNING"),
    ]  # fmt: skip
    assert marks_of(judge(card(), RIGHT)) == {}


async def test_a_failed_check_says_why_it_matters() -> None:
    app = Host(card())
    checks = (
        CheckResult("a", "It is read-only", Status.FAIL, 0, 2, why="Nobody can\nplant [files]."),
        CheckResult("b", "It runs", Status.PASS, 2, 2, why="It must."),
    )
    async with app.run_test(size=(60, 16)):
        app.query_one(ChecksPane).show(Verdict("pod-ro", checks))
        await assert_shows(app, "Why it matters: Nobody can plant [files].")
        assert "It must" not in shown(app)
