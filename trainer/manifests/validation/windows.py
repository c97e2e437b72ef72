"""Windows options of security contexts, and what `os` forbids.

Follows Kubernetes pkg/apis/core/validation/validation.go (v1.35):
`validateWindowsSecurityContextOptions`, `validateWindowsHostProcessPod`, `validateOS`,
`validateLinux`, `validateWindows`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.names import dns_subdomain
from trainer.manifests.values import mapping, text
from trainer.patterns import regex

_CONTROL = regex(r"[\x00-\x1f\x7f]")
_NETBIOS = regex(r'[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}')
_DNS_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_DNS = regex(rf"{_DNS_LABEL}(?:\.{_DNS_LABEL})*")
_BAD_USER = regex(r'["/\\:;|=,+*?<>@\[\]]')
_LARGEST_SPEC = 64 * 1024

_NO_POD_FIELDS = ("hostUsers", "shareProcessNamespace")
_NO_POD_TRUE = ("hostPID", "hostIPC")
_NO_POD_CONTEXT = (
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "fsGroup",
    "fsGroupChangePolicy",
    "runAsUser",
    "runAsGroup",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "seLinuxChangePolicy",
)
_NO_CONTAINER_CONTEXT = (
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
)


def windows_options(at: At, value: Any) -> None:
    """`windowsOptions` of a pod or container."""
    if not isinstance(value, dict):
        return
    name = value.get("gmsaCredentialSpecName")
    if isinstance(name, str):
        at.name("gmsaCredentialSpecName", value=name, rule=dns_subdomain)
    spec = value.get("gmsaCredentialSpec")
    if isinstance(spec, str) and not 0 < len(spec) <= _LARGEST_SPEC:
        at.say("`gmsaCredentialSpec` may not be empty, nor larger than 64 KiB.", "gmsaCredentialSpec")
    user = value.get("runAsUserName")
    if isinstance(user, str):
        broken = _user_name(user)
        if broken:
            at.invalid("runAsUserName", value=user, why=broken)


def _user_name(value: str) -> str:
    if not value:
        return "a Windows user name may not be empty"
    if _CONTROL.search(value):
        return "a Windows user name has no control characters"
    domain, slash, user = value.partition("\\")
    if not slash:
        domain, user = "", value
    if "\\" in user:
        return "a Windows user name has one backslash at most"
    if slash and (len(domain) >= 256 or not (_NETBIOS.fullmatch(domain) or _DNS.fullmatch(domain))):
        return "the domain before the backslash is neither a NetBIOS nor a DNS name"
    if not 0 < len(user) <= 104:
        return "the user has 1 to 104 characters"
    if not user.strip(". "):
        return "the user can't be made of dots and spaces alone"
    return 'the user may not have any of "/\\:;|=,+*?<>@[]' if _BAD_USER.search(user) else ""


def host_process(at: At, spec: Map, containers: Iterable[tuple[str, int, Map]]) -> None:
    """HostProcess containers: all or none, and only with the host's network."""
    whole = _host_process(spec)
    count = processes = 0
    for group, index, container in containers:
        count += 1
        own = _host_process(container)
        if whole is not None and own is not None and whole is not own:
            place = at.to(group, index, "securityContext", "windowsOptions")
            place.invalid("hostProcess", value=own, why="the pod says otherwise, and both have to agree")
        processes += (own if own is not None else whole) is True
    if not processes:
        return
    if processes != count:
        at.say(
            "Some containers are HostProcess containers and some are not: all of them are, or none.",
            fix="Set `windowsOptions.hostProcess` on the pod instead of on single containers.",
        )
    if spec.get("hostNetwork") is not True:
        at.say(
            "HostProcess containers run in the host's network: `hostNetwork` must be true.",
            "hostNetwork",
            fix="Set `hostNetwork: true`.",
        )


def _host_process(holder: Map) -> bool | None:
    value = mapping(mapping(holder.get("securityContext")).get("windowsOptions")).get("hostProcess")
    return value if isinstance(value, bool) else None


def operating_system(at: At, spec: Map, containers: Iterable[tuple[str, int, Map]]) -> None:
    """`os`, and the fields that the named system does not have."""
    chosen = spec.get("os")
    if not isinstance(chosen, dict):
        return
    name = text(chosen.get("name"))
    if not (at / "os").choice("name", value=name, allowed=("linux", "windows"), needed="`os` names one"):
        return
    if name == "linux":
        _linux(at, spec, containers)
    else:
        _windows(at, spec, containers)


def _linux(at: At, spec: Map, containers: Iterable[tuple[str, int, Map]]) -> None:
    why = "the pod's `os` is linux"
    if mapping(spec.get("securityContext")).get("windowsOptions") is not None:
        at.forbidden("securityContext", "windowsOptions", why=why)
    for group, index, container in containers:
        if mapping(container.get("securityContext")).get("windowsOptions") is not None:
            at.forbidden(group, index, "securityContext", "windowsOptions", why=why)


def _windows(at: At, spec: Map, containers: Iterable[tuple[str, int, Map]]) -> None:
    why = "the pod's `os` is windows"
    for field in _NO_POD_FIELDS:
        if spec.get(field) is not None:
            at.forbidden(field, why=why)
    for field in _NO_POD_TRUE:
        if spec.get(field) is True:
            at.forbidden(field, why=why)
    context = mapping(spec.get("securityContext"))
    for field in _NO_POD_CONTEXT:
        if context.get(field) is not None:
            at.forbidden("securityContext", field, why=why)
    if context.get("sysctls"):
        at.forbidden("securityContext", "sysctls", why=why)
    for group, index, container in containers:
        own = mapping(container.get("securityContext"))
        for field in _NO_CONTAINER_CONTEXT:
            if own.get(field) is not None:
                at.forbidden(group, index, "securityContext", field, why=why)
