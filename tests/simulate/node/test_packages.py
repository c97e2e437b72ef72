"""Tests of `simulate.node.packages` (apt-get(8), apt-mark(8), dpkg(1))."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import NEW, OLD, after, said
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    ("text", "code", "package", "version"),
    [
        ("apt-get remove -y vsftpd", 0, "vsftpd", ""),
        ("apt-get remove vsftpd", 1, "vsftpd", "3.0.5"),
        ("echo | apt-get remove vsftpd", 0, "vsftpd", ""),
        ("echo n | apt-get remove vsftpd", 1, "vsftpd", "3.0.5"),
        ("yes | apt purge vsftpd", 0, "vsftpd", ""),
        ("apt-get install -y vsftpd", 0, "vsftpd", "3.0.6"),
        ("apt-get -y -o Dpkg::Options::=--force-confold install vsftpd", 0, "vsftpd", "3.0.6"),
        ("apt-get install vsftpd", 0, "vsftpd", "3.0.6"),
        ("apt-get install vsftpd=3.0.9", 100, "vsftpd", "3.0.5"),
        ("apt-get install -y nmap", 0, "liblua", "5.4"),
        ("apt-get install nmap", 1, "nmap", ""),
        ("apt-get install -y 'nmap=7.1*'", 0, "nmap", "7.1"),
        ("apt-get install -y nmap; apt-get install -y nmap=7.1", 100, "nmap", "7.2"),
        ("apt-get install -y nmap; apt-get install -y --allow-downgrades nmap=7.1", 0, "nmap", "7.1"),
        ("apt-get remove -y libcups", 0, "cups", ""),
        ("apt-get remove -y cups", 0, "libcups", "2.4"),
        ("apt-get autoremove -y cups", 0, "libcups", ""),
        ("apt-get remove -y cups; apt-get autoremove -y", 0, "libcups", ""),
        ("apt-get remove -y none", 100, "cups", "2.4"),
        (f"apt-get install -y kubeadm={NEW}", 100, "kubeadm", OLD),
        (f"apt-get update; apt-get install -y kubeadm={NEW}", 100, "kubeadm", OLD),
        (f"apt-mark unhold kubeadm; apt-get update; apt-get install -y kubeadm={NEW}", 0, "kubeadm", NEW),
        (
            "apt-get update && apt-get install -y --allow-change-held-packages kubeadm='1.35.*'",
            0,
            "kubeadm",
            NEW,
        ),
        ("apt-get update && apt-get upgrade -y", 0, "kubelet", OLD),
        ("apt-get upgrade -y", 0, "vsftpd", "3.0.6"),
        ("apt-get remove -s vsftpd", 0, "vsftpd", "3.0.5"),
        ("dpkg -r vsftpd", 0, "vsftpd", ""),
        ("dpkg -r libcups", 1, "libcups", "2.4"),
    ],
)
def test_packages(text, code, package, version):
    assert said(text).code == code
    assert after(text).packages[package].version == version


def test_dpkg_sets_and_cancels_holds():
    assert not after("apt-mark unhold kubeadm").packages["kubeadm"].held
    assert after("echo 'vsftpd hold' | dpkg --set-selections").packages["vsftpd"].held
    assert (
        not after("printf 'none hold\nkubeadm\tinstall\n' | dpkg --set-selections").packages["kubeadm"].held
    )


def test_removal_stops_services_and_keeps_configuration():
    host = after("apt-get remove -y vsftpd")
    assert not host.units["vsftpd.service"].present
    assert host.files.at("/usr/sbin/vsftpd") is None
    assert host.files.at("/etc/vsftpd.conf") is not None
    assert after("apt-get purge -y vsftpd").files.at("/etc/vsftpd.conf") is None
    assert after("apt-get remove -y vsftpd; dpkg -P vsftpd").files.at("/etc/vsftpd.conf") is None


def test_installation_starts_services():
    host = after("systemctl disable --now vsftpd; apt-get remove -y vsftpd; apt-get install -y vsftpd")
    assert host.units["vsftpd.service"].active
    assert host.units["vsftpd.service"].enabled == "enabled"


def test_holds():
    assert said("apt-mark showhold").out == "kubeadm\nkubectl\nkubelet\n"
    assert said("apt-mark unhold kubelet").out == "Canceled hold on kubelet.\n"
    assert said("apt-mark hold kubelet").out == "kubelet was already set on hold.\n"
    assert said("apt-mark hold none").code == 100


def test_what_is_listed():
    assert said("dpkg -l vsftpd | grep -c ^ii").out == "1\n"
    assert said("dpkg -l none").code == 1
    assert said("dpkg -S bin/vsftpd").out == "vsftpd: /usr/sbin/vsftpd\n"
    assert said("dpkg -L vsftpd").out == "/usr/sbin/vsftpd\n/etc/vsftpd.conf\n"
    assert [
        line.split()[2]
        for line in said("apt-get update > /dev/null; apt-cache madison kubeadm").out.splitlines()
    ] == ["1.36.0-1.1", NEW, "1.35.0-1.1", OLD]
    assert "Candidate: 3.0.6" in said("apt-cache policy vsftpd").out


@each_row(
    "text",
    [
        "apt-get remove -y sudo",
        "apt-get install -y --reinstall vsftpd",
        "dpkg -i x.deb",
        "echo vsftpd purge | dpkg --set-selections",
        "apt-get remove -y 'v*'",
        "apt-get source x",
    ],
)
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        after(text)


def test_a_sign_behind_a_name_turns_the_verb_around():
    host = after("apt-get install -y vsftpd- nmap")
    assert (host.packages["vsftpd"].version, host.packages["nmap"].version) == ("", "7.2")
    host = after("apt-get remove -y vsftpd nmap+")
    assert (host.packages["vsftpd"].version, host.packages["nmap"].version) == ("", "7.2")
    assert said("apt-get install -y none-").code == 100
    assert said("apt-get install vsftpd-").code == 1  # it asks
