"""The type of a scalar as kubectl reads it.

kubectl 1.35 reads YAML with `sigs.k8s.io/yaml`, which resolves scalars as go-yaml v2 does
(YAML 1.1 words, Go's number syntax, no sexagesimals, timestamps stay text) and then passes
JSON: a float that is whole becomes an integer, infinities are refused.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
from typing import Any

from trainer.patterns import regex

JSONScalar = str | int | float | bool | None

_WORDS: dict[str, Any] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
TYPED_STARTS = frozenset(("", *"yYnNtTfFoO~0123456789+-."))
"""First characters of plain scalars that may be more than text; all others are strings."""

_WORD_STARTS = frozenset(("", *"yYnNtTfFoO~"))
_FLOAT = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_POINT_FLOAT = regex(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?", re.ASCII)
_INTEGER = regex(
    r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]([0-7]+)|0([0-7]*)|([1-9][0-9]*))", re.ASCII
)
_BASES = (16, 2, 8, 8, 10)
_TIMESTAMP = regex(
    r"[0-9]{4}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])"
    r"(?:[Tt ](?:[01]?[0-9]|2[0-3]):[0-5]?[0-9]:[0-5]?[0-9](?:\.[0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})?)?",
    re.ASCII,
)
_INT64 = 2**63
_TAG = "tag:yaml.org,2002:"
_RESOLVED_TAGS = {_TAG + name: name for name in ("str", "bool", "int", "float", "null", "timestamp")}


class BadScalarError(ValueError):
    """A scalar that kubectl refuses; the message says which and why."""


def plain(text: str) -> JSONScalar:
    """The JSON value of an untagged plain scalar. Raises `BadScalarError` for infinities and NaN.

    >>> plain("0644"), plain("yes"), plain("1e3"), plain("12:30:45")
    (420, True, 1000, '12:30:45')
    """
    start = text[:1]
    if start not in TYPED_STARTS:
        return text
    if start in _WORD_STARTS:
        return _WORDS.get(text, text)  # type: ignore[no-any-return]
    return to_json(resolve(text))


def resolve(text: str) -> JSONScalar:
    """The Go value of an untagged plain scalar, before JSON: floats may be whole or infinite."""
    if text[:1] not in TYPED_STARTS:
        return text
    if text in _WORDS:
        return _WORDS[text]  # type: ignore[no-any-return]
    if text[0] in "0123456789+-":
        return _number(text)
    if text[0] == "." and _POINT_FLOAT.fullmatch(text):
        return _finite(text)
    return text


def tagged(text: str, tag: str) -> JSONScalar:
    """The Go value of a scalar with an explicit tag; unknown tags give the text itself.

    Raises `BadScalarError` where the text does not fit the tag.
    """
    if tag == _TAG + "binary":
        return _binary(text)
    wanted = _RESOLVED_TAGS.get(tag)
    if wanted in (None, "str"):
        return text
    value = resolve(text)
    found = _type_name(value)
    if wanted == "float" and found == "int" and isinstance(value, int) and value < _INT64:
        return float(value)
    if wanted == "timestamp" and found == "str" and _TIMESTAMP.fullmatch(text):
        return text
    if found != wanted:
        raise BadScalarError(f"cannot read `{text[:40]}` as {wanted}")
    return value


def to_json(value: JSONScalar) -> JSONScalar:
    """What is left of a Go value after the way through JSON. Raises `BadScalarError` for infinities."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise BadScalarError("infinity and NaN aren't JSON values")
        if value.is_integer() and -_INT64 <= value < _INT64:
            return int(value)
    elif isinstance(value, int) and value >= _INT64:
        return float(value)
    return value


def key_text(value: JSONScalar) -> str:
    """The string that a mapping key becomes: `yes` is `true`, `1.0` is `1`.

    Raises `BadScalarError` for null and for integers beyond 64 signed bits.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        raise BadScalarError("null cannot be a key")
    if isinstance(value, float):
        return _short_float(value)
    if value >= _INT64:
        raise BadScalarError(f"{value} is too large for a key")
    return str(value)


def _number(text: str) -> JSONScalar:
    digits = text.replace("_", "")
    match = _INTEGER.fullmatch(digits)
    if match and len(digits) <= 70:
        sign = match.group(1)
        base = _BASES[match.lastindex - 2] if match.lastindex else 10
        value = int(match.group(match.lastindex or 0) or "0", base)
        if sign == "-":
            value = -value
        if -_INT64 <= value < _INT64 or (not sign and 0 <= value < 2 * _INT64):
            return value
    if _FLOAT.fullmatch(digits):
        value_or_none = _finite(digits)
        return text if isinstance(value_or_none, str) else value_or_none
    return text


def _finite(text: str) -> float | str:
    """The float, or the text itself where it is out of a double's range (as Go reports it)."""
    value = float(text)
    return value if math.isfinite(value) else text


def _binary(text: str) -> str:
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True).decode(
            "utf-8", "replace"
        )
    except (binascii.Error, ValueError):
        raise BadScalarError("the value tagged !!binary is not base64") from None


def _type_name(value: JSONScalar) -> str:
    names = {str: "str", bool: "bool", int: "int", float: "float", type(None): "null"}
    return names[type(value)]


def _short_float(value: float) -> str:
    """As Go's `FormatFloat(value, 'g', -1, 32)`: the shortest text that gives the same float32."""
    if math.isnan(value):
        return ".nan"
    single = _float32(value)
    if math.isinf(single):
        return ".inf" if single > 0 else "-.inf"
    shortest = next(text for digits in range(9) if _float32(float(text := f"{single:.{digits}e}")) == single)
    mantissa, _, exponent = shortest.partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    figures, power = mantissa.removeprefix("-").replace(".", ""), int(exponent)
    if power < -4 or power >= 6:
        rest = f".{figures[1:]}" if len(figures) > 1 else ""
        return f"{sign}{figures[0]}{rest}e{'-' if power < 0 else '+'}{abs(power):02d}"
    if power < 0:
        return f"{sign}0.{'0' * (-power - 1)}{figures}"
    if len(figures) <= power + 1:
        return sign + figures + "0" * (power + 1 - len(figures))
    return f"{sign}{figures[: power + 1]}.{figures[power + 1 :]}"


def _float32(value: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)
