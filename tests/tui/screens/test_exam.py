"""The screen of the exam, from the first card to the report, with the keys of a learner."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.showing import assert_soon
from tests.tui.sitting_session import assert_all_shown, both_cards, now, real_session, reference
from trainer.progress.exams import Exams
from trainer.session import Session
from trainer.session.editor import Edited
from trainer.session.exam.deadline import KEPT
from trainer.session.exam.sitting import is_open
from trainer.tui.app import TrainerApp
from trainer.tui.screens import exam as exam_screen
from trainer.tui.screens.catalogue import Catalogue
from trainer.tui.screens.exam import ExamAnswer, ExamScreen
from trainer.tui.screens.exam_report import ReportScreen


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Session]:
    session = real_session(tmp_path)
    yield session
    session.close()


async def test_an_exam_from_the_first_card_to_the_report(real: Session) -> None:
    exam = both_cards(real)
    app = TrainerApp(real)
    async with app.run_test(size=(120, 40)) as pilot:
        await assert_all_shown(app, "mock exam: 10:00 left · x resumes it")
        await pilot.press("x")
        await assert_all_shown(app, "card 1 of 2", "0 flagged", "67% to pass")
        await pilot.press("f", "i")
        app.screen.query_one(ExamAnswer).view.text = reference("tiny-pod")
        await pilot.press("escape")
        saved = Path(exam.folder) / "tiny-pod" / "pod.yaml"
        assert saved.read_text() == reference("tiny-pod"), "leaving the editor saves"
        await assert_all_shown(app, "1 flagged")
        await pilot.press("n")
        await assert_all_shown(app, "card 2 of 2")
        app.open_card("tiny-pod")
        app.open_next()
        await pilot.pause()
        assert isinstance(app.screen, ExamScreen), "a card for practice has hints and the solution"
        await pilot.press("p", "i", "end", "space", "#", "n")
        await assert_soon(lambda: "#n" in app.screen.query_one(ExamAnswer).view.text)
        await pilot.press("ctrl+s", "escape", "n", "F")
        await assert_all_shown(app, "End the exam and grade it?", "1 card empty", "1 card flagged")
        await pilot.press("n", "F", "y")
        await assert_all_shown(app, "of 1:00", "not answered")
        assert isinstance(app.screen, ReportScreen)
        done = now(real)
        assert (done.how, is_open(exam)) == ("finished", False)
        assert done.cards[0].flagged
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, Catalogue))


async def test_narrow_panes_and_a_pause(real: Session) -> None:
    exam = both_cards(real)
    real.opens_exam = True
    app = TrainerApp(real)
    async with app.run_test(size=(80, 24)) as pilot:
        await assert_soon(lambda: isinstance(app.screen, ExamScreen))
        for key, pane in (("1", "cards"), ("2", "task"), ("3", "answer"), ("tab", "cards")):
            await pilot.press(key)
            shown = [
                name for name in ("cards", "task", "answer") if app.screen.query_one(f"#{name}").region.area
            ]
            assert shown == [pane]
        await pilot.press("down", "enter")
        await assert_all_shown(app, "card 2 of 2")
        for width, height in ((1, 1), (20, 5), (300, 100), (80, 24)):
            await pilot.resize_terminal(width, height)
        await pilot.press("i", "x")
        await pilot.press("escape", "escape")
        await assert_soon(lambda: isinstance(app.screen, Catalogue))
        assert not is_open(exam)
        assert now(real).at == 2
        await pilot.press("x")
        await assert_all_shown(app, "card 2 of 2")


async def test_the_end_of_the_time_and_other_programs(real: Session) -> None:
    both_cards(real)
    app = TrainerApp(real)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("x", "i")
        await assert_soon(lambda: isinstance(app.screen, ExamScreen))
        Exams(real.store).pause(1, wanted=True)
        await assert_soon(lambda: isinstance(app.screen, Catalogue))
        await pilot.press("x", "i")
        await assert_soon(
            lambda: isinstance(app.screen, ExamScreen) and app.screen.query_one(ExamAnswer).editing
        )
        app.screen.query_one(ExamAnswer).view.text = reference("tiny-pod")
        await pilot.press("f1")
        Exams(real.store).spend(1, 10_000_000)
        await assert_soon(lambda: isinstance(app.screen, ReportScreen))
        await assert_all_shown(app, "the time was up")
        done = now(real)
        assert done.cards[0].result is not None
        assert (done.how, done.cards[0].result.outcome) == ("expired", "graded"), "what was typed counts"


async def test_what_an_editor_saves_after_the_end_does_not_count(
    real: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    exam = both_cards(real)
    kept = Path(exam.folder) / KEPT / "tiny-pod" / "pod.yaml"

    def edits(app: object, command: object, files: list[Path]) -> Edited:
        files[0].write_text("kind: Pod\n")
        Exams(real.store).spend(1, 10_000_000)
        while not kept.exists():
            time.sleep(0.01)
        files[0].write_text(reference("tiny-pod"))
        return Edited("ended")

    monkeypatch.setattr(exam_screen, "run_suspended", edits)
    monkeypatch.setenv("EDITOR", "true")
    app = TrainerApp(real)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("x", "e")
        await assert_soon(lambda: isinstance(app.screen, ReportScreen))
        await assert_all_shown(app, "the time was up", "what was saved after the time was up")
    assert kept.read_text() == "kind: Pod\n"
    result = now(real).cards[0].result
    assert result is not None
    assert (now(real).how, result.points) == ("expired", 0)


async def test_a_card_whose_file_vanished(real: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    exam = both_cards(real)
    Exams(real.store).look_at(1, 2)
    monkeypatch.setattr(
        "trainer.content.files.card_files", lambda _: {"runtime-security/tiny-pod.yaml": Path("x")}
    )
    monkeypatch.setattr(
        "trainer.content.catalogue.card_files", lambda _: {"runtime-security/tiny-pod.yaml": Path("x")}
    )
    app = TrainerApp(real)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("x")
        await assert_all_shown(app, "this card can't be shown")
        await pilot.press("i", "e", "v", "3", "f", "tab")
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, Catalogue))
    assert not is_open(exam)
