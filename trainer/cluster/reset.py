"""Delete what was created for a card: only objects with our label for it, shown first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.cluster.client import KindMissing
from trainer.cluster.labels import is_ours, selector
from trainer.cluster.prepare import title_of
from trainer.cluster.suffix import NO_SUFFIX, Suffix
from trainer.manifests.model import Manifest

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster

Progress = Callable[[str], None]

_ALWAYS = (("v1", "Namespace"), ("v1", "ServiceAccount"))


class Doomed(msgspec.Struct, frozen=True, eq=False):
    """An object that reset would delete. `inside` names what else is in a Namespace and is
    deleted with it."""

    data: dict[str, Any]
    inside: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """`Namespace sun`."""
        return title_of(self.data)


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
    spaces = {str(one["metadata"]["name"]) for one in ours if one["kind"] == "Namespace"}
    alone = [
        one for one in ours if one["kind"] != "Namespace" and one["metadata"].get("namespace") not in spaces
    ]
    return (
        *(Doomed(one) for one in alone),
        *(
            Doomed(one, _inside(cluster, str(one["metadata"]["name"]), kinds))
            for one in ours
            if one["kind"] == "Namespace"
        ),
    )


def reset(
    cluster: Cluster, doomed: Iterable[Doomed], *, progress: Progress = lambda _: None
) -> tuple[str, ...]:
    """Delete these objects, each by its uid; returns their titles. Raises `ClusterError`."""
    gone = []
    for one in doomed:
        progress(f"deleting {one.title}")
        cluster.delete(one.data)
        gone.append(one.title)
    return tuple(gone)


def _inside(cluster: Cluster, namespace: str, kinds: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The objects in a namespace of the card: the kinds that the card gives, and Pods."""
    found = []
    for api_version, kind in dict.fromkeys((*kinds, ("v1", "Pod"), ("apps/v1", "Deployment"))):
        if cluster.kind(api_version, kind).namespaced:
            found += cluster.list(api_version, kind, namespace)
    return tuple(
        title_of(one)
        for one in found
        if (one["kind"], one["metadata"]["name"]) != ("ServiceAccount", "default")
    )
