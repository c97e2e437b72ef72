"""CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy.

Follows the schemas of the CustomResourceDefinitions (pkg/k8s/apis/cilium.io/client/crds/v2) and what the
agent doesn't take in: `Sanitize` in pkg/policy/api/rule_validation.go of cilium/cilium, v1.18. A policy that
the agent refuses has no effect, so it is refused here, too.
"""

from __future__ import annotations

import ipaddress
import re

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.meta import label_selector
from trainer.manifests.values import indexed, indexed_texts, items, mapping, text

ENTITIES = (
    "all",
    "world",
    "world-ipv4",
    "world-ipv6",
    "cluster",
    "cluster-mesh",
    "host",
    "remote-node",
    "kube-apiserver",
    "ingress",
    "init",
    "health",
    "unmanaged",
    "none",
)
PROTOCOLS = ("TCP", "UDP", "SCTP", "ICMP", "ICMPv6", "VRRP", "IGMP", "GRE", "ANY")
AUTHENTICATION_MODES = ("disabled", "required", "test-always-fail")
MOST_PORTS = 40
LAST_PORT = 65535

PEERS = {
    "ingress": ("fromEndpoints", "fromEntities", "fromCIDR", "fromCIDRSet", "fromNodes", "fromGroups"),
    "egress": (
        "toEndpoints",
        "toEntities",
        "toCIDR",
        "toCIDRSet",
        "toServices",
        "toFQDNs",
        "toNodes",
        "toGroups",
    ),
}
"""The fields of a rule that name the other end; only one of them can be set."""
SECTIONS = {"ingress": "ingress", "ingressDeny": "ingress", "egress": "egress", "egressDeny": "egress"}
"""The lists of rules, and the direction of each."""


def cilium_policy(at: At, data: Map) -> None:
    """A CiliumNetworkPolicy."""
    _policy(at, data, clusterwide=False)


def clusterwide_policy(at: At, data: Map) -> None:
    """A CiliumClusterwideNetworkPolicy."""
    _policy(at, data, clusterwide=True)


def _policy(at: At, data: Map, *, clusterwide: bool) -> None:
    if data.get("spec") is None and data.get("specs") is None:
        at.missing("spec", why="a policy has a rule, in `spec` or in `specs`")
    if data.get("spec") is not None:
        _rule(at / "spec", mapping(data.get("spec")), clusterwide=clusterwide)
    for index, rule in indexed(data.get("specs")):
        _rule(at.to("specs", index), rule, clusterwide=clusterwide)


def _rule(at: At, rule: Map, *, clusterwide: bool) -> None:
    subjects = [name for name in ("endpointSelector", "nodeSelector") if rule.get(name) is not None]
    if not subjects:
        at.missing(
            "endpointSelector",
            why="a rule says which Pods it is for",
            fix="Add `endpointSelector`; `{}` selects every Pod.",
        )
    elif len(subjects) > 1:
        at.forbidden("nodeSelector", why="`endpointSelector` is set, and only one of them can be")
    if rule.get("nodeSelector") is not None and not clusterwide:
        at.forbidden("nodeSelector", why="it belongs to a CiliumClusterwideNetworkPolicy")
    for name in subjects:
        _selector(at / name, rule[name])
    for section, direction in SECTIONS.items():
        for index, entry in indexed(rule.get(section)):
            _entry(at.to(section, index), entry, direction)


def _entry(at: At, entry: Map, direction: str) -> None:
    used = [name for name in PEERS[direction] if items(entry.get(name))]
    if len(used) > 1:
        why = f"a rule with `{used[0]}` can't have it, too: Cilium refuses the policy"
        at.forbidden(used[1], why=why, fix=f"Put `{used[1]}` into a rule of its own.")
    if items(entry.get("icmps")) and items(entry.get("toPorts")):
        at.forbidden("icmps", why="it can't be combined with `toPorts`", fix="Put it into a rule of its own.")
    for name in PEERS[direction]:
        if name.endswith("Entities"):
            for index, entity in indexed_texts(entry.get(name)):
                at.choice(name, index, value=entity, allowed=ENTITIES, needed="it names an entity")
        elif name.endswith("CIDR"):
            for index, cidr in indexed_texts(entry.get(name)):
                _cidr(at, cidr, name, index)
        elif name.endswith("CIDRSet"):
            for index, block in indexed(entry.get(name)):
                _block(at.to(name, index), block)
        elif name.endswith(("Endpoints", "Nodes")):
            for index, selector in indexed(entry.get(name)):
                _selector(at.to(name, index), selector)
    for index, ports in indexed(entry.get("toPorts")):
        _ports(at.to("toPorts", index), ports)
    if entry.get("authentication") is not None:
        mode = mapping(entry["authentication"]).get("mode")
        at.choice(
            "authentication",
            "mode",
            value=mode,
            allowed=AUTHENTICATION_MODES,
            needed="it says whether both ends must authenticate",
        )


def _selector(at: At, value: object) -> None:
    """A selector of labels, whose keys may start with their source: `k8s:`, `any:`, `reserved:`."""
    selector = mapping(value)
    plain = {
        "matchLabels": {_bare(str(key)): one for key, one in mapping(selector.get("matchLabels")).items()},
        "matchExpressions": [
            {**one, "key": _bare(text(one.get("key")))}
            for _, one in indexed(selector.get("matchExpressions"))
        ],
    }
    label_selector(at, plain)


def _bare(key: str) -> str:
    source, colon, rest = key.partition(":")
    return rest if colon and re.fullmatch("[a-z0-9]+", source) else key


def _cidr(at: At, value: str, *steps: str | int) -> None:
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        at.invalid(*steps, value=value, why="it must be a range of addresses, such as 10.0.0.0/8")
    else:
        if "/" not in value:
            length = 128 if ":" in value else 32
            why = "a range of addresses has the length of its prefix"
            at.invalid(*steps, value=value, why=why, fix=f"Write `{value}/{length}`.")


def _block(at: At, block: Map) -> None:
    names = [name for name in ("cidr", "cidrGroupRef", "cidrGroupSelector") if block.get(name) is not None]
    if len(names) != 1:
        at.missing("cidr", why="an entry has exactly one of `cidr`, `cidrGroupRef` and `cidrGroupSelector`")
        return
    if names != ["cidr"]:
        return
    cidr = text(block["cidr"])
    _cidr(at, cidr, "cidr")
    for index, hole in indexed_texts(block.get("except")):
        _cidr(at, hole, "except", index)
        if not _is_inside(hole, cidr):
            at.invalid("except", index, value=hole, why=f"it must be inside `cidr` {cidr}")


def _is_inside(hole: str, cidr: str) -> bool:
    try:
        inner, outer = ipaddress.ip_network(hole, strict=False), ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return True  # reported as no range
    return inner.version == outer.version and inner.network_address in outer


def _is_port(written: str) -> bool:
    if written.isdecimal():
        return len(written) <= len(str(LAST_PORT)) and int(written) <= LAST_PORT
    return bool(re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9](-?[A-Za-z0-9]){0,14}", written, re.ASCII))


def _ports(at: At, rule: Map) -> None:
    if len(items(rule.get("ports"))) > MOST_PORTS:
        at.say(f"`ports` has {MOST_PORTS} entries at most.", "ports")
    for index, port in indexed(rule.get("ports")):
        place, written = at.to("ports", index), text(port.get("port"))
        if not written and text(port.get("protocol")) not in ("VRRP", "IGMP", "GRE"):
            place.missing("port", why="an entry of `ports` names a port, as text")
        elif written and not _is_port(written):
            place.invalid("port", value=written, why=f"a port is a number, 0 to {LAST_PORT}, or a name")
        end = port.get("endPort")
        if isinstance(end, int) and not 0 <= end <= LAST_PORT:
            place.invalid("endPort", value=end, why=f"a port is a number, 0 to {LAST_PORT}")
        place.choice("protocol", value=port.get("protocol"), allowed=PROTOCOLS)
