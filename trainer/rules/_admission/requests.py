"""Requests for admission, made from plain data: Pods with given images, and any other object."""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from trainer.manifests.defaults import with_defaults
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.manifests.schema.check import check_schema
from trainer.rules._admission.meant import Place
from trainer.simulate.access.requests import Identity
from trainer.simulate.admission.matching import AdmissionRequest
from trainer.versions import Version

Data = dict[str, Any]
DEVELOPER = Identity("developer", ("system:authenticated",))

KEPT = 4096
"""Objects that are kept for the next answer, a few kilobytes each: most answers are asked about the same."""


class Maker:
    """Makes the requests for one answer. An object that several requests have is defaulted once."""

    def __init__(self, home: Place, good: str, kubernetes: Version) -> None:
        self.home = home
        self.good = good
        self.kubernetes = kubernetes
        self.right = self.pod("containers", [good])
        self._made: dict[tuple[int, str], tuple[Data, Manifest]] = {}

    def pod(self, field: str, images: Sequence[str]) -> Data:
        """A Pod with these images in one of its lists, and a right one in `containers`."""
        lists = {"containers": [self.good], field: images}
        spec = {
            name: [{"name": f"{name[0]}{number}", "image": image} for number, image in enumerate(found)]
            for name, found in lists.items()
        }
        return self.named({"apiVersion": "v1", "kind": "Pod", "spec": spec})

    def named(self, data: Data, name: str = "probe") -> Data:
        """The object with that name."""
        return {**data, "metadata": {**data.get("metadata", {}), "name": name}}

    def request(
        self,
        operation: str,
        data: Data | None,
        old: Data | None = None,
        *,
        identity: Identity = DEVELOPER,
        place: Place | None = None,
        cluster_scoped: bool = False,
    ) -> AdmissionRequest:
        """A request for an object in a Namespace of the policy, or in another one, or in none."""
        where = place or self.home
        labels = {**where.labels, "kubernetes.io/metadata.name": where.name}
        namespace = "" if cluster_scoped else where.name
        return AdmissionRequest(
            operation,
            self.manifest(data, namespace) if data else None,
            self.manifest(old, namespace) if old else None,
            identity,
            namespace_labels={} if cluster_scoped else labels,
            namespace_object=None if cluster_scoped else {"metadata": {"name": where.name, "labels": labels}},
        )

    def manifest(self, data: Data, namespace: str = "") -> Manifest:
        """The object as it is sent, defaulted."""
        key = (id(data), namespace)
        if key not in self._made:
            metadata = {**data["metadata"], "namespace": namespace} if namespace else data["metadata"]
            self._made[key] = (data, _defaulted(_written({**data, "metadata": metadata}), self.kubernetes))
        return self._made[key][1]

    def is_decoded(self, data: Data) -> bool:
        """Whether the API server can decode the object: it has the fields of its kind, of the right types."""
        return _is_decoded(self.manifest(data), self.kubernetes)


def _written(data: Data) -> bytes:
    """Plain values as bytes: equal ones for equal values of equal types, in the same order."""
    return marshal.dumps(data, 2)  # version 2 knows no references, which tell equal values apart


@lru_cache(maxsize=KEPT)
def _defaulted(written: bytes, kubernetes: Version) -> Manifest:
    data = marshal.loads(written)  # noqa: S302 - written by this process
    return with_defaults(_empty().with_data(data), kubernetes)


@lru_cache(maxsize=KEPT)
def _is_decoded(manifest: Manifest, kubernetes: Version) -> bool:
    return not check_schema(manifest, kubernetes)


@cache
def _empty() -> Manifest:
    """A manifest that others are made from: what is tried is written in no file."""
    [manifest] = manifests_of(parse(b"{apiVersion: v1, kind: Pod}", "probe").documents)[0]
    return manifest
