"""Ingress: which Service answers a URL, whether plain HTTP is redirected, and what TLS covers it.

Follows https://kubernetes.io/docs/concepts/services-networking/ingress/ (v1.35) for hosts, paths and path
types: exact hosts before wildcards, then the longest path, Exact before Prefix; a prefix matches by whole
elements. Redirects follow https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/
(`ssl-redirect` is on if the host has TLS). `ImplementationSpecific` paths are treated as Prefix if they
contain no regular expression, as ingress-nginx does without `use-regex`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import msgspec

from trainer.errors import NotJudged, UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.values import indexed, mapping, mapping_at, mappings
from trainer.patterns import regex
from trainer.verdict import Location

NGINX = "nginx.ingress.kubernetes.io/"
_PLAIN_PATH = regex(r"[\w/.~%!$&'()+,;=:@-]*\Z")


class Route(msgspec.Struct, frozen=True, eq=False):
    """One path of one Ingress. `host` is empty for every host, `port` a number or a name."""

    ingress: Manifest
    host: str
    path: str
    path_type: str
    service: str
    port: str
    location: Location

    @property
    def backend(self) -> str:
        """`api:8080`."""
        return f"{self.service}:{self.port}" if self.port else self.service


class Answer(msgspec.Struct, frozen=True, eq=False):
    """What a client gets for a URL: a redirect to https, a Service, or 404 (neither)."""

    route: Route | None
    redirect: bool = False
    secret: str = ""
    """Name of the Secret with the certificate of an https URL; empty: the controller's own."""

    @property
    def text(self) -> str:
        """For people."""
        if self.redirect:
            return "is redirected to https"
        return f"reaches {self.route.backend}" if self.route else "gets 404"


class RouteTable:
    """All routes of the Ingresses of a world, optionally of one class."""

    def __init__(self, manifests: Iterable[Manifest], ingress_class: str | None = None) -> None:
        known = tuple(manifests)
        self.ingresses = [
            manifest
            for manifest in known
            if manifest.kind == "Ingress" and ingress_class in (None, class_of(manifest, known))
        ]
        self.routes = [route for ingress in self.ingresses for route in _routes(ingress)]

    def ask(self, url: str) -> Answer:
        """What happens to a request to a URL (`https://shop.example/api`). Raises `UsageError`."""
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if parts.scheme not in ("http", "https") or not host:
            raise UsageError(f"{url!r} is not a URL", remedy="write https://host/path")
        route = self._find(host, parts.path or "/")
        if route is None:
            return Answer(None)
        secret = tls_secret(self.ingresses, host)
        if parts.scheme == "https":
            return Answer(route, secret=secret or "")
        return Answer(route, redirect=_redirects(route.ingress, has_tls=secret is not None))

    def _find(self, host: str, path: str) -> Route | None:
        by_host: dict[int, list[Route]] = {}
        for route in self.routes:
            if (rank := host_rank(route.host, host)) is not None and path_matches(route, path):
                by_host.setdefault(rank, []).append(route)
        # A more specific host hides the others' paths only if one of its own paths matches or it
        # has a catch-all; ingress-nginx answers 404 for a known host without a matching path.
        claimed = [rank for route in self.routes if (rank := host_rank(route.host, host)) is not None]
        best = by_host.get(min(claimed), []) if claimed else []
        return max(best, key=_specificity, default=None)


def host_rank(pattern: str, host: str) -> int | None:
    """0 for the exact host, 1 for a wildcard that covers it (one label), 2 for every host, else None."""
    pattern = pattern.lower()
    if not pattern:
        return 2
    if pattern == host:
        return 0
    first, _, rest = host.partition(".")
    return 1 if first and pattern == f"*.{rest}" else None


def path_matches(route: Route, path: str) -> bool:
    """Whether a path matches by its type. Raises `NotJudged` for regular expressions."""
    if route.path_type == "Exact":
        return path == route.path
    if route.path_type == "ImplementationSpecific" and not _PLAIN_PATH.match(route.path):
        raise NotJudged(f"the path {route.path!r} of type ImplementationSpecific", route.location)
    wanted = [element for element in route.path.split("/") if element]
    given = path.split("/")[1:]
    return given[: len(wanted)] == wanted


def _specificity(route: Route) -> tuple[int, int]:
    return len(route.path.rstrip("/")), route.path_type == "Exact"


def tls_secret(ingresses: Iterable[Manifest], host: str) -> str | None:
    """The Secret that serves a host's certificate: exact entries first. None if no TLS entry covers it.

    An entry without hosts means the hosts of its own rules.
    """
    found: list[tuple[int, str]] = []
    for ingress in ingresses:
        rule_hosts = [str(rule.get("host") or "") for rule in mappings(ingress.get("spec", "rules"))]
        for entry in mappings(ingress.get("spec", "tls")):
            hosts = entry.get("hosts")
            names = [str(name) for name in hosts] if isinstance(hosts, list) and hosts else rule_hosts
            ranks = [rank for name in names if (rank := host_rank(name, host)) is not None]
            if ranks:
                found.append((min(ranks), str(entry.get("secretName") or "")))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def class_of(ingress: Manifest, manifests: Iterable[Manifest]) -> str:
    """The IngressClass of an Ingress: its own, or the default class; the legacy annotation also counts.

    Of several default classes the admission plugin uses the newest (DefaultIngressClass, v1.35),
    which manifests don't show: that raises `NotJudged`.
    """
    own = ingress.get("spec", "ingressClassName")
    if own:
        return str(own)
    annotations = ingress.metadata.get("annotations") or {}
    if legacy := annotations.get("kubernetes.io/ingress.class"):
        return str(legacy)
    defaults = [
        manifest
        for manifest in manifests
        if manifest.kind == "IngressClass"
        and (manifest.metadata.get("annotations") or {}).get("ingressclass.kubernetes.io/is-default-class")
        == "true"
    ]
    if len(defaults) > 1:
        names = ", ".join(one.name for one in defaults)
        raise NotJudged(f"the newest of the default IngressClasses {names}", defaults[1].where("metadata"))
    return defaults[0].name if defaults else ""


def _redirects(ingress: Manifest, *, has_tls: bool) -> bool:
    annotations = ingress.metadata.get("annotations") or {}
    if annotations.get(f"{NGINX}force-ssl-redirect") == "true":
        return True
    return has_tls and annotations.get(f"{NGINX}ssl-redirect", "true") != "false"


def _routes(ingress: Manifest) -> list[Route]:
    found = []
    for index, rule in indexed(ingress.get("spec", "rules")):
        for position, entry in indexed(mapping_at(rule, "http").get("paths")):
            service, port = _backend(entry.get("backend"))
            found.append(
                Route(
                    ingress,
                    str(rule.get("host") or ""),
                    str(entry.get("path") or "/"),
                    str(entry.get("pathType") or "ImplementationSpecific"),
                    service,
                    port,
                    ingress.where("spec", "rules", index, "http", "paths", position),
                )
            )
    default = ingress.get("spec", "defaultBackend")
    if isinstance(default, dict):
        service, port = _backend(default)
        place = ingress.where("spec", "defaultBackend")
        found.append(Route(ingress, "", "/", "Prefix", service, port, place))
    return found


def _backend(backend: Any) -> tuple[str, str]:
    service = mapping(backend).get("service")
    if not isinstance(service, dict):
        return "", ""
    port = mapping_at(service, "port")
    number = port.get("number") or port.get("name") or ""
    return str(service.get("name") or ""), str(number)
