"""Tests of `tools.calls`."""

from __future__ import annotations

import sys

import pytest

from tools.calls import counted


def test_the_result_and_the_calls() -> None:
    found = [counted(lambda times=times: [len(str(n)) for n in range(times)]) for times in (10, 20)]
    assert found[0][0] == [1] * 10
    assert found[1][1] - found[0][1] == 10, "what is built in isn't called: `str` is a type"


def test_nothing_is_counted_afterwards() -> None:
    before = sys.getprofile()
    with pytest.raises(ZeroDivisionError):
        counted(lambda: 1 // 0)
    assert sys.getprofile() is before
