"""Tests of `simulate.node.machine`: sudo, ssh, shells, and what isn't known."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import after, run, said
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    "text",
    [
        "sudo systemctl stop vsftpd",
        "sudo -E bash -c 'systemctl stop vsftpd'",
        "/usr/bin/systemctl stop vsftpd",
        "sudo FOO=1 systemctl stop vsftpd",
        "echo 'systemctl stop vsftpd' | sudo bash",
        "bash <<EOF\nsystemctl stop vsftpd\nEOF",
        "echo 'systemctl stop vsftpd' > /tmp/s.sh; bash /tmp/s.sh",
        "sh -c 'systemctl stop vsftpd'",
        "command systemctl stop vsftpd",
        "command -v systemctl && systemctl stop vsftpd",
        "until ! systemctl is-active -q vsftpd; do systemctl stop vsftpd; done",
        "for u in vsftpd cups; do systemctl stop $u; done",
        "u=vsftpd; systemctl stop ${u}.service",
        'halt() { systemctl stop "$1"; }\nhalt vsftpd',
        "printf 'vsftpd x\\ncups y\\n' | while read -r u _; do systemctl stop $u; done",
        "systemctl stop {vsftpd,cups}.service &> /dev/null",
        "bash <<< 'systemctl stop vsftpd'",
    ],
)
def test_ways_to_run_a_command(text):
    assert not after(text).units["vsftpd.service"].active


@each_row(
    "text",
    [
        "ssh w1 systemctl stop kubelet",
        "ssh root@w1 'systemctl stop kubelet'",
        "ssh -o StrictHostKeyChecking=no -q w1 sudo systemctl stop kubelet",
        "ssh w1 <<'EOF'\nsystemctl stop kubelet\nEOF",
        "ssh w1 bash -s <<'EOF'\nsystemctl stop kubelet\nEOF",
        "ssh w1 'bash -c \"systemctl stop kubelet\"'",
        "echo systemctl stop kubelet | ssh w1",
        "echo w1 | while read -r n; do ssh -n $n systemctl stop kubelet; done",
    ],
)
def test_ssh_runs_on_another_node(text):
    cluster = run(text).after
    assert not cluster.hosts["w1"].units["kubelet.service"].active
    assert cluster.hosts["cp"].units["kubelet.service"].active


def test_exit_codes_pass_through():
    assert said("ssh w1 exit 7").code == 7
    assert said("ssh none true").code == 255
    assert said("sudo systemctl stop none").code == 5
    assert said("bash /tmp/none.sh").code == 127


def test_home_and_current_directory():
    assert said('pwd; echo "$HOME"; cd /etc; pwd; hostname > /dev/null').out == "/root\n/root\n/etc\n"


@each_row(
    "text",
    [
        "reboot",
        "curl x",
        "vi /etc/hosts",
        "sudo -u jane id",
        "/opt/miner",
        "ssh -J a w1 true",
        "readlink /proc/1/exe",
        "[ -e /sys/x ]",
        "systemctl stop x &",
        "printf 'w1\\nw2\\n' | while read -r n; do ssh $n systemctl stop kubelet; done",
    ],
)
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        run(text)


def test_files_are_copied_to_another_node():
    text = (
        "echo 'touch /opt/there' > up.sh; chmod 700 up.sh; scp -q up.sh root@w1:/tmp/; ssh w1 bash /tmp/up.sh"
    )
    assert after(text, "w1").files.at("/opt/there") is not None
    assert after("echo a > x; scp x w1:/opt/y", "w1").files.at("/opt/y").content == "a\n"
    assert after("ssh w1 'echo b > /opt/z'; scp w1:/opt/z .").files.at("/root/z").content == "b\n"
    assert said("scp none w1:/tmp/").code == 1
    assert said("echo a > x; scp x w9:/tmp/").code == 255
    with pytest.raises(NotJudged):
        after("scp -r /opt w1:/opt")


def test_a_shell_reads_what_it_is_given():
    text = "echo a | bash -c 'cat; cat'; printf '1\\n2\\n' | bash -c 'read x; echo n$x; cat'; echo b | ssh w1 cat"
    assert said(text).out == "a\nn1\n2\nb\n"


def test_programs_see_what_is_exported():
    assert (
        said("A=1; set -a; B=2; bash -c 'echo [$A][$B]'; set +a; C=3 bash -c 'echo [$A][$C]'").out
        == "[][2]\n[][3]\n"
    )
