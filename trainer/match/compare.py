"""Is what a check expects contained in an object? The subset comparison behind the rule `fields`.

Expected mappings are contained field by field, lists item by item as the API pairs them (merge
keys, sets, or by position where order counts), scalars by meaning (`same`). A mapping whose keys
are all operators (`operators`) is a condition on the value instead.
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.model import Manifest
from trainer.match.lists import pair_up, pairing
from trainer.match.mismatch import Mismatch, absent, no_such_item, too_much, wrong
from trainer.match.operators import OPERATORS, is_condition
from trainer.match.same import plain_selector, same, unset_means
from trainer.match.secret_data import difference, is_secret_data
from trainer.match.view import View, whole
from trainer.match.words import shown
from trainer.versions import Version


def mismatches(manifest: Manifest, expected: Any, kubernetes: Version) -> list[Mismatch]:
    """Everything that an object lacks of `expected`; empty if it is contained.

    Raises `UsageError` for an operator with an invalid parameter.
    """
    return Matcher(kubernetes).compare(expected, whole(manifest))


class Matcher:
    """The comparison for one Kubernetes version. With `exact` nothing beyond the expected may exist.

    In exact comparisons operators count as fields: both sides are plain values.
    """

    def __init__(self, kubernetes: Version, *, exact: bool = False) -> None:
        self.kubernetes = kubernetes
        self.exact = exact

    def compare(self, expected: Any, view: View) -> list[Mismatch]:
        """What `view` lacks of `expected` (and, where exact, has beyond it)."""
        if isinstance(expected, dict):
            if not self.exact and is_condition(expected):
                found = (OPERATORS[name](self, operand, view) for name, operand in expected.items())
                return [mismatch for one in found for mismatch in one]
            found_lacking = self.fields(expected, view)
            return [] if found_lacking and self._selects_the_same(expected, view) else found_lacking
        if isinstance(expected, list):
            return self._list(expected, view)
        return self._scalar(expected, view)

    def _selects_the_same(self, expected: dict[Any, Any], view: View) -> bool:
        """Whether both are label selectors that differ in form only."""
        wanted, written = plain_selector(expected), plain_selector(view.value)
        if wanted is None or written is None:
            return False
        return not self.fields(wanted, View(view.manifest, written, view.path, view.parent))

    def exactly(self, expected: Any, view: View) -> list[Mismatch]:
        """What `view` lacks of `expected`, and has beyond it."""
        return Matcher(self.kubernetes, exact=True).compare(expected, view)

    def fits(self, expected: Any, view: View) -> bool:
        """Whether `expected` is contained in `view`."""
        return not self.compare(expected, view)

    def fields(self, expected: dict[Any, Any], view: View) -> list[Mismatch]:
        """Compare a mapping, its keys taken literally."""
        if not view.missing and not isinstance(view.value, dict):
            return [wrong(view, f"is {shown(view.value)}; it must be a mapping")]
        if view.missing and (self.exact or not expected):
            return [] if unset_means(expected, view.path) else [absent(view)]
        found = [one for key, value in expected.items() for one in self.compare(value, view.child(str(key)))]
        if self.exact:
            more = [view.child(key) for key in view.value if key not in expected]
            found += [too_much(one) for one in more if not self._means_unset(one)]
        return found

    def _means_unset(self, view: View) -> bool:
        return view.missing or unset_means(view.value, view.path)

    def _list(self, expected: list[Any], view: View) -> list[Mismatch]:
        if view.missing:
            return [absent(view)] if expected else []
        if not isinstance(view.value, list):
            return [wrong(view, f"is {shown(view.value)}; it must be a list")]
        how = pairing(view.manifest, view.path, [*expected, *view.value], self.kubernetes)
        if how == "ordered":
            return self._ordered(expected, view)
        if isinstance(how, tuple):
            return self._by_keys(expected, how, view)
        return self._set(expected, view, view.items())

    def _by_keys(self, expected: list[Any], keys: tuple[str, ...], view: View) -> list[Mismatch]:
        keyed = [item for item in expected if _has_keys(item, keys)]
        rest = [item for item in expected if item not in keyed]
        found = [mismatch for item in keyed for mismatch in self._keyed(item, keys, view)]
        # Items without all of their keys are compared with the items that no keys claim.
        free = [item for item in view.items() if not any(_same_keys(want, item, keys) for want in keyed)]
        return found + self._set(rest, view, free)

    def _keyed(self, expected: dict[str, Any], keys: tuple[str, ...], view: View) -> list[Mismatch]:
        for item in view.items():
            if _same_keys(expected, item, keys):
                return self.compare(expected, item)
        wanted = " and ".join(f"{key} {shown(expected[key])}" for key in keys)
        return [wrong(view, f"has no item with {wanted}")]

    def _set(self, expected: list[Any], view: View, items: list[View]) -> list[Mismatch]:
        partners = pair_up(len(expected), len(items), lambda one, two: self.fits(expected[one], items[two]))
        free = [item for index, item in enumerate(items) if index not in partners]
        found: list[Mismatch] = []
        for index, want in enumerate(expected):
            if partners[index] is not None or self._repeats(want, expected[:index], items):
                continue
            near = self.near(want, free)
            if near is None:
                found.append(no_such_item(view) if isinstance(want, dict | list) else _not_listed(view, want))
            else:
                found += self.compare(want, near)
                free = [item for item in free if item is not near]
        if self.exact:
            more = [item for item in free if not any(self.fits(want, item) for want in expected)]
            found += [wrong(item, f"is {shown(item.value)}; remove it") for item in more]
        return found

    def _repeats(self, want: Any, before: list[Any], items: list[View]) -> bool:
        """Whether an item is a repetition, which has no meaning in a set."""
        return _text(want) in map(_text, before) or (
            self.exact and any(self.fits(want, item) for item in items)
        )

    def near(self, want: Any, free: list[View]) -> View | None:
        """The item that was probably meant for a required one: named only if it is unambiguous."""
        if not isinstance(want, dict | list) or not free:
            return None
        name = want.get("name") if isinstance(want, dict) else None
        if isinstance(name, str):
            namesakes = [
                item for item in free if isinstance(item.value, dict) and item.value.get("name") == name
            ]
            if len(namesakes) == 1:
                return namesakes[0]
        if len(free) == 1:
            return free[0]
        nearly = [item for item in free if len(self.compare(want, item)) == 1]
        return nearly[0] if len(nearly) == 1 else None

    def _ordered(self, expected: list[Any], view: View) -> list[Mismatch]:
        items = view.items()
        if len(items) != len(expected):
            return [wrong(view, f"is {shown(view.value)}; another value is required")]
        pairs = zip(expected, items, strict=True)
        return [mismatch for want, item in pairs for mismatch in self.compare(want, item)]

    def _scalar(self, expected: Any, view: View) -> list[Mismatch]:
        if view.missing:
            return [] if unset_means(expected, view.path) else [absent(view, shown(expected))]
        if same(expected, view.value, view.path):
            return []
        if expected is None:
            return (
                []
                if self._means_unset(view)
                else [wrong(view, f"is {shown(view.value)}; it must not be set")]
            )
        if is_secret_data(view):
            return [wrong(view, difference(expected, view.value))]
        return [wrong(view, f"is {shown(view.value)}; {shown(expected)} is required")]


def _not_listed(view: View, want: Any) -> Mismatch:
    return wrong(view, f"doesn't contain {shown(want)}")


def _text(value: Any) -> str:
    """A value as text that distinguishes true from 1; for finding repeated items."""
    import json

    return json.dumps(value, sort_keys=True, default=repr)


def _has_keys(item: Any, keys: tuple[str, ...]) -> bool:
    return isinstance(item, dict) and all(_plain(item.get(key)) for key in keys)


def _same_keys(expected: dict[str, Any], item: View, keys: tuple[str, ...]) -> bool:
    return isinstance(item.value, dict) and all(
        same(expected[key], item.value.get(key), (*item.path, key)) for key in keys
    )


def _plain(value: Any) -> bool:
    return value is not None and not isinstance(value, dict | list)
