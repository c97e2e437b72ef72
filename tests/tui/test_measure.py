"""Tests of `tui.measure`: measures the app without a terminal."""

from __future__ import annotations

import pytest

from tests.tui.fake_session import RIGHT, FakeSession
from trainer.tui.measure import measure


@pytest.mark.usefixtures("paints_by_itself")
async def test_every_figure_is_measured(session: FakeSession) -> None:
    figures = await measure(session, lambda opened: (opened.card("pod-ro"), RIGHT), (120, 40))  # type: ignore[arg-type]
    assert set(figures) == {
        "first_frame_ms",
        "key_to_paint_median_ms",
        "key_to_paint_p95_ms",
        "save_to_verdict_ms",
        "save_to_verdict_wall_ms",
    }
    assert all(value > 0 for value in figures.values())
    assert session.attempts["pod-ro"][0].passed


@pytest.mark.usefixtures("paints_by_itself")
async def test_a_start_that_welcomes_is_measured(session: FakeSession) -> None:
    figures = await measure(session, None, (80, 24), welcomes=True)  # type: ignore[arg-type]
    assert set(figures) == {"first_frame_ms"}
    assert figures["first_frame_ms"] > 0
