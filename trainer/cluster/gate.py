"""The gate that every call to a cluster passes: what may leave the program, and what was sent.

The verb of a call is taken from the request itself, never from the caller. Reading,
server-side dry-run and access reviews pass; `exec`, and the writes of prepare and reset, pass only with
their own confirmation; everything else (watch, replacement, attach, proxy, port-forward, eviction,
deletion of collections, impersonation) never does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from trainer.errors import ClusterError

Verb = Literal["discovery", "get", "list", "log", "dry-run", "review", "exec", "create", "update", "delete"]
Query = Sequence[tuple[str, str]]

_CHANGES: dict[str, Verb] = {"POST": "create", "PATCH": "update", "DELETE": "delete"}
_WRITES: frozenset[Verb] = frozenset(("create", "update", "delete"))

_REVIEWS = frozenset(("selfsubjectaccessreviews", "subjectaccessreviews", "selfsubjectrulesreviews"))
_PLAIN_SUBRESOURCES = frozenset(("status", "scale"))
_ROOTS = frozenset(("version", "readyz", "livez", "healthz"))


class Consent(msgspec.Struct, frozen=True):
    """What the person at the keyboard has allowed, besides reading."""

    exec: bool = False
    """Commands may be run in containers of the card."""
    write: bool = False
    """Objects of the card may be created, updated and deleted: prepare and reset."""
    plugins: bool = False
    """Credential programs that the kubeconfig names may be run."""
    typed: str = ""
    """The context's name, typed to confirm one that looks like production."""


class Call(msgspec.Struct, frozen=True):
    """One call that passed the gate. `query` is the text behind the `?`."""

    verb: str
    method: str
    path: str
    query: str = ""


class NotConfirmed(ClusterError):
    """A call that lacks its confirmation, or that the program never makes."""


class Gate:
    """The gate of one context. `log` holds every call that passed, in order."""

    def __init__(self, context: str, consent: Consent) -> None:
        if not context:
            raise NotConfirmed("no context is named", remedy="name one: --context NAME")
        self.context = context
        self.consent = consent
        self.log: list[Call] = []

    def admit(self, method: str, path: str, query: Query = ()) -> Verb:
        """Let a call pass, or raise `NotConfirmed`. Returns its verb."""
        verb = verb_of(method, path, query)
        if verb is None:
            raise NotConfirmed(f"cks-trainer never makes this call: {method} {path}")
        if verb == "exec" and not self.consent.exec:
            raise NotConfirmed("running commands in containers is not confirmed", remedy="--allow-exec")
        if verb in _WRITES and not self.consent.write:
            raise NotConfirmed("changing the cluster is not confirmed", remedy="--yes")
        self.log.append(Call(verb, method, path, "&".join(f"{key}={value}" for key, value in query)))
        return verb


def verb_of(method: str, path: str, query: Query = ()) -> Verb | None:  # noqa: PLR0911 - one line a case
    """What a request would do; None for what the program never does.

    >>> verb_of("POST", "/api/v1/namespaces/sun/pods", [("dryRun", "All")])
    'dry-run'
    """
    parts = path.split("/")[1:]
    if not path.startswith("/") or any(part in ("", ".", "..") or "%2f" in part.lower() for part in parts):
        return None
    if parts[0] in _ROOTS:
        return "discovery" if method == "GET" and len(parts) == 1 else None
    depth = {"api": 2, "apis": 3}.get(parts[0])
    if depth is None:
        return None
    group = parts[1] if parts[0] == "apis" and len(parts) > 1 else ""
    rest = parts[depth:]
    if not rest:
        return "discovery" if method == "GET" else None
    if rest[0] == "namespaces" and len(rest) > 2 and rest[2] not in ("status", "finalize"):
        rest = rest[2:]
    resource, name, sub = (*rest[:3], "", "", "")[:3]
    if len(rest) > 3:
        return None
    if group == "authorization.k8s.io":
        return "review" if method == "POST" and resource in _REVIEWS and not name else None
    keys = {key for key, _ in query}
    dry = [value for key, value in query if key == "dryRun"] == ["All"]
    if sub == "exec":
        return "exec" if method in ("GET", "POST") and resource == "pods" else None
    if method == "GET":
        return _read(name, sub, keys)
    if sub or (method == "POST") == bool(name):
        return None
    if dry and method in ("POST", "PATCH", "DELETE"):
        return "dry-run"
    if "dryRun" in keys:
        return None
    return _CHANGES.get(method)


def _read(name: str, sub: str, keys: set[str]) -> Verb | None:
    if keys & {"watch", "follow"}:
        return None
    if not sub:
        return "get" if name else "list"
    if sub == "log":
        return "log"
    return "get" if sub in _PLAIN_SUBRESOURCES else None
