"""Kubernetes quantities (`500m`, `1Gi`, `1e3`), exact.

Follows apimachinery pkg/api/resource/quantity.go (v1.35): a signed decimal number, then a binary
suffix (`Ki` ... `Ei`), a decimal one (`n` ... `E`) or an exponent. A value is rounded up to the
next nano unit and capped at 2^63-1.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from trainer.patterns import regex

_FORM = regex(
    r"(?P<sign>[+-]?)(?P<whole>[0-9]*)(?:\.(?P<part>[0-9]*))?"
    r"(?:(?P<suffix>[KMGTPE]i|[numkMGTPE])|[eE](?P<exponent>[+-]?[0-9]+))?"
)
_SUFFIXES: dict[str, Fraction] = {
    "n": Fraction(1, 10**9),
    "u": Fraction(1, 10**6),
    "m": Fraction(1, 10**3),
    "k": Fraction(10**3),
    "M": Fraction(10**6),
    "G": Fraction(10**9),
    "T": Fraction(10**12),
    "P": Fraction(10**15),
    "E": Fraction(10**18),
    "Ki": Fraction(2**10),
    "Mi": Fraction(2**20),
    "Gi": Fraction(2**30),
    "Ti": Fraction(2**40),
    "Pi": Fraction(2**50),
    "Ei": Fraction(2**60),
}
_NANO = 10**9
_LARGEST = 2**63 - 1
_MOST_DIGITS = 1000
_ZERO = Fraction(0)


def parse_quantity(value: Any) -> Fraction:
    """The number that a quantity stands for: a string, a number, or null (zero, as the API reads it).

    >>> parse_quantity("500m"), parse_quantity("1Gi"), parse_quantity(2)
    (Fraction(1, 2), Fraction(1073741824, 1), Fraction(2, 1))

    Raises ValueError where the value is no quantity.
    """
    if value is None:
        return _ZERO
    if isinstance(value, str):
        return _parse(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _parse(str(value)) if abs(value) <= _LARGEST else _capped(Fraction(value))
    if isinstance(value, float):
        return _parse(repr(value))
    raise ValueError(f"not a quantity: {value!r}")


@lru_cache(maxsize=1024)
def _parse(text: str) -> Fraction:
    match = _FORM.fullmatch(text.strip()) if len(text) <= _MOST_DIGITS else None
    if match is None or not (match["whole"] or match["part"]):
        raise ValueError(f"not a quantity: {text!r}")
    digits = Fraction(int((match["whole"] or "") + (match["part"] or "")), 10 ** len(match["part"] or ""))
    if match["suffix"]:
        digits *= _SUFFIXES[match["suffix"]]
    elif match["exponent"]:
        # An exponent beyond +-100 is past the cap, or below a nano unit, whatever the digits.
        digits *= Fraction(10) ** max(-1100, min(1100, int(match["exponent"])))
    return _capped(-digits if match["sign"] == "-" else digits)


def _capped(value: Fraction) -> Fraction:
    """Rounded away from zero to a nano unit, and within +-(2^63-1)."""
    nano = -(-abs(value.numerator) * _NANO // value.denominator)
    size = min(Fraction(nano, _NANO), Fraction(_LARGEST))
    return -size if value < 0 else size
