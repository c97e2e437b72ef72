"""Tests of `manifests.reading.scalars`: the type of a scalar as kubectl reads it."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.manifests.reading import scalars


@each_row(
    ("text", "value"),
    [
        ("yes", True),
        ("oN", "oN"),
        ("n", False),
        ("", None),
        ("~", None),
        ("Null", None),
        ("0644", 420),
        ("08", 8),
        ("0o17", 15),
        ("0X1f", 31),
        ("-0b11", -3),
        ("1_000", 1000),
        ("1e3", 1000),
        ("1000.0", 1000),
        ("-0.0", 0),
        (".5", 0.5),
        (".5_0", 0.5),
        ("+.5", 0.5),
        ("1e400", "1e400"),
        ("12:30:45", "12:30:45"),
        ("2024-01-02", "2024-01-02"),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", 9.223372036854775808e18),
        ("-9223372036854775809", -(2**63)),
        ("0x" + "f" * 17, "0x" + "f" * 17),
        ("9" * 5000, "9" * 5000),
        ("\u0663", "\u0663"),
    ],
)
def test_plain_scalars_are_typed_as_kubectl_does(text: str, value: object) -> None:
    found = scalars.plain(text)
    assert found == value
    assert type(found) is type(value)


@each_row("text", [".inf", "-.INF", "+.Inf", ".nan"])
def test_infinities_are_refused(text: str) -> None:
    with pytest.raises(scalars.BadScalarError, match="aren't JSON values"):
        scalars.plain(text)


TAG = "tag:yaml.org,2002:"


@each_row(
    ("text", "tag", "value"),
    [
        ("12", TAG + "str", "12"),
        ("12", TAG + "int", 12),
        ("12", TAG + "float", 12.0),
        ("yes", TAG + "bool", True),
        ("", TAG + "null", None),
        ("2024-01-02", TAG + "timestamp", "2024-01-02"),
        ("aGVs\nbG8=", TAG + "binary", "hello"),
        ("12", TAG + "python/name:os.system", "12"),
        ("12", "!local", "12"),
    ],
)
def test_tags(text: str, tag: str, value: object) -> None:
    found = scalars.tagged(text, tag)
    assert found == value
    assert type(found) is type(value)


@each_row(("text", "name"), [("x", "int"), ("1.5", "int"), ("x", "timestamp"), ("*", "binary")])
def test_a_scalar_that_does_not_fit_its_tag_is_refused(text: str, name: str) -> None:
    with pytest.raises(scalars.BadScalarError, match=name):
        scalars.tagged(text, TAG + name)


@each_row(
    ("value", "key"),
    [
        (True, "true"),
        (1, "1"),
        (-(2**63), "-9223372036854775808"),
        (1.0, "1"),
        (0.1, "0.1"),
        (1.5e-5, "1.5e-05"),
        (0.00025, "0.00025"),
        (123456.0, "123456"),
        (1234567.0, "1.234567e+06"),
        (-1e21, "-1e+21"),
        (16777217.0, "1.6777216e+07"),
        (math.inf, ".inf"),
        (-math.inf, "-.inf"),
        (1e300, ".inf"),
        (math.nan, ".nan"),
        (0.0, "0"),
    ],
)
def test_keys_become_text_as_in_go(value: float, key: str) -> None:
    assert scalars.key_text(value) == key


@each_row("value", [None, 2**63])
def test_keys_that_go_refuses(value: int | None) -> None:
    with pytest.raises(scalars.BadScalarError):
        scalars.key_text(value)


@given(st.text(alphabet="0123456789xXbBoOeE+-._yYnNtTfF~:", max_size=8))
def test_whatever_is_typed_is_json(text: str) -> None:
    try:
        value = scalars.plain(text)
    except scalars.BadScalarError:
        assert text.lower().lstrip("+-") in {".inf", ".nan"}
    else:
        assert json.loads(json.dumps(value, allow_nan=False)) == value
        assert not (isinstance(value, float) and value.is_integer() and abs(value) < 2**63)
