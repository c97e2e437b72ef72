"""Ingress: which Service answers a URL, whether plain HTTP is redirected, and what TLS covers it.

Follows https://kubernetes.io/docs/concepts/services-networking/ingress/ (v1.35) for hosts, paths and path
types: exact hosts before wildcards, then the longest path, Exact before Prefix; a prefix matches by whole
elements. What is the controller's own matter follows ingress-nginx v1.15 with its default settings
(`simulate.network.nginx`, internal/ingress/controller/{location,controller}.go, rootfs/etc/nginx):

- `ImplementationSpecific` is a location of nginx: every path that begins with these letters, `/apis` for
  `/api`, too (`updateServerLocations` only changes Prefix). With `use-regex` or `rewrite-target`, all paths
  of the host are regular expressions that match at the start, in any case, the longest first;
- `ssl-redirect` is on if the host has TLS; other redirects come before it, allow lists and logins after it;
- an Ingress that the admission webhook refuses has no routes.

The annotations count unless the Ingress belongs to the class of another controller.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec

from trainer.errors import NotJudged, UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.values import indexed, mapping, mapping_at, mappings
from trainer.simulate.network.nginx import CONTROLLER, Settings, hosts_and_paths, refusal, settings_of
from trainer.verdict import Location

LETTERS = "ImplementationSpecific"
"""The path type that a controller gives its meaning: for nginx, a path that begins with these letters."""


class Route(msgspec.Struct, frozen=True, eq=False):
    """One path of one Ingress. `host` is empty for every host, `port` a number or a name."""

    ingress: Manifest
    host: str
    path: str
    path_type: str
    service: str
    port: str
    location: Location
    settings: Settings = Settings()

    @property
    def rewrites(self) -> bool:
        """Whether the Service gets another path than the client asks for."""
        return bool(self.settings.rewrite) and self.settings.rewrite != self.path

    @property
    def backend(self) -> str:
        """`api:8080`."""
        return f"{self.service}:{self.port}" if self.port else self.service


class Refusal(msgspec.Struct, frozen=True, eq=False):
    """An Ingress that the controller refuses, and why."""

    ingress: Manifest
    message: str
    location: Location


class Answer(msgspec.Struct, frozen=True, eq=False):
    """What a client gets for a URL: a redirect, a Service, or 404 (`route` is None)."""

    route: Route | None
    redirect: bool = False
    """Whether the redirect is to https."""
    secret: str = ""
    """Name of the Secret with the certificate of an https URL; empty: the controller's own."""
    sent_to: str = ""
    """Where another redirect leads."""
    only: str = ""
    """Which clients get the answer; empty: all."""
    path: str = ""
    """The path that the Service gets."""
    canary: Route | None = None
    """The path of a canary Ingress that gets some of these requests."""

    @property
    def text(self) -> str:
        """For people."""
        if self.sent_to:
            return f"is redirected to {self.sent_to}"
        if self.redirect:
            return "is redirected to https"
        if self.route is None:
            return "gets 404"
        found = f"reaches {self.route.backend}" + (f" only {self.only}" if self.only else "")
        return f"{found}, and sometimes {self.canary.backend} (a canary)" if self.canary else found


class RouteTable:
    """All routes of the Ingresses of a world, optionally of one class.

    `refused` are the Ingresses that have no routes because the controller doesn't take them.
    """

    def __init__(self, manifests: Iterable[Manifest], ingress_class: str | None = None) -> None:
        known = tuple(manifests)
        self.ingresses: list[Manifest] = []
        self.refused: list[Refusal] = []
        self.routes: list[Route] = []
        self.canaries: list[Route] = []
        self._taken: dict[tuple[str, str], list[Manifest]] = {}
        self._aliases: dict[str, str] = {}
        self._www: dict[str, tuple[str, Route]] = {}
        for manifest in known:
            if manifest.kind == "Ingress" and ingress_class in (None, class_of(manifest, known)):
                self._add(manifest, _is_nginx(manifest, known))

    def _add(self, ingress: Manifest, is_nginx: bool) -> None:
        found = refusal(ingress, self._taken) if is_nginx else None
        if found:
            self.refused.append(Refusal(ingress, *found))
            return
        settings = settings_of(ingress) if is_nginx else Settings()
        routes = _routes(ingress, settings, LETTERS if is_nginx else "Prefix")
        self.ingresses.append(ingress)
        for place in dict.fromkeys(hosts_and_paths(ingress)):
            self._taken.setdefault(place, []).append(ingress)
        if settings.canary:  # it has no server of its own (`createServers`), only a share of another's
            self.canaries += routes if settings.canary == "some" else []
            return
        self.routes += routes
        for route in routes:
            for alias in settings.aliases:
                self._aliases.setdefault(alias, route.host.lower())
            if settings.www and route.host:
                twin = (
                    route.host.removeprefix("www.") if route.host.startswith("www.") else f"www.{route.host}"
                )
                self._www.setdefault(twin.lower(), (route.host, route))

    @property
    def hosts(self) -> list[str]:
        """Every host that gets more than 404, wildcards as they are written; empty for every host."""
        return list(
            dict.fromkeys([*(route.host.lower() for route in self.routes), *self._aliases, *self._www])
        )

    def ask(self, url: str) -> Answer:
        """What happens to a request to a URL (`https://shop.example/api`). Raises `UsageError`, and
        `NotJudged` for annotations that aren't evaluated."""
        wrong = UsageError(f"{url!r} is not a URL", remedy="write https://host/path")
        try:
            parts = urlsplit(url)
            host, path, _ = (parts.hostname or "").lower(), parts.path or "/", parts.port
        except ValueError:  # brackets without an IPv6 address, a port that isn't one
            raise wrong from None
        if parts.scheme not in ("http", "https") or not host:
            raise wrong
        named = {route.host.lower() for route in self.routes}
        if host not in named and host in self._www:
            home, route = self._www[host]
            return Answer(route, sent_to=f"{parts.scheme}://{home}{path}")
        if host not in named:
            host = self._aliases.get(host, host)
        found = self._find(host, path)
        if found is None:
            return Answer(None, redirect=parts.scheme == "http" and self._redirects_the_rest(host))
        return self._answer(found, parts.scheme, host, path)

    def _redirects_the_rest(self, host: str) -> bool:
        """Whether paths of a host that no route has are redirected: they have its first Ingress' settings."""
        first = next((route for route in self.routes if host_rank(route.host, host) in (0, 1)), None)
        return first is not None and _redirects(
            first.settings, has_tls=tls_secret(self.ingresses, host) is not None
        )

    def _answer(self, route: Route, scheme: str, host: str, path: str) -> Answer:
        settings = route.settings
        settings.require_judged()
        secret = tls_secret(self.ingresses, host)
        shown = secret or "" if scheme == "https" else ""
        if settings.sent_to:
            return Answer(route, secret=shown, sent_to=settings.sent_to)
        if path == "/" and settings.app_root:
            return Answer(route, secret=shown, sent_to=f"{scheme}://{host}{settings.app_root}")
        if scheme == "http" and _redirects(settings, has_tls=secret is not None):
            return Answer(route, redirect=True)
        place = route.host, route.path
        canary = next((one for one in self.canaries if (one.host, one.path) == place), None)
        return Answer(route, secret=shown, only=settings.only, path=_rewritten(route, path), canary=canary)

    def _find(self, host: str, path: str) -> Route | None:
        claimed = [rank for route in self.routes if (rank := host_rank(route.host, host)) is not None]
        if not claimed:
            return None
        # A more specific host hides the others: ingress-nginx answers 404 for a known host without a
        # matching path.
        best = min(claimed)
        routes = [route for route in self.routes if host_rank(route.host, host) == best]
        if any(route.settings.regex or route.rewrites for route in routes):
            routes.sort(key=lambda route: (len(route.path), route.path), reverse=True)
            return next((route for route in routes if _search(route, f"^{route.path}", path)), None)
        return max((route for route in routes if path_matches(route, path)), key=_specificity, default=None)


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
    """Whether a path matches by its type, where paths are plain text."""
    if route.path_type == "Exact":
        return path == route.path
    if route.path_type == LETTERS:  # without its last slash, nginx redirects to the location
        return path.startswith(route.path) or f"{path}/" == route.path
    wanted = [element for element in route.path.split("/") if element]
    given = path.split("/")[1:]
    return given[: len(wanted)] == wanted


def _search(route: Route, pattern: str, path: str) -> Any:
    """The match of a path with a regular expression in any case.

    Raises `NotJudged` for what RE2 doesn't know, such as lookaheads.
    """
    import re2

    options = re2.Options()
    options.log_errors, options.case_sensitive = False, False
    try:
        return re2.compile(pattern, options).search(path)
    except re2.error:
        raise NotJudged(f"the regular expression {route.path!r}", route.location) from None


def _rewritten(route: Route, path: str) -> str:
    """The path that the Service gets (`buildProxyPass`): a match of the route's path becomes the target."""
    if not route.rewrites or (found := _search(route, route.path, path)) is None:
        return path
    target = route.settings.rewrite
    for number in range(9, 0, -1):
        value = (found.group(number) or "") if number <= found.re.groups else ""
        target = target.replace(f"${number}", value)
    return target


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


def _is_nginx(ingress: Manifest, manifests: Sequence[Manifest]) -> bool:
    """Whether the class of an Ingress is of ingress-nginx, as far as the world tells."""
    name = class_of(ingress, manifests)
    classes = [one for one in manifests if one.kind == "IngressClass" and one.name == name]
    return all(one.get("spec", "controller", default=CONTROLLER) == CONTROLLER for one in classes)


def _redirects(settings: Settings, *, has_tls: bool) -> bool:
    return settings.force_ssl_redirect or (has_tls and settings.ssl_redirect)


def _routes(ingress: Manifest, settings: Settings, specific: str) -> list[Route]:
    """The routes of an Ingress; `specific` is what its controller makes of `ImplementationSpecific`."""
    found = []
    for index, rule in indexed(ingress.get("spec", "rules")):
        for position, entry in indexed(mapping_at(rule, "http").get("paths")):
            service, port = _backend(entry.get("backend"))
            found.append(
                Route(
                    ingress,
                    str(rule.get("host") or ""),
                    str(entry.get("path") or "/"),
                    specific if entry.get("pathType") in (None, LETTERS) else str(entry["pathType"]),
                    service,
                    port,
                    ingress.where("spec", "rules", index, "http", "paths", position),
                    settings,
                )
            )
    default = ingress.get("spec", "defaultBackend")
    if isinstance(default, dict):
        service, port = _backend(default)
        place = ingress.where("spec", "defaultBackend")
        # For the hosts of its own rules it is what their paths leave over.
        hosts = dict.fromkeys(route.host for route in found if route.host)
        found += [Route(ingress, host, "/", "Prefix", service, port, place, settings) for host in hosts]
        found.append(Route(ingress, "", "/", "Prefix", service, port, place, settings))
    return found


def _backend(backend: Any) -> tuple[str, str]:
    service = mapping(backend).get("service")
    if not isinstance(service, dict):
        return "", ""
    port = mapping_at(service, "port")
    number = port.get("number") or port.get("name") or ""
    return str(service.get("name") or ""), str(number)
