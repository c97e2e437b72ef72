"""Tests of `simulate.node.kernel`: settings now and after a restart (sysctl.d(5), sysctl(8))."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import after, booted, said
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.node.kernel import key_of


@each_row(
    ("text", "now", "later"),
    [
        ("true", "1", "1"),  # /etc/sysctl.d/10-net.conf
        ("sysctl -w net.ipv4.ip_forward=0", "0", "1"),
        ("sysctl net/ipv4/ip_forward=0", "0", "1"),
        ("echo 'net.ipv4.ip_forward=0' > /etc/sysctl.d/20.conf", "1", "0"),
        ("echo 'net.ipv4.ip_forward=0' > /etc/sysctl.d/20.conf; sysctl --system", "0", "0"),
        ("echo 'net.ipv4.ip_forward=0' > /etc/sysctl.d/09.conf; sysctl --system", "1", "1"),
        ("echo 'net.ipv4.ip_forward=0' > /etc/sysctl.d/20.cnf; sysctl --system", "1", "1"),
        ("echo 'net.ipv4.ip_forward=0' >> /etc/sysctl.conf; sysctl -p", "0", "0"),
        ("echo '#net.ipv4.ip_forward=0' >> /etc/sysctl.conf; sysctl -p", "1", "1"),
        ("echo net.ipv4.ip_forward=0 > /root/x; sysctl --load=/root/x", "0", "1"),
        ("rm /etc/sysctl.d/10-net.conf", "1", "0"),
        ("sed -i 's/= 1/= 0/' /etc/sysctl.d/10-net.conf; sysctl -p /etc/sysctl.d/10-net.conf", "0", "0"),
        (
            "echo '- net/ipv4/ip_forward = 0' > /etc/sysctl.d/20.conf; sysctl -p /etc/sysctl.d/*.conf",
            "0",
            "0",
        ),
    ],
)
def test_settings(text, now, later):
    assert after(text).sysctl["net.ipv4.ip_forward"] == now
    assert booted(text).sysctl["net.ipv4.ip_forward"] == later


def test_what_sysctl_prints():
    assert said("sysctl -n net.ipv4.ip_forward kernel.dmesg_restrict").out == "1\n1\n"
    assert said("sysctl net.ipv4.ip_forward").out == "net.ipv4.ip_forward = 1\n"
    assert said("sysctl -w net.ipv4.ip_forward").code == 1
    assert said("sysctl -p /none").code == 1  # procps 4.0.2


def test_a_setting_that_the_card_lacks_is_not_judged():
    with pytest.raises(NotJudged, match=r"vm\.swappiness"):
        after("sysctl -w vm.swappiness=1")


def test_names():
    assert key_of("net/ipv4/conf/eth0.1/x") == "net.ipv4.conf.eth0.1.x"
    assert key_of(" -kernel.x ") == "kernel.x"


def test_settings_from_the_input():
    text = "echo kernel.dmesg_restrict = 0 | sysctl -p -; sysctl -n kernel.dmesg_restrict; [ -e /dev/stdin ] || echo none"
    assert said(text).out == "kernel.dmesg_restrict = 0\n0\nnone\n"
