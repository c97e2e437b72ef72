"""`cks-trainer exam`: a mock exam against the clock, in the app or with any editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from trainer.cli import streams
from trainer.cli.base import Group, Run
from trainer.cli.options import seed_option
from trainer.errors import UsageError

if TYPE_CHECKING:
    from trainer.progress.exams import Exam, Exams

TASK_SCHEMA = "cks-trainer.exam-task/1"
HISTORY_SCHEMA = "cks-trainer.exam-history/1"
REVIEW_SCHEMA = "cks-trainer.exam-review/1"


@click.group(name="exam", cls=Group, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Sit a mock exam: 120 minutes, 15 to 20 cards, 67% to pass. Without a command, the app opens on it.

    Time counts only while the exam is open: while the app shows it, or while `exam start` runs.
    Nothing is graded before the end. Your answers have a folder of their own, exam-N in the workspace.
    """
    if ctx.invoked_subcommand is not None:
        return
    run = ctx.ensure_object(Run)
    if not streams.at_terminal():
        raise UsageError(
            "the app needs a terminal: stdin or stdout isn't one",
            remedy="sit it here: cks-trainer exam start",
        )
    run.session.opens_exam = True
    run.open_app(run.session, None)


@command.command()
@click.option("--minutes", type=click.IntRange(1, 1440), metavar="N", help="Minutes of a drill.")
@click.option("--cards", type=click.IntRange(1, 200), metavar="N", help="Number of cards of a drill.")
@click.option("--domain", multiple=True, metavar="NAME", help="Only cards of this domain; may be repeated.")
@click.option("--again", type=int, metavar="EXAM", help="The cards of that exam in other variants.")
@click.option("--no-wait", is_flag=True, help="Only draw it: the clock doesn't run yet.")
def start(
    run: Run,
    minutes: int | None,
    cards: int | None,
    domain: tuple[str, ...],
    again: int | None,
    no_wait: bool,
    seed: int | None = None,
) -> None:
    """Begin an exam, or resume the one that runs, and keep the clock running until you press Ctrl-C.

    The exam is open, and its time counts, as long as this command runs. It ends with the exam, when
    the time is up, when you press Ctrl-C, or when `exam pause` in another terminal asks it to.
    Meanwhile, use the other commands in another terminal, and write your answers with any editor.
    """
    from trainer.cli.exam import sit, status_fields, status_lines
    from trainer.session.exam.desk import Desk
    from trainer.session.exam.finish import end_if_expired
    from trainer.session.exam.sitting import Sitting, is_open
    from trainer.session.exam.start import require_pack

    exams = _exams(run)
    exam = _running(run, exams)
    chosen = minutes or cards or domain or again or seed
    if exam is not None and chosen:
        raise UsageError(
            f"exam {exam.number} is running", remedy="finish it: cks-trainer exam finish, or cancel"
        )
    if exam is None:
        exam = _begun(run, exams, minutes, cards, domain, again, seed)
    require_pack(run.session, exam)
    desk = Desk(run.session, exam)
    sitting = None if no_wait else Sitting(run.session, exam)
    try:
        opened = sitting is not None or is_open(exam)
        if run.json:
            streams.out_json(status_fields(exam, desk, is_open=opened), lines=True)
        else:
            streams.out_lines(status_lines(exam, desk, is_open=opened))
        if sitting is None:
            return
        streams.say("the clock runs; in another terminal: cks-trainer exam open CARD; Ctrl-C pauses")
        sitting.begin()
        sit(run, sitting)
    finally:
        if sitting is not None:
            sitting.close()
    exam = end_if_expired(run.session, exams.get(exam.number))
    if exam.how is None:
        streams.say(f"exam {exam.number} is paused; cks-trainer exam start resumes it")
    else:
        streams.say("time is up" if exam.how == "expired" else f"exam {exam.number} has ended")
        _report(run, exam)


start.params.append(seed_option("Seed of the draw and of the cards' variants."))


@command.command()
def status(run: Run) -> None:
    """Show the time left and the cards of the exam that runs."""
    _status(run, _required(run))


@command.command("open")
@click.argument("card", metavar="CARD|NUMBER")
def open_card(run: Run, card: str) -> None:
    """Show the task of a card, and make the folder of its answer. From now on, time counts on it.

    The exam must be open: cks-trainer exam start.
    """
    from trainer.cli.exam import task_lines
    from trainer.session.exam.desk import Desk
    from trainer.session.exam.sitting import is_open
    from trainer.session.exam.start import require_pack

    exam = _required(run)
    require_pack(run.session, exam)
    if not is_open(exam):
        raise UsageError(
            f"exam {exam.number} isn't open: its clock stands still",
            remedy="run cks-trainer exam start in another terminal",
        )
    position = _position(exam, card)
    desk = Desk(run.session, exam)
    whole = desk.card(exam.cards[position - 1].card)
    written = desk.start(whole)
    _exams(run).look_at(exam.number, position)
    folder = str(desk.folder(whole))
    if run.json:
        streams.out_json(
            {
                "schema": TASK_SCHEMA,
                "exam": exam.number,
                "card": whole.id,
                "position": position,
                "title": whole.title,
                "prompt": whole.prompt,
                "files": list(whole.files),
                "folder": folder,
                "written": [str(path) for path in written],
                "docs": list(whole.docs),
            }
        )
    else:
        streams.out_lines(task_lines(exam, whole, folder))


@command.command()
@click.argument("card", metavar="CARD|NUMBER")
@click.option("--off", is_flag=True, help="Remove the flag.")
def flag(run: Run, card: str, off: bool) -> None:
    """Flag a card, to come back to it."""
    exam = _required(run)
    position = _position(exam, card)
    _exams(run).flag(exam.number, position, on=not off)
    if run.json:
        _status(run, _required(run))
    else:
        streams.out(f"card {position} ({exam.cards[position - 1].card}) is {'not ' if off else ''}flagged")


@command.command()
def pause(run: Run) -> None:
    """Close the exam wherever it is open: in the app, or where `exam start` runs. The clock stops."""
    from trainer.session.exam.sitting import is_open

    exam = _required(run)
    if not is_open(exam):
        streams.say(f"exam {exam.number} isn't open")
    else:
        _exams(run).pause(exam.number, wanted=True)
        streams.say(f"exam {exam.number} closes within a second; cks-trainer exam start resumes it")
    if run.json:
        _status(run, exam)


@command.command()
@click.option("--yes", is_flag=True, help="End it without asking for confirmation.")
def finish(run: Run, yes: bool) -> None:
    """End the exam that runs, grade what is saved, and show the report."""
    from trainer.session.exam.desk import Desk
    from trainer.session.exam.finish import finish as end

    exam = _required(run)
    desk = Desk(run.session, exam)
    empty = sum(not desk.answered(card.card) for card in exam.cards)
    flagged = sum(card.flagged for card in exam.cards)
    question = f"End exam {exam.number}? {empty} of {len(exam.cards)} cards are empty, {flagged} flagged."
    if not yes and not run.confirm(question, option="--yes"):
        streams.say("the exam goes on")
        return
    _report(run, end(run.session, exam))


@command.command()
@click.option("--yes", is_flag=True, help="Cancel it without asking for confirmation.")
def cancel(run: Run, yes: bool) -> None:
    """End the exam that runs without grading it. Its answers stay in their folder."""
    from trainer.session.exam.finish import finish as end

    exam = _required(run)
    if not yes and not run.confirm(f"Cancel exam {exam.number}? It isn't graded.", option="--yes"):
        streams.say("the exam goes on")
        return
    ended = end(run.session, exam, "canceled")
    streams.say(f"exam {ended.number} is canceled; its answers are in {ended.folder}")
    if run.json:
        _report(run, ended)


@command.command()
@click.argument("number", metavar="[EXAM]", type=int, required=False)
@click.option("--card", metavar="CARD", help="The verdict and the solution of one card instead.")
def report(run: Run, number: int | None, card: str | None) -> None:
    """Show the report of an exam that has ended: the last one, or the one with that number."""
    exams = _exams(run)
    _running(run, exams)
    ended = [exam for exam in exams.all() if exam.how is not None]
    exam = exams.get(number) if number is not None else next(iter(ended), None)
    if exam is None:
        raise UsageError("no exam has ended yet", remedy="sit one: cks-trainer exam start")
    if exam.how is None:
        raise UsageError(f"exam {exam.number} is running", remedy="cks-trainer exam finish ends it")
    if card is None:
        _report(run, exam)
    else:
        _review(run, exam, card)


@command.command()
def history(run: Run) -> None:
    """List all exams, the latest first."""
    from trainer.cli.exam import history_lines
    from trainer.session.exam.report import report_of

    exams = _exams(run)
    _running(run, exams)
    found = exams.all()
    if not run.json:
        streams.out_lines(history_lines(found))
        return
    rows = [
        {
            "exam": exam.number,
            "started": exam.started,
            "cards": len(exam.cards),
            "minutes": exam.minutes,
            "seconds": exam.used / 1000,
            "seed": exam.seed,
            "drill": exam.drill,
            "again": exam.again,
            "how": exam.how,
            "percent": one.percent,
            "passed": one.passed,
        }
        for exam, one in ((exam, report_of(exam)) for exam in found)
    ]
    streams.out_json({"schema": HISTORY_SCHEMA, "exams": rows})


def _exams(run: Run) -> Exams:
    from trainer.progress.exams import Exams

    return Exams(run.session.store)


def _running(run: Run, exams: Exams) -> Exam | None:
    """The exam that runs; one whose time is up ends now."""
    from trainer.session.exam.finish import end_if_expired

    exam = exams.running()
    if exam is None or end_if_expired(run.session, exam).how is None:
        return exam
    streams.say(f"the time of exam {exam.number} is up: cks-trainer exam report shows the result")
    return None


def _required(run: Run) -> Exam:
    exam = _running(run, _exams(run))
    if exam is None:
        raise UsageError("no exam is running", remedy="begin one: cks-trainer exam start")
    return exam


def _begun(
    run: Run,
    exams: Exams,
    minutes: int | None,
    cards: int | None,
    domains: tuple[str, ...],
    again: int | None,
    seed: int | None,
) -> Exam:
    from trainer.session.exam.draw import Plan
    from trainer.session.exam.start import begin, retake

    seed = run.seed if seed is None else seed
    if again is not None:
        if minutes or cards or domains:
            raise UsageError(
                "--again has the minutes and cards of that exam", remedy="omit the other options"
            )
        return retake(run.session, exams.get(again), seed)
    from trainer.cli.base import unknown
    from trainer.content.curriculum import DOMAINS

    known = [info.id for info in DOMAINS]
    for name in domains:
        if name not in known:
            unknown(f"unknown domain {name!r}", name, known)
    return begin(run.session, Plan(minutes, cards, tuple(dict.fromkeys(domains))), seed)


def _position(exam: Exam, name: str) -> int:
    """The position of a card by its ID or number. Raises `UsageError`."""
    if name.isascii() and name.isdigit() and 1 <= int(name[:4]) <= len(exam.cards):
        return int(name[:4])
    found = exam.of(name)
    if found is None:
        from trainer.cli.base import unknown

        unknown(
            f"exam {exam.number} doesn't have the card {name!r}", name, [card.card for card in exam.cards]
        )
    return found.position


def _status(run: Run, exam: Exam) -> None:
    from trainer.cli.exam import status_fields, status_lines
    from trainer.session.exam.desk import Desk
    from trainer.session.exam.sitting import is_open

    desk, opened = Desk(run.session, exam), is_open(exam)
    if run.json:
        streams.out_json(status_fields(exam, desk, is_open=opened))
    else:
        streams.out_lines(status_lines(exam, desk, is_open=opened))


def _report(run: Run, exam: Exam) -> None:
    from trainer.cli.exam import report_fields, report_lines
    from trainer.session.exam.report import report_of

    found = report_of(exam)
    if run.json:
        streams.out_json(report_fields(found), lines=True)
    else:
        streams.out_lines(report_lines(found))


def _review(run: Run, exam: Exam, name: str) -> None:
    """The verdict and the solution of one card of an exam that has ended."""
    import msgspec

    from trainer.cli.commands.solution import fields, parts
    from trainer.session.exam.desk import Desk

    position = _position(exam, name)
    mine = exam.cards[position - 1]
    desk = Desk(run.session, exam)
    card = desk.card(mine.card)
    reveal = desk.reveal(card)
    verdict = mine.result.verdict if mine.result else ""
    if run.json:
        decoded = msgspec.json.decode(verdict) if verdict else None
        form = {"schema": REVIEW_SCHEMA, "exam": exam.number, "card": card.id, "seed": card.seed}
        streams.out_json({**form, "verdict": decoded, **fields(reveal)})
        return
    from trainer.cli.exam import card_lines
    from trainer.session.exam.report import report_of

    streams.out_lines(card_lines(report_of(exam).cards[position - 1]))
    for head, text in parts(card, reveal):
        streams.out()
        if head:
            from trainer.cli.tables import styled

            streams.out(styled(head, "bold"))
        streams.out_text(text)
