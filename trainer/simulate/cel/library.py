"""All functions by name, with how many arguments they take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

from trainer.simulate.cel import addresses, authorizer, lists, numbers, standard, strings, texts
from trainer.simulate.cel.functions import Function
from trainer.simulate.cel.values import CelError, CelType, fits, no_overload

NAMESPACES = frozenset({"ip", "cidr", "sets", "strings", "optional", "format"})
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


@cache
def functions() -> dict[tuple[str, bool], list[Function]]:
    """The overloads of each name, plain and member functions apart."""
    found: dict[tuple[str, bool], list[Function]] = defaultdict(list)
    for module in (standard, strings, lists, numbers, addresses, texts, authorizer):
        for function in module.FUNCTIONS:
            found[function.name, function.member].append(function)
    return dict(found)


def call(name: str, member: bool, arguments: Sequence[Any]) -> Any:
    """Call the overload that fits the values. Raises `CelError`."""
    for function in functions().get((name, member), ()):
        if len(function.parameters) == len(arguments) and all(map(fits, function.parameters, arguments)):
            try:
                return function.implementation(*arguments)
            except (ValueError, OverflowError, TypeError) as error:
                raise CelError(str(error)) from error
    raise no_overload(name, *arguments)
