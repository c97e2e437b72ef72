"""What `strace -f` writes: one system call on each line, after the process ID and the time (`strace -f -tt`).

The form is that of https://man7.org/linux/man-pages/man1/strace.1.html with a file for the output (`-o`), as
strace 6.1 writes it: the result begins in column 40, or after one space.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import msgspec


class Call(msgspec.Struct, frozen=True):
    """One call that a log must have: seconds after 08:00, process, and the call with its result."""

    at: float
    pid: int
    text: str


_USUAL = (
    'openat(AT_FDCWD, "/etc/hosts", O_RDONLY|O_CLOEXEC) = 7',
    'openat(AT_FDCWD, "/proc/self/mountinfo", O_RDONLY|O_CLOEXEC) = 7',
    'openat(AT_FDCWD, "/usr/share/doc/ptrace(2)", O_RDONLY) = -1 ENOENT (No such file or directory)',
    'read(7, "127.0.0.1\\tlocalhost\\n::1\\tlocalhos"..., 4096) = 174',
    'write(1, "mount(8) finished, kill(1) next\\n", 32) = 32',
    "close(7) = 0",
    "epoll_pwait(5, [], 128, 50, NULL, 8) = 0",
    "futex(0xc000080148, FUTEX_WAKE_PRIVATE, 1) = 1",
    "clock_gettime(CLOCK_MONOTONIC, {tv_sec=8412, tv_nsec=71}) = 0",
    "accept4(3, NULL, NULL, SOCK_CLOEXEC) = 9",
    "mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 7, 0) = 0x7f3a5c000000",
    "futex(0xc000080148, FUTEX_WAIT_PRIVATE, 0, NULL) = -1 EAGAIN (Resource temporarily unavailable)",
    "--- SIGURG {si_signo=SIGURG, si_code=SI_TKILL, si_pid=1, si_uid=0} ---",
)


def log(seed: str, calls: Iterable[Call], pids: tuple[int, ...], count: int, seconds: int) -> str:
    """The log of these calls, among so many that every process makes."""
    rng = Random(f"strace {seed}")  # noqa: S311 - made to be repeatable
    usual = [Call(rng.uniform(0, seconds), rng.choice(pids), rng.choice(_USUAL)) for _ in range(count)]
    ordered = sorted([*usual, *calls], key=lambda one: one.at)
    return "".join(f"{_line(one)}\n" for one in ordered)


def _line(one: Call) -> str:
    call, equals, result = f"{one.pid:<5} {_clock(one.at)} {one.text}".rpartition(" = ")
    return f"{call:<39}{equals}{result}" if equals else result


def _clock(at: float) -> str:
    whole = int(at)
    return f"{8 + whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}.{int(at % 1 * 1e6):06d}"
