"""The audit log of card `audit-secret-readers`: reads of a Secret among everyday requests."""

from __future__ import annotations

from tools.material.audit import ACCOUNT, Request, everyday, log

_API = f"{ACCOUNT}payments:api"
_REPORTER = f"{ACCOUNT}web:reporter"
_OTHER = f"{ACCOUNT}web:default"


def files() -> dict[str, str]:
    """The material by name."""
    shop = ("payments", "payments-test", "shop", "web")
    requests = everyday("secret-readers", 760, 7200, shop, ("jane", "omar", "lena", "ivan", "mia"))
    requests += [*_reads(), *_refused(), *_alike()]
    return {"audit.log": log("secret-readers", requests)}


def _on(at: float, user: str, verb: str, ip: str, name: str = "db-credentials", code: int = 200) -> Request:
    return Request(at, user, verb, "secrets", "payments", name, ip, code, agent="client/2.4")


def _reads() -> list[Request]:
    """By name, by a list of the Namespace, by a list of all Namespaces, by a watch."""
    return [
        _on(1312, _API, "get", "10.244.2.17"),
        _on(4803, _API, "get", "10.244.2.17"),
        _on(2977, "omar", "get", "10.0.8.24"),
        _on(3541, _REPORTER, "list", "10.244.3.40", name=""),
        Request(5210, f"{ACCOUNT}backup:velero", "list", "secrets", ip="10.244.1.77", agent="velero/1.16"),
        _on(6120, f"{ACCOUNT}payments:sync", "watch", "10.244.2.90", name=""),
    ]


def _refused() -> list[Request]:
    """Of those who never got it, and of one who got it later with another request."""
    return [
        _on(611, "ivan", "get", "10.0.8.24", code=403),
        _on(640, "ivan", "list", "10.0.8.24", name="", code=403),
        _on(2950, "omar", "list", "10.0.8.24", name="", code=403),
        _on(3544, _OTHER, "get", "10.244.3.41", code=403),
        Request(3560, _OTHER, "list", "secrets", ip="10.244.3.41", code=403, agent="curl/8.9"),
    ]


def _alike() -> list[Request]:
    """The same name elsewhere, another name here, another resource, requests that don't read."""
    twin = "payments-test"
    return [
        Request(2101, "mia", "get", "secrets", twin, "db-credentials", "10.0.8.23"),
        Request(2120, f"{ACCOUNT}{twin}:api", "get", "secrets", twin, "db-credentials", "10.244.2.18"),
        Request(2800, "lena", "list", "secrets", twin, ip="10.0.8.24"),
        _on(2990, "lena", "get", "10.0.8.24", name="db-credentials-old", code=404),
        _on(4100, "jane", "get", "10.0.8.24", name="registry"),
        Request(4200, "jane", "get", "configmaps", "payments", "db-credentials", "10.0.8.24"),
        _on(5900, f"{ACCOUNT}payments:rotator", "patch", "10.244.2.55"),
        Request(1000, f"{ACCOUNT}shop:api", "get", "secrets", "shop", "db-credentials", "10.244.2.60"),
    ]
