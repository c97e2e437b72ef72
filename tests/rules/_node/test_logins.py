"""Tests of `rules._node.logins`: who must be able to log in, and nobody else."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.rules._node.given import world
from tests.table import each_row
from trainer.rules.node import Params, judge
from trainer.verdict import Outcome, Status

JANE = {"allow": [{"user": "jane", "by": "key"}], "rest": "denied"}
ONLY = "PasswordAuthentication no\\nKbdInteractiveAuthentication no\\nAllowUsers %s\\n"


def outcome(script: str, ssh: dict[str, Any]) -> Outcome:
    return judge(world(script), msgspec.convert({"ssh": ssh}, Params))


def written(text: str, then: str = "systemctl reload ssh") -> str:
    return f"printf '{text}' > /etc/ssh/sshd_config.d/10-a.conf\n{then}\n"


def test_as_required() -> None:
    assert outcome(written(ONLY % "jane"), JANE).status is Status.PASS
    both = {"allow": [{"user": "jane", "by": "key"}, {"user": "jane", "by": "password"}]}
    assert outcome("true", both).status is Status.PASS


@each_row(
    ("script", "message", "evidence"),
    [
        ("true", "Any other account may log in by SSH with a key: no list", "`ssh any-other@"),
        (
            written(ONLY % "bob"),
            "jane can't log in by SSH with a key: allowusers is bob",
            "Permission denied",
        ),
        (
            written("AllowUsers jane\\n"),
            "jane may log in by SSH with a password: passwordauthentication",
            "opens",
        ),
        (written(ONLY % "jane", "true"), "sshd hasn't read its files since they changed.", "opens a shell"),
        (
            written(ONLY % "jane", "systemctl stop ssh"),
            "jane can't log in by SSH with a key: sshd isn't",
            "denied",
        ),
        (
            written(
                "AllowUsers jane bob@10.9.0.0/16\\nPasswordAuthentication no\\nKbdInteractiveAuthentication no\\n"
            ),
            "bob may log in by SSH with a key from 10.9.0.0",
            "from 10.9.0.0: opens a shell",
        ),
        (
            written(ONLY % "jane") + "echo Nonsense 1 >> /etc/ssh/sshd_config",
            "After a restart of cp: jane can't log in by SSH with a key: sshd isn't running",
            "Permission denied",
        ),
    ],
)
def test_what_is_not_as_required(script: str, message: str, evidence: str) -> None:
    found = outcome(script, JANE)
    assert found.status is Status.FAIL
    assert any(message in one.message for one in found.reasons), found.reasons
    assert any(evidence in one for one in found.evidence), found.evidence


def test_an_account_that_does_not_exist() -> None:
    found = outcome("true", {"allow": [{"user": "nina", "by": "key"}]})
    assert found.reasons[0].message.startswith("nina can't log in by SSH with a key: it doesn't exist.")
