"""Questions about flows."""

from __future__ import annotations

import pytest

from tests.ask_world import shop
from trainer.ask.network import ask_flow, ask_matrix
from trainer.errors import UsageError


@pytest.mark.parametrize(
    ("source", "target", "port", "answer", "place"),
    [
        ("shop/app=web", "shop/db", 5432, "allowed", "shop.yaml:17:12"),
        ("shop/web", "shop/db", 80, "denied", "shop.yaml:15:3"),
        ("outside", "shop/db", 5432, "denied", "shop.yaml:15:3"),
        ("shop/db", "shop/web", 80, "allowed", "None"),
        ("ip:203.0.113.9", "shop/web", 80, "allowed", "None"),
    ],
)
def test_flow(source: str, target: str, port: int, answer: str, place: str) -> None:
    reply = ask_flow(shop(), source, target, port, "TCP")
    assert reply.answer == answer
    assert str(reply.reasons[0].location) == place
    assert reply.data["flows"][0]["allowed"] is (answer == "allowed")


def test_several_pairs_are_counted() -> None:
    assert ask_flow(shop(), "*/*", "shop/db", 80, "TCP").answer == "denied"
    assert ask_flow(shop(), "shop/*", "shop/*", 80, "TCP").answer == "1 of 2 allowed"


@pytest.mark.parametrize(
    ("source", "message"), [("shop/x", "matches no Pod"), ("web", "web"), ("shop/web", "same Pod")]
)
def test_what_cannot_be_asked(source: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ask_flow(shop(), source, "shop/web", 80, "TCP")


def test_matrix() -> None:
    reply = ask_matrix(shop(), 80, "TCP")
    assert reply.rows == (
        ("from \\ to", "shop/db", "shop/web"),
        ("shop/db", "yes", "yes"),
        ("shop/web", "-", "yes"),
    )
    assert ask_matrix(shop(), None, "TCP").rows[2][1] == "TCP 5432"
    with pytest.raises(UsageError, match="the files contain no Pod"):
        ask_matrix([], None, "TCP")
