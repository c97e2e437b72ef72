"""Tests of `simulate.node.modules` (modprobe(8), modprobe.d(5))."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import after, booted, said
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.node.modules import loadable


@each_row(
    ("text", "now", "later", "can"),
    [
        ("true", True, True, True),
        ("modprobe -r dccp", False, True, True),
        ("rmmod dccp", False, True, True),
        ("echo blacklist dccp > /etc/modprobe.d/x.conf", True, False, True),
        ("echo blacklist dccp > /etc/modprobe.d/x; modprobe -r dccp", False, True, True),
        (
            "echo blacklist dccp > /etc/modprobe.d/x.conf; echo dccp > /etc/modules-load.d/x.conf",
            True,
            False,
            True,
        ),
        ("echo install dccp /bin/false > /etc/modprobe.d/x.conf", True, False, False),
        (
            "echo install dccp /bin/true > /etc/modprobe.d/x.conf; rmmod dccp; modprobe dccp",
            False,
            False,
            False,
        ),
        ("echo install dccp-core /bin/false > /etc/modprobe.d/x.conf; rmmod dccp", False, False, False),
    ],
)
def test_a_module(text, now, later, can):
    assert after(text).modules["dccp"].loaded is now
    assert booted(text).modules["dccp"].loaded is later
    assert loadable(after(text), "dccp") is can


def test_modprobe_removes_what_nobody_needs():
    assert not after("modprobe -r dccp").modules["dccp_core"].loaded
    assert after("rmmod dccp").modules["dccp_core"].loaded


@each_row(
    ("text", "code"),
    [
        ("modprobe none", 1),
        ("modprobe -r overlay", 1),
        ("rmmod dccp_core", 1),
        ("rmmod dccp-core", 1),
        ("rmmod dccp; rmmod dccp", 1),
        ("modprobe -r dccp; modprobe -r dccp", 0),
        ("echo install sctp /bin/false > /etc/modprobe.d/x.conf; rmmod sctp; modprobe sctp", 1),
    ],
)
def test_exit_codes(text, code):
    assert said(text).code == code


def test_lsmod():
    out = said("lsmod | grep ^dccp_core").out
    assert out.split()[0] == "dccp_core"
    assert out.split()[-2:] == ["1", "dccp"]


def test_other_commands_for_install_are_not_judged():
    with pytest.raises(NotJudged, match="install dccp"):
        after("echo install dccp /sbin/insmod dccp > /etc/modprobe.d/x.conf; modprobe dccp")


def test_a_dry_run_says_what_it_would_do():
    assert said(
        "echo 'install sctp /bin/false' > /etc/modprobe.d/x.conf; rmmod sctp; modprobe -nv sctp"
    ).out == ("install /bin/false\n")
    assert said("modprobe -n -v sctp").out == ""
    out = said("modprobe -r dccp; modprobe -n -v dccp").out
    assert [line.split()[0] for line in out.splitlines()] == ["insmod", "insmod"]
    assert "dccp_core" in out.splitlines()[0]
