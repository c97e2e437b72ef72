"""Questions about audit policies."""

from __future__ import annotations

from tests.ask_world import shop
from trainer.ask.audit import ask_audit
from trainer.versions import DEFAULT


def test_level_and_rule() -> None:
    reply = ask_audit(shop(), "user:jane", "create secrets", "shop", (), DEFAULT)
    assert reply.answer == "Metadata"
    assert reply.reasons[0].message.startswith("rule 1 is the first that matches: RequestReceived")
    assert reply.data["rule"] == 1
    other = ask_audit(shop(), "user:jane", "get secrets", "shop", (), DEFAULT)
    assert (other.answer, other.reasons[0].message) == ("None", "no rule matches: no stage")
