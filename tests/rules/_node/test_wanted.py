"""Tests of `rules._node.wanted`: each requirement, met and not met."""

from __future__ import annotations

import msgspec

from tests.rules._node.given import world
from tests.table import each_row
from trainer.rules.node import Params, judge
from trainer.verdict import Status

CASES = [
    ({"closed": ["tcp/21"]}, "systemctl disable --now vsftpd", "systemctl disable vsftpd"),
    (
        {"closed": ["tcp/631"]},
        "systemctl disable --now cups.service cups.socket",
        "systemctl disable --now cups.service",
    ),
    ({"open": ["tcp/21"]}, "true", "pkill vsftpd"),
    ({"packages": {"cups": {"installed": False}}}, "apt-get remove -y cups", "systemctl disable --now cups"),
    ({"packages": {"none": {"installed": False}}}, "true", None),
    ({"packages": {"vsftpd": {"version": "3.0.6"}}}, "apt-get install -y vsftpd", "apt-get update"),
    ({"packages": {"vsftpd": {"held": True}}}, "apt-mark hold vsftpd", "true"),
    ({"packages": {"kubelet": {"held": False}}}, "apt-mark unhold kubelet", "true"),
    (
        {"units": {"vsftpd.service": {"active": False, "enabled": False}}},
        "systemctl mask --now vsftpd",
        "systemctl stop vsftpd",
    ),
    ({"units": {"vsftpd.service": {"active": False, "enabled": False}}}, "apt-get purge -y vsftpd", "true"),
    (
        {"units": {"own.service": {"active": True, "enabled": True}}},
        "systemctl enable --now own",
        "systemctl start own",
    ),
    ({"accounts": {"bob": {"exists": False}}}, "userdel bob", "usermod -L bob"),
    ({"accounts": {"jane": {"groups": ["sudo"]}}}, "gpasswd -d jane docker", "usermod -G '' jane"),
    ({"accounts": {"jane": {"group": "users"}}}, "usermod -g users jane", "usermod -aG users jane"),
    ({"accounts": {"jane": {"not_in": ["docker"]}}}, "deluser jane docker", "userdel jane"),
    (
        {"accounts": {"jane": {"locked": True, "shell": ["/usr/sbin/nologin", "/bin/false"]}}},
        "usermod -L -s /bin/false jane",
        "passwd -l jane",
    ),
    ({"sudo": {"jane": {"denied": ["/bin/bash"]}}}, "gpasswd -d jane sudo", "rm /etc/sudoers.d/ops"),
    (
        {"sudo": {"bob": {"allowed": ["/usr/bin/id"], "rest": "denied"}}},
        "echo 'bob ALL=/usr/bin/id' > /etc/sudoers.d/x",
        "echo 'bob ALL=ALL' > /etc/sudoers.d/x",
    ),
    (
        {"sudo": {"bob": {"allowed": ["/usr/bin/a b"], "rest": "denied"}}},
        "echo 'bob ALL=/usr/bin/a b' > /etc/sudoers.d/x",
        "echo 'bob ALL=/usr/bin/a' > /etc/sudoers.d/x",
    ),
    (
        {"sudo": {"bob": {"allowed": ["/usr/bin/a"], "rest": "denied"}}},
        "echo 'bob ALL=/usr/bin/a' > /etc/sudoers.d/x",
        "echo 'bob ALL=/usr/bin/a, /opt/x' > /etc/sudoers.d/x",
    ),
    (
        {"sudo": {"bob": {"without_password": ["/usr/bin/a"]}}},
        "echo 'bob ALL=NOPASSWD: /usr/bin/a' > /etc/sudoers.d/x",
        "echo 'bob ALL=/usr/bin/a' > /etc/sudoers.d/x",
    ),
    ({"files": {"/opt/miner": {"content": "er\n", "without": "min"}}}, "true", "echo > /opt/miner"),
    ({"sudo": {"bob": {}}}, "true", "echo 'nonsense' > /etc/sudoers.d/x"),
    ({"files": {"/opt/miner": {"exists": False}}}, "rm /opt/miner", "chmod 0 /opt/miner"),
    (
        {"files": {"/opt/miner": {"mode": ["0600", "0400"], "owner": "jane", "group": "docker"}}},
        "chmod 400 /opt/miner; chown jane:docker /opt/miner",
        "chmod 400 /opt/miner; chown jane /opt/miner",
    ),
    ({"files": {"/opt/miner": {"content": "x\n"}}}, "echo x > /opt/miner", "echo x >> /opt/miner"),
    (
        {"sysctl": {"net.ipv4.ip_forward": "0"}},
        "rm /etc/sysctl.d/10-net.conf; sysctl -w net.ipv4.ip_forward=0",
        "sysctl -w net.ipv4.ip_forward=0",
    ),
    (
        {"modules": {"dccp": {"loaded": False, "loadable": False}}},
        "echo install dccp /bin/false > /etc/modprobe.d/x.conf; rmmod dccp",
        "echo blacklist dccp > /etc/modprobe.d/x.conf; rmmod dccp",
    ),
    (
        {"apparmor": {"new": "enforce"}},
        "cp new /etc/apparmor.d/; apparmor_parser -r /etc/apparmor.d/new",
        "apparmor_parser -r new",
    ),
    ({"apparmor": {"deny": "absent"}}, "aa-disable deny", "apparmor_parser -R /etc/apparmor.d/deny"),
    (
        {"host": "w1", "closed": ["tcp/10250"]},
        "ssh w1 systemctl disable --now kubelet",
        "systemctl disable --now kubelet",
    ),
    ({"when": ["now"], "closed": ["tcp/21"]}, "systemctl stop vsftpd", "systemctl disable vsftpd"),
    ({"when": ["boot"], "closed": ["tcp/21"]}, "systemctl disable vsftpd", "systemctl stop vsftpd"),
]


@each_row(("params", "right", "wrong"), CASES)
def test_requirements(params, right, wrong):
    wanted = msgspec.convert(params, Params)
    assert judge(world(right), wanted).status is Status.PASS
    if wrong is not None:
        outcome = judge(world(wrong), wanted)
        assert outcome.status is Status.FAIL
        assert all(reason.location for reason in outcome.reasons)
        assert outcome.evidence
