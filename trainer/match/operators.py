"""Conditions that allow more than one value: `every`, `one-of`, `at-most` and others.

A mapping is a condition only where *all* of its keys are operators; a mapping that mixes them
with fields is an ordinary one. If an object's own fields have such names (a mapping with only
`count`, for example), `contains` reads its mapping literally.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from trainer.errors import UsageError
from trainer.match.mismatch import Mismatch, absent, no_such_item, wrong
from trainer.match.same import number
from trainer.match.secret_data import is_secret_data
from trainer.match.view import View
from trainer.match.words import counted, shown

_LONGEST_MATCHED = 10_000
"""Characters of a value that a pattern is matched against; a longer value doesn't match."""


class Comparison(Protocol):
    """The comparison that an operator is part of."""

    def compare(self, expected: Any, view: View) -> list[Mismatch]:
        """What `view` lacks of `expected`."""

    def exactly(self, expected: Any, view: View) -> list[Mismatch]:
        """What `view` lacks of `expected`, and has beyond it."""

    def fits(self, expected: Any, view: View) -> bool:
        """Whether `expected` is contained in `view`."""

    def fields(self, expected: dict[Any, Any], view: View) -> list[Mismatch]:
        """Compare a mapping, its keys taken literally."""

    def near(self, want: Any, free: list[View]) -> View | None:
        """The item that was probably meant for a required one, if there is one."""


def _every(match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    return [found for item in view.items() for found in match.compare(operand, item)]


def _some(match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    tries = [match.compare(operand, item) for item in view.items()]
    if any(not found for found in tries):
        return []
    near = match.near(operand, view.items())
    if near is not None:
        return match.compare(operand, near)
    return [absent(view) if view.missing else no_such_item(view)]


def _none(match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    return [
        wrong(item, f"is {shown(item.value)}; remove it{_or_set(operand)}")
        for item in view.members()
        if match.fits(operand, item)
    ]


def _or_set(operand: Any) -> str:
    """The other way to fit no more: the flags of the item, turned around."""
    fields = operand.items() if isinstance(operand, dict) else ()
    flags = {name: "false" if value else "true" for name, value in fields if isinstance(value, bool)}
    return "".join(f" or set `{name}: {other}`" for name, other in flags.items())


def _absent(_match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    gone = view.missing or view.value == []
    if _flag("absent", operand) is gone:
        return []
    if not gone:
        return [wrong(view, "is set; it must not be set")]
    return [absent(view) if view.missing else wrong(view, "is empty")]


def _present(match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    return _absent(match, not _flag("present", operand), view)


def _one_of(match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    if any(match.fits(wanted, view) for wanted in _list("one-of", operand)):
        return []
    if view.missing:
        return [absent(view)]
    if {"absent": True} in operand:
        return [wrong(view, "is set; it must not be set")]
    if all(isinstance(wanted, dict) and not is_condition(wanted) for wanted in operand):
        return min((match.compare(wanted, view) for wanted in operand), key=len)  # what is nearly right
    if is_secret_data(view) and operand:
        return match.compare(operand[0], view)
    return [wrong(view, f"is {shown(view.value)}; another value is required")]


def _none_of(match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    found: list[Mismatch] = []
    for unwanted in _list("none-of", operand):
        places = view.items() if isinstance(view.value, list) and not isinstance(unwanted, list) else [view]
        found += [
            wrong(place, f"is {_shown(place)}; it must not be")
            for place in places
            if match.fits(unwanted, place)
        ]
    return found


def _shown(view: View) -> str:
    return "not set" if view.missing else shown(view.value)


def _all_of(match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    wanted = _list("all-of", operand)
    if not isinstance(view.value, list) and not view.missing:
        return [found for one in wanted for found in match.compare(one, view)]
    items = view.items()
    lacking = [one for one in wanted if not any(match.fits(one, item) for item in items)]
    free = [item for item in items if not any(match.fits(one, item) for one in wanted)]
    return [found for one in lacking for found in _lacking(match, one, view, free)]


def _lacking(match: Comparison, want: Any, view: View, free: list[View]) -> list[Mismatch]:
    """Why a list lacks an item: what differs in the item that was meant, else that it isn't there."""
    if view.missing:
        return [absent(view)]
    near = match.near(want, free)
    if near is not None:
        return match.compare(want, near)
    if isinstance(want, dict):
        name = want.get("name")
        return [
            wrong(view, f"has no item named {shown(name)}") if isinstance(name, str) else no_such_item(view)
        ]
    return [wrong(view, f"doesn't contain {shown(want)}")]


def _matches(_match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    """The whole value has the form of the pattern (RE2, linear in time)."""
    if view.missing:
        return [absent(view)]
    if (
        isinstance(view.value, str)
        and len(view.value) <= _LONGEST_MATCHED
        and _pattern(operand).fullmatch(view.value)
    ):
        return []
    return [wrong(view, f"is {shown(view.value)}, which doesn't match what the task requires")]


def _at_most(_match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    return _bounded(view, operand, "at-most")


def _at_least(_match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    return _bounded(view, operand, "at-least")


def _equals(match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    return match.exactly(operand, view)


def _contains(match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    if isinstance(view.value, str):
        if isinstance(operand, str) and operand in view.value:
            return []
        return [wrong(view, f"is {shown(view.value)}, which doesn't contain {shown(operand)}")]
    if isinstance(view.value, list):
        return _all_of(match, operand if isinstance(operand, list) else [operand], view)
    if isinstance(operand, dict):
        return match.fields(operand, view)
    return match.compare(operand, view)


def _count(match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    size = len(view.value) if isinstance(view.value, list | dict) else 0
    if isinstance(_counts("count", operand), dict):
        wanted = " and ".join(f"{name.replace('-', ' ')} {bound}" for name, bound in operand.items())
        right = not match.compare(operand, View(view.manifest, size, view.path, view.parent))
    else:
        wanted, right = str(operand), size == operand
    if right:
        return []
    if operand == 0 and isinstance(view.value, list):
        return [wrong(item, "is one too many; the task requires none") for item in view.items()]
    names = [item.value.get("name") for item in view.items() if isinstance(item.value, dict)]
    which = f" ({', '.join(map(shown, names))})" if names and all(isinstance(n, str) for n in names) else ""
    return [wrong(view, f"has {counted(size, 'item')}{which}; required: {wanted}")]


def _runs(_match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    """The command line starts the same process."""
    if view.missing:
        return [absent(view)]
    if view.value == _list("runs", operand):
        return []
    from trainer.simulate.containers.same_process import same_process

    words = view.value if isinstance(view.value, list) else [view.value]
    if same_process([str(word) for word in words], operand):
        return []
    return [wrong(view, f"is {shown(view.value)}; {shown(operand)} is required")]


def _networks(_match: Comparison, operand: Any, view: View) -> list[Mismatch]:
    """CIDR ranges that cover the same addresses, in whatever blocks."""
    if view.missing:
        return [absent(view)]
    wanted = _covered(_blocks("networks", operand))
    given = view.value if isinstance(view.value, list) else [view.value]
    if all(_is_block(one) for one in given) and _covered(given) == wanted:
        return []
    required = " and ".join(map(shown, operand))
    return [wrong(view, f"is {shown(view.value)}; the addresses of {required} are required")]


def _covered(blocks: list[Any]) -> list[str]:
    """The addresses of blocks as the fewest blocks, sorted; the API server ignores host bits and spaces."""
    from ipaddress import collapse_addresses, ip_network

    found = [ip_network(block.strip(), strict=False) for block in blocks]
    merged = [
        *collapse_addresses(one for one in found if one.version == 4),
        *collapse_addresses(one for one in found if one.version == 6),
    ]
    return sorted(map(str, merged))


def _is_block(value: Any) -> bool:
    from ipaddress import ip_network

    try:
        return isinstance(value, str) and "/" in value and bool(ip_network(value.strip(), strict=False))
    except ValueError:
        return False


OPERATORS: dict[str, Callable[[Comparison, Any, View], list[Mismatch]]] = {
    "every": _every,
    "some": _some,
    "none": _none,
    "absent": _absent,
    "present": _present,
    "one-of": _one_of,
    "none-of": _none_of,
    "all-of": _all_of,
    "matches": _matches,
    "at-most": _at_most,
    "at-least": _at_least,
    "equals": _equals,
    "contains": _contains,
    "count": _count,
    "runs": _runs,
    "networks": _networks,
}


def _bounded(view: View, operand: Any, name: str) -> list[Mismatch]:
    if view.missing:
        return [absent(view)]
    bound, value = _bound(name, operand), number(view.value, view.path)
    if value is not None and (value <= bound if name == "at-most" else value >= bound):
        return []
    words = "at most" if name == "at-most" else "at least"
    return [wrong(view, f"is {shown(view.value)}; {words} {shown(operand)} is required")]


def is_condition(expected: dict[Any, Any]) -> bool:
    """Whether a mapping is a condition: all of its keys, and at least one, are operators."""
    return bool(expected) and not expected.keys() - OPERATORS.keys()


def check_operators(expected: Any) -> None:
    """Check the operands of operators, all the way down. Raises `UsageError` for the first invalid one."""
    if isinstance(expected, list):
        for item in expected:
            check_operators(item)
    elif isinstance(expected, dict) and is_condition(expected):
        for name, operand in expected.items():
            if name in _OPERANDS:
                _OPERANDS[name](name, operand)
            if name not in ("equals", "contains"):
                check_operators(operand)
    elif isinstance(expected, dict):
        for value in expected.values():
            check_operators(value)


def _pattern(operand: Any) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(_text("matches", operand), options)
    except re2.error as error:
        raise _bad("matches", operand, "a pattern of RE2") from error


def _text(name: str, operand: Any) -> str:
    if not isinstance(operand, str):
        raise _bad(name, operand, "a pattern")
    return operand


def _list(name: str, operand: Any) -> list[Any]:
    if not isinstance(operand, list):
        raise _bad(name, operand, "a list")
    return operand


def _blocks(name: str, operand: Any) -> list[Any]:
    if not isinstance(operand, list) or not operand or not all(map(_is_block, operand)):
        raise _bad(name, operand, "a list of CIDR ranges")
    return operand


def _flag(name: str, operand: Any) -> bool:
    if not isinstance(operand, bool):
        raise _bad(name, operand, "true or false")
    return operand


def _counts(name: str, operand: Any) -> Any:
    plain = isinstance(operand, int) and not isinstance(operand, bool)
    if not plain and not (
        isinstance(operand, dict) and operand and operand.keys() <= {"at-least", "at-most"}
    ):
        raise _bad(name, operand, "a number, or at-least and at-most")
    return operand


def _bound(name: str, operand: Any) -> Any:
    bound = number(operand, ())
    if bound is None:
        raise _bad(name, operand, "a number or a quantity")
    return bound


def _bad(name: str, operand: Any, wanted: str) -> UsageError:
    return UsageError(f"the operator {name!r} takes {wanted}, not {shown(operand)}")


_OPERANDS: dict[str, Callable[[str, Any], Any]] = {
    "absent": _flag,
    "present": _flag,
    "one-of": _list,
    "none-of": _list,
    "all-of": _list,
    "runs": _list,
    "networks": _blocks,
    "matches": _text,
    "count": _counts,
    "at-most": _bound,
    "at-least": _bound,
}
