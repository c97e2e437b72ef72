"""Undo what was done for a card: only objects with our label for it, shown first.

What was created is deleted. What the cluster made by itself, and was only updated, is restored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.cluster.adopt import is_adopted, restore
from trainer.cluster.client import KindMissing
from trainer.cluster.contents import Contents, contents_of
from trainer.cluster.labels import is_ours, selector
from trainer.cluster.prepare import title_of
from trainer.cluster.suffix import NO_SUFFIX, Suffix
from trainer.manifests.model import Manifest

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster

Progress = Callable[[str], None]

_ALWAYS = (("v1", "Namespace"), ("v1", "ServiceAccount"))


class Doomed(msgspec.Struct, frozen=True, eq=False):
    """An object that reset would delete, or restore. `contents` is what is in a Namespace and is deleted
    with it."""

    data: dict[str, Any]
    contents: Contents = Contents(())
    restored: bool = False

    @property
    def title(self) -> str:
        """`Namespace sun`."""
        return title_of(self.data)

    @property
    def inside(self) -> tuple[str, ...]:
        """What is deleted with it, as texts: objects, and the number of those that the cluster made."""
        found = [title_of(one) for one in self.contents.objects]
        if self.contents.made:
            one = self.contents.made == 1
            found.append(f"{self.contents.made} {'object' if one else 'objects'} that the cluster made")
        if self.contents.unseen:
            found.append(f"objects that can't be listed ({', '.join(self.contents.unseen)})")
        return tuple(found)


def find_ours(
    cluster: Cluster, card: str, given: Iterable[Manifest], suffix: Suffix = NO_SUFFIX
) -> tuple[Doomed, ...]:
    """The objects of this card (and this learner) in the cluster; changes nothing."""
    given = list(given)
    kinds = list(dict.fromkeys((*_ALWAYS, *((one.api_version, one.kind) for one in given))))
    found: list[dict[str, Any]] = []
    for api_version, kind in kinds:
        try:
            found += cluster.list(api_version, kind, selector=selector(card, suffix.text))
        except KindMissing:
            continue
    ours = [
        one
        for one in found
        if is_ours(one, card, suffix.text) and not one["metadata"].get("deletionTimestamp")
    ]
    spaces = [one for one in ours if one["kind"] == "Namespace" and not is_adopted(one)]
    names = {str(one["metadata"]["name"]) for one in spaces}
    alone = [one for one in ours if one not in spaces and one["metadata"].get("namespace") not in names]
    return (
        *(Doomed(one, restored=is_adopted(one)) for one in alone),
        *(Doomed(one, contents_of(cluster, str(one["metadata"]["name"]))) for one in spaces),
    )


def reset(
    cluster: Cluster, doomed: Iterable[Doomed], *, progress: Progress = lambda _: None
) -> tuple[Doomed, ...]:
    """Delete or restore these objects, each by its uid; returns what was done. Raises `ClusterError`."""
    done = []
    for one in doomed:
        progress(f"{'restoring' if one.restored else 'deleting'} {one.title}")
        if one.restored:
            restore(cluster, one.data)
        else:
            cluster.delete(one.data)
        done.append(one)
    return tuple(done)
