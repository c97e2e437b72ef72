"""Lists, macros and rules after all files are read: defined, appended to, replaced, switched off.

Follows falcosecurity/falco 0.44 (`userspace/engine/rule_loader_collector.cpp`), with its messages:
https://falco.org/docs/concepts/rules/overriding/.
"""

from __future__ import annotations

from typing import Any

import msgspec

from trainer.simulate.detection.fields import Unknown, field_type, split_field
from trainer.simulate.detection.grammar import OPERATORS
from trainer.simulate.detection.sections import VALIDATE, LoadError, Piece
from trainer.verdict import Location

PRIORITIES = ("Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug")
"""From the most to the least severe."""
SYSCALL = "syscall"

_MODIFIED = tuple(
    f"{operator} {modifier}"
    for operator in ("=", "==", "!=", *(word for word in OPERATORS if word.isalpha()))
    for modifier in ("oneof", "anyof", "allof")
    if operator not in ("exists", "in", "intersects", "pmatch")
)


class List(msgspec.Struct, frozen=True, eq=False):
    """A list: its items, when it was defined, and from when on its references are resolved."""

    name: str
    items: tuple[str, ...]
    index: int
    visible: int
    place: Location


class Macro(msgspec.Struct, frozen=True, eq=False):
    """A macro: its condition in pieces, when it was defined, and which macros it sees."""

    name: str
    condition: tuple[Piece, ...]
    index: int
    visible: int
    place: Location


class Exemption(msgspec.Struct, frozen=True, eq=False):
    """An exception of a rule. `fields` and `comps` are a text or a tuple; values are what YAML has."""

    name: str
    fields: str | tuple[str, ...] | None
    comps: str | tuple[str, ...] | None
    values: tuple[Any, ...]
    place: Location


class Rule(msgspec.Struct, frozen=True, eq=False):
    """A rule before its condition is compiled."""

    name: str
    condition: tuple[Piece, ...]
    output: str
    desc: str
    priority: str
    place: Location
    output_place: Location
    source: str = SYSCALL
    tags: tuple[str, ...] = ()
    enabled: bool = True
    exceptions: tuple[Exemption, ...] = ()
    skip_unknown: bool = False
    parts: tuple[tuple[str, Location], ...] = ()
    """Where `priority`, `tags` and `enabled` are set last."""

    def where(self, part: str) -> Location:
        """Where a part of the rule is set last; the rule's own place if it is unknown."""
        return dict(self.parts).get(part, self.place)


class Definitions:
    """What was collected so far; names keep the order of their first definition."""

    def __init__(self) -> None:
        self.lists: dict[str, List] = {}
        self.macros: dict[str, Macro] = {}
        self.rules: dict[str, Rule] = {}
        self._count = 0

    def next(self) -> int:
        """The number of the next definition."""
        self._count += 1
        return self._count - 1

    def define_list(self, name: str, items: tuple[str, ...], place: Location) -> None:
        """A new list, or another content for one."""
        number = self.next()
        before = self.lists.get(name)
        self.lists[name] = List(name, items, before.index if before else number, number, place)

    def append_list(self, name: str, items: tuple[str, ...], place: Location) -> None:
        """More items. Raises `LoadError` if there is no such list."""
        before = self.lists.get(name)
        if before is None:
            raise LoadError(VALIDATE, _NOTHING.format("List", "items", "list"), place)
        self.lists[name] = List(name, (*before.items, *items), before.index, self.next(), place)

    def define_macro(self, name: str, condition: Piece, place: Location) -> None:
        """A new macro, or another condition for one."""
        number = self.next()
        before = self.macros.get(name)
        self.macros[name] = Macro(name, (condition,), before.index if before else number, number, place)

    def append_macro(self, name: str, condition: Piece, place: Location) -> None:
        """More text at the end of the condition. Raises `LoadError` if there is no such macro."""
        before = self.macros.get(name)
        if before is None:
            raise LoadError(VALIDATE, _NOTHING.format("Macro", "condition", "macro"), place)
        joined = _joined(before.condition, condition)
        self.macros[name] = Macro(name, joined, before.index, self.next(), place)

    def define_rule(self, rule: Rule) -> None:
        """A new rule, or another in the place of one of the same name. Raises `LoadError`."""
        self._same_source(rule.name, rule.source, rule.place)
        checked = []
        for exception in rule.exceptions:
            if exception.fields is None:
                message = "Rule exception item must have fields property with a list of fields"
                raise LoadError(VALIDATE, message, exception.place)
            checked.append(_checked(exception))
        self.next()
        self.rules[rule.name] = msgspec.structs.replace(rule, exceptions=tuple(checked))

    def append_rule(self, name: str, source: str, place: Location, more: dict[str, Any]) -> None:
        """More condition, output, desc, tags or exceptions. Raises `LoadError`."""
        before = self._same_source(name, source, place)
        if before is None:
            raise LoadError(VALIDATE, _NOTHING.format("Rule", "<key>", "rule"), place)
        if not more:
            raise LoadError(VALIDATE, "Appended rule must have exceptions or condition property", place)
        changes: dict[str, Any] = {}
        for key, value in more.items():
            if key == "condition":
                changes[key] = _joined(before.condition, value)
            elif key in ("output", "desc"):
                changes[key] = f"{getattr(before, key)} {value}"
            elif key == "tags":
                changes[key] = tuple(sorted({*before.tags, *value}))
            elif key == "exceptions":
                changes[key] = _with_exceptions(before.exceptions, value)
            else:
                changes[key] = value
        self.next()
        self.rules[name] = msgspec.structs.replace(before, **changes)

    def replace_rule(self, name: str, source: str, place: Location, new: dict[str, Any]) -> None:
        """Other values of a rule. Raises `LoadError` if there is no such rule."""
        before = self._same_source(name, source, place)
        if before is None:
            message = "An 'override.<key>: replace' to a rule was requested but no rule by that name"
            raise LoadError(VALIDATE, f"{message} already exists", place)
        self.next()
        self.rules[name] = msgspec.structs.replace(before, **new)

    def enable_rule(self, name: str, place: Location, *, enabled: bool) -> None:
        """Switch a rule on or off. Raises `LoadError` if there is no such rule."""
        before = self.rules.get(name)
        if before is None:
            message = "Rule has 'enabled' key but no rule by that name already exists"
            raise LoadError(VALIDATE, message, place)
        places = (dict(before.parts) | {"enabled": place}).items()
        self.rules[name] = msgspec.structs.replace(before, enabled=enabled, parts=tuple(places))

    def _same_source(self, name: str, source: str, place: Location) -> Rule | None:
        before = self.rules.get(name)
        if before is not None and before.source and source and before.source != source:
            raise LoadError(VALIDATE, "Rule has been re-defined with a different source", place)
        return before


_NOTHING = "{0} uses 'append' or 'override.{1}: append' but no {2} by that name already exists"


def _joined(pieces: tuple[Piece, ...], more: Piece) -> tuple[Piece, ...]:
    return (*pieces, Piece(" ", more.place), more)


def _with_exceptions(before: tuple[Exemption, ...], more: tuple[Exemption, ...]) -> tuple[Exemption, ...]:
    """More exceptions, and more values of those that exist. Raises `LoadError`."""
    found = list(before)
    for one in more:
        index = next((index for index, old in enumerate(found) if old.name == one.name), None)
        if index is None:
            if one.fields is None:
                message = "Rule exception must have fields property with a list of fields"
                raise LoadError(VALIDATE, message, one.place)
            if not one.values:
                message = "Rule exception must have values property with a list of values"
                raise LoadError(VALIDATE, message, one.place)
            found.append(_checked(one))
            continue
        for what in ("fields", "comps"):
            if getattr(one, what) is not None:
                message = f"Can not append exception {what} to existing exception, only values"
                raise LoadError(VALIDATE, message, one.place)
        values = (*found[index].values, *one.values)
        found[index] = msgspec.structs.replace(found[index], values=values)
    return tuple(found)


def _checked(one: Exemption) -> Exemption:
    """An exception with its comparisons, where they are left out. Raises `LoadError`."""
    fields, comps = one.fields, one.comps
    if isinstance(fields, tuple):
        comps = ("=",) * len(fields) if comps is None else comps
        if not isinstance(comps, tuple) or len(comps) != len(fields):
            raise LoadError(VALIDATE, "Fields and comps lists must have equal length", one.place)
        comps = tuple(comp.strip() for comp in comps)
        for comp in comps:
            if comp not in OPERATORS and comp not in _MODIFIED:
                message = f"'{comp}' is not a supported comparison operator"
                raise LoadError(VALIDATE, message, one.place)
    else:
        comps = "in" if comps is None else comps
        if isinstance(comps, tuple):
            raise LoadError(VALIDATE, "Fields and comps must both be strings", one.place)
        comps = comps.strip()
        if comps not in ("in", "pmatch", "intersects") and comps not in _MODIFIED:
            message = "When fields is a single value, comps must be one of (in, pmatch, intersects)"
            raise LoadError(VALIDATE, f"{message} or a modifier operator (e.g. startswith oneof)", one.place)
    for field in fields if isinstance(fields, tuple) else (fields or "",):
        _check_field(field, one.place)
    return msgspec.structs.replace(one, comps=comps)


def _check_field(field: str, place: Location) -> None:
    name = field
    while (start := name.find("(")) >= 0 and name.endswith(")"):
        name = name[start + 1 : -1]
    parts = split_field(name)
    try:
        if parts is None:
            raise Unknown(field)
        field_type(*parts)
    except Unknown:
        message = f"'{field}' is not a supported filter field"
        raise LoadError(VALIDATE, message, place) from None
