"""Requests to try: the methods and paths that policies and a check name, and some that nobody names.

Of a list of values, an AuthorizationPolicy only sees which of them match. So each value is tried itself,
with more before and after it, and one that nobody names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

import msgspec

from trainer.manifests.values import indexed, mapping, text, texts
from trainer.simulate.mesh.authorization import HEADERS, AccessPolicy, Request, header_of
from trainer.simulate.mesh.calls import Call
from trainer.simulate.network.addresses import Span, parse_address, parse_cidr

METHODS = ("GET", "POST", "DELETE")
NEW_METHOD, NEW = "REPORT", "new"
MOST_HEADERS = 10
MOST_VALUES = 60
"""How many headers, paths and methods are tried."""


class Probes(msgspec.Struct, frozen=True):
    """What is tried of everything: methods, paths, whether hosts differ, and ports."""

    methods: tuple[str, ...]
    paths: tuple[str, ...]
    hosts: bool
    ports: tuple[int, ...]
    headers: tuple[tuple[str, str] | None, ...] = (None,)
    """Headers that conditions name, each with a value; None for a request without them."""

    def requests(self, request: Request, call: Call) -> Iterator[Request]:
        """The request with every method, path and host, and with each header."""
        hosts = tuple(hosts_of(call)) if self.hosts else (request.host,)
        for header, host, path, method in product(self.headers, hosts, self.paths, self.methods):
            yield msgspec.structs.replace(request, method=method, path=path, host=host, header=header)


def probes(policies: Iterable[AccessPolicy], methods: Iterable[str], paths: Iterable[str]) -> Probes:
    """What to try for these policies, and the values that a check names."""
    named_methods, named_paths, hosts = dict.fromkeys(methods), dict.fromkeys(paths), False
    ports: dict[int, None] = {}
    headers: dict[tuple[str, str] | None, None] = {None: None}
    for policy in policies:
        for _, rule in policy.rules:
            for _, entry in indexed(rule.get("to")):
                operation = mapping(entry.get("operation"))
                for prefix in ("", "not"):
                    named_methods |= dict.fromkeys(texts(operation.get(_field(prefix, "methods"))))
                    named_paths |= dict.fromkeys(texts(operation.get(_field(prefix, "paths"))))
                    hosts = hosts or bool(operation.get(_field(prefix, "hosts")))
                    ports |= _ports(operation.get(_field(prefix, "ports")))
            for _, condition in indexed(rule.get("when")):
                key = text(condition.get("key"))
                values = texts(condition.get("values")) + texts(condition.get("notValues"))
                if key == "destination.port":
                    ports |= _ports(values)
                elif key.startswith(HEADERS):
                    headers |= dict.fromkeys((header_of(key), value.replace("*", NEW)) for value in values)
    tried = dict.fromkeys((*METHODS, NEW_METHOD))
    for value in named_methods:
        tried |= dict.fromkeys(one for one in _near(value, "") if one != one.lower())
    found = dict.fromkeys(("/", f"/{NEW}"))
    for value in named_paths:
        found |= dict.fromkeys(one for one in _paths(value) if one.startswith("/"))
    return Probes(
        tuple(tried)[:MOST_VALUES],
        tuple(found)[:MOST_VALUES],
        hosts,
        tuple(ports),
        tuple(headers)[:MOST_HEADERS],
    )


def hosts_of(call: Call) -> Iterator[str]:
    """How a client may write the host of a call."""
    if call.service is None:
        yield f"{call.target.addresses[0]}:{call.port}"
        return
    name, namespace = call.service.name, call.service.namespace
    for host in (name, f"{name}.{namespace}", f"{name}.{namespace}.svc.cluster.local"):
        yield from (host, f"{host}:{call.service_port}")


def spans_of(policies: Iterable[AccessPolicy]) -> list[Span]:
    """The ranges of clients' addresses that policies name."""
    found = []
    for policy in policies:
        for _, rule in policy.rules:
            values = [
                value
                for _, entry in indexed(rule.get("from"))
                for field, listed in mapping(entry.get("source")).items()
                if field.lower().endswith("ipblocks")
                for value in texts(listed)
            ]
            for _, condition in indexed(rule.get("when")):
                if text(condition.get("key")) in ("source.ip", "remote.ip"):
                    values += texts(condition.get("values")) + texts(condition.get("notValues"))
            found += [span for value in values if (span := _span(value))]
    return found


def _span(value: str) -> Span | None:
    if "/" in value:
        return parse_cidr(value)
    address = parse_address(value)
    return Span(address.family, address.number, address.number) if address else None


def accounts_of(policies: Iterable[AccessPolicy]) -> Iterator[tuple[str, str]]:
    """The ServiceAccounts (namespace, name) that policies name; the namespace is empty if none is named."""
    for policy in policies:
        home = policy.manifest.namespace
        for _, rule in policy.rules:
            sources = [mapping(entry.get("source")) for _, entry in indexed(rule.get("from"))]
            for source in sources:
                for prefix in ("", "not"):
                    yield from map(_principal, texts(source.get(_field(prefix, "principals"))))
                    for value in texts(source.get(_field(prefix, "serviceAccounts"))):
                        namespace, _, name = value.rpartition("/")
                        yield namespace or home, name
                    yield from ((value, NEW) for value in texts(source.get(_field(prefix, "namespaces"))))
            for _, condition in indexed(rule.get("when")):
                values = texts(condition.get("values")) + texts(condition.get("notValues"))
                if text(condition.get("key")) == "source.principal":
                    yield from map(_principal, values)


def _principal(value: str) -> tuple[str, str]:
    """The namespace and the name in a principal, with something else for a wildcard."""
    _, _, rest = value.partition("ns/")
    namespace, _, name = rest.partition("/sa/")
    return namespace.replace("*", NEW), (name or value.rpartition("/")[2]).replace("*", NEW) or NEW


def _field(prefix: str, name: str) -> str:
    return f"{prefix}{name[0].upper()}{name[1:]}" if prefix else name


def _ports(values: object) -> dict[int, None]:
    return {int(value): None for value in texts(values) if value.isdecimal()}


def _paths(value: str) -> Iterator[str]:
    if "{" in value:
        one = value.replace("{**}", NEW).replace("{*}", NEW)
        more = value.replace("{**}", f"{NEW}/{NEW}").replace("{*}", NEW)
        yield from (one, more, value.replace("{**}", "").replace("{*}", ""), f"{one}/{NEW}", f"{one}/")
        return
    yield from _near(value, "/")
    if value.endswith("*"):
        yield value.removesuffix("*").rstrip("/") or "/"
        yield f"{value.removesuffix('*').rstrip('/')}{NEW}"


def _near(value: str, separator: str) -> Iterator[str]:
    """A value, and what begins or ends with it."""
    bare = value.strip("*")
    if "*" not in value:
        yield value
    yield from (f"{bare}{NEW if separator else NEW.upper()}", bare)
    if separator:
        yield from (
            f"{bare.rstrip('/')}/",
            f"{bare.rstrip('/')}/{NEW}",
            f"/{NEW}{bare}",
            f"/{NEW}/{bare.lstrip('/')}",
        )
    elif value.startswith("*"):
        yield f"{NEW.upper()}{bare}"
