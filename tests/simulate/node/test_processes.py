"""Tests of `simulate.node.processes` (kill(1), pkill(1), killall(1))."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import after, said
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    ("text", "code", "gone"),
    [
        ("kill $(pgrep miner)", 0, True),
        ("kill -9 $(pidof miner)", 0, True),
        ("kill -s KILL $(pgrep miner)", 0, True),
        ("kill -0 $(pgrep miner)", 0, False),
        ("pkill min", 0, True),
        ("pkill -x min", 1, False),
        ("pkill -f fast", 0, True),
        ("pkill fast", 1, False),
        ("pkill -u nobody", 0, True),
        ("killall min", 1, False),
        ("killall -9 miner", 0, True),
        ("kill 99999", 1, False),
    ],
)
def test_a_process_ends(text, code, gone):
    assert said(text).code == code
    assert ("/opt/miner --fast" not in {one.command for one in after(text).processes}) is gone


def test_systemd_starts_what_must_run():
    assert after("pkill kubelet").units["kubelet.service"].active
    assert not after("pkill vsftpd").units["vsftpd.service"].active
    assert after("pkill -9 vsftpd").units["vsftpd.service"].active
    assert not after("killall cupsd").units["cups.service"].active


def test_ps():
    assert "/opt/miner --fast" in said("ps aux").out


@each_row("text", ["kill -USR1 1", "pkill -HUP miner", "kill 1", "pkill -t x y", "kill -l", "pkill 'a|b'"])
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        after(text)


def test_columns_of_ps():
    assert said("ps -u nobody -o pid= | xargs ps -o comm= -p").out == "miner\n"
    assert (
        said("ps -eo user,cmd | grep '[m]iner'; ps -C none -o pid=; echo $?").out
        == "nobody /opt/miner --fast\n1\n"
    )
    assert said(
        "ps -ef | awk '/miner/ && !/awk/ {print $1, $8}'; ps aux | awk '/miner/ {print $11}'"
    ).out == ("nobody /opt/miner\n/opt/miner\n")
    assert said(
        "pgrep -o miner | wc -l; pgrep -l miner | cut -d' ' -f2; pgrep -a miner | cut -d' ' -f2-; pgrep -c miner"
    ).out == ("1\nminer\n/opt/miner --fast\n1\n")
    for text in ("ps -eo etime", "ps -o pid=", "ps -eo pid=,user"):
        with pytest.raises(NotJudged):
            said(f"x=$({text}); ufw allow $x")


def test_words_that_are_not_ids():
    assert (
        said("kill nobody; echo $?; kill -9 nobody $(pgrep miner); pgrep miner || echo gone").out
        == "1\ngone\n"
    )
