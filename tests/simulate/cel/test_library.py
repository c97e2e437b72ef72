"""All functions by name."""

from __future__ import annotations

import pytest

from trainer.simulate.cel.library import NAMESPACES, call, functions
from trainer.simulate.cel.values import CelError


def test_dotted_names_have_a_known_first_half() -> None:
    firsts = {name.partition(".")[0] for name, _ in functions() if "." in name}
    assert firsts <= NAMESPACES


def test_the_fitting_overload_is_called() -> None:
    assert call("size", True, ["abc"]) == 3
    assert call("getHours", True, [__import__("datetime").timedelta(hours=2)]) == 2
    with pytest.raises(CelError, match=r"no such overload: size\(int\)"):
        call("size", True, [1])
