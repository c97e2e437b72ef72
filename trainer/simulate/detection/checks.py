"""A check of a condition, compiled for the type of its field: which values meet it.

Follows falcosecurity/libs 0.25.4: which operators a type has (`filter_compare.cpp`), how values are read
(`value_parser.cpp`), and that an unset field meets no check, not even `!=` (`sinsp_filtercheck.cpp`).
Patterns of `regex` have the POSIX syntax of RE2 and match the whole text. `glob` and `pmatch` are those of
`fnmatch`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.patterns import regex
from trainer.simulate.detection import fields
from trainer.simulate.detection.events import Event
from trainer.simulate.detection.fields import FieldType, Unknown, field_type
from trainer.simulate.detection.globs import glob_pattern, path_prefix
from trainer.simulate.detection.grammar import Check, Field, Mistake, Transformed, Value

Test = Callable[[Any], bool]

_ORDER = ("<", "<=", ">", ">=")
_EQUAL = ("=", "!=", "in", "intersects", "exists")
_SUPPORTED = {
    fields.TEXT: (
        *(*_EQUAL, *_ORDER, "contains", "icontains", "startswith", "endswith"),
        *("glob", "iglob", "pmatch", "regex"),
    ),
    fields.FLAG: _EQUAL,
    fields.ADDRESS: _EQUAL,
    fields.NETWORK: _EQUAL,
    fields.BYTES: ("=", "!=", "contains", "in", "exists", "startswith", "endswith", "intersects"),
    **dict.fromkeys(fields.NUMBERS, (*_EQUAL, *_ORDER)),
}
_KINDS = {
    fields.TEXT: "string",
    fields.BYTES: "buffer",
    fields.ADDRESS: "ip address and network",
    fields.NETWORK: "ip address and network",
}
_NUMBER = regex(r"[+-]?[0-9]+|0[xX][0-9a-fA-F]+")
_PORTS = {"ssh": 22, "domain": 53, "http": 80, "https": 443, "mysql": 3306, "postgresql": 5432}
"""Names of services in /etc/services, as far as rules use them."""


class Compiled(msgspec.Struct, frozen=True, eq=False):
    """A check that can be tried on events."""

    check: Check
    read: Callable[[Event], Any]
    """The value of the left side; None if it is unset, a tuple of which any may match."""
    test: Callable[[Any, Event], bool]

    def holds(self, event: Event) -> bool:
        """Whether an event meets the check. Raises `NotJudged`."""
        value = self.read(event)
        if value is None:
            return False
        if isinstance(value, tuple):
            every = self.check.operator == "!=" and str(self.check.left) in ("fd.ip", "fd.net", "fd.port")
            return (all if every else any)(self.test(one, event) for one in value)
        return self.test(value, event)


def compile_check(check: Check) -> Compiled:
    """A check for its field's type. Raises `Mistake` as Falco refuses it."""
    kind, read = _reader(check.left)
    if kind == "any" or check.operator in ("bcontains", "bstartswith"):
        raise NotJudged(f"the field {check.left}" if kind == "any" else f"the operator {check.operator}")
    if check.operator != "exists" and check.operator not in _SUPPORTED[kind]:
        words = _KINDS.get(kind, "numeric")
        message = f"filter error: '{check.operator}' operator not supported for {words} filters"
        raise Mistake(message, check.at)
    if check.operator == "exists":
        return Compiled(check, read, lambda _value, _event: True)
    if not isinstance(check.right, tuple):
        return Compiled(check, read, _with_field(check, kind))
    if str(check.left) == "fd.net" and len(check.right) > 1:
        raise NotJudged("fd.net with several networks")  # libsinsp compares only the first
    values = [_constant(text, kind, check) for text in check.right]
    test = _test(check, values, kind)
    return Compiled(check, read, lambda value, _event: test(value))


def _reader(value: Value) -> tuple[str, Callable[[Event], Any]]:
    """The type of a field or of what a transformer makes of it, and how it is read."""
    if isinstance(value, Transformed):
        return _transformed(value)
    field = typed(value)
    if field.type in (fields.ADDRESS, fields.NETWORK):
        return field.type, lambda event: _addresses(event.value(field))
    return field.type, lambda event: event.value(field)


def typed(field: Field) -> FieldType:
    """The type of a field. Raises `Mistake` for an unknown one, `NotJudged` for a list."""
    try:
        found = field_type(field.name, field.argument)
    except Unknown as error:
        raise Mistake(str(error), field.at) from None
    if found.base in fields.LISTS:
        raise NotJudged(f"the field {field}")
    return found


def _transformed(value: Transformed) -> tuple[str, Callable[[Event], Any]]:
    kind, read = _reader(value.inner)
    inner = value.inner
    if isinstance(inner, Field) and typed(inner).base in fields.NO_TRANSFORMER:
        raise Mistake(f"field '{typed(inner).base}' does not support transformers", value.at)
    if kind != fields.TEXT:
        message = f"can't add field transformer: type '{kind}' is not supported by '{value.transformer}' "
        raise Mistake(f"{message}transformer applied on field '{inner}'", value.at)
    change = _TRANSFORMERS[value.transformer]

    def changed(event: Event) -> Any:
        found = read(event)
        return None if found is None else change(str(found))

    return (fields.UNSIGNED if value.transformer == "len" else fields.TEXT), changed


def _decoded(text: str) -> str | None:
    import base64
    import binascii

    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None


_TRANSFORMERS: dict[str, Callable[[str], Any]] = {
    "tolower": str.lower,
    "toupper": str.upper,
    "basename": lambda text: text.rpartition("/")[2],
    "b64": _decoded,
    "len": len,
}


def _addresses(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(ipaddress.ip_address(str(one)) for one in value)
    return None if value is None else ipaddress.ip_address(str(value))


def _constant(text: str, kind: str, check: Check) -> Any:
    """A text of a condition as a value of this type. Raises `Mistake` as libsinsp refuses it."""
    left = str(check.left)
    if left == "evt.type" and text not in fields.event_types():
        raise Mistake(f"unknown event type {text}", check.at)
    if kind == fields.FLAG:
        if text not in ("true", "false"):
            raise Mistake(f"filter error: unrecognized boolean value {text}", check.at)
        return text == "true"
    if kind == fields.PORT and not (text.isascii() and text.isdigit()):
        if text not in _PORTS:
            raise Mistake(f"unrecognized protocol {text}", check.at)
        return _PORTS[text]
    if kind in fields.NUMBERS:
        if not _NUMBER.fullmatch(text) or len(text) > 40 or (kind == fields.UNSIGNED and text[0] == "-"):
            raise Mistake(f"{text} is not a valid number", check.at)
        return int(text, 16) if text[:2].lower() == "0x" else int(text)
    if kind == fields.ADDRESS:
        return _address(text, check)
    if kind == fields.NETWORK:
        return _network(text, check)
    return text


def _address(text: str, check: Check) -> Any:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise Mistake(f"unrecognized IPv{4 if '.' in text else 6} address {text}", check.at) from None


def _network(text: str, check: Check) -> Any:
    if "/" not in text:
        raise Mistake(f"unrecognized IP network {text}", check.at)
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise Mistake(f"unrecognized IP address {text}", check.at) from None


def _test(check: Check, values: list[Any], kind: str) -> Test:
    """Which values of the left side meet the check with these constants."""
    operator = check.operator
    if operator in ("in", "intersects"):
        if kind == fields.NETWORK:
            return lambda value: any(value in network for network in values)
        members = frozenset(values)
        return lambda value: value in members
    if operator == "pmatch":
        prefixes = [path_prefix(text) for text in values]
        return lambda value: any(prefix(value) for prefix in prefixes)
    singles = [_single(operator, value, kind, check) for value in values]
    if check.modifier == "oneof":
        return lambda value: sum(single(value) for single in singles) == 1
    if check.modifier:
        choose = any if check.modifier == "anyof" else all
        return lambda value: bool(singles) and choose(single(value) for single in singles)
    return singles[0]


def _single(operator: str, wanted: Any, kind: str, check: Check) -> Test:
    """Which values meet an operator with one constant."""
    if kind == fields.NETWORK:
        return (lambda value: value in wanted) if operator == "=" else (lambda value: value not in wanted)
    if operator == "regex":
        return _regex(wanted, check)
    if operator in ("glob", "iglob"):
        return glob_pattern(wanted, ignore_case=operator == "iglob")
    return _SIMPLE[operator](wanted)


def _regex(pattern: str, check: Check) -> Test:
    import re2

    options = re2.Options()
    options.posix_syntax = True
    options.longest_match = True
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        raise Mistake(f"invalid regex pattern: {error}", check.at) from None
    return lambda value: compiled.fullmatch(value) is not None


_SIMPLE: dict[str, Callable[[Any], Test]] = {
    "=": lambda wanted: lambda value: value == wanted,
    "!=": lambda wanted: lambda value: value != wanted,
    "<": lambda wanted: lambda value: value < wanted,
    "<=": lambda wanted: lambda value: value <= wanted,
    ">": lambda wanted: lambda value: value > wanted,
    ">=": lambda wanted: lambda value: value >= wanted,
    "contains": lambda wanted: lambda value: wanted in value,
    "icontains": lambda wanted: lambda value: wanted.lower() in value.lower(),
    "startswith": lambda wanted: lambda value: value.startswith(wanted),
    "endswith": lambda wanted: lambda value: value.endswith(wanted),
}


def _with_field(check: Check, kind: str) -> Callable[[Any, Event], bool]:
    """A check whose right side is a field, too."""
    assert not isinstance(check.right, tuple)  # noqa: S101 - what the caller saw
    for side in (check.left, check.right):
        if isinstance(side, Field) and typed(side).base in fields.NO_TRANSFORMER:
            raise Mistake(f"field '{side.name}' doesn't support right-hand side fields", check.at)
    if check.operator in ("pmatch", "regex"):
        word = check.operator.upper()
        raise Mistake(f"operator '{word}' doesn't support right-hand side fields", check.at)
    other, read = _reader(check.right)
    if other != kind:
        message = f"field '{check.left}' has type '{kind}' while the right-hand side field '{check.right}'"
        raise Mistake(f"{message} has incompatible type '{other}'", check.at)

    def test(value: Any, event: Event) -> bool:
        wanted = read(event)
        return wanted is not None and _test(check, [wanted], kind)(value)

    return test
