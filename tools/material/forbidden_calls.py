"""The trace and the list of processes of card `strace-forbidden`."""

from __future__ import annotations

from tools.material.strace import Call, log

_PROCESSES = (
    (2101, "shop", "api-5c7d8f9b6-lq4xw", "api", "/app/api --listen"),
    (2119, "shop", "api-5c7d8f9b6-lq4xw", "proxy", "/usr/bin/envoy"),
    (2240, "shop", "cart-7f9c6d5b4-zk2mv", "cart", "/app/cart"),
    (2251, "shop", "cart-7f9c6d5b4-zk2mv", "cart", "/app/cart --worker"),
    (2377, "shop-test", "api-5c7d8f9b6-lq4xw", "api", "/app/api --listen"),
    (2410, "billing", "invoice-0", "invoice", "/opt/invoice"),
    (2455, "billing", "export-29375520-h7c9d", "export", "/opt/export"),
    (2533, "monitoring", "agent-9x8wv", "agent", "/agent"),
    (22400, "web", "site-6b8d7c9f5-t3r9p", "nginx", "nginx: worker process"),
)
_CALLS = [
    Call(411.2, 2251, "ptrace(PTRACE_ATTACH, 2240) = 0"),
    Call(412.9, 2251, "ptrace(PTRACE_PEEKDATA, 2240, 0x7ffd3c2a1000, [0x6572637473]) = 0"),
    Call(1290.4, 2410, 'mount("/dev/sda1", "/mnt", "ext4", 0, NULL) = -1 EPERM (Operation not permitted)'),
    Call(1702.7, 2377, 'mount("none", "/mnt", "tmpfs", 0, NULL) = 0'),
    Call(2210.5, 2119, "ptrace(PTRACE_TRACEME) = -1 EPERM (Operation not permitted)"),
    # only arguments, and calls whose name only begins alike
    Call(
        900.1,
        2533,
        'execve("/usr/bin/mount", ["mount"], 0x7ffe5c1d2a60 /* 12 vars */)'
        " = -1 ENOENT (No such file or directory)",
    ),
    Call(950.6, 2455, 'openat(AT_FDCWD, "/tmp/mount", O_WRONLY|O_CREAT, 0600) = 4'),
    Call(
        1000.3, 22400, 'mount_setattr(4, "", AT_EMPTY_PATH, NULL, 0) = -1 ENOSYS (Function not implemented)'
    ),
    Call(1001.8, 2101, 'write(2, "ptrace(PTRACE_ATTACH, 1) = 0\\n", 29) = 29'),
]


def files() -> dict[str, str]:
    """The material by name."""
    rows = [("PID", "NAMESPACE", "POD", "CONTAINER", "COMMAND"), *_PROCESSES]
    listing = "".join(
        f"{pid:<7}{space:<12}{pod:<24}{container:<11}{command}\n"
        for pid, space, pod, container, command in rows
    )
    pids = tuple(one[0] for one in _PROCESSES)
    return {"strace.log": log("forbidden", _CALLS, pids, 680, 3000), "processes.txt": listing}
