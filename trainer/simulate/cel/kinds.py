"""CEL's types: `list(string)`, `map(string, dyn)`, `optional_type(int)`, structures, and how they unify.

Follows cel-go v0.26 (`checker/types.go`, `common/types/types.go`), which Kubernetes v1.35 and v1.36 use.
A type variable is a capital letter in a declaration (`list(T)`), and a name with an underscore once a
check has made a fresh one of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import msgspec


class Type(msgspec.Struct, frozen=True):
    """A type: its name, the types in its brackets, and the fields of a structure."""

    name: str
    parameters: tuple[Type, ...] = ()
    fields: Mapping[str, Type] | None = None

    def __str__(self) -> str:
        """As CEL writes it: `map(string, list(int))`."""
        name = "optional_type" if self.name == OPTIONAL else self.name
        inner = ", ".join(map(str, self.parameters))
        return f"{name}({inner})" if inner else name

    @property
    def is_variable(self) -> bool:
        """Whether the type is a variable that is still unresolved."""
        return self.name.startswith("_") or (len(self.name) == 1 and self.name.isupper())

    @property
    def unwrapped(self) -> Type:
        """The content type of an optional; every other type is itself."""
        return self.parameters[0] if self.name == OPTIONAL else self


OPTIONAL = "optional"
_PLAIN = ("int", "uint", "double", "bool", "string", "bytes", "list", "map", "type")
"""Types that null can't have."""


@cache
def kind(text: str) -> Type:
    """The type that a text writes: `kind("map(string, list(T))")`."""
    found, rest = _read(text.replace(" ", ""))
    assert not rest, text  # noqa: S101 - types are written in the source of this package
    return found


def _read(text: str) -> tuple[Type, str]:
    end = min((text.find(mark) for mark in "(,)" if mark in text), default=len(text))
    name, rest = text[:end], text[end:]
    parameters: list[Type] = []
    while rest and (rest[0] == "(" or (parameters and rest[0] == ",")):
        parameter, rest = _read(rest[1:])
        parameters.append(parameter)
        if rest[0] == ")":
            return Type(name, tuple(parameters)), rest[1:]
    return Type(name), rest


def structure(name: str, /, **fields: str | Type) -> Type:
    """A structure with these fields."""
    read = {key: kind(value) if isinstance(value, str) else value for key, value in fields.items()}
    return Type(name, fields=read)


DYN, BOOL, INT, STRING, NULL = (kind(name) for name in ("dyn", "bool", "int", "string", "null"))


class Unifier:
    """The type variables of one expression, and their types so far."""

    def __init__(self) -> None:
        self.known: dict[str, Type] = {}
        self.made = 0

    def fresh(self) -> Type:
        """A new type variable."""
        self.made += 1
        return Type(f"_{self.made}")

    def instance(self, types: tuple[Type, ...]) -> tuple[Type, ...]:
        """The types of a declaration, with fresh variables for its own."""
        new: dict[str, Type] = {}

        def replaced(one: Type) -> Type:
            if one.is_variable:
                if one.name not in new:
                    new[one.name] = self.fresh()
                return new[one.name]
            if not one.parameters:
                return one
            return Type(one.name, tuple(map(replaced, one.parameters)))

        return tuple(map(replaced, types))

    def resolved(self, one: Type, *, final: bool = False) -> Type:
        """The type with its variables replaced; `final` writes `dyn` for unresolved ones."""
        while one.name in self.known:
            one = self.known[one.name]
        if one.is_variable:
            return DYN if final else one
        if not one.parameters:
            return one
        return Type(one.name, tuple(self.resolved(inner, final=final) for inner in one.parameters))

    def assignable(self, *pairs: tuple[Type, Type]) -> bool:
        """Whether the types of all pairs agree; variables get types only if they do."""
        before = dict(self.known)
        if all(self._agree(left, right) for left, right in pairs):
            return True
        self.known = before
        return False

    def _agree(self, left: Type, right: Type) -> bool:
        if right.is_variable:
            agrees, was_known = self._stands_for(left, right)
            if agrees or was_known:
                return agrees
        if left.is_variable:
            return self._stands_for(right, left)[0]
        if "dyn" in (left.name, right.name):
            return True
        if NULL.name in (left.name, right.name):
            return left == right or (right if left.name == NULL.name else left).name not in _PLAIN
        if left.name != right.name:
            return False
        if left.name == "type":
            return True
        return len(left.parameters) == len(right.parameters) and all(
            map(self._agree, left.parameters, right.parameters)
        )

    def _stands_for(self, one: Type, variable: Type) -> tuple[bool, bool]:
        """Whether a type can replace a variable, and whether the variable already had one."""
        if one == variable:
            return True, True
        before = self.known.get(variable.name)
        if before is not None:
            if one == before:
                return True, True
            if not self._agree(one, before):
                return False, True
            wider = one if _at_most_as_specific(one, before) else before
            if not self._occurs(variable, wider):
                self.known[variable.name] = wider
            return True, True
        if self._occurs(variable, one):
            return False, False
        self.known[variable.name] = one
        return True, False

    def _occurs(self, variable: Type, within: Type) -> bool:
        if variable == within:
            return True
        if within.is_variable:
            found = self.known.get(within.name)
            return found is not None and self._occurs(variable, found)
        return any(self._occurs(variable, inner) for inner in within.parameters)

    def joined(self, before: Type | None, after: Type) -> Type:
        """The type of a literal's elements so far: `dyn` if they differ."""
        if before is None:
            return after
        if not self.assignable((before, after)):
            return DYN
        return before if _at_most_as_specific(before, after) else after


def _at_most_as_specific(left: Type, right: Type) -> bool:
    if left.name == "dyn" or left.is_variable:
        return True
    if right.name == "dyn" or right.is_variable or left.name != right.name:
        return False
    if left.name == "type" or len(left.parameters) != len(right.parameters):
        return left.name == "type"
    return all(map(_at_most_as_specific, left.parameters, right.parameters))
