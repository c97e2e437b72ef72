"""Opaque values."""

from __future__ import annotations

from trainer.simulate.cel.functions import Function, opaque, tag_of


def test_tags() -> None:
    assert tag_of(opaque("net.IP", address="::1")) == "net.IP"
    assert tag_of({"a": 1}) == tag_of(1) == ""
    assert opaque("a", x=1) == opaque("a", x=1) != opaque("b", x=1)


def test_declarations() -> None:
    assert Function("f", ("int",), "int", abs).member
