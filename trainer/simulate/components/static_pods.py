"""Static Pods of control plane components: their command line, and which files of the node they see.

Follows https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/ (no references to API
objects) and https://kubernetes.io/docs/concepts/storage/volumes/#hostpath, v1.35: a flag's file
must be on a volumeMount, the mount on a hostPath volume, and the hostPath's file on the node.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from trainer.errors import NotJudged, UsageError
from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import indexed, items, mapping_at, mappings
from trainer.patterns import regex
from trainer.simulate.components.command_line import CommandLine, Word, read_command
from trainer.simulate.components.flags import COMPONENTS
from trainer.simulate.shell.paths import is_within, normalise
from trainer.simulate.workloads import CONTAINER_LISTS
from trainer.verdict import Location, Problem
from trainer.versions import DEFAULT, SUPPORTED, Version, read_version

_VARIABLE = regex(r"\$?\$\(([^()]*)\)")
_SHELLS = frozenset({"sh", "bash", "ash", "dash"})
_API_VOLUMES = ("configMap", "secret", "persistentVolumeClaim", "projected", "csi", "ephemeral")
_ON_EVERY_NODE = (
    *("/boot", "/dev", "/home", "/mnt", "/opt", "/proc", "/root", "/run", "/srv", "/sys", "/tmp"),  # noqa: S108 - of a node
    *("/usr/bin", "/usr/lib", "/usr/local/bin", "/var/cache", "/var/tmp"),  # noqa: S108
    *("/etc/kubernetes/manifests", "/var/lib/kubelet", "/var/log/pods"),
)
"""Directories that a node has with everything above them: those of the FHS, and the kubelet's own."""
_MAKES_FILE, _MAKES_FOLDER = "FileOrCreate", "DirectoryOrCreate"


class NodeFiles(msgspec.Struct, frozen=True):
    """What is known about a node's files, by absolute path.

    `files` are known with their text; `trusted` are files and `folders` directories known to
    exist. `complete` says that nothing else exists; without it, an unknown file may exist.
    `names` are the answer's names of files, for messages.
    """

    files: Mapping[str, str] = {}
    trusted: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    complete: bool = False
    names: Mapping[str, str] = {}

    def state(self, path: str) -> str:
        """`file`, `directory`, `missing`, or `unknown`."""
        if path in self.files:
            return "file"
        if (
            path == "/"
            or path in self.folders
            or path in _ON_EVERY_NODE
            or any(is_within(known, path) and known != path for known in self._known)
        ):
            return "directory"
        if path in self.trusted:
            return "file"
        return "missing" if self.complete else "unknown"

    @property
    def _known(self) -> Iterator[str]:
        yield from self.files
        yield from self.trusted
        yield from self.folders
        yield from _ON_EVERY_NODE


class Mount(msgspec.Struct, frozen=True):
    """One volumeMount of the component's container."""

    path: str
    """Absolute and normalized, in the container."""
    volume: str
    host_path: str
    """Absolute and normalized, on the node, with the subPath; empty if the volume isn't a hostPath."""
    host_type: str
    """`hostPath.type`: empty, `File`, `DirectoryOrCreate`, ..."""
    kind: str
    """The volume's type: `hostPath`, `emptyDir`, ...; empty if the Pod has no such volume."""
    read_only: bool
    location: Location

    def on_host(self, path: str) -> str:
        """The path on the node of a path in the container (which is on this mount)."""
        return normalise(posixpath.join(self.host_path, posixpath.relpath(path, self.path)))


class StaticPod(msgspec.Struct, frozen=True, eq=False):
    """The static Pod of one component."""

    component: str
    manifest: Manifest
    container: Mapping[str, Any]
    path: Path
    """The path of the container: ("spec", "containers", 0)."""
    command: CommandLine
    mounts: tuple[Mount, ...]

    def mount_of(self, path: str) -> Mount | None:
        """The mount that contains a path of the container; None: the container's own filesystem."""
        wanted = normalise(path)
        above = [mount for mount in self.mounts if is_within(wanted, mount.path)]
        return max(above, key=lambda mount: len(mount.path), default=None)

    def host_path(self, path: str) -> str:
        """The path on the node of a path in the container; empty if it isn't on a hostPath."""
        mount = self.mount_of(path)
        return mount.on_host(normalise(path)) if mount is not None and mount.host_path else ""

    def where(self, *path: str | int) -> Location:
        """The place of something in the container."""
        return self.manifest.where(*self.path, *path)

    def flag_location(self, name: str) -> Location:
        """Where a flag is written, or where the flags are."""
        return self.command.location(name) or self.where("command")


def static_pods(manifests: Iterable[Manifest], kubernetes: Version = DEFAULT) -> list[StaticPod]:
    """Every Pod that runs a component of the control plane; `kubernetes` is the cluster's version.

    Raises `NotJudged` for one that is started by a shell or through variables.
    """
    return [
        found
        for manifest in manifests
        if manifest.kind == "Pod"
        for component in COMPONENTS
        if (found := static_pod(manifest, component, kubernetes)) is not None
    ]


def static_pod(manifest: Manifest, component: str, kubernetes: Version = DEFAULT) -> StaticPod | None:
    """The Pod as the component's static Pod; None if it runs something else.

    The component has the version that its image's tag names, if that is a supported one, else the
    cluster's (`kubernetes`).

    Raises `NotJudged` if a shell or a variable with an unknown value decides what runs.
    """
    for index, container in indexed(manifest.get("spec", "containers")):
        path: Path = ("spec", "containers", index)
        words = list(_words(manifest, path, container))
        rest = _after_binary(component, words, container)
        if rest is not None:
            rest = _expanded(container, rest)
            mounts = tuple(_mounts(manifest, path, container))
            command = read_command(component, rest, _version(container, kubernetes))
            return StaticPod(component, manifest, container, path, command, mounts)
    return None


def _version(container: Mapping[str, Any], kubernetes: Version) -> Version:
    """`registry.k8s.io/kube-apiserver:v1.36.2` is 1.36, whatever the cluster's version."""
    tag = str(container.get("image") or "").partition("@")[0].rpartition(":")[2]
    try:
        version = read_version(tag)
    except UsageError:
        return kubernetes
    return version if version in SUPPORTED else kubernetes


def _words(manifest: Manifest, path: Path, container: Mapping[str, Any]) -> Iterator[Word]:
    for field in ("command", "args"):
        for index, item in enumerate(items(container.get(field))):
            yield Word(str(item), manifest.where(*path, field, index))


def _after_binary(component: str, words: list[Word], container: Mapping[str, Any]) -> list[Word] | None:
    """The words after the component's name; None if the container runs something else."""
    if not words:
        return None
    binary = posixpath.basename(words[0].text)
    if binary == component:
        return words[1:]
    own_image = _image_name(container) == component
    if binary in _SHELLS and not own_image and any(component in word.text for word in words[1:]):
        raise NotJudged(f"{component} started by a shell", words[0].location)
    if binary == "go-runner" and any(component in word.text for word in words[1:]):
        raise NotJudged(f"{component} started by go-runner", words[0].location)
    return None


def _image_name(container: Mapping[str, Any]) -> str:
    """`kube-apiserver` for `registry.k8s.io/kube-apiserver:v1.35.0`.

    The components' images have no shell, and as entrypoint either none or go-runner, which takes the
    component's flags for its own (https://github.com/kubernetes/release/tree/master/images/build/go-runner).
    """
    return str(container.get("image") or "").rpartition("/")[2].partition(":")[0].partition("@")[0]


def _expanded(container: Mapping[str, Any], words: Iterable[Word]) -> list[Word]:
    """The words, `$(NAME)` replaced as the kubelet does (kubernetes third_party/forked/golang/expansion).

    Raises `NotJudged` for a variable whose value isn't in the manifest, and for etcd's settings in variables.
    """
    variables = {str(item.get("name")): item for item in mappings(container.get("env"))}
    for name in variables:
        if name.startswith("ETCD_"):
            raise NotJudged(f"settings of etcd in the environment variable {name}")
    return [msgspec.structs.replace(word, text=_expand(word, variables)) for word in words]


def _expand(word: Word, variables: Mapping[str, Mapping[str, Any]]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1]
        if match[0].startswith("$$"):
            return match[0][1:]
        if name not in variables:
            return match[0]
        if variables[name].get("valueFrom"):
            raise NotJudged(f"a variable in {word.text!r}", word.location)
        return str(variables[name].get("value") or "")

    return _VARIABLE.sub(value, word.text) if "$" in word.text else word.text


def _mounts(manifest: Manifest, path: Path, container: Mapping[str, Any]) -> Iterator[Mount]:
    volumes = {str(volume.get("name")): volume for _, volume in indexed(manifest.get("spec", "volumes"))}
    for index, entry in indexed(container.get("volumeMounts")):
        if not entry.get("mountPath"):
            continue
        name = str(entry.get("name"))
        volume = volumes.get(name, {})
        kind = next((key for key, value in volume.items() if key != "name" and value is not None), "")
        source = volume.get("hostPath")
        host, host_type = "", ""
        if isinstance(source, dict) and source.get("path"):
            host = normalise(posixpath.join(str(source["path"]), str(entry.get("subPath") or "")))
            host_type = str(source.get("type") or "")
        yield Mount(
            path=normalise(str(entry["mountPath"])),
            volume=name,
            host_path=host,
            host_type=host_type,
            kind=kind if name in volumes else "",
            read_only=entry.get("readOnly") is True,
            location=manifest.where(*path, "volumeMounts", index),
        )


def pod_problems(pod: StaticPod, node: NodeFiles) -> list[Problem]:
    """Why the kubelet would not run the Pod: what a static Pod can't have, mounts without a source."""
    found: list[Problem] = []
    manifest = pod.manifest
    for index, volume in indexed(manifest.get("spec", "volumes")):
        for kind in _API_VOLUMES:
            if volume.get(kind) is not None and not _is_token(volume):
                message = f"a static Pod can't have a {kind} volume: it can't refer to API objects"
                found.append(Problem(message, location=manifest.where("spec", "volumes", index, kind)))
    for what, path in _references(manifest):
        message = f"a static Pod can't refer to API objects, such as {what}"
        found.append(Problem(message, location=manifest.where(*path)))
    for mount in pod.mounts:
        if not mount.kind:
            message = f"the mount {mount.path} names the volume {mount.volume}, which the Pod doesn't have"
            found.append(Problem(message, location=mount.location))
        elif why := _type_problem(mount, node):
            found.append(Problem(why, location=_volume_place(manifest, mount)))
    return found


def _references(manifest: Manifest) -> Iterator[tuple[str, Path]]:
    """Every API object that the Pod names outside its volumes, and where.

    Follows `HasAPIObjectReference` of kubernetes pkg/api/pod/util.go, v1.35. Defaulting writes a
    ServiceAccount that the kubelet doesn't, so what was written counts.
    """
    for field in ("serviceAccountName", "serviceAccount"):
        if mapping_at(manifest.document.value, "spec").get(field):
            yield "a ServiceAccount", ("spec", field)
    for field, what in (("imagePullSecrets", "a Secret"), ("resourceClaims", "a ResourceClaim")):
        if manifest.get("spec", field):
            yield what, ("spec", field)
    for list_name in CONTAINER_LISTS:
        for index, container in indexed(manifest.get("spec", list_name)):
            place: Path = ("spec", list_name, index)
            for number, source in indexed(container.get("envFrom")):
                for field, what in (("secretRef", "a Secret"), ("configMapRef", "a ConfigMap")):
                    if source.get(field):
                        yield what, (*place, "envFrom", number, field)
            for number, variable in indexed(container.get("env")):
                value = mapping_at(variable, "valueFrom")
                for field, what in (("secretKeyRef", "a Secret"), ("configMapKeyRef", "a ConfigMap")):
                    if value.get(field):
                        yield what, (*place, "env", number, "valueFrom", field)


def _is_token(volume: Mapping[str, Any]) -> bool:
    """The token volume that defaulting adds; the kubelet doesn't add it to a static Pod."""
    return str(volume.get("name", "")).startswith("kube-api-access-")


def _volume_place(manifest: Manifest, mount: Mount) -> Location:
    for index, volume in indexed(manifest.get("spec", "volumes")):
        if volume.get("name") == mount.volume:
            return manifest.where("spec", "volumes", index, "hostPath")
    return mount.location


def _type_problem(mount: Mount, node: NodeFiles) -> str:
    """Why the kubelet refuses a hostPath of its type."""
    state = node.state(mount.host_path) if mount.host_path else "unknown"
    wants_file = mount.host_type in ("File", _MAKES_FILE)
    wants_folder = mount.host_type in ("Directory", _MAKES_FOLDER)
    if state == "directory" and wants_file:
        return f"{mount.host_path} is a directory on the node, not a {mount.host_type}"
    if state == "file" and wants_folder:
        return f"{mount.host_path} is a file on the node, not a {mount.host_type}"
    if state == "missing" and mount.host_type in ("File", "Directory"):
        return f"the node has no {mount.host_path} (type {mount.host_type})"
    folder = posixpath.dirname(mount.host_path)
    if state == "missing" and mount.host_type == _MAKES_FILE and node.state(folder) == "missing":
        return f"the node has no directory {folder}, and {_MAKES_FILE} doesn't create it"
    return ""


def read_problem(pod: StaticPod, path: str, node: NodeFiles) -> tuple[str, Location | None]:
    """Why the component can't read a file, and where to fix that; ("", None) if it can."""
    mount = pod.mount_of(path)
    if mount is None:
        return f"no volumeMount covers {path}: the container doesn't see it", None
    if not mount.host_path:
        return (
            f"{path} is on a volume of type {mount.kind or 'unknown'}, not on the node's filesystem",
            mount.location,
        )
    host = mount.on_host(normalise(path))
    state = node.state(host)
    if state == "directory":
        return f"{path} is a directory, mounted from {host} on the node", mount.location
    if state == "missing" and host == normalise(path):
        return f"the node has no file {host}", None  # the path is wrong, not the mount
    if state == "missing":
        return f"the node has no file {host} (which the container sees as {path})", mount.location
    return "", None


def write_problem(pod: StaticPod, path: str, node: NodeFiles) -> tuple[str, Location | None]:
    """Why the component can't write a file (it creates missing directories), and where to fix that."""
    mount = pod.mount_of(path)
    if mount is None:
        context = pod.container.get("securityContext")
        if isinstance(context, dict) and context.get("readOnlyRootFilesystem") is True:
            return f"no volumeMount covers {path}, and the root filesystem is read-only", None
        return "", None
    if mount.read_only:
        return (
            f"the volumeMount {mount.path} is readOnly, so nothing can be written to {path}",
            mount.location,
        )
    if not mount.host_path:
        return "", None
    host = mount.on_host(normalise(path))
    made_as_folder = mount.host_type == "" and node.state(host) == "missing" and mount.path == normalise(path)
    if (
        node.state(host) == "directory"
        or made_as_folder
        or (mount.path == normalise(path) and mount.host_type in ("Directory", _MAKES_FOLDER))
    ):
        return f"{path} is a directory in the container, mounted from {host}", mount.location
    return "", None


def text_of(pod: StaticPod, path: str, node: NodeFiles) -> tuple[str, str] | None:
    """Text and name of the file that the component finds at a path; None if it isn't known.

    A given file without text only says that the file exists.
    """
    host = pod.host_path(path)
    text = node.files.get(host) if host else None
    if text is None or (not text.strip() and host not in node.names):
        return None
    return text, node.names.get(host, host)
