"""Scalars as the API server decodes them: integers in range, quantities, times, base64.

Follows encoding/json's rules for Go types and the UnmarshalJSON of Quantity, IntOrString, Time and
Duration in k8s.io/apimachinery v1.35. A float without a fraction (`1e3`) reaches the API server as
an integer, so it counts as one.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from trainer.patterns import regex

QUANTITY = regex(r"(?!$)[+-]?\d*(?:\.\d*)?(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?", re.ASCII)
"""https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/

Without digits it is 0."""

TIME = regex(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,]\d+)?"
    r"(?:Z|[+-](?:[01]\d|2[0-4]):[0-5]\d)",
    re.ASCII,
)
"""RFC 3339 as Go's time.Parse reads it."""

DURATION = regex(r"[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)", re.ASCII)
"""Go's time.ParseDuration: `30s`, `1h15m`; both micro signs are allowed."""

RANGES = {"int32": 2**31, "int64": 2**63}


def whole(value: Any) -> int | None:
    """The integer that a JSON number is; None for a fraction, a boolean and everything else."""
    if type(value) is int:
        return value
    if type(value) is float and value.is_integer() and abs(value) < 1e21:
        return int(value)
    return None


def scalar_problem(name: str, value: Any) -> str:
    """Why a value cannot be a scalar of this type, as half a sentence; empty where it can.

    `name` is a scalar of the schema's notation: `string`, `bool`, `int32`, `int64`, `number`,
    `quantity`, `int-or-string`, `bytes`, `time`, `duration`.
    """
    if value is None:
        return ""
    if name in RANGES:
        return _integer(value, RANGES[name], "must be a whole number")
    return _CHECKS[name](value)


def _integer(value: Any, limit: int, otherwise: str) -> str:
    number = whole(value)
    if number is None:
        return otherwise
    return "" if -limit <= number < limit else f"must be from {-limit} to {limit - 1}"


def _string(value: Any) -> str:
    return "" if type(value) is str else "must be text"


def _bool(value: Any) -> str:
    return "" if type(value) is bool else "must be true or false"


def _number(value: Any) -> str:
    return "" if type(value) in (int, float) else "must be a number"


def _quantity(value: Any) -> str:
    if type(value) in (int, float):
        return ""
    fine = type(value) is str and QUANTITY.fullmatch(value.strip())
    return "" if fine else "must be a quantity, such as 500m, 2 or 64Mi"


def _int_or_string(value: Any) -> str:
    return "" if type(value) is str else _integer(value, 2**31, "must be a whole number or text")


def _bytes(value: Any) -> str:
    """Base64, or the bytes one by one, as encoding/json reads them."""
    if type(value) is list:
        numbers = [0 if one is None else whole(one) for one in value]
        return "" if all(one is not None and 0 <= one < 256 for one in numbers) else "must be base64"
    if type(value) is not str:
        return "must be base64"
    try:
        base64.b64decode(value.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        return "must be base64"
    return ""


def _time(value: Any) -> str:
    fine = type(value) is str and TIME.fullmatch(value) and _in_calendar(value[:10])
    return "" if fine else "must be a time, such as 2026-01-31T12:00:00Z"


def _in_calendar(day: str) -> bool:
    year, month, number = (int(part) for part in day.split("-"))
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return number <= (
        29 if month == 2 and leap else 28 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    )


def _duration(value: Any) -> str:
    fine = type(value) is str and DURATION.fullmatch(value)
    return "" if fine else "must be a duration, such as 30s or 1h15m"


_CHECKS = {
    "string": _string,
    "bool": _bool,
    "number": _number,
    "quantity": _quantity,
    "int-or-string": _int_or_string,
    "bytes": _bytes,
    "time": _time,
    "duration": _duration,
}
