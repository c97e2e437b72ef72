"""All functions by name, with how many arguments they take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

from trainer.simulate.cel import addresses, authorizer, lists, numbers, optionals, standard, strings, texts
from trainer.simulate.cel.declarations import Overload
from trainer.simulate.cel.functions import Function
from trainer.simulate.cel.kinds import Type, kind
from trainer.simulate.cel.values import TYPE_NAMES, CelError, CelType, fits, no_overload

NAMESPACES = frozenset({"ip", "cidr", "sets", "lists", "strings", "optional", "format"})
"""First halves of functions with a dot in their names."""

TYPES = {
    name: CelType(name)
    for name in [
        *("bool", "int", "uint", "double", "string", "bytes", "list", "map", "type", "null_type"),
        *("net.IP", "net.CIDR", "kubernetes.Quantity", "kubernetes.Semver", "kubernetes.URL"),
        *("google.protobuf.Timestamp", "google.protobuf.Duration", "optional_type"),
        *("kubernetes.NamedFormat",),
    ]
}
"""Types that an expression may name."""

TYPE_KINDS = {name: kind_name for kind_name, name in TYPE_NAMES.items()}
"""What the type check calls a type, if that is another word."""


@cache
def functions() -> dict[tuple[str, bool], list[Function]]:
    """The overloads of each name, plain and member functions apart."""
    found: dict[tuple[str, bool], list[Function]] = defaultdict(list)
    for module in (standard, strings, optionals, lists, numbers, addresses, texts, authorizer):
        for function in module.FUNCTIONS:
            found[function.name, function.member].append(function)
    return dict(found)


@cache
def overloads(name: str, member: bool) -> tuple[Overload, ...] | None:
    """The types of the overloads of a name, or None for a name that isn't a function."""
    found = functions().get((name, member))
    if found is None:
        return None
    return tuple((tuple(map(kind, one.parameters)), kind(one.result)) for one in found)


def type_of_name(name: str) -> Type:
    """The type of an expression that names a type."""
    return Type("type", (Type(TYPE_KINDS.get(name, name)),))


def call(name: str, member: bool, arguments: Sequence[Any]) -> Any:
    """Call the overload that matches the values. Raises `CelError`."""
    for function in functions().get((name, member), ()):
        if len(function.parameters) == len(arguments) and (
            not function.guarded or all(map(fits, map(kind, function.parameters), arguments))
        ):
            try:
                return function.implementation(*arguments)
            except (ValueError, OverflowError, TypeError, OSError) as error:  # OSError: a time zone's file
                raise CelError(str(error)) from error
    raise no_overload(name, *arguments)
