"""Tests of `rules._routes.complaints`: what is wrong with the answer to a request."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules._routes.complaints import Wanted, backend, complaint, decider, seen
from trainer.simulate.network.routes import RouteTable
from trainer.simulate.world import World

INGRESS = """kind: Ingress
metadata:
  name: shop
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/NOTE
spec:
  tls: [{hosts: [shop.example], secretName: s}]
  rules:
  - host: shop.example
    http:
      paths:
      - {path: /api, pathType: Prefix, backend: {service: {name: api, port: {name: PORT}}}}
---
kind: Service
metadata: {name: api, namespace: shop}
spec: {ports: [{name: http, port: 8080}, {name: https-api, port: 8443}, {name: other, port: 9}]}
"""
URL = "https://shop.example/api/x"
WANTED = Wanted(URL, "api:8080", "shop")


def told(note: str, wanted: Wanted = WANTED, port: str = "http") -> tuple[str, int, str]:
    """The complaint, the line that decides and what a client sees."""
    documents = parse(INGRESS.replace("NOTE", note).replace("PORT", port).encode(), "i.yaml").documents
    world = World(tuple(Manifest(one.value, one) for one in documents))
    table = RouteTable(world.objects)
    answer = table.ask(wanted.url)
    place = decider(table, wanted, answer)
    return complaint(world, wanted, answer), place.line if place else 0, seen(wanted.url, answer)


@each_row(
    ("note", "message", "line", "evidence"),
    [
        ("ssl-redirect: 'true'", "", 13, "`curl -s https://shop.example/api/x`: shop/api:http answers."),
        (
            "whitelist-source-range: 10.0.0.0/8",
            "https://shop.example/api/x must reach api:8080 for every client: it is answered only for clients in "
            "10.0.0.0/8.",
            6,
            "`curl -s https://shop.example/api/x`: shop/api:http answers only for clients in 10.0.0.0/8.",
        ),
        (
            "rewrite-target: /",
            "https://shop.example/api/x must reach api:8080 as `/api/x`: the Service gets `/`.",
            6,
            "`curl -s https://shop.example/api/x`: shop/api:http answers for `/`.",
        ),
        (
            "permanent-redirect: https://new.example",
            "https://shop.example/api/x must reach api:8080: it is redirected to https://new.example.",
            6,
            "`curl -sI https://shop.example/api/x` prints a redirect to https://new.example.",
        ),
        (
            "backend-protocol: HTTPS",
            "https://shop.example/api/x must reach api:8080: the controller speaks HTTPS to it, and it speaks HTTP.",
            6,
            "`curl -s https://shop.example/api/x`: shop/api:http answers.",
        ),
    ],
)
def test_annotations_that_change_the_answer(note, message, line, evidence):
    assert told(note) == (message, line, evidence)


def test_a_path_that_matches_by_letters() -> None:
    text = INGRESS.replace("pathType: Prefix", "pathType: ImplementationSpecific").replace(
        "NOTE", "app-root: /x"
    )
    world = World(tuple(Manifest(one.value, one) for one in parse(text.encode(), "i.yaml").documents))
    for path, hint in (
        ("/apis", " `pathType: ImplementationSpecific` compares letters, and `/apis` begins with `/api`."),
        ("/api/x", ""),
    ):
        url = f"https://shop.example{path}"
        found = complaint(world, Wanted(url, "shop:80", "shop"), RouteTable(world.objects).ask(url))
        assert found == f"{url} must reach shop:80: it reaches api:PORT.{hint}"


def test_a_service_that_speaks_the_protocol_or_may():
    wanted = Wanted(URL, "api:8443", "shop")
    assert told("backend-protocol: HTTPS", wanted, "https-api")[0] == ""
    with pytest.raises(
        NotJudged, match=r"whether api:other speaks GRPC \(nginx.ingress.kubernetes.io/backend-protocol"
    ):
        told("backend-protocol: GRPC", Wanted(URL, "api:9", "shop"), "other")


def test_another_namespace_and_another_path():
    elsewhere = Wanted(URL, "api:8080", "web")
    assert told("use-regex: 'false'", elsewhere)[0] == (
        "https://shop.example/api/x must reach api:8080: it reaches api:http in Namespace shop."
    )
    assert told("rewrite-target: /v1", Wanted(URL, "api:8080", path="/v1"))[0] == ""
    assert told("use-regex: 'false'", Wanted(URL, "api:8080", path="/v1"))[0].endswith(
        "the Service gets `/api/x`."
    )


def test_redirects_and_refusals():
    plain = Wanted("http://shop.example/api", is_redirected=True)
    assert told("use-regex: 'false'", plain) == (
        "",
        8,
        "`curl -sI http://shop.example/api` prints a redirect to https.",
    )
    assert told("permanent-redirect: https://shop.example/x", plain)[0] == ""
    assert told("permanent-redirect: https://x.example", plain)[:2] == (
        "http://shop.example/api must be redirected to https: it is redirected to https://x.example.",
        6,
    )
    assert told("ssl-redirect: 'false'", plain)[:2] == (
        "http://shop.example/api must be redirected to https: it reaches api:http.",
        6,
    )
    alias = Wanted("https://shop.test/api", is_refused=True)
    assert told("server-alias: shop.test", alias)[:2] == (
        "https://shop.test/api must not be answered: it reaches api:http.",
        6,
    )
    assert told("use-regex: 'false'", alias) == (
        "",
        9,
        "`curl -s https://shop.test/api`: gets 404 from the controller.",
    )


def test_the_number_of_a_named_port():
    documents = parse(INGRESS.replace("PORT", "http").replace("NOTE", "x: y").encode(), "i.yaml").documents
    world = World(tuple(Manifest(one.value, one) for one in documents))
    route = RouteTable(world.objects).routes[0]
    assert backend(world, route) == "api:8080"
    assert backend(World(()), route) == "api:http"
