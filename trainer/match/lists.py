"""Pairing the items of an expected list with those of an actual one, by meaning and not by position."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from trainer.manifests.model import Manifest, Path
from trainer.manifests.schema.lists import list_keys
from trainer.versions import Version

_ORDERED = frozenset(
    (
        ("Policy", "rules"),
        ("EncryptionConfiguration", "resources"),
        ("EncryptionConfiguration", "keys"),
        ("*", "providers"),
        ("*", "envFrom"),
    )
)
"""Lists of mappings whose order decides: the first audit rule that matches, the provider (and of its
keys the first) that writes."""

Pairing = tuple[str, ...] | Literal["set", "ordered"]


def pairing(manifest: Manifest, path: Path, items: Sequence[Any], kubernetes: Version) -> Pairing:
    """How the items of the list at `path` are identified: by key fields, as a set, or by position."""
    keys = list_keys(manifest.api_version, manifest.kind, path, kubernetes)
    if isinstance(keys, tuple):
        return keys
    field = path[-1] if path else ""
    if keys == "set":
        return "set"
    if ("*", field) in _ORDERED or (manifest.kind, field) in _ORDERED:
        return "ordered"
    # An atomic list of mappings (paths of an Ingress, items of a volume) has no order that counts;
    # an atomic list of words (command, args) has.
    if all(isinstance(item, dict) for item in items):
        return "set"
    return "ordered" if keys == "atomic" or field in ("command", "args") else "set"


def pair_up(left: int, right: int, fits: Callable[[int, int], bool]) -> list[int | None]:
    """For each of `left` items, the matching partner among `right`, for as many as possible.

    Augmenting paths (https://en.wikipedia.org/wiki/Matching_(graph_theory)), so that an item that
    matches two partners doesn't take the only one of another.
    """
    partner_of: dict[int, int] = {}

    def place(item: int, tried: set[int]) -> bool:
        for candidate in range(right):
            if candidate in tried or not fits(item, candidate):
                continue
            tried.add(candidate)
            if candidate not in partner_of or place(partner_of[candidate], tried):
                partner_of[candidate] = item
                return True
        return False

    for item in range(left):
        place(item, set())
    found: list[int | None] = [None] * left
    for candidate, item in partner_of.items():
        found[item] = candidate
    return found
