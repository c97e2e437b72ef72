"""NetworkPolicy.

Follows Kubernetes pkg/apis/networking/validation/validation.go (v1.35).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trainer.manifests.validation.addresses import check_cidr
from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.containers import PROTOCOLS
from trainer.manifests.validation.meta import label_selector
from trainer.manifests.validation.names import port_name, port_number
from trainer.manifests.values import indexed, indexed_texts, items, mapping, number, text

if TYPE_CHECKING:
    from trainer.manifests.validation.addresses import Network

_TYPES = ("Ingress", "Egress")
_SELECTORS = ("podSelector", "namespaceSelector")


def network_policy(at: At, data: Map) -> None:
    """A NetworkPolicy (`ValidateNetworkPolicySpec`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    label_selector(place / "podSelector", spec.get("podSelector"))
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for index, rule in indexed(spec.get(direction)):
            for which, port in indexed(rule.get("ports")):
                _port(place.to(direction, index, "ports", which), port)
            for which, peer in indexed(rule.get(peers)):
                _peer(place.to(direction, index, peers, which), peer)
    types = items(spec.get("policyTypes"))
    if len(types) > len(_TYPES):
        place.say("`policyTypes` has two entries at most: `Ingress` and `Egress`.", "policyTypes")
        return
    for index, kind in indexed_texts(types):
        if "," in kind:
            why = "`Ingress` and `Egress` are list items of their own"
            place.invalid("policyTypes", index, value=kind, why=why, fix="Write `[Ingress, Egress]`.")
        else:
            place.choice("policyTypes", index, value=kind, allowed=_TYPES, needed="it names a direction")


def _port(at: At, port: Map) -> None:
    at.choice("protocol", value=port.get("protocol"), allowed=PROTOCOLS)
    value, end = port.get("port"), number(port.get("endPort"))
    start = number(value)
    if isinstance(value, str):
        if end is not None:
            at.forbidden("endPort", why="the range starts with a name: it goes with a number only")
        broken = port_name(value)
        if broken:
            fix = f"Write {value} without quotes." if value.isdigit() else ""
            at.invalid("port", value=value, why=broken, fix=fix)
    elif start is not None:
        if port_number(start):
            at.invalid("port", value=start, why=port_number(start))
        if end is not None and end < start:
            at.invalid("endPort", value=end, why=f"a range ends where it starts, {start}, or later")
        elif end is not None and port_number(end):
            at.invalid("endPort", value=end, why=port_number(end))
    elif end is not None:
        at.forbidden("endPort", why="there is no `port` at which the range starts")


def _peer(at: At, peer: Map) -> None:
    selectors = [name for name in _SELECTORS if peer.get(name) is not None]
    for name in selectors:
        label_selector(at / name, peer.get(name))
    block = peer.get("ipBlock")
    if isinstance(block, dict):
        _ip_block(at / "ipBlock", block)
        if selectors:
            at.forbidden(
                "ipBlock",
                why=f"`{selectors[0]}` is set too, and a peer is either Pods or addresses",
                fix="Make the `ipBlock` a list item of its own.",
            )
    elif not selectors:
        at.say(
            "The peer is empty: it needs `podSelector`, `namespaceSelector` or `ipBlock`.",
            fix="To allow every peer, remove the whole list; for every pod, write `namespaceSelector: {}`.",
        )


def _ip_block(at: At, block: Map) -> None:
    cidr = text(block.get("cidr"))
    if not cidr:
        at.missing("cidr", why="an `ipBlock` is a range of addresses", fix="Add `cidr`, as `10.0.0.0/24`.")
        return
    network = check_cidr(at / "cidr", cidr)
    for index, item in indexed_texts(block.get("except") if network else None):
        hole = check_cidr(at.to("except", index), item)
        if hole is not None and network is not None and not _inside(hole, network):
            why = f"an exception is a smaller range inside of `cidr`, {cidr}"
            at.invalid("except", index, value=item, why=why)


def _inside(hole: Network, network: Any) -> bool:
    return (
        hole.version == network.version
        and hole.network_address in network
        and hole.prefixlen > network.prefixlen
    )
