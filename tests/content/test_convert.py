"""Tests of `content.convert`."""

from __future__ import annotations

import msgspec

from tests.table import each_row
from trainer.content.convert import Fault, convert, unknown_key


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    how_many: int
    word: str = ""


class Outer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    inner: Inner | str
    rows: tuple[Inner, ...] = ()
    notes: dict[str, str] = {}


def test_a_right_value() -> None:
    found, faults = convert({"inner": {"how-many": 2}}, Outer)
    assert faults == []
    assert found == Outer(Inner(2))


def test_all_faults_are_found() -> None:
    value = {
        "inner": {"how_many": 2},
        "rows": [{"how-many": "x"}, {"how-many": 1, "word": 3}, 4],
        "notes": {"a": 1},
        "mor": 1,
    }
    found, faults = convert(value, Outer)
    assert found is None
    assert {fault.path for fault in faults} == {
        ("mor",),
        ("inner", "how_many"),
        ("inner",),
        ("rows", 0, "how-many"),
        ("rows", 1, "word"),
        ("rows", 2),
        ("notes", "a"),
    }


def test_a_value_that_is_no_mapping() -> None:
    assert convert([], Outer)[1] == [Fault((), "must be a mapping, not a list")]


@each_row(("key", "remedy"), [("wrod", "did you mean 'word'?"), ("zzz", "known fields: how-many, word")])
def test_unknown_key_says_what_was_meant(key: str, remedy: str) -> None:
    assert unknown_key(key, ["word", "how-many"], ()) == Fault((key,), f"unknown field {key!r}", remedy)
