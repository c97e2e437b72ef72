"""Tests of `findings.facts`: forms that mean the same, and what isn't a fact of a kind."""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.simulate.findings.facts import Kind, Unfit, canonical, package_url

SAME: list[tuple[Kind, list[Any]]] = [
    (
        "object",
        ["shop/web", "shop/pod/web", "pods/shop/web", " shop/web ", {"namespace": "shop", "pod": "web"}],
    ),
    (
        "object",
        ["shop/deploy/web", "shop/deployments.apps/web", {"name": "web", "Namespace": "shop"}, "shop/web"],
    ),
    ("object", ["shop/web", "Pod shop/web", "deployments.apps shop/web", {"pod": "shop/web"}]),
    ("object", ["shop/web", {"kind": "Pod", "namespace": "shop", "name": "web"}]),
    ("object", ["pod/web"]),
    (
        "user",
        [
            "system:serviceaccount:ci:bot",
            "ci/bot",
            "sa:ci/bot",
            "sa:ci:bot",
            {"namespace": "ci", "name": "bot"},
        ],
    ),
    ("user", ["system:serviceaccount:ci:bot", "ServiceAccount ci/bot", "serviceaccount/ci/bot", "sa ci:bot"]),
    ("user", ["jane", "user:jane", "User jane", {"user": "jane"}, {"kind": "User", "name": "jane"}]),
    ("user", ["system:node:node01"]),
    (
        "time",
        [
            "2026-11-03T08:10:11Z",
            "2026-11-03T08:10:11.720025Z",
            "2026-11-03T08:10:11.123456789Z",
            "2026-11-03 08:10:11Z",
            "2026-11-03 08:10:11 +00:00",
            "2026-11-03 08:10:11",
            "03/Nov/2026:08:10:11",
            "2026-11-03T09:10:11+01:00",
            "2026-11-03t08:10:11z",
            1793693411,
            "1793693411",
            1793693411720,
            1793693411720025,
            1793693411720025400,
            "03/Nov/2026:08:10:11 +0000",
            "[03/Nov/2026:09:10:11 +0100]",
        ],
    ),
    ("image", ["nginx:1.27", "docker.io/library/nginx:1.27", "docker://nginx:1.27"]),
    (
        "package",
        ["xz@5.6.1", "xz 5.6.1", "xz=5.6.1", "xz==5.6.1", "xz:5.6.1", "pkg:apk/alpine/xz@5.6.1?arch=x86_64"],
    ),
    (
        "package",
        ["xz@5.6.1", {"name": "xz", "version": "5.6.1"}, {"version": "5.6.1", "package": "xz"}, "xz@v5.6.1"],
    ),
    ("package", ["org.apache:log4j@2.14.1", "pkg:maven/org.apache/log4j@2.14.1", "org.apache:log4j:2.14.1"]),
    ("package", ["golang.org/x/net@0.17.0", "pkg:golang/golang.org/x/net@v0.17.0"]),
    ("package", ["@scope/a@1.2.3", "pkg:npm/%40scope/a@1.2.3"]),
    ("package", ["openssl@1:3.0.2-0ubuntu1", "openssl=1:3.0.2-0ubuntu1"]),
    ("address", ["10.0.0.1", "::ffff:10.0.0.1"]),
    ("address", ["2001:db8::1", "2001:0DB8:0:0:0:0:0:1"]),
    ("digest", ["sha256:" + "ab" * 32, "AB" * 32]),
    ("word", ["ptrace", "PTRACE", "ptrace()"]),
    ("number", [12, "12", "012"]),
    ("path", ["/etc/passwd", "/etc//passwd", "/etc/x/../passwd"]),
    (
        "name",
        ["web", "csr/web", "CSR/web", "certificatesigningrequest.certificates.k8s.io/web", {"name": "web"}],
    ),
    ("file", ["api.yaml", "repo/api.yaml", "./repo/api.yaml", "/home/x/repo/api.yaml"]),
    ("text", ["a  b", "a b"]),
]


@each_row(("kind", "forms"), SAME)
def test_forms_that_mean_the_same(kind: Kind, forms: list[Any]) -> None:
    found = {one if isinstance(one, str) else repr(one) for one in (canonical(kind, form) for form in forms)}
    if forms == ["pod/web"]:  # a Namespace can have the name of a resource
        assert found == {"pod/web"}
        return
    assert len(found) == 1, found
    assert "Unfit" not in found.pop()


@each_row(
    ("kind", "one", "other"),
    [
        ("object", "shop/web", "shop-test/web"),
        ("user", "ci/bot", "bot"),
        ("user", "Jane", "jane"),
        ("time", "2026-11-03T08:10:11Z", "2026-11-03T08:10:12Z"),
        ("time", "2026-11-03T08:10:11Z", "2026-11-03T08:10:11+01:00"),
        ("image", "nginx:1.27", "nginx:1.27.3"),
        ("image", "nginx", "example.com/nginx"),
        ("package", "xz@5.6.1", "xz@5.6.1-r2"),
        ("package", "xz@5.6.1", "xz-libs@5.6.1"),
        ("word", "ptrace", "trace"),
        ("path", "/etc/passwd", "/etc/passwd-"),
        ("file", "api.yaml", "api.yml"),
        ("name", "csr/web", "web-1"),
    ],
)
def test_facts_that_only_look_alike(kind: Kind, one: str, other: str) -> None:
    assert canonical(kind, one) != canonical(kind, other)


@each_row(
    ("kind", "value", "why"),
    [
        ("object", "web", "Namespace"),
        ("object", "a/b/c/d", "Namespace"),
        ("object", "a/b/c", "Namespace"),
        ("object", {"namespace": "a", "x": "b", "y": "c"}, "mapping"),
        ("object", {"namespace": "a", "name": ["b"]}, "texts"),
        ("time", "08:10:11", "time"),
        ("time", "this morning", "time"),
        ("image", "not an image", "image"),
        ("package", "xz", "version"),
        ("address", "10.0.0", "address"),
        ("digest", "sha256:short", "digest"),
        ("number", "twelve", "number"),
        ("path", "etc/passwd", "absolute"),
        ("file", "repo/", "directory"),
        ("name", "csr/", "name"),
        ("name", "a/b/c", "name"),
        ("name", "all of them", "name"),
        ("text", "", "empty"),
        ("text", None, "empty"),
        ("text", ["a"], "text"),
        ("address", {"ip": "10.0.0.1", "port": 80}, "mapping"),
    ],
)
def test_what_is_no_fact_says_why(kind: Kind, value: Any, why: str) -> None:
    found = canonical(kind, value)
    assert isinstance(found, Unfit)
    assert why in found.why


def test_numbers_and_words_of_yaml_are_texts() -> None:
    assert [canonical("text", value) for value in (True, 1.5, 3)] == ["true", "1.5", "3"]


@each_row(
    ("value", "url"),
    [
        ("pkg:npm/%40scope/a@1.2.3", "pkg:npm/@scope/a@1.2.3"),
        (" PKG:NPM/a@1?arch=x86#lib ", "pkg:npm/a@1"),
        ("pkg:/npm/a@1", "pkg:npm/a@1"),
        ({"purl": "pkg:pypi/a@1"}, "pkg:pypi/a@1"),
        ("a@1", ""),
        ("pkg:npm", ""),
        (1, ""),
    ],
)
def test_a_package_url_keeps_its_ecosystem(value: Any, url: str) -> None:
    assert package_url(value) == url
