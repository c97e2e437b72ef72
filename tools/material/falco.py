"""Falco's events as its JSON output writes them: one object on each line.

The form is that of https://falco.org/docs/concepts/outputs/formatting/ and of the default rules
(https://falco.org/docs/reference/rules/default-rules/). With several objects, the keys of `output_fields`
have dots.
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
_PRIORITIES = {SHELL: "Notice", ETC: "Error", CONTACT: "Notice"}


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
    priority: str = ""
    """Empty: the usual one of the rule."""
    parent: str = "containerd-shim"
    """The program that started the process."""


def log(seed: str, events: Iterable[Event]) -> str:
    """The log of these events, in the order of time."""
    rng = Random(f"falco {seed}")  # noqa: S311 - made to be repeatable
    ordered = sorted(events, key=lambda one: one.at)
    return "".join(f"{json.dumps(_line(rng, one), separators=(',', ':'))}\n" for one in ordered)


def _line(rng: Random, one: Event) -> dict[str, object]:
    moment = START + timedelta(seconds=one.at, microseconds=rng.randrange(900_000))
    stamp = f"{moment:%Y-%m-%dT%H:%M:%S.%f}{rng.randrange(1000):03d}Z"
    priority = one.priority or _PRIORITIES.get(one.rule, "Notice")
    process = one.command.split()[0]
    fields = {
        "container.id": Random(f"{one.namespace} {one.pod}").randbytes(6).hex(),  # noqa: S311 - repeatable
        "container.name": one.container,
        "evt.time.iso8601": int(moment.timestamp() * 1_000_000_000),
        "fd.name": one.file or None,
        "k8s.ns.name": one.namespace,
        "k8s.pod.name": one.pod,
        "proc.cmdline": one.command,
        "proc.name": process,
        "proc.pname": one.parent,
        "user.name": one.user,
    }
    what = f"file={one.file} " if one.file else ""
    output = (
        f"{moment:%H:%M:%S.%f}: {priority} {one.rule} ({what}user={one.user} process={process} "
        f"command={one.command} k8s_ns={one.namespace} k8s_pod_name={one.pod} container_name={one.container})"
    )
    return {
        "hostname": f"node0{1 + len(one.pod) % 3}",
        "output": output,
        "output_fields": fields,
        "priority": priority,
        "rule": one.rule,
        "source": "syscall",
        "tags": ["container", "k8s"],
        "time": stamp,
    }


def everyday(seed: str, count: int, seconds: int, pods: tuple[tuple[str, str, str], ...]) -> list[Event]:
    """What Falco reports of ordinary programs, within so many seconds.

    `pods` are Namespace, Pod and container. No event is about a shell or a file below /etc.
    """
    rng = Random(f"everyday {seed}")  # noqa: S311 - made to be repeatable
    return [_usual(rng, rng.uniform(0, seconds), *rng.choice(pods)) for _ in range(count)]


def _usual(rng: Random, at: float, namespace: str, pod: str, container: str) -> Event:
    rule, command, file, priority = rng.choice(
        [
            (CONTACT, "app --config /etc/app/config.yaml", "", "Notice"),
            ("Redirect STDOUT/STDIN to Network Connection in Container", "app --listen", "", "Notice"),
            ("Read sensitive file untrusted", "app --check", "/etc/shadow", "Warning"),
            ("Write below root", "app --cache", "/root/.cache/app", "Error"),
            ("Write below binary dir", "updater --once", "/usr/local/bin/app", "Error"),
            ("Run shell untrusted", "sh -c date", "", "Debug"),
            ("Unexpected outbound connection destination", "app --sync", "", "Notice"),
        ]
    )
    return Event(at, rule, namespace, pod, container, command, file, "app", priority)
