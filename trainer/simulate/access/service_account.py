"""Which ServiceAccount a Pod runs as, and which of its tokens are mounted where.

Follows https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/ and
`plugin/pkg/admission/serviceaccount/admission.go` of Kubernetes v1.35: the Pod's
`automountServiceAccountToken` overrides the ServiceAccount's, the default is true; init and ordinary
containers get the token unless they already mount something at that path, ephemeral ones don't. What
volumes contain, and what hides it, `api_files` says.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import mapping_at, mappings
from trainer.simulate.api_files import TOKEN_SECRET, ApiFile, mounted_files
from trainer.simulate.workloads import PodTemplate
from trainer.verdict import Location

AUTOMOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"
AUTOMOUNT_SECONDS = 3607
"""What admission requests when it mounts a token."""
PODS_OF_THE_NODE = "/var/lib/kubelet/pods"
"""Where the kubelet keeps the volumes of a node's Pods, their tokens among them."""
DEFAULT_SECONDS = 3600
"""The validity of a projected token without `expirationSeconds`."""


class Token(msgspec.Struct, frozen=True):
    """One token that the processes of a container can read.

    `path` is the file (empty for an environment variable), `audience` is empty for the API server's
    own, `seconds` is how long it is valid, 0 if it never expires (a Secret).
    """

    container: str
    path: str
    source: str
    """`automount`, `projected`, `secret`, `environment`; `node`: those of all Pods of a node, below it."""
    audience: str
    seconds: int
    location: Location


class Account(msgspec.Struct, frozen=True, eq=False):
    """The identity of a Pod; `manifest` is None if the ServiceAccount doesn't exist."""

    namespace: str
    name: str
    manifest: Manifest | None
    location: Location

    @property
    def title(self) -> str:
        """`ServiceAccount sun/web`."""
        return f"ServiceAccount {self.namespace}/{self.name}"


def account_of(pod: PodTemplate, objects: Iterable[Manifest]) -> Account:
    """The ServiceAccount that a Pod runs as; `default` if it names none."""
    old = pod.spec.get("serviceAccount") and not pod.spec.get("serviceAccountName")
    field = "serviceAccount" if old else "serviceAccountName"
    name = str(pod.spec.get(field) or "default")
    found = [
        manifest
        for manifest in objects
        if (manifest.kind, manifest.namespace, manifest.name) == ("ServiceAccount", pod.namespace, name)
    ]
    return Account(pod.namespace, name, found[-1] if found else None, pod.where("spec", field))


def automounts(pod: PodTemplate, account: Account) -> tuple[bool, Location]:
    """Whether admission mounts a token, and the field that decides it."""
    own = pod.spec.get("automountServiceAccountToken")
    if isinstance(own, bool):
        return own, pod.where("spec", "automountServiceAccountToken")
    if account.manifest is not None:
        theirs = account.manifest.data.get("automountServiceAccountToken")
        if isinstance(theirs, bool):
            return theirs, account.manifest.where("automountServiceAccountToken")
    return True, pod.where("spec")


def tokens_of(pod: PodTemplate, objects: Iterable[Manifest]) -> list[Token]:
    """Every token in every container of a Pod, from any source. Raises `NotJudged` for `subPathExpr`."""
    known = tuple(objects)
    account = account_of(pod, known)
    mounted, decider = automounts(pod, account)
    secrets = _token_secrets(pod.namespace, known)
    found: list[Token] = []
    for path, container in pod.containers():
        name = str(container.get("name", ""))
        if mounted and _gets_the_usual(path, container):
            file = f"{AUTOMOUNT_PATH}/token"
            found.append(Token(name, file, "automount", "", AUTOMOUNT_SECONDS, decider))
        for target, file_there, _ in mounted_files(pod, known, path, container):
            token = _token(pod, name, target, file_there, secrets)
            if token is not None:
                found.append(token)
        found += _on_the_node(pod, name, path, container)
        found += _in_environment(pod, name, container, path, secrets)
    return found


def _on_the_node(pod: PodTemplate, name: str, path: Path, container: dict[str, Any]) -> Iterator[Token]:
    """The tokens of all Pods of a node, where the kubelet's directory is mounted."""
    paths = {
        str(volume.get("name")): str(mapping_at(volume, "hostPath").get("path") or "")
        for volume in mappings(pod.spec.get("volumes"))
    }
    for index, mount in enumerate(mappings(container.get("volumeMounts"))):
        folder = paths.get(str(mount.get("name")), "")
        whole = posixpath.normpath(posixpath.join(folder, str(mount.get("subPath") or "")))
        if folder and (_is_within(PODS_OF_THE_NODE, whole) or _is_within(whole, PODS_OF_THE_NODE)):
            place = posixpath.normpath(str(mount.get("mountPath") or "/"))
            yield Token(name, place, "node", "", 0, pod.where(*path, "volumeMounts", index))


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _gets_the_usual(path: Path, container: dict[str, Any]) -> bool:
    """Whether admission mounts the token: it compares the paths of mounts as they are written."""
    mounts = mappings(container.get("volumeMounts"))
    return path[1] != "ephemeralContainers" and all(
        mount.get("mountPath") != AUTOMOUNT_PATH for mount in mounts
    )


def _token(pod: PodTemplate, container: str, target: str, file: ApiFile, secrets: set[str]) -> Token | None:
    """The token in a file, if it is one."""
    if file.kind == "secret" and file.name in secrets and file.key == "token":
        return Token(container, target, "secret", "", 0, pod.where(*file.at))
    if file.kind != "serviceAccountToken":
        return None
    seconds = file.source.get("expirationSeconds")
    return Token(
        container,
        target,
        "projected",
        str(file.source.get("audience") or ""),
        seconds if isinstance(seconds, int) else DEFAULT_SECONDS,
        pod.where(*file.at[:-1]),
    )


def _in_environment(
    pod: PodTemplate, name: str, container: dict[str, Any], path: Path, secrets: set[str]
) -> Iterator[Token]:
    for index, variable in enumerate(mappings(container.get("env"))):
        reference = mapping_at(variable, "valueFrom").get("secretKeyRef")
        if (
            isinstance(reference, dict)
            and reference.get("name") in secrets
            and reference.get("key") == "token"
        ):
            yield Token(name, "", "environment", "", 0, pod.where(*path, "env", index))
    for index, entry in enumerate(mappings(container.get("envFrom"))):
        reference = entry.get("secretRef")
        if isinstance(reference, dict) and reference.get("name") in secrets:
            yield Token(name, "", "environment", "", 0, pod.where(*path, "envFrom", index))


def _token_secrets(namespace: str, objects: tuple[Manifest, ...]) -> set[str]:
    return {
        manifest.name
        for manifest in objects
        if manifest.kind == "Secret"
        and manifest.namespace == namespace
        and manifest.data.get("type") == TOKEN_SECRET
    }
