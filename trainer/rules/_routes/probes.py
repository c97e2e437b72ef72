"""URLs by pattern: which requests does `https://shop.example/api/**` mean, and which to try.

A pattern's scheme and host may be `*`, and its path may end in `/**`: the path itself and all below it.
"Every path" is judged by those at which the routes of the answer can differ: each path that a route or the
check names, with and without a slash, one below it, and one that only begins with the same text; of a
regular expression, texts that it matches. "Every host" means those that Ingresses name (one more label for
a wildcard), a label more or less, aliases, an address, and a host that nobody names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from trainer.errors import NotJudged, UsageError
from trainer.simulate.cel.examples import examples
from trainer.simulate.network.routes import RouteTable

ANY, BELOW = "*", "/**"
NEW = "new"
"""A path element, and a label of a host, that nobody names."""
MOST = 1000
"""How many URLs of one pattern are tried."""
_STRANGERS = ("new.example", "203.0.113.7")


class UrlPattern(msgspec.Struct, frozen=True):
    """One URL, or all with this scheme and host (`*` is any) and this path; `below` adds all below it."""

    scheme: str
    host: str
    path: str
    below: bool

    @property
    def is_one(self) -> bool:
        """Whether it means a single URL."""
        return ANY not in (self.scheme, self.host) and not self.below

    def means(self, url: str) -> bool:
        """Whether it means this URL."""
        scheme, _, rest = url.partition("://")
        host, _, path = rest.partition("/")
        if self.scheme not in (ANY, scheme) or self.host not in (ANY, host.partition(":")[0].lower()):
            return False
        path = f"/{path.partition('?')[0]}"
        return path == (self.path or "/") or (self.below and path.startswith(f"{self.path}/"))


def parse_pattern(text: str) -> UrlPattern:
    """Read `https://shop.example/api`, `*://*/**` and so on. Raises `UsageError`."""
    scheme, separator, rest = text.partition("://")
    host, slash, path = rest.partition("/")
    path = slash + path
    below = path.endswith(BELOW)
    path = path.removesuffix(BELOW) if below else path or "/"
    if not separator or scheme not in ("http", "https", ANY) or not host or ANY in path:
        raise UsageError(f"{text!r} is not a URL", remedy="write https://host/path or https://host/path/**")
    if ANY in host and host != ANY:
        raise UsageError(f"{text!r} is not a URL", remedy="write a whole host, or * for every host")
    return UrlPattern(scheme, host.lower(), path, below)


def urls_of(pattern: UrlPattern, others: Iterable[UrlPattern], tables: Iterable[RouteTable]) -> Iterator[str]:
    """The URLs to try for a pattern: as the check's other patterns and the routes of the answer can tell
    URLs apart. Raises `NotJudged` for more than `MOST`."""
    known, routes = [pattern, *others], [*tables]
    hosts = [pattern.host] if pattern.host != ANY else _hosts(known, routes)
    paths = [pattern.path or "/"]
    if pattern.below:
        paths = _paths(known, routes)
    if len(hosts) * len(paths) > MOST:
        raise NotJudged(
            f"Ingresses with {len(paths)} paths and {len(hosts)} hosts to try (at most {MOST} URLs)"
        )
    for scheme in ("https", "http") if pattern.scheme == ANY else (pattern.scheme,):
        for host in hosts:
            for path in paths:
                url = f"{scheme}://{host}{path}"
                if pattern.means(url):
                    yield url


def _hosts(patterns: Iterable[UrlPattern], tables: Iterable[RouteTable]) -> list[str]:
    named = [host for table in tables for host in table.hosts if host]
    named += [pattern.host for pattern in patterns if pattern.host != ANY]
    found = dict.fromkeys(f"{NEW}{host[1:]}" if host.startswith("*.") else host for host in named)
    for host in list(found):
        found[f"{NEW}.{host}"] = None
        _, dot, parent = host.partition(".")
        if dot:
            found[parent] = None
    return list(found | dict.fromkeys(_STRANGERS))


def _paths(patterns: Iterable[UrlPattern], tables: Iterable[RouteTable]) -> list[str]:
    found = dict.fromkeys(["/", f"/{NEW}"])
    named = [pattern.path for pattern in patterns]
    for table in tables:
        for route in table.routes:
            named.append(route.path)
            if route.path_type == "ImplementationSpecific":
                named += examples(route.path)
    for path in named:
        plain = path.rstrip("/")
        if plain.startswith("/") and not set(plain) & {"?", "#"}:
            found |= dict.fromkeys([plain, f"{plain}/", f"{plain}/{NEW}", f"{plain}{NEW}"])
    return list(found)
