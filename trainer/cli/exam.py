"""An exam in lines of text and as JSON, and the clock in the foreground."""

from __future__ import annotations

import textwrap
import time
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.cli import streams
from trainer.cli.tables import cut, styled, table
from trainer.session.exam.clock import alert, clock_words, spent_words
from trainer.session.exam.report import OUTCOMES, PASS, report_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trainer.cli.base import Run
    from trainer.content.card import Card
    from trainer.progress.exams import Exam
    from trainer.session.exam.desk import Desk
    from trainer.session.exam.report import CardLine, Report
    from trainer.session.exam.sitting import Sitting

SCHEMA = "cks-trainer.exam/1"
REPORT_SCHEMA = "cks-trainer.exam-report/1"
TITLE_WIDTH = 44
"""Columns of a card's title, so that a row fits into 80."""
WIDTH = 80
EVERY = 0.25
"""Seconds between two looks of the clock in the foreground."""
MARKS = {"pass": "PASS", "fail": "FAIL", "skipped": "SKIP", "error": "ERROR"}


def status_fields(exam: Exam, desk: Desk, *, is_open: bool) -> dict[str, Any]:
    """An exam that runs, as JSON: seconds left and used, and its cards."""
    return {
        "schema": SCHEMA,
        "exam": exam.number,
        "seed": exam.seed,
        "drill": exam.drill,
        "minutes": exam.minutes,
        "left": round(exam.left, 3),
        "open": is_open,
        "folder": exam.folder,
        "again": exam.again,
        "pass_percent": PASS,
        "at": exam.card.card,
        "cards": [
            {
                "position": card.position,
                "card": card.card,
                "seed": card.seed,
                "title": card.title,
                "domain": card.domain,
                "points": card.points,
                "minutes": card.minutes,
                "seconds": card.used / 1000,
                "flagged": card.flagged,
                "answered": desk.answered(card.card),
            }
            for card in exam.cards
        ],
    }


def status_lines(exam: Exam, desk: Desk, *, is_open: bool) -> list[str]:
    """An exam that runs, as text."""
    state = "open: the clock runs" if is_open else "paused: the clock stands still"
    rows = []
    answered = 0
    for card in exam.cards:
        has = desk.answered(card.card)
        answered += has
        rows.append(
            (
                str(card.position),
                card.card,
                cut(card.title, TITLE_WIDTH - 16),
                str(card.points),
                f"{spent_words(card.used / 1000)} of {card.minutes}:00",
                ("answered" if has else "empty") + (", flagged" if card.flagged else ""),
            )
        )
    flagged = sum(card.flagged for card in exam.cards)
    return [
        f"exam {exam.number}: {clock_words(exam.left)} left of {exam.minutes} minutes, {state}",
        f"card {exam.at} of {len(exam.cards)} · {answered} answered · {flagged} flagged · {PASS}% to pass"
        f" · seed {exam.seed}",
        "",
        *table(("", "card", "title", "points", "time", "state"), rows, right=(0, 3, 4)),
    ]


def task_lines(exam: Exam, card: Card, folder: str) -> list[str]:
    """The task of a card as the exam shows it: without its checks."""
    from trainer.content.material import sections

    here = exam.of(card.id)
    position = f"card {here.position} of {len(exam.cards)} · " if here else ""
    lines = [
        styled(card.title, "bold"),
        f"{position}{card.id} · {card.points} points · {card.minutes} min",
        "",
        *card.prompt.strip().split("\n"),
    ]
    for given in sections(card):
        lines += ["", f"{given.title}:"]
        lines += [
            f"  {line}".rstrip() for part in (given.text, given.note) if part for line in part.split("\n")
        ]
    if card.docs:
        lines += ["", "Pages allowed in the exam:", *(f"  {address}" for address in card.docs)]
    return [*lines, "", f"Answer: {', '.join(card.files)} in {folder}"]


def report_fields(report: Report) -> dict[str, Any]:
    """A report as JSON: times in seconds, results in points."""
    return {"schema": REPORT_SCHEMA, **msgspec.to_builtins(report), "pass_percent": PASS}


def report_lines(report: Report) -> list[str]:
    """A report as text: the result, the domains, the cards, and each check that failed with its reasons."""
    lines = [
        styled(_result(report), "bold"),
        f"{spent_words(report.seconds)} of {report.minutes}:00 · {report.how} · seed {report.seed}",
    ]
    if report.how == "canceled":
        return [*lines, "A canceled exam isn't graded."]
    if report.unjudged:
        lines.append(
            f"{report.unjudged} points could not be judged, which isn't your fault; they count as missed"
        )
    rows = [
        (
            domain.title,
            str(domain.cards),
            f"{domain.points}/{domain.max_points}",
            f"{_percent(domain.points, domain.max_points)}%",
            f"{spent_words(domain.seconds)} of {domain.minutes}:00",
        )
        for domain in report.domains
    ]
    lines += ["", *table(("domain", "cards", "points", "", "time"), rows, right=(1, 2, 3, 4))]
    rows = [
        (
            str(card.position),
            card.card,
            f"{card.points}/{card.max_points}",
            f"{spent_words(card.seconds)} of {card.minutes}:00",
            _state(card),
        )
        for card in report.cards
    ]
    lines += ["", *table(("", "card", "points", "time", "result"), rows, right=(0, 2, 3))]
    for card in report.cards:
        if card.failed or card.note:
            lines += ["", *card_lines(card, every=False)]
    return lines


def card_lines(card: CardLine, *, every: bool = True) -> list[str]:
    """A card's verdict: its checks with their reasons; without `every`, only those that gave no points."""
    lines = [styled(f"{card.position}. {card.title} ({card.card})", "bold")]
    if every:
        lines.append(f"  {_state(card)}, {card.points} of {card.max_points} points")
    if card.note:
        lines += textwrap.wrap(card.note, WIDTH, initial_indent="  ", subsequent_indent="  ")
    for check in card.checks if every else card.failed:
        lines += textwrap.wrap(
            f"{MARKS[check.status]:<5} {check.says}", WIDTH, initial_indent="  ", subsequent_indent=" " * 8
        )
        for reason in check.reasons:
            lines += textwrap.wrap(reason, WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8)
    return lines


def history_lines(exams: Sequence[Exam]) -> list[str]:
    """Every exam in a row."""
    if not exams:
        return ["no exam yet: cks-trainer exam start"]
    rows = []
    for exam in exams:
        report = report_of(exam)
        result = f"{report.percent}%" if exam.how in ("finished", "expired") else ""
        word = "running" if exam.how is None else "passed" if report.passed else "not passed"
        rows.append(
            (
                str(exam.number),
                time.strftime("%Y-%m-%d %H:%M", time.localtime(exam.started)),
                str(len(exam.cards)),
                f"{spent_words(exam.used / 1000)} of {exam.minutes}:00",
                result,
                "canceled" if exam.how == "canceled" else word,
                f"cards of exam {exam.again}" if exam.again else "drill" if exam.drill else "",
            )
        )
    return table(("exam", "begun", "cards", "time", "result", "", ""), rows, right=(0, 2, 3, 4))


def sit(run: Run, sitting: Sitting, sleep: Callable[[float], None] = time.sleep) -> None:
    """Keep the exam open until it ends, its time is up, or somebody pauses it (also with ctrl+c)."""
    shows = streams.interactive() and not run.json
    left, at, shown = sitting.left, sitting.exam.at, ""
    try:
        while sitting.exam.how is None and not sitting.exam.pausing and left > 0:
            sleep(EVERY)
            before, left = left, sitting.left
            words = alert(before, left)
            text = f"{clock_words(left)} left · card {sitting.exam.at} of {len(sitting.exam.cards)}"
            if words is not None:
                streams.say(f"\n{words} minutes left" if shows else f"{words} minutes left")
            if sitting.exam.at != at and not shows:
                streams.say(text)
            if sitting.trouble:
                text += f" · not stored: {sitting.trouble}"
            if shows and text != shown:
                streams.say_in_place(f"{text:<{len(shown)}}", last=False)
            at, shown = sitting.exam.at, text
    except KeyboardInterrupt:
        streams.say()  # after the ^C that the terminal shows
    finally:
        sitting.close()
        if shows:
            streams.say()


def _result(report: Report) -> str:
    if report.how == "canceled":
        return f"exam {report.exam}: canceled"
    word = "passed" if report.passed else "not passed"
    return (
        f"exam {report.exam}: {report.percent}%, {word}"
        f" ({report.points} of {report.max_points} points, {PASS}% to pass)"
    )


def _percent(points: int, most: int) -> int:
    return 100 * points // most if most else 0


def _state(card: CardLine) -> str:
    if card.outcome != "graded":
        return OUTCOMES[card.outcome]
    passed = sum(check.status == "pass" for check in card.checks)
    return "passed" if card.passed else f"{passed} of {len(card.checks)} checks"
