"""Rule `routes`."""

from __future__ import annotations

import msgspec
import pytest

from tests.certificate_maker import encoded, make
from tests.pictures import judging, lines_of
from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import routes
from trainer.rules.routes import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(routes)

INGRESS = """\
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  ingressClassName: nginx
  tls: [{hosts: [shop.example], secretName: shop-tls}]
  rules:
  - host: shop.example
    http: {paths: [{path: /api, pathType: Prefix, backend: {service: {name: api, port: {number: 8080}}}}]}
"""


def secret(names: tuple[str, ...] = ("shop.example",), kind: str = "kubernetes.io/tls", **more: bytes) -> str:
    certificate, key = make(*names)
    values = {"crt": certificate, "key": key} | more
    data = f"{{tls.crt: {encoded(values['crt'])}, tls.key: {encoded(values['key'])}}}"
    return f"kind: Secret\nmetadata: {{name: shop-tls, namespace: shop}}\ntype: {kind}\ndata: {data}\n"


def outcome(*samples: dict[str, object], secret_text: str = "", ingress: str = INGRESS) -> Outcome:
    texts = [ingress, *([secret_text] if secret_text else [])]
    documents = [parse(text.encode(), "shop.yaml").documents[0] for text in texts]
    world = World(tuple(Manifest(document.value, document) for document in documents))
    return judge(world, msgspec.convert({"requests": samples, "date": "2026-11-24"}, Params))


SECURE = {
    "url": "https://shop.example/api",
    "service": "api:8080",
    "secret": "shop-tls",
    "certificate": "covers",
}


def test_pass() -> None:
    plain = {"url": "http://shop.example/api", "redirects-to": "https"}
    nothing = {"url": "https://shop.example/", "refused": True}
    assert outcome(SECURE, plain, nothing, secret_text=secret()).status is Status.PASS


@each_row(
    ("sample", "message"),
    [
        ({"url": "https://shop.example/", "service": "api:8080"}, "must reach api:8080: it gets 404"),
        ({"url": "http://shop.example/api", "service": "api:8080"}, "it is redirected to https"),
        ({"url": "https://shop.example/api", "redirects-to": "https"}, "must be redirected"),
        ({"url": "https://shop.example/api", "refused": True}, "must not be answered: it reaches api:8080"),
    ],
)
def test_wrong_answers(sample: dict[str, object], message: str) -> None:
    judged = outcome(sample)
    assert message in judged.reasons[0].message
    assert str(sample["url"]) in judged.evidence[0]
    assert judged.reasons[0].location is not None
    assert judged.reasons[0].location.line >= 5


@each_row(
    ("secret_text", "message"),
    [
        ("", "doesn't exist in Namespace shop"),
        (secret(("other.example",)), "is for other.example, not for shop.example"),
        (secret(kind="Opaque"), "must be of type kubernetes.io/tls"),
        (secret(key=make("x")[1]), "doesn't match its certificate"),
        (secret(crt=b"nothing"), "contains no readable certificate"),
        (secret(crt=make("shop.example", days=("2024-01-01", "2025-01-01"))[0]), "not on 2026-11-24"),
    ],
    ids=["missing", "other host", "type", "other key", "unreadable", "expired"],
)
def test_certificates(secret_text: str, message: str) -> None:
    judged = outcome(SECURE, secret_text=secret_text)
    assert message in " ".join(reason.message for reason in judged.reasons)


def test_the_certificate_that_is_shown() -> None:
    own = "A browser at https://shop.example/api is shown the controller's own, self-signed one."
    assert outcome(SECURE).evidence == (own,)
    assert outcome(SECURE, secret_text=secret(key=make("x")[1])).evidence == (own,)
    other = outcome(SECURE, secret_text=secret(("other.example",)))
    assert other.evidence == (
        "A browser at https://shop.example/api is shown the certificate of Secret shop-tls.",
    )


def test_a_secret_of_another_namespace() -> None:
    elsewhere = secret().replace("namespace: shop", "namespace: default")
    assert outcome(SECURE, secret_text=elsewhere).reasons[0].message == (
        "The Secret shop-tls doesn't exist in Namespace shop. "
        "An Ingress can't use the one in Namespace default."
    )


def test_a_redirect_that_is_switched_off() -> None:
    annotation = 'annotations: {nginx.ingress.kubernetes.io/ssl-redirect: "false"}'
    off = INGRESS.replace("namespace: shop}", f"namespace: shop,\n  {annotation}}}")
    judged = outcome({"url": "http://shop.example/api", "redirects-to": "https"}, ingress=off)
    assert judged.reasons[0].location is not None
    assert judged.reasons[0].location.line == 3
    assert judged.evidence == ("`curl -s http://shop.example/api`: shop/api:8080 answers.",)


def test_a_port_by_its_name() -> None:
    named = INGRESS.replace("number: 8080", "name: http")
    service = """kind: Service
metadata: {name: api, namespace: shop}
spec: {ports: [{name: http, port: 8080}]}
"""
    sample = {"url": "https://shop.example/api", "service": "api:8080"}
    assert outcome(sample, ingress=named, secret_text=service).status is Status.PASS
    assert outcome(sample, ingress=named).status is Status.FAIL


def test_no_tls_and_no_ingress() -> None:
    bare = INGRESS.replace("  tls: [{hosts: [shop.example], secretName: shop-tls}]\n", "")
    assert "No entry of `tls`" in outcome(SECURE, ingress=bare).reasons[0].message
    assert outcome(SECURE, ingress="kind: Service\n").reasons[0].message == "The answer has no Ingress."


def test_a_wrong_date_is_the_cards_error() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"requests": [], "date": "tomorrow"}, Params)


class TestPatterns:
    """Sentences about every path and every host."""

    TWO = """\
kind: Ingress
metadata:
  name: shop
  namespace: shop
  annotations: {NOTES}
spec:
  ingressClassName: nginx
  tls: [{hosts: [shop.example], secretName: shop-tls}]
  rules:
  - host: shop.example
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
      - {path: /api, pathType: Prefix, backend: {service: {name: api, port: {number: 8080}}}}
"""
    PATHS = (
        {"url": "https://shop.example/api/**", "service": "api:8080"},
        {"url": "https://shop.example/**", "service": "web:80"},
    )
    MORE = "      - {path: PATH, pathType: TYPE, backend: {service: {name: web, port: {number: 80}}}}\n"

    def judged(self, text: str, *samples: dict[str, object], notes: str = "", **more: object) -> Outcome:
        documents = parse(text.replace("NOTES", notes).encode(), "i.yaml").documents
        answer = tuple(Manifest(one.value, one) for one in documents)
        given = {"requests": samples, "ingress-class": "nginx", "namespace": "shop"} | more
        return judge(World(answer, answer=answer), msgspec.convert(given, Params))

    def test_every_path(self) -> None:
        assert self.judged(self.TWO, *self.PATHS) == Outcome(Status.PASS)

    @each_row(
        ("path", "kind", "url"),
        [
            ("/api/v2", "Prefix", "https://shop.example/api/v2 must reach api:8080: it reaches web:80."),
            ("/api/", "Exact", "https://shop.example/api/ must reach api:8080: it reaches web:80."),
            (
                "/api/health",
                "Exact",
                "https://shop.example/api/health must reach api:8080: it reaches web:80.",
            ),
        ],
    )
    def test_one_path_more(self, path: str, kind: str, url: str) -> None:
        found = self.judged(self.TWO + self.MORE.replace("PATH", path).replace("TYPE", kind), *self.PATHS)
        assert found.reasons[0].message == url
        assert found.reasons[0].location is not None
        assert found.reasons[0].location.line == 15

    def test_of_one_pattern_two_urls_are_reported(self) -> None:
        found = self.judged(self.TWO.replace("name: web", "name: x"), *self.PATHS)
        assert [reason.message for reason in found.reasons] == [
            "https://shop.example/ must reach web:80: it reaches x:80.",
            "https://shop.example/new must reach web:80: it reaches x:80.",
        ]

    @each_row(
        ("notes", "message"),
        [
            ("use-regex: 'true'", "https://shop.example/apinew must reach web:80: it reaches api:8080."),
            ("rewrite-target: /", "must reach api:8080 as `/api`: the Service gets `/`."),
            ("auth-type: basic", "for every client: it is answered only after a login (`auth-type`)."),
            ("app-root: /start", "https://shop.example/ must reach web:80: it is redirected to"),
            ("server-snippet: x", "ingress-nginx refuses the annotation `server-snippet`"),
        ],
    )
    def test_annotations(self, notes: str, message: str) -> None:
        found = self.judged(self.TWO, *self.PATHS, notes=f"nginx.ingress.kubernetes.io/{notes}")
        assert message in " ".join(reason.message for reason in found.reasons)
        assert found.reasons[0].location is not None
        assert found.reasons[0].location.line == 5

    @each_row(
        "notes",
        [
            "nginx.ingress.kubernetes.io/proxy-body-size: 8m",
            "nginx.ingress.kubernetes.io/ssl-redirect: 'true'",
            "nginx.ingress.kubernetes.io/allowlist-source-range: 0.0.0.0/0",
            "nginx.ingress.kubernetes.io/backend-protocol: HTTP",
            "kubernetes.io/change-cause: x",
            "cert-manager.io/cluster-issuer: x",
        ],
    )
    def test_annotations_that_change_nothing(self, notes: str) -> None:
        assert self.judged(self.TWO, *self.PATHS, notes=notes) == Outcome(Status.PASS)

    def test_a_refused_ingress_beside_a_good_one(self) -> None:
        second = "---\n" + self.TWO.replace("name: shop\n", "name: two\n")
        found = self.judged(self.TWO + second, *self.PATHS)
        assert found.reasons[0].message == (
            "ingress-nginx refuses the host `shop.example` with the path `/`: Ingress shop/shop has it."
        )
        assert found.evidence == ("Ingress shop/two is not created: the admission webhook denies it.",)

    def test_a_canary_that_gets_some_of_the_requests(self) -> None:
        notes = "nginx.ingress.kubernetes.io/canary: 'true', nginx.ingress.kubernetes.io/canary-weight: '10'"
        second = self.TWO.replace("name: shop\n", "name: two\n").replace("NOTES", notes)
        assert self.judged(f"{self.TWO}---\n{second}", *self.PATHS) == Outcome(Status.PASS)
        found = self.judged(f"{self.TWO}---\n{second.replace('name: api', 'name: next')}", *self.PATHS)
        assert found.reasons[0].message == (
            "https://shop.example/api must reach api:8080: it reaches api:8080, and sometimes next:8080 (a canary)."
        )
        assert found.reasons[0].location is not None
        assert found.reasons[0].location.line == 20

    REST = {"url": "*://shop.example/**"}

    @each_row(
        ("old", "new", "host"),
        [
            ("host: shop.example\n", "host: '*.example'\n", "https://new.example/"),
            ("  - host: shop.example\n    http", "  - http", "https://new.shop.example/"),
            ("{NOTES}", "{nginx.ingress.kubernetes.io/server-alias: shop.test}", "https://shop.test/"),
            (
                "{NOTES}",
                "{nginx.ingress.kubernetes.io/from-to-www-redirect: 'true'}",
                "https://www.shop.example/",
            ),
        ],
    )
    def test_no_other_host(self, old: str, new: str, host: str) -> None:
        assert self.judged(self.TWO, self.REST, rest="refused") == Outcome(Status.PASS)
        found = self.judged(self.TWO.replace(old, new), self.REST, rest="refused")
        assert found.reasons[0].message.startswith(f"{host} must not be answered: it ")

    @each_row("where", ["namespace: other", "namespace: shop"])
    @each_row("cls", ["nginx", "internal"])
    def test_another_ingress_counts_in_any_namespace_and_class(self, where: str, cls: str) -> None:
        second = self.TWO.replace("shop.example", "admin.example").replace("name: shop\n", "name: two\n")
        second = second.replace("namespace: shop", where).replace("Name: nginx", f"Name: {cls}")
        found = self.judged(f"{self.TWO}---\n{second}", self.REST, rest="refused")
        assert found.reasons[0].message == "https://admin.example/ must not be answered: it reaches web:80."

    def test_a_route_of_another_namespace(self) -> None:
        second = self.TWO.replace("namespace: shop", "namespace: other").replace(
            "path: /api", "path: /api/v2"
        )
        second = second.replace("      - {path: /, pathType: Prefix", "      - {path: /x, pathType: Exact")
        found = self.judged(f"{self.TWO}---\n{second}", *self.PATHS)
        assert found.reasons[0].message == (
            "https://shop.example/api/v2 must reach api:8080: it reaches api:8080 in Namespace other."
        )

    @each_row(
        "sample",
        [
            {"url": "shop.example"},
            {"url": "https://shop.example/**", "secret": "x"},
            {"url": "*://shop.example/", "certificate": "covers"},
        ],
    )
    def test_what_is_no_sample(self, sample: dict[str, object]) -> None:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"requests": [sample]}, Params)


def test_clients_trust_only_what_leads_to_their_ca() -> None:
    authority, _ = make("ca.example")
    own, key = make("shop.example")
    asked = {"requests": [SECURE], "date": "2026-11-24", "authorities": "ca.crt"}
    documents = [
        parse(text.encode(), "shop.yaml").documents[0] for text in (INGRESS, secret(crt=own, key=key))
    ]
    manifests = tuple(Manifest(document.value, document) for document in documents)
    for roots, status in ((authority, Status.FAIL), (authority + own, Status.PASS)):
        world = World(manifests, node_files={"ca.crt": roots.decode()})
        found = judge(world, msgspec.convert(asked, Params))
        assert found.status is status
    found = judge(World(manifests, node_files={"ca.crt": authority.decode()}), msgspec.convert(asked, Params))
    assert (
        "Clients don't trust the certificate in shop-tls: shop.example signed itself"
        in found.reasons[0].message
    )
    assert found.reasons[0].location is not None
    assert "`curl --cacert ca.crt https://shop.example/api`" in found.evidence[0]


def test_the_servers_certificate_comes_first_and_authorities_need_a_date() -> None:
    (authority, _), (own, key) = make("ca.example"), make("shop.example")
    found = outcome(SECURE, secret_text=secret(crt=authority + own, key=key))
    assert [one.message for one in found.reasons] == [
        "The first certificate in shop-tls isn't the one of the key: put that one first."
    ]
    with pytest.raises(msgspec.ValidationError, match="authorities needs a date"):
        msgspec.convert({"requests": [SECURE], "authorities": "ca.crt"}, Params)


def test_the_picture_has_what_answers() -> None:
    document = parse(INGRESS.encode(), "shop.yaml").documents[0]
    world = World((Manifest(document.value, document),))
    asked = [
        {"url": "https://shop.example/api", "service": "web:80"},
        {"url": "https://shop.example/", "refused": True},
    ]
    picture = routes.picture(world, msgspec.convert({"requests": asked, "rest": "refused"}, Params))
    assert lines_of(picture)[:3] == [
        "https://shop.example/api | w:reaches api:8080",
        "https://shop.example/ | r:gets 404",
        "https://shop.example/api/ must not be answered: it reaches api:8080. | w:answered",
    ]
