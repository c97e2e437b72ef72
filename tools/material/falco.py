"""Falco's events as its JSON output writes them: one object on each line.

The form is that of Falco's `falco_formats::format_event` (userspace/engine/formats.cpp): the keys of
each object in the order of the alphabet, the time of the event in nanoseconds in `output`, in `time` and as
a number in `evt.time`, and in `output_fields` the fields that the output of the rule names. Rules, priorities
and tags are those of https://github.com/falcosecurity/rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random

import msgspec

START = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
"""When every log begins, as those of `audit`."""

SHELL = "Terminal shell in container"
ETC = "Write below etc"
CONTACT = "Contact K8S API Server From Container"
REDIRECT = "Redirect STDOUT/STDIN to Network Connection in Container"
RUN = "Run shell untrusted"
COPY = "Launch Ingress Remote File Copy Tools in Container"
SENSITIVE = "Read sensitive file untrusted"
ROOT = "Write below root"
BINARY = "Write below binary dir"

_STABLE = "maturity_stable container"
_WRITE = "maturity_sandbox host container filesystem mitre_persistence"
_RULES = {
    SHELL: ("Notice", f"{_STABLE} shell mitre_execution T1059"),
    ETC: ("Error", f"{_WRITE} T1098"),
    ROOT: ("Error", f"{_WRITE} TA0003"),
    BINARY: ("Error", f"{_WRITE} T1543"),
    CONTACT: ("Notice", f"{_STABLE} network k8s mitre_discovery T1565"),
    REDIRECT: ("Notice", f"{_STABLE} network process mitre_execution T1059"),
    RUN: ("Notice", f"{_STABLE} host process shell mitre_execution T1059.004"),
    SENSITIVE: ("Warning", f"{_STABLE} host filesystem mitre_credential_access T1555"),
    COPY: ("Notice", "maturity_incubating container network process mitre_command_and_control TA0011"),
}
"""The priority and the tags of each rule."""
_CONNECTIONS = (CONTACT, REDIRECT)
"""Rules whose events are about a connection: their `fd.name` has both ends."""


class Event(msgspec.Struct, frozen=True):
    """One event: when (seconds after the start), which rule, where, and what the process did."""

    at: float
    rule: str
    namespace: str
    pod: str
    container: str
    command: str
    file: str = ""
    user: str = "root"
    parent: str = "containerd-shim"
    """The program that started the process."""


def log(seed: str, events: Iterable[Event]) -> str:
    """The log of these events, in the order of time."""
    rng = Random(f"falco {seed}")  # noqa: S311 - made to be repeatable
    ordered = sorted(events, key=lambda one: one.at)
    return "".join(f"{json.dumps(_line(rng, one), separators=(',', ':'))}\n" for one in ordered)


def _line(rng: Random, one: Event) -> dict[str, object]:
    moment = START + timedelta(seconds=one.at, microseconds=rng.randrange(900_000))
    rest = f"{moment.microsecond:06d}{rng.randrange(1000):03d}"
    priority, tags = _RULES[one.rule]
    pod = Random(f"{one.namespace} {one.pod}")  # noqa: S311 - repeatable
    container_id = pod.randbytes(6).hex()
    file = one.file
    if one.rule in _CONNECTIONS:
        file = f"10.244.{pod.randrange(4)}.{pod.randrange(2, 250)}:{30_000 + int(one.at)}->10.96.0.1:443"
    about = {
        "fd.name": file,
        "user.name": one.user,
        "proc.name": one.command.split()[0],
        "proc.pname": one.parent,
        "proc.cmdline": one.command,
        "container.id": container_id,
        "container.name": one.container,
        "k8s.pod.name": one.pod,
        "k8s.ns.name": one.namespace,
    }
    fields: dict[str, object] = {key: value for key, value in about.items() if value}
    output = " ".join(f"{_WORDS.get(key, key.replace('.', '_'))}={value}" for key, value in fields.items())
    fields["evt.time"] = int(f"{int(moment.timestamp())}{rest}")
    return {
        "hostname": f"node0{1 + len(one.pod) % 3}",
        "output": f"{moment:%H:%M:%S}.{rest}: {priority} {one.rule} | {output}",
        "output_fields": dict(sorted(fields.items())),
        "priority": priority,
        "rule": one.rule,
        "source": "syscall",
        "tags": sorted(tags.split()),
        "time": f"{moment:%Y-%m-%dT%H:%M:%S}.{rest}Z",
    }


_WORDS = {
    "fd.name": "file",
    "user.name": "user",
    "proc.name": "process",
    "proc.pname": "parent",
    "proc.cmdline": "command",
}
"""What the outputs of rules call a field."""


def everyday(seed: str, count: int, seconds: int, pods: tuple[tuple[str, str, str], ...]) -> list[Event]:
    """What Falco reports of ordinary programs, within so many seconds.

    `pods` are Namespace, Pod and container. No event is about a shell or a file below /etc.
    """
    rng = Random(f"everyday {seed}")  # noqa: S311 - made to be repeatable
    return [_usual(rng, rng.uniform(0, seconds), *rng.choice(pods)) for _ in range(count)]


def _usual(rng: Random, at: float, namespace: str, pod: str, container: str) -> Event:
    rule, command, file = rng.choice(
        [
            (CONTACT, "app --config /etc/app/config.yaml", ""),
            (REDIRECT, "app --listen", ""),
            (SENSITIVE, "app --check", "/etc/shadow"),
            (ROOT, "app --cache", "/root/.cache/app"),
            (BINARY, "updater --once", "/usr/local/bin/app"),
            (RUN, "sh -c date", ""),
            (COPY, "curl --silent --head https://status.example.com/", ""),
        ]
    )
    return Event(at, rule, namespace, pod, container, command, file, "app")
