"""Tests of `simulate.node.services` (systemctl(1))."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import after, booted, said
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    ("text", "now", "later", "enabled"),
    [
        ("systemctl stop vsftpd", False, True, "enabled"),
        ("systemctl disable vsftpd.service", True, False, "disabled"),
        ("systemctl disable --now vsftpd", False, False, "disabled"),
        ("systemctl mask vsftpd", True, False, "masked"),
        ("systemctl mask --now vsftpd", False, False, "masked"),
        ("systemctl mask --now vsftpd; systemctl start vsftpd", False, False, "masked"),
        (
            "systemctl mask --now vsftpd; systemctl unmask vsftpd; systemctl start vsftpd",
            True,
            False,
            "disabled",
        ),
        ("service vsftpd stop", False, True, "enabled"),
        ("systemctl stop vsftpd; systemctl restart vsftpd", True, True, "enabled"),
        ("systemctl stop vsftpd; systemctl try-restart vsftpd", False, True, "enabled"),
    ],
)
def test_a_service(text, now, later, enabled):
    assert after(text).units["vsftpd.service"].active is now
    assert booted(text).units["vsftpd.service"].active is later
    assert after(text).units["vsftpd.service"].enabled == enabled


@each_row(
    ("text", "code", "out"),
    [
        ("systemctl is-active vsftpd", 0, "active\n"),
        ("systemctl is-active own", 3, "inactive\n"),
        ("systemctl is-active own vsftpd", 0, "inactive\nactive\n"),
        ("systemctl is-active -q none", 4, ""),
        ("systemctl is-enabled own", 1, "disabled\n"),
        ("systemctl is-enabled systemd-sysctl", 0, "static\n"),
        ("systemctl status own", 3, None),
        ("systemctl status none", 4, ""),
        ("systemctl stop none", 5, ""),
        ("systemctl disable none", 1, ""),
        ("systemctl mask own", 1, ""),
        ("systemctl mask vsftpd; systemctl enable vsftpd", 1, ""),
        ("systemctl reload own", 1, ""),
        ("systemctl daemon-reload", 0, ""),
    ],
)
def test_exit_codes(text, code, out):
    ran = said(text)
    assert ran.code == code
    assert out is None or ran.out == out


def test_a_socket_keeps_the_port_and_starts_with_the_boot():
    host = after("systemctl stop cups.service")
    assert host.units["cups.socket"].active
    assert booted("systemctl disable cups.service").units["cups.socket"].active is False  # Also=
    assert booted("systemctl disable cups.socket").units["cups.service"].active


def test_what_is_listed():
    units = said("systemctl list-units --type=socket").out
    assert "cups.socket" in units
    assert "vsftpd" not in units
    both = said("systemctl list-units --type=service --type=socket --state=active").out
    assert "cups.socket" in both
    assert "vsftpd.service" in both
    assert "own.service" not in both
    assert said("systemctl list-units --type=service,socket --state=active").out == both
    assert "own.service" not in said("systemctl").out
    for option in (
        "--type=service --type=socket",
        "--type=service,socket",
        "-t service -t socket",
        "-tsocket,service",
    ):
        units = said(f"systemctl list-units {option}").out
        assert "cups.socket" in units
        assert "vsftpd.service" in units
    assert "own.service" in said("systemctl list-units --state=inactive,active").out
    assert "own.service" not in said("systemctl list-units --type service --state=active").out
    assert "own.service" in said("systemctl list-units --all").out
    assert said("systemctl list-unit-files vsftpd.service").out.splitlines()[1].split() == [
        "vsftpd.service",
        "enabled",
    ]


@each_row(
    "text",
    [
        "systemctl edit ssh",
        "systemctl --user stop x",
        "mkdir -p /etc/systemd/system/ssh.service.d; echo > /etc/systemd/system/ssh.service.d/x.conf; systemctl restart ssh",
        "echo > /etc/systemd/system/x.service; systemctl start x",
        "systemctl stop 'v*'",
    ],
)
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        after(text)


def test_units_that_apply_files_do_it_again():
    assert (
        after(
            "rm /etc/sysctl.d/10-net.conf; echo net.ipv4.ip_forward=0 > /etc/sysctl.d/x.conf; systemctl restart systemd-sysctl"
        ).sysctl["net.ipv4.ip_forward"]
        == "0"
    )
    assert (
        after("echo sctp > /etc/modules-load.d/x.conf; rmmod sctp; systemctl restart systemd-modules-load")
        .modules["sctp"]
        .loaded
    )
    for verb in ("reload", "restart"):
        assert "new" in after(f"cp new /etc/apparmor.d/; systemctl {verb} apparmor").apparmor
    assert "deny" in after("systemctl stop apparmor").apparmor
    assert not after("systemctl stop ufw").ufw.running
    assert booted("systemctl stop ufw").ufw.running
    assert not booted("systemctl disable ufw").ufw.running
    assert not booted("ufw disable").ufw.running


def test_names_with_patterns_and_sockets():
    assert (
        said("systemctl list-unit-files 'cups*' | awk 'NR > 1 {print $1}'").out
        == "cups.service\ncups.socket\n"
    )
    assert said("systemctl list-sockets | grep cups").out.split() == [
        "127.0.0.1:631",
        "cups.socket",
        "cups.service",
    ]
    assert said("systemctl stop cups.socket; systemctl list-sockets | wc -l").out == "1\n"
    assert (
        said(
            "update-rc.d vsftpd disable; systemctl is-enabled vsftpd; systemctl try-reload-or-restart own"
        ).out
        == "disabled\n"
    )
