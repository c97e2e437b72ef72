"""Recorded events: written fields, those that follow from them, unset ones, and unknown ones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.falco_world import CAT, CONNECT, HOST, START, events
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.detection.events import Event, recording
from trainer.simulate.detection.fields import field_type, split_field


def value(name: str, facts: dict[str, Any]) -> Any:
    """A field of one event in a recording of all."""
    parts = split_field(name)
    assert parts
    return Event(1, facts, events()[0].known).value(field_type(*parts))


def test_fields_that_follow_from_others() -> None:
    wanted = {
        "evt.time": "08:03:12.000000123",
        "evt.time.s": "08:03:12",
        "evt.time.iso8601": "2026-11-03T08:03:12.000000123+0000",
        "evt.rawtime": 1793692992000000123,
        "evt.rawtime.ns": 123,
        "evt.dir": "<",
        "evt.category": "file",
        "evt.failed": False,
        "evt.is_open_read": True,
        "evt.is_open_write": False,
        "syscall.type": "openat",
        "proc.args": "-n /etc/ssl/ca.pem",
        "proc.cmdnargs": 2,
        "proc.exeline": "cat -n /etc/ssl/ca.pem",
        "proc.aname[0]": "cat",
        "proc.aname[1]": "bash",
        "proc.aname[2]": "runc",
        "proc.aname[3]": None,
        "proc.aname": ("bash", "runc"),
        "fd.type": "file",
        "fd.directory": "/etc/ssl",
        "fd.filename": "ca.pem",
        "fs.path.name": "/etc/ssl/ca.pem",
        "container.image": "docker.io/library/nginx:1.27",
        "k8s.deployment.name": None,
    }
    assert {name: value(name, CAT) for name in wanted} == wanted


def test_what_an_event_has_no_value_for_is_unset() -> None:
    wanted = {"k8s.ns.name": None, "container.image.repository": "", "container.id": "host"}
    assert {name: value(name, HOST) for name in wanted} == wanted
    wanted = {"fd.name": None, "fd.directory": None, "evt.arg.flags": None, "evt.is_open_read": False}
    assert {name: value(name, START) for name in wanted} == wanted
    assert value("evt.category", START) == "process"


def test_both_ends_of_a_connection() -> None:
    wanted = {
        "fd.net": ("10.244.1.7", "10.96.0.1"),
        "fd.port": (40000, 443),
        "fd.snet": ("10.96.0.1",),
        "fd.lip": "10.244.1.7",
        "fd.rport": 443,
        "fd.directory": None,
        "fd.type": "ipv4",
    }
    assert {name: value(name, CONNECT) for name in wanted} == wanted


def test_flags_for_both_are_reading_and_writing() -> None:
    both = {**CAT, "evt.arg.flags": "O_RDWR"}
    assert value("evt.is_open_read", both) is True
    assert value("evt.is_open_write", both) is True


@each_row("name", ["proc.vpid", "proc.aexe[2]", "evt.buflen", "evt.arg.mode", "evt.arg[1]"])
def test_nothing_is_known_of_what_no_event_has(name: str) -> None:
    with pytest.raises(NotJudged, match="which the recorded events don't have"):
        value(name, CAT)


def test_a_file_that_is_no_recording_is_the_cards_fault() -> None:
    with pytest.raises(NotJudged, match="line 2"):
        recording("events.jsonl", '{"evt.num": 1}\nnothing\n')


def test_an_event_in_words() -> None:
    assert events()[0].title == (
        "event 7 (08:03:12.000000123, Pod shop/web-1, openat: `cat -n /etc/ssl/ca.pem` on /etc/ssl/ca.pem)"
    )
    assert "the host" in events()[1].title
    assert events()[2].type == "execve"
    assert events()[2].get("proc.tty") == 34816
