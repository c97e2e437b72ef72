"""Which pods a workload makes: the pod template of every kind that has one.

Follows https://kubernetes.io/docs/concepts/workloads/controllers/ (v1.35).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import indexed, mapping
from trainer.verdict import Location

TEMPLATE_PATHS: dict[str, Path] = {
    "Pod": (),
    "PodTemplate": ("template",),
    "Deployment": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
"""Where each kind keeps its pod's metadata and spec."""

CONTAINER_LISTS = ("initContainers", "containers", "ephemeralContainers")


class PodTemplate(msgspec.Struct, frozen=True, eq=False):
    """A pod, or the pods that a workload would make; `path` leads to its metadata and spec."""

    owner: Manifest
    path: Path

    @property
    def metadata(self) -> dict[str, Any]:
        """The pod's metadata (a template's may be missing: then empty)."""
        return mapping(self.owner.get(*self.path, "metadata", default={}))

    @property
    def spec(self) -> dict[str, Any]:
        """The pod's spec."""
        return mapping(self.owner.get(*self.path, "spec", default={}))

    @property
    def namespace(self) -> str:
        """The namespace that the pod runs in: always its owner's."""
        return self.owner.namespace

    @property
    def labels(self) -> dict[str, str]:
        """The pod's labels."""
        return mapping(self.metadata.get("labels"))

    @property
    def title(self) -> str:
        """The owner in words: `Deployment sun/web`."""
        return self.owner.title

    def where(self, *path: str | int) -> Location:
        """The place of a value; `path` is relative to the pod (`"spec", "containers", 0`)."""
        return self.owner.where(*self.path, *path)

    def containers(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Every container with its path relative to the pod: init, ordinary, ephemeral."""
        for field in CONTAINER_LISTS:
            for index, container in indexed(self.spec.get(field)):
                yield ("spec", field, index), container


def pod_template(manifest: Manifest) -> PodTemplate | None:
    """The pod or pod template of an object, or None for kinds that make no pods."""
    path = TEMPLATE_PATHS.get(manifest.kind)
    return None if path is None else PodTemplate(manifest, path)


def pod_templates(manifests: Iterable[Manifest]) -> list[PodTemplate]:
    """The pods and pod templates among these objects."""
    return [found for manifest in manifests if (found := pod_template(manifest))]
