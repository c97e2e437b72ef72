"""Security contexts of pods and containers, and the old annotations that go with them.

Follows Kubernetes pkg/apis/core/validation/validation.go (v1.35): `ValidateSecurityContext`,
`validatePodSpecSecurityContext`, `validateSysctls`, the seccomp and AppArmor functions and
`validateHostUsers`. `windows` has the Windows options.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.paths import descending_path
from trainer.manifests.validation.windows import windows_options
from trainer.manifests.values import indexed, items, mapping, number, text, text_mapping
from trainer.patterns import regex

CONTAINER_LISTS = ("initContainers", "containers", "ephemeralContainers")
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod"
_SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
_PROFILE_TYPES = ("Localhost", "RuntimeDefault", "Unconfined")
_LARGEST_ID = 2**31 - 1
_LONGEST_PATH = 4095
_SYSCTL = regex(r"[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?(?:[./][a-z0-9](?:[-_a-z0-9]*[a-z0-9])?)*")


def pod_containers(spec: Map) -> Iterator[tuple[str, int, Map]]:
    """Every container of a pod with its list and index (`VisitContainersWithPath`)."""
    for name in CONTAINER_LISTS:
        for index, container in indexed(spec.get(name)):
            yield name, index, container


def container_security(at: At, value: Any, *, host_users: bool) -> None:
    """`securityContext` of a container (`ValidateSecurityContext`)."""
    if not isinstance(value, dict):
        return
    _id(at, "runAsUser", value)
    _id(at, "runAsGroup", value)
    _proc_mount(at, value.get("procMount"), host_users=host_users)
    seccomp_profile(at / "seccompProfile", value.get("seccompProfile"))
    if value.get("allowPrivilegeEscalation") is False:
        _escalation(at, value)
    windows_options(at / "windowsOptions", value.get("windowsOptions"))
    apparmor_profile(at / "appArmorProfile", value.get("appArmorProfile"))


def _escalation(at: At, value: Map) -> None:
    if value.get("privileged") is True:
        at.say(
            "`allowPrivilegeEscalation` is false while `privileged` is true: a privileged container can "
            "always escalate, so the API server refuses the two together.",
            "allowPrivilegeEscalation",
            fix="Remove `privileged: true`, or let escalation be allowed.",
        )
    added = items(mapping(value.get("capabilities")).get("add"))
    if "CAP_SYS_ADMIN" in added:
        at.say(
            "`allowPrivilegeEscalation` is false while the capability CAP_SYS_ADMIN is added: "
            "the API server refuses the two together.",
            "capabilities",
            "add",
            added.index("CAP_SYS_ADMIN"),
            fix="Drop CAP_SYS_ADMIN, or let escalation be allowed.",
        )


def _proc_mount(at: At, value: Any, *, host_users: bool) -> None:
    if value is None:
        return
    known = at.choice(
        "procMount", value=value, allowed=("Default", "Unmasked"), needed="write `Default` or leave it out"
    )
    if known and value == "Unmasked" and host_users:
        at.invalid(
            "procMount",
            value=value,
            why="an unmasked /proc needs a user namespace of the pod's own (`hostUsers: false`)",
            fix="Set `hostUsers: false` on the pod, or `procMount: Default`.",
        )


def pod_security(at: At, spec: Map) -> None:
    """`securityContext` of a pod (`validatePodSpecSecurityContext`); `at` is the pod's spec."""
    context = mapping(spec.get("securityContext"))
    place = at / "securityContext"
    for field in ("fsGroup", "runAsUser", "runAsGroup"):
        _id(place, field, context)
    for index, group in enumerate(items(context.get("supplementalGroups"))):
        _id(place / "supplementalGroups", index, {index: group})
    if spec.get("hostPID") is True and spec.get("shareProcessNamespace") is True:
        at.say(
            "`shareProcessNamespace` and `hostPID` are both true: a pod has its own process namespace "
            "or the host's.",
            "shareProcessNamespace",
            fix="Set one of them to false.",
        )
    _sysctls(place / "sysctls", context.get("sysctls"), spec)
    place.choice(
        "fsGroupChangePolicy", value=context.get("fsGroupChangePolicy"), allowed=("OnRootMismatch", "Always")
    )
    place.choice(
        "supplementalGroupsPolicy",
        value=context.get("supplementalGroupsPolicy"),
        allowed=("Merge", "Strict"),
    )
    place.choice(
        "seLinuxChangePolicy", value=context.get("seLinuxChangePolicy"), allowed=("Recursive", "MountOption")
    )
    seccomp_profile(place / "seccompProfile", context.get("seccompProfile"))
    windows_options(place / "windowsOptions", context.get("windowsOptions"))
    apparmor_profile(place / "appArmorProfile", context.get("appArmorProfile"))
    if spec.get("hostUsers") is False:
        _own_users(at, spec)


def _own_users(at: At, spec: Map) -> None:
    """A user namespace excludes the host's other namespaces, and raw devices (`validateHostUsers`)."""
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(field) is True:
            at.forbidden(field, why="a pod with `hostUsers: false` may not share other host namespaces")
    for name, index, container in pod_containers(spec):
        if items(container.get("volumeDevices")):
            why = "a device keeps the IDs of the node, which a pod with `hostUsers: false` doesn't have"
            at.to(name, index).forbidden("volumeDevices", why=why)


def _id(at: At, field: str | int, context: Any) -> None:
    value = number(context.get(field))
    if value is not None and not 0 <= value <= _LARGEST_ID:
        at.invalid(field, value=value, why=f"a user or group id is a number from 0 to {_LARGEST_ID}")


def _sysctls(at: At, value: Any, spec: Map) -> None:
    seen: set[str] = set()
    for index, item in indexed(value):
        name = text(item.get("name"))
        if not name:
            at.missing(index, "name", why="it says which sysctl is set")
        elif len(name) > 253 or not _SYSCTL.fullmatch(name):
            why = "a sysctl's name has lower case words joined by `.` or `/`"
            at.invalid(index, "name", value=name, why=why)
        elif name in seen:
            at.duplicate(index, "name", value=name, why="a sysctl is set once")
        seen.add(name)
        dotted = name.replace("/", ".")
        if spec.get("hostNetwork") is True and dotted.startswith("net."):
            at.invalid(index, "name", value=name, why="it can't be set with `hostNetwork: true`")
        elif spec.get("hostIPC") is True and (
            dotted == "kernel.sem" or dotted.startswith(("kernel.shm", "kernel.msg", "fs.mqueue."))
        ):
            at.invalid(index, "name", value=name, why="it can't be set with `hostIPC: true`")


def seccomp_profile(at: At, value: Any) -> None:
    """A `seccompProfile` (`validateSeccompProfileField`)."""
    if not isinstance(value, dict):
        return
    kind, profile = value.get("type"), value.get("localhostProfile")
    at.choice("type", value=kind, allowed=_PROFILE_TYPES, needed="a seccomp profile names its type")
    if kind == "Localhost":
        if profile is None:
            at.missing(
                "localhostProfile", why="type `Localhost` loads a file below the kubelet's seccomp folder"
            )
        else:
            descending_path(at, "localhostProfile", text(profile))
    elif profile is not None:
        at.forbidden("localhostProfile", why="it goes with type `Localhost` only")


def apparmor_profile(at: At, value: Any) -> None:
    """An `appArmorProfile` (`ValidateAppArmorProfileField`)."""
    if not isinstance(value, dict):
        return
    kind, profile = value.get("type"), value.get("localhostProfile")
    at.choice("type", value=kind, allowed=_PROFILE_TYPES, needed="an AppArmor profile names its type")
    if kind == "Localhost":
        name = text(profile)
        if not name.strip():
            at.missing("localhostProfile", why="type `Localhost` uses a profile that is loaded on the node")
        elif name != name.strip():
            at.invalid("localhostProfile", value=name, why="a profile's name has no spaces around it")
        if len(name) > _LONGEST_PATH:
            at.invalid("localhostProfile", value=name, why=f"it is longer than {_LONGEST_PATH} characters")
    elif kind in _PROFILE_TYPES and profile is not None:
        at.forbidden("localhostProfile", why="it goes with type `Localhost` only")


def security_annotations(at: At, spec_at: At, meta: Map, spec: Map) -> None:
    """The old seccomp and AppArmor annotations, alone and against the fields.

    `at` is the place of the annotations, `spec_at` of the pod's spec. Follows
    `ValidateSeccompPodAnnotations`, `ValidateAppArmorPodAnnotations`,
    `validateSeccompAnnotationsAndFields`, `validateAppArmorAnnotationsAndFieldsMatchOnCreate` and, for Pods,
    `applyAppArmorVersionSkew` of pkg/registry/core/pod/strategy.go.
    """
    notes = text_mapping(meta.get("annotations"))
    if not any(key.startswith(APPARMOR) or "seccomp.security.alpha" in key for key in notes):
        return
    names = {text(container.get("name")) for _, _, container in pod_containers(spec)}
    for key, value in notes.items():
        if key == _SECCOMP_POD or key.startswith(_SECCOMP_CONTAINER):
            _seccomp_annotation(at, key, value)
        elif key.startswith(APPARMOR):
            _apparmor_annotation(at, key, value, names)
    context = mapping(spec.get("securityContext"))
    if _SECCOMP_POD in notes:
        _seccomp_match(spec_at / "securityContext", context, notes[_SECCOMP_POD])
    windows = mapping(spec.get("os")).get("name") == "windows"
    for group, index, container in pod_containers(spec):
        own = mapping(container.get("securityContext"))
        place, name = spec_at.to(group, index, "securityContext"), text(container.get("name"))
        if _SECCOMP_CONTAINER + name in notes:
            _seccomp_match(place, own, notes[_SECCOMP_CONTAINER + name])
        note = notes.get(APPARMOR + name)
        if note is None or windows:
            continue
        profile = own.get("appArmorProfile")
        # A Pod's container without its own field gets it from the annotation (applyAppArmorVersionSkew).
        if profile is None and not (at.manifest.kind == "Pod" and _makes_profile(note)):
            profile = context.get("appArmorProfile")
        if isinstance(profile, dict):
            _apparmor_match(place / "appArmorProfile", profile, note)


def _makes_profile(note: str) -> bool:
    """Whether an AppArmor annotation says what a field can say (`ApparmorFieldForAnnotation`)."""
    name = note.removeprefix("localhost/")
    if name == note:
        return note in ("unconfined", "runtime/default")
    return 0 < len(name) <= _LONGEST_PATH and name == name.strip()


def _seccomp_annotation(at: At, key: str, value: str) -> None:
    if value in ("runtime/default", "docker/default", "unconfined"):
        return
    if value.startswith("localhost/"):
        descending_path(at, key, value.removeprefix("localhost/"))
        return
    at.invalid(key, value=value, why="it is `runtime/default`, `unconfined` or `localhost/` with a file")


def _apparmor_annotation(at: At, key: str, value: str, names: set[str]) -> None:
    container = key.removeprefix(APPARMOR)
    if container not in names:
        at.say(f"The annotation names the container `{container}`, which the pod doesn't have.", key)
    if value not in ("", "runtime/default", "unconfined") and not value.startswith("localhost/"):
        why = "an AppArmor profile is `runtime/default`, `unconfined` or `localhost/` with its name"
        at.invalid(key, value=value, why=why)


def _seccomp_match(at: At, context: Map, note: str) -> None:
    profile = context.get("seccompProfile")
    if isinstance(profile, dict):
        defaults = {"runtime/default", "docker/default"}
        _match(at / "seccompProfile", profile, note, defaults, "seccomp")


def _apparmor_match(at: At, profile: Map, note: str) -> None:
    _match(at, profile, note, {"runtime/default"}, "AppArmor")


def _match(at: At, profile: Map, note: str, defaults: set[str], what: str) -> None:
    kind = profile.get("type")
    file = note.removeprefix("localhost/")
    same = {
        "Unconfined": note == "unconfined",
        "RuntimeDefault": note in defaults,
        "Localhost": note.startswith("localhost/"),
    }.get(text(kind), True)
    if not same:
        at.say(f"The {what} annotation says `{note}`, the field says `{kind}`: they have to agree.", "type")
    elif kind == "Localhost" and profile.get("localhostProfile") != file:
        at.say(f"The {what} annotation and the field name different profiles.", "localhostProfile")
