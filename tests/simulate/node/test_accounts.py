"""Tests of `simulate.node.accounts`, with the exit codes of shadow's manual pages."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import after, said
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    ("text", "groups"),
    [
        ("gpasswd -d jane docker", ["sudo"]),
        ("deluser jane docker", ["sudo"]),
        ("usermod -G sudo jane", ["sudo"]),
        ("usermod -aG adm jane", ["sudo", "docker", "adm"]),
        ("usermod -aG 4,0 jane", ["sudo", "docker", "adm", "root"]),
        ("usermod -rG docker jane", ["sudo"]),
        ("usermod -G '' jane", []),
        ("gpasswd -M bob docker", ["sudo"]),
        ("groupdel docker", ["sudo"]),
        ("adduser jane adm", ["sudo", "docker", "adm"]),
    ],
)
def test_groups(text, groups):
    assert after(text).users["jane"].groups == groups


@each_row(
    ("text", "code"),
    [
        ("useradd jane", 9),
        ("useradd -G none x", 6),
        ("usermod -L none", 6),
        ("userdel none", 6),
        ("userdel nobody", 8),
        ("gpasswd -d bob docker", 3),
        ("gpasswd -d bob none", 3),
        ("gpasswd -d jane docker sudo", 2),
        ("groupadd docker", 9),
        ("groupadd -f docker", 0),
        ("groupdel none", 6),
        ("groupdel jane", 8),
        ("id none", 1),
        ("getent passwd none", 2),
        ("passwd -l none", 1),
        ("deluser bob docker", 6),
    ],
)
def test_exit_codes(text, code):
    assert said(text).code == code


def test_accounts_come_and_go():
    host = after("useradd -m -s /bin/bash -G adm eve; userdel -r bob; usermod -L -s /usr/sbin/nologin jane")
    assert host.users["eve"].groups == ["adm"]
    assert host.files.is_folder("/home/eve")
    assert "bob" not in host.users
    assert "bob" not in host.groups
    assert not host.files.is_folder("/home/bob")
    assert (host.users["jane"].locked, host.users["jane"].shell) == (True, "/usr/sbin/nologin")
    assert not after("passwd -l jane; passwd -u jane").users["jane"].locked
    assert after("chage -E 0 jane").users["jane"].expired
    assert after("chsh -s /bin/sh jane").users["jane"].shell == "/bin/sh"


def test_what_shows_them():
    assert said("grep ^jane /etc/passwd").out == "jane:x:1001:1001::/home/jane:/bin/bash\n"
    assert said("gpasswd -d jane docker; getent group docker").out == "docker:x:998:\n"
    assert said("groups jane").out == "jane : jane docker sudo\n"
    assert said("id jane").out == "uid=1001(jane) gid=1001(jane) groups=1001(jane),998(docker),27(sudo)\n"
    assert said("id -nG jane").out == "jane docker sudo\n"
    assert said("usermod -G backup,video jane; id jane").out.endswith(
        "groups=1001(jane),34(backup),44(video)\n"
    )


@each_row(
    "text",
    [
        "adduser eve",
        "useradd -u x eve",
        "groupadd -g x eve",
        "passwd jane",
        "sed -i s/^jane/x/ /etc/shadow",
        "groupmod -g 5 docker",
        "usermod -l x jane",
        "chage -I 3 jane",
        "usermod -e 2030-01-01 jane",
    ],
)
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        after(text)


def test_groupmod() -> None:
    host = after("groupmod -U bob docker")
    assert ("docker" in host.users["jane"].groups, host.users["bob"].groups) == (False, ["docker"])
    assert after("groupmod -a -U bob docker").users["jane"].groups == ["sudo", "docker"]
    renamed = after("groupmod -n jenny jane; groupmod --new-name boats docker")
    assert (renamed.users["jane"].group, renamed.users["jane"].groups) == ("jenny", ["sudo", "boats"])
    assert said("groupmod -U eve docker").code == 3
    assert said("groupmod -n sudo docker").code == 9
    assert said("groupmod -n x none").code == 6


def test_single_ids_and_groupmems():
    text = "id -gn jane; id -g root; id -nG jane; id -ng bob; id --user jane; id -G root"
    assert said(text).out == "jane\n0\njane docker sudo\nbob\n1001\n0\n"
    text = "groupmems -g docker -d jane; groupmems -g docker -a bob; groupmems -g docker -l; groupmems -g docker -p"
    assert said(f"{text}; groupmems -l -g docker; groupmems -g none -l; echo $?").out == "bob\n\n9\n"
    assert said("id -n jane").code == 1
