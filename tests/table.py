"""Tests with a table of rows: one test that tries every row and reports all that fail.

Each test of pytest costs some milliseconds, more than most rows do. `pytest.mark.parametrize` is for rows that need
fixtures of their own.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

MOST_SHOWN = 200
"""Characters of a row in a report."""


def each_row(
    names: str | Sequence[str],
    rows: Iterable[Any],
    *,
    ids: Sequence[object] | Callable[[Any], object] | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Call the test with each row, as `pytest.mark.parametrize` does; several tables try each with each.

    Raises a group with the failure of every row that fails. An empty table is an error: it would test nothing.
    """
    columns = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    whole = [(row,) if len(columns) == 1 else tuple(row) for row in rows]
    if not whole:
        raise ValueError(f"no rows for {', '.join(columns)}")
    for row in whole:
        if len(row) != len(columns):
            raise ValueError(f"{len(row)} values for {', '.join(columns)}: {row!r}")

    def around(test: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(test)

        @functools.wraps(test)
        def every_row(*of_class: Any, **fixtures: Any) -> None:
            failures: list[BaseException] = []
            for number, row in enumerate(whole):
                try:
                    test(*of_class, **fixtures, **dict(zip(columns, row, strict=True)))
                except (Exception, pytest.fail.Exception) as error:
                    error.add_note(f"row {number}: {_label(ids, number, row)}")
                    failures.append(error)
            if failures:
                raise BaseExceptionGroup(f"{len(failures)} of {len(whole)} rows", failures)

        left = [one for name, one in signature.parameters.items() if name not in columns]
        every_row.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
        return every_row

    return around


def _label(ids: Sequence[object] | Callable[[Any], object] | None, number: int, row: tuple[Any, ...]) -> str:
    if callable(ids):
        return ", ".join(str(ids(value)) for value in row)
    text = str(ids[number]) if ids else ", ".join(map(repr, row))
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"
