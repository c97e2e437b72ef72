"""Where must both ends of a flow authenticate, because a policy of Cilium requires it?

Follows https://docs.cilium.io/en/stable/network/servicemesh/mutual-authentication/mutual-authentication/
and `mergePortProto` in pkg/policy/l4_filter.go (rule.go) of cilium/cilium (v1.18): a mode that a rule sets
counts for all that it matches, beside rules that set none. Rules for the same flow that set different modes
contradict each other."""

from __future__ import annotations

from trainer.errors import NotJudged
from trainer.simulate.network.addresses import Address
from trainer.simulate.network.cilium import REQUIRED
from trainer.simulate.network.flows import Endpoint, Network, address_pairs
from trainer.simulate.network.policy import Direction
from trainer.simulate.network.ports import NONE, PortSet


def authenticated_ports(network: Network, source: Endpoint, target: Endpoint) -> PortSet:
    """The ports on which a rule of either end requires authentication. Raises `NotJudged`."""
    found = NONE
    for ours, theirs in address_pairs(source, target):
        found |= _required(network, "egress", (source, target), theirs)
        found |= _required(network, "ingress", (target, source), ours)
    return found


def _required(
    network: Network, direction: Direction, ends: tuple[Endpoint, Endpoint], far: Address
) -> PortSet:
    target = ends[1] if direction == "egress" else ends[0]
    found, free = NONE, NONE
    for policy, rule, _ in network.covering(direction, *ends, far):
        if rule.denies or not rule.authentication:
            continue
        ports = rule.ports(target.declared)
        if rule.authentication == REQUIRED:
            found |= ports
        else:
            free |= ports
        if found & free:
            raise NotJudged("rules that require authentication and disable it", policy.where(rule))
    return found
