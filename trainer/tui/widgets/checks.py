"""The checks of a card, with points, reasons and evidence; and what kubectl would refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from trainer.tui.lifetime import WhileThere
from trainer.tui.text import CHECK_SIGNS, MUTED, counted, indented, literal, one_line
from trainer.tui.widgets.answer import Mark
from trainer.tui.widgets.frame import Framed
from trainer.tui.widgets.lists import PlainList
from trainer.verdict import Scope, Severity, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.content.card import Card
    from trainer.verdict import CheckResult, Location, Problem, Verdict


EFFECT_KEY = Content.styled("w effect", MUTED)
"""The key that shows what the answer does, below the checks."""


class ChecksList(PlainList):
    """One row for each problem that no check repeats, then one for each check."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("g", "screen.given", show=False)]
    """As in the other panes of the card; in other lists, `g` goes to the first row."""

    class Chosen(Message):
        """A row is highlighted whose first reason has a place in the answer."""

        def __init__(self, location: Location) -> None:
            super().__init__()
            self.location = location

    def __init__(self, card: Card) -> None:
        super().__init__(id="checks-list")
        self._card = card
        self._verdict: Verdict | None = None

    def show(self, verdict: Verdict | None) -> None:
        """Show a verdict, or None for not graded; a highlighted check stays highlighted."""
        self._verdict = verdict
        self.rebuild()

    def rows(self, width: int) -> Sequence[Option]:
        """The rows for a width in cells; one is left free before the scroll bar."""
        width -= 1
        if self._verdict is None:
            points = [counted(check.points, "point") for check in self._card.checks]
            widest = max(map(len, points), default=0)
            return [
                Option(_lines(_head("○", "", one.ljust(widest), check.says, "", width)), id=check.id)
                for one, check in zip(points, self._card.checks, strict=True)
            ]
        problems = [
            Option(_lines(_problem(problem, width)), id=f"problem-{index}")
            for index, problem in enumerate(untold(self._verdict))
        ]
        return problems + [
            Option(_lines(_check(check, width)), id=row_id(check)) for check in self._verdict.checks
        ]

    def location_of(self, row: str | None) -> Location | None:
        """The place in the answer that a row refers to, if any."""
        if self._verdict is None or row is None:
            return None
        if row.startswith("problem-"):
            return untold(self._verdict)[int(row.removeprefix("problem-"))].location
        for check in self._verdict.checks:
            if row_id(check) == row:
                places = [one.location for one in check.reasons if one.location and one.location.line]
                return places[0] if places else None
        return None

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell the screen which place the row refers to."""
        event.stop()
        location = self.location_of(event.option_id)
        if location is not None:
            self.post_message(self.Chosen(location))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click does the same as moving to the row."""
        self.on_option_list_option_highlighted(
            OptionList.OptionHighlighted(self, event.option, event.option_index)
        )


def row_id(check: CheckResult) -> str:
    """The ID of a check's row: a check that is also judged in a cluster has two rows."""
    return check.id if check.scope is Scope.FILE else f"live:{check.id}"


class ChecksPane(WhileThere, Vertical, Framed):
    """The list of checks in a frame; the score is its title."""

    def __init__(self, card: Card) -> None:
        super().__init__(id="checks", classes="frame")
        self._card = card
        self._verdict: Verdict | None = None

    def compose(self) -> ComposeResult:
        """Title and list."""
        self.put_title(self._not_graded(), EFFECT_KEY)
        yield ChecksList(self._card)

    def show(self, verdict: Verdict | None) -> None:
        """Show a verdict, or None for not graded."""
        self._verdict = verdict
        self._say_score()
        self.query_one(ChecksList).show(verdict)

    def on_resize(self, event: events.Resize) -> None:
        """Say as much in the title as has room."""
        del event
        self._say_score()

    def _say_score(self) -> None:
        title = self._not_graded()
        if self._verdict is not None:
            long, title = (
                Content.assemble("Checks  ", score(self._verdict, short=short)) for short in (False, True)
            )
            if long.cell_length + 2 <= self.size.width:  # a blank and a piece of the frame on either side
                title = long
        self.put_title(title, EFFECT_KEY)

    def _not_graded(self) -> Content:
        return Content(f"Checks  {counted(self._card.points, 'point')}, not graded yet")


def score(verdict: Verdict, *, short: bool = False) -> Content:
    """The result in a line: sign, word, points and (not in the short form) checks."""
    sign, word, colour = CHECK_SIGNS[Status.PASS if verdict.passed else Status.FAIL]
    passed = sum(check.status is Status.PASS for check in verdict.counted)
    word = "PASSED" if verdict.passed else "NOT YET"
    return Content.assemble(
        (f"{sign} {word}", f"bold {colour}"),
        f"  {verdict.points} of {counted(verdict.max_points, 'point')}",
        "" if short else f", {passed} of {counted(len(verdict.counted), 'check')}",
    )


def untold(verdict: Verdict) -> list[Problem]:
    """The problems whose place and words no check's reason repeats."""
    told = {
        (reason.location.file, reason.location.line)
        for check in verdict.checks
        for reason in check.reasons
        if reason.location is not None and check.status is not Status.PASS
    }
    return [
        problem
        for problem in verdict.problems
        if problem.severity is Severity.WARNING
        or problem.location is None
        or (problem.location.file, problem.location.line) not in told
    ]


def marks_of(verdict: Verdict) -> dict[str, list[Mark]]:
    """The marks of a verdict, by file: refusals, failing checks, warnings, in this order."""
    found: dict[str, list[Mark]] = {}

    def put(location: Location | None, sign: str, word: str, message: str, colour: str) -> None:
        if location is not None and location.line:
            mark = Mark(location.line, sign, word, message, colour)
            found.setdefault(location.file, []).append(mark)

    for problem in verdict.problems:
        if problem.severity is Severity.ERROR:
            end = "" if problem.message.endswith((".", "?", "!")) or not problem.remedy else "."
            message = f"{problem.message}{end} {problem.remedy}".strip()
            put(problem.location, "✗", "REFUSED", message, "red")
    for check in verdict.checks:
        if check.status in (Status.FAIL, Status.ERROR):
            sign, word, _ = CHECK_SIGNS[check.status]
            colour = "red" if check.status is Status.FAIL else "yellow"
            for reason in check.reasons:
                put(reason.location, sign, word, reason.message, colour)
    for problem in verdict.problems:
        if problem.severity is Severity.WARNING:
            put(problem.location, "!", "WARNING", problem.message, "yellow")
    return found


def _check(check: CheckResult, width: int) -> list[Content]:
    sign, word, colour = CHECK_SIGNS[check.status]
    points = "-" if check.needs_cluster else f"{check.points}/{check.max_points}"
    says = check.says if check.scope is Scope.FILE else f"live: {check.says}"
    lines = _head(sign, word, points, says, f"bold {colour}", width)
    for reason in check.reasons:
        if reason.location is not None:
            lines += indented(_place(reason.location), width, 2)
        lines += indented(literal(reason.message), width, 2)
    for evidence in check.evidence:
        lines += indented(literal(f"→ {evidence}", "italic"), width, 2)
    if check.why and check.status is Status.FAIL:
        lines += indented(one_line(f"Why it matters: {' '.join(check.why.split())}", MUTED), width, 2)
    return lines


def _problem(problem: Problem, width: int) -> list[Content]:
    refused = problem.severity is Severity.ERROR
    sign, word, colour = ("✗", "REFUSED", "$text-error") if refused else ("!", "WARNING", "$text-warning")
    lines = indented(Content.styled(f"{sign} {word}", f"bold {colour}"), width, 0)
    if problem.location is not None:
        lines += indented(_place(problem.location), width, 2)
    lines += indented(literal(problem.message), width, 2)
    if problem.remedy:
        lines += indented(literal(problem.remedy), width, 2)
    return lines


def _place(location: Location) -> Content:
    return one_line(f"{location}  {location.path}".rstrip(), MUTED)


def _head(sign: str, word: str, points: str, says: str, style: str, width: int) -> list[Content]:
    mark = " ".join(part for part in (sign, word, points) if part)
    first = Content.assemble((mark, style), "  ", literal(says))
    by = min(len(mark) + 2, 14)
    lines = first.wrap(max(width, 10))
    if len(lines) == 1:
        return lines
    rest = indented(literal(says), width, by)
    return [Content.assemble((mark.ljust(by), style), rest[0][by:]), *rest[1:]]


def _lines(lines: list[Content]) -> Content:
    return Content("\n").join(lines)
