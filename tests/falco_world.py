"""Rules of Falco and events for tests: loaded from text, compiled, tried."""

from __future__ import annotations

import json
from typing import Any

from trainer.manifests.reading.parse import parse
from trainer.simulate.detection.events import Event, recording
from trainer.simulate.detection.falco import Loaded, load
from trainer.simulate.detection.ruleset import compile_text, holds
from trainer.simulate.detection.sections import LoadError, RuleFile

CAT = {
    "evt.num": 7,
    "evt.datetime": "2026-11-03 08:03:12.000000123",
    "evt.type": "openat",
    "evt.res": "SUCCESS",
    "evt.arg.flags": "O_RDONLY|O_CLOEXEC",
    "evt.arg.name": "/etc/ssl/ca.pem",
    "fd.num": 3,
    "fd.typechar": "f",
    "fd.name": "/etc/ssl/ca.pem",
    "proc.name": "cat",
    "proc.cmdline": "cat -n /etc/ssl/ca.pem",
    "proc.exe": "cat",
    "proc.exepath": "/bin/cat",
    "proc.tty": 0,
    "proc.pid": 41,
    "proc.pname": "bash",
    "proc.aname[2]": "runc",
    "user.name": "root",
    "user.uid": 0,
    "user.loginuid": -1,
    "container.id": "3ad7b26ded6d",
    "container.name": "web",
    "container.image.repository": "docker.io/library/nginx",
    "container.image.tag": "1.27",
    "container.privileged": False,
    "k8s.ns.name": "shop",
    "k8s.pod.name": "web-1",
}
"""A process in a container opens a file."""
HOST = {
    **{key: value for key, value in CAT.items() if not key.startswith("k8s.")},
    "evt.num": 8,
    "container.id": "host",
    "container.name": "host",
    "container.image.repository": "",
    "container.image.tag": "",
}
"""The same on the host."""
START = {
    **{key: value for key, value in CAT.items() if not key.startswith(("fd.", "evt.arg."))},
    "evt.num": 9,
    "evt.type": "execve",
    "proc.tty": 34816,
}
"""A program is started in a container, with a terminal."""
CONNECT = {
    **{key: value for key, value in CAT.items() if not key.startswith(("fd.", "evt.arg."))},
    "evt.num": 10,
    "evt.type": "connect",
    "fd.typechar": "4",
    "fd.num": 5,
    "fd.l4proto": "tcp",
    "fd.name": "10.244.1.7:40000->10.96.0.1:443",
    "fd.cip": "10.244.1.7",
    "fd.cport": 40000,
    "fd.sip": "10.96.0.1",
    "fd.sport": 443,
    "fd.is_server": False,
}
"""A process in a container connects to another address."""


def recorded(*facts: dict[str, Any]) -> str:
    """The text of a recording."""
    return "".join(f"{json.dumps(one)}\n" for one in facts or (CAT, HOST, START, CONNECT))


def events(*facts: dict[str, Any]) -> tuple[Event, ...]:
    """Recorded events: those above if none are given."""
    return recording("events.jsonl", recorded(*facts))


def rule_file(text: str, name: str = "rules.yaml") -> RuleFile:
    """A rule file of this text."""
    return RuleFile(name, parse(text.encode(), name).documents, text)


def loaded(*texts: str) -> Loaded:
    """What Falco loads from these files, in this order."""
    return load([rule_file(text, f"rules{number}.yaml") for number, text in enumerate(texts, 1)])


def error_of(*texts: str) -> str:
    """The error of files that Falco doesn't load, with its line: `2: Undefined macro ...`; empty if it does."""
    try:
        loaded(*texts)
    except LoadError as error:
        return f"{error.place.line}: {error.message}"
    return ""


def rule(condition: str, more: str = "", *, name: str = "r", output: str = "x") -> str:
    """A rule with a condition, and further lines of its own."""
    head = f"- rule: {name}\n  desc: d\n  output: {json.dumps(output)}\n  priority: INFO\n"
    return f"{head}  condition: {json.dumps(condition)}\n{more}"


def meets(condition: str, facts: dict[str, Any] = CAT) -> bool:
    """Whether a condition holds for an event of the usual recording, or for that event with other facts."""
    known = events()[0].known
    return holds(compile_text(condition), Event(1, facts, known))
