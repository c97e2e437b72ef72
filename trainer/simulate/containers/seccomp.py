"""Seccomp: which profile each container gets, and what happens to a system call.

Follows https://kubernetes.io/docs/tutorials/security/seccomp/ (v1.35), the OCI runtime specification
1.2 (`config-linux.md#seccomp`) and, for RuntimeDefault, the default profile of containerd and Docker
as https://docs.docker.com/engine/security/seccomp/ lists it. How entries for one call go together follows
libseccomp 2.6 (`src/db.c`, db_rule_add) and runc 1.4 (`libcontainer/seccomp`): an entry without `args` counts
before those with `args`, the first of several such entries counts, and entries that repeat the default action
are ignored.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Document, Path
from trainer.manifests.values import indexed, items, items_at, mapping, mappings, number, texts
from trainer.simulate.containers.effective import effective_security_context
from trainer.simulate.containers.syscalls import system_calls
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

ARCHITECTURES = tuple(
    f"SCMP_ARCH_{name}"
    for name in """X86 X86_64 X32 ARM AARCH64 MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 PPC PPC64
    PPC64LE RISCV64 S390 S390X LOONGARCH64""".split()
)
FLAGS = tuple(f"SECCOMP_FILTER_FLAG_{name}" for name in ("LOG", "SPEC_ALLOW", "TSYNC", "WAIT_KILLABLE_RECV"))
OPERATORS = tuple(f"SCMP_CMP_{name}" for name in ("EQ", "NE", "LT", "LE", "GT", "GE", "MASKED_EQ"))
"""What a profile may contain besides actions (`libcontainer/seccomp/config.go` of runc)."""

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
    by_arguments: bool = False
    """Whether the arguments of the call decide: then `action` holds for some of them only."""

    def is_always(self, wanted: str) -> bool:
        """Whether a call is `allowed` or `denied` whatever its arguments."""
        return not self.by_arguments and self.allowed is (wanted == "allowed")


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
    """What a profile (a parsed JSON document) does to a call."""
    value = mapping(profile.value)
    default = str(_field(value, "defaultAction") or "")
    _known(default, profile, ("defaultAction",))
    conditional: list[tuple[str, Location, list[dict[str, Any]]]] = []
    for index, entry in indexed(_field(value, "syscalls")):
        if syscall not in _names(entry):
            continue
        where = profile.where(("syscalls", index))
        action = str(_field(entry, "action") or "")
        _known(action, profile, ("syscalls", index, "action"))
        if _field(entry, "includes") or _field(entry, "excludes"):
            raise NotJudged("includes and excludes, which exist only in Docker's own format", where)
        if action == default:
            continue
        arguments = mappings(_field(entry, "args"))
        if not arguments or _is_always_true(arguments):
            return Fate(action in ALLOWS, action, where)
        conditional.append((action, where, arguments))
    for action, where, arguments in conditional:
        if (action in ALLOWS) is not (default in ALLOWS):
            alike = [
                one for other, _, many in conditional if other == action and len(many) == 1 for one in many
            ]
            if _is_always_true(arguments) or _cover_each_other(alike):
                return Fate(action in ALLOWS, action, where)
            return Fate(action in ALLOWS, action, where, by_arguments=True)
    return Fate(default in ALLOWS, default, profile.where(("defaultAction",)))


_ANYTHING = {("SCMP_CMP_GE", 0, 0), ("SCMP_CMP_LE", 2**64 - 1, 0), ("SCMP_CMP_MASKED_EQ", 0, 0)}
"""Conditions that hold for every argument: operator, `value`, `valueTwo`."""


def _condition(argument: dict[str, Any]) -> tuple[str, int, int]:
    return (
        str(_field(argument, "op") or ""),
        number(_field(argument, "value")) or 0,
        number(_field(argument, "valueTwo")) or 0,
    )


def _is_always_true(arguments: list[dict[str, Any]]) -> bool:
    return all(_condition(one) in _ANYTHING for one in arguments)


def _cover_each_other(arguments: list[dict[str, Any]]) -> bool:
    """Whether conditions of several entries hold for every argument together: equal, and not equal."""
    found = {(number(_field(one, "index")), *_condition(one)) for one in arguments}
    return any(
        (index, "SCMP_CMP_NE", value, other) in found
        for index, operator, value, other in found
        if operator == "SCMP_CMP_EQ"
    )


def named_calls(profile: Document) -> list[str]:
    """The system calls that a profile's entries name, without names of no system call."""
    found = (name for entry in mappings(_field(mapping(profile.value), "syscalls")) for name in _names(entry))
    return [name for name in dict.fromkeys(found) if name in system_calls()]


def _field(owner: dict[str, Any], name: str) -> Any:
    """A field of a profile: the runtime's JSON reader accepts its name in any case, the exact one first."""
    if name in owner:
        return owner[name]
    return next((value for key, value in owner.items() if key.lower() == name.lower()), None)


def _names(entry: dict[str, Any]) -> list[str]:
    names = _field(entry, "names")
    single = _field(entry, "name")
    return [*texts(names), *([single] if isinstance(single, str) else [])]


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
    found: list[tuple[str, Path]] = []
    found += _wrong_action(_field(value, "defaultAction"), ("defaultAction",), "the profile")
    for field, known in (("architectures", ARCHITECTURES), ("flags", FLAGS)):
        for index, name in enumerate(items(_field(value, field))):
            if name not in known:
                found.append((f"{name!r} is not one of the {field} of a profile", (field, index)))
    for index, entry in enumerate(items(_field(value, "syscalls"))):
        found += _entry_problems(entry, ("syscalls", index))
    return [(message, profile.where(path)) for message, path in found]


def _entry_problems(entry: Any, place: Path) -> list[tuple[str, Path]]:
    if not isinstance(entry, dict) or not _names(entry):
        return [("an entry of syscalls names no call", place)]
    found = [
        (f"{name!r} is not the name of a call", (*place, "names", index))
        for index, name in enumerate(items(_field(entry, "names")))
        if not isinstance(name, str)
    ]
    found += _wrong_action(_field(entry, "action"), (*place, "action"), "an entry of syscalls")
    for index, argument in enumerate(items(_field(entry, "args"))):
        operator = _field(mapping(argument), "op")
        if operator not in OPERATORS:
            where = (*place, "args", index, "op")
            found.append((f"{operator!r} is not an operator: write {', '.join(OPERATORS)}", where))
    return found


def _wrong_action(action: Any, path: Path, owner: str) -> list[tuple[str, Path]]:
    if action is None or action == "":
        return [(f"{owner} has no {path[-1]}", path[:-1] if len(path) > 1 else path)]
    if not isinstance(action, str) or action not in ALLOWS | DENIES | {"SCMP_ACT_NOTIFY"}:
        return [(f"{action!r} is not a seccomp action", path)]
    return []
