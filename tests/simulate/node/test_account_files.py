"""Tests of `simulate.node.account_files`: what edits of /etc/passwd and /etc/group change."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import after, run, said
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.node.facts import facts


def test_members_are_those_of_the_line():
    host = after("sed -i 's/^docker:.*/docker:x:998:bob/' /etc/group")
    assert (host.users["jane"].groups, host.users["bob"].groups) == (["sudo"], ["docker"])
    host = after("sed -i '/^sudo:/s/jane//' /etc/group; gpasswd -a bob sudo")
    assert (host.users["jane"].groups, host.users["bob"].groups) == (["docker"], ["sudo"])


def test_a_line_that_is_gone():
    host = after("sed -i '/^bob:/d' /etc/passwd")
    assert "bob" not in host.users
    assert host.groups["bob"] == 1002
    host = after("sed -i '/^docker:/d' /etc/group")
    assert ("docker" in host.groups, host.users["jane"].groups) == (False, ["sudo"])


def test_fields_of_an_account():
    host = after("sed -i 's#^\\(bob:.*\\):/bin/bash$#\\1:/usr/sbin/nologin#' /etc/passwd")
    assert host.users["bob"].shell == "/usr/sbin/nologin"
    assert said("sed -i 's#^bob:x:1002:1002#bob:x:1002:998#' /etc/passwd; id -nG bob").out == "docker\n"
    renamed = after("sed -i 's/^docker:/boats:/' /etc/group")
    assert renamed.users["jane"].groups == ["sudo", "boats"]


def test_copies_and_modes():
    restored = run("cp -p /etc/group /root/g; gpasswd -d jane docker; cp /root/g /etc/group").after
    assert restored.hosts["cp"].users["jane"].groups == ["sudo", "docker"]
    before, now = (
        facts(run("true").after),
        facts(run("chmod 644 /etc/passwd; chown root:root /etc/group").after),
    )
    assert before == now
    opened = facts(run("chmod 666 /etc/passwd; useradd eve").after)
    assert opened["cp file /etc/passwd"].startswith("0666")


@each_row(
    "text",
    [
        "rm /etc/passwd",
        "echo x >> /etc/passwd",
        "echo x:x:70:eve >> /etc/group",
        "sed -i '/^jane:/d' /etc/group",
        "sed -i '/^root:/d' /etc/passwd",
        "sed -i 's/^bob:x/bob:/' /etc/passwd",
        "echo bob:x:5000: >> /etc/group",
        "sed -i /bob/d /etc/shadow",
    ],
)
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        after(text)


def test_a_file_that_is_written_by_a_redirection():
    text = "sed 's/^\\(docker:.*:\\).*/\\1bob/' /etc/group > /tmp/g && cat /tmp/g > /etc/group; id -nG bob"
    assert said(text).out == "bob docker\n"
    for text in ("grep -v docker /etc/group > /etc/group", "> /etc/passwd", "ssh w1 'true > /etc/group'"):
        with pytest.raises(NotJudged):
            run(text)
