"""Tests of `simulate.node.boot`: what a restart makes of a node."""

# ruff: noqa: S108 - the paths of nodes, no files of ours
from __future__ import annotations

from tests.simulate.node.sample import booted, given
from trainer.simulate.node.boot import rebooted, started


def test_what_a_card_declares_as_different_since_the_boot():
    host = started(given()).hosts["cp"]
    assert host.sysctl["kernel.dmesg_restrict"] == "1"
    assert host.modules["sctp"].loaded
    assert any(one.name == "miner" for one in host.processes)
    again = rebooted(started(given())).hosts["cp"]
    assert again.sysctl["kernel.dmesg_restrict"] == "0"
    assert not again.modules["sctp"].loaded
    assert not any(one.name == "miner" for one in again.processes)


def test_temporary_files_are_gone():
    host = booted("touch /tmp/x /var/tmp/x /run/x /opt/x; mkdir -p /tmp/a/b")
    assert [host.files.at(path) is None for path in ("/tmp/x", "/var/tmp/x", "/run/x", "/opt/x")] == [
        True,
        False,
        True,
        False,
    ]
    assert not host.files.is_folder("/tmp/a")


def test_the_kubelet_starts_in_its_installed_version():
    assert booted("true").kubelet == "v1.34.3"
    text = "apt-get update; apt-get install -y --allow-change-held-packages kubelet=1.35.1-1.1"
    assert booted(text).kubelet == "v1.35.1"


def test_the_state_before_stays():
    cluster = started(given())
    rebooted(cluster)
    assert cluster.hosts["cp"].modules["sctp"].loaded
