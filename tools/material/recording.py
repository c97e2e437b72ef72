"""Recorded events as Falco's engine sees them: one JSON object on each line, by names of fields.

The fields are those of https://falco.org/docs/reference/rules/supported-fields/ (Falco 0.44), in the form of
`sysdig -j` and of `output_fields`. A process of the host has the container `host` and an image with an empty
name, as the container plugin of Falco says it. A file that could not be opened has no `fd.num`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import msgspec

START = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
"""When every recording begins, as the logs of `falco`."""

READ, WRITE, BOTH = "O_RDONLY", "O_WRONLY|O_CREAT|O_TRUNC", "O_RDWR"
TERMINAL = 34816
"""The device number of /dev/pts/0."""


class Place(msgspec.Struct, frozen=True):
    """Where a process runs: a container of a Pod, or the host if `pod` is empty."""

    namespace: str = ""
    pod: str = ""
    container: str = ""
    repository: str = ""
    tag: str = ""
    privileged: bool = False


HOST = Place()


class Process(msgspec.Struct, frozen=True):
    """A process: its program, arguments, user, terminal and ancestors."""

    path: str
    args: str = ""
    user: str = "root"
    tty: int = 0
    parent: str = "sh"
    grandparent: str = "containerd-shim"


class Event(msgspec.Struct, frozen=True):
    """One event: when (seconds after the start), what, where, which process; `more` are fields of its own."""

    at: float
    type: str
    place: Place
    process: Process
    more: dict[str, Any] = {}


def start(at: float, place: Place, process: Process) -> Event:
    """A program was started."""
    return Event(at, "execve", place, process, {"evt.arg.filename": process.path})


def opened(
    at: float,
    place: Place,
    process: Process,
    path: str,
    flags: str = READ,
    *,
    by: str = "openat",
    error: str = "",
) -> Event:
    """A file was opened, or could not be."""
    descriptor = {} if error else {"fd.num": 3}
    more = {"evt.arg.name": path, "evt.arg.flags": flags, **descriptor, "fd.typechar": "f", "fd.name": path}
    return Event(at, by, place, process, more | {"evt.res": error or "SUCCESS"})


def closed(at: float, place: Place, process: Process, path: str) -> Event:
    """A file was closed."""
    return Event(at, "close", place, process, {"fd.num": 3, "fd.typechar": "f", "fd.name": path})


def connected(at: float, place: Place, process: Process, client: str, server: str, port: int) -> Event:
    """A connection to another address."""
    source = 32_768 + int(at * 7) % 28_000
    more = {
        "fd.num": 5,
        "fd.typechar": "4",
        "fd.name": f"{client}:{source}->{server}:{port}",
        "fd.l4proto": "tcp",
    }
    ends = {"fd.cip": client, "fd.cport": source, "fd.sip": server, "fd.sport": port, "fd.is_server": False}
    return Event(at, "connect", place, process, more | ends)


def recording(seed: str, events: Iterable[Event]) -> str:
    """The file of these events, in the order of time."""
    rng = Random(f"recording {seed}")  # noqa: S311 - made to be repeatable
    ordered = sorted(events, key=lambda one: one.at)
    lines = (_line(rng, number, one) for number, one in enumerate(ordered, 1))
    return "".join(f"{json.dumps(line, separators=(',', ':'))}\n" for line in lines)


def _line(rng: Random, number: int, one: Event) -> dict[str, Any]:
    moment = START + timedelta(seconds=one.at, microseconds=rng.randrange(900_000))
    rest = f"{moment.microsecond:06d}{rng.randrange(1000):03d}"
    result = one.more.get("evt.res", "SUCCESS")
    own = {key: value for key, value in one.more.items() if key != "evt.res"}
    return {
        "evt.num": number * 17 + rng.randrange(17),
        "evt.datetime": f"{moment:%Y-%m-%d %H:%M:%S}.{rest}",
        "evt.type": one.type,
        "evt.res": result,
        **own,
        **_who(rng, one.process),
        **_where(one.place),
    }


def _who(rng: Random, process: Process) -> dict[str, Any]:
    folder, _, name = process.path.rpartition("/")
    comm = name[:15]
    parent = rng.randrange(2000, 9000)
    return {
        "proc.name": comm,
        "proc.cmdline": f"{comm} {process.args}".rstrip(),
        "proc.exe": name,
        "proc.exepath": f"{folder}/{name}",
        "proc.cwd": "/",
        "proc.pid": parent + rng.randrange(1, 400),
        "proc.tty": process.tty,
        "proc.pname": process.parent,
        "proc.pcmdline": process.parent,
        "proc.pexepath": f"/usr/bin/{process.parent}",
        "proc.ppid": parent,
        "proc.aname[2]": process.grandparent,
        "user.name": process.user,
        "user.uid": 0 if process.user == "root" else 1000,
        "user.loginuid": -1,
    }


def _where(place: Place) -> dict[str, Any]:
    if not place.pod:
        image = {"container.image.repository": "", "container.image.tag": "", "container.privileged": False}
        return {"container.id": "host", "container.name": "host", **image}
    pod = Random(f"{place.namespace} {place.pod} {place.container}")  # noqa: S311 - repeatable
    return {
        "container.id": pod.randbytes(6).hex(),
        "container.name": place.container,
        "container.image.repository": place.repository,
        "container.image.tag": place.tag,
        "container.privileged": place.privileged,
        "k8s.ns.name": place.namespace,
        "k8s.pod.name": place.pod,
    }


def everyday(seed: str, count: int, places: tuple[Place, ...], seconds: int = 3600) -> list[Event]:
    """What ordinary programs do. None of it is a shell, a package manager, or a file of a device."""
    rng = Random(f"everyday {seed}")  # noqa: S311 - made to be repeatable
    return [_usual(rng, round(rng.uniform(0, seconds), 1), rng.choice(places)) for _ in range(count)]


def alerts(place: Place, at: float) -> list[Event]:
    """An event for each of the shipped rules, so that a change of any of them can be seen."""
    shell = Process("/bin/bash", tty=TERMINAL, parent="runc")
    cat = Process("/bin/cat", "/etc/shadow", parent="bash")
    tee = Process("/usr/bin/tee", "/etc/motd", parent="bash")
    curl = Process("/usr/bin/curl", "http://169.254.169.254/", parent="bash")
    return [
        start(at, place, shell),
        opened(at + 8, place, cat, "/etc/shadow"),
        opened(at + 15, place, tee, "/etc/motd", WRITE),
        connected(at + 31, place, curl, "10.244.2.31", "169.254.169.254", 80),
    ]


def _usual(rng: Random, at: float, place: Place) -> Event:
    app = Process("/app/server", "--config /etc/app/config.yaml", "app", parent="containerd-shim")
    kubelet = Process("/usr/bin/kubelet", "--config /var/lib/kubelet/config.yaml", parent="systemd")
    if not place.pod:
        path = rng.choice(["/proc/meminfo", "/sys/fs/cgroup/cpu.stat", "/var/lib/kubelet/config.yaml"])
        return opened(at, place, kubelet, path)
    kind = rng.randrange(5)
    if kind == 0:
        return start(at, place, Process("/bin/date", "+%s", "app", parent="server"))
    if kind == 1:
        return connected(at, place, app, f"10.244.1.{rng.randrange(2, 250)}", "10.96.0.1", 443)
    path = rng.choice(["/etc/app/config.yaml", "/etc/resolv.conf", "/proc/self/stat", "/usr/lib/libssl.so.3"])
    if kind == 2:
        return opened(at, place, app, f"/var/cache/app-{rng.randrange(9)}", WRITE)
    return opened(at, place, app, path) if kind == 3 else closed(at, place, app, path)


RULES = """\
- required_engine_version: 0.31.0

# Lists and macros that the rules below share.

- list: shell_binaries
  items: [ash, bash, csh, dash, ksh, sh, tcsh, zsh]

- list: sensitive_files
  items: [/etc/shadow, /etc/gshadow, /etc/sudoers]

- macro: container
  condition: container.id != host

- macro: spawned_process
  condition: evt.type in (execve, execveat)

- macro: open_read
  condition: >
    evt.type in (open, openat, openat2) and evt.is_open_read = true and fd.typechar = f and fd.num >= 0

- macro: open_write
  condition: >
    evt.type in (open, openat, openat2) and evt.is_open_write = true and fd.typechar = f and fd.num >= 0

- macro: outbound_tcp
  condition: evt.type = connect and fd.typechar in (4, 6) and fd.l4proto = tcp

- rule: Terminal shell in container
  desc: Somebody opened a shell with a terminal in a container.
  condition: >
    spawned_process and container
    and proc.name in (shell_binaries)
    and proc.tty != 0
  output: >
    Terminal shell in container (user=%user.name shell=%proc.name parent=%proc.pname command=%proc.cmdline
    pod=%k8s.pod.name namespace=%k8s.ns.name)
  priority: NOTICE
  tags: [container, shell]

- rule: Read sensitive file in container
  desc: A process in a container opened a file with password hashes or sudo rights.
  condition: open_read and container and fd.name in (sensitive_files)
  output: >
    Sensitive file read in container (file=%fd.name user=%user.name command=%proc.cmdline pod=%k8s.pod.name
    namespace=%k8s.ns.name)
  priority: WARNING
  tags: [container, filesystem]

- rule: Write below etc in container
  desc: A process in a container opened a file below /etc for writing.
  condition: open_write and container and fd.name startswith /etc/
  output: >
    File below /etc written in container (file=%fd.name user=%user.name command=%proc.cmdline
    pod=%k8s.pod.name namespace=%k8s.ns.name)
  priority: ERROR
  tags: [container, filesystem]

- rule: Contact cloud metadata service from container
  desc: A process in a container connected to the metadata service of the cloud provider.
  condition: outbound_tcp and container and fd.sip = 169.254.169.254
  output: >
    Metadata service contacted from container (connection=%fd.name command=%proc.cmdline pod=%k8s.pod.name
    namespace=%k8s.ns.name)
  priority: NOTICE
  tags: [container, network]
"""
"""The shipped rule file of the cards about Falco's rules."""
