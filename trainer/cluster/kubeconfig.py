"""Kubeconfig files, read without contacting anything: which contexts exist, and where each leads.

Follows kubectl's loading rules (v1.35,
https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/): `KUBECONFIG`
lists files: missing ones are skipped, and the first to name something wins; without it
`~/.kube/config`. The current context is only shown, never used.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from trainer.config import home
from trainer.errors import ClusterError, TrainerError, UsageError
from trainer.files import FileFault, read_file
from trainer.manifests.reading.parse import parse
from trainer.verdict import Severity

_LISTS = ("contexts", "clusters", "users")
_FILES = {
    "clusters": ("certificate-authority",),
    "users": ("client-certificate", "client-key", "tokenFile"),
}
"""Fields with a file's name, relative to the kubeconfig that contains them."""
_INNER = {"contexts": "context", "clusters": "cluster", "users": "user"}


class Context(msgspec.Struct, frozen=True):
    """One context: a name for a cluster and the credentials to use there."""

    name: str
    cluster: str
    user: str
    namespace: str
    server: str
    """The API server's address; empty if the file doesn't say it."""
    plugin: str = ""
    """The program that would run for credentials, in words; may be empty."""
    current: bool = False
    """Whether kubectl uses it by default. The trainer doesn't."""


class Kubeconfig(msgspec.Struct, frozen=True, eq=False):
    """All kubeconfig files, merged. `data` is in the form of one file, with absolute file names."""

    files: tuple[str, ...]
    data: dict[str, Any]

    @property
    def contexts(self) -> tuple[Context, ...]:
        """The contexts in the files' order."""
        return tuple(self._context(entry) for entry in self.data["contexts"])

    def context(self, name: str) -> Context:
        """A context by its name. Raises `UsageError` with the likely name."""
        for one in self.contexts:
            if one.name == name:
                return one
        import difflib

        known = [one.name for one in self.contexts]
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
        remedy = f"did you mean {near[0]}?" if near else f"contexts: {', '.join(known) or 'none'}"
        raise UsageError(f"your kubeconfig has no context {name!r}", remedy=remedy)

    def of(self, what: str, name: str) -> dict[str, Any]:
        """The cluster or user of that name (`clusters`, `users`); empty if it doesn't exist."""
        for entry in self.data[what]:
            if entry["name"] == name:
                return dict(entry[_INNER[what]])
        return {}

    def _context(self, entry: dict[str, Any]) -> Context:
        inner = entry["context"]
        cluster, user = str(inner.get("cluster") or ""), str(inner.get("user") or "")
        return Context(
            entry["name"],
            cluster,
            user,
            str(inner.get("namespace") or "default"),
            str(self.of("clusters", cluster).get("server") or ""),
            _plugin(self.of("users", user)),
            entry["name"] == self.data.get("current-context"),
        )


def kubeconfig_files(environ: Mapping[str, str] | None = None) -> list[Path]:
    """The files that kubectl would read, existing or not."""
    environ = os.environ if environ is None else environ
    named = [part for part in environ.get("KUBECONFIG", "").split(os.pathsep) if part]
    return [_expanded(part) for part in named] or [home() / ".kube" / "config"]


def _expanded(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)  # of no user: then it is missing


def read_kubeconfig(environ: Mapping[str, str] | None = None) -> Kubeconfig:
    """Read and merge the kubeconfig files. Raises `ClusterError` if none exists, or one is broken."""
    paths = kubeconfig_files(environ)
    found = [path for path in paths if path.exists()]
    if not found:
        raise ClusterError(
            f"kubeconfig not found: {', '.join(map(str, paths))}",
            remedy="set KUBECONFIG, or create a cluster: see docs/cluster.md",
        )
    merged: dict[str, Any] = {"apiVersion": "v1", "kind": "Config", **{key: [] for key in _LISTS}}
    for path in found:
        content = _read(path)
        merged.setdefault("current-context", content.get("current-context") or "")
        merged["current-context"] = merged["current-context"] or content.get("current-context") or ""
        for key in _LISTS:
            names = {entry["name"] for entry in merged[key]}
            merged[key] += [entry for entry in _entries(path, content, key) if entry["name"] not in names]
    return Kubeconfig(tuple(map(str, found)), merged)


def _read(path: Path) -> dict[str, Any]:
    try:
        parsed = parse(read_file(path), str(path))
    except FileFault as fault:
        raise ClusterError(f"the kubeconfig {fault.message}", remedy=fault.remedy) from None
    except TrainerError as error:
        raise ClusterError(f"cannot read the kubeconfig {path}: {error}") from None
    broken = [problem for problem in parsed.problems if problem.severity is Severity.ERROR]
    if broken:
        raise ClusterError(
            f"the kubeconfig is broken: {broken[0].location or path}: {broken[0].message}",
            remedy="fix the file",
        )
    value = parsed.documents[0].value if len(parsed.documents) == 1 else None
    if not parsed.documents:
        return {}
    if not isinstance(value, dict):
        raise ClusterError(f"{path} is not a kubeconfig: it must be one mapping", remedy="fix the file")
    return value


def _entries(path: Path, content: dict[str, Any], key: str) -> list[dict[str, Any]]:
    entries = content.get(key) or []
    inner = _INNER[key]
    if not isinstance(entries, list):
        raise ClusterError(f"the kubeconfig {path} is broken: {key} is not a list", remedy="fix the file")
    found = []
    for index, entry in enumerate(entries):
        body = entry.get(inner) if isinstance(entry, dict) else None
        if body is None and isinstance(entry, dict):
            body = {}
        if not isinstance(body, dict) or not isinstance(entry.get("name"), str):
            raise ClusterError(
                f"the kubeconfig {path} is broken: {key}[{index}] lacks a name or its {inner}",
                remedy="fix the file",
            )
        changed = dict(body)
        for field in _FILES.get(key, ()):
            if changed.get(field):
                changed[field] = str(path.parent.absolute() / str(changed[field]))
        found.append({"name": entry["name"], inner: changed})
    return found


def _plugin(user: dict[str, Any]) -> str:
    command = user.get("exec")
    if isinstance(command, dict):
        return str(command.get("command") or "an exec plugin")
    provider = user.get("auth-provider")
    if isinstance(provider, dict):
        return f"auth-provider {provider.get('name') or ''}".strip()
    return ""
