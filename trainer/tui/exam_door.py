"""The door to the exam: begin one, resume the one that runs, take one again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trainer.errors import TrainerError
from trainer.progress.exams import Exam, Exams
from trainer.session.exam.desk import Desk
from trainer.session.exam.draw import FEWEST, MINUTES, MOST, Plan
from trainer.session.exam.report import PASS
from trainer.session.exam.sitting import Sitting
from trainer.session.exam.start import begin, require_pack, retake
from trainer.tui.drafts import Drafts
from trainer.tui.host import host_of
from trainer.tui.screens.confirm import Confirm

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App


BEGIN = (
    f"Begin a mock exam? {MINUTES} minutes, {FEWEST} to {MOST} cards, {PASS}% to pass; no hints, no"
    " solutions, no grading until the end. You can pause it. X on the start screen begins a shorter drill."
)


def enter(app: App[Any]) -> None:
    """Resume the exam that runs, or begin a new one, after asking."""
    session = host_of(app).session
    try:
        running = Exams(session.store).running()
    except TrainerError as error:
        host_of(app).tell(str(error), "error")
        return
    if running is not None:
        resume(app, running)
    else:
        _ask(app, BEGIN, lambda: begin(session, Plan()))


def drill(app: App[Any]) -> None:
    """Ask what a short exam must have, and begin it, unless an exam runs."""
    from trainer.tui.screens.drill import DrillScreen

    session = host_of(app).session
    running = _told(app, lambda: (Exams(session.store).running(),))
    if running is None or isinstance(app.screen, DrillScreen):
        return
    if running[0] is not None:
        host_of(app).tell(f"Exam {running[0].number} runs: x resumes it. Finish it before you begin a drill.")
        return

    def begun(exam: Exam | None) -> None:
        if exam is not None:
            resume(app, exam)

    app.push_screen(DrillScreen(session), begun)


def take_again(app: App[Any], earlier: Exam) -> None:
    """Begin an exam with the cards of an earlier one, after asking."""
    session = host_of(app).session
    question = (
        f"Take the {len(earlier.cards)} cards of exam {earlier.number} again? {earlier.minutes} minutes;"
        " each card comes in another variant, where it has any."
    )
    _ask(app, question, lambda: retake(session, earlier))


def resume(app: App[Any], exam: Exam) -> None:
    """Open the exam that runs; one whose time is up ends, with what is saved."""
    from trainer.tui.screens.exam import ExamScreen
    from trainer.tui.screens.exam_report import ReportScreen

    session = host_of(app).session

    def opened() -> Sitting:
        require_pack(session, exam)
        sitting = Sitting(session, exam)
        try:
            sitting.begin()
        except BaseException:
            sitting.close()
            raise
        return sitting

    sitting = _told(app, opened)
    if sitting is None:
        return
    desk = Desk(session, exam)
    take_up_drafts(app, desk)
    if exam.left <= 0:
        sitting.close()
        app.push_screen(ReportScreen(session, exam, "expired"))
    else:
        app.push_screen(ExamScreen(desk, sitting))


def show_exams(app: App[Any]) -> None:
    """Show all exams."""
    from trainer.tui.screens.exams import ExamsScreen

    session = host_of(app).session
    found = _told(app, lambda: Exams(session.store).all())
    if found is not None:
        app.push_screen(ExamsScreen(session, found))


def take_up_drafts(app: App[Any], desk: Desk) -> None:
    """Save what an app that was killed had not: every keystroke of an exam counts.

    A draft that is older than its file stays where it is.
    """
    for mine in desk.exam.cards:
        folder = desk.settings.workspace / mine.card
        if not folder.is_dir():
            continue
        try:
            card = desk.card(mine.card)
            drafts = Drafts(folder)
            for name in card.files:
                draft = drafts.find(name)
                if draft is not None and not draft.stale:
                    desk.write(card, name, draft.text, desk.text(card, name))
                    drafts.drop(name)
            drafts.close()
        except TrainerError as error:
            host_of(app).tell(str(error), "error")


def _ask(app: App[Any], question: str, made: Callable[[], Exam]) -> None:
    def answered(yes: bool | None) -> None:
        exam = _told(app, made) if yes else None
        if exam is not None:
            resume(app, exam)

    app.push_screen(Confirm(question, yes="yes, begin"), answered)


def _told(app: App[Any], act: Callable[[], Any]) -> Any:
    """The result of something that may be refused; None, and why is told, if it is."""
    try:
        return act()
    except (TrainerError, OSError) as error:
        host_of(app).tell(str(error), "error")
        return None
