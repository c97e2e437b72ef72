"""What does Cilium encrypt between nodes, with these Helm values or this ConfigMap?

Follows install/kubernetes/cilium (values.yaml, values.schema.json, templates/cilium-configmap.yaml),
Documentation/security/network/encryption-wireguard.rst and pkg/wireguard of cilium/cilium (v1.20):

- `encryption.enabled` switches encryption on, `encryption.type` says which: `ipsec` by default, or
  `wireguard`. Any other text encrypts nothing. `encryption.nodeEncryption` becomes `encrypt-node`;
- the chart refuses a value of a wrong type (`enabled: "true"`) and ignores keys that it doesn't know;
  `extraConfig` adds entries to the ConfigMap;
- the agent reads texts as Go reads truth values, and doesn't start with another text, or with both
  WireGuard and IPsec. `encrypt-node` has an effect with WireGuard only.

Not judged: `type: ztunnel`. Strict mode and the nodes that opt out of node encryption (those of the control
plane, by default) are left aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Document, Path
from trainer.manifests.values import mapping

WIREGUARD, IPSEC, NODES = "enable-wireguard", "enable-ipsec", "encrypt-node"
TYPES = {"wireguard": WIREGUARD, "ipsec": IPSEC}
DEFAULT_TYPE = "ipsec"
_TRUE = frozenset(("1", "t", "T", "true", "TRUE", "True"))
_FALSE = frozenset(("0", "f", "F", "false", "FALSE", "False", ""))
_TYPED = {
    ("encryption", "enabled"): bool,
    ("encryption", "nodeEncryption"): bool,
    ("encryption", "type"): str,
}
_WORDS = {bool: "true or false, without quotes", str: "text"}


class Entry(msgspec.Struct, frozen=True):
    """One entry of the ConfigMap, and where the value that makes it is."""

    value: str
    path: Path


class Fault(msgspec.Struct, frozen=True):
    """Why nothing is installed, or why no agent starts: a sentence without a period, and the place."""

    message: str
    path: Path


class Encryption(msgspec.Struct, frozen=True):
    """What is encrypted: the type (empty: nothing), and whether traffic of nodes is."""

    kind: str
    nodes: bool
    entries: Mapping[str, Entry]
    fault: Fault | None = None


def from_values(document: Document) -> Encryption:
    """What Cilium encrypts with these Helm values. Raises `NotJudged`."""
    values = mapping(document.value)
    for path, kind in _TYPED.items():
        value = _at(values, path)
        if value is not None and not isinstance(value, kind):
            message = f"Helm refuses `{'.'.join(path)}`: it must be {_WORDS[kind]}"
            return Encryption("", False, {}, Fault(message, path))
    entries: dict[str, Entry] = {}
    if _at(values, ("encryption", "enabled")) is True:
        kind_path = ("encryption", "type")
        written = _at(values, kind_path)
        name = DEFAULT_TYPE if written is None else str(written)
        if name == "ztunnel":
            raise NotJudged("`encryption.type: ztunnel`", document.where(kind_path))
        if name in TYPES:
            entries[TYPES[name]] = Entry("true", kind_path)
        if _at(values, ("encryption", "nodeEncryption")) is True:
            entries[NODES] = Entry("true", ("encryption", "nodeEncryption"))
    for key, value in mapping(values.get("extraConfig")).items():
        entries[str(key)] = Entry(_text(value), ("extraConfig", key))
    return _running(entries)


def from_config(data: Mapping[str, Any]) -> Encryption:
    """What Cilium encrypts with the data of its ConfigMap."""
    return _running({str(key): Entry(_text(value), ("data", key)) for key, value in data.items()})


def _running(entries: dict[str, Entry]) -> Encryption:
    for key in (WIREGUARD, IPSEC, NODES):
        entry = entries.get(key)
        if entry is not None and entry.value not in _TRUE | _FALSE:
            message = f"the agents don't start: `{key}` is {entry.value}, which is neither true nor false"
            return Encryption("", False, entries, Fault(message, entry.path))
    on = {key for key in (WIREGUARD, IPSEC, NODES) if key in entries and entries[key].value in _TRUE}
    if {WIREGUARD, IPSEC} <= on:
        message = "the agents don't start: WireGuard and IPsec exclude each other"
        return Encryption("", False, entries, Fault(message, entries[IPSEC].path))
    kind = next((name for name, key in TYPES.items() if key in on), "")
    return Encryption(kind, NODES in on and kind == "wireguard", entries)


def _at(values: Any, path: Path) -> Any:
    for step in path:
        values = mapping(values).get(str(step))
    return values


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
