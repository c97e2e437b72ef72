"""What a session gives."""

from __future__ import annotations

from tests.table import each_row
from trainer.session.model import AttemptSummary


@each_row(
    ("points", "of", "passed", "percent"),
    [
        (0, 3, False, 0),
        (2, 3, False, 66),
        (3, 3, True, 100),
        (3, 3, False, 99),
        (0, 0, False, 0),
        (0, 0, True, 100),
    ],
)
def test_percent_is_100_only_for_full_marks(points: int, of: int, passed: bool, percent: int) -> None:
    assert AttemptSummary(1, 0.0, points, of, 1, 1, passed).percent == percent
