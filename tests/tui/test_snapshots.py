"""Four pictures at fixed sizes; what they do is asserted elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.fake_session import RIGHT, WRONG, FakeSession
from tests.tui.showing import assert_shows
from trainer.tui.app import TrainerApp


@pytest.fixture(autouse=True)
def at_home(session: FakeSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of the answers is named from the home folder: the same in every run."""
    monkeypatch.setenv("HOME", str(session.settings.workspace.parent))


def tried(session: FakeSession) -> None:
    for card, text in zip(session.catalogue.cards, (WRONG, RIGHT), strict=False):
        session.start(card)
        session.write(card, "pod.yaml", text)
        session.grade(card)


def test_catalogue(snap_compare: Any, app: TrainerApp, session: FakeSession) -> None:
    tried(session)
    assert snap_compare(app, terminal_size=(80, 24))


def test_catalogue_wide_and_light(snap_compare: Any, app: TrainerApp, session: FakeSession) -> None:
    tried(session)
    assert snap_compare(app, press=["t", "down", "enter"], terminal_size=(120, 40))


def test_failing_card(snap_compare: Any, app: TrainerApp, session: FakeSession) -> None:
    tried(session)

    async def go(pilot: Pilot[None]) -> None:
        await pilot.press("enter")
        await assert_shows(app, "NOT YET")

    assert snap_compare(app, run_before=go, terminal_size=(120, 30))


def test_checks_of_a_failing_card(snap_compare: Any, app: TrainerApp, session: FakeSession) -> None:
    tried(session)

    async def go(pilot: Pilot[None]) -> None:
        await pilot.press("enter", "3")
        await assert_shows(app, "FAIL 0/2")

    assert snap_compare(app, run_before=go, terminal_size=(80, 24))
