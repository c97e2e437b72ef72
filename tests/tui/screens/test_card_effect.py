"""Tests of `tui.screens.card_effect`: the pane with what the answer does."""

from __future__ import annotations

from tests.tui.fake_session import RIGHT, WRONG, FakeSession
from tests.tui.screens.opened import answer, opened, pod
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.tui.app import TrainerApp
from trainer.tui.widgets.effect import EffectList, EffectPane


async def test_on_a_narrow_screen_it_is_the_fourth_tab(app: TrainerApp, session: FakeSession) -> None:
    pod(session).write_text(WRONG)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await assert_shows(app, "4 Effect")
        await pilot.press("r")
        await assert_soon(lambda: screen._graded is not None)
        assert session.drawn == 0
        await pilot.press("w")
        await assert_shows(app, "✗ writable")
        assert isinstance(app.focused, EffectList)
        await pilot.press("enter")
        await pilot.pause()
        assert (screen._shown, answer(app).view.cursor_location[0]) == ("answer", 2)
        pod(session).write_text(RIGHT)
        await assert_soon(lambda: screen._graded and screen._graded.verdict.passed)
        await pilot.pause()
        assert session.drawn == 1
        await pilot.press("4")
        await assert_shows(app, "✓ read-only")
        await pilot.press("w")
        await pilot.pause()
        assert screen._shown == "checks"
        await pilot.press("tab", "tab")
        assert screen._shown == "task"


async def test_on_a_wide_screen_it_is_below_the_checks(app: TrainerApp, session: FakeSession) -> None:
    pod(session).write_text(WRONG)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot)
        pane = screen.query_one(EffectPane)
        await pilot.press("r")
        await assert_soon(lambda: screen._graded is not None)
        assert not pane.display
        await pilot.press("3", "tab")
        assert screen._shown == "task"
        for width, height in ((120, 40), (120, 24), (200, 50)):
            await pilot.resize_terminal(width, height)
            await pilot.press("w")
            await assert_shows(app, "✗ writable")
            checks = screen.query_one("#checks").region
            assert (pane.region.x, pane.region.y) == (checks.x, checks.bottom), (width, height)
            await pilot.press("w")
            await pilot.pause()
            assert "✗ writable" not in shown(app)
        assert session.drawn == 1
        await pilot.press("w", "2")
        pod(session).write_text(RIGHT)
        await assert_shows(app, "✓ read-only")
        assert session.drawn == 2
        pod(session).unlink()
        await assert_shows(app, "What the answer does is shown here")
