"""Programs that only look."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import run, said
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    "text",
    [
        "journalctl -u kubelet --no-pager | tail -5",
        "df -h; free -m; uptime; lsblk; who; history -c",
        "ip a; ip route show; ifconfig eth0; hostnamectl",
        "iptables -L -n; nft list ruleset; crictl ps; top -bn1 | head",
        "systemctl show -p ActiveState ssh; systemctl cat ssh; systemctl list-timers",
        "passwd -S root; chage -l root; lsattr /opt/miner; chattr -i /opt/miner",
        "ss -tulpn | column -t; logger done",
    ],
)
def test_what_changes_nothing(text: str) -> None:
    done = run(text)
    assert (done.after, done.code) == (done.before, 0)


@each_row(
    "text",
    [
        "iptables -F",
        "ip link set eth0 down",
        "hostnamectl set-hostname x",
        "journalctl --vacuum-time=1s",
        "nft flush ruleset",
        "crictl rm x",
        "chattr +i /etc/hosts",
        "top",
        "x=$(df -h); echo $x",
        "su bob -c id",
    ],
)
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        said(text)


def test_programs_of_packages_and_of_root() -> None:
    assert said("which vsftpd; su - root -c 'echo a'; chattr -i /none").out == "/usr/sbin/vsftpd\na\n"
    assert said(
        "apt-get purge -y vsftpd > /dev/null; which vsftpd || command -v vsftpd || echo gone"
    ).out.endswith("gone\n")
