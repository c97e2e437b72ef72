"""Tests of `simulate.node.facts`."""

from __future__ import annotations

from tests.simulate.node.sample import run
from tests.table import each_row
from trainer.simulate.node.facts import crowded, facts


def changed(text):
    done = run(text)
    old, new = facts(done.before), facts(done.after)
    return sorted(key for key in {*old, *new} if old.get(key) != new.get(key))


@each_row(
    ("text", "keys"),
    [
        ("true", []),
        ("systemctl stop vsftpd", ["cp port tcp/21", "cp unit vsftpd.service active"]),
        ("systemctl restart vsftpd", []),
        ("pkill miner", ["cp port udp/4444", "cp process /opt/miner --fast"]),
        ("gpasswd -d jane docker", ["cp groups jane"]),
        ("gpasswd -d jane sudo", ["cp groups jane", "cp sudo jane"]),
        ("chmod 600 /opt/miner", ["cp file /opt/miner"]),
        ("touch /tmp/x /root/y /etc/sudoers.bak", []),
        ("mkdir /root/.ssh; echo key > /root/.ssh/authorized_keys", ["cp file /root/.ssh/authorized_keys"]),
        ("modprobe -r dccp", ["cp module dccp loaded", "cp module dccp_core loaded"]),
        ("apparmor_parser -R /etc/apparmor.d/deny", ["cp apparmor deny", "cp rules deny"]),
        ("ufw allow 80", ["cp firewall", "cp firewall rule 80 ALLOW IN Anywhere"]),
        ("apt-mark unhold kubelet", ["cp hold kubelet"]),
        ("apt-get update", []),
        ("kubectl cordon w1", ["w1 scheduling"]),
        ("ssh w1 sysctl -a", []),
    ],
)
def test_what_a_command_changes(text, keys):
    assert changed(text) == keys


def test_pods_that_a_drain_would_move():
    assert crowded(run("true").after, "w1") == ["default/web-1"]
