"""Questions about Ingresses."""

from __future__ import annotations

import pytest

from tests.ask_world import shop
from trainer.ask.routes import ask_routes
from trainer.errors import UsageError


def test_urls() -> None:
    reply = ask_routes(
        shop(), ["https://shop.example/x", "http://shop.example/", "https://other.example/"], None
    )
    assert [reason.message for reason in reply.reasons] == [
        "https://shop.example/x reaches web:80",
        "http://shop.example/ is redirected to https",
        "https://other.example/ gets 404",
    ]
    assert reply.data["requests"][0]["secret"] == "tls"


def test_all_routes() -> None:
    assert ask_routes(shop(), [], None).rows[1][:4] == ("shop.example", "/", "Prefix", "web:80")
    with pytest.raises(UsageError, match="no Ingress"):
        ask_routes([], [], None)
