"""Tests of `simulate.node.dpkg` (dpkg-query(1) of dpkg 1.22)."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import said
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    ("text", "code", "out"),
    [
        ("dpkg-query -W -f='${Version}' kubelet", 0, "1.34.3-1.1"),
        ("dpkg-query -W vsftpd", 0, "vsftpd\t3.0.5\n"),
        (
            "dpkg-query -W -f='${binary:Package} ${db:Status-Status}\\n' 'kube*' none",
            1,
            "kubeadm installed\nkubectl installed\nkubelet installed\n",
        ),
        ("dpkg-query --showformat '${Status}\\n' --show kubelet", 0, "hold ok installed\n"),
        ("dpkg-query -W -f='${db:Status-Abbrev}|' kubelet vsftpd", 0, "hi |ii |"),
        ("dpkg-query -W nmap", 1, ""),
        ("dpkg --get-selections kubelet", 0, "kubelet\thold\n"),
        ("dpkg-query -S bin/vsftpd", 0, "vsftpd: /usr/sbin/vsftpd\n"),
    ],
)
def test_queries(text, code, out):
    ran = said(text)
    assert (ran.code, ran.out) == (code, out)


@each_row(
    "text", ["dpkg-query -W -f='${Maintainer}' vsftpd", "dpkg-query -W --admindir=/x", "dpkg --configure -a"]
)
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        said(text)


def test_status():
    assert said("dpkg -s vsftpd | awk '/^Version/ {print $2}'; dpkg -s nmap | wc -l").out == "3.0.5\n0\n"
    assert said("dpkg -s nmap").code == 1
