"""Tests of `rules._node.firewall`: only the allowed packets get in."""

from __future__ import annotations

import msgspec

from tests.rules._node.given import world
from tests.table import each_row
from trainer.rules.node import Params, judge
from trainer.verdict import Status

WANTED = msgspec.convert(
    {
        "firewall": {"allow": [{"port": "tcp/22", "from": "10.1.0.0/24"}, {"port": "tcp/30000-30010"}]},
        "when": ["now"],
    },
    Params,
)
RIGHT = "ufw --force reset\nufw --force enable\nufw allow from 10.1.0.0/24 to any port 22 proto tcp\nufw allow 30000:30010/tcp\n"


@each_row(
    "text",
    [
        RIGHT,
        RIGHT.replace("10.1.0.0/24", "10.1.0.77/24"),
        RIGHT + "ufw deny from 203.0.113.0/24 to any port 80\n",
        RIGHT.replace("ufw allow 30000:30010/tcp", "ufw allow 30000:30005/tcp\nufw allow 30006:30010/tcp"),
        RIGHT + "ufw default reject incoming\n",
    ],
)
def test_right(text):
    assert judge(world(text), WANTED).status is Status.PASS


@each_row(
    ("text", "words"),
    [
        (RIGHT.replace("10.1.0.0/24", "10.1.0.0/23"), "TCP 22 from 10.1.1.0 gets in"),
        (RIGHT.replace("10.1.0.0/24", "10.1.0.0/25"), "TCP 22 from 10.1.0.128 does not get in"),
        (RIGHT.replace(" proto tcp", ""), "UDP 22 from 10.1.0.0 gets in"),
        (RIGHT.replace("30010", "30011"), "TCP 30011 from"),
        (RIGHT.replace("30000:30010", "30000:30009"), "TCP 30010 from"),
        (RIGHT + "ufw allow 443", "443 from"),
        (RIGHT + "ufw allow from 192.0.2.1", "from 192.0.2.1 gets in"),
        (RIGHT + "ufw default allow", "the default decides"),
        (RIGHT + "ufw disable", "isn't active"),
    ],
)
def test_wrong(text, words):
    outcome = judge(world(text), WANTED)
    assert outcome.status is Status.FAIL
    assert any(words in reason.message for reason in outcome.reasons)
    assert outcome.evidence


@each_row(
    ("text", "line", "words"),
    [
        (RIGHT.replace("10.1.0.0/24", "10.1.0.0/25"), 3, "does not get in: the default decides."),
        (RIGHT.replace("/tcp", ""), 4, "Line 4 fails: ERROR: Must specify 'tcp' or 'udp'"),
        (RIGHT + "ufw default allow\nufw --force enable\n", 5, "gets in: the default decides."),
        (RIGHT + "ufw allow from 192.0.2.0/24\nufw deny 99\n", 5, "`allow from 192.0.2.0/24` decides."),
        (
            RIGHT + "ufw allow from 192.0.2.0/24 to any app OpenSSH\nufw deny 99\n",
            5,
            "to any app OpenSSH` decides.",
        ),
        (RIGHT.replace("--force reset", "reset") + "ufw deny 99\n", 1, "Line 1 fails: ufw reset asks"),
        ("\n".join(RIGHT.splitlines()[1:]) + "\nufw deny 99\n", 1, "No line of the script changes that."),
    ],
)
def test_the_line_that_decides(text, line, words):
    reason = judge(world(text), WANTED).reasons[0]
    assert words in reason.message
    assert reason.location.line == line
