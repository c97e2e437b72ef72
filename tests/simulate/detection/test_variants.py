"""Events that differ in one thing."""

from __future__ import annotations

from typing import Any

from tests.falco_world import CAT, CONNECT, HOST, START, events
from trainer.simulate.detection.ruleset import compile_text
from trainer.simulate.detection.variants import variants


def changes(condition: str, facts: dict[str, Any], **vary: tuple[str, ...]) -> list[dict[str, Any]]:
    """What differs in each variant."""
    named = {name.replace("_", "."): values for name, values in vary.items()}
    found = variants(events(facts), [compile_text(condition)], named)
    keys = {**facts}
    return [
        {key: one.event.facts.get(key) for key in keys if one.event.facts.get(key) != facts[key]}
        for one in found
    ]


def test_another_program_has_another_path_and_command() -> None:
    found = changes("proc.name = apt", START)
    assert {
        "proc.name": "apt",
        "proc.cmdline": "apt -n /etc/ssl/ca.pem",
        "proc.exe": "apt",
        "proc.exepath": "/bin/apt",
    } in found
    assert [one["proc.name"] for one in found] == ["apt", "other", "aptx", "xapt"]
    assert {
        "proc.name": "vi",
        "proc.cmdline": "vi apt",
        "proc.exe": "vi",
        "proc.exepath": "/bin/vi",
    } in changes("proc.cmdline contains apt", START)


def test_files_namespaces_and_hosts() -> None:
    found = changes("fd.name = /dev/mem", CAT)
    paths = [one["fd.name"] for one in found]
    assert paths == ["/dev/mem", "/srv/other", "/dev/memx", "/dev/mem/x", "/x/dev/mem", "/dev/x"]
    assert all(one["evt.arg.name"] == one["fd.name"] for one in found)
    assert changes("fd.name = /dev/mem", CONNECT) == []
    assert [one["k8s.ns.name"] for one in changes("k8s.ns.name = a", CAT, k8s_ns_name=("b",))] == [
        *("b", "a", "other", "ax", "xa"),
    ]
    assert changes("k8s.ns.name = a", HOST) == []
    (host,) = changes("container.id != host", CAT)
    assert host == {key: HOST.get(key) for key in host}
    assert host["k8s.ns.name"] is None


def test_users_numbers_addresses_and_flags() -> None:
    assert {"user.name": "app", "user.uid": 1000} in changes("user.name = root", CAT)
    assert {"user.name": "app", "user.uid": 5} in changes("user.uid = 5", CAT)
    assert {"proc.tty": 34816} in changes("proc.tty != 0", CAT)
    assert {"fd.sport": 444} in changes("fd.sport = 443", CONNECT)
    ends = [one["fd.sip"] for one in changes("fd.snet = 10.0.0.0/30", CONNECT)]
    assert ends == ["10.0.0.0", "10.0.0.3", "9.255.255.255", "10.0.0.4"]
    assert {"evt.arg.flags": "O_RDWR"} in changes("evt.is_open_read = true", CAT)
    assert {"evt.type": "openat2"} in changes("evt.type = open", CAT, evt_type=("openat2", "execve"))
    assert changes("evt.type in (open, execve)", CAT) == [{"evt.type": "open"}]
    assert {"container.privileged": True} in changes("container.privileged = true", CAT)
    assert {"proc.pname": "java"}.items() <= changes("proc.pname = java", CAT)[0].items()
    assert {"proc.aname[2]": "java"} in changes("proc.aname[2] = java", CAT)
    assert {"fd.name": "/opt/ca.pem", "evt.arg.name": "/opt/ca.pem"} in changes("fd.directory = /opt", CAT)
    assert {"proc.cmdline": "cat -x"} in changes("proc.args = -x", CAT)


def test_a_variant_in_words() -> None:
    first = next(iter(variants(events(CAT), [compile_text("k8s.ns.name = web")], {})))
    assert first.title.startswith("an event like event 7 (")
    assert first.title.endswith("but with k8s.ns.name web")
    assert first.like.facts == CAT


def test_fields_of_their_own_change_alone() -> None:
    assert {"proc.pid": 42} in changes("proc.pid > 41", CAT)
    facts = {**CAT, "proc.cwd": "/"}
    assert {"proc.cwd": "other"} in changes("proc.cwd = /", facts)
    for condition in ("evt.res = SUCCESS", "fd.num >= 0", "proc.aexe = x", "proc.sname = x"):
        assert changes(condition, CAT) == []


def test_nothing_is_named_nothing_and_no_container_is_called_host() -> None:
    assert "" not in [one["k8s.ns.name"] for one in changes("k8s.ns.name != ''", CAT)]
    (host, *_) = changes("container.name != host", CAT)
    assert host["container.id"] == "host"
