"""The rows of an exam's report, and of the list of exams."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets.option_list import Option

from trainer.session.exam.clock import spent_words
from trainer.session.exam.report import OUTCOMES, PASS, report_of
from trainer.tui.text import CHECK_SIGNS, MUTED, bar, columns, indented, literal
from trainer.verdict import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.progress.exams import Exam
    from trainer.session.exam.report import CardLine, DomainLine, Report


def report_head(report: Report) -> Content:
    """The result in one line."""
    name = f"Exam {report.exam}   "
    if report.how == "canceled":
        return Content.assemble((name, "bold"), "canceled, not graded")
    sign, word, style = (
        ("✓", "passed", "$text-success") if report.passed else ("✗", "not passed", "$text-error")
    )
    return Content.assemble(
        (name, "bold"),
        (f"{sign} {report.percent}% {word}", f"bold {style}"),
        f"   {report.points} of {report.max_points} points, {PASS}% to pass",
    )


def report_rows(report: Report, width: int) -> list[Option]:
    """The whole report for a width in cells. The ID of a card's row is the card's."""
    end = "the time was up" if report.how == "expired" else report.how
    facts = f"{spent_words(report.seconds)} of {report.minutes}:00 minutes · {end} · seed {report.seed}"
    rows = [_text(Content.styled(facts, MUTED))]
    if report.unjudged:
        words = f"{report.unjudged} points could not be judged, which isn't your fault; they count as missed."
        rows += [_text(line) for line in indented(Content(words), width, 0)]
    rows += [_text(Content("")), _text(Content.styled("Domains", "bold underline"))]
    rows += [_text(_domain(domain, width)) for domain in report.domains]
    rows += [
        _text(Content("")),
        _text(Content.styled("Cards: points, and minutes of the target", "bold underline")),
    ]
    for card in report.cards:
        rows.append(Option(_card(card, width), id=card.card))
        rows += [_text(line) for line in _checks(card, width)]
    return rows


def exam_row(exam: Exam, width: int) -> Content:
    """One exam in the list of exams."""
    report = report_of(exam)
    if exam.how is None:
        sign, word, style = "▸", "running", "bold"
    elif exam.how == "canceled":
        sign, word, style = "-", "canceled", MUTED
    elif report.passed:
        sign, word, style = "✓", f"{report.percent}% passed", "$text-success"
    else:
        sign, word, style = "✗", f"{report.percent}% not passed", "$text-error"
    kind = f"cards of exam {exam.again}" if exam.again else "drill" if exam.drill else ""
    begun = datetime.fromtimestamp(exam.started).astimezone()
    facts = f"{len(exam.cards):>3} cards  {spent_words(exam.used / 1000):>8} of {exam.minutes}:00  {kind}"
    lead = f"{exam.number:>4}  {begun:%Y-%m-%d %H:%M}  "
    return Content.assemble(
        lead, (columns(f"{sign} {word}", 18), style), (columns(facts, max(width - len(lead) - 18, 8)), MUTED)
    )


def _text(content: Content) -> Option:
    return Option(content, disabled=True)


def _domain(domain: DomainLine, width: int) -> Content:
    share = domain.points / domain.max_points if domain.max_points else 0.0
    time = f"{spent_words(domain.seconds)} of {domain.minutes}:00"
    tail = f"  {bar(share, 10)} {int(share * 100):>3}%  {domain.points:>3}/{domain.max_points:<3} {time:>15}"
    return Content.assemble("  ", columns(domain.title, max(width - len(tail) - 2, 8)), tail)


def _card(card: CardLine, width: int) -> Content:
    if card.passed:
        sign, style = "✓", "$text-success"
    elif card.points:
        sign, style = "◐", "$text-warning"
    else:
        sign, style = "✗", "$text-error"
    late = " over" if card.seconds > 60 * card.minutes else ""
    time = f"{spent_words(card.seconds)} of {card.minutes}:00{late}"
    tail = f"  {card.points:>2}/{card.max_points:<2} {time:>18}"
    return Content.assemble(
        f"{card.position:>3} ",
        (sign, style),
        " ",
        (columns(card.title, max(width - len(tail) - 6, 8)), "bold"),
        tail,
    )


def _checks(card: CardLine, width: int) -> list[Content]:
    lines: list[Content] = []
    if card.outcome != "graded":
        lines += indented(Content.styled(OUTCOMES[card.outcome], MUTED), width, 6)
    if card.note:
        lines += indented(literal(card.note, MUTED), width, 6)
    for check in card.checks:
        sign, word, style = CHECK_SIGNS[Status(check.status)]
        says = Content.assemble((f"{sign} {word:<5} ", style), literal(check.says))
        lines += indented(says, width, 6)
        if check.status in ("fail", "error"):
            for reason in check.reasons:
                lines += indented(literal(reason, MUTED), width, 14)
    return lines


def exam_options(exams: Sequence[Exam], width: int) -> list[Option]:
    """The list of exams."""
    if not exams:
        return [_text(Content("No exam yet: x begins one."))]
    return [Option(exam_row(exam, width), id=str(exam.number)) for exam in exams]
