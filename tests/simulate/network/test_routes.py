"""Ingress routes: hosts, paths, path types, redirects, TLS."""

from __future__ import annotations

import pytest

from tests.table import each_row
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


@each_row(
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


@each_row("order", [1, -1])
@each_row(
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


@each_row(
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


@each_row(
    ("pattern", "host", "rank"),
    [("", "a.b", 2), ("a.b", "a.b", 0), ("*.b", "a.b", 1), ("*.b", "x.a.b", None), ("*.b", "b", None)],
)
def test_host_rank(pattern: str, host: str, rank: int | None) -> None:
    assert host_rank(pattern, host) == rank


def test_default_backend_catches_the_rest() -> None:
    text = INGRESS % ("{}", "[]") + "  defaultBackend: {service: {name: fallback, port: {number: 80}}}\n"
    assert RouteTable([manifest(text)]).ask("http://other.example/x").text == "reaches fallback:80"


def test_the_default_backend_takes_what_its_own_hosts_leave_over() -> None:
    text = (INGRESS % ("{}", "[]")).replace("path: /, ", "path: /shop, ")
    text += "  defaultBackend: {service: {name: fallback, port: {number: 80}}}\n"
    assert RouteTable([manifest(text)]).ask("http://shop.example/x").text == "reaches fallback:80"
    assert RouteTable([manifest(text)]).ask("http://a.shop.example/x").text == "reaches fallback:80"
    assert RouteTable([manifest(text)]).ask("http://shop.example/shop/x").text == "reaches web:80"


def regex_table(
    path: str, notes: str = "use-regex: 'true'", kind: str = "ImplementationSpecific"
) -> RouteTable:
    text = INGRESS % ("{nginx.ingress.kubernetes.io/" + notes + "}", "[]")
    return RouteTable(
        [manifest(text.replace("path: /api, pathType: Prefix", f"path: '{path}', pathType: {kind}"))]
    )


@each_row(
    ("path", "url", "text"),
    [
        ("/api(/|$)(.*)", "/api", "reaches api:8080"),
        ("/api(/|$)(.*)", "/api/v1", "reaches api:8080"),
        ("/api(/|$)(.*)", "/API/v1", "reaches api:8080"),
        ("/api(/|$)(.*)", "/apidocs", "reaches web:80"),
        ("/api(/|$)(.*)", "/x/api/", "reaches web:80"),
        ("/api", "/apidocs", "reaches api:8080"),
        ("/a[pq]i", "/aqi", "reaches api:8080"),
        ("/a|/b", "/b", "reaches api:8080"),
        ("/api", "/api/health/x", "reaches health:http"),
    ],
)
def test_regular_expressions_match_at_the_start_the_longest_first(path: str, url: str, text: str) -> None:
    assert regex_table(path).ask(f"http://shop.example{url}").text == text


@each_row(
    ("path", "url", "text"),
    [
        ("/api", "/api", "reaches api:8080"),
        ("/api", "/api/v1", "reaches api:8080"),
        ("/api", "/apis", "reaches api:8080"),
        ("/api", "/ap", "reaches web:80"),
        ("/api", "/API", "reaches web:80"),
        ("/api/", "/api/v1", "reaches api:8080"),
        ("/api/", "/api", "reaches api:8080"),
        ("/api/", "/apis", "reaches web:80"),
    ],
)
def test_a_path_that_is_left_to_nginx_matches_by_letters(path: str, url: str, text: str) -> None:
    assert regex_table(path, "app-root: /x").ask(f"http://shop.example{url}").text == text


def test_a_path_that_is_left_to_another_controller_matches_by_elements() -> None:
    other = "kind: IngressClass\nmetadata: {name: nginx}\nspec: {controller: example.com/other}\n"
    text = (INGRESS % ("{}", "[]")).replace(
        "path: /api, pathType: Prefix", "path: /api, pathType: ImplementationSpecific"
    )
    found = RouteTable([manifest(text), manifest(other)])
    assert found.ask("http://shop.example/apis").text == "reaches web:80"


def test_without_use_regex_a_path_is_plain_text() -> None:
    assert (
        regex_table("/api(/|$)(.*)", "app-root: /x").ask("http://shop.example/api").text == "reaches web:80"
    )
    assert (
        regex_table("/api(.*)", "app-root: /x").ask("http://shop.example/api(.*)/x").text
        == "reaches api:8080"
    )


def test_a_lookahead_is_not_judged() -> None:
    with pytest.raises(NotJudged, match=r"the regular expression '/api\(\?!x\)'") as caught:
        regex_table("/api(?!x)").ask("http://shop.example/api")
    assert str(caught.value.location) == "ingress.yaml:11:7"


@each_row(
    ("path", "target", "url", "got"),
    [
        ("/api", "/", "/api/v1", "/"),
        ("/api", "/api", "/api/v1", "/api/v1"),
        ("/api(/|$)(.*)", "/$2", "/api/v1/orders", "/v1/orders"),
        ("/(.*)", "/$1", "/api/v1", "/api/v1"),
        ("/(api.*)", "/$1", "/api/v1", "/api/v1"),
        ("/api(/x)?", "/new$1$2", "/api", "/new"),
    ],
)
def test_the_path_that_the_service_gets(path: str, target: str, url: str, got: str) -> None:
    assert regex_table(path, f"rewrite-target: {target}").ask(f"http://shop.example{url}").path == got


@each_row(
    ("note", "url", "text"),
    [
        ("server-alias: 'shop.test, *.shop.test'", "http://shop.test/api", "reaches api:8080"),
        ("server-alias: shop.test", "http://www.shop.test/api", "gets 404"),
        ("from-to-www-redirect: 'true'", "http://www.shop.example/api", "reaches wild:80"),
        ("from-to-www-redirect: 'false'", "http://b.shop.example/api", "gets 404"),
        (
            "permanent-redirect: 'https://x.test'",
            "http://shop.example/api",
            "is redirected to https://x.test",
        ),
        ("temporal-redirect: 'https://y.test'", "http://shop.example/api", "is redirected to https://y.test"),
        ("app-root: /start", "http://shop.example/", "is redirected to http://shop.example/start"),
        ("app-root: /start", "http://shop.example/api", "reaches api:8080"),
        (
            "whitelist-source-range: 10.0.0.0/8",
            "http://shop.example/api",
            "reaches api:8080 only for clients in 10.0.0.0/8",
        ),
        ("proxy-body-size: 8m", "http://shop.example/api", "reaches api:8080"),
        ("force-ssl-redirect: 'T'", "http://shop.example/api", "is redirected to https"),
        ("force-ssl-redirect: 'yes'", "http://shop.example/api", "reaches api:8080"),
        ("auth-url-snippet: x", "http://shop.example/api", "gets 404"),
    ],
)
def test_annotations(note: str, url: str, text: str) -> None:
    found = table("{nginx.ingress.kubernetes.io/" + note + "}").ask(url).text
    assert found == (text if "www.shop.example" not in url else "is redirected to http://shop.example/api")


def test_the_annotations_of_another_controllers_class_do_nothing() -> None:
    cls = "kind: IngressClass\nmetadata: {name: nginx}\nspec: {controller: example.com/other}\n"
    ingress = manifest(INGRESS % ("{nginx.ingress.kubernetes.io/permanent-redirect: 'https://x.test'}", "[]"))
    assert RouteTable([ingress, manifest(cls)]).ask("http://shop.example/api").text == "reaches api:8080"
    own = manifest(cls.replace("example.com/other", "k8s.io/ingress-nginx"))
    assert RouteTable([ingress, own]).ask("http://shop.example/api").sent_to == "https://x.test"


def test_what_is_not_evaluated_is_not_judged_where_a_request_meets_it() -> None:
    found = table("{nginx.ingress.kubernetes.io/ssl-passthrough: 'true'}")
    with pytest.raises(
        NotJudged, match=r"the annotation nginx.ingress.kubernetes.io/ssl-passthrough"
    ) as caught:
        found.ask("http://shop.example/api")
    assert caught.value.location is not None
    assert caught.value.location.line == 2
    assert found.ask("http://other.example/").text == "gets 404"
    assert (
        table("{nginx.ingress.kubernetes.io/ssl-passthrough: 'false'}").ask("http://shop.example/api").route
    )


def test_a_canary_has_no_hosts_of_its_own_and_a_share_of_anothers() -> None:
    notes = "{nginx.ingress.kubernetes.io/canary: 'true', nginx.ingress.kubernetes.io/canary-weight: 'SHARE'}"
    canary = (
        (INGRESS % (notes, "[]")).replace("name: shop,", "name: two,").replace("name: api,", "name: next,")
    )
    alone = RouteTable([manifest(canary.replace("SHARE", "10"))])
    assert alone.ask("http://shop.example/api").text == "gets 404"
    main = manifest(INGRESS % ("{}", "[]"))
    both = RouteTable([main, manifest(canary.replace("SHARE", "10"))])
    assert both.refused == []
    assert both.ask("http://shop.example/api").text == "reaches api:8080, and sometimes next:8080 (a canary)"
    idle = RouteTable([main, manifest(canary.replace("SHARE", "0"))])
    assert idle.ask("http://shop.example/api").text == "reaches api:8080"


def test_paths_that_no_route_has_are_redirected_like_the_others_of_their_host() -> None:
    tls = "[{hosts: [a.shop.example], secretName: s}]"
    assert table(tls=tls).ask("http://a.shop.example/x").redirect
    assert not table(tls=tls).ask("https://a.shop.example/x").redirect
    assert not table(tls=tls).ask("http://b.shop.example/x").redirect
    off = "{nginx.ingress.kubernetes.io/ssl-redirect: 'false'}"
    assert not table(off, tls).ask("http://a.shop.example/x").redirect


def test_a_refused_ingress_has_no_routes_and_a_second_one_for_the_path_is_refused() -> None:
    first = manifest(INGRESS % ("{}", "[]"))
    second = manifest(
        (INGRESS % ("{}", "[]")).replace("name: shop,", "name: two,").replace("name: api,", "name: x,")
    )
    found = RouteTable([first, second])
    assert found.ask("http://shop.example/api").text == "reaches api:8080"
    [refused] = found.refused
    assert refused.ingress is second
    assert refused.message == (
        "ingress-nginx refuses the host `shop.example` with the path `/`: Ingress shop/shop has it"
    )


def test_hosts_that_get_an_answer() -> None:
    found = table("{nginx.ingress.kubernetes.io/server-alias: shop.test}")
    assert found.hosts == ["shop.example", "*.shop.example", "shop.test"]


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


def test_the_twin_of_a_host_with_www_is_the_host_without() -> None:
    annotations = "{nginx.ingress.kubernetes.io/from-to-www-redirect: 'true'}"
    text = INGRESS % (annotations, "[]")
    for host, twin in (("shop.example", "www.shop.example"), ("www.shop.example", "shop.example")):
        found = RouteTable([manifest(text.replace("host: shop.example", f"host: {host}"))])
        assert found.ask(f"http://{twin}/api").sent_to == f"http://{host}/api"


@each_row("url", ["http:///api", "http://", "shop.example/api", "ftp://shop.example"])
def test_what_is_not_a_url(url: str) -> None:
    with pytest.raises(UsageError, match="is not a URL"):
        table().ask(url)


def test_the_class_by_the_annotation_that_came_before_the_field() -> None:
    text = (INGRESS % ("{kubernetes.io/ingress.class: old}", "[]")).replace("  ingressClassName: nginx\n", "")
    assert class_of(manifest(text), []) == "old"
    assert class_of(manifest(INGRESS % ("{kubernetes.io/ingress.class: old}", "[]")), []) == "nginx"


WWW = "{nginx.ingress.kubernetes.io/from-to-www-redirect: 'true'}"


@each_row(
    ("host", "url", "text"),
    [
        ("www.Shop.test", "http://shop.test/api", "is redirected to http://www.Shop.test/api"),
        ("Shop.test", "https://WWW.shop.test", "is redirected to https://Shop.test/"),
        ("Shop.test", "https://shop.test/api", "reaches api:8080"),
        ("Shop.test", "https://x.shop.test/api", "gets 404"),
    ],
)
def test_the_host_with_and_without_www(host: str, url: str, text: str) -> None:
    found = RouteTable([manifest((INGRESS % (WWW, "[]")).replace("host: shop.example", f"host: {host}"))])
    assert found.ask(url).text == text
    assert {"shop.test", "www.shop.test"} <= set(found.hosts)


def test_a_host_of_its_own_is_no_alias_and_no_twin() -> None:
    notes = "{nginx.ingress.kubernetes.io/server-alias: a.shop.example, nginx.ingress.kubernetes.io/from-to-www-redirect: 'true'}"
    text = INGRESS % (notes, "[]")
    own = text.replace('"*.shop.example"', "a.shop.example")
    assert RouteTable([manifest(text)]).ask("http://a.shop.example/only").text == "reaches web:80"
    assert RouteTable([manifest(own)]).ask("http://a.shop.example/only").text == "reaches wild:80"
    own = text.replace('"*.shop.example"', "WWW.shop.example")
    assert RouteTable([manifest(own)]).ask("http://www.shop.example/only").text == "reaches wild:80"


def test_an_alias_leads_to_its_host_in_any_case() -> None:
    notes = "{nginx.ingress.kubernetes.io/server-alias: Shop.test}"
    text = (INGRESS % (notes, "[]")).replace("host: shop.example", "host: Shop.example")
    assert RouteTable([manifest(text)]).ask("http://shop.TEST/api").text == "reaches api:8080"


def test_one_regular_path_makes_all_paths_of_its_host_regular() -> None:
    notes = "{nginx.ingress.kubernetes.io/use-regex: 'true'}"
    one = manifest(INGRESS % ("{}", "[]"))
    two = manifest(
        (INGRESS % (notes, "[]")).replace("path: /", "path: /two").replace("name: shop,", "name: two,")
    )
    assert RouteTable([one, two]).ask("http://shop.example/apidocs").text == "reaches api:8080"
    assert RouteTable([one]).ask("http://shop.example/apidocs").text == "reaches web:80"


def test_tls_entries_without_hosts_or_secrets() -> None:
    without = [
        manifest(INGRESS % ("{}", tls)) for tls in ("[{secretName: s}]", "[{hosts: [], secretName: s}]")
    ]
    for ingress in without:
        assert tls_secret([ingress], "shop.example") == "s"
        assert tls_secret([ingress], "a.shop.example") == "s"
        assert tls_secret([ingress], "other.example") is None
    assert tls_secret([manifest(INGRESS % ("{}", "[{hosts: [shop.example]}]"))], "shop.example") == ""
    assert table(tls="[{hosts: [shop.example]}]").ask("https://shop.example/").secret == ""
    assert table(tls="[{hosts: [shop.example], secretName: s}]").ask("http://shop.example/").secret == ""
    order = '[{hosts: ["*.shop.example"], secretName: a}, {hosts: ["*.shop.example", b.shop.example], secretName: z}]'
    assert tls_secret([manifest(INGRESS % ("{}", order))], "b.shop.example") == "z"


def test_the_class_by_the_old_annotation() -> None:
    text = (INGRESS % ("{kubernetes.io/ingress.class: old}", "[]")).replace("  ingressClassName: nginx\n", "")
    assert class_of(manifest(text), []) == "old"
    noted = "kind: ConfigMap\nmetadata: {name: x, annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}}\n"
    bare = manifest("kind: Ingress\nmetadata: {name: a}\nspec: {}\n")
    assert class_of(bare, [manifest(noted)]) == ""


def test_what_another_controller_serves_is_not_refused() -> None:
    cls = manifest("kind: IngressClass\nmetadata: {name: nginx}\nspec: {controller: example.com/other}\n")
    odd = manifest((INGRESS % ("{}", "[]")).replace("path: /api,", "path: '/a*',"))
    assert RouteTable([odd, cls]).refused == []
    assert len(RouteTable([odd]).refused) == 1
    assert RouteTable(
        [odd, cls, manifest("kind: Service\nmetadata: {name: nginx}\n")], "nginx"
    ).ingresses == [odd]


def test_what_no_path_takes_goes_to_the_default_backend() -> None:
    text = (INGRESS % ("{}", "[]")) + "  defaultBackend: {service: {name: rest, port: {number: 80}}}\n"
    found = RouteTable([manifest(text)])
    assert found.ask("http://a.shop.example/some/path").text == "reaches rest:80"
    assert found.ask("http://other.example/some/path").text == "reaches rest:80"
    assert found.ask("http://shop.example/api/v1").text == "reaches api:8080"


def test_an_alias_is_of_a_host_in_any_case() -> None:
    text = INGRESS % ("{nginx.ingress.kubernetes.io/server-alias: alias.example}", "[]")
    found = RouteTable([manifest(text.replace("host: shop.example", "host: SHOP.example"))])
    assert found.ask("http://alias.example/api").text == "reaches api:8080"


def test_a_host_of_its_own_is_no_twin() -> None:
    annotations = "{nginx.ingress.kubernetes.io/from-to-www-redirect: 'true'}"
    found = RouteTable(
        [manifest((INGRESS % (annotations, "[]")).replace('"*.shop.example"', "www.shop.example"))]
    )
    assert found.ask("http://www.shop.example/only").text == "reaches wild:80"


def test_an_entry_without_hosts_is_for_the_hosts_of_the_rules() -> None:
    found = [manifest(INGRESS % ("{}", "[{secretName: cert}]"))]
    assert tls_secret(found, "shop.example") == "cert"
    assert tls_secret(found, "a.shop.example") == "cert"
    assert tls_secret(found, "other.example") is None
