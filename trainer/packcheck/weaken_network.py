"""Mutations that open NetworkPolicies: more peers, wider selectors, other ports, the other direction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trainer.manifests.model import Path
from trainer.manifests.values import mapping
from trainer.packcheck.tree import Edit, at, widened, widened_list, with_value, without

_ANY_PEER: tuple[dict[str, Any], ...] = (
    {"namespaceSelector": {}},
    {"podSelector": {}},
    {"ipBlock": {"cidr": "0.0.0.0/0"}},
)


def network_edits(value: Any) -> Iterator[Edit]:
    """All ways to open a NetworkPolicy."""
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        rules = at(value, ("spec", direction))
        if not isinstance(rules, list):
            continue
        path: Path = ("spec", direction)
        yield widened_list(value, path, {})
        other, there = ("egress", "to") if direction == "ingress" else ("ingress", "from")
        turned = [
            {there if key == peers else key: item for key, item in mapping(rule).items()} for rule in rules
        ]
        if at(value, ("spec", other)) is None:
            moved = with_value(without(value, path), ("spec", other), turned)
            yield Edit(path, "move", f"{other} for {direction}", moved)
        for index, rule in enumerate(rules):
            yield from _policy_rule(value, (*path, index), mapping(rule), peers)
    if at(value, ("spec", "podSelector")):
        yield widened(value, ("spec", "podSelector"), {})


def _policy_rule(value: Any, path: Path, rule: Any, peers: str) -> Iterator[Edit]:
    listed = rule.get(peers)
    if isinstance(listed, list) and listed:
        for peer in _ANY_PEER:
            if peer not in listed:
                yield widened_list(value, (*path, peers), peer)
        for index, peer in enumerate(listed):
            place = (*path, peers, index)
            for field in ("podSelector", "namespaceSelector"):
                if mapping(peer).get(field):
                    yield widened(value, (*place, field), {})
            if "podSelector" in mapping(peer) and "namespaceSelector" in peer:
                apart = [
                    {"podSelector": peer["podSelector"]},
                    {"namespaceSelector": peer["namespaceSelector"]},
                ]
                split = with_value(value, (*path, peers), [*listed[:index], *apart, *listed[index + 1 :]])
                yield Edit(place, "widen", "two peers (OR) for one (AND)", split)
    if isinstance(rule.get("ports"), list) and rule["ports"]:
        yield widened_list(value, (*path, "ports"), {"port": 4444, "protocol": "TCP"})
        for index, port in enumerate(rule["ports"]):
            number = mapping(port).get("port")
            if isinstance(number, int) and "endPort" not in port:
                yield widened(value, (*path, "ports", index, "endPort"), number + 100)
