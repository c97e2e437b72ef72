"""Questions about access."""

from __future__ import annotations

from tests.ask_world import shop
from trainer.ask.access import ask_can_i, ask_escalate


def test_can_i() -> None:
    yes = ask_can_i(shop(), "sa:shop/ci", "create pods", "shop", ())
    assert (yes.answer, yes.data) == ("yes", {"allowed": True})
    assert str(yes.reasons[0].location) == "shop.yaml:23:9"
    no = ask_can_i(shop(), "sa:shop/ci", "create pods", "other", ())
    assert (no.answer, no.reasons[0].message) == ("no", "no rule allows it")
    assert ask_can_i(shop(), "user:jane", "delete nodes", "", ("system:masters",)).answer == "yes"


def test_escalate() -> None:
    reply = ask_escalate(shop(), "sa:shop/ci", ())
    assert reply.answer == "1 privilege-escalation path found"
    assert reply.data["chains"] == [{"steps": ["create pods in shop as shop/boss"], "gains": "cluster-admin"}]
    assert ask_escalate(shop(), "user:jane", ()).answer == "no privilege escalation found"
