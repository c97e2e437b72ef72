"""Which Pods a workload creates: the Pod template of every kind that has one.

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
"""Where each kind has its Pod's metadata and spec."""

CONTAINER_LISTS = ("initContainers", "containers", "ephemeralContainers")


class PodTemplate(msgspec.Struct, frozen=True, eq=False):
    """A Pod, or the Pods that a workload would create; `path` leads to its metadata and spec."""

    owner: Manifest
    path: Path

    @property
    def metadata(self) -> dict[str, Any]:
        """The Pod's metadata (empty if a template has none)."""
        return mapping(self.owner.get(*self.path, "metadata", default={}))

    @property
    def spec(self) -> dict[str, Any]:
        """The Pod's spec."""
        return mapping(self.owner.get(*self.path, "spec", default={}))

    @property
    def namespace(self) -> str:
        """The namespace that the Pod runs in: always its owner's."""
        return self.owner.namespace

    @property
    def labels(self) -> dict[str, str]:
        """The Pod's labels."""
        return mapping(self.metadata.get("labels"))

    @property
    def title(self) -> str:
        """The owner in words: `Deployment sun/web`."""
        return self.owner.title

    def where(self, *path: str | int) -> Location:
        """The place of a value; `path` is relative to the Pod (`"spec", "containers", 0`)."""
        return self.owner.where(*self.path, *path)

    def containers(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Every container with its path relative to the Pod: init, ordinary, ephemeral."""
        for field in CONTAINER_LISTS:
            for index, container in indexed(self.spec.get(field)):
                yield ("spec", field, index), container


def pod_template(manifest: Manifest) -> PodTemplate | None:
    """The Pod or Pod template of an object, or None for kinds that create no Pods."""
    path = TEMPLATE_PATHS.get(manifest.kind)
    return None if path is None else PodTemplate(manifest, path)


def pod_templates(manifests: Iterable[Manifest]) -> list[PodTemplate]:
    """The Pods and Pod templates among these objects."""
    return [found for manifest in manifests if (found := pod_template(manifest))]
