"""Tests of `tui.screens.given`: what exists before the answer."""

from __future__ import annotations

from pathlib import Path

from tests.tui.fake_session import HOSTILE, FakeSession, card
from tests.tui.screens.opened import opened
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.tui.app import TrainerApp
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.given import GivenScreen

PODS = """apiVersion: v1
kind: Namespace
metadata: {name: sun, labels: {tier: trusted}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: sun, labels: {app: web}}
spec: {containers: [{name: web, image: nginx:1.27}]}
"""


async def test_objects_and_files_can_be_looked_at(tmp_path: Path) -> None:
    whose = card(
        given=PODS, given_files={"audit.log": f"first line\n{HOSTILE}\n"}, node_files={"/etc/x.conf": "a=1\n"}
    )
    session = FakeSession(tmp_path, (whose,))
    app = TrainerApp(session)  # type: ignore[arg-type]
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        for pane in "123":
            await pilot.press(pane, "g")
            await assert_soon(lambda: isinstance(app.screen, GivenScreen))
            await pilot.press("escape")
            await assert_soon(lambda: isinstance(app.screen, CardScreen))
        await pilot.press("g")
        await assert_shows(app, "tier: trusted")
        text = shown(app)
        for words in (
            "Namespace (1)",
            "tier=trusted",
            "Pod (1)",
            "nginx:1.27",
            "app=web",
            "/etc/x.conf",
            "audit.log",
        ):
            assert words in text
        await pilot.press("j")
        await assert_shows(app, "image: nginx:1.27")
        assert "Pod sun/web" in shown(app)
        await pilot.press("G")
        await assert_shows(app, "first line")
        assert "[@click=app.quit]" in shown(app)
        assert not set("\x1b\x9b\u202e") & set(shown(app))
        await pilot.resize_terminal(80, 24)
        await pilot.press("enter")
        await assert_soon(lambda: "Pod (1)" not in shown(app))
        assert "first line" in shown(app)
        await pilot.press("x")
        assert session.started(whose) is False
        await pilot.press("escape")
        await assert_shows(app, "Pod (1)")
        assert "first line" not in shown(app)
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))


async def test_a_card_that_gives_nothing_says_so(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("g")
        await assert_shows(app, "Nothing exists before your answer.")
        await pilot.press("enter", "tab", "down", "escape")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
