"""Kubernetes quantities (`500m`, `1Gi`, `1e3`), exact.

Follows apimachinery pkg/api/resource/quantity.go (v1.35): a signed decimal number, then a binary
suffix (`Ki` ... `Ei`), a decimal one (`n` ... `E`) or an exponent. A value is rounded up to the
next nano unit and capped at 2^63-1.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from trainer.patterns import regex

if TYPE_CHECKING:
    from fractions import Fraction

_FORM = regex(
    r"(?P<sign>[+-]?)(?P<whole>[0-9]*)(?:\.(?P<part>[0-9]*))?"
    r"(?:(?P<suffix>[KMGTPE]i|[numkMGTPE])|[eE](?P<exponent>[+-]?[0-9]+))?"
)
_SUFFIXES = {
    "n": (10, -9),
    "u": (10, -6),
    "m": (10, -3),
    "k": (10, 3),
    "M": (10, 6),
    "G": (10, 9),
    "T": (10, 12),
    "P": (10, 15),
    "E": (10, 18),
    "Ki": (2, 10),
    "Mi": (2, 20),
    "Gi": (2, 30),
    "Ti": (2, 40),
    "Pi": (2, 50),
    "Ei": (2, 60),
}
"""By suffix the factor: a base and its power."""
_NANO = 10**9
_LARGEST = 2**63 - 1
_MOST_DIGITS = 1000


def parse_quantity(value: Any) -> Fraction:
    """The number that a quantity stands for: a string, a number, or null (zero, as the API reads it).

    >>> parse_quantity("500m"), parse_quantity("1Gi"), parse_quantity(2)
    (Fraction(1, 2), Fraction(1073741824, 1), Fraction(2, 1))

    Raises ValueError where the value isn't a quantity.
    """
    if value is None:
        return _parse("0")
    if isinstance(value, str):
        return _parse(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _parse(str(max(-_LARGEST, min(value, _LARGEST))))
    if isinstance(value, float):
        return _parse(repr(value))
    raise ValueError(f"not a quantity: {value!r}")


@lru_cache(maxsize=1024)
def _parse(text: str) -> Fraction:
    from fractions import Fraction  # here, because most answers have no quantity

    match = _FORM.fullmatch(text.strip()) if len(text) <= _MOST_DIGITS else None
    if match is None or not text.strip():
        raise ValueError(f"not a quantity: {text!r}")
    digits = Fraction(int(match["whole"] + (match["part"] or "") or "0"), 10 ** len(match["part"] or ""))
    if match["suffix"]:
        base, power = _SUFFIXES[match["suffix"]]
        digits *= Fraction(base) ** power
    elif match["exponent"]:
        # An exponent beyond +-100 is past the cap, or below a nano unit, whatever the digits.
        digits *= Fraction(10) ** max(-1100, min(1100, int(match["exponent"])))
    return _capped(-digits if match["sign"] == "-" else digits)


def _capped(value: Fraction) -> Fraction:
    """Rounded away from zero to a nano unit, and within +-(2^63-1)."""
    from fractions import Fraction

    nano = -(-abs(value.numerator) * _NANO // value.denominator)
    size = min(Fraction(nano, _NANO), Fraction(_LARGEST))
    return -size if value < 0 else size
