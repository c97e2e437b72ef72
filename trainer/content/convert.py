"""Plain values to typed structs, with all problems instead of msgspec's first one."""

from __future__ import annotations

import types
import typing
from typing import Any, TypeVar

import msgspec

from trainer.manifests.model import Path
from trainer.patterns import regex

T = TypeVar("T")


class Fault(msgspec.Struct, frozen=True):
    """One thing wrong with a value: where in it, what, and what to do."""

    path: Path
    message: str
    remedy: str = ""
    line: int = 0
    """The 1-based line if it isn't that of the path (inside a block of text); else 0."""


def convert(value: Any, wanted: type[T]) -> tuple[T | None, list[Fault]]:
    """The value as `wanted`, or None and every fault.

    The quick way is msgspec's own conversion; only if that fails, the value is checked field by
    field. Unions are left to msgspec, which names their first fault.
    """
    try:
        return msgspec.convert(value, wanted), []
    except msgspec.ValidationError as error:
        faults = _walk(value, wanted, ())
        inner, message = _split(error)
        return None, faults or [_in_words(_below(value, inner), inner, message)]


def _walk(value: Any, wanted: Any, path: Path) -> list[Fault]:
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if (
        origin in (types.UnionType, typing.Union)
        and len(structs := [a for a in arguments if _is_struct(a)]) == 1
    ):
        if isinstance(value, dict):
            return _struct(value, structs[0], path)
    elif _is_struct(wanted):
        if isinstance(value, dict):
            return _struct(value, wanted, path)
    elif origin in (tuple, list) and isinstance(value, list):
        faults = [_walk(item, arguments[0], (*path, index)) for index, item in enumerate(value)]
        return [fault for found in faults for fault in found]
    elif origin is dict and isinstance(value, dict):
        faults = [_walk(item, arguments[1], (*path, str(key))) for key, item in value.items()]
        return [fault for found in faults for fault in found] or _plain(value, wanted, path)
    return _plain(value, wanted, path)


def _is_struct(wanted: Any) -> bool:
    return isinstance(wanted, type) and issubclass(wanted, msgspec.Struct)


def _struct(value: dict[Any, Any], wanted: type[msgspec.Struct], path: Path) -> list[Fault]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(wanted)}
    faults: list[Fault] = []
    if wanted.__struct_config__.forbid_unknown_fields:
        faults += [unknown_key(str(key), fields, path) for key in value if key not in fields]
    for name, field in fields.items():
        if name in value:
            faults += _walk(value[name], field.type, (*path, name))
        elif field.required:
            faults.append(Fault(path, f"{name!r} is missing"))
    return faults or _plain(value, wanted, path)


def unknown_key(key: str, known: typing.Iterable[str], path: Path) -> Fault:
    """The fault of a key that isn't known, with the likely one."""
    import difflib

    names = list(known)
    near = difflib.get_close_matches(key, names, n=1)
    remedy = f"did you mean {near[0]!r}?" if near else f"known fields: {', '.join(sorted(names))}"
    return Fault((*path, key), f"unknown field {key!r}", remedy)


def _plain(value: Any, wanted: Any, path: Path) -> list[Fault]:
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError as error:
        inner, message = _split(error)
        return [_in_words(_below(value, inner), path + inner, message)]
    return []


def _below(value: Any, path: Path) -> Any:
    for step in path:
        if isinstance(value, list):
            value = value[step] if isinstance(step, int) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


_EXPECTED = regex(r"expected `([a-z| ]+)`, got `[a-z]+`")
_NAMES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "a mapping",
    "array": "a list",
    "null": "nothing",
}


def _in_words(value: Any, path: Path, message: str) -> Fault:
    """A fault as a card's author reads it: `expected `str`, got `object`` in the words of YAML."""
    found = _EXPECTED.fullmatch(message)
    if found is None:
        return Fault(path, message)
    wanted = found[1].split(" | ")
    remedy = ""
    if "str" in wanted and isinstance(value, dict):
        remedy = "put the text in quotes: a colon followed by a space makes a mapping of it"
    elif "str" in wanted and isinstance(value, bool | int | float):
        remedy = "put the text in quotes"
    said = " or ".join(_NAMES.get(name, name) for name in wanted)
    return Fault(path, f"must be {said}, not {_kind(value)}", remedy)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    kinds = {dict: "a mapping", list: "a list", str: "text", int: "a number", float: "a number"}
    return kinds.get(type(value), "nothing")


def _split(error: msgspec.ValidationError) -> tuple[Path, str]:
    """msgspec's `Expected X - at `$.a[0]`` as path and sentence."""
    message, _, place = str(error).partition(" - at `")
    path: list[str | int] = []
    for step in place.rstrip("`").removeprefix("$").replace("[", ".[").split("."):
        if step.startswith("[") and step[1:-1].isdigit():
            path.append(int(step[1:-1]))
        elif step and not step.startswith("["):
            path.append(step)
    return tuple(path), message[:1].lower() + message[1:]
