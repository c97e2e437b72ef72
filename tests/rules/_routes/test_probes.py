"""Tests of `rules._routes.probes`: URLs by pattern."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged, UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules._routes.probes import MOST, parse_pattern, urls_of
from trainer.simulate.network.routes import RouteTable


def table(
    path: str = "/api", host: str = "shop.example", notes: str = "{}", kind: str = "Prefix"
) -> RouteTable:
    text = (
        f"kind: Ingress\nmetadata: {{name: a, annotations: {notes}}}\nspec:\n  rules:\n  - host: '{host}'\n"
        f"    http: {{paths: [{{path: '{path}', pathType: {kind}, backend: {{service: {{name: s}}}}}}]}}\n"
    )
    document = parse(text.encode(), "i.yaml").documents[0]
    return RouteTable([Manifest(document.value, document)])


@each_row(
    ("pattern", "url", "means"),
    [
        ("https://a.example/x", "https://a.example/x", True),
        ("https://a.example/x", "https://a.example/x/", False),
        ("https://A.example", "https://a.example/", True),
        ("https://a.example/x/**", "https://a.example/x", True),
        ("https://a.example/x/**", "https://a.example/x/y/z", True),
        ("https://a.example/x/**", "https://a.example/xy", False),
        ("https://a.example/**", "https://a.example", True),
        ("https://a.example/**", "http://a.example/x", False),
        ("*://a.example/**", "http://a.example/x", True),
        ("*://*/**", "http://b.example/x", True),
        ("http://*/x", "http://b.example/x", True),
        ("http://*/x", "http://b.example/y", False),
        ("http://a.example/x", "http://A.example:8080/x?q=/y", True),
    ],
)
def test_what_a_pattern_means(pattern: str, url: str, means: bool) -> None:
    assert parse_pattern(pattern).means(url) is means


@each_row("text", ["shop.example/", "ftp://a/", "https://", "https://*.a/x", "https://a/x/**/y"])
def test_what_is_no_pattern(text: str) -> None:
    with pytest.raises(UsageError, match="is not a URL"):
        parse_pattern(text)


def tried(pattern: str, *others: str, **fields: str) -> list[str]:
    return [*urls_of(parse_pattern(pattern), map(parse_pattern, others), [table(**fields)])]


def test_paths_that_the_answer_and_the_check_name() -> None:
    found = tried("https://shop.example/**", "https://shop.example/docs/**", path="/api/v2")
    assert found == [
        f"https://shop.example{path}"
        for path in (
            "/", "/new", "/docs", "/docs/", "/docs/new", "/docsnew",
            "/api/v2", "/api/v2/", "/api/v2/new", "/api/v2new",
        )
    ]  # fmt: skip
    assert tried("https://shop.example/api/**", path="/other") == [
        f"https://shop.example{path}" for path in ("/api", "/api/", "/api/new")
    ]


def test_texts_that_a_regular_expression_matches() -> None:
    found = tried(
        "https://shop.example/**",
        path="/(admin|debug)/.*",
        kind="ImplementationSpecific",
        notes="{nginx.ingress.kubernetes.io/use-regex: 'true'}",
    )
    assert any("/admin/" in url for url in found)
    assert any("/debug/" in url for url in found)


def test_hosts_that_the_answer_names_and_their_neighbors() -> None:
    hosts = {url.split("/")[2] for url in tried("http://*/", "https://shop.example/**", host="*.cdn.example")}
    assert hosts == {
        "new.cdn.example", "new.new.cdn.example", "cdn.example", "shop.example", "new.shop.example", "example",
        "new.example", "203.0.113.7",
    }  # fmt: skip
    alias = tried("http://*/", notes="{nginx.ingress.kubernetes.io/server-alias: shop.test}")
    assert "http://shop.test/" in alias


def test_both_schemes() -> None:
    assert tried("*://shop.example/api") == ["https://shop.example/api", "http://shop.example/api"]


def test_more_urls_than_can_be_tried_are_not_judged() -> None:
    others = [f"https://shop.example/p{n}/**" for n in range(MOST // 4)]
    with pytest.raises(
        NotJudged, match=r"Ingresses with 1006 paths and 1 hosts to try \(at most 1000 URLs\)"
    ):
        tried("https://shop.example/**", *others)
    assert len(tried("https://shop.example/**", *others[:-2])) == 998
