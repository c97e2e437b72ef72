"""Charts of text: a calendar of days, and columns for the coming reviews. Their height says it all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from trainer.session.figures import calendar
from trainer.tui.text import MUTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.session.figures import Day

_LEVELS = "▂▄▆█"
"""1, 2 to 3, 4 to 7, and 8 or more attempts."""
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")


def calendar_chart(days: Sequence[Day], today: date, width: int) -> Content:
    """A row for each day of the week, two cells for each week, months above; at most half a year."""
    weeks = max(min((width - 4) // 2, 26), 1)
    first = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    months = [" "] * (2 * weeks + 4)
    for week in range(weeks):
        day = first + timedelta(weeks=week)
        crowded = week == 0 and (day + timedelta(weeks=1)).day <= 7
        if (week == 0 or day.day <= 7) and not crowded and 2 * week + 3 <= 2 * weeks:
            months[2 * week : 2 * week + 3] = f"{day:%b}"
    lines = [Content.styled(f"    {''.join(months)}".rstrip(), MUTED)]
    for name, row in zip(_WEEKDAYS, calendar(days, today, weeks), strict=True):
        cells = [(f"{_level(count)} ", MUTED if not count else "$text-primary") for count in row]
        lines.append(Content.assemble((f"{name:<4}", MUTED), *cells))
    return Content("\n").join(lines)


def _level(count: int | None) -> str:
    if count is None:
        return " "
    return _LEVELS[min(count.bit_length(), len(_LEVELS)) - 1] if count else "·"


def forecast_chart(counts: Sequence[int], today: date, width: int, height: int) -> Content:
    """A column of at most `height` lines for each day, below it its number and the day of the week."""
    each = 4 if width >= 4 * len(counts) else 3
    shown = list(counts)[: max(width // each, 1)]
    top = max([*shown, 1])
    lines = []
    for level in range(height, 0, -1):
        cells = []
        for count in shown:
            eighths = round(count / top * height * 8)
            if count:
                eighths = max(eighths, 1)
            part = min(max(eighths - (level - 1) * 8, 0), 8)
            cells.append((_EIGHTHS[part] * 2).ljust(each))
        lines.append(Content.styled("".join(cells), "$text-primary"))
    numbers = "".join(str(count or "·").ljust(each) for count in shown)
    names = "".join(f"{today + timedelta(days=place):%a}"[:2].ljust(each) for place in range(len(shown)))
    return Content("\n").join([*lines, Content(numbers), Content.styled(names, MUTED)])
