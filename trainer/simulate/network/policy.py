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

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import items, mapping
from trainer.simulate.labels import EVERYTHING, Labels, Selector, label_selector
from trainer.simulate.network.addresses import Block, parse_block
from trainer.simulate.network.pods import ContainerPort
from trainer.simulate.network.ports import ALL, FIRST, LAST, NONE, PROTOCOLS, PortSet, port_set, ports_of
from trainer.verdict import Location

Direction = Literal["ingress", "egress"]
ANY_PROTOCOL = "ANY"


class PortEntry(msgspec.Struct, frozen=True):
    """One entry of `ports`: fixed ports, or the name of one. `protocol` may be ANY in a policy of Cilium."""

    index: int
    protocol: str
    fixed: PortSet
    name: str = ""
    path: Path = ()
    """The way to it in its rule, if that isn't `ports` and the index."""

    def ports(self, declared: Sequence[ContainerPort]) -> PortSet:
        """The ports that the entry means on a Pod that declares these."""
        if not self.name:
            return self.fixed
        return port_set(
            (port.protocol, port.number, port.number)
            for port in declared
            if port.name == self.name and self.protocol in (port.protocol, ANY_PROTOCOL)
        )


class Peer(msgspec.Struct, frozen=True):
    """One entry of `from` or `to`. With `block`, the selectors are None.

    `namespaces` is None for the policy's own namespace only. An entry that selects nothing has
    None in all three, and no entity.
    """

    index: int
    pods: Selector | None = None
    namespaces: Selector | None = None
    block: Block | None = None
    entity: str = ""
    """What Cilium calls an entity: `world`, `cluster`, `host` ..."""

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
    section: str
    """The list that has it: `ingress`, `egress`, or in a policy of Cilium `ingressDeny`, `egressDeny`."""
    far: str
    """The field that names its peers: `from`, `to`, or one of Cilium's, such as `fromEndpoints`."""
    denies: bool = False
    """Whether it forbids what it matches, whatever other rules allow."""
    authentication: str = ""
    """Cilium: `required` if both ends must authenticate, `disabled` if they needn't; empty if unset."""

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
    """A NetworkPolicy, or one rule of a policy of Cilium.

    `ingress` and `egress` are None if the policy doesn't apply to that direction. `namespace` is empty for
    every namespace."""

    manifest: Manifest
    namespace: str
    selector: Selector
    ingress: tuple[Rule, ...] | None
    egress: tuple[Rule, ...] | None
    namespaces: Selector = EVERYTHING
    """Cilium: which namespaces its Pods are in, by their labels."""
    everywhere: bool = False
    """Whether it is clusterwide, so that it has no namespace of its own."""
    base: Path = ("spec",)
    """Where its rules are."""
    selected_by: str = "podSelector"
    """The field that selects its Pods."""
    open: frozenset[Direction] = frozenset()
    """The directions in which it doesn't isolate the Pods that it selects (`enableDefaultDeny`)."""

    @property
    def title(self) -> str:
        """The policy in a sentence: `NetworkPolicy shop/backend`."""
        return self.manifest.title

    def rules(self, direction: Direction) -> tuple[Rule, ...] | None:
        """The rules for a direction; None if the policy doesn't apply to it."""
        return self.ingress if direction == "ingress" else self.egress

    def isolates(self, direction: Direction) -> bool:
        """Whether its Pods are closed in a direction, except for what rules allow."""
        return self.rules(direction) is not None and direction not in self.open

    def selects(self, namespace: str, namespace_labels: Labels, labels: Labels) -> bool:
        """Whether it applies to a Pod."""
        if not self.everywhere and self.namespace != namespace:
            return False
        if not self.selector.matches(labels):
            return False
        return self.namespaces.everything or self.namespaces.matches(namespace_labels)

    @property
    def is_cilium(self) -> bool:
        """Whether it is a policy of Cilium."""
        return self.selected_by != "podSelector"

    def path(self, rule: Rule, peer: int | None = None, port: int | None = None) -> Path:
        """The way to a rule, or to an entry of it."""
        path = (*self.base, rule.section, rule.index)
        if peer is not None:
            return (*path, rule.far, peer)
        if port is None:
            return path
        written = next((entry.path for entry in rule.entries or () if entry.index == port), ())
        return (*path, *(written or ("ports", port)))

    def where(self, rule: Rule | None = None, peer: int | None = None, port: int | None = None) -> Location:
        """The place of the policy (the selector of its Pods), a rule, or an entry of the rule."""
        if rule is None:
            return self.manifest.where(*self.base, self.selected_by)
        return self.manifest.where(*self.path(rule, peer, port))

    def field(self, name: str) -> Location:
        """The place of one of its fields, such as `egress`."""
        return self.manifest.where(*self.base, name)


def is_network_policy(manifest: Manifest) -> bool:
    """Whether the object is a NetworkPolicy of Kubernetes itself (Calico has its own kind)."""
    return manifest.kind == "NetworkPolicy" and manifest.group == "networking.k8s.io"


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
                section=direction,
                far=far,
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
