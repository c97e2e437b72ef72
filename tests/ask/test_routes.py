"""Questions about Ingresses."""

from __future__ import annotations

import pytest

from tests.ask_world import shop
from tests.table import each_row
from trainer.ask.routes import ask_routes
from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse


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
    assert reply.answer == "3 different answers"
    same = ask_routes(shop(), ["https://shop.example/x", "https://shop.example/y"], None)
    assert same.answer == "reaches web:80"


@each_row("url", ["http://[::1", "a.example", "", "https://a.example:port/", "ftp://a.example/"])
def test_what_is_not_a_url(url: str) -> None:
    with pytest.raises(UsageError, match="is not a URL"):
        ask_routes(shop(), [url], None)


def test_all_routes() -> None:
    assert ask_routes(shop(), [], None).rows[1][:4] == ("shop.example", "/", "Prefix", "web:80")
    with pytest.raises(UsageError, match="no Ingress"):
        ask_routes([], [], None)


def test_what_annotations_do_and_what_the_controller_refuses() -> None:
    head = "kind: Ingress\nmetadata: {name: NAME, namespace: shop, annotations: {nginx.ingress.kubernetes.io/KEY}}\n"
    rules = (
        "spec: {rules: [{host: NAME.example, http: {paths: [{path: /, pathType: Prefix, "
        "backend: {service: {name: web, port: {number: 80}}}}]}}]}\n"
    )
    texts = [
        (head + rules).replace("NAME", name).replace("KEY", key)
        for name, key in (
            ("moved", "permanent-redirect: 'https://new.example'"),
            ("login", "auth-type: basic"),
            ("odd", "server-snippet: 'return 200'"),
        )
    ]
    found = [Manifest(one.value, one) for text in texts for one in parse(text.encode(), "i.yaml").documents]
    reply = ask_routes(found, ["http://moved.example/", "http://login.example/", "http://odd.example/"], None)
    assert [reason.message for reason in reply.reasons] == [
        "Ingress shop/odd has no routes: ingress-nginx refuses the annotation `server-snippet`: snippets are "
        "disabled by default",
        "http://moved.example/ is redirected to https://new.example",
        "http://login.example/ reaches web:80 only after a login (`auth-type`)",
        "http://odd.example/ gets 404",
    ]
    requests = reply.data["requests"]
    assert [one["service"] for one in requests] == ["", "web:80", ""]
    assert requests[0]["sent_to"] == "https://new.example"
    assert requests[1]["only"] == "after a login (`auth-type`)"
