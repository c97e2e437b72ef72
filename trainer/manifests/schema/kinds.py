"""Which kinds an API server knows, where they live, and what was meant by one that it doesn't.

Follows kubectl's mapping of `apiVersion` and `kind` to a resource of the discovery (Kubernetes
v1.35): both are case-sensitive, alpha and beta versions are not served by default (KEP 3136), a
custom resource needs its CustomResourceDefinition first.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

import msgspec

from trainer.manifests.model import Manifest
from trainer.manifests.schema.data import Schema, extra_kind, schema_for
from trainer.safe_text import one_line
from trainer.verdict import Problem
from trainer.versions import Version

REMOVED = {
    "PodSecurityPolicy": "was removed in Kubernetes 1.25; Pod Security admission took its place:"
    " label the Namespace with `pod-security.kubernetes.io/enforce`",
    "PodPreset": "was removed in Kubernetes 1.20",
    "ExternalAdmissionHookConfiguration": "was removed in Kubernetes 1.9",
    "ThirdPartyResource": "was removed in Kubernetes 1.8; use a CustomResourceDefinition",
}
"""Kinds that no version serves any more:
https://kubernetes.io/docs/reference/using-api/deprecation-guide/"""

LONGEST = 600
"""How many characters of a message are kept: names and values in it are the answer's."""

CLOSE_KIND = 0.85
"""How alike (0 to 1) a misspelled kind must be to one that is served; a stranger's kind is not."""

PREFERRED = {"Event": "v1", "HorizontalPodAutoscaler": "autoscaling/v2"}
"""The version to recommend where a kind is served by several."""


def scope_of(
    group: str, version: str, kind: str, kubernetes: Version
) -> Literal["Namespaced", "Cluster"] | None:
    """Whether a kind lives in a namespace; None for unknown kinds and for configuration files."""
    api_version = f"{group}/{version}" if group else version
    scope = _scope(api_version, kind, kubernetes)
    return "Namespaced" if scope == "Namespaced" else "Cluster" if scope == "Cluster" else None


class Served(msgspec.Struct, frozen=True):
    """How an API server serves a kind: in which version, and whether its objects live in namespaces."""

    api_version: str
    namespaced: bool


@lru_cache(maxsize=1024)
def served(kind: str, kubernetes: Version, group: str | None = None) -> Served | None:
    """How an API server serves a kind that only its name tells, in the recommended version.

    `group` is the API group, where two have the kind. Kinds of Kubernetes itself come first, then the
    configuration files of components, then custom resources: `Policy` is the audit policy, unless
    `group` is kyverno.io. None for configuration files, and for kinds that nothing here knows.
    """
    for kinds in _by_precedence(kubernetes):
        found = [
            version for version in _served_in(kinds, kind) if group in (None, version.rpartition("/")[0])
        ]
        if found:
            scopes = {kinds[f"{version} {kind}"][1] for version in found}
            return None if "File" in scopes else Served(found[0], "Namespaced" in scopes)
    return None


def _by_precedence(kubernetes: Version) -> Iterator[dict[str, list[str]]]:
    yield schema_for(kubernetes).kinds
    from trainer.manifests.schema.extra import KINDS  # most kinds never need it

    yield KINDS


def is_config(api_version: str, kind: str) -> bool:
    """Whether this is a component's configuration file (an audit Policy, a kubeconfig): no API object."""
    entry = extra_kind(api_version, kind)
    return entry is not None and entry[1] == "File"


def is_lenient(api_version: str, kind: str) -> bool:
    """Whether the component that reads this file ignores fields that it doesn't know."""
    entry = extra_kind(api_version, kind)
    return entry is not None and "lenient" in entry[2:]


def is_custom(api_version: str, kind: str) -> bool:
    """Whether this is a custom resource that cards use: a bare API server doesn't know it."""
    entry = extra_kind(api_version, kind)
    return entry is not None and entry[1] != "File"


def check_kind(manifest: Manifest, schema: Schema) -> Problem | None:
    """Why kubectl finds no resource for this `apiVersion` and `kind`; None where it finds one."""
    api_version, kind = manifest.api_version, manifest.kind
    entry = schema.kinds.get(f"{api_version} {kind}")
    if entry and entry[0]:
        return None
    for key, value in (("kind", kind), ("apiVersion", api_version)):
        if not value:
            return _missing(manifest, schema, key)
    if extra_kind(api_version, kind) is not None:
        return None
    key, message = _unknown(schema, api_version, kind, unserved=entry is not None)
    return Problem(one_line(message, LONGEST), location=manifest.where(key))


def _missing(manifest: Manifest, schema: Schema, key: str) -> Problem:
    written = manifest.data.get(key)
    absent = written is None or written == ""
    message = f"the object has no `{key}`" if absent else f"`{key}` must be text"
    versions = _versions(schema, manifest.kind) if key == "apiVersion" else []
    hint = f": write `apiVersion: {versions[0]}`" if versions else ""
    return Problem(message + hint, location=manifest.where(key))


def _unknown(schema: Schema, api_version: str, kind: str, *, unserved: bool) -> tuple[str, str]:
    """The key at fault, and the message."""
    here = f"no matches for kind `{kind}` in version `{api_version}`"
    versions = _versions(schema, kind)
    if versions:
        old = " (not served by default)" if unserved else ""
        return "apiVersion", f"{here}{old}: {kind} is in `{versions[0]}`, write `apiVersion: {versions[0]}`"
    if unserved:
        return "apiVersion", f"{here}: the API server serves no alpha or beta versions by default"
    if kind in REMOVED:
        return "kind", f"{here}: {kind} {REMOVED[kind]}"
    meant = _meant(schema, kind)
    if meant is not None:
        other = _versions(schema, meant)
        version = "" if api_version in other else f" and `apiVersion: {other[0]}`"
        return "kind", f"{here}: write `kind: {meant}`{version}"
    if kind.endswith("List"):
        return "kind", f"{here}: write the objects as documents of their own, or as a `kind: List` of `v1`"
    return "apiVersion", (
        f"{here}: Kubernetes {schema.kubernetes} has no such kind; a custom resource needs its"
        " CustomResourceDefinition in the cluster first"
    )


def _versions(schema: Schema, kind: str) -> list[str]:
    """The versions in which a kind can be created, the recommended one first."""
    return _served_in(_all_kinds(schema), kind)


def _served_in(kinds: dict[str, list[str]], kind: str) -> list[str]:
    keys = (key.split(" ") for key, entry in kinds.items() if entry[0])
    found = [version for version, name in keys if name == kind]
    return sorted(found, key=lambda version: (version != PREFERRED.get(kind), version))


def _meant(schema: Schema, kind: str) -> str | None:
    from trainer.manifests.schema.suggest import similar

    names = {key.split(" ")[1] for key, entry in _all_kinds(schema).items() if entry[0]}
    return similar(kind, names, cutoff=CLOSE_KIND)


def _all_kinds(schema: Schema) -> dict[str, list[str]]:
    from trainer.manifests.schema.extra import KINDS

    return schema.kinds | KINDS


def _scope(api_version: str, kind: str, kubernetes: Version) -> str:
    entry = schema_for(kubernetes).kinds.get(f"{api_version} {kind}") or extra_kind(api_version, kind)
    return entry[1] if entry else ""
