"""Which ServiceAccount a Pod runs as, and which of its tokens are mounted where.

Follows https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/ and
`plugin/pkg/admission/serviceaccount/admission.go` of Kubernetes v1.35: the Pod's
`automountServiceAccountToken` overrides the ServiceAccount's, the default is true; init and ordinary
containers get the token unless they already mount something at that path, ephemeral ones don't.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import indexed, mapping_at, mappings
from trainer.simulate.workloads import PodTemplate
from trainer.verdict import Location

AUTOMOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"
AUTOMOUNT_SECONDS = 3607
"""What admission requests when it mounts a token."""
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
    """`automount`, `projected`, `secret` or `environment`."""
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
    field = "serviceAccountName" if pod.spec.get("serviceAccountName") else "serviceAccount"
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
    """Every token in every container of a Pod, from any source."""
    known = tuple(objects)
    account = account_of(pod, known)
    mounted, decider = automounts(pod, account)
    secrets = _token_secrets(pod.namespace, known)
    found: list[Token] = []
    for path, container in pod.containers():
        name = str(container.get("name", ""))
        mounts = mappings(container.get("volumeMounts"))
        taken = {posixpath.normpath(str(mount.get("mountPath", ""))) for mount in mounts}
        if mounted and path[1] != "ephemeralContainers" and AUTOMOUNT_PATH not in taken:
            file = f"{AUTOMOUNT_PATH}/token"
            found.append(Token(name, file, "automount", "", AUTOMOUNT_SECONDS, decider))
        for mount in mounts:
            found += _mounted(pod, name, mount, secrets)
        found += _in_environment(pod, name, container, path, secrets)
    return found


def _mounted(pod: PodTemplate, container: str, mount: dict[str, Any], secrets: set[str]) -> Iterator[Token]:
    for index, volume in enumerate(mappings(pod.spec.get("volumes"))):
        if volume.get("name") != mount.get("name"):
            continue
        place = pod.where("spec", "volumes", index)
        base = str(mount.get("mountPath", ""))
        secret = volume.get("secret")
        if isinstance(secret, dict) and secret.get("secretName") in secrets:
            yield Token(container, f"{base}/token", "secret", "", 0, place)
        for position, source in indexed(mapping_at(volume, "projected").get("sources")):
            at = pod.where("spec", "volumes", index, "projected", "sources", position)
            yield from _projected(container, mount, source, at, secrets)


def _projected(
    container: str, mount: dict[str, Any], source: dict[str, Any], at: Location, secrets: set[str]
) -> Iterator[Token]:
    base = str(mount.get("mountPath", ""))
    secret = source.get("secret")
    if isinstance(secret, dict) and secret.get("name") in secrets:
        yield Token(container, f"{base}/token", "secret", "", 0, at)
    token = source.get("serviceAccountToken")
    if not isinstance(token, dict):
        return
    inner, part = str(token.get("path", "")), str(mount.get("subPath") or "")
    if part and inner != part and not inner.startswith(f"{part}/"):
        return
    file = base if part == inner else posixpath.join(base, posixpath.relpath(inner, part or "."))
    seconds = token.get("expirationSeconds")
    yield Token(
        container,
        posixpath.normpath(file),
        "projected",
        str(token.get("audience") or ""),
        seconds if isinstance(seconds, int) else DEFAULT_SECONDS,
        at,
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
        and manifest.data.get("type") == "kubernetes.io/service-account-token"
    }
