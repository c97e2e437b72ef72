"""Tests of `simulate.node.firewall` (ufw(8) 0.36.2)."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import after, said
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.node.firewall import Packet, decide


@each_row(
    ("text", "packet", "passes"),
    [
        ("true", Packet("1.2.3.4", 22), True),
        ("true", Packet("1.2.3.4", 22, "udp"), False),
        ("true", Packet("10.9.1.1", 22), True),  # the first rule decides
        ("ufw insert 1 deny from 10.9.0.0/16 to any port 22", Packet("10.9.1.1", 22), False),
        ("ufw prepend deny 22/tcp", Packet("1.2.3.4", 22), False),
        ("ufw deny 22/tcp", Packet("1.2.3.4", 22), False),  # replaces its rule
        ("ufw delete allow 22/tcp", Packet("1.2.3.4", 22), False),
        ("ufw --force delete 1", Packet("1.2.3.4", 22), False),
        ("ufw delete 1", Packet("1.2.3.4", 22), True),
        ("yes | ufw delete 1", Packet("1.2.3.4", 22), False),
        ("ufw default allow incoming", Packet("1.2.3.4", 80), True),
        ("ufw default allow outgoing", Packet("1.2.3.4", 80), False),
        ("ufw disable", Packet("1.2.3.4", 80), True),
        ("ufw disable; ufw enable", Packet("1.2.3.4", 80), True),
        ("ufw disable; ufw --force enable", Packet("1.2.3.4", 80), False),
        ("ufw disable; yes | ufw enable", Packet("1.2.3.4", 80), False),
        ("ufw --force reset; ufw --force enable", Packet("1.2.3.4", 22), False),
        ("ufw allow proto tcp from 1.2.3.0/24 to any port 80,443", Packet("1.2.3.4", 443), True),
        ("ufw allow proto tcp from 1.2.3.0/24 to any port 80,443", Packet("1.2.4.4", 443), False),
        ("ufw allow 30000:32767/tcp", Packet("1.2.3.4", 32767), True),
        ("ufw allow 30000:32767/tcp", Packet("1.2.3.4", 32768), False),
        ("ufw allow from 1.2.3.4 to 10.0.0.10 port 53 proto udp", Packet("1.2.3.4", 53, "udp"), True),
        ("ufw allow from 1.2.3.4 to 10.0.0.99 port 53 proto udp", Packet("1.2.3.4", 53, "udp"), False),
        ("ufw allow http", Packet("1.2.3.4", 80), True),
        ("ufw allow 53", Packet("1.2.3.4", 53, "udp"), True),
        ("ufw delete allow OpenSSH", Packet("1.2.3.4", 22), True),  # a rule for an application is another
        ("ufw delete allow ssh", Packet("1.2.3.4", 22), False),
        ("ufw --force reset; ufw allow OpenSSH; ufw --force enable", Packet("1.2.3.4", 22), True),
        ("ufw insert 1 deny from 1.2.3.0/24 to any app OpenSSH", Packet("1.2.3.4", 22), False),
        ("ufw insert 1 deny from 1.2.3.0/24 to any app OpenSSH", Packet("1.2.4.4", 22), True),
    ],
)
def test_packets(text, packet, passes):
    assert decide(after(text), packet)[0] is passes


@each_row(
    ("text", "code"),
    [
        ("ufw allow nonsense", 1),
        ("ufw allow 80:90", 1),
        ("ufw", 1),
        ("ufw insert 9 allow 80", 1),
        ("ufw delete 9", 1),
        ("ufw delete allow 99", 0),
        ("ufw allow from 1.2.3.400", 1),
        ("ufw default maybe", 1),
        ("ufw allow from any to any app none", 1),
    ],
)
def test_exit_codes(text, code):
    assert said(text).code == code


def test_status():
    assert said("ufw disable; ufw status").out.endswith("Status: inactive\n")
    assert "22/tcp" in said("ufw status numbered").out
    assert "OpenSSH " in said("ufw allow OpenSSH; ufw status").out
    assert "Default: deny (incoming), allow (outgoing)" in said("ufw status verbose").out


@each_row(
    "text",
    [
        "ufw allow out 53",
        "ufw route allow from any",
        "ufw allow in on eth0",
        "echo x >> /etc/ufw/user.rules",
        "ufw allow from fd00::/8",
    ],
)
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        after(text)
