"""Which traffic do the NetworkPolicies of a world allow, and because of which line?

Follows https://kubernetes.io/docs/concepts/services-networking/network-policies/ (v1.35):

- A Pod is open in a direction until a policy applies to it there; then only what at least one of
  those policies allows gets through (policies are additive, order doesn't matter).
- A flow needs both ends: egress of the source and ingress of the destination.
- A Pod always reaches itself, and traffic between a Pod and its own node is always allowed.
- Pods on the host network are not selected by policies and don't match selectors; their traffic
  counts as their node's: only `ipBlock` matches it, by the node's address (the second of the two
  behaviors that the page describes, the common one).
- `ipBlock` also covers Pods with an address in it.

Policies of Cilium (`cilium`) count beside NetworkPolicies: what any of them allows is allowed, and what a
rule of them denies is denied. In a world with one, `ipBlock` covers no Pods and no nodes. Traffic of a Pod
to its own node is always allowed here, although Cilium can forbid it.

Addresses of both families: a flow is allowed if it is allowed for one family that both ends have.
If they have no family in common (an invented address, for example), each end is judged by the
other end's addresses.

Everything here is pure and exact: `Network.ports` gives all 3 x 65535 ports at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy

import msgspec

from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.simulate.network.addresses import Address, Span, parse_address
from trainer.simulate.network.cilium import REQUIRED, Kind, entity_covers, policies_of
from trainer.simulate.network.pods import ContainerPort, Node, Pod, control_plane, nodes_of, pods_of
from trainer.simulate.network.policy import Direction, Peer, Policy, Rule
from trainer.simulate.network.ports import ALL, NONE, PortSet
from trainer.simulate.network.services import Service, services_of
from trainer.verdict import Location

NAME_LABEL = "kubernetes.io/metadata.name"
"""The label that the API server sets on every namespace: its name."""


class Endpoint(msgspec.Struct, frozen=True, eq=False):
    """One end of a flow: a Pod, a node, or an address outside the cluster.

    `node` is the node that it is or runs on; empty for addresses, and if unknown. `unseen` is a Pod
    that the world doesn't have, but may get.
    """

    title: str
    addresses: tuple[Address, ...]
    pod: Pod | None = None
    node: str = ""
    unseen: bool = False

    @property
    def governed(self) -> bool:
        """Whether policies and selectors see it: a Pod that isn't on the host network."""
        return self.pod is not None and not self.pod.host_network

    @property
    def kind(self) -> Kind:
        """What it is for Cilium: a Pod, a node (or a Pod with its address), or an address outside."""
        if self.governed:
            return "pod"
        return "host" if self.pod is not None or self.node else "world"

    @property
    def declared(self) -> tuple[ContainerPort, ...]:
        """The container ports that a named port of a policy can mean here."""
        return self.pod.ports if self.pod is not None and self.governed else ()

    @property
    def hosted(self) -> bool:
        """Whether it has the address of a node: a node, or a Pod on the host network."""
        return bool(self.node) and not self.governed


class Grant(msgspec.Struct, frozen=True, eq=False):
    """Why one end lets a flow through: the entry of a rule. Indexes are 0-based.

    `peer` is None if the rule has no `from` or `to`, `port` if it has no `ports`.
    """

    policy: Policy
    rule: Rule
    peer: int | None
    port: int | None

    @property
    def location(self) -> Location:
        """The line that decides: the peer, else the port, else the rule."""
        return self.policy.where(self.rule, self.peer, self.port)

    def __str__(self) -> str:
        """`ingress rule 1 of NetworkPolicy shop/backend, entry 2 of from`."""
        text = f"{self.rule.section} rule {self.rule.index + 1} of {self.policy.title}"
        return text if self.peer is None else f"{text}, entry {self.peer + 1} of `{self.rule.far}`"


class Side(msgspec.Struct, frozen=True, eq=False):
    """What one end says: `policies` isolate it (none: it is open), `grants` let the flow through.

    `denials` are the rules that forbid the flow, whatever the others allow.
    """

    direction: Direction
    endpoint: Endpoint
    policies: tuple[Policy, ...]
    grants: tuple[Grant, ...]
    denials: tuple[Grant, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether this end lets the flow through."""
        return not self.denials and (not self.policies or bool(self.grants))

    def __str__(self) -> str:
        way = f"{self.direction} of {self.endpoint.title}"
        if self.denials:
            return f"{way}: denied by {self.denials[0]}"
        if not self.policies:
            return f"no policy applies to {way}"
        if self.grants:
            return f"{way}: allowed by {self.grants[0]}"
        return f"{way}: {', '.join(policy.title for policy in self.policies)} allows nothing that matches"


class Flow(msgspec.Struct, frozen=True, eq=False):
    """The answer for one flow. `always` says why policies don't matter, if they don't.

    `unless` says what would allow a denied flow, if it depends on where a Pod runs and nothing says where.
    """

    source: Endpoint
    target: Endpoint
    protocol: str
    port: int
    egress: Side
    ingress: Side
    allowed: bool
    always: str = ""
    unless: str = ""

    @property
    def reason(self) -> str:
        """Why it is allowed or denied, in one sentence."""
        if self.always:
            return self.always
        sides = [self.egress, self.ingress]
        deciding = [side for side in sides if not side.allowed] if not self.allowed else sides
        return "; ".join([*map(str, deciding), *([self.unless] if self.unless else [])])

    @property
    def location(self) -> Location | None:
        """The line that decides: of the rule that allows, or of a policy that blocks; if any."""
        sides = (self.ingress, self.egress)
        if self.allowed:
            return next((side.grants[0].location for side in sides if side.grants), None)
        for side in sides:
            if side.denials:
                return side.denials[0].location
        return next((side.policies[0].where() for side in sides if not side.allowed), None)

    def __str__(self) -> str:
        verb = "reaches" if self.allowed else "doesn't reach"
        return f"{self.source.title} {verb} {self.target.title} on {self.protocol} {self.port}"


class Network:
    """The Pods, nodes, Services and policies of a world; it answers questions about flows."""

    def __init__(self, manifests: Iterable[Manifest]) -> None:
        objects = tuple(manifests)
        self.policies: tuple[Policy, ...] = tuple(policies_of(objects))
        self.is_cilium = any(policy.is_cilium for policy in self.policies)
        self.services: tuple[Service, ...] = tuple(services_of(objects))
        self.nodes: tuple[Endpoint, ...] = tuple(map(_node_endpoint, nodes_of(objects)))
        self.pods: tuple[Endpoint, ...] = tuple(map(_pod_endpoint, pods_of(objects)))
        self.control_plane = control_plane(objects, (end.pod for end in self.pods if end.pod))
        self._labels = {m.name: _with_name(m) for m in objects if m.kind == "Namespace" and not m.group}

    @property
    def namespaces(self) -> list[str]:
        """The namespaces of the world: those with an object, and those in which a Pod runs."""
        running = {end.pod.namespace: None for end in self.pods if end.pod}
        return list(dict.fromkeys(self._labels) | running)

    def with_namespaces(self, labels: Mapping[str, dict[str, str]]) -> Network:
        """The same network with more namespaces, by name."""
        more = copy(self)
        more._labels = {**self._labels, **labels}
        return more

    def namespace_labels(self, namespace: str) -> dict[str, str]:
        """The labels of a namespace; a namespace without an object has only its name."""
        return self._labels.get(namespace) or {NAME_LABEL: namespace}

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """All Pods, then all nodes."""
        return self.pods + self.nodes

    def address(self, text: str) -> Endpoint:
        """The owner of this address: a Pod, a node, or nothing in the cluster. Raises `UsageError`."""
        address = parse_address(text)
        if address is None:
            raise UsageError(f"{text!r} is not an IP address", remedy="write 203.0.113.7 or 2001:db8::7")
        return self.at(address)

    def at(self, address: Address) -> Endpoint:
        """The Pod (on the Pod network) or node with this address, or an outside endpoint."""
        for endpoint in self.endpoints:
            if address in endpoint.addresses and (endpoint.governed or endpoint.pod is None):
                return endpoint
        return Endpoint(str(address), (address,))

    def taken(self) -> set[Address]:
        """The addresses of Pods, nodes and Services."""
        found = {address for end in self.endpoints for address in end.addresses}
        return found.union(*(service.addresses for service in self.services))

    def spans(self) -> list[Span]:
        """All address ranges that policies name, `except` included."""
        found = []
        for policy in self.policies:
            for rule in (*(policy.ingress or ()), *(policy.egress or ())):
                for peer in rule.peers or ():
                    if peer.block:
                        found += [peer.block.span, *peer.block.excepts]
        return found

    def governing(self, endpoint: Endpoint, direction: Direction) -> tuple[Policy, ...]:
        """The policies that isolate an endpoint in a direction; empty means that it is open."""
        return tuple(one for one in self.applying(endpoint, direction) if one.isolates(direction))

    def applying(self, endpoint: Endpoint, direction: Direction) -> tuple[Policy, ...]:
        """The policies whose rules for a direction count for an endpoint."""
        pod = endpoint.pod
        if pod is None or not endpoint.governed:
            return ()
        return tuple(
            policy
            for policy in self.policies
            if policy.rules(direction) is not None
            and policy.selects(pod.namespace, self.namespace_labels(pod.namespace), pod.labels)
        )

    def admits(self, policy: Policy, peer: Peer, near: Endpoint, far: Endpoint, address: Address) -> bool:
        """Whether an entry of `from` or `to` covers the far end with this address."""
        if peer.entity:
            local = bool(far.node) and far.node == near.node
            serves_api = far.node in self.control_plane
            return entity_covers(
                peer.entity, far.kind, local=local, family=address.family, serves_api=serves_api
            )
        if peer.block is not None:
            return address in peer.block and not (self.is_cilium and far.kind != "world")
        if far.pod is None or not far.governed:
            return False
        namespace = far.pod.namespace
        return peer.selects(namespace == policy.namespace, self.namespace_labels(namespace), far.pod.labels)

    def ports(self, source: Endpoint, target: Endpoint) -> PortSet:
        """All ports on which `source` reaches `target`."""
        if always_allowed(source, target):
            return ALL
        found = NONE
        for ours, theirs in address_pairs(source, target):
            sent = self._side_ports("egress", source, target, theirs, target)
            found |= sent & self._side_ports("ingress", target, source, ours, target)
        return found

    def one_way(self, direction: Direction, source: Endpoint, target: Endpoint) -> PortSet:
        """The ports that one end's policies let through: egress those of `source`, ingress of `target`."""
        if always_allowed(source, target):
            return ALL
        found = NONE
        for ours, theirs in address_pairs(source, target):
            near, far, address = (source, target, theirs) if direction == "egress" else (target, source, ours)
            found |= self._side_ports(direction, near, far, address, target)
        return found

    def flow(self, source: Endpoint, target: Endpoint, protocol: str, port: int) -> Flow:
        """One flow, with the policies and rules that decide. `port` is that of the target itself."""
        always = always_allowed(source, target)
        allowed, sides = False, []
        for ours, theirs in address_pairs(source, target):
            egress = self._side("egress", source, target, theirs, (protocol, port))
            ingress = self._side("ingress", target, source, ours, (protocol, port))
            sides.append((egress, ingress))
            if egress.allowed and ingress.allowed:
                sides, allowed = [(egress, ingress)], True
                break
        egress, ingress = sides[0]
        allowed = allowed or bool(always)
        unless = "" if allowed else maybe_allowed(source, target)
        return Flow(source, target, protocol, port, egress, ingress, allowed, always, unless)

    def covering(
        self, direction: Direction, near: Endpoint, far: Endpoint, address: Address
    ) -> Iterator[tuple[Policy, Rule, int | None]]:
        """The rules for `near` whose `from` or `to` covers `far`, with the first entry that does."""
        for policy in self.applying(near, direction):
            for rule in policy.rules(direction) or ():
                if rule.authentication == REQUIRED and not far.governed:
                    continue
                if rule.peers is None:
                    yield policy, rule, None
                    continue
                peer = _first(p.index for p in rule.peers if self.admits(policy, p, near, far, address))
                if peer is not None:
                    yield policy, rule, peer

    def _side_ports(
        self, direction: Direction, near: Endpoint, far: Endpoint, address: Address, target: Endpoint
    ) -> PortSet:
        found, denied = NONE if self.governing(near, direction) else ALL, NONE
        for _, rule, _ in self.covering(direction, near, far, address):
            if rule.denies:
                denied |= rule.ports(target.declared)
            else:
                found |= rule.ports(target.declared)
        return found - denied if denied else found

    def _side(
        self, direction: Direction, near: Endpoint, far: Endpoint, address: Address, port: tuple[str, int]
    ) -> Side:
        declared = (near if direction == "ingress" else far).declared
        grants: list[Grant] = []
        denials: list[Grant] = []
        for policy, rule, peer in self.covering(direction, near, far, address):
            entry = _first(e.index for e in rule.entries or () if e.ports(declared).has(*port))
            if entry is not None or rule.entries is None:
                (denials if rule.denies else grants).append(Grant(policy, rule, peer, entry))
        return Side(direction, near, self.governing(near, direction), tuple(grants), tuple(denials))


def always_allowed(source: Endpoint, target: Endpoint) -> str:
    """Why no policy can forbid a flow between these two; empty if one can."""
    if source is target or (source.pod is not None and source.pod is target.pod):
        return f"{source.title} always reaches itself"
    if source.node and source.node == target.node and (source.hosted or target.hosted):
        return "traffic between a Pod and its own node is always allowed"
    return ""


def maybe_allowed(source: Endpoint, target: Endpoint) -> str:
    """What no policy could forbid if the two were on one node, which nothing rules out; empty if it can.

    A Pod on the host network, and a node, reach the Pods of their own node: it is how the kubelet probes.
    """
    for host, other in ((source, target), (target, source)):
        on_host = not host.governed and (host.pod is not None or bool(host.node))
        if on_host and other.governed and not (host.node and other.node):
            unknown = next(end for end in (other, host) if not end.node)
            return (
                f"unless {host.title} and {other.title} run on the same node: nothing says where "
                f"{unknown.title} runs, and traffic between a Pod and its own node is always allowed"
            )
    return ""


def address_pairs(source: Endpoint, target: Endpoint) -> list[tuple[Address, Address]]:
    """The addresses that the two can use with each other: of one family, if they share one."""
    pairs = [(ours, theirs) for ours in source.addresses for theirs in target.addresses]
    return [pair for pair in pairs if pair[0].family == pair[1].family] or pairs


def _first(indexes: Iterable[int]) -> int | None:
    return next(iter(indexes), None)


def _with_name(manifest: Manifest) -> dict[str, str]:
    labels = {str(key): "" if value is None else value for key, value in manifest.labels.items()}
    return labels | {NAME_LABEL: manifest.name}


def _pod_endpoint(pod: Pod) -> Endpoint:
    return Endpoint(pod.title, pod.addresses, pod, pod.node)


def _node_endpoint(node: Node) -> Endpoint:
    return Endpoint(f"node {node.name}", node.addresses, None, node.name)
