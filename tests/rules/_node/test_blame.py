"""Tests of `rules._node.blame`: which line of a script a reason names."""

from __future__ import annotations

import msgspec

from tests.rules._node.given import world
from tests.table import each_row
from trainer.rules.node import Params, judge
from trainer.verdict import Status

CLOSED = msgspec.convert({"closed": ["tcp/21"]}, Params)
OPEN = msgspec.convert({"open": ["tcp/21"]}, Params)


@each_row(
    ("params", "text", "line", "words"),
    [
        (CLOSED, "true\n", 1, "No line of the script changes that"),
        (CLOSED, "\nsystemctl stop vsftpd", 2, "Line 2 changes it only until the next restart"),
        (CLOSED, "\n\napt-get remove vsftpd", 3, "Line 3 fails: apt-get asks"),
        (
            CLOSED,
            "set -e\nsystemctl stop none\nsystemctl disable --now vsftpd",
            2,
            "Line 2 fails: systemctl stop",
        ),
        (CLOSED, "true\nexit 1\nsystemctl disable --now vsftpd", 2, "The script ends on line 2"),
        (CLOSED, "\nssh w1\nsystemctl disable --now vsftpd", 2, "waits on line 2 for input"),
        (
            CLOSED,
            "systemctl disable --now vsftpd\n\nsystemctl enable --now vsftpd",
            3,
            "vsftpd listens on TCP 21.",
        ),
        (OPEN, "true\nsystemctl stop vsftpd", 2, "Nothing listens on TCP 21 any more."),
        (OPEN, "true\nsystemctl disable vsftpd", 2, "After a restart of cp: Nothing listens"),
    ],
)
def test_the_line_and_the_cause(params, text, line, words):
    outcome = judge(world(text), params)
    assert outcome.status is Status.FAIL
    (reason,) = outcome.reasons
    assert reason.location is not None
    assert reason.location.line == line
    assert words in reason.message


def test_evidence_is_what_a_command_prints():
    (text,) = judge(world("true"), CLOSED).evidence
    assert text.startswith('`ss -tlnp` on cp prints: LISTEN 0 128 0.0.0.0:21 0.0.0.0:* users:(("vsftpd",pid=')
    (text,) = judge(world("systemctl disable vsftpd"), OPEN).evidence
    assert text == "After a restart, `ss -tlnp` on cp prints nothing about :21 ."


def test_a_fault_is_told_once():
    outcome = judge(world("true"), CLOSED)
    assert len(outcome.reasons) == len(outcome.evidence) == 1
