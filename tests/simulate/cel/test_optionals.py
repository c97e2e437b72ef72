"""Functions of optionals."""

from __future__ import annotations

import pytest

from trainer.simulate.cel.library import call
from trainer.simulate.cel.optionals import settled
from trainer.simulate.cel.values import NOTHING, CelError, Optional


def test_what_or_does_without_its_argument() -> None:
    one = Optional(True, 1)
    assert settled("or", one) == (True, one)
    assert settled("orValue", one) == (True, 1)
    assert settled("orValue", NOTHING)[0] is False
    assert settled("or", [1]) == (True, [1])
    assert settled("orValue", None) == (True, None)


def test_functions() -> None:
    assert call("optional.ofNonZeroValue", False, [""]) == NOTHING
    assert call("optional.ofNonZeroValue", False, [1]) == Optional(True, 1)
    assert call("first", True, [[1, 2]]) == Optional(True, 1)
    assert call("last", True, [[1, 2]]) == Optional(True, 2)
    assert call("last", True, [[]]) == NOTHING
    assert call("optional.unwrap", False, [[Optional(True, 1), NOTHING]]) == [1]
    with pytest.raises(CelError, match="dereference"):
        call("value", True, [NOTHING])
    with pytest.raises(CelError, match="is not optional"):
        call("unwrapOpt", True, [[NOTHING, 1]])
