"""Ingress routes: hosts, paths, path types, redirects, TLS."""

from __future__ import annotations

import pytest

from trainer.errors import NotJudged, UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.network.routes import RouteTable, class_of, host_rank, tls_secret

INGRESS = """\
kind: Ingress
metadata: {name: shop, namespace: shop, annotations: %s}
spec:
  ingressClassName: nginx
  tls: %s
  rules:
  - host: shop.example
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
      - {path: /api, pathType: Prefix, backend: {service: {name: api, port: {number: 8080}}}}
      - {path: /api/health, pathType: Exact, backend: {service: {name: health, port: {name: http}}}}
  - host: "*.shop.example"
    http:
      paths:
      - {path: /only, pathType: Exact, backend: {service: {name: wild, port: {number: 80}}}}
"""


def manifest(text: str) -> Manifest:
    document = parse(text.encode(), "ingress.yaml").documents[0]
    return Manifest(document.value, document)


def table(annotations: str = "{}", tls: str = "[]") -> RouteTable:
    return RouteTable([manifest(INGRESS % (annotations, tls))])


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://shop.example", "reaches web:80"),
        ("http://SHOP.example/api", "reaches api:8080"),
        ("http://shop.example/api/", "reaches api:8080"),
        ("http://shop.example/api/v1", "reaches api:8080"),
        ("http://shop.example/apis", "reaches web:80"),
        ("http://shop.example/api/health", "reaches health:http"),
        ("http://shop.example/api/health/", "reaches api:8080"),
        ("http://a.shop.example/only", "reaches wild:80"),
        ("http://a.shop.example/only/", "gets 404"),
        ("http://a.b.shop.example/only", "gets 404"),
        ("http://other.example/", "gets 404"),
    ],
)
def test_routes(url: str, text: str) -> None:
    assert table().ask(url).text == text


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("paths", "url", "service"),
    [
        ((("/api", "Prefix"), ("/api", "Exact")), "/api", "Exact"),
        ((("/api", "Prefix"), ("/api", "Exact")), "/api/", "Prefix"),
        ((("/api", "Prefix"), ("/api/", "Exact")), "/api/", "Exact"),
        ((("/api/v1", "Prefix"), ("/api", "Exact")), "/api/v1", "Prefix"),
    ],
)
def test_an_exact_path_comes_before_a_prefix_of_its_length(
    paths: tuple[tuple[str, str], ...], url: str, service: str, order: int
) -> None:
    entries = "".join(
        f"      - {{path: {path}, pathType: {kind}, backend: {{service: {{name: {kind}}}}}}}\n"
        for path, kind in paths[::order]
    )
    head = (INGRESS % ("{}", "[]")).split("      - ")[0]
    assert (
        RouteTable([manifest(head + entries)]).ask(f"http://shop.example{url}").text == f"reaches {service}"
    )


def test_the_route_names_its_line() -> None:
    route = table().ask("http://shop.example/api").route
    assert route is not None
    assert str(route.location) == "ingress.yaml:11:7"


@pytest.mark.parametrize(
    ("annotations", "tls", "redirect"),
    [
        ("{}", "[]", False),
        ("{}", "[{hosts: [shop.example], secretName: s}]", True),
        ("{}", "[{hosts: [other.example], secretName: s}]", False),
        ("{}", "[{secretName: s}]", True),
        ('{nginx.ingress.kubernetes.io/ssl-redirect: "false"}', "[{hosts: [shop.example]}]", False),
        ('{nginx.ingress.kubernetes.io/force-ssl-redirect: "true"}', "[]", True),
    ],
)
def test_redirects(annotations: str, tls: str, redirect: bool) -> None:
    assert table(annotations, tls).ask("http://shop.example/").redirect is redirect


def test_tls_by_host() -> None:
    tls = '[{hosts: ["*.shop.example"], secretName: wild}, {hosts: [a.shop.example], secretName: exact}]'
    ingresses = table(tls=tls).ingresses
    assert tls_secret(ingresses, "a.shop.example") == "exact"
    assert tls_secret(ingresses, "b.shop.example") == "wild"
    assert tls_secret(ingresses, "shop.example") is None
    assert table(tls=tls).ask("https://a.shop.example/only").secret == "exact"


@pytest.mark.parametrize(
    ("pattern", "host", "rank"),
    [("", "a.b", 2), ("a.b", "a.b", 0), ("*.b", "a.b", 1), ("*.b", "x.a.b", None), ("*.b", "b", None)],
)
def test_host_rank(pattern: str, host: str, rank: int | None) -> None:
    assert host_rank(pattern, host) == rank


def test_default_backend_catches_the_rest() -> None:
    text = INGRESS % ("{}", "[]") + "  defaultBackend: {service: {name: fallback, port: {number: 80}}}\n"
    assert RouteTable([manifest(text)]).ask("http://other.example/x").text == "reaches fallback:80"


def test_regular_expressions_are_not_judged() -> None:
    text = (INGRESS % ("{}", "[]")).replace(
        "path: /api, pathType: Prefix", "path: '/api(/|$)(.*)', pathType: ImplementationSpecific"
    )
    with pytest.raises(NotJudged, match="ImplementationSpecific"):
        RouteTable([manifest(text.replace("$", "|"))]).ask("http://shop.example/api")


def test_classes() -> None:
    shop = manifest(INGRESS % ("{}", "[]"))
    assert class_of(shop, []) == "nginx"
    assert RouteTable([shop], "traefik").ingresses == []
    bare = manifest("kind: Ingress\nmetadata: {name: a}\nspec: {}\n")
    default = manifest(
        "kind: IngressClass\nmetadata: {name: d, annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}}\n"
    )
    other = manifest("kind: IngressClass\nmetadata: {name: e}\n")
    assert class_of(bare, [default]) == "d"
    assert class_of(bare, [other, default]) == "d"
    assert class_of(bare, [other]) == ""
    assert class_of(bare, []) == ""


def test_several_default_classes_are_not_judged() -> None:
    bare = manifest("kind: Ingress\nmetadata: {name: a}\nspec: {}\n")
    text = "kind: IngressClass\nmetadata: {name: %s, annotations: {%s: 'true'}}\n"
    classes = [manifest(text % (name, "ingressclass.kubernetes.io/is-default-class")) for name in "de"]
    with pytest.raises(NotJudged, match="the newest of the default IngressClasses d, e"):
        class_of(bare, classes)
    assert class_of(manifest(INGRESS % ("{}", "[]")), classes) == "nginx"


def test_what_is_no_url() -> None:
    with pytest.raises(UsageError, match="is not a URL"):
        table().ask("shop.example/api")
