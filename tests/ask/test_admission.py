"""Questions about admission policies."""

from __future__ import annotations

import pytest

from tests.admission_world import BAD, BINDING, GOOD, POLICY, changed, read
from trainer.ask.admission import ask_admit
from trainer.errors import UsageError


def test_outcomes() -> None:
    reply = ask_admit(read(POLICY, BINDING), read(BAD, GOOD), "CREATE", "user:jane")
    assert reply.answer == "1 denied"
    assert reply.rows[1] == ("Pod prod/p", "denied")
    assert reply.reasons[0].message == "Pod prod/p: images come from registry.example"
    assert str(reply.reasons[0].location) == "policy.yaml:10:5"


def test_what_does_nothing_and_what_is_broken() -> None:
    assert "no bound policy" in ask_admit(read(POLICY), read(BAD), "DELETE", "user:jane").reasons[0].message
    broken = read(changed(POLICY, expression="1 +"), BINDING)
    assert "does not compile" in ask_admit(broken, read(GOOD), "UPDATE", "user:jane").reasons[0].message
    with pytest.raises(UsageError, match="no ValidatingAdmissionPolicy"):
        ask_admit(read(BINDING), read(GOOD), "CREATE", "user:jane")
