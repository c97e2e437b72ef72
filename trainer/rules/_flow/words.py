"""Ends, entries and ports of policies in a learner's words."""

from __future__ import annotations

from trainer.manifests.model import Path
from trainer.simulate.labels import Selector
from trainer.simulate.network.flows import Endpoint
from trainer.simulate.network.policy import Peer, Policy, PortEntry, Rule
from trainer.simulate.network.ports import PROTOCOLS, PortSet


def label_words(labels: dict[str, str]) -> str:
    """Labels in a sentence: `app=web, tier=a`, or `no labels`."""
    return ", ".join(f"{key}={value}" for key, value in labels.items()) or "no labels"


def selector_words(selector: Selector) -> str:
    """A selector in a sentence: `app=web`, `empty`, or why the API server refuses it."""
    if selector.problem:
        return selector.problem
    return "empty" if selector.everything else str(selector)


def peer_words(policy: Policy, rule: Rule, peer: Peer) -> str:
    """What an entry of `from` or `to` covers: `every Pod in every namespace`, `10.0.0.0/8`."""
    if peer.block is not None:
        block = policy.manifest.get(*block_path(policy, rule, peer))
        if not isinstance(block, dict):
            return str(block)
        holes = [str(hole) for hole in block.get("except") or ()]
        return str(block["cidr"]) + (f" except {', '.join(holes)}" if holes else "")
    if peer.entity:
        return f"the entity `{peer.entity}`"
    if peer.pods is None:
        return "nothing"
    pods = "every Pod" if peer.pods.everything else f"Pods with {peer.pods}"
    if peer.namespaces is None:
        return f"{pods} in Namespace {policy.namespace}"
    if peer.namespaces.everything:
        why = "" if policy.is_cilium else " (`namespaceSelector: {}`)"
        return f"{pods} in every namespace{why}"
    return f"{pods} in namespaces with {peer.namespaces}"


def block_path(policy: Policy, rule: Rule, peer: Peer) -> Path:
    """The way to the block of an entry: an `ipBlock`, or an entry of Cilium's lists."""
    path = policy.path(rule, peer.index)
    return path if policy.is_cilium else (*path, "ipBlock")


def end_words(end: Endpoint) -> str:
    """An end with its labels: `moon/guest (app=guest)`, `8.8.8.8`."""
    if end.pod is None or end.unseen:
        return end.title
    if not end.governed:
        return f"{end.title} (on the host network)"
    return f"{end.title} ({label_words(end.pod.labels)})"


def opening(end: Endpoint) -> str:
    """An end at the start of a sentence: `shop/web`, `A new Pod without labels in Namespace shop`."""
    return end.title[:1].upper() + end.title[1:] if end.unseen else end.title


def entry_words(entry: PortEntry, target: Endpoint) -> str:
    """The ports that an entry of `ports` opens on a target."""
    ports = entry.ports(target.declared)
    return f"port name {entry.name} ({ports})" if entry.name else str(ports)


def sample_port(ports: PortSet, target: Endpoint) -> tuple[str, int]:
    """One port of a set to report: one that the target declares, a well-known one, or the first."""
    declared = [(port.protocol, port.number) for port in target.declared]
    for protocol, number in (*declared, ("TCP", 80), ("TCP", 443), ("UDP", 53)):
        if ports.has(protocol, number):
            return protocol, number
    ranges = sorted(ports.ranges, key=lambda one: PROTOCOLS.index(one[0]))
    return ranges[0][0], ranges[0][1]
