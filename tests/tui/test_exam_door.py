"""The door: asking before an exam begins, drafts of a killed app, an exam that is open elsewhere or over."""

from __future__ import annotations

from pathlib import Path

from tests.tui.showing import assert_soon
from tests.tui.sitting_session import assert_all_shown, both_cards, now, real_session
from trainer.progress.exams import Exams
from trainer.session.exam.desk import Desk
from trainer.session.exam.sitting import Sitting
from trainer.tui.app import TrainerApp
from trainer.tui.drafts import Drafts
from trainer.tui.screens.catalogue import Catalogue
from trainer.tui.screens.confirm import Confirm
from trainer.tui.screens.exam_report import ReportScreen


async def test_a_new_exam_asks_once_and_tells_what_is_refused(tmp_path: Path) -> None:
    session = real_session(tmp_path)
    app = TrainerApp(session)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.press("x")
        await assert_soon(lambda: isinstance(app.screen, Confirm))
        await assert_all_shown(app, "120 minutes, 15 to 20 cards", "no grading until the end")
        await pilot.press("n")
        assert not Exams(session.store).is_running()
        await pilot.press("x", "y")
        await assert_all_shown(app, "the pack has 2 cards")
        exam = both_cards(session)
        sitting = Sitting(session, exam)
        await pilot.press("x")
        await assert_all_shown(app, "is open in")
        assert isinstance(app.screen, Catalogue)
        sitting.close()
    session.close()


async def test_drafts_of_a_killed_app_count_even_after_the_time(tmp_path: Path) -> None:
    session = real_session(tmp_path)
    exam = both_cards(session)
    desk = Desk(session, exam)
    card = desk.card("tiny-pod")
    desk.start(card)
    drafts = Drafts(desk.folder(card))
    drafts.keep("pod.yaml", "kind: Pod\n")
    drafts.close()
    Exams(session.store).spend(1, 10_000_000)
    app = TrainerApp(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("x")
        await assert_soon(lambda: isinstance(app.screen, ReportScreen) and now(session).how is not None)
    done = now(session)
    assert done.cards[0].result is not None
    assert (done.how, done.cards[0].result.outcome) == ("expired", "graded")
    assert (desk.folder(card) / "pod.yaml").read_text() == "kind: Pod\n"
    session.close()
