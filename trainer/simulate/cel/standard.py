"""CEL's own functions and operators.

Follows https://github.com/google/cel-spec/blob/master/doc/langdef.md#standard-definitions (v0.24).
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from trainer.patterns import regex
from trainer.simulate.cel.addresses import text_of
from trainer.simulate.cel.functions import INT_MAX, INT_MIN, Function
from trainer.simulate.cel.syntax import Uint
from trainer.simulate.cel.texts import compiled
from trainer.simulate.cel.values import CelError, equal, kind_of, less, no_overload, type_of

UINT_MAX = (1 << 64) - 1
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


_LONGEST = datetime.timedelta(microseconds=INT_MAX // 1000)


def whole(value: int) -> int:
    """An int within 64 bits. Raises `CelError`."""
    if not INT_MIN <= value <= INT_MAX:
        raise CelError("integer overflow")
    return value


def unsigned(value: int) -> Uint:
    """A uint within 64 bits. Raises `CelError`."""
    if not 0 <= value <= UINT_MAX:
        raise CelError("unsigned integer overflow")
    return Uint(value)


def arithmetic(name: str, left: Any, right: Any) -> Any:
    """`_+_` and the like. Raises `CelError` for other types, overflow, division by zero."""
    one, other = kind_of(left), kind_of(right)
    if one == other and one in ("int", "uint"):
        return (whole if one == "int" else unsigned)(_integers(name, int(left), int(right)))
    if one == other == "double" and name != "_%_":
        return _doubles(name, left, right)
    if name == "_+_":
        if one == other and one in ("string", "bytes", "list"):
            return left + right
        if {one, other} in ({"timestamp", "duration"}, {"duration"}):
            return _times(lambda: left + right)
    if name == "_-_" and one in ("timestamp", "duration") and other in (one, "duration"):
        return _times(lambda: left - right)
    raise no_overload(name, left, right)


def _times(result: Callable[[], Any]) -> Any:
    """A timestamp of the years 1 to 9999, or a duration in 64 bits of nanoseconds. Raises `CelError`."""
    try:
        value = result()
    except OverflowError:
        raise CelError("timestamp overflow") from None
    return _lasting(value) if isinstance(value, datetime.timedelta) else value


def _lasting(value: datetime.timedelta) -> datetime.timedelta:
    """A duration as Go has it: about 292 years at most. Raises `CelError`."""
    if abs(value) > _LONGEST:
        raise CelError("duration overflow")
    return value


def _integers(name: str, left: int, right: int) -> int:
    if name in ("_/_", "_%_"):
        if right == 0:
            raise CelError("division by zero" if name == "_/_" else "modulus by zero")
        quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        return quotient if name == "_/_" else left - quotient * right
    return left + right if name == "_+_" else left - right if name == "_-_" else left * right


def _doubles(name: str, left: float, right: float) -> float:
    if name == "_/_":
        if right == 0:
            return (
                math.nan
                if left == 0 or math.isnan(left)
                else math.copysign(math.inf, left) * math.copysign(1, right)
            )
        return left / right
    return left + right if name == "_+_" else left - right if name == "_-_" else left * right


def contained(item: Any, holder: Any) -> bool:
    """`item in holder`."""
    kind = kind_of(holder)
    if kind == "list":
        return any(equal(item, other) for other in holder)
    if kind == "map":
        return any(equal(item, key) for key in holder)
    raise no_overload("@in", item, holder)


def to_int(value: Any) -> int:
    """`int(value)`."""
    kind = kind_of(value)
    if kind in ("int", "uint"):
        return whole(int(value))
    if kind == "double":
        if not math.isfinite(value) or not INT_MIN < value < INT_MAX:
            raise CelError("integer overflow")
        return int(value)
    if kind == "string" and re.fullmatch(r"[-+]?\d+", value, re.ASCII):
        return whole(int(value))
    if kind == "timestamp":
        return int(value.timestamp() // 1)
    if kind == "duration":
        return int(value / datetime.timedelta(microseconds=1)) * 1000
    raise CelError(f"type conversion error from '{kind}' to 'int'")


def to_uint(value: Any) -> Uint:
    """`uint(value)`."""
    kind = kind_of(value)
    if kind in ("int", "uint") or (kind == "double" and math.isfinite(value)):
        return unsigned(int(value))
    if kind == "string" and re.fullmatch(r"\d+", value, re.ASCII):
        return unsigned(int(value))
    raise CelError(f"type conversion error from '{kind}' to 'uint'")


def to_double(value: Any) -> float:
    """`double(value)`."""
    kind = kind_of(value)
    if kind in ("int", "uint", "double", "string"):
        try:
            return float(value)
        except ValueError:
            pass_on = f"type conversion error from '{kind}' to 'double'"
            raise CelError(pass_on) from None
    raise CelError(f"type conversion error from '{kind}' to 'double'")


def to_string(value: Any) -> str:
    """`string(value)`."""
    kind = kind_of(value)
    if kind == "string":
        return str(value)
    if kind == "bool":
        return "true" if value else "false"
    if kind in ("int", "uint"):
        return str(int(value))
    if kind == "double":
        return _go_double(value)
    if kind == "bytes":
        try:
            return str(value.decode())
        except UnicodeDecodeError:
            raise CelError("invalid UTF-8 in bytes, cannot convert to string") from None
    if kind == "duration":
        seconds = value.total_seconds()
        return f"{int(seconds) if seconds == int(seconds) else seconds}s"
    if kind == "timestamp":
        return str(value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z"))
    if kind in ("net.IP", "net.CIDR") and (text := text_of(value)) is not None:
        return text
    raise CelError(f"type conversion error from '{kind}' to 'string'")


def _go_double(value: float) -> str:
    """As Go's `%g`: the shortest digits, with an exponent from a million on and below 0.0001."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    exact = Decimal(repr(value)).normalize()
    power = exact.adjusted()
    if value == 0 or -4 <= power < 6:
        return f"{exact:f}"
    digits = "".join(map(str, exact.as_tuple().digits))
    fraction = f".{digits[1:]}" if digits[1:] else ""
    return f"{'-' if value < 0 else ''}{digits[0]}{fraction}e{power:+03d}"


def to_bool(value: Any) -> bool:
    """`bool(value)`."""
    if isinstance(value, bool):
        return value
    if value in ("true", "True", "TRUE", "t", "1"):
        return True
    if value in ("false", "False", "FALSE", "f", "0"):
        return False
    raise CelError(f"type conversion error from '{kind_of(value)}' to 'bool'")


def to_timestamp(value: Any) -> datetime.datetime:
    """`timestamp(value)`."""
    if isinstance(value, datetime.datetime):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return datetime.datetime.fromtimestamp(value, datetime.UTC)
        except (ValueError, OverflowError, OSError):
            raise CelError("timestamp overflow") from None
    match = _TIMESTAMP.fullmatch(str(value))
    if not match:
        raise CelError(f"invalid timestamp {value!r}: write one like 2026-01-31T08:00:00Z")
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    micros = int((match[7] or ".0")[1:7].ljust(6, "0"))
    try:
        zone = datetime.UTC if match[8] == "Z" else datetime.timezone(_offset(match[8]))
        return datetime.datetime(year, month, day, hour, minute, second, micros, zone)
    except ValueError:
        raise CelError(f"invalid timestamp {value!r}") from None


_TIMESTAMP = regex(r"(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)([.,]\d+)?(Z|[-+]\d\d:[0-5]\d)", re.ASCII)
"""What Go's `time.Parse` accepts as RFC 3339: the hour may have one digit, the fraction a comma."""


def _offset(text: str) -> datetime.timedelta:
    """`+01:30` as a duration."""
    offset = datetime.timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))
    return -offset if text[0] == "-" else offset


def to_duration(value: Any) -> datetime.timedelta:
    """`duration(value)`: `1h30m`, `-2.5s`."""
    if isinstance(value, datetime.timedelta):
        return value
    if not isinstance(value, str):
        raise CelError(f"type conversion error from '{kind_of(value)}' to 'google.protobuf.Duration'")
    text = value
    match = re.fullmatch(r"([-+]?)((?:\d+(?:\.\d*)?(?:h|ms|us|µs|ns|m|s))+|0)", text)
    if not match:
        raise CelError(f"invalid duration {text!r}")
    parts = re.findall(r"(\d+(?:\.\d*)?)(h|ms|us|µs|ns|m|s)", match[2])
    seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    try:
        return _lasting(datetime.timedelta(seconds=-seconds if match[1] == "-" else seconds))
    except OverflowError:
        raise CelError(f"invalid duration {text!r}") from None


def _matches(text: str, pattern: str) -> bool:
    return compiled(pattern).search(text) is not None


def _part(name: str, read: Callable[[datetime.datetime], int]) -> tuple[Function, Function]:
    def zoned(value: datetime.datetime, zone: str) -> int:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        match = re.fullmatch(r"([-+]?)(\d\d):(\d\d)", zone)
        try:
            if match:
                offset = datetime.timedelta(hours=int(match[2]), minutes=int(match[3]))
                info: datetime.tzinfo = datetime.timezone(-offset if match[1] == "-" else offset)
            else:
                info = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise CelError(f"unknown time zone {zone}") from None
        return read(value.astimezone(info))

    plain = Function(name, ("timestamp",), "int", lambda value: read(value.astimezone(datetime.UTC)))
    return plain, Function(name, ("timestamp", "string"), "int", zoned)


_PARTS = (
    _part("getFullYear", lambda t: t.year),
    _part("getMonth", lambda t: t.month - 1),
    _part("getDate", lambda t: t.day),
    _part("getDayOfMonth", lambda t: t.day - 1),
    _part("getDayOfWeek", lambda t: (t.weekday() + 1) % 7),
    _part("getDayOfYear", lambda t: t.timetuple().tm_yday - 1),
    _part("getHours", lambda t: t.hour),
    _part("getMinutes", lambda t: t.minute),
    _part("getSeconds", lambda t: t.second),
    _part("getMilliseconds", lambda t: t.microsecond // 1000),
)


def _seconds(name: str, factor: float) -> Function:
    return Function(name, ("duration",), "int", lambda value: int(value.total_seconds() * factor))


def _sized(kind: str) -> tuple[Function, Function]:
    return (
        Function("size", (kind,), "int", len, member=False),
        Function("size", (kind,), "int", len),
    )


def _conversions(name: str, kinds: str, convert: Callable[[Any], Any]) -> list[Function]:
    return [Function(name, (kind,), name, convert, member=False) for kind in kinds.split()]


FUNCTIONS = (
    *(function for kind in ("string", "bytes", "list(T)", "map(K, V)") for function in _sized(kind)),
    Function("contains", ("string", "string"), "bool", lambda text, part: part in text),
    Function("startsWith", ("string", "string"), "bool", lambda text, part: text.startswith(part)),
    Function("endsWith", ("string", "string"), "bool", lambda text, part: text.endswith(part)),
    Function("matches", ("string", "string"), "bool", _matches),
    Function("matches", ("string", "string"), "bool", _matches, member=False),
    *_conversions("int", "int uint double string timestamp duration", to_int),
    *_conversions("uint", "int uint double string", to_uint),
    *_conversions("double", "int uint double string", to_double),
    *_conversions(
        "string", "string bool int uint double bytes duration timestamp net.IP net.CIDR", to_string
    ),
    *_conversions("bool", "bool string", to_bool),
    Function("bytes", ("string",), "bytes", lambda text: text.encode(), member=False),
    Function("bytes", ("bytes",), "bytes", lambda value: value, member=False),
    Function("dyn", ("T",), "dyn", lambda value: value, member=False),
    Function("type", ("T",), "type(T)", type_of, member=False),
    *_conversions("timestamp", "string int timestamp", to_timestamp),
    *_conversions("duration", "string int duration", to_duration),
    *(function for pair in _PARTS for function in pair),
    _seconds("getHours", 1 / 3600),
    _seconds("getMinutes", 1 / 60),
    _seconds("getSeconds", 1),
    _seconds("getMilliseconds", 1000),
)


def operator(name: str, left: Any, right: Any) -> Any:
    """A binary operator, except `&&` and `||`."""
    if name == "_==_":
        return equal(left, right)
    if name == "_!=_":
        return not equal(left, right)
    if name == "_in_":
        return contained(left, right)
    if name == "_<_":
        return less(left, right)
    if name == "_>_":
        return less(right, left)
    if name in ("_<=_", "_>=_"):
        one, other = (left, right) if name == "_<=_" else (right, left)
        return less(one, other) or equal(one, other)
    return arithmetic(name, left, right)
