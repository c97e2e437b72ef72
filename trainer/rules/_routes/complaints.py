"""What is wrong with the answer to a request: in words, with the place and what a client sees."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.values import mappings
from trainer.simulate.network.nginx import NGINX, Settings
from trainer.simulate.network.routes import LETTERS, Answer, Route, RouteTable
from trainer.simulate.world import World
from trainer.verdict import Location


class Wanted(msgspec.Struct, frozen=True):
    """The outcome that a request must have."""

    url: str
    service: str = ""
    namespace: str = ""
    """The namespace of the Service, if it matters."""
    path: str = ""
    """The path that the Service must get; by default, the client's."""
    is_redirected: bool = False
    is_refused: bool = False


def complaint(world: World, wanted: Wanted, answer: Answer) -> str:
    """What is wrong with an answer; empty if nothing is.

    Raises `NotJudged` if the Service may not speak the protocol that an annotation sets.
    """
    url, text = wanted.url, answer.text
    if wanted.is_redirected and not _goes_to_https(answer, url):
        return f"{url} must be redirected to https: it {text}."
    if wanted.is_refused and answer.route is not None:
        return f"{url} must not be answered: it {text}."
    if not wanted.service:
        return ""
    route = answer.route
    if answer.redirect or answer.sent_to or route is None or backend(world, route) != wanted.service:
        return f"{url} must reach {wanted.service}: it {text}.{_by_letters(answer, urlsplit(url).path)}"
    if wanted.namespace and route.ingress.namespace != wanted.namespace:
        return f"{url} must reach {wanted.service}: it {text} in Namespace {route.ingress.namespace}."
    if answer.canary and backend(world, answer.canary) != wanted.service:
        return f"{url} must reach {wanted.service}: it {text}."
    if answer.only:
        return f"{url} must reach {wanted.service} for every client: it is answered only {answer.only}."
    expected = wanted.path or urlsplit(url).path or "/"
    if answer.path != expected:
        return f"{url} must reach {wanted.service} as `{expected}`: the Service gets `{answer.path}`."
    protocol = route.settings.protocol
    if not _speaks(world, route, protocol):
        return (
            f"{url} must reach {wanted.service}: the controller speaks {protocol} to it, and it speaks HTTP."
        )
    return ""


def _by_letters(answer: Answer, path: str) -> str:
    """That a path type compares letters, if the path only begins like that of the route."""
    route = answer.route
    if route is None or answer.redirect or route.path_type != LETTERS or route.settings.regex:
        return ""
    begins = path.startswith(route.path) and not route.path.endswith("/")
    if not begins or path[len(route.path) :][:1] in ("", "/"):
        return ""
    return f" `pathType: {LETTERS}` compares letters, and `{path}` begins with `{route.path}`."


def decider(table: RouteTable, wanted: Wanted, answer: Answer) -> Location | None:
    """The place that decides: an annotation, a path or the TLS entry."""
    route = answer.route
    if route is None:
        return table.ingresses[0].where("spec", "rules") if table.ingresses else None
    if answer.canary:
        return answer.canary.settings.place("canary")
    place = _annotation(route.settings, wanted, answer)
    if place is not None:
        return place
    return route.ingress.where("spec", "tls") if wanted.is_redirected else route.location


def seen(url: str, answer: Answer) -> str:
    """What `curl` shows."""
    if answer.sent_to:
        return f"`curl -sI {url}` prints a redirect to {answer.sent_to}."
    if answer.redirect:
        return f"`curl -sI {url}` prints a redirect to https."
    if answer.route is None:
        return f"`curl -s {url}`: gets 404 from the controller."
    who = f"{answer.route.ingress.namespace}/{answer.route.backend}"
    if answer.only:
        return f"`curl -s {url}`: {who} answers only {answer.only}."
    asked = urlsplit(url).path or "/"
    as_what = f" for `{answer.path}`" if answer.path not in ("", asked) else ""
    return f"`curl -s {url}`: {who} answers{as_what}."


def backend(world: World, route: Route) -> str:
    """`api:8080`, with the number instead of a port's name."""
    for port in _ports(world, route):
        if port.get("name") == route.port:
            return f"{route.service}:{port.get('port')}"
    return route.backend


def _ports(world: World, route: Route) -> list[dict[str, object]]:
    services = world.find("Service", route.service, route.ingress.namespace)
    return [port for service in services for port in mappings(service.get("spec", "ports"))]


def _goes_to_https(answer: Answer, url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return answer.redirect or urlsplit(answer.sent_to)[:2] == ("https", host)


def _speaks(world: World, route: Route, protocol: str) -> bool:
    """Whether the Service's port takes the protocol, as its name or `appProtocol` says (HTTP: always)."""
    if protocol in ("", "HTTP"):
        return True
    for port in _ports(world, route):
        if route.port in (str(port.get("port")), port.get("name")):
            says = str(port.get("appProtocol") or port.get("name") or "").lower()
            if says.startswith(protocol.lower()):
                return True
            if says.partition("-")[0] == "http":
                return False
    place = route.settings.place("backend-protocol")
    raise NotJudged(f"whether {route.backend} speaks {protocol} ({NGINX}backend-protocol)", place)


def _annotation(settings: Settings, wanted: Wanted, answer: Answer) -> Location | None:
    host = urlsplit(wanted.url).hostname or ""
    if answer.sent_to:
        names = ["temporal-redirect", "permanent-redirect", "app-root", "from-to-www-redirect"]
    elif wanted.is_redirected:
        names = ["ssl-redirect"]
    elif wanted.is_refused:
        names = ["server-alias"] if host in settings.aliases else []
    elif answer.redirect:
        names = ["force-ssl-redirect", "ssl-redirect"]
    elif answer.only:
        names = ["allowlist-source-range", "whitelist-source-range", "denylist-source-range"]
        names += ["auth-type", "auth-url", "auth-tls-secret"]
    else:
        names = ["backend-protocol"] if answer.path == (urlsplit(wanted.url).path or "/") else []
        names += ["rewrite-target", "use-regex"]
    return settings.place(*names)
