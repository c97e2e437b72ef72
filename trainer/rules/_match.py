"""Is what a check expects contained in an object? The subset comparison behind the rule `fields`.

Expected mappings are contained field by field, lists item by item as the API pairs them (merge
keys, sets, or by position where order counts), scalars by meaning (`_same`). A mapping whose keys
are all operators (`_operators`) is a condition on the value instead.
"""

from __future__ import annotations

from typing import Any

import msgspec

from trainer.manifests.model import Manifest
from trainer.rules._lists import pair_up, pairing
from trainer.rules._same import same, unset_means
from trainer.rules._view import View, name_text, owner_text, whole
from trainer.verdict import Location, Reason


class Mismatch(msgspec.Struct, frozen=True, eq=False):
    """One place where an object isn't as expected: what is there, as a sentence."""

    view: View
    message: str

    @property
    def location(self) -> Location:
        """The offending value, or the deepest value that is there above a missing one."""
        there, _ = self.view.there()
        return self.view.manifest.where(*there.path)


def mismatches(manifest: Manifest, expected: Any, kubernetes: str) -> list[Mismatch]:
    """Everything in which an object falls short of `expected`; empty where it is contained.

    Raises `UsageError` for an operator with a parameter that it can't take.
    """
    return Matcher(kubernetes).compare(expected, whole(manifest))


def reasons(found: list[Mismatch]) -> list[Reason]:
    """The mismatches as reasons, each said once, in the order of the object's text."""
    unique = {(mismatch.message, mismatch.location): mismatch for mismatch in found}
    ordered = sorted(unique.values(), key=lambda mismatch: (mismatch.location.line, mismatch.location.column))
    return [Reason(mismatch.message, mismatch.location) for mismatch in ordered]


class Matcher:
    """The comparison for one Kubernetes version. With `exact` nothing more than expected may be there."""

    def __init__(self, kubernetes: str, *, exact: bool = False) -> None:
        self.kubernetes = kubernetes
        self.exact = exact

    def compare(self, expected: Any, view: View) -> list[Mismatch]:
        """What `view` lacks of `expected`."""
        if isinstance(expected, dict):
            from trainer.rules._operators import OPERATORS

            if expected and not self.exact and OPERATORS.keys() >= expected.keys():
                return [
                    found
                    for name, operand in expected.items()
                    for found in OPERATORS[name](self, operand, view)
                ]
            return self.fields(expected, view)
        if isinstance(expected, list):
            return self._list(expected, view)
        return self._scalar(expected, view)

    def fits(self, expected: Any, view: View) -> bool:
        """Whether `expected` is contained in `view`."""
        return not self.compare(expected, view)

    def fields(self, expected: dict[Any, Any], view: View) -> list[Mismatch]:
        """Compare a mapping, its keys taken literally."""
        if not view.missing and not isinstance(view.value, dict):
            return [Mismatch(view, f"{_what(view)} is {shown(view.value)}; it should hold fields.")]
        if view.missing and not expected:
            return [absent(view)]
        found = [one for key, value in expected.items() for one in self.compare(value, view.child(str(key)))]
        if self.exact and isinstance(view.value, dict):
            extra = [key for key in view.value if key not in expected and not _empty(view.value[key])]
            found += [
                Mismatch(view.child(key), f"{_what(view.child(key))} shouldn't be there.") for key in extra
            ]
        return found

    def _list(self, expected: list[Any], view: View) -> list[Mismatch]:
        if not view.missing and not isinstance(view.value, list):
            return [Mismatch(view, f"{_what(view)} is {shown(view.value)}; it should be a list.")]
        items = view.items()
        if view.missing and expected:
            return [absent(view)]
        how = pairing(view.manifest, view.path, [*expected, *(item.value for item in items)], self.kubernetes)
        if view.places is not None and how == "ordered" and isinstance(expected[0], dict):
            how = "set"
        if how == "ordered":
            return self._ordered(expected, view)
        found: list[Mismatch] = []
        rest = expected
        if isinstance(how, tuple):
            by_key = [
                item for item in expected if isinstance(item, dict) and all(_plain(item.get(k)) for k in how)
            ]
            rest = [item for item in expected if item not in by_key]
            for item in by_key:
                found += self._keyed(item, how, view)
        found += self._set(rest, view, items)
        if self.exact and len(items) > len(expected):
            found.append(
                Mismatch(view, f"{_what(view)} has {len(items)} items; {len(expected)} are asked for.")
            )
        return found

    def _keyed(self, expected: dict[str, Any], keys: tuple[str, ...], view: View) -> list[Mismatch]:
        for item in view.items():
            if isinstance(item.value, dict) and all(
                same(expected[key], item.value.get(key), (*item.path, key)) for key in keys
            ):
                return self.compare(expected, item)
        wanted = " and ".join(f"{key} {shown(expected[key])}" for key in keys)
        return [Mismatch(view, f"{_what(view)} has no item with {wanted}.")]

    def _set(self, expected: list[Any], view: View, items: list[View]) -> list[Mismatch]:
        partners = pair_up(len(expected), len(items), lambda one, two: self.fits(expected[one], items[two]))
        lacking = [wanted for wanted, partner in zip(expected, partners, strict=True) if partner is None]
        free = [item for index, item in enumerate(items) if index not in partners]
        found: list[Mismatch] = []
        for wanted in lacking:
            # The likely item is the one that falls short in the fewest places; said only where it is plain.
            near = min((self.compare(wanted, item) for item in free), key=len, default=[])
            if isinstance(wanted, dict) and near and (len(free) == 1 or len(near) == 1):
                found += near
            elif isinstance(wanted, dict | list):
                found.append(Mismatch(view, f"No item of {_what(view)} is as asked for."))
            else:
                found.append(Mismatch(view, f"{_what(view)} doesn't list {shown(wanted)}."))
        return found

    def _ordered(self, expected: list[Any], view: View) -> list[Mismatch]:
        items = view.items()
        if len(items) != len(expected):
            return [Mismatch(view, f"{_what(view)} is {shown(view.value)}; something else is asked for.")]
        return [
            found
            for wanted, item in zip(expected, items, strict=True)
            for found in self.compare(wanted, item)
        ]

    def _scalar(self, expected: Any, view: View) -> list[Mismatch]:
        if view.missing:
            return [] if unset_means(expected, view.path) else [absent(view)]
        if same(expected, view.value, view.path):
            return []
        if expected is None:
            return [Mismatch(view, f"{_what(view)} is {shown(view.value)}; it should not be set.")]
        if isinstance(expected, bool) and isinstance(view.value, bool):
            return [Mismatch(view, f"{_what(view)} is {shown(view.value)}.")]
        return [Mismatch(view, f"{_what(view)} is {shown(view.value)}; asked for is {shown(expected)}.")]


def absent(view: View) -> Mismatch:
    """The mismatch of a value that isn't there: its first missing step is named, no more."""
    there, below = view.there()
    missing = next((str(step) for step in below if isinstance(step, str)), "")
    if not missing:
        return Mismatch(view, f"{_what(view)} is not set.")
    place = f"{_what(there)} has" if there.path else f"{view.manifest.title} has"
    return Mismatch(view, f"{place} no `{missing}`.")


def shown(value: Any) -> str:
    """A value for a sentence, short."""
    if value is True or value is False:
        text = str(value).lower()
    elif isinstance(value, str):
        text = value
    else:
        import json

        text = json.dumps(value, default=str)
    return f"`{text}`" if len(text) <= _LONGEST else f"`{text[:_LONGEST]}...`"


_LONGEST = 80


def _what(view: View) -> str:
    """The field in words: `\\`image\\` of container \\`web\\``, or the named item itself."""
    return f"`{name_text(view)}`{owner_text(view)}"


def _plain(value: Any) -> bool:
    return value is not None and not isinstance(value, dict | list)


def _empty(value: Any) -> bool:
    return value is None or value in ({}, [])
