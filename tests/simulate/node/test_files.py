"""Tests of `simulate.node.files`, and of chmod and chown on a node."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import after, said
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    ("text", "mode", "owner", "group"),
    [
        ("chmod 600 /opt/miner", 0o600, 0, 0),
        ("chmod go-rwx /opt/miner", 0o700, 0, 0),
        ("chmod -R a-x /opt", 0o644, 0, 0),
        ("chown jane /opt/miner", 0o755, 1001, 0),
        ("chown jane:docker /opt/miner", 0o755, 1001, 998),
        ("chown jane: /opt/miner", 0o755, 1001, 1001),
        ("chown :docker /opt/miner", 0o755, 0, 998),
        ("chgrp docker /opt/miner", 0o755, 0, 998),
        ("chown -R 7:8 /opt", 0o755, 7, 8),
    ],
)
def test_modes_and_owners(text, mode, owner, group):
    file = after(text).files.at("/opt/miner")
    assert (file.mode, file.owner, file.group) == (mode, owner, group)


@each_row(
    "text",
    [
        "chown none /opt/miner",
        "chown jane:none /opt/miner",
        "chmod 600 /none",
        "chgrp docker /none",
        "install -m 600 /none /opt/x",
        "install /opt/miner /none/x",
    ],
)
def test_failures(text):
    assert said(text).code == 1


def test_install():
    file = after("install -m 0440 -o jane -g docker /opt/miner /etc/sudoers.d").files.at(
        "/etc/sudoers.d/miner"
    )
    assert (file.mode, file.owner, file.group, file.content) == (0o440, 1001, 998, "miner\n")
    assert after("install -d /opt/a/b").files.is_folder("/opt/a/b")
    assert after("echo x | install -m 600 /dev/stdin /opt/x").files.at("/opt/x").content == "x\n"


def test_names_and_users_of_ports():
    assert said("hostname; ssh w1 hostname; uname -n").out == "cp\nw1\ncp\n"
    assert said("fuser -k 4444/udp; pgrep miner").code == 1
    assert said("fuser 9/tcp").code == 1


def test_long_lists():
    text = "chmod 4750 /opt/miner; chown jane:docker /opt/miner; ln -s /opt/miner /opt/x; ls -l /opt; ls -ld /opt; ls -1 /opt"
    assert said(text).out.splitlines() == [
        "-rwxr-x--- 1 jane docker    6 Jan  1 00:00 miner",
        "lrwxrwxrwx 1 root root    0 Jan  1 00:00 x -> /opt/miner",
        "drwxr-xr-x 2 root root 4096 Jan  1 00:00 /opt",
        "miner",
        "x",
    ]
    assert said("ls -l /none").code == 2


def test_long_lists_show_the_bits_that_set_an_id():
    assert said("chmod 4750 /opt/miner; ls -l /opt/miner").out.startswith("-rwsr-x--- ")
    assert said("chmod 7640 /opt/miner; ls -l /opt/miner").out.startswith("-rwSr-S--T ")
    assert said("echo a | sort -h > /opt/x; ls -l /opt").out is None, "the size isn't known"


def test_a_name_with_a_dot_is_a_user_first():
    text = "useradd -u 1500 jane.docker; chown jane.docker /opt/miner"
    assert after(text).files.at("/opt/miner").owner == 1500


def test_yes_answers():
    assert said("yes n | grep -c n").out == "20\n"


@each_row(
    "text",
    [
        "chmod 700 /opt",
        "chown jane /opt",
        "chmod 600 /proc/sys/net/ipv4/ip_forward",
        "chmod --reference=/a /opt/miner",
        "install -s a b",
        "install a b -m",
    ],
)
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        after(text)


def test_temporary_files_have_new_names():
    out = said(
        "a=$(mktemp); b=$(mktemp); d=$(mktemp -d /tmp/x.XXX); echo hi > $a; touch $d/y; ls -l $a; cat $a $b; ls $d"
    ).out
    assert out.startswith("-rw------- 1 root root    3 ")
    assert out.endswith("hi\ny\n")
    assert said("mktemp /none/x.XXXXXX").code == 1


def test_every_script_runs_at_the_same_moment():
    assert said("date +%F").out == "2026-01-15\n"
    assert said("date '+%Y%m%d-%H%M%S'").out == "20260115-093000\n"
    assert said('log() { echo "$(date): $*"; }; log a  b').out == "Thu Jan 15 09:30:00 UTC 2026: a b\n"


def test_find_runs_a_command():
    assert after("find /opt -type f -exec chmod 600 {} +").files.at("/opt/miner").mode == 0o600
    assert after("find /opt -name miner -exec chmod 600 {} \\;").files.at("/opt/miner").mode == 0o600
    assert said("find /opt -type f -exec grep -l miner {} \\;").out == "/opt/miner\n"
    assert said("find /opt -type f -exec cat /none {} +").code == 1
    assert said("find /opt -type f -exec cat /none {} \\;").code == 0


def test_who_may_do_what_with_a_file():
    assert said("stat -c '%U:%G %a' /etc/sudoers.d/ops").out == "root:root 440\n"
    assert said("stat --format=%a%% /etc/passwd /etc/sudoers").out == "644%\n440%\n"
    assert said("stat -c %n:%u /etc/passwd").out == "/etc/passwd:0\n"
    assert said("stat -c %y /etc/passwd").out is None
    assert said("stat -c %a /etc").out is None
    assert said("stat -c %a /none").code == 1


def test_numbers():
    assert said("seq 3; seq 2 3; clear").out is None
    assert said("for i in $(seq 2 3); do echo $i; done").out == "2\n3\n"


def test_scripts_ask_who_runs_them():
    for text in ("[[ $EUID -ne 0 ]]", '[ "$UID" != 0 ]', "[ $(id -u) -ne 0 ]"):
        assert said(f"if {text}; then exit 1; fi; echo root").out == "root\n"


def test_steps_and_expr():
    text = "seq 1 2 7; seq -s, 3; seq -w 8 10; seq 3 -1 1; seq 5 3; expr 7 / 2; expr 3 - 3; echo $?; expr 2 \\< 3; realpath f"
    assert said(text).out == "1\n3\n5\n7\n1,2,3\n08\n09\n10\n3\n2\n1\n3\n0\n1\n1\n/root/f\n"
    for text in ("seq 1 0 2", "seq 99999", "seq 1.5", "expr a : b", "expr 1 / 0"):
        with pytest.raises(NotJudged):
            said(text)
