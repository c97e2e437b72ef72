"""Scalars as Go decodes them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.manifests.schema.scalars import RANGES, scalar_problem, whole

SCALARS = [*RANGES, *"string bool number quantity int-or-string bytes time duration".split()]

GOOD: list[tuple[str, Any]] = [
    ("int32", 2**31 - 1),
    ("int32", -(2**31)),
    ("int64", 1e3),
    ("number", 0.5),
    ("string", ""),
    ("bool", False),
    *(("quantity", value) for value in ("500m", "1Gi", "1e3", "+.5", "1.", "0", 2, 0.1, " 1 ")),
    *(("int-or-string", value) for value in (80, "http", "50%", 80.0)),
    *(("bytes", value) for value in ("", "QQ==", "QUFB\nQUFB\n")),
    *(
        ("time", value)
        for value in ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123+02:00", "2024-02-29T23:59:59Z")
    ),
    *(("bytes", value) for value in ([], [97, 98.0, None])),
    *(("quantity", value) for value in (".", "Mi", "+")),
    *(("duration", value) for value in ("0", "30s", "1h15m0.5s", "-1ms")),
]

BAD: list[tuple[str, Any, str]] = [
    ("int32", 2**31, "must be from -2147483648 to 2147483647"),
    ("int64", 2**63, "must be from -9223372036854775808 to 9223372036854775807"),
    ("int32", 0.5, "must be a whole number"),
    ("int32", True, "must be a whole number"),
    ("int64", "1", "must be a whole number"),
    ("int64", 1e30, "must be a whole number"),
    ("number", "1", "must be a number"),
    ("string", 1, "must be text"),
    ("string", [], "must be text"),
    ("bool", "true", "must be true or false"),
    ("bool", 1, "must be true or false"),
    *(
        ("quantity", value, "must be a quantity, such as 500m, 2 or 64Mi")
        for value in ("64MiB", "1 Gi", "", "1kk", True, {})
    ),
    ("int-or-string", 1.5, "must be a whole number or text"),
    ("int-or-string", True, "must be a whole number or text"),
    ("int-or-string", 2**31, "must be from -2147483648 to 2147483647"),
    *(
        ("bytes", value, "must be base64")
        for value in ("hello world", "QQ", "é", 1, [256], [-1], ["a"], [1.5], [True])
    ),
    *(
        ("time", value, "must be a time, such as 2026-01-31T12:00:00Z")
        for value in (
            "",
            "2026-01-31",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-01-0٣T00:00:00Z",
            1,
        )
    ),
    *(("duration", value, "must be a duration, such as 30s or 1h15m") for value in ("30", "1 h", 30, "")),
]


@each_row(("name", "value"), GOOD)
def test_taken(name: str, value: Any) -> None:
    assert scalar_problem(name, value) == ""


@each_row(("name", "value", "problem"), BAD)
def test_refused(name: str, value: Any, problem: str) -> None:
    assert scalar_problem(name, value) == problem


@each_row("name", SCALARS)
def test_null_is_fine_everywhere(name: str) -> None:
    assert scalar_problem(name, None) == ""


@given(name=st.sampled_from(SCALARS), value=st.one_of(st.text(), st.integers(), st.floats(), st.booleans()))
def test_any_value_gets_an_answer(name: str, value: Any) -> None:
    assert isinstance(scalar_problem(name, value), str)


def test_whole_takes_integers_and_floats_without_a_fraction() -> None:
    assert [whole(value) for value in (3, 3.0, 3.5, True, "3", float("inf"), float("nan"))] == [
        3,
        3,
        None,
        None,
        None,
        None,
        None,
    ]


@each_row("name", ["quantity", "duration"])
def test_many_digits_are_read_once(name: str) -> None:
    """A reader that tries every place for the point needs hours for it."""
    assert scalar_problem(name, "1" * 900_000 + "!")
