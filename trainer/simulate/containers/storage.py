"""Which storage a container has at a path: a claim, the node's files, a volume of the Pod, and where in it.

Follows https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath and
https://kubernetes.io/docs/concepts/storage/persistent-volumes/ (v1.35): volumes of the same claim are the
same storage, whatever their names; a `subPath` is a directory of the volume, not its root.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.values import text
from trainer.simulate.containers.mounts import ROOT, ContainerWrites, Place, resolve
from trainer.simulate.containers.volumes import Volume, volume_of
from trainer.simulate.workloads import PodTemplate


class Storage(msgspec.Struct, frozen=True):
    """One directory (or file) of one storage. Two containers that have the same share it."""

    type: str
    """The volume's type, or `root filesystem`."""
    name: str
    """The claim's name, or the volume's in its Pod; of a root filesystem, the container's."""
    inside: str
    """The directory in it, `.` for all of it."""

    @property
    def words(self) -> str:
        """The storage in words: `directory ledger of PersistentVolumeClaim ledger-data`."""
        kind = {"persistentVolumeClaim": "PersistentVolumeClaim", "hostPath": "the node"}.get(self.type)
        whole = f"{kind or self.type} {self.name}" if self.type != "hostPath" else str(kind)
        if self.type == ROOT:
            whole = f"the root filesystem of container {self.name}"
        return whole if self.inside == "." else f"directory {self.inside} of {whole}"


def storage_at(
    pod: PodTemplate, volumes: Mapping[str, Volume], container: ContainerWrites, path: str
) -> Storage:
    """What the container has at `path`. Raises `NotJudged` for a mount with `subPathExpr`."""
    place = container.place_of(path)
    below = posixpath.relpath(resolve(path, container.aliases), place.path)
    if not place.volume:
        return Storage(ROOT, container.name, below)
    volume = volume_of(volumes, place.volume, pod, ("spec", "volumes"))
    inside = _inside(place, below)
    if volume.type == "persistentVolumeClaim":
        return Storage(volume.type, text(volume.source.get("claimName")) or volume.name, inside)
    if volume.type == "hostPath":
        whole = posixpath.normpath(posixpath.join(text(volume.source.get("path")) or "/", inside))
        return Storage(volume.type, "", whole)
    return Storage(volume.type, volume.name, inside)


def _inside(place: Place, below: str) -> str:
    if place.sub_path is None:
        raise NotJudged("a mount with subPathExpr", place.location)
    return posixpath.normpath(posixpath.join(place.sub_path, below))
