"""Where a process of each container can write: root filesystem, volumes, nested mounts, remounts.

Follows https://kubernetes.io/docs/tasks/configure-pod-container/security-context/,
https://kubernetes.io/docs/concepts/storage/volumes/ (read-only mounts) and the kubelet's
`makeMounts` and `makeBlockVolumes`, v1.35. The runtime mounts by depth, so the deepest mount
above a path decides. Two ways around a read-only root count as writable: a privileged container,
and one with CAP_SYS_ADMIN, can remount it (`mount -o remount,rw /`).

This judges the mount, not the file: owners and modes inside an image are not known here. A
process that isn't root can surely write only to an emptyDir (mode 0777), to the node's `/tmp`, or to storage
that `fsGroup` opens; see `Place.for_anyone`. Other directories of the node belong to root
(https://kubernetes.io/docs/concepts/storage/volumes/#hostpath); see `Place.for_root`. The runtime's own
mounts are listed, never counted.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.values import indexed, items_at, mapping
from trainer.simulate.containers.volumes import API_DATA, Access, Volume, pod_volumes, volume_of
from trainer.simulate.shell.paths import is_within, normalise
from trainer.simulate.sub_paths import sub_path_of

if TYPE_CHECKING:
    from trainer.manifests.model import Path
    from trainer.simulate.workloads import PodTemplate
    from trainer.simulate.world import World
    from trainer.verdict import Location

ROOT = "root filesystem"
TERMINATION_LOG = "/dev/termination-log"
TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - a path, no secret
RUNTIME_MOUNTS = ("/dev", "/dev/shm", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/proc", "/sys")  # noqa: S108


class Place(msgspec.Struct, frozen=True):
    """The root filesystem, a mounted volume or a block device, as one container has it."""

    path: str
    """Absolute and normalized: no trailing slash, no `//`, no `.`."""
    type: str
    """`root filesystem`, `device`, or the volume's type (`emptyDir`, `hostPath`, ...)."""
    access: Access
    because: str
    location: Location
    volume: str = ""
    for_anyone: bool = False
    """Whether any user can write here if the mount allows it (an emptyDir has mode 0777)."""
    for_root: bool = False
    """Whether nothing lets another user than root write here: a directory of the node."""
    startable: bool = True
    """False if the runtime can't create the mount point, so that the container can't start."""
    sub_path: str | None = ""
    """The part of the volume that is mounted, empty for all of it; None if a variable decides."""


class ContainerWrites(msgspec.Struct, frozen=True):
    """Where one container can write."""

    name: str
    kind: str
    """`init container`, `container` or `ephemeral container`."""
    pod: str
    """The Pod's owner in words: `Pod default/immutable`."""
    location: Location
    root: Place
    mounts: tuple[Place, ...]
    devices: tuple[Place, ...]
    remount: str
    """Why a process can remount what is read-only; empty if it can't."""
    remount_at: Location | None
    user: int | None
    """`runAsUser` of the container or its Pod; None: the image decides."""
    demands_non_root: bool
    """`runAsNonRoot` of the container or its Pod."""
    runtime: tuple[str, ...]
    """Paths that the container runtime mounts itself; nothing is judged there."""
    aliases: Mapping[str, str] = {}
    """Directories of the image that are links, to their targets."""

    @property
    def title(self) -> str:
        """The container in words: `container httpd of Pod default/immutable`."""
        return f"{self.kind} {self.name} of {self.pod}"

    @property
    def non_root(self) -> str:
        """The user that runs it, if that surely isn't root: `user 1000`; empty if it may be root."""
        if self.user:
            return f"user {self.user}"
        return "a non-root user" if self.user is None and self.demands_non_root else ""

    def place_of(self, path: str) -> Place:
        """The mount of a file at `path` (absolute): the deepest one above it, or the root."""
        wanted = resolve(path, self.aliases)
        above = [place for place in self.mounts if is_within(wanted, place.path)]
        return max(above, key=lambda place: len(place.path), default=self.root)

    def below(self, path: str) -> tuple[Place, ...]:
        """The mounts strictly below `path`."""
        wanted = resolve(path, self.aliases)
        return tuple(m for m in self.mounts if m.path != wanted and is_within(m.path, wanted))

    def is_runtime(self, path: str) -> bool:
        """Whether `path` is on one of the runtime's own mounts, and not on a declared volume below it."""
        wanted = resolve(path, self.aliases)
        own = max((p for p in self.runtime if is_within(wanted, p)), key=len, default="")
        return bool(own) and len(self.place_of(wanted).path) < len(own)


def resolve(path: str, aliases: Mapping[str, str]) -> str:
    """The normalized path with directory links followed: `aliases` has them, link to target.

    >>> resolve("/var/run/x/", {"/var/run": "/run"})
    '/run/x'
    """
    clean = normalise(path)
    for link, target in aliases.items():
        if is_within(clean, normalise(link)):
            return normalise(target + clean[len(normalise(link)) :])
    return clean


def pod_writes(
    world: World, pod: PodTemplate, aliases: Mapping[str, str] | None = None
) -> list[ContainerWrites]:
    """Where each container of the Pod can write. Raises `NotJudged` for what is not known here.

    `aliases` are directories of the image that are links (`/var/run` -> `/run`): the runtime
    follows them when it mounts.
    """
    if mapping(pod.spec.get("os")).get("name") == "windows":
        raise NotJudged("a Windows Pod", pod.where("spec", "os"))
    volumes = pod_volumes(world, pod)
    return [
        container_writes(pod, volumes, path, container, aliases or {}) for path, container in pod.containers()
    ]


def container_writes(
    pod: PodTemplate,
    volumes: Mapping[str, Volume],
    path: Path,
    container: Mapping[str, Any],
    aliases: Mapping[str, str],
) -> ContainerWrites:
    """Where the container at `path` (relative to the Pod) can write, given the Pod's volumes."""
    context = mapping(container.get("securityContext"))
    remount, remount_path = _remount(context)
    log = container.get("terminationMessagePath")
    return ContainerWrites(
        name=str(container.get("name", "")),
        kind=_KINDS[str(path[1])],
        pod=pod.title,
        location=pod.where(*path),
        root=_root(pod, path, context),
        mounts=tuple(_mounts(pod, volumes, path, container, aliases)),
        devices=tuple(_devices(pod, volumes, path, container)),
        remount=remount,
        remount_at=pod.where(*path, "securityContext", *remount_path) if remount else None,
        user=user if isinstance(user := _setting(pod, context, "runAsUser"), int) else None,
        demands_non_root=_setting(pod, context, "runAsNonRoot") is True,
        runtime=(*RUNTIME_MOUNTS, normalise(log) if isinstance(log, str) and log else TERMINATION_LOG, TOKEN),
        aliases=aliases,
    )


_KINDS = {
    "initContainers": "init container",
    "containers": "container",
    "ephemeralContainers": "ephemeral container",
}


def _root(pod: PodTemplate, path: Path, context: Mapping[str, Any]) -> Place:
    location = pod.where(*path, "securityContext", "readOnlyRootFilesystem")
    if context.get("readOnlyRootFilesystem") is True:
        return Place("/", ROOT, Access.READ_ONLY, "readOnlyRootFilesystem is true", location)
    return Place("/", ROOT, Access.WRITABLE, "the root filesystem is writable", location)


def _mounts(
    pod: PodTemplate,
    volumes: Mapping[str, Volume],
    path: Path,
    container: Mapping[str, Any],
    aliases: Mapping[str, str],
) -> Iterator[Place]:
    places: list[tuple[Place, Volume]] = []
    first: dict[str, tuple[Place, Volume]] = {}
    for index, mount in indexed(container.get("volumeMounts")):
        at = (*path, "volumeMounts", index)
        place, volume = _mount(pod, volumes, mount, at)
        sub_path = sub_path_of(pod, container, mount)
        place = msgspec.structs.replace(place, sub_path=sub_path, path=resolve(place.path, aliases))
        if first.setdefault(place.path, (place, volume))[0].access is not place.access:
            raise NotJudged(f"two different volumes mounted at {place.path}", pod.where(*at))
        places.append((place, volume))
    lengths = sorted({len(mounted) for mounted in first}, reverse=True)
    for place, _ in places:
        above = (place.path[:length] for length in lengths if length < len(place.path))
        parent = next((first[one] for one in above if one in first and is_within(place.path, one)), None)
        yield msgspec.structs.replace(place, startable=parent is None or _has_room(*parent, place.path))


def _mount(
    pod: PodTemplate, volumes: Mapping[str, Volume], mount: Mapping[str, Any], at: Path
) -> tuple[Place, Volume]:
    volume = volume_of(volumes, str(mount.get("name", "")), pod, at)
    target = normalise(str(mount.get("mountPath", "")))
    access, because = volume.access, volume.because
    if mount.get("readOnly") is True and access is not Access.READ_ONLY:
        access, because = Access.READ_ONLY, "the mount is readOnly"
        if volume.type == "hostPath" and (open_way := _stays_open(volume, mount)):
            access, because = Access.WRITABLE, open_way
    handed_over = volume.type in {"persistentVolumeClaim", "ephemeral"} and _fs_group(pod)
    on_node = volume.type == "hostPath"
    shared_on_node = on_node and normalise(str(volume.source.get("path") or "/")) in _FOR_EVERY_USER
    place = Place(
        target,
        volume.type,
        access,
        because,
        pod.where(*at),
        volume.name,
        for_anyone=volume.type == "emptyDir" or shared_on_node or handed_over,
        for_root=on_node and not shared_on_node,
    )
    return place, volume


_FOR_EVERY_USER = frozenset({"/tmp", "/var/tmp"})  # noqa: S108 - directories of a simulated node
"""Directories of a node with mode 1777. The kubelet makes a `subPath` with the mode of its volume."""


_HAVE_MOUNTS_BELOW = frozenset(
    {"/", "/dev", "/run", "/sys", "/var", "/var/lib", "/var/lib/kubelet", "/var/lib/kubelet/pods", "/var/run"}
)
"""Directories of a node with other mounts below: /dev/shm, /sys/fs/cgroup, volumes of Pods, ..."""


def _stays_open(volume: Volume, mount: Mapping[str, Any]) -> str:
    """Why a read-only mount of the node's files protects less than it says; may be empty."""
    inside = posixpath.join(str(volume.source.get("path") or "/"), str(mount.get("subPath") or ""))
    path = normalise(inside)
    if path.endswith(".sock") or volume.source.get("type") == "Socket":
        return f"readOnly doesn't prevent writing to the socket {path} of the node"
    # A read-only bind mount is not recursive: mounts below it keep their own flags.
    if path in _HAVE_MOUNTS_BELOW and mount.get("recursiveReadOnly") != "Enabled":
        return f"readOnly doesn't apply to mounts below {path} on the node"
    return ""


def _has_room(parent: Place, volume: Volume, target: str) -> bool:
    # The files of a ConfigMap or Secret are flat unless `items` gives paths: there is no directory
    # to mount on, and the runtime can't create one in a read-only volume.
    if volume.type not in API_DATA or parent.access is not Access.READ_ONLY:
        return True
    return '"path"' in msgspec.json.encode(volume.source).decode() and target != parent.path


def _devices(
    pod: PodTemplate, volumes: Mapping[str, Volume], path: Path, container: Mapping[str, Any]
) -> Iterator[Place]:
    for index, device in indexed(container.get("volumeDevices")):
        at = (*path, "volumeDevices", index)
        volume = volume_of(volumes, str(device.get("name", "")), pod, at)
        target = normalise(str(device.get("devicePath", "")))
        because = f"the block device of {volume.because}"
        yield Place(target, "device", volume.access, because, pod.where(*at), volume.name)


def _remount(context: Mapping[str, Any]) -> tuple[str, Path]:
    if context.get("privileged") is True:
        return "privileged: a process can remount what is read-only", ("privileged",)
    added = items_at(context.get("capabilities"), "add")
    names = [str(name).upper().removeprefix("CAP_") for name in added]
    for name in ("SYS_ADMIN", "ALL"):
        if name in names:
            return f"capability {name}: a process can remount what is read-only", ("capabilities", "add")
    return "", ()


def _setting(pod: PodTemplate, context: Mapping[str, Any], field: str) -> object:
    """A field of the container's securityContext, or else of the Pod's."""
    value = context.get(field)
    return mapping(pod.spec.get("securityContext")).get(field) if value is None else value


def _fs_group(pod: PodTemplate) -> bool:
    return mapping(pod.spec.get("securityContext")).get("fsGroup") is not None
