"""Types, equality and order of values."""

from __future__ import annotations

import datetime

import pytest

from trainer.simulate.cel.functions import opaque
from trainer.simulate.cel.kinds import kind
from trainer.simulate.cel.syntax import Uint
from trainer.simulate.cel.values import (
    CelError,
    CelType,
    Optional,
    equal,
    fits,
    kind_of,
    less,
    no_overload,
    type_of,
)


def test_kinds() -> None:
    values = [None, True, 1, Uint(1), 1.0, "a", b"a", [], {}, Optional(), CelType("int")]
    values += [datetime.timedelta(), datetime.datetime.now(datetime.UTC), opaque("net.IP", address="::1")]
    assert [kind_of(value) for value in values] == [
        *("null", "bool", "int", "uint", "double", "string", "bytes", "list", "map", "optional", "type"),
        *("duration", "timestamp", "net.IP"),
    ]
    assert type_of(None) == CelType("null_type")


def test_equality_keeps_types_apart_but_numbers() -> None:
    assert equal(1, 1.0)
    assert equal(Uint(1), 1)
    assert not equal(True, 1)
    assert not equal("1", 1)
    assert equal([1, {"a": 2}], [1.0, {"a": 2.0}])
    assert not equal({"a": 1}, {"b": 1})
    assert equal(Optional(), Optional())


def test_order() -> None:
    assert less(1, 1.5)
    assert less("a", "b")
    with pytest.raises(CelError, match="no such overload"):
        less("a", 1)
    assert "int, string" in str(no_overload("f", 1, "a"))


def test_fits() -> None:
    assert fits(kind("dyn"), None)
    assert fits(kind("T"), 1)
    assert fits(kind("list(string)"), [])
    assert fits(kind("list(string)"), ["a", 1]), "the first element tells"
    assert not fits(kind("list(string)"), [1, "a"])
    assert fits(kind("map(string, int)"), {"a": 1})
    assert not fits(kind("map(string, int)"), {"a": "b"})
    assert not fits(kind("int"), True)
