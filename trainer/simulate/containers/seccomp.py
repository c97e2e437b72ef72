"""Seccomp: which profile each container gets, and what the runtime's default profile does to a call.

Follows https://kubernetes.io/docs/tutorials/security/seccomp/ (v1.35) and, for RuntimeDefault, the default
profile of containerd and Docker as https://docs.docker.com/engine/security/seccomp/ lists it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Literal

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Path
from trainer.manifests.values import items_at
from trainer.simulate.containers.effective import effective_security_context
from trainer.simulate.containers.seccomp_filter import Fate
from trainer.simulate.workloads import PodTemplate
from trainer.verdict import Location

KUBELET_FOLDER = "/var/lib/kubelet/seccomp/"
"""Where the kubelet looks for Localhost profiles; `localhostProfile` is relative to it."""

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
