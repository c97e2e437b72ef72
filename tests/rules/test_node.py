"""Tests of the rule `node`: what must be unchanged, and what is outside."""

from __future__ import annotations

import msgspec
import pytest

from tests.pictures import judging
from tests.rules._node.given import world
from tests.table import each_row
from trainer.errors import NotJudged, UsageError
from trainer.rules import node
from trainer.rules._node.wanted import SudoWanted
from trainer.rules.node import Params
from trainer.verdict import Status

judge = judging(node)

REST = msgspec.convert({"rest": "unchanged", "free": ["* vsftpd*", "port tcp/21", "w1 hold kubelet"]}, Params)


@each_row(
    "text",
    [
        "true",
        "systemctl disable --now vsftpd",
        "systemctl restart kubelet",
        "cp /etc/sudoers /etc/sudoers.bak; echo x > /tmp/y",
        "ssh w1 apt-mark unhold kubelet",
        "apt-get update",
    ],
)
def test_what_may_change(text):
    assert judge(world(text), REST).status is Status.PASS


@each_row(
    ("text", "words"),
    [
        ("systemctl disable --now cups.service", "cups"),
        ("apt-mark unhold kubelet", "The hold of package kubelet has changed: held before, now none."),
        ("ssh w2 apt-mark unhold kubelet", "hold of package kubelet"),
        ("echo x > /etc/motd", "The file /etc/motd has changed: none before"),
        ("usermod -aG docker bob", "The list of groups of bob"),
        ("kubectl cordon w1", "Scheduling"),
        (
            "echo 'kernel.dmesg_restrict=1' > /tmp/x; sysctl -p /tmp/x; sysctl -w kernel.dmesg_restrict=0",
            "Setting kernel.dmesg_restrict",
        ),
        (
            "echo 'kernel.dmesg_restrict=1' > /etc/sysctl.d/x.conf",
            "After a restart of cp: Setting kernel.dmesg_restrict",
        ),
    ],
)
def test_what_must_not_change(text, words):
    outcome = judge(world(f"true\n{text}"), REST)
    assert outcome.status is Status.FAIL
    assert any(words in reason.message for reason in outcome.reasons)
    assert {reason.location.line for reason in outcome.reasons if reason.location} == {2}


def test_an_unknown_host_is_a_fault_of_the_card():
    with pytest.raises(UsageError, match="w9"):
        judge(world("true"), Params(host="w9"))


def test_what_is_not_judged_says_where():
    with pytest.raises(NotJudged, match=r"not judged: the command curl, node\.sh line 2"):
        judge(world("true\ncurl x"), REST)


def test_what_is_not_judged_afterwards_has_the_line_of_its_file():
    with pytest.raises(NotJudged) as caught:
        judge(
            world("true\necho 'User_Alias X = bob' > /etc/sudoers.d/x\ntrue"),
            Params(sudo={"bob": SudoWanted()}),
        )
    assert caught.value.location is not None
    assert caught.value.location.line == 2
