"""Seccomp: which profile each container gets, and what happens to a system call.

Follows https://kubernetes.io/docs/tutorials/security/seccomp/ (v1.35), the OCI runtime specification
1.2 (`config-linux.md#seccomp`) and, for RuntimeDefault, the default profile of containerd and Docker
as https://docs.docker.com/engine/security/seccomp/ lists it. An entry that depends on the arguments
of a call is judged only if it makes no difference.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Document, Path
from trainer.manifests.values import indexed, items, items_at, mapping
from trainer.simulate.containers.effective import effective_security_context
from trainer.simulate.workloads import PodTemplate
from trainer.verdict import Location

KUBELET_FOLDER = "/var/lib/kubelet/seccomp/"
"""Where the kubelet looks for Localhost profiles; `localhostProfile` is relative to it."""

ALLOWS = frozenset({"SCMP_ACT_ALLOW", "SCMP_ACT_LOG"})
DENIES = frozenset(
    {
        "SCMP_ACT_ERRNO",
        "SCMP_ACT_KILL",
        "SCMP_ACT_KILL_PROCESS",
        "SCMP_ACT_KILL_THREAD",
        "SCMP_ACT_TRAP",
        "SCMP_ACT_TRACE",
    }
)
"""Without a tracer, SCMP_ACT_TRACE ends the call with ENOSYS."""

DEFAULT_DENIED = frozenset(
    """acct add_key bpf clock_adjtime clock_settime create_module delete_module finit_module
    get_kernel_syms get_mempolicy init_module ioperm iopl kcmp kexec_file_load kexec_load keyctl
    lookup_dcookie mbind mount move_pages nfsservctl open_by_handle_at perf_event_open pivot_root
    query_module quotactl reboot request_key set_mempolicy setns settimeofday stime swapoff swapon
    sysfs _sysctl umount umount2 unshare uselib userfaultfd ustat vm86 vm86old""".split()
)
"""What the default profile denies to a container without added capabilities."""

DEFAULT_ALLOWED = frozenset(
    """accept accept4 access bind brk chdir chmod chown close connect dup dup2 dup3 epoll_create
    epoll_ctl epoll_wait execve exit exit_group fchmod fchown fcntl fork fstat fsync futex getcwd
    getdents getegid geteuid getgid getpid getppid getrandom getuid ioctl kill link listen lseek lstat
    mkdir mkdirat mmap mprotect munmap nanosleep open openat pipe pipe2 poll prctl pread64 pwrite64
    read readlink readv recvfrom recvmsg rename renameat rmdir rt_sigaction rt_sigprocmask select
    sendmsg sendto setgid setuid shutdown socketpair stat symlink truncate umask uname unlink unlinkat
    vfork wait4 write writev""".split()
)
"""Ordinary calls that it allows to every container."""

Kind = Literal["unconfined", "default", "localhost"]


class ContainerProfile(msgspec.Struct, frozen=True):
    """The profile of one container, and the field that decides it."""

    container: str
    kind: Kind
    file: str
    """Absolute path of a Localhost profile on the node, else empty."""
    capabilities: tuple[str, ...]
    location: Location


class Fate(msgspec.Struct, frozen=True):
    """What happens to a call: allowed or denied, by which action, decided where."""

    allowed: bool
    action: str
    location: Location


def profiles_of(pod: PodTemplate, *, seccomp_default: bool = False) -> list[ContainerProfile]:
    """The seccomp profile of every container of a Pod.

    A privileged container always runs unconfined. Without a profile a container is also
    unconfined, unless the kubelet has `seccompDefault: true`.
    """
    found = []
    for path, container in pod.containers():
        settings, from_pod = effective_security_context(pod.spec, container)
        own = (*path, "securityContext")
        where: Path = ("spec", "securityContext") if from_pod.get("seccompProfile") else own
        profile = settings.get("seccompProfile")
        kind: Kind = "default" if seccomp_default else "unconfined"
        file = ""
        if settings.get("privileged") is True:
            kind, where = "unconfined", (*own, "privileged")
        elif isinstance(profile, dict):
            kind = _KINDS.get(str(profile.get("type")), "unconfined")
            where = (*where, "seccompProfile")
            if kind == "localhost":
                file = posixpath.normpath(KUBELET_FOLDER + str(profile.get("localhostProfile") or ""))
        capabilities = tuple(str(name) for name in items_at(settings.get("capabilities"), "add"))
        name = str(container.get("name", ""))
        found.append(ContainerProfile(name, kind, file, capabilities, pod.where(*where)))
    return found


_KINDS: Mapping[str, Kind] = {
    "RuntimeDefault": "default",
    "Localhost": "localhost",
    "Unconfined": "unconfined",
}


def fate_in_default(profile: ContainerProfile, syscall: str) -> Fate:
    """What the runtime's default profile does to a call. Raises `NotJudged` for calls that aren't
    listed here."""
    if syscall in DEFAULT_ALLOWED:
        return Fate(True, "SCMP_ACT_ALLOW", profile.location)
    if syscall in DEFAULT_DENIED:
        if profile.capabilities:
            raise NotJudged(
                f"the runtime's default profile for {syscall} with added capabilities", profile.location
            )
        return Fate(False, "SCMP_ACT_ERRNO", profile.location)
    raise NotJudged(f"the runtime's default profile for the system call {syscall}", profile.location)


def fate(profile: Document, syscall: str) -> Fate:
    """What a profile (a parsed JSON document) does to a call, whatever its arguments.

    Raises `NotJudged` if the arguments decide, or if two entries contradict each other.
    """
    value = mapping(profile.value)
    default = str(_field(value, "defaultAction") or "")
    _known(default, profile, ("defaultAction",))
    outcomes: list[tuple[str, Location]] = []
    conditional: list[tuple[str, Location]] = []
    for index, entry in indexed(_field(value, "syscalls")):
        if syscall not in _names(entry):
            continue
        where = profile.where(("syscalls", index))
        action = str(_field(entry, "action") or "")
        _known(action, profile, ("syscalls", index, "action"))
        if _field(entry, "includes") or _field(entry, "excludes"):
            raise NotJudged("includes and excludes, which exist only in Docker's own format", where)
        # The runtime skips entries that only repeat the default action.
        if action != default:
            (conditional if _field(entry, "args") else outcomes).append((action, where))
    if len({action for action, _ in outcomes}) > 1:
        raise NotJudged(f"two entries with different actions for {syscall}", outcomes[1][1])
    action, location = outcomes[0] if outcomes else (default, profile.where(("defaultAction",)))
    for other, place in conditional:
        if (other in ALLOWS) is not (action in ALLOWS):
            raise NotJudged(f"an entry for {syscall} that depends on its arguments", place)
    return Fate(action in ALLOWS, action, location)


def _field(owner: dict[str, Any], name: str) -> Any:
    """A field of a profile: the runtime's JSON reader accepts its name in any case, the exact one first."""
    if name in owner:
        return owner[name]
    return next((value for key, value in owner.items() if key.lower() == name.lower()), None)


def _names(entry: dict[str, Any]) -> list[str]:
    names = _field(entry, "names")
    single = _field(entry, "name")
    return [*items(names), *([single] if isinstance(single, str) else [])]


def _known(action: str, profile: Document, path: Path) -> None:
    if action not in ALLOWS | DENIES:
        raise NotJudged(f"the seccomp action {action or '(none)'}", profile.where(path))


def json_problem(text: str, file: str) -> tuple[str, Location] | None:
    """Why the runtime can't read a profile's text: it accepts only JSON, while kubectl also
    accepts YAML."""

    def refuse(word: str) -> None:
        raise json.JSONDecodeError(f"{word} is not JSON", text, max(text.find(word), 0))

    try:
        json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        return f"the file is not valid JSON: {error.msg}", Location(file, error.lineno, error.colno)
    return None


def problems_of(profile: Document) -> list[tuple[str, Location]]:
    """What the runtime refuses in a profile, so that the container doesn't start."""
    value = profile.value
    if not isinstance(value, dict):
        return [("a seccomp profile must be a JSON object", profile.where())]
    found = []
    if _field(value, "defaultAction") is None:
        found.append(("the profile has no defaultAction", profile.where()))
    actions: list[tuple[Any, Path]] = [(_field(value, "defaultAction"), ("defaultAction",))]
    for index, entry in enumerate(items(_field(value, "syscalls"))):
        place: Path = ("syscalls", index)
        if not isinstance(entry, dict) or not _names(entry):
            found.append(("an entry of syscalls names no call", profile.where(place)))
            continue
        actions.append((_field(entry, "action"), (*place, "action")))
    known = ALLOWS | DENIES | {"SCMP_ACT_NOTIFY"}
    found += [
        (f"{action!r} is not a seccomp action", profile.where(path))
        for action, path in actions
        if action is not None and action not in known
    ]
    return found
