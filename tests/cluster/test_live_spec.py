"""Live checks of cards get their types, or every fault is named."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cards import CARDS
from tests.table import each_row
from trainer.cluster.live_spec import live_checks_of
from trainer.errors import CardError

EXEC = {"pod": "a", "command": ["touch", "/x"]}


def check(**fields: Any) -> dict[str, Any]:
    return {"id": "one", "says": "It holds", **fields}


def test_all_cards_have_right_live_checks() -> None:
    cards = [card for card in CARDS if card.live]
    assert len(cards) >= 8
    for card in cards:
        assert len(live_checks_of(card.live, card.id)) == len(card.live)


def test_the_type_is_what_is_written() -> None:
    checks = live_checks_of(
        [
            check(exec=EXEC, outcome="fails"),
            check(id="two", ready={"deployment": "d"}, needs=["one", "other"], within=90),
            check(id="three", access={"do": "get pods", "as": "user:jane"}, outcome="denied"),
            check(id="four", sample={"kind": "Pod"}, outcome="denied"),
            check(id="five", event={"kind": "Pod", "name": "a", "reason": "Failed"}),
            check(id="six", log={"pod": "a"}, contains="started"),
        ],
        "card",
        ["other"],
    )
    assert [one.type for one in checks] == ["exec", "ready", "access", "sample", "event", "log"]
    assert checks[1].within == 90


@each_row(
    ("fields", "words"),
    [
        ({}, "name one of exec, access"),
        ({"exec": EXEC, "ready": {"pod": "a"}, "outcome": "fails"}, "not 2"),
        ({"exec": EXEC}, "outcome must be succeeds or fails or not-found"),
        ({"exec": EXEC, "outcome": "denied"}, "outcome must be"),
        ({"ready": {"pod": "a"}, "outcome": "fails"}, "the outcome is missing"),
        ({"exec": {"pod": "a", "command": []}, "outcome": "fails"}, "the command is empty"),
        ({"exec": {"command": ["x"]}, "outcome": "fails"}, "either a pod or a deployment"),
        ({"ready": {"pod": "a", "deployment": "b"}}, "either a pod or a deployment"),
        ({"ready": {"pod": "a"}, "within": 9999}, "within must be 1 to 600"),
        ({"ready": {"pod": "a"}, "points": 0}, "at least 1 point"),
        ({"ready": {"pod": "a"}, "needs": ["no"]}, "no earlier check has the ID 'no'"),
        ({"access": {"do": "get", "as": "user:a"}, "outcome": "denied"}, "'get' is not a request"),
        ({"log": {"pod": "a"}}, "what the log line contains"),
        ({"event": {"kind": "Pod", "name": "a"}}, "event's reason"),
        ({"ready": {"pods": "a"}}, "unknown field `pods`"),
    ],
)
def test_faults_are_named(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(CardError, match=words):
        live_checks_of([check(**fields)], "card")


def test_all_faults_are_listed() -> None:
    with pytest.raises(CardError) as caught:
        live_checks_of([check(), check(), {"id": 3}], "card")
    assert caught.value.message.count("live[") == 3
