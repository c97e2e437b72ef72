"""Rules ready to be tried on events: lists and macros resolved, every check compiled.

Follows falcosecurity/falco 0.44 (`userspace/engine/rule_loader_compiler.cpp`, `filter_macro_resolver.cpp`). A
macro is kept as one part of the conditions that name it, and evaluated once for each event.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.detection.checks import Compiled, compile_check
from trainer.simulate.detection.conditions import Source, with_exceptions
from trainer.simulate.detection.definitions import SYSCALL, Definitions, List, Macro, Rule
from trainer.simulate.detection.events import Event
from trainer.simulate.detection.grammar import (
    Check,
    Expression,
    Mistake,
    Name,
    Not,
    checks_of,
    parse_condition,
)
from trainer.simulate.detection.output import output_fields
from trainer.simulate.detection.sections import CONDITION, OUTPUT, VALIDATE, LoadError, Piece
from trainer.verdict import Location

DEEPEST = 150
"""Levels of a condition, those of its macros included."""


class Leaf(msgspec.Struct, frozen=True, eq=False):
    """One check."""

    compiled: Compiled
    source: Source
    depth: int = 1

    @property
    def text(self) -> str:
        """The check as it is written."""
        check = self.compiled.check
        return self.source.original(check.at, check.end)

    @property
    def place(self) -> Location:
        """Where the check is written."""
        return self.source.place(self.compiled.check.at)


class Negation(msgspec.Struct, frozen=True, eq=False):
    """The opposite of a part."""

    inner: Part
    depth: int


class Junction(msgspec.Struct, frozen=True, eq=False):
    """Parts of which all (`and`) or one (`or`) must hold."""

    every: bool
    parts: tuple[Part, ...]
    depth: int


class Named(msgspec.Struct, frozen=True, eq=False):
    """A macro: what it stands for, and where it is named."""

    name: str
    inner: Part
    source: Source
    at: int
    depth: int


Part = Leaf | Negation | Junction | Named


class Ready(msgspec.Struct, frozen=True, eq=False):
    """A compiled rule. `types` are the types of events that it can report; None for any."""

    rule: Rule
    condition: Part
    types: frozenset[str] | None

    def reports(self, event: Event) -> bool:
        """Whether the condition holds for an event, the rule being on or off. Raises `NotJudged`."""
        return (self.types is None or event.type in self.types) and holds(self.condition, event)


class Ruleset(msgspec.Struct, frozen=True, eq=False):
    """All rules that were loaded, by name, in the order in which Falco tries them."""

    rules: Mapping[str, Ready]
    definitions: Definitions

    def first(self, event: Event) -> Ready | None:
        """The rule that reports an event: the first one that is on and matches (`rule_matching: first`)."""
        for ready in self.rules.values():
            if ready.rule.enabled and ready.reports(event):
                return ready
        return None


def holds(part: Part, event: Event, known: dict[int, bool] | None = None) -> bool:
    """Whether a condition holds for an event. `known` are results of macros for this event."""
    known = {} if known is None else known
    if isinstance(part, Leaf):
        try:
            return part.compiled.holds(event)
        except NotJudged as error:
            raise NotJudged(error.construct, part.place if part.place.line else None) from None
    if isinstance(part, Negation):
        return not holds(part.inner, event, known)
    if isinstance(part, Junction):
        return (all if part.every else any)(holds(one, event, known) for one in part.parts)
    key = id(part.inner)
    if key not in known:
        known[key] = holds(part.inner, event, known)
    return known[key]


def compile_rules(definitions: Definitions) -> Ruleset:
    """Compile all macros and rules. Raises `LoadError` for the first error, as Falco does."""
    lists = _expanded(definitions.lists)
    macros = _Macros(definitions, lists)
    found: dict[str, Ready] = {}
    for rule in definitions.rules.values():
        if rule.source == SYSCALL:
            ready = _ready(rule, lists, macros)
            if ready is not None:
                found[rule.name] = ready
    return Ruleset(found, definitions)


def compile_text(text: str, definitions: Definitions | None = None) -> Part:
    """The condition of a text alone, with the macros and lists of some definitions. Raises `LoadError`."""
    definitions = definitions or Definitions()
    lists = _expanded(definitions.lists)
    source = Source([Piece(text, Location("", 0, 0))])
    return _Compiler(_Macros(definitions, lists), lists).part(source, None, Location("", 0, 0))


def _ready(rule: Rule, lists: Mapping[str, List], macros: _Macros) -> Ready | None:
    """A rule compiled; None if it is skipped for a field that Falco doesn't have."""
    source = Source(with_exceptions(rule.condition, rule.exceptions))
    try:
        output_fields(rule.output)
    except Mistake as error:
        if rule.skip_unknown and "unknown filter" in error.message:
            return None
        raise LoadError(OUTPUT, error.message, rule.output_place) from None
    try:
        part = _Compiler(macros, lists).part(source, None, rule.place)
    except LoadError as error:
        unknown = any(word in error.message for word in ("nonexistent field", "unknown event type"))
        if rule.skip_unknown and unknown and error.code == CONDITION:
            return None
        raise
    return Ready(rule, part, event_types_of(part))


def _expanded(lists: Mapping[str, List]) -> dict[str, List]:
    """Lists whose items that name other lists are replaced, one level, as Falco does."""
    found = {}
    for one in lists.values():
        items: list[str] = []
        for item in one.items:
            other = lists.get(item)
            items += other.items if other is not None and other.index < one.visible else (item,)
        if len(items) > 50_000:
            raise NotJudged(f"the list {one.name} with more than 50000 items")
        found[one.name] = msgspec.structs.replace(one, items=tuple(items))
    return found


class _Compiler:
    """Turns trees into parts, with the macros of a ruleset."""

    def __init__(self, macros: _Macros, lists: Mapping[str, List]) -> None:
        self.macros, self.lists = macros, lists

    def part(self, source: Source, seen_by: Macro | None, place: Location) -> Part:
        """The condition of a rule, or of a macro, which sees only some macros."""
        source.put_lists(self.lists)
        try:
            tree = parse_condition(source.text)
        except Mistake as error:
            raise LoadError(CONDITION, error.message, source.place(error.at)) from None
        except NotJudged as error:
            raise NotJudged(error.construct, error.location or place) from None
        return self._of(tree, source, seen_by)

    def _of(self, tree: Expression, source: Source, seen_by: Macro | None) -> Part:
        if isinstance(tree, Check):
            return self._leaf(tree, source)
        if isinstance(tree, Name):
            inner = self.macros.named(tree.name, seen_by, source.place(tree.at))
            return Named(tree.name, inner, source, tree.at, _deeper(source, tree.at, inner))
        if isinstance(tree, Not):
            inner = self._of(tree.inner, source, seen_by)
            return Negation(inner, _deeper(source, tree.at, inner))
        parts = tuple(self._of(one, source, seen_by) for one in tree.parts)
        return Junction(tree.word == "and", parts, _deeper(source, tree.at, *parts))

    def _leaf(self, check: Check, source: Source) -> Part:
        try:
            return Leaf(compile_check(check), source)
        except Mistake as error:
            raise LoadError(CONDITION, error.message, source.place(error.at)) from None
        except NotJudged as error:
            raise NotJudged(error.construct, error.location or source.place(check.at)) from None


def _deeper(source: Source, at: int, *parts: Part) -> int:
    depth = 1 + max(part.depth for part in parts)
    if depth > DEEPEST:
        raise NotJudged(f"a condition of more than {DEEPEST} levels", source.place(at))
    return depth


class _Macros:
    """The macros of a ruleset, each compiled when it is first named."""

    def __init__(self, definitions: Definitions, lists: Mapping[str, List]) -> None:
        self._all = definitions.macros
        self._compiler = _Compiler(self, lists)
        self._parts: dict[str, Part] = {}
        self._open: list[str] = []
        for macro in self._all.values():
            self._parse(macro, lists)

    def named(self, name: str, seen_by: Macro | None, place: Location) -> Part:
        """What a name stands for. Raises `LoadError` if there is no such macro, or it names itself."""
        macro = self._all.get(name)
        if macro is None or (seen_by is not None and macro.index >= seen_by.visible):
            raise LoadError(VALIDATE, f"Undefined macro '{name}' used in filter.", place)
        if name in self._open:
            raise LoadError(VALIDATE, f"reference loop in macro '{name}'", place)
        if name not in self._parts:
            if len(self._open) > DEEPEST:
                raise NotJudged(f"more than {DEEPEST} macros in each other", place)
            self._open.append(name)
            self._parts[name] = self._compiler.part(Source(macro.condition), macro, macro.place)
            self._open.pop()
        return self._parts[name]

    def _parse(self, macro: Macro, lists: Mapping[str, List]) -> None:
        """Falco parses every macro and looks up the macros in it, used or not. Raises `LoadError`."""
        source = Source(macro.condition)
        source.put_lists(lists)
        try:
            tree = parse_condition(source.text)
        except Mistake as error:
            raise LoadError(CONDITION, error.message, source.place(error.at)) from None
        for name in names_of(tree):
            other = self._all.get(name.name)
            if other is None or other.index >= macro.visible:
                message = f"Undefined macro '{name.name}' used in filter."
                raise LoadError(VALIDATE, message, source.place(name.at))


def names_of(tree: Expression) -> list[Name]:
    """The macros that a condition names."""
    return [one for one in checks_of(tree) if isinstance(one, Name)]


def event_types_of(part: Part, seen: dict[int, frozenset[str] | None] | None = None) -> frozenset[str] | None:
    """The types of events for which a condition can hold; None if it doesn't say. `seen` are macros."""
    seen = {} if seen is None else seen
    if isinstance(part, Leaf):
        check = part.compiled.check
        if str(check.left) != "evt.type" or check.modifier or not isinstance(check.right, tuple):
            return None
        return frozenset(check.right) if check.operator in ("=", "in") else None
    if isinstance(part, Named):
        if id(part.inner) not in seen:
            seen[id(part.inner)] = event_types_of(part.inner, seen)
        return seen[id(part.inner)]
    if isinstance(part, Negation):
        return None
    known = [event_types_of(one, seen) for one in part.parts]
    sets = [one for one in known if one is not None]
    if part.every:
        return frozenset.intersection(*sets) if sets else None
    return frozenset().union(*sets) if len(sets) == len(known) else None
