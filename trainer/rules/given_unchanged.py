"""Judges that the given objects are as they were, except those that the task is about.

The answer may contain them as given. `new: none` also refuses objects that didn't exist before: a LimitRange
in the Namespace of another team changes what its Pods get. What differs is what the answer's documents say;
in a cluster, other objects come and go all the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from trainer.manifests.model import Manifest
from trainer.match.changes import changes_of
from trainer.match.evidence import MOST, effects, named, not_found, still_there
from trainer.match.mismatch import Mismatch, reasons
from trainer.match.target import check_target, target_of
from trainer.rules import Live, Reads
from trainer.simulate.world import Key, World, object_key
from trainer.verdict import Outcome, Reason

EVERY = "*"
"""Every kind."""

_ADDED = "{} is new; the task doesn't ask for it."
_CHANGED = "{} must stay as it was: {} Leave the object out of your file, or write it as it was."

READS = Reads(Live.NEVER, kinds=(EVERY,))


class Besides(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Objects that the task is about: a kind in a namespace, or everything in a namespace."""

    kind: str = EVERY
    """The kind; omitted: every kind."""
    namespace: str = ""
    """The namespace; omitted: everywhere."""

    def matches(self, manifest: Manifest) -> bool:
        """Whether an object is one of these."""
        return self.kind in (EVERY, manifest.kind) and self.namespace in ("", manifest.namespace)


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may differ."""

    besides: tuple[Besides | str, ...] = ()
    """What the task is about: `Deployment shop/orders`, `{kind: NetworkPolicy}`, `{namespace: sun}`."""
    new: Literal["allowed", "none"] = "allowed"
    """`none`: besides these, no object that didn't exist before."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for a text that names no object."""
        for one in self.besides:
            if isinstance(one, str):
                check_target(one)


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every other object that the answer changes, takes away or, with `new: none`, adds."""
    besides = [one if isinstance(one, Besides) else target_of(one) for one in params.besides]

    def others(objects: Iterable[Manifest]) -> dict[Key, Manifest]:
        return {object_key(one): one for one in objects if not any(each.matches(one) for each in besides)}

    before, after = others(world.given), others(world.objects)
    changed: list[Mismatch] = []
    for key, one in after.items():
        if key in before and before[key] is not one:
            changed += [
                msgspec.structs.replace(each, message=_CHANGED.format(one.title, each.message))
                for each in changes_of(before[key], one, world.kubernetes)
            ]
    wrong = [Reason(f"{one.title} is gone.") for key, one in before.items() if key not in after]
    evidence = [not_found(named(one)) for key, one in before.items() if key not in after]
    for one in after.values():
        if params.new == "none" and object_key(one) not in before:
            wrong.append(Reason(_ADDED.format(one.title), one.where("metadata", "name")))
            evidence.append(still_there(one))
    return Outcome.of(wrong + reasons(changed), [*evidence[:MOST], *effects(changed)])
