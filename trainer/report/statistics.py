"""What a check tells about learners: the statistics of items in a test, as far as a class needs them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 10
"""Answers below which a correlation says nothing."""


def separation(answers: Sequence[tuple[bool, float]]) -> float | None:
    """How well a check separates those who know from those who don't: -1 to 1.

    It is the corrected item-total correlation: the point-biserial correlation of passing the check with the
    learner's points on everything else. `answers` has both for each learner. Below 0.2, strong learners fail
    the check about as often as weak ones. None for fewer than `FEWEST` answers, or where all are the same.
    """
    count = len(answers)
    if count < FEWEST:
        return None
    right = [rest for passed, rest in answers if passed]
    wrong = [rest for passed, rest in answers if not passed]
    mean = math.fsum(rest for _, rest in answers) / count
    variance = math.fsum((rest - mean) ** 2 for _, rest in answers) / count
    if not right or not wrong or variance <= 0:
        return None
    difference = math.fsum(right) / len(right) - math.fsum(wrong) / len(wrong)
    return difference * math.sqrt(len(right) * len(wrong)) / count / math.sqrt(variance)
