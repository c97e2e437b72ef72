"""Quantities and semantic versions in CEL.

Follows k8s.io/apiserver v1.35 `pkg/cel/library/quantity.go` and `semverlib.go` (version 1), and
https://semver.org for the order of versions.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from trainer.manifests.quantity import parse_quantity
from trainer.patterns import regex
from trainer.simulate.cel.functions import INT_MAX, Function, opaque

QUANTITY, SEMVER = "kubernetes.Quantity", "kubernetes.Semver"

_VERSION = regex(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?", re.ASCII
)


def _quantity(text: str) -> dict[str, Any]:
    if not text or text != text.strip():
        raise ValueError(f"quantities must match the regular expression: {text!r}")
    number = parse_quantity(text)
    # Go stores 19 digits or more as a big decimal, which is never an integer for `isInteger`.
    return _made(number if abs(number) < INT_MAX else number + (1 if number > 0 else -1))


def _made(number: Fraction) -> dict[str, Any]:
    return opaque(QUANTITY, number=str(number))


def _is(parse: Any, *arguments: Any) -> bool:
    try:
        parse(*arguments)
    except ValueError:
        return False
    return True


def _number(value: dict[str, Any]) -> Fraction:
    return Fraction(value["number"])


def _is_integer(value: dict[str, Any]) -> bool:
    number = _number(value)
    return number.denominator == 1 and -INT_MAX <= number <= INT_MAX


def _as_integer(value: dict[str, Any]) -> int:
    if not _is_integer(value):
        raise ValueError("cannot convert value to integer")
    return int(_number(value))


def _compared(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


def _version(text: str, normalize: bool = False) -> dict[str, Any]:
    match = _VERSION.fullmatch(_normalized(text) if normalize else text)
    if match is None or not _labels_fit(match[4], match[5]):
        raise ValueError(f"invalid semantic version: {text!r}")
    return opaque(
        SEMVER, major=int(match[1]), minor=int(match[2]), patch=int(match[3]), pre=match[4] or "",
        build=match[5] or "",
    )  # fmt: skip


def _labels_fit(before: str | None, build: str | None) -> bool:
    parts = before.split(".") if before is not None else []
    numbers_fit = all(not (part.isdigit() and len(part) > 1 and part[0] == "0") for part in parts)
    return numbers_fit and all(parts) and (build is None or all(build.split(".")))


def _normalized(text: str) -> str:
    """Without a leading v, with missing parts as 0, numbers without leading zeros."""
    text = text.removeprefix("v")
    core, mark, rest = re.fullmatch(r"([^-+]*)([-+]?)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    parts = [part.lstrip("0") or ("0" if part else "") for part in core.split(".")]
    if len(parts) < 3 and not mark:
        parts += ["0"] * (3 - len(parts))
    return ".".join(parts) + mark + rest


def _order(value: dict[str, Any]) -> tuple[Any, ...]:
    before = value["pre"]
    labels = tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in before.split(".")) if before else ()
    return value["major"], value["minor"], value["patch"], not before, labels


def _compare_versions(left: dict[str, Any], right: dict[str, Any]) -> int:
    return _compared(_order(left), _order(right))


def _compare(left: dict[str, Any], right: dict[str, Any]) -> int:
    return _compared(_number(left), _number(right))


_TWO = (QUANTITY, QUANTITY)
_VERSIONS = (SEMVER, SEMVER)
FUNCTIONS = (
    Function("quantity", ("string",), QUANTITY, _quantity, member=False),
    Function("isQuantity", ("string",), "bool", lambda text: _is(_quantity, text), member=False),
    Function("isInteger", (QUANTITY,), "bool", _is_integer),
    Function("asInteger", (QUANTITY,), "int", _as_integer),
    Function("asApproximateFloat", (QUANTITY,), "double", lambda value: float(_number(value))),
    Function("sign", (QUANTITY,), "int", lambda value: _compared(_number(value), 0)),
    Function("add", _TWO, QUANTITY, lambda left, right: _made(_number(left) + _number(right))),
    Function("add", (QUANTITY, "int"), QUANTITY, lambda left, right: _made(_number(left) + right)),
    Function("sub", _TWO, QUANTITY, lambda left, right: _made(_number(left) - _number(right))),
    Function("sub", (QUANTITY, "int"), QUANTITY, lambda left, right: _made(_number(left) - right)),
    Function("compareTo", _TWO, "int", _compare),
    Function("isLessThan", _TWO, "bool", lambda left, right: _compare(left, right) < 0),
    Function("isGreaterThan", _TWO, "bool", lambda left, right: _compare(left, right) > 0),
    Function("semver", ("string",), SEMVER, _version, member=False),
    Function("semver", ("string", "bool"), SEMVER, _version, member=False),
    Function("isSemver", ("string",), "bool", lambda text: _is(_version, text), member=False),
    Function("isSemver", ("string", "bool"), "bool", lambda *a: _is(_version, *a), member=False),
    Function("major", (SEMVER,), "int", lambda value: value["major"]),
    Function("minor", (SEMVER,), "int", lambda value: value["minor"]),
    Function("patch", (SEMVER,), "int", lambda value: value["patch"]),
    Function("compareTo", _VERSIONS, "int", _compare_versions),
    Function("isLessThan", _VERSIONS, "bool", lambda left, right: _compare_versions(left, right) < 0),
    Function("isGreaterThan", _VERSIONS, "bool", lambda left, right: _compare_versions(left, right) > 0),
)
