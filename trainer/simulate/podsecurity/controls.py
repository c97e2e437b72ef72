"""The controls of the Pod Security Standards: one function per control and version boundary.

Follows https://kubernetes.io/docs/concepts/security/pod-security-standards/ (v1.35) and, for each
version boundary, the checks of k8s.io/pod-security-admission (`policy/check_*.go`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from trainer.manifests.model import Path
from trainer.manifests.values import items_at, mapping, mapping_at, text
from trainer.simulate.workloads import PodTemplate

PROFILES = ("RuntimeDefault", "Localhost")
"""Seccomp and AppArmor profile types that no level forbids."""

DEFAULT_CAPABILITIES = frozenset(
    {"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE"}
    | {"SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"}
)
MANAGED_VOLUMES = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)

SYSCTLS_1_0 = frozenset(
    {
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_unprivileged_port_start",
    }
)
SYSCTLS_1_27 = SYSCTLS_1_0 | {"net.ipv4.ip_local_reserved_ports"}
SYSCTLS_1_29 = SYSCTLS_1_27 | {
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
}
SYSCTLS_1_32 = SYSCTLS_1_29 | {"net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"}
SYSCTLS_1_37 = SYSCTLS_1_32 | {"net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"}

SELINUX_1_0 = frozenset({"", "container_t", "container_init_t", "container_kvm_t"})
SELINUX_1_31 = SELINUX_1_0 | {"container_engine_t"}


class Finding(msgspec.Struct, frozen=True):
    """One value that a control forbids, or misses: in words, and where (relative to the Pod)."""

    message: str
    path: Path


class Scope(msgspec.Struct, frozen=True, eq=False):
    """A place with a security context: the Pod itself, or one of its containers."""

    title: str
    path: Path
    security: dict[str, Any]
    container: dict[str, Any] | None = None

    def setting(self, name: str) -> Path:
        """The path of a field of this scope's security context."""
        return (*self.path, "securityContext", name)


class PodView(msgspec.Struct, frozen=True, eq=False):
    """A Pod as the controls see it."""

    metadata: dict[str, Any]
    spec: dict[str, Any]
    pod: Scope
    containers: tuple[Scope, ...]

    @classmethod
    def of(cls, template: PodTemplate) -> PodView:
        """Prepare the Pod or Pod template of a workload."""
        spec = template.spec
        containers = tuple(
            Scope(
                f"container {container.get('name')!r}",
                path,
                mapping_at(container, "securityContext"),
                container,
            )
            for path, container in template.containers()
        )
        return cls(
            template.metadata,
            spec,
            Scope("the Pod", ("spec",), mapping_at(spec, "securityContext")),
            containers,
        )

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The Pod, then every container."""
        return (self.pod, *self.containers)

    @property
    def is_windows(self) -> bool:
        """Whether the Pod says that it is for Windows nodes."""
        return mapping_at(self.spec, "os").get("name") == "windows"

    @property
    def in_user_namespace(self) -> bool:
        """Whether the Pod has its own user namespace, so that its root is unprivileged on the node."""
        return self.spec.get("hostUsers") is False


ControlFunction = Callable[[PodView], Iterator[Finding]]


def host_namespaces(view: PodView) -> Iterator[Finding]:
    """hostNetwork, hostPID and hostIPC must not be true."""
    for name in ("hostNetwork", "hostPID", "hostIPC"):
        if view.spec.get(name) is True:
            yield Finding(f"`{name}` must not be true", ("spec", name))


def privileged(view: PodView) -> Iterator[Finding]:
    """No container may be privileged."""
    for scope in view.containers:
        if scope.security.get("privileged") is True:
            yield Finding(f"{scope.title} must not be privileged", scope.setting("privileged"))


def capabilities_baseline(view: PodView) -> Iterator[Finding]:
    """Only the default capabilities may be added."""
    for scope in view.containers:
        for index, name in enumerate(items_at(mapping_at(scope.security, "capabilities"), "add")):
            if text(name) not in DEFAULT_CAPABILITIES:
                path = (*scope.setting("capabilities"), "add", index)
                yield Finding(f"{scope.title} must not add the capability {name}", path)


def host_path_volumes(view: PodView) -> Iterator[Finding]:
    """No volume may be a hostPath."""
    for index, volume in enumerate(items_at(view.spec, "volumes")):
        if isinstance(volume, dict) and volume.get("hostPath") is not None:
            name = volume.get("name")
            yield Finding(f"volume {name!r} must not be a hostPath", ("spec", "volumes", index, "hostPath"))


def host_ports(view: PodView) -> Iterator[Finding]:
    """No container may use a port of the node."""
    for scope in view.containers:
        for index, port in enumerate(items_at(scope.container or {}, "ports")):
            if isinstance(port, dict) and port.get("hostPort"):
                path = (*scope.path, "ports", index, "hostPort")
                yield Finding(f"{scope.title} must not use hostPort {port['hostPort']}", path)


def probe_hosts(view: PodView) -> Iterator[Finding]:
    """Probes and lifecycle hooks must not name a host (from v1.34 on)."""
    for scope in view.containers:
        container = scope.container or {}
        handlers: list[tuple[Path, Any]] = [
            ((name,), container.get(name)) for name in ("livenessProbe", "readinessProbe", "startupProbe")
        ]
        lifecycle = mapping_at(container, "lifecycle")
        handlers += [(("lifecycle", name), lifecycle.get(name)) for name in ("postStart", "preStop")]
        for path, handler in handlers:
            if not isinstance(handler, dict):
                continue
            for kind in ("httpGet", "tcpSocket"):
                if mapping_at(handler, kind).get("host"):
                    where = (*scope.path, *path, kind, "host")
                    yield Finding(f"{scope.title} must not set a host in {path[-1]}.{kind}", where)


def proc_mount(view: PodView) -> Iterator[Finding]:
    """/proc must keep its default masks."""
    for scope in view.containers:
        value = scope.security.get("procMount")
        if value not in (None, "Default"):
            yield Finding(f"{scope.title} must not set procMount to {value}", scope.setting("procMount"))


def windows_host_process(view: PodView) -> Iterator[Finding]:
    """No Windows HostProcess containers."""
    for scope in view.scopes:
        if mapping_at(scope.security, "windowsOptions").get("hostProcess") is True:
            path = (*scope.setting("windowsOptions"), "hostProcess")
            yield Finding(f"{scope.title} must not set hostProcess", path)


def app_armor(view: PodView) -> Iterator[Finding]:
    """AppArmor must not be disabled, by field or by the legacy annotation."""
    for scope in view.scopes:
        profile = scope.security.get("appArmorProfile")
        if isinstance(profile, dict) and profile.get("type") not in PROFILES:
            path = (*scope.setting("appArmorProfile"), "type")
            yield Finding(f"{scope.title} must not set the AppArmor profile {profile.get('type')}", path)
    prefix = "container.apparmor.security.beta.kubernetes.io/"
    for key, value in mapping_at(view.metadata, "annotations").items():
        allowed = value in ("", "runtime/default", None) or str(value).startswith("localhost/")
        if key.startswith(prefix) and not allowed:
            yield Finding(f"the annotation {key} must not be {value!r}", ("metadata", "annotations", key))


def selinux(allowed_types: frozenset[str]) -> ControlFunction:
    """SELinux: only these types, and no user or role."""

    def control(view: PodView) -> Iterator[Finding]:
        for scope in view.scopes:
            options = mapping_at(scope.security, "seLinuxOptions")
            path = scope.setting("seLinuxOptions")
            kind = options.get("type") or ""
            if not isinstance(kind, str) or kind not in allowed_types:
                yield Finding(f"{scope.title} must not use the SELinux type {kind}", (*path, "type"))
            for name in ("user", "role"):
                if options.get(name):
                    yield Finding(f"{scope.title} must not set the SELinux {name}", (*path, name))

    return control


def sysctls(allowed: frozenset[str]) -> ControlFunction:
    """Only sysctls that affect only the Pod."""

    def control(view: PodView) -> Iterator[Finding]:
        for index, sysctl in enumerate(items_at(view.pod.security, "sysctls")):
            name = text(mapping(sysctl).get("name"))
            if name not in allowed:
                yield Finding(f"the sysctl {name} must not be set", (*view.pod.setting("sysctls"), index))

    return control


def seccomp_baseline(view: PodView) -> Iterator[Finding]:
    """Seccomp must not be disabled explicitly."""
    for scope in view.scopes:
        profile = scope.security.get("seccompProfile")
        if isinstance(profile, dict) and profile.get("type") not in PROFILES:
            path = (*scope.setting("seccompProfile"), "type")
            yield Finding(f"{scope.title} must not use the seccomp profile {profile.get('type')}", path)


def seccomp_restricted(view: PodView) -> Iterator[Finding]:
    """Every container has a seccomp profile, its own or the Pod's."""
    yield from seccomp_baseline(view)
    profile = view.pod.security.get("seccompProfile")
    if isinstance(profile, dict) and profile.get("type") in PROFILES:
        return
    for scope in view.containers:
        if not isinstance(scope.security.get("seccompProfile"), dict):
            wanted = 'the type "RuntimeDefault" or "Localhost"'
            yield Finding(f"{scope.title} or the Pod must set a seccompProfile of {wanted}", scope.path)


def volume_types(view: PodView) -> Iterator[Finding]:
    """Only volumes whose content Kubernetes manages; a volume without a source is an emptyDir."""
    for index, volume in enumerate(items_at(view.spec, "volumes")):
        if not isinstance(volume, dict):
            continue
        sources = [key for key, value in volume.items() if key != "name" and value is not None]
        if sources and not MANAGED_VOLUMES.intersection(sources):
            path = ("spec", "volumes", index, sources[0])
            yield Finding(f"volume {volume.get('name')!r} must not be a {sources[0]}", path)


def privilege_escalation(view: PodView) -> Iterator[Finding]:
    """Every container sets allowPrivilegeEscalation: false."""
    for scope in view.containers:
        if scope.security.get("allowPrivilegeEscalation") is not False:
            path = scope.setting("allowPrivilegeEscalation")
            yield Finding(f"{scope.title} must set allowPrivilegeEscalation to false", path)


def run_as_non_root(view: PodView) -> Iterator[Finding]:
    """Every container runs as non-root, by its own setting or the Pod's."""
    for scope in view.scopes:
        if scope.security.get("runAsNonRoot") is False:
            yield Finding(f"{scope.title} must not set runAsNonRoot to false", scope.setting("runAsNonRoot"))
    if view.pod.security.get("runAsNonRoot") is True:
        return
    for scope in view.containers:
        if scope.security.get("runAsNonRoot") is None:
            yield Finding(f"{scope.title} or the Pod must set runAsNonRoot to true", scope.path)


def run_as_user(view: PodView) -> Iterator[Finding]:
    """No container sets user 0."""
    for scope in view.scopes:
        user = scope.security.get("runAsUser")
        if user == 0 and user is not False:
            yield Finding(f"{scope.title} must not set runAsUser to 0", scope.setting("runAsUser"))


def capabilities_restricted(view: PodView) -> Iterator[Finding]:
    """Every container drops ALL, and adds at most NET_BIND_SERVICE."""
    for scope in view.containers:
        capabilities = mapping_at(scope.security, "capabilities")
        if "ALL" not in items_at(capabilities, "drop"):
            yield _does_not_drop_all(scope, items_at(capabilities, "drop"))
        for index, name in enumerate(items_at(capabilities, "add")):
            if name != "NET_BIND_SERVICE":
                path = (*scope.setting("capabilities"), "add", index)
                yield Finding(f"{scope.title} must not add the capability {name}", path)


def _does_not_drop_all(scope: Scope, dropped: Sequence[Any]) -> Finding:
    """The finding, at the name that was meant to be `ALL`: the standard compares the letters."""
    path = (*scope.setting("capabilities"), "drop")
    message = f'{scope.title} must drop the capabilities ["ALL"]'
    for index, name in enumerate(dropped):
        if str(name).upper().removeprefix("CAP_") == "ALL":
            return Finding(f"{message}, and {name} is another name", (*path, index))
    return Finding(message, path)


def not_for_windows(control: ControlFunction) -> ControlFunction:
    """The control from v1.25 on: exempts Pods that say they are for Windows."""
    return lambda view: iter(()) if view.is_windows else control(view)


def not_in_user_namespace(control: ControlFunction) -> ControlFunction:
    """The control from v1.35 on: exempts Pods with `hostUsers: false`."""
    return lambda view: iter(()) if view.in_user_namespace else control(view)
