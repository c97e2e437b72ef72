"""Two objects side by side: lists become mappings whose keys pair the items by meaning, not by position."""

from __future__ import annotations

from typing import Any

from trainer.match.compare import Matcher
from trainer.match.lists import pair_up, pairing
from trainer.match.same import plain_selector, same, unset_means
from trainer.match.view import View
from trainer.versions import Version

Aligned = Any
"""Plain values in which lists are mappings: the item's index on our side, or `("+", n)` for theirs only."""


def align(mine: View, theirs: View, kubernetes: Version) -> tuple[Aligned, Aligned]:
    """Both values, aligned: what means the same is equal, what is paired has the same key."""
    return _Aligner(kubernetes).pair(mine, theirs)


class _Aligner:
    def __init__(self, kubernetes: Version) -> None:
        self.kubernetes = kubernetes
        self.exact = Matcher(kubernetes, exact=True)

    def pair(self, mine: View, theirs: View) -> tuple[Aligned, Aligned]:
        if isinstance(mine.value, dict) and isinstance(theirs.value, dict):
            if plain_selector(mine.value) is not None and self.exact.fits(theirs.value, mine):
                return mine.value, mine.value
            return self._mappings(mine, theirs)
        if isinstance(mine.value, list) and isinstance(theirs.value, list):
            return self._lists(mine, theirs)
        if same(theirs.value, mine.value, mine.path):
            return mine.value, mine.value
        return mine.value, theirs.value

    def _mappings(self, mine: View, theirs: View) -> tuple[Aligned, Aligned]:
        left: dict[Any, Aligned] = {}
        right: dict[Any, Aligned] = {}
        for key in {**mine.value, **theirs.value}:
            ours, other = mine.child(key), theirs.child(key)
            if ours.missing and other.missing:
                continue
            if ours.missing:
                if not unset_means(other.value, other.path):
                    right[key] = other.value
            elif other.missing:
                if not unset_means(ours.value, ours.path):
                    left[key] = ours.value
            else:
                left[key], right[key] = self.pair(ours, other)
        return left, right

    def _lists(self, mine: View, theirs: View) -> tuple[Aligned, Aligned]:
        ours, others = mine.items(), theirs.items()
        left: dict[Any, Aligned] = {}
        right: dict[Any, Aligned] = {}
        partners = self._partners(mine, ours, others)
        for index, partner in enumerate(partners):
            if partner is None:
                left[index] = ours[index].value
            else:
                left[index], right[index] = self.pair(ours[index], others[partner])
        for index, item in enumerate(others):
            if index not in partners:
                right["+", index] = item.value
        return left, right

    def _partners(self, mine: View, ours: list[View], others: list[View]) -> list[int | None]:
        values = [item.value for item in (*ours, *others)]
        how = pairing(mine.manifest, mine.path, values, self.kubernetes)
        if how == "ordered":
            return [index if index < len(others) else None for index in range(len(ours))]

        def equal(one: int, two: int) -> bool:
            if (
                isinstance(how, tuple)
                and isinstance(ours[one].value, dict)
                and isinstance(others[two].value, dict)
            ):
                return all(ours[one].value.get(key) == others[two].value.get(key) for key in how)
            return self.exact.fits(others[two].value, ours[one])

        partners = pair_up(len(ours), len(others), equal)
        left = [index for index, partner in enumerate(partners) if partner is None]
        right = [index for index in range(len(others)) if index not in partners]
        if all(isinstance(value, dict) for value in values):
            # Leftovers on both sides are shown as changed, not as one removed and one added.
            for one, two in zip(left, right, strict=False):
                partners[one] = two
        return partners
