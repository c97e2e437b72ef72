"""`ask node`."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import given
from tests.table import each_row
from trainer.ask.node import DIFFERS, NOTHING, STAYS, ask_node, read_node
from trainer.errors import NotJudged, UsageError
from trainer.verdict import Location

DECLARED = "node: {hosts: {n1: {sysctl: {kernel.panic: '0'}, units: {own.service: {process: /opt/own}}}}}\n"


def test_what_a_script_changes_and_what_a_restart_undoes() -> None:
    text = (
        "systemctl stop own\nsysctl -w kernel.panic=1\necho kernel.panic=1 > /etc/sysctl.d/a.conf\ncat none\n"
    )
    reply = ask_node(text, "node.sh", read_node(DECLARED, "node.yaml"))
    assert (reply.question, reply.answer, reply.finds) == ("node.sh on n1", DIFFERS, True)
    assert reply.rows[1:] == (
        ("n1 file /etc/sysctl.d/a.conf", "-", "0644 0:0 kernel.panic=1", "0644 0:0 kernel.panic=1", "3"),
        ("n1 sysctl kernel.panic", "0", "1", "1", "3"),
        ("n1 unit own.service active", "active", "inactive", "active", "1"),
    )
    assert [(one.message, one.location) for one in reply.reasons] == [
        ("`cat none` fails: none doesn't exist", Location("node.sh", 4, 1)),
        ("A restart undoes this: n1 unit own.service active.", Location("node.sh", 1, 1)),
    ]
    assert reply.data["failed"] == [
        {"line": 4, "node": "n1", "command": "cat none", "why": "none doesn't exist"}
    ]
    assert {"fact", "before", "after", "restarted", "line"} == set(reply.data["changes"][0])


@each_row(
    ("text", "answer", "reasons"),
    [
        ("ls\n", NOTHING, []),
        ("touch /etc/x\n", STAYS, []),
        ("systemctl disable vsftpd\n", DIFFERS, ["Only a restart makes this so: cp port tcp/21."]),
        ("touch /etc/x\nif true\n", STAYS, ["`if` on line 2 has no `then`: bash reads no further."]),
        ("apt-get remove vsftpd\n", NOTHING, ["`apt-get remove vsftpd` fails:"]),
        ("ssh w1\n", NOTHING, ["The script waits here"]),
        ("ls\r\n", NOTHING, ["The lines end in CR LF"]),
        (
            "ssh w1 apt-get update; ssh w1 apt-get install -y --allow-change-held-packages kubelet; ssh w1 systemctl restart kubelet",
            STAYS,
            ["The kubelet of w1 runs"],
        ),
    ],
)
def test_answers(text: str, answer: str, reasons: list[str]) -> None:
    reply = ask_node(text, "node.sh", given())
    assert reply.answer == answer
    for start in reasons:
        assert any(one.message.startswith(start) for one in reply.reasons), reply.reasons
    assert bool(reply.reasons) is bool(reasons)


def test_a_fresh_server() -> None:
    assert ask_node("useradd jane", "a.sh").answer == STAYS
    with pytest.raises(NotJudged):
        ask_node("docker ps", "a.sh")


@each_row("text", ["", "a: [", "hosts: {}", "hosts: {a: {packages: {b: {versions: 1}}}}", "- a"])
def test_what_declares_no_nodes(text: str) -> None:
    with pytest.raises(UsageError, match=r"node\.yaml declares no nodes"):
        read_node(text, "node.yaml")
