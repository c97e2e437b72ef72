"""Tests of `manifests.reading.json_reader`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.errors import AnswerUnreadable
from trainer.manifests.limits import Budget
from trainer.manifests.reading.go_yaml import Refusal
from trainer.manifests.reading.json_reader import JSONReader


def read(text: str) -> Any:
    built = JSONReader(text, Budget("x")).next()
    assert built is not None
    return built.value


def test_values_follow_each_other() -> None:
    reader = JSONReader(' {"a": 1}[2]\n null', Budget("x"))
    values = [built.value for built in iter(reader.next, None)]
    assert values == [{"a": 1}, [2], None]


def test_places() -> None:
    built = JSONReader('{\n  "a": [\n    1, 2]}', Budget("x")).next()
    assert built is not None
    assert built.marks[id(built.value)] == {"a": (2, 3)}
    assert built.marks[id(built.value["a"])] == [(3, 5), (3, 8)]


def test_numbers_are_int64_or_double() -> None:
    found = read("[1, -0, 1.0, 1e3, 1.5, 9223372036854775808, 1e21]")
    assert found == [1, 0, 1, 1000, 1.5, 2.0**63, 1e21]
    assert [type(number).__name__ for number in found] == [
        "int",
        "int",
        "int",
        "int",
        "float",
        "float",
        "float",
    ]


def test_duplicate_keys() -> None:
    built = JSONReader('{"a": 1, "a": 2}', Budget("x")).next()
    assert built is not None
    assert built.value == {"a": 2}
    assert [(found.key, found.first, found.column) for found in built.repeated] == [("a", 1, 10)]


@each_row(
    ("text", "column", "message"),
    [
        ("{'a': 1}", 2, "not valid JSON at `'`"),
        ('{"a" 1}', 6, "`:` is missing before `1`"),
        ('{"a": 1 "b"', 9, "`,` or `}` is missing"),
        ('{"a": }', 7, "a value is missing before `}`"),
        ("[1,]", 4, "a value is missing before `]`"),
        ('{"a": "x\ny"}', 7, "not valid JSON"),
        ('{"a": 01}', 8, "is missing before `1`"),
        ('{"a": 1', 8, "ends too early"),
        ('{"a": 1e400}', 7, "out of range"),
        ('{"a": "\\x"}', 7, "not valid JSON"),
    ],
)
def test_what_is_no_json_is_refused_where_it_stands(text: str, column: int, message: str) -> None:
    with pytest.raises(Refusal, match=message) as caught:
        read(text)
    assert (caught.value.line, caught.value.column) == (1, column)


def test_lone_surrogates_become_the_replacement_character() -> None:
    assert read('["\\ud800", "\\ud83d\\ude00", "\\u00e9\\n\\/"]') == ["\ufffd", "\U0001f600", "\u00e9\n/"]


def test_limits() -> None:
    with pytest.raises(AnswerUnreadable, match="nested"):
        read("[" * 101)
    with pytest.raises(AnswerUnreadable, match="values"):
        read("[" + "1," * 50_001)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(values, st.booleans())
def test_reads_what_json_writes(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert json.dumps(read(text)) == json.dumps(json.loads(text))
