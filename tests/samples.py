"""Samples of many cases: `make test` tries the first ones, `make trials` also the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet


def first_of(cases: Sequence[object], count: int = 1) -> list[ParameterSet]:
    """A parameter for each case; all are marked `trial`, except the first ones."""
    return [
        pytest.param(case, marks=() if place < count else pytest.mark.trial)
        for place, case in enumerate(cases)
    ]
