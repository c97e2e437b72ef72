"""AppArmor: the profile that each container of a Pod really runs under.

Follows https://kubernetes.io/docs/tutorials/security/apparmor/ (v1.35): the container's field
overrides the Pod's; the annotation is legacy (before v1.30) and is copied into an unset field;
without either, a container gets the runtime's default profile, a privileged one no profile.
"""

from __future__ import annotations

from typing import Any

import msgspec

from trainer.manifests.model import Path
from trainer.manifests.values import mapping, mapping_at
from trainer.simulate.workloads import PodTemplate
from trainer.verdict import Location

ANNOTATION = "container.apparmor.security.beta.kubernetes.io/"
LOADED = "/sys/kernel/security/apparmor/profiles"
"""The node's list of loaded profiles: a name and its mode on each line."""

DEFAULT = "runtime/default"
UNCONFINED = "unconfined"


class AppArmorProfile(msgspec.Struct, frozen=True):
    """The profile of one container: `runtime/default`, `unconfined` or `localhost/<name>`."""

    container: str
    profile: str
    legacy: bool
    """Whether an annotation decides."""
    location: Location

    @property
    def local(self) -> str:
        """The name of a profile on the node, or empty."""
        return self.profile.removeprefix("localhost/") if self.profile.startswith("localhost/") else ""


def profiles_of(pod: PodTemplate) -> list[AppArmorProfile]:
    """The profile in effect of every container, init and ephemeral ones included."""
    return [_effective(pod, path, container) for path, container in pod.containers()]


def legacy_annotations(pod: PodTemplate) -> list[tuple[str, Location]]:
    """The annotations that name a profile: on the Pod, and on its workload, where they have no effect."""
    places = [("metadata", "annotations"), (*pod.path, "metadata", "annotations")]
    return [
        (key, pod.owner.where(*path, key))
        for path in dict.fromkeys(places)
        for key in mapping(pod.owner.get(*path, default={}))
        if str(key).startswith(ANNOTATION)
    ]


def _effective(pod: PodTemplate, path: Path, container: dict[str, Any]) -> AppArmorProfile:
    name = str(container.get("name", ""))
    own, shared = mapping_at(container, "securityContext"), mapping_at(pod.spec, "securityContext")
    key = ANNOTATION + name
    annotated = mapping_at(pod.metadata, "annotations").get(key)
    if isinstance(own.get("appArmorProfile"), dict):
        where = pod.where(*path, "securityContext", "appArmorProfile")
        return AppArmorProfile(name, _written(own["appArmorProfile"]), False, where)
    if isinstance(annotated, str) and annotated:
        return AppArmorProfile(name, annotated, True, pod.where("metadata", "annotations", key))
    if isinstance(shared.get("appArmorProfile"), dict):
        where = pod.where("spec", "securityContext", "appArmorProfile")
        return AppArmorProfile(name, _written(shared["appArmorProfile"]), False, where)
    if own.get("privileged") is True:
        where = pod.where(*path, "securityContext", "privileged")
        return AppArmorProfile(name, UNCONFINED, False, where)
    return AppArmorProfile(name, DEFAULT, False, pod.where(*path))


def _written(profile: dict[str, Any]) -> str:
    kind = profile.get("type")
    if kind == "Localhost":
        return f"localhost/{profile.get('localhostProfile') or ''}"
    return DEFAULT if kind == "RuntimeDefault" else UNCONFINED


def loaded_profiles(listing: str) -> dict[str, str]:
    """The profiles that a node has loaded, with their modes (`enforce`, `complain`).

    >>> loaded_profiles("k8s-deny-write (enforce)\\n")
    {'k8s-deny-write': 'enforce'}
    """
    found = {}
    for line in listing.splitlines():
        name, _, mode = line.strip().rpartition(" ")
        if name:
            found[name] = mode.strip("()")
    return found
