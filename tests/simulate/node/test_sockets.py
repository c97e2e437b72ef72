"""Tests of `simulate.node.sockets` (ss(8), netstat(8), lsof(8))."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import after, said
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.node.sockets import _listener, listeners


def test_listeners_of_processes_and_of_sockets():
    found = {(one.title, one.process) for one in listeners(after("systemctl stop cups.service"))}
    assert ("tcp/21", "vsftpd") in found
    assert ("tcp/631", "systemd") in found
    assert ("udp/4444", "miner") in found


@each_row(
    ("text", "needle", "shown"),
    [
        ("ss -tlnp", ":21 ", True),
        ("ss -tlnp", "4444", False),
        ("ss -ulnp", "4444", True),
        ("ss -tuln", 'users:(("vsftpd"', False),
        ("ss -tulnp", 'users:(("vsftpd"', True),
        ("ss -tl", ":ftp", True),
        ("ss -4tln", "[::]", False),
        ("netstat -tulpn", "/vsftpd", True),
        ("netstat -tln", "0.0.0.0:21", True),
        ("lsof -i :21", "*:21 (LISTEN)", True),
        ("lsof -iTCP -sTCP:LISTEN -nP", "vsftpd", True),
        ("lsof -i udp:4444", "miner", True),
    ],
)
def test_outputs(text, needle, shown):
    assert (needle in (said(text).out or "")) is shown


def test_process_ids_lead_to_processes():
    assert said("kill $(lsof -t -i:4444); lsof -i :4444").code == 1
    assert said("lsof -t -i :9").code == 1


@each_row("text", ["ss -x -l", "lsof /etc", "lsof -i @1.2.3.4", "ss -tlnp sport = 22"])
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        after(text)


def test_filters_of_ss():
    assert said("ss -Htln 'sport = :21' | wc -l").out == "1\n"
    assert said("ss -Htln '( sport = :21 or sport = :22 )' | wc -l").out == "3\n"
    assert said("ss -Htln sport = :99").out == ""
    assert (
        said("readlink /proc/$(ss -Hulnp 'sport = :4444' | grep -oP 'pid=\\K[0-9]+')/exe").out
        == "/opt/miner\n"
    )
    with pytest.raises(NotJudged):
        said("ss -tln state listening")


def test_a_listener_that_a_card_spells_wrong_is_not_judged() -> None:
    with pytest.raises(NotJudged, match="listens on 'tcp'"):
        _listener("tcp", "a", 1, "root")


def test_letters_in_one_word():
    assert said("lsof -ti udp:4444; lsof -nPti :4444").out == said("pgrep miner; pgrep miner").out
