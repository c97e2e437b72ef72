"""Tests of `simulate.node.system`: the declared state."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import after, booted, given, said
from trainer.errors import NotJudged
from trainer.simulate.node.boot import started
from trainer.simulate.node.system import Process, cluster_of, copy_of


def test_nothing_else_exists_on_a_node():
    files = cluster_of(given()).hosts["cp"].files
    assert files.at("/etc/sudoers.d/ops").owner == 0
    assert files.at("/etc/shadow.bak") is None
    assert files.entries("/etc/sudoers.d") == ["ops"]


def test_a_copy_changes_alone():
    cluster = cluster_of(given())
    twin = copy_of(cluster)
    twin.hosts["cp"].files.put("/etc/hostname", None)
    twin.hosts["cp"].packages["cups"].version = ""
    assert cluster.hosts["cp"].files.at("/etc/hostname") is not None
    assert cluster.hosts["cp"].packages["cups"].version == "2.4"


def test_no_change_of_a_copy_reaches_the_original():
    """Whatever can change in place: containers of containers, and the objects in them."""
    cluster = started(given())
    untouched, twin = copy_of(cluster), copy_of(cluster)
    assert cluster == untouched == twin
    host = twin.hosts["cp"]
    host.packages["cups"].listed.append("9")
    host.units["cups.service"].active = False
    host.processes[0].user = "nobody"
    host.users["jane"].groups.append("root")
    host.groups["x"] = 9
    host.modules["dccp"].loaded = True
    host.sysctl["a"] = host.defaults["a"] = "1"
    host.apparmor["a"] = host.apparmor_rules["a"] = ""
    host.ufw.rules.clear()
    host.sshd.clear()
    host.files.make_folder("/srv/x")
    twin.pods.clear()
    twin.lost.append("a")
    assert host.files.host is host
    assert cluster == untouched
    assert cluster.hosts["cp"] != host


def test_names_of_processes_have_15_characters():
    assert Process(1, "/usr/bin/a-rather-long-name -x", "root").name == "a-rather-long-n"


def test_the_root_directory_is_a_directory_like_any_other():
    names = cluster_of(given()).hosts["cp"].files.entries("/")
    assert names is not None
    assert {"etc", "opt", "usr"} <= set(names)
    assert all("/" not in name for name in names)


def test_files_of_the_kernel():
    assert said("readlink -f /proc/$(pgrep miner)/exe").out == "/opt/miner\n"
    assert said("ls -l /proc/$(pgrep miner)/exe").out.endswith("/exe -> /opt/miner\n")
    assert said("cat /sys/kernel/security/apparmor/profiles").out == "deny (enforce)\n"
    assert said("echo 1 > /proc/sys/net/ipv4/ip_forward; cat /proc/sys/net/ipv4/ip_forward").out == "1\n"
    text = "echo 0 | sudo tee /proc/sys/net/ipv4/ip_forward"
    assert after(text).sysctl["net.ipv4.ip_forward"] == "0"
    assert booted(text).sysctl["net.ipv4.ip_forward"] == "1"
    for text in ("cat /proc/cpuinfo", "echo 1 > /proc/sys/vm/none", "echo 1 > /proc/1/exe"):
        with pytest.raises(NotJudged):
            after(text)


def test_directories_of_the_kernel():
    text = "rmmod dccp; for m in sctp dccp; do [ -d /sys/module/$m ] && echo $m; done; [ -d /proc/$(pgrep miner) ] && echo runs"
    assert said(text).out == "sctp\nruns\n"
