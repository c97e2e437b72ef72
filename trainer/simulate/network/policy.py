"""NetworkPolicy objects, compiled: which Pods they select, and what their rules allow.

Follows https://kubernetes.io/docs/concepts/services-networking/network-policies/ and the types
and defaults of networking/v1 (v1.35):

- no `policyTypes` (or an empty list): Ingress, and Egress if there is an egress rule; rules of
  a direction that `policyTypes` doesn't list are ignored;
- a missing or empty `from` or `to` means every peer, a missing or empty `ports` every port, so
  that the rule `{}` allows everything;
- entries of `from` or `to` are ORed; `namespaceSelector` and `podSelector` inside one entry are
  ANDed; a `podSelector` alone means Pods of the policy's own namespace;
- a port without `protocol` is TCP, without `port` it is every port of its protocol; `endPort`
  makes a range; a name is looked up on the destination Pod, for that protocol;
- `ipBlock` is used alone and covers its `cidr` without the `except` blocks.

An entry that the API server would refuse (`{}` as a peer, an `ipBlock` beside a selector, a
`port` out of range, ...) allows nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

from trainer.manifests.model import Manifest
from trainer.manifests.values import items, mapping
from trainer.simulate.labels import EVERYTHING, Labels, Selector, label_selector
from trainer.simulate.network.addresses import Block, parse_block
from trainer.simulate.network.pods import ContainerPort
from trainer.simulate.network.ports import ALL, FIRST, LAST, NONE, PROTOCOLS, PortSet, port_set, ports_of
from trainer.verdict import Location

Direction = Literal["ingress", "egress"]


class PortEntry(msgspec.Struct, frozen=True):
    """One entry of `ports`: fixed ports, or the name of one."""

    index: int
    protocol: str
    fixed: PortSet
    name: str = ""

    def ports(self, declared: Sequence[ContainerPort]) -> PortSet:
        """The ports that the entry means on a Pod that declares these."""
        if not self.name:
            return self.fixed
        return port_set(
            (port.protocol, port.number, port.number)
            for port in declared
            if (port.name, port.protocol) == (self.name, self.protocol)
        )


class Peer(msgspec.Struct, frozen=True):
    """One entry of `from` or `to`. With `block`, the selectors are None.

    `namespaces` is None for the policy's own namespace only. An entry that selects nothing has
    None in all three.
    """

    index: int
    pods: Selector | None = None
    namespaces: Selector | None = None
    block: Block | None = None

    def selects(self, own: bool, namespace_labels: Labels, labels: Labels) -> bool:
        """Whether the selectors match a Pod; `own` says that it is in the policy's namespace."""
        if self.pods is None:
            return False
        if not (own if self.namespaces is None else self.namespaces.matches(namespace_labels)):
            return False
        return self.pods.matches(labels)


class Rule(msgspec.Struct, frozen=True, eq=False):
    """One ingress or egress rule. `peers` None means every peer, `entries` None every port."""

    direction: Direction
    index: int
    peers: tuple[Peer, ...] | None
    entries: tuple[PortEntry, ...] | None

    @property
    def everyone(self) -> bool:
        """Whether the rule has no `from` (or `to`), or an empty one."""
        return self.peers is None

    @property
    def named(self) -> bool:
        """Whether the rule's ports depend on the destination Pod."""
        return any(entry.name for entry in self.entries or ())

    def ports(self, declared: Sequence[ContainerPort]) -> PortSet:
        """The ports that the rule opens on a destination that declares these."""
        if self.entries is None:
            return ALL
        found = NONE
        for entry in self.entries:
            found |= entry.ports(declared)
        return found


class Policy(msgspec.Struct, frozen=True, eq=False):
    """A NetworkPolicy. `ingress` and `egress` are None if the policy doesn't apply to that direction."""

    manifest: Manifest
    namespace: str
    selector: Selector
    ingress: tuple[Rule, ...] | None
    egress: tuple[Rule, ...] | None

    @property
    def title(self) -> str:
        """The policy in a sentence: `NetworkPolicy shop/backend`."""
        return self.manifest.title

    def rules(self, direction: Direction) -> tuple[Rule, ...] | None:
        """The rules for a direction; None if the policy doesn't apply to it."""
        return self.ingress if direction == "ingress" else self.egress

    def where(self, rule: Rule | None = None, peer: int | None = None, port: int | None = None) -> Location:
        """The place of the policy (its `podSelector`), a rule, or an entry of the rule."""
        if rule is None:
            return self.manifest.where("spec", "podSelector")
        path: tuple[str | int, ...] = ("spec", rule.direction, rule.index)
        if peer is not None:
            path += ("from" if rule.direction == "ingress" else "to", peer)
        elif port is not None:
            path += ("ports", port)
        return self.manifest.where(*path)


def is_network_policy(manifest: Manifest) -> bool:
    """Whether the object is a NetworkPolicy of Kubernetes itself (Calico has its own kind)."""
    return manifest.kind == "NetworkPolicy" and manifest.group == "networking.k8s.io"


def policies_of(manifests: Iterable[Manifest]) -> list[Policy]:
    """The NetworkPolicies among these objects, compiled."""
    return [compile_policy(manifest) for manifest in manifests if is_network_policy(manifest)]


def compile_policy(manifest: Manifest) -> Policy:
    """Compile one NetworkPolicy. Never fails: an invalid entry allows nothing."""
    spec = manifest.get("spec", default={})
    if not isinstance(spec, dict):
        spec = {}
    types = items(spec.get("policyTypes"))
    if not types:
        types = ["Ingress", "Egress"] if items(spec.get("egress")) else ["Ingress"]
    return Policy(
        manifest,
        manifest.namespace,
        label_selector(spec.get("podSelector"), missing=EVERYTHING),
        _rules("ingress", spec) if "Ingress" in types else None,
        _rules("egress", spec) if "Egress" in types else None,
    )


def _rules(direction: Direction, spec: dict[str, Any]) -> tuple[Rule, ...]:
    far = "from" if direction == "ingress" else "to"
    found = []
    for index, item in enumerate(items(spec.get(direction))):
        rule = mapping(item)
        peers, ports = items(rule.get(far)), items(rule.get("ports"))
        found.append(
            Rule(
                direction,
                index,
                tuple(_peer(n, peer) for n, peer in enumerate(peers)) if peers else None,
                tuple(_entry(n, port) for n, port in enumerate(ports)) if ports else None,
            )
        )
    return tuple(found)


def _peer(index: int, value: Any) -> Peer:
    if not isinstance(value, dict):
        return Peer(index)
    pods, namespaces, block = (value.get(key) for key in ("podSelector", "namespaceSelector", "ipBlock"))
    if block is not None:
        alone = pods is None and namespaces is None
        return Peer(index, block=parse_block(block) if alone else None)
    if pods is None and namespaces is None:
        return Peer(index)
    return Peer(
        index,
        label_selector(pods, missing=EVERYTHING),
        None if namespaces is None else label_selector(namespaces),
    )


def _entry(index: int, value: Any) -> PortEntry:
    item = mapping(value)
    protocol, port, end = item.get("protocol"), item.get("port"), item.get("endPort")
    protocol = "TCP" if protocol is None else protocol
    nothing = PortEntry(index, str(protocol), NONE)
    if protocol not in PROTOCOLS or isinstance(port, bool) or isinstance(end, bool):
        return nothing
    if port is None:
        return PortEntry(index, protocol, ports_of(protocol)) if end is None else nothing
    if isinstance(port, str):
        return PortEntry(index, protocol, NONE, name=port) if port and end is None else nothing
    if not isinstance(port, int) or not FIRST <= port <= LAST:
        return nothing
    last = port if end is None else end
    if not isinstance(last, int) or not port <= last <= LAST:
        return nothing
    return PortEntry(index, protocol, ports_of(protocol, port, last))
