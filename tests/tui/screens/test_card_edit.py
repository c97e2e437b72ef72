"""Tests of `tui.screens.card_edit`: changing the answer."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

import pytest
from textual.app import SuspendNotSupported

from tests.tui.fake_session import WRONG, FakeSession
from tests.tui.screens.opened import answer, opened, pod
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.tui.app import TrainerApp
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.confirm import Confirm, LeaveUnsaved


@pytest.fixture
def lent_terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Suspending works, as on a terminal; says what happened in which order."""
    happened: list[str] = []

    @contextlib.contextmanager
    def suspend(self: TrainerApp) -> Iterator[None]:
        happened.append("suspended")
        yield
        happened.append("resumed")

    monkeypatch.setattr(TrainerApp, "suspend", suspend)
    return happened


# -- the built-in editor


async def test_writing_saving_and_passing_in_the_built_in_editor(
    app: TrainerApp, session: FakeSession
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("i")
        await assert_shows(app, "ctrl+s save and grade")
        await pilot.press(*"containers", "ctrl+s")
        await assert_shows(app, "PASSED  5 of 5 points")
        assert pod(session).read_text() == "containers"
        assert answer(app).editing
        await pilot.press("escape", "escape")
        await assert_shows(app, "✓ Make pod-ro read-only")


async def test_one_save_is_one_grading(app: TrainerApp, session: FakeSession) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("i")
        for number, key in enumerate("abc", start=1):
            await pilot.press(key, "ctrl+s")
            await assert_soon(lambda wanted=number: session.graded >= wanted)
        assert session.graded == 3


async def test_leaving_with_unsaved_text_asks_and_the_draft_is_there_again(
    app: TrainerApp, session: FakeSession
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("i", "a", "escape", "escape")
        await assert_soon(lambda: isinstance(app.screen, LeaveUnsaved))
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, LeaveUnsaved))
        await pilot.press("l")
        await assert_soon(lambda: not isinstance(app.screen, CardScreen | LeaveUnsaved))
        await opened(app, pilot)
        assert answer(app).view.text == "a"
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, LeaveUnsaved))
        await pilot.press("s")
        await assert_soon(lambda: pod(session).exists() and pod(session).read_text() == "a")


async def test_overwriting_another_programs_save_asks(app: TrainerApp, session: FakeSession) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("i", "a")
        pod(session).write_text("theirs")
        await assert_soon(lambda: session.graded == 1)
        await pilot.press("ctrl+s")
        await assert_soon(lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        assert pod(session).read_text() == "theirs"
        assert answer(app).view.text == "a"
        await pilot.press("ctrl+s")
        await assert_soon(lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await assert_soon(lambda: pod(session).read_text() == "a")


# -- the learner's editor


def editor(session: FakeSession, script: str | None) -> None:
    import msgspec

    command = script and f'"{sys.executable}" -c "{script}"'
    session.settings = msgspec.structs.replace(session.settings, editor=command)


async def test_the_editor_writes_and_the_answer_is_graded(
    app: TrainerApp, session: FakeSession, lent_terminal: list[str]
) -> None:
    editor(session, "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text('containers')")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("e")
        await assert_shows(app, "PASSED  5 of 5 points")
        assert lent_terminal == ["suspended", "resumed"]
        assert answer(app).view.text == "containers"


async def test_an_editor_that_ends_badly_is_survived_and_without_one_the_built_in_one_opens(
    app: TrainerApp, session: FakeSession, lent_terminal: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(app, pilot)
        for script, words in (
            ("raise SystemExit(7)", "exit code 7"),
            ("import os; os.kill(os.getpid(), 9)", "SIGKILL"),
        ):
            editor(session, script)
            lent_terminal.clear()
            await pilot.press("e")
            await assert_shows(app, words)
            assert lent_terminal == ["suspended", "resumed"]
            assert not answer(app).editing
        editor(session, None)
        monkeypatch.setenv("VISUAL", "no-such-editor-here")
        lent_terminal.clear()
        await pilot.press("e")
        await assert_shows(app, "editor 'no-such-editor-here'")
        assert lent_terminal == ["suspended", "resumed"]
        assert answer(app).editing


async def test_no_editor_or_no_suspending_opens_the_built_in_one(
    app: TrainerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextlib.contextmanager
    def suspend(self: TrainerApp) -> Iterator[None]:
        raise SuspendNotSupported
        yield

    monkeypatch.setattr(TrainerApp, "suspend", suspend)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        for _ in range(2):
            await pilot.press("e")
            await assert_soon(lambda: answer(app).editing)
            await pilot.press("escape")
            await assert_soon(lambda: not answer(app).editing)
            monkeypatch.setenv("EDITOR", "vi")


async def test_unsaved_text_is_saved_before_the_editor_opens(
    app: TrainerApp, session: FakeSession, lent_terminal: list[str]
) -> None:
    editor(
        session,
        "import sys, pathlib; p = pathlib.Path(sys.argv[1]); p.write_text(p.read_text() + 'containers')",
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("i", "a", "escape", "e")
        await assert_soon(lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        assert lent_terminal == []
        await pilot.press("e")
        await assert_soon(lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await assert_shows(app, "PASSED")
        assert pod(session).read_text() == "acontainers"


async def test_starting_over_asks_and_keeps_the_old_answer(app: TrainerApp, session: FakeSession) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        pod(session).write_text(WRONG)
        await assert_shows(app, "NOT YET")
        await pilot.press("R")
        await assert_soon(lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        assert pod(session).exists()
        await pilot.press("R")
        await assert_soon(lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await assert_soon(lambda: not pod(session).exists())
        await assert_soon(lambda: answer(app).view.text == "")
        backup = next(pod(session).parent.glob(".backup/*/pod.yaml"))
        assert backup.read_text() == WRONG


async def test_a_click_on_the_footer_stops_editing(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("i")
        await assert_shows(app, "esc stop editing")
        column = shown(app).splitlines()[-1].index("esc stop")
        await pilot.click("KeysBar", offset=(column + 1, 0))
        await assert_soon(lambda: not answer(app).editing)
