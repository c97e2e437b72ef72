"""Tests of `simulate.node.run`: where a script ends, which line changes what, and events on the way."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import NEW, given, run
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.node import run as module
from trainer.simulate.node.run import output_of, printed, run_script

UPGRADE = f"apt-get update; apt-get install -y --allow-change-held-packages kubeadm={NEW} kubelet={NEW}\n"


def test_which_line_changes_what():
    text = "#!/bin/bash\nsystemctl stop vsftpd\nsystemctl disable vsftpd\ncat > /etc/sysctl.d/x.conf <<EOF\nnet.ipv4.ip_forward = 0\nEOF\n"
    journal = run_script(given(), text, "node.sh", deep=True).journal
    assert journal["cp port tcp/21"] == 2
    assert journal["boot cp port tcp/21"] == 3
    assert journal["boot cp sysctl net.ipv4.ip_forward"] == 4
    assert "cp sysctl net.ipv4.ip_forward" not in journal


def test_only_a_node_that_has_changed_is_looked_at_again(monkeypatch):
    looked = []
    monkeypatch.setattr(module, "facts_of", lambda _cluster, host: looked.append(host.name) or {})
    lines = ["true", "systemctl stop vsftpd", "ls /etc", "cat /etc/passwd", "sysctl -n net.ipv4.ip_forward"]
    run_script(given(), "\n".join(lines), "node.sh", deep=True)
    assert looked.count("cp") == 4  # before the script and after line 2, each with what a restart makes of it
    assert looked.count("w1") == 2


@each_row(
    ("text", "line", "why"),
    [
        ("true\nif true\nsystemctl stop vsftpd", 2, "`if` on line 2 has no `then`"),
        (
            "true\ncat > /tmp/x <<EOF\na\n EOF\nsystemctl stop vsftpd\n",
            2,
            "the rest of the script is its text",
        ),
    ],
)
def test_where_bash_reads_no_further(text, line, why):
    broken = run(text).broken
    assert broken is not None
    assert broken.line == line
    assert why in broken.why


@each_row(
    ("text", "code", "line", "stopped"),
    [
        ("true\nset -e\nfalse\nsystemctl stop vsftpd", 1, 3, False),
        ("exit 3\nsystemctl stop vsftpd", 3, 1, False),
        ("false\nsystemctl stop vsftpd", 0, 2, True),
        ("set -e\nif systemctl is-active none; then :; fi\nsystemctl stop vsftpd", 0, 3, True),
        ("set -e\nfalse || true\nsystemctl stop vsftpd", 0, 3, True),
        ("set -eo pipefail\nfalse | true\nsystemctl stop vsftpd", 1, 2, False),
        ("set -u\necho $none\nsystemctl stop vsftpd", 127, 2, False),
        ("true\nif true\nsystemctl stop vsftpd", 2, 2, False),
        ("systemctl stop vsftpd\necho 'x\n", 2, 2, True),
    ],
)
def test_where_a_script_ends(text, code, line, stopped):
    done = run(text)
    assert (done.code, done.last_line) == (code, line)
    assert done.after.hosts["cp"].units["vsftpd.service"].active is not stopped


def test_a_script_that_waits_for_input():
    done = run("systemctl stop vsftpd\nbash\nsystemctl stop cups")
    assert (done.waits, done.last_line) == (True, 2)
    assert run("ssh w1\ntrue").waits
    assert done.after.hosts["cp"].units["cups.service"].active


def test_failures_have_their_lines():
    (failure,) = run("true\nsystemctl stop none").failures
    assert (failure.line, failure.command, failure.code) == (2, "systemctl stop none", 5)


@each_row(
    ("text", "line"),
    [
        ("true\ncurl x", 2),
        ("true\n\nx=$((1?2))", 3),
        ("if true; then\n  systemctl edit x\nfi", 2),
        ("cat <<EOF\nx\nEOF\ncurl", 4),
    ],
)
def test_what_is_not_judged_has_a_line(text, line):
    with pytest.raises(NotJudged) as caught:
        run(text)
    assert caught.value.location.line == line


def test_events_of_upgrades():
    assert [one.kind for one in run(f"{UPGRADE}systemctl restart kubelet").events] == ["skew", "drain"]
    drained = f"{UPGRADE}kubectl drain cp --ignore-daemonsets\n"
    assert [one.kind for one in run(f"{drained}systemctl restart kubelet").events] == ["skew"]
    applied = f"{drained}kubeadm upgrade apply -y v1.35.1\nsystemctl restart kubelet"
    assert run(applied).events == []
    early = run(applied.replace("systemctl restart", "kubectl uncordon cp\nsystemctl restart"))
    assert [one.text for one in early.events] == [
        "The kubelet of cp goes from v1.34.3 to v1.35.1 while it takes new Pods."
    ]
    assert run(applied).after.hosts["cp"].kubelet == "v1.35.1"


def test_outputs_leave_the_state_alone():
    cluster = run("true").after
    assert printed(cluster, "cp", "systemctl stop vsftpd; systemctl is-active vsftpd") == "inactive\n"
    assert printed(cluster, "cp", "systemctl is-active vsftpd") == "active\n"
    assert output_of(given(), "hostname >/dev/null; kubectl get nodes --no-headers | grep -c cp") == "1\n"
