"""Whether an effective setting is as a check requires: plain values and operators."""

from __future__ import annotations

from typing import Any

from trainer.errors import UsageError
from trainer.simulate.components.command_line import seconds
from trainer.simulate.components.settings import Setting

OPERATORS = ("equals", "all-of", "none-of", "one-of", "only", "at-least", "at-most", "absent", "in-order")


def mismatch(wanted: Any, setting: Setting) -> str:
    """What is required and doesn't hold, as the end of a sentence; empty if all is well.

    A plain value must be equal, a list equal regardless of order; a mapping contains operators.
    Durations compare by their length. Raises `UsageError` for an operator that doesn't exist.
    """
    if not isinstance(wanted, dict):
        return _equals(wanted, setting.value)
    for operator, operand in wanted.items():
        if operator not in OPERATORS:
            raise UsageError(f"unknown operator {operator!r} for a setting", remedy=", ".join(OPERATORS))
        if found := _operator(operator, operand, setting.value):
            return found
    return ""


def check_wanted(wanted: Any) -> None:
    """For a rule's parameters: raises `ValueError` for operators that don't exist or can't work."""
    if not isinstance(wanted, dict):
        return
    for operator, operand in wanted.items():
        if operator not in OPERATORS:
            raise ValueError(f"unknown operator {operator!r} for a setting: {', '.join(OPERATORS)}")
        if operator in ("all-of", "none-of", "one-of", "only", "in-order") and not isinstance(operand, list):
            raise ValueError(f"{operator} takes a list")
        if operator == "absent" and not isinstance(operand, bool):
            raise ValueError("absent takes true or false")


def _operator(operator: str, operand: Any, value: Any) -> str:
    items = list(value) if isinstance(value, tuple) else [] if value is None else [value]
    if operator == "equals":
        return _equals(operand, value)
    if operator == "absent":
        gone = value in (None, (), {}, "")
        return "" if gone is operand else "it should not be set" if operand else "it should be set"
    if operator == "all-of":
        lacking = [one for one in operand if not any(same(one, item) for item in items)]
        return f"{_shown(lacking)} should be in it" if lacking else ""
    if operator == "none-of":
        unwanted = [one for one in operand if any(same(one, item) for item in items)]
        return f"{_shown(unwanted)} should not be in it" if unwanted else ""
    if operator == "only":
        unwanted = [item for item in items if not any(same(one, item) for one in operand)]
        return f"{_shown(unwanted)} should not be in it" if unwanted else ""
    if operator == "one-of":
        return "" if any(same(one, value) for one in operand) else "another value is required"
    if operator == "in-order":
        return (
            ""
            if [str(one) for one in operand] == [str(item) for item in items]
            else "another order is required"
        )
    bound, number = _number(operand), _number(value)
    right = (
        number is not None
        and bound is not None
        and (number >= bound if operator == "at-least" else number <= bound)
    )
    return "" if right else f"{operator.replace('-', ' ')} {operand} is required"


def _equals(wanted: Any, value: Any) -> str:
    if isinstance(wanted, list):
        items = list(value) if isinstance(value, tuple) else [] if value is None else [value]
        alike = len(wanted) == len(items) and all(any(same(one, item) for item in items) for one in wanted)
        return "" if alike else f"{_shown(wanted)} is required"
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    return "" if same(wanted, value) else f"{_shown(wanted)} is required"


def same(wanted: Any, value: Any) -> bool:
    """Whether two single values mean the same: booleans only each other, durations by length."""
    if isinstance(wanted, bool) or isinstance(value, bool):
        return wanted is value
    if wanted == value or (value is not None and str(wanted) == str(value)):
        return True
    one, other = _number(wanted), _number(value)
    return one is not None and one == other


def _number(value: Any) -> float | None:
    """A number, a duration in seconds, or the number of a TLS version."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    text = str(value)
    if text.startswith(("VersionTLS", "TLS1.")):
        digits = "".join(one for one in text.removeprefix("VersionTLS").removeprefix("TLS") if one.isdigit())
        return float(digits) if digits else None
    try:
        return float(text)
    except ValueError:
        return seconds(text)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "an empty list"
    return str(value).lower() if isinstance(value, bool) else str(value)
