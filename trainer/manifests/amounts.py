"""Amounts of resources: written as the API server writes them, added up, and what a Pod asks for in all.

Follows `AggregateContainerRequests` and `AggregateContainerLimits` of k8s.io/component-helpers/resource and
`CanonicalizeBytes` of apimachinery pkg/api/resource/quantity.go (v1.36): a quantity keeps the kind of suffix
that it was written with (`1536Mi`, `1500m`, `1e3`) and has the largest one that needs no fraction. The API
server rounds what it stores up to thousandths (`SetDefaults_ResourceList`, pkg/apis/core/v1/defaults.go).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from trainer.manifests.quantity import parse_quantity
from trainer.manifests.values import mapping, mapping_at, mappings

if TYPE_CHECKING:
    from fractions import Fraction

Form = Literal["binary", "decimal", "exponent"]

_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DECIMAL = {-9: "n", -6: "u", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T", 15: "P", 18: "E"}


class Amount(msgspec.Struct, frozen=True):
    """How much of a resource, and the form in which it is written."""

    value: Fraction
    form: Form = "decimal"

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.value + other.value, self.form if self.value else other.form)

    def __str__(self) -> str:
        if self.form == "binary" and abs(self.value) >= 1024:
            return _binary(-(-self.value.numerator // self.value.denominator))
        return _decimal(self.value, self.form)


Amounts = dict[str, Amount]
"""Amounts by the names of resources."""


def amount(value: Any) -> Amount:
    """A written quantity, rounded up to thousandths. Raises ValueError if it isn't one."""
    from fractions import Fraction

    parsed = parse_quantity(value)
    rounded = Fraction(-(-parsed.numerator * 1000 // parsed.denominator), 1000)
    return Amount(rounded, _form(str(value)))


def count(number: int) -> Amount:
    """So many whole things."""
    from fractions import Fraction

    return Amount(Fraction(number))


def amounts_of(written: object) -> Amounts:
    """The quantities of a mapping by name; what isn't a quantity is left out: validation says so."""
    found = {}
    for name, quantity in mapping(written).items():
        try:
            found[str(name)] = amount(quantity)
        except ValueError:
            continue
    return found


def added(left: Mapping[str, Amount], right: Mapping[str, Amount]) -> Amounts:
    """Both together, resource by resource."""
    return {**left, **{name: left[name] + one if name in left else one for name, one in right.items()}}


def of_containers(spec: Mapping[str, Any], field: Literal["requests", "limits"]) -> Amounts:
    """What the containers of a Pod ask for at once at most: the containers with the sidecars, or one init
    container with the sidecars before it."""
    running: Amounts = {}
    for container in mappings(spec.get("containers")):
        running = added(running, _of(container, field))
    sidecars: Amounts = {}
    peak: Amounts = {}
    for container in mappings(spec.get("initContainers")):
        asked = _of(container, field)
        if container.get("restartPolicy") == "Always":
            running, sidecars = added(running, asked), added(sidecars, asked)
            peak = _larger(peak, sidecars)
        else:
            peak = _larger(peak, added(asked, sidecars))
    return _larger(running, peak)


def _of(container: Mapping[str, Any], field: str) -> Amounts:
    return amounts_of(mapping_at(container.get("resources"), field))


def _larger(left: Amounts, right: Amounts) -> Amounts:
    more = {name: one for name, one in right.items() if name not in left or one.value > left[name].value}
    return {**left, **more}


def _form(text: str) -> Form:
    if text.rstrip().endswith("i"):
        return "binary"
    return "exponent" if "e" in text.lower() and not text.rstrip().endswith("E") else "decimal"


def _binary(value: int) -> str:
    power = 0
    while value % 1024 == 0 and power < len(_BINARY) - 1:
        value //= 1024
        power += 1
    return f"{value}{_BINARY[power]}"


def _decimal(value: Fraction, form: Form) -> str:
    """With the largest suffix, or exponent, that is a multiple of three and needs no fraction."""
    nano = -(-value.numerator * 10**9 // value.denominator)
    if nano == 0:
        return "0"
    exponent = -9
    while nano % 1000 == 0 and exponent < 18:
        nano //= 1000
        exponent += 3
    if form == "exponent" and exponent:
        return f"{nano}e{exponent}"
    return f"{nano}{_DECIMAL[exponent]}"
