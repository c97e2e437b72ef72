"""Questions about audit policies."""

from __future__ import annotations

from tests.ask_world import shop
from trainer.ask.audit import ask_audit


def test_level_and_rule() -> None:
    reply = ask_audit(shop(), "user:jane", "create secrets", "shop", (), "1.35")
    assert reply.answer == "Metadata"
    assert reply.reasons[0].message.startswith("rule 1 is the first that matches: RequestReceived")
    assert reply.data["rule"] == 1
    other = ask_audit(shop(), "user:jane", "get secrets", "shop", (), "1.35")
    assert (other.answer, other.reasons[0].message) == ("None", "no rule matches: no stage")
