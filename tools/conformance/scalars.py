"""Family `scalars`: a plain scalar as the value of a key, as kubectl types it."""

from __future__ import annotations

from typing import Any

from trainer.errors import AnswerUnreadable
from trainer.manifests.reading.parse import parse
from trainer.verdict import Severity

_EXACT = 2**53
"""Beyond it JSON readers differ on what is an integer: only the value counts there."""


def judge(case: dict[str, Any]) -> str | None:
    """None where we agree with the case, else what we say instead."""
    try:
        parsed = parse(f"key: {case['text']}\n".encode(), "scalar.yaml")
    except AnswerUnreadable as error:
        return None if "error" in case else f"refused: {error}"
    errors = [problem.message for problem in parsed.problems if problem.severity is Severity.ERROR]
    if errors:
        return None if "error" in case else f"refused: {errors[0]}"
    value = parsed.documents[0].value["key"]
    if "error" in case:
        return f"accepted as {value!r}"
    expected = case["value"]
    same = value == expected and (type(value) is type(expected) or _large(value, expected))
    return None if same else f"{type(value).__name__} {value!r}"


def _large(value: Any, expected: Any) -> bool:
    numbers = type(value) in (int, float) and type(expected) in (int, float)
    return numbers and abs(value) > _EXACT
