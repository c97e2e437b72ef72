"""Annotations of ingress-nginx."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.network.nginx import NGINX, hosts_and_paths, refusal, settings_of

TEXT = """\
kind: Ingress
metadata:
  name: shop
  namespace: shop
  annotations: NOTES
spec:
  rules:
  - host: shop.example
    http:
      paths:
      - {path: /api, pathType: Prefix, backend: {service: {name: api, port: {number: 8080}}}}
"""


def ingress(**notes: str) -> Manifest:
    written = ", ".join(f"{NGINX}{name.replace('_', '-')}: '{value}'" for name, value in notes.items())
    document = parse(TEXT.replace("NOTES", f"{{{written}}}").encode(), "i.yaml").documents[0]
    return Manifest(document.value, document)


def taken(*others: Manifest) -> dict[tuple[str, str], list[Manifest]]:
    found: dict[tuple[str, str], list[Manifest]] = {}
    for other in others:
        for place in hosts_and_paths(other):
            found.setdefault(place, []).append(other)
    return found


def test_defaults() -> None:
    found = settings_of(ingress())
    assert (found.ssl_redirect, found.force_ssl_redirect, found.regex) == (True, False, False)
    assert (found.only, found.protocol, found.sent_to) == ("", "HTTP", "")
    assert found.www is False
    other = settings_of(ingress(enable_cors="true"))
    assert (other.aliases, other.protocol, other.www) == ((), "HTTP", False)
    plain = parse(TEXT.replace("NOTES", "{a: b, 7: c, use-regex: 'true'}").encode(), "i.yaml").documents[0]
    assert settings_of(Manifest(plain.value, plain)).places == {}


@each_row(
    ("value", "set_to"),
    [(value, True) for value in ("1", "t", "T", "TRUE", "true", "True")]
    + [(value, False) for value in ("0", "f", "F", "FALSE", "false", "False")]
    + [("no", None), ("", None)],
)
def test_flags_are_read_as_go_reads_them(value: str, set_to: bool | None) -> None:
    found = settings_of(ingress(ssl_redirect=value, use_regex=value))
    assert found.ssl_redirect is (set_to is not False)
    assert found.regex is (set_to is True)


@each_row(
    ("notes", "only"),
    [
        ({"whitelist_source_range": "10.0.0.0/8"}, "for clients in 10.0.0.0/8"),
        ({"allowlist_source_range": "10.0.0.0/8, 192.0.2.7"}, "for clients in 10.0.0.0/8, 192.0.2.7"),
        ({"allowlist_source_range": "0.0.0.0/0"}, ""),
        ({"allowlist_source_range": "0.0.0.0/1,128.0.0.0/1"}, ""),
        ({"allowlist_source_range": "0.0.0.0/1,128.0.0.0/2"}, "for clients in 0.0.0.0/1,128.0.0.0/2"),
        ({"allowlist_source_range": "::/0"}, "for clients in ::/0"),
        ({"allowlist_source_range": "0.0.0.0/0", "whitelist_source_range": "10.0.0.0/8"}, ""),
        (
            {"allowlist_source_range": "0.0.0.0, 0.0.0.1 ,0.0.0.2/31,0.0.0.4/30"},
            "for clients in 0.0.0.0, 0.0.0.1 ,0.0.0.2/31,0.0.0.4/30",
        ),
        ({"allowlist_source_range": ", ".join(f"{n}.0.0.0/8" for n in range(256))}, ""),
        ({"allowlist_source_range": " 0.0.0.0 , 0.0.0.1/0"}, ""),
        ({"denylist_source_range": "nobody"}, ""),
        ({"allowlist_source_range": "internal"}, "for no client at all"),
        ({"denylist_source_range": "192.0.2.0/24"}, "for clients that are not in 192.0.2.0/24"),
        ({"auth_type": "basic", "auth_secret": "s"}, "after a login (`auth-type`)"),
        ({"auth_url": "https://auth.example"}, "if `auth-url` allows it"),
        ({"auth_tls_secret": "shop/ca"}, "with a client certificate (`auth-tls-secret`)"),
        ({"auth_tls_secret": "shop/ca", "auth_tls_verify_client": "off"}, ""),
        ({"proxy_read_timeout": "60", "enable_cors": "true", "limit_rps": "5"}, ""),
    ],
)
def test_which_clients_get_an_answer(notes: dict[str, str], only: str) -> None:
    assert settings_of(ingress(**notes)).only == only


def test_values_and_their_places() -> None:
    found = settings_of(
        ingress(
            server_alias="A.example, b.example, ",
            permanent_redirect="https://p.example",
            temporal_redirect="https://t.example",
            backend_protocol="https",
            rewrite_target="/$1",
            use_regex="true",
            app_root="/a",
            from_to_www_redirect="true",
        )
    )
    assert found.aliases == ("a.example", "b.example")
    assert found.sent_to == "https://t.example"
    assert (found.protocol, found.rewrite, found.app_root) == ("HTTPS", "/$1", "/a")
    assert found.regex
    assert found.www
    place = found.place("auth-type", "app-root")
    assert place is not None
    assert place.line == 5
    assert found.place("auth-type") is None


@each_row("name", ["default_backend", "mirror_target", "ssl_passthrough"])
def test_what_can_change_the_answer_and_is_not_evaluated(name: str) -> None:
    with pytest.raises(NotJudged, match=f"the annotation {NGINX}{name.replace('_', '-')}"):
        settings_of(ingress(**{name: "true"})).require_judged()


def test_what_is_switched_off_or_unknown_does_nothing() -> None:
    found = settings_of(ingress(canary="false", ssl_passthrough="false", canary_weight="5", nosuch="x"))
    found.require_judged()
    assert list(found.places) == ["canary", "canary-weight", "nosuch"]
    assert found.canary == ""


@each_row(
    ("notes", "canary"),
    [
        ({}, "none"),
        ({"canary_weight": "0"}, "none"),
        ({"canary_weight": ""}, "none"),
        ({"canary_weight": "5"}, "some"),
        ({"canary_by_header": "x"}, "some"),
        ({"canary_by_cookie": "x", "canary_weight": "0"}, "some"),
    ],
)
def test_which_requests_a_canary_gets(notes: dict[str, str], canary: str) -> None:
    assert settings_of(ingress(canary="true", **notes)).canary == canary
    assert settings_of(ingress(canary="false", **notes)).canary == ""


def test_an_alias_by_pattern_is_not_judged() -> None:
    with pytest.raises(NotJudged, match=r"the alias ~\^www"):
        settings_of(ingress(server_alias="~^www.*"))


@each_row(
    ("path", "kind", "message"),
    [
        ("/api", "Prefix", None),
        ("/a_b-c.d/", "Exact", None),
        ("/api(/|$)(.*)", "ImplementationSpecific", None),
        (
            "/api(/|$)(.*)",
            "Prefix",
            "ingress-nginx refuses the path `/api(/|$)(.*)` with pathType Prefix: a regular expression needs "
            "ImplementationSpecific",
        ),
        (
            "/a*",
            "Exact",
            "ingress-nginx refuses the path `/a*` with pathType Exact: a regular expression needs "
            "ImplementationSpecific",
        ),
    ],
)
def test_paths_that_the_webhook_refuses(path: str, kind: str, message: str | None) -> None:
    text = TEXT.replace("NOTES", "{}").replace("/api", f"'{path}'").replace("Prefix", kind)
    document = parse(text.encode(), "i.yaml").documents[0]
    found = refusal(Manifest(document.value, document), {})
    assert (found[0] if found else None) == message


@each_row("name", ["configuration-snippet", "server-snippet", "auth-snippet", "modsecurity-snippet"])
def test_snippets_are_refused(name: str) -> None:
    found = refusal(ingress(**{name: "return 200;"}), {})
    assert found is not None
    assert found[0] == f"ingress-nginx refuses the annotation `{name}`: snippets are disabled by default"
    assert found[1].line == 5


def test_a_host_and_path_that_another_ingress_has() -> None:
    found = refusal(ingress(), taken(ingress()))
    assert found is not None
    assert found[0] == (
        "ingress-nginx refuses the host `shop.example` with the path `/api`: Ingress shop/shop has it"
    )
    assert found[1].line == 11
    assert refusal(ingress(), {}) is None


@each_row(
    ("one", "other", "refused"),
    [
        ({"canary": "true"}, {}, False),
        ({}, {"canary": "true"}, False),
        ({"canary": "true"}, {"canary": "true"}, True),
        ({"canary": "true"}, {"canary": "false"}, False),
        ({"canary": "false"}, {}, False),
        ({"use-regex": "true"}, {}, True),
    ],
)
def test_a_canary_shares_the_path_of_another_ingress(one: dict, other: dict, refused: bool) -> None:
    assert (refusal(ingress(**one), taken(ingress(**other))) is not None) is refused
    assert (refusal(ingress(**one), taken(ingress(canary="true"), ingress(**other))) is not None) is (
        refused or one == {"canary": "true"}
    )


def test_paths_and_hosts_that_are_left_out() -> None:
    text = TEXT.replace("NOTES", "{}").replace("- host: shop.example\n    http", "- http")
    text = text.replace("path: /api, pathType: Prefix, ", "")
    document = parse(text.encode(), "i.yaml").documents[0]
    bare = Manifest(document.value, document)
    found = refusal(bare, taken(bare))
    assert found is not None
    assert found[0] == "ingress-nginx refuses every host with the path `/`: Ingress shop/shop has it"
