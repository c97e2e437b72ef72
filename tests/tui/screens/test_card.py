"""Tests of `tui.screens.card`: working on a card."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.tui.fake_session import HOSTILE, NOON, RIGHT, WRONG, FakeSession, card
from tests.tui.screens.opened import answer, opened, pod
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.config import Settings
from trainer.content.solutions import load_solutions
from trainer.session import Session
from trainer.tui.app import TrainerApp
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.solution import SolutionScreen
from trainer.tui.widgets.answer import AnswerView
from trainer.tui.widgets.checks import ChecksList

# -- looking


async def test_narrow_shows_one_pane_behind_tabs(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        assert "Create Pod pod-ro" in shown(app)
        assert "1 Task   2 Answer   3 Checks   4 Effect" in shown(app)
        assert "context: none (offline)" in shown(app)
        await pilot.press("2")
        await assert_shows(app, "No answer yet")
        assert "Create Pod pod-ro" not in shown(app)
        await pilot.press("tab")
        await assert_shows(app, "○ 3 points  Every container is read-only")
        await pilot.press("tab", "tab")
        await assert_shows(app, "Create Pod pod-ro")
        await pilot.press("shift+tab", "shift+tab")
        await assert_shows(app, "○ 3 points")
        await pilot.press("r")
        await assert_shows(app, "! nothing is handed in yet")
        await pilot.press("1")
        await pilot.click("#tabs", offset=(22, 0))
        await assert_shows(app, "○ 3 points")


async def test_wide_shows_three_panes_and_resizing_keeps_the_current_one(app: TrainerApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        text = shown(app)
        for words in ("Create Pod pod-ro", "No answer yet", "○ 3 points", "5 points, not graded yet"):
            assert words in text
        assert isinstance(app.focused, AnswerView)
        await pilot.press("3")
        await pilot.resize_terminal(80, 24)
        await assert_shows(app, "1 Task  ")
        assert "○ 3 points" in shown(app)
        assert "Create Pod pod-ro" not in shown(app)


async def test_hostile_cards_and_answers_are_literal(tmp_path: Path) -> None:
    hostile = card("pod-ro", title=HOSTILE, prompt=HOSTILE, files=("[red].yaml",), hints=(HOSTILE,))
    session = FakeSession(tmp_path, (hostile,))
    app = TrainerApp(session)  # type: ignore[arg-type]
    async with app.run_test(size=(150, 40)) as pilot:
        await opened(app, pilot)
        session.write(hostile, "[red].yaml", f"readOnly: {HOSTILE}\nb: {HOSTILE}\nc: {HOSTILE}\n")
        await assert_shows(app, "NOT YET")
        await pilot.press("h", "y")
        await assert_shows(app, "Hint 1 of 1")
        text = shown(app)
        assert "[red].yaml" in text
        assert text.count("[@click=app.quit]") >= 5
        assert not set("\x1b\x9b\u202e") & set(text)
        for y in range(12):
            await pilot.click("#task", offset=(18, y))
        assert app.is_running


# -- grading


async def test_a_save_is_graded_and_marked_at_its_line(app: TrainerApp, session: FakeSession) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        for number, size in enumerate([(80, 24), (120, 40)]):
            await pilot.resize_terminal(*size)
            pod(session).write_text(WRONG)
            await assert_shows(app, "NOT YET  0 of 5 points")
            assert f"saved 12:00:00 · graded 12 ms · attempt {2 * number + 1}" in shown(app)
            await pilot.press("2")
            await assert_shows(app, "3✗▌    readOnlyRootFilesystem: true")
            assert "REFUSED line 3  The API server" in shown(app)
            await pilot.press("3")
            await assert_shows(app, "✗ FAIL 0/2  Pod pod-ro exists")
            assert "- SKIP 0/3" in shown(app)
            pod(session).write_text(RIGHT)
            await assert_shows(app, "PASSED  5 of 5 points")
            await pilot.press("2")
            await assert_shows(app, "containers:")
            assert "▌" not in shown(app)
        # identical bytes are graded again, and keep the attempt
        graded = session.graded
        await pilot.press("r")
        await assert_soon(lambda: session.graded == graded + 1)
        await pilot.pause()
        assert "attempt 4" in shown(app)


async def test_a_card_tried_before_opens_with_its_verdict_and_no_new_attempt(
    app: TrainerApp, session: FakeSession
) -> None:
    first = session.catalogue.cards[0]
    session.start(first)
    session.write(first, "pod.yaml", WRONG)
    session.grade(first)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await assert_shows(app, "NOT YET")
        assert "attempt 1" in shown(app)
        assert len(session.attempts["pod-ro"]) == 1


async def test_moving_through_checks_moves_the_cursor(app: TrainerApp, session: FakeSession) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        pod(session).write_text(WRONG)
        await assert_shows(app, "NOT YET")
        await pilot.press("3", "j", "k")
        await assert_soon(lambda: answer(app).view.cursor_location == (2, 4))
        await pilot.press("2", "ctrl+home", "right_square_bracket")
        await assert_soon(lambda: answer(app).view.cursor_location[0] == 2)
        await pilot.press("ctrl+home")
        await pilot.click(ChecksList, offset=(3, 0))
        await assert_soon(lambda: answer(app).view.cursor_location[0] == 2)


async def test_several_files(tmp_path: Path) -> None:
    two = card(files=("role.yaml", "binding.yaml"))
    session = FakeSession(tmp_path, (two,))
    app = TrainerApp(session)  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("f")
        await assert_soon(lambda: answer(app).file == "binding.yaml")
        await pilot.click("#files", offset=(3, 0))
        await assert_soon(lambda: answer(app).file == "role.yaml")


async def test_an_answer_that_went_away_has_no_verdict(app: TrainerApp, session: FakeSession) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        pod(session).write_text(WRONG)
        await assert_shows(app, "NOT YET")
        pod(session).unlink()
        await assert_shows(app, "not graded yet")
        assert "FAIL" not in shown(app)
        assert "nothing is handed in yet" not in shown(app), "which isn't a fault after starting over"
        await pilot.press("r")
        await assert_shows(app, "! nothing is handed in yet")


def real_session(tmp_path: Path) -> Session:
    workspace, database = tmp_path / "answers", tmp_path / "progress.db"
    return Session.open(Settings(workspace, database, tmp_path / "config.toml"))


async def test_with_the_real_cards_from_wrong_to_right_and_back_again(tmp_path: Path) -> None:
    session = real_session(tmp_path)
    pod_ro = session.card("pod-ro")
    solutions = load_solutions(pod_ro, session.pack)
    wrong = next(variant for variant in solutions.wrong if variant.name == "wrong-pod-level")
    app = TrainerApp(session)
    async with app.run_test(size=(120, 40)) as pilot:
        app.open_card(pod_ro.id)
        await pilot.pause()
        session.write(pod_ro, "pod.yaml", wrong.answer.files[0].data.decode())
        await assert_shows(app, "NOT YET")
        assert "readOnlyRootFilesystem" in shown(app)
        assert "`spec.containers[0].securityContext`" in shown(app)
        session.write(pod_ro, "pod.yaml", solutions.reference.answer.files[0].data.decode())
        await assert_shows(app, "PASSED")
    session.close()
    again = real_session(tmp_path)
    app = TrainerApp(again)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"pod-ro")
        await assert_shows(app, "✓ Run a Pod with a read-only")
    again.close()


# -- attempts


async def test_every_grading_of_one_answer_names_its_attempt(app: TrainerApp, session: FakeSession) -> None:
    """The watcher and the app itself may grade the same save: the second finds the attempt of the first."""
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot)
        assert "no attempt yet" in shown(app)
        session.write(session.catalogue.cards[0], "pod.yaml", RIGHT)
        session.grade(session.catalogue.cards[0])  # overtaken: the screen never sees this result
        await assert_shows(app, "PASSED")
        assert "attempt 1" in shown(app)
        graded = session.graded
        await pilot.press("r")
        await assert_soon(lambda: session.graded > graded)
        await pilot.pause()
        assert screen is app.screen
        assert "attempt 1" in shown(app)
        assert "no attempt yet" not in shown(app)


async def test_looking_at_a_card_and_the_next_one_does_not_start_them(
    app: TrainerApp, session: FakeSession
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await pilot.press("n")
        await assert_soon(
            lambda: isinstance(app.screen, CardScreen) and app.screen.card.id == "immutable-httpd"
        )
        assert session.begun == []
        assert not session.settings.workspace.exists() or list(session.settings.workspace.iterdir()) == []
        assert isinstance(app.screen, CardScreen)
        assert "i or e starts it" in shown(app)
        await pilot.press("i")
        await assert_soon(lambda: session.begun == [app.screen.card.id])  # type: ignore[attr-defined]


async def test_after_a_pass_the_time_stops_and_the_solution_is_free(
    app: TrainerApp, session: FakeSession
) -> None:
    now = [NOON]
    app.clock = lambda: now[0]
    pod_ro = session.catalogue.cards[0]
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot)
        now[0] += timedelta(seconds=65)
        session.write(pod_ro, "pod.yaml", RIGHT)
        await assert_shows(app, "01:05, which is 02:55 under the target of 4 min · attempt 1 · no hints")
        assert "n next card" in shown(app)
        now[0] += timedelta(seconds=60)
        screen._show_head()
        await assert_shows(app, "01:05 of 4 min")
        session.write(pod_ro, "pod.yaml", WRONG)
        await assert_shows(app, "NOT YET")
        await assert_soon(lambda: "n next card" not in shown(app))
        now[0] += timedelta(seconds=300)
        session.write(pod_ro, "pod.yaml", RIGHT)
        await assert_shows(app, "06:05, which is 02:05 over the target of 4 min · attempt 3 · no hints")
        await pilot.press("s")
        await assert_soon(lambda: isinstance(app.screen, SolutionScreen))
        await pilot.press("escape", "escape")
        await assert_shows(app, "Domain")
        await opened(app, pilot)
        await assert_shows(app, "This answer had passed before · attempt 3")


async def test_a_pane_fills_the_screen_and_the_time_pauses(app: TrainerApp, session: FakeSession) -> None:
    now = [NOON]
    app.clock = lambda: now[0]
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("3", "z")
        await assert_soon(lambda: "Create Pod pod-ro" not in shown(app))
        assert "○ 3 points" in shown(app)
        await pilot.press("1")
        await assert_shows(app, "Create Pod pod-ro")
        assert "○ 3 points" not in shown(app)
        await pilot.press("z")
        await assert_shows(app, "○ 3 points")
        await pilot.double_click("#answer", offset=(8, 0))
        await assert_soon(lambda: "Create Pod pod-ro" not in shown(app))
        assert "No answer yet" in shown(app)
        await pilot.press("z", "p")
        now[0] += timedelta(minutes=5)
        screen._show_head()
        await assert_shows(app, "paused 00:00 of 4 min  p resumes")
        await pilot.press("p")
        now[0] += timedelta(seconds=7)
        screen._show_head()
        await assert_shows(app, "00:07 of 4 min")
        session.write(session.catalogue.cards[0], "pod.yaml", RIGHT)
        await assert_shows(app, "PASSED")
        await pilot.press("p")
        assert "paused" not in shown(app)


async def test_panes_have_room(app: TrainerApp) -> None:
    """Nothing is outside the screen; the answer is wide enough for YAML."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("2")
        for size in (80, 24), (120, 24), (120, 40), (200, 50):
            await pilot.resize_terminal(*size)
            assert screen.size == size
            panes = [pane for pane in screen.query(".frame") if pane.display]
            assert len(panes) == (1 if size[0] < 110 else 3), size
            assert all(screen.region.contains_region(pane.region) for pane in panes), size
            assert answer(app).view.size.width >= 38, size
