"""Tests of `tui.widgets.charts`: the calendar and the forecast as text."""

from __future__ import annotations

from datetime import date, timedelta

from rich.cells import cell_len

from trainer.session.figures import Day
from trainer.tui.widgets.charts import calendar_chart, forecast_chart

TODAY = date(2026, 3, 10)


def test_the_calendar_shows_how_much_by_height() -> None:
    days = [
        Day(TODAY - timedelta(days=back), count, 0, 0.0)
        for back, count in ((0, 1), (7, 3), (14, 5), (21, 99))
    ]
    lines = calendar_chart(days, TODAY, 58).plain.splitlines()
    assert len(lines) == 8
    assert lines[2].split()[-4:] == ["█", "▆", "▄", "▂"]
    assert lines[3].rstrip().endswith("·")
    assert "Jan" in lines[0]
    assert "Mar" in lines[0]
    assert [line[:3] for line in lines[1::2]] == ["Mon", "Wed", "Fri", "Sun"]
    for width in (1, 6, 20, 34, 58, 200):
        assert max(cell_len(line) for line in calendar_chart(days, TODAY, width).plain.splitlines()) <= max(
            width, 8
        )


def test_the_forecast_has_numbers_and_days() -> None:
    counts = [20, 0, 1, 10, *([0] * 10)]
    lines = forecast_chart(counts, TODAY, 60, 4).plain.splitlines()
    assert len(lines) == 6
    assert lines[4].split()[:4] == ["20", "·", "1", "10"]
    assert lines[5].split()[:3] == ["Tu", "We", "Th"]
    assert lines[0].rstrip() == "██"
    assert lines[3].split() == ["██", "▂▂", "██"], "a single card is seen"
    assert len(forecast_chart(counts, TODAY, 42, 4).plain.splitlines()[5].split()) == 14
    assert len(forecast_chart(counts, TODAY, 10, 4).plain.splitlines()[5].split()) == 3
    assert "█" not in forecast_chart([0] * 14, TODAY, 60, 4).plain
