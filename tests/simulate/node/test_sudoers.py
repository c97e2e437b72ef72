"""Tests of `simulate.node.sudoers` (sudoers(5) of sudo 1.9.15)."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.simulate.node.sample import after, said
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.node.sudoers import deciding, powers, read


def may_echo(text: str) -> bool:
    host = after(text)
    return bool(powers(host)["bob"]) and deciding(host, "bob", "/bin/echo x") is not None


def may(text: str, command: str, user: str = "bob") -> bool:
    return (
        deciding(
            after(f"cat > /etc/sudoers.d/x <<'EOF'\n{text}\nEOF\nchmod 440 /etc/sudoers.d/x"), user, command
        )
        is not None
    )


@each_row(
    ("text", "command", "allowed"),
    [
        ("bob ALL=(ALL) ALL", "/bin/bash", True),
        ("bob ALL=(ALL:ALL) NOPASSWD: ALL", "/bin/bash", True),
        ("bob ALL = /usr/bin/id", "/usr/bin/id -u", True),
        ('bob ALL=/usr/bin/id ""', "/usr/bin/id -u", False),
        ("bob ALL=/usr/bin/systemctl restart nginx", "/usr/bin/systemctl restart nginx", True),
        ("bob ALL=/usr/bin/systemctl restart nginx", "/usr/bin/systemctl restart ssh", False),
        ("bob ALL=/usr/bin/systemctl restart *", "/usr/bin/systemctl restart nginx --now x", True),
        ("bob ALL=(www-data) /usr/bin/id", "/usr/bin/id", False),
        ("bob ALL=/usr/bin/", "/usr/bin/id", True),
        ("bob ALL=/usr/bin/", "/usr/sbin/id", False),
        ("bob ALL=ALL, !/bin/bash", "/bin/bash", False),
        ("bob ALL=!/bin/bash, ALL", "/bin/bash", True),
        ("%bob ALL=/usr/bin/id", "/usr/bin/id", True),
        ("#1002 ALL=/usr/bin/id", "/usr/bin/id", True),
        ("# bob ALL=/usr/bin/id", "/usr/bin/id", False),
        ("jane, bob ALL=/usr/bin/a, \\\n  /usr/bin/b", "/usr/bin/b", True),
        ("bob ALL=id", "/usr/bin/id", False),
        ("bob ALL /usr/bin/id", "/usr/bin/id", False),
        ("Cmnd_Alias X = /usr/bin/id, /usr/bin/a\nbob ALL=(root) NOPASSWD: X", "/usr/bin/a", True),
        ("Cmnd_Alias X = /usr/bin/id\nbob ALL=Y", "/usr/bin/id", False),
        ("bob cp=/usr/bin/id", "/usr/bin/id", True),
        ("bob ALL=/usr/bin/id a:b", "/usr/bin/id", False),
        ("bob ALL=/usr/bin/id \\", "/usr/bin/id", False),
        ("bob ALL=/usr/bin/id,", "/usr/bin/id", False),
        ("bob ALL=(root NOPASSWD: ALL", "/usr/bin/id", False),
        ("bob ALL=(root) NOPASWD: ALL", "/usr/bin/id", False),
    ],
)
def test_commands(text, command, allowed):
    assert may(text, command) is allowed


def test_files_that_do_not_count():
    dotted = after("echo 'bob ALL=ALL' > /etc/sudoers.d/x.conf; echo 'bob ALL=ALL' > /etc/sudoers.d/y~")
    assert powers(dotted)["bob"] == ""
    group = after("echo 'bob ALL=ALL' > /etc/sudoers.d/x; chmod 664 /etc/sudoers.d/x")
    assert powers(group)["bob"] == "(root) ALL"
    writable = after("echo 'bob ALL=ALL' > /etc/sudoers.d/x; chmod 666 /etc/sudoers.d/x")
    assert powers(writable)["bob"] == ""
    assert read(writable)[1][0].path == "/etc/sudoers.d/x"


def test_visudo():
    assert said("visudo -c").code == 0
    assert said("echo 'bob ALL' > /etc/sudoers.d/x; visudo -cf /etc/sudoers.d/x").code == 1
    assert said("echo 'bob ALL' > /etc/sudoers.d/x; visudo -c").code == 1
    assert said("visudo -c -f /none").code == 1


@each_row("include", ["@include /etc/sudoers.d/x", "@includedir /etc/sudoers.d"])
def test_a_file_that_includes_itself_is_broken(include):
    node = after(f"printf 'bob ALL=ALL\\n{include}\\n' > /etc/sudoers.d/x")
    assert powers(node)["bob"] == "(root) ALL"
    assert [(one.line, one.text.partition(": ")[2]) for one in read(node)[1]] == [
        (2, "too many levels of includes")
    ]


def test_a_long_list_without_an_end_is_broken_at_once():
    """A reader that tries all ways to split the list needs hours for it."""
    assert read(after(f"echo '{'a,' * 200}a' > /etc/sudoers.d/x"))[1][0].line == 1


def test_groups_give_powers():
    assert powers(after("true"))["jane"] == "(ALL:ALL) ALL; (root) NOPASSWD: /usr/bin/systemctl restart nginx"
    assert (
        powers(after("gpasswd -d jane sudo"))["jane"] == "(root) NOPASSWD: /usr/bin/systemctl restart nginx"
    )


@each_row(
    "text",
    [
        "visudo",
        "echo 'User_Alias A = bob' > /etc/sudoers.d/x",
        "echo 'bob web=ALL' > /etc/sudoers.d/x",
        "echo 'Defaults:bob !authenticate' > /etc/sudoers.d/x",
        "echo 'bob ALL=/bin/echo \"x' > /etc/sudoers.d/x",
        "echo 'bob ALL=/a : web=/b' > /etc/sudoers.d/x",
        "echo '!bob ALL=ALL' > /etc/sudoers.d/x",
        "sudo -u jane id",
    ],
)
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        may_echo(text)


def test_aliases_that_multiply_are_not_written_out():
    names = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    lines = [f"Cmnd_Alias {one}={two},{two}" for one, two in pairwise(names)]
    node = after("cat > /etc/sudoers.d/x <<'EOF'\n" + "\n".join([*lines, "bob ALL=A", "EOF"]))
    with pytest.raises(NotJudged, match="more than 20000 characters"):
        powers(node)["bob"]


def test_visudo_with_tee():
    write = "echo 'bob ALL=(root) /bin/ls' | EDITOR='tee' visudo -f /etc/sudoers.d/bob"
    host = after(write)
    assert (powers(host)["bob"], host.files.at("/etc/sudoers.d/bob").mode) == ("(root) /bin/ls", 0o440)
    assert powers(after("echo 'bob ALL=ALL' | sudo EDITOR='tee -a' visudo"))["bob"] == "(root) ALL"
    assert (
        after("echo 'bob ALL' | EDITOR=tee visudo -f /etc/sudoers.d/bob").files.at("/etc/sudoers.d/bob")
        is None
    )
