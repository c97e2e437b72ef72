"""CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy, compiled into the same form as NetworkPolicies.

Follows https://docs.cilium.io/en/stable/security/policy/language/ and pkg/policy/api, pkg/policy/utils and
pkg/k8s/apis/cilium.io/utils of cilium/cilium (v1.18):

- each rule (`spec`, and each of `specs`) selects Pods; with an ingress or egress section that isn't empty
  it isolates them in that direction, `ingressDeny` and `egressDeny` included, unless `enableDefaultDeny`
  says otherwise;
- a Pod gets what any policy allows, NetworkPolicies of Kubernetes included, except for what any rule denies;
- a rule `{}` names no peer and no port: it allows nothing. With `toPorts` alone it is about every peer. An
  empty list of peers matches nobody, `{}` in `fromEndpoints` every Pod of the policy's own namespace (of a
  clusterwide policy: every Pod);
- keys of selectors may start with `k8s:` or `any:`; `k8s:io.kubernetes.pod.namespace` is the namespace of a
  Pod and `k8s:io.cilium.k8s.namespace.labels.KEY` a label of it. Without one of these, peers are in the
  policy's namespace;
- CIDR rules are about addresses outside the cluster, never about Pods and nodes;
- a port without `protocol` is of every protocol, port `0` is every port;
- `authentication.mode: required` lets a flow through only if both ends authenticate, which only Pods can;
  `test-always-fail` never does. A mode that is set counts before rules without one.

Not judged: rules at layer 7, `toFQDNs`, `toServices`, groups, nodes, CIDR groups, `fromRequires` and
selectors of reserved labels or of a ServiceAccount. Rules for ICMP open no port."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import indexed, mapping, text
from trainer.simulate.labels import EVERYTHING, NOTHING, Requirement, Selector, label_selector
from trainer.simulate.network.addresses import Block, parse_block, parse_cidr
from trainer.simulate.network.policy import (
    ANY_PROTOCOL,
    Direction,
    Peer,
    Policy,
    PortEntry,
    Rule,
    compile_policy,
    is_network_policy,
)
from trainer.simulate.network.ports import ALL, FIRST, LAST, NONE, PROTOCOLS, PortSet, port_set

KINDS = ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy")
NAME_KEY = "io.kubernetes.pod.namespace"
LABELS_KEY = "io.cilium.k8s.namespace.labels."
NAMESPACE_NAME = "kubernetes.io/metadata.name"
REQUIRED, FAILING = "required", "test-always-fail"

Kind = Literal["pod", "host", "world"]

_SECTIONS: tuple[tuple[str, Direction], ...] = (
    ("ingress", "ingress"),
    ("ingressDeny", "ingress"),
    ("egress", "egress"),
    ("egressDeny", "egress"),
)
_UNKNOWN = {
    "ingress": ("fromNodes", "fromGroups", "fromRequires"),
    "egress": ("toNodes", "toGroups", "toRequires", "toServices", "toFQDNs"),
}
_LAYER_7 = ("rules", "terminatingTLS", "originatingTLS", "serverNames", "listener")


def is_cilium_policy(manifest: Manifest) -> bool:
    """Whether the object is a policy of Cilium."""
    return manifest.kind in KINDS and manifest.group == "cilium.io"


def policies_of(manifests: Iterable[Manifest]) -> Iterator[Policy]:
    """The network policies of Kubernetes and of Cilium among these objects. Raises `NotJudged`."""
    for manifest in manifests:
        if is_network_policy(manifest):
            yield compile_policy(manifest)
        elif is_cilium_policy(manifest):
            yield from cilium_policies(manifest)


def cilium_policies(manifest: Manifest) -> list[Policy]:
    """The rules of a policy. Raises `NotJudged`."""
    found = []
    spec = manifest.data.get("spec")
    if isinstance(spec, dict):
        found.append(_policy(manifest, spec, ("spec",)))
    for index, rule in indexed(manifest.data.get("specs")):
        found.append(_policy(manifest, rule, ("specs", index)))
    return found


def entity_covers(entity: str, kind: Kind, *, local: bool, family: int, serves_api: bool) -> bool:
    """Whether an entity of Cilium covers an end; `local` says that it is on the node of the policy's Pod.

    `serves_api` says that a kube-apiserver runs on the node that it is.
    """
    match entity:
        case "all":
            return True
        case "world":
            return kind == "world"
        case "world-ipv4" | "world-ipv6":
            return kind == "world" and entity.endswith(str(family))
        case "cluster" | "cluster-mesh":
            return kind != "world"
        case "host":
            return kind == "host" and local
        case "remote-node":
            return kind == "host" and not local
        case "kube-apiserver":
            return kind == "host" and serves_api
    return False  # no Pod, node or address of a world is health, init, ingress or unmanaged


def _policy(manifest: Manifest, spec: dict[str, Any], base: Path) -> Policy:
    if spec.get("nodeSelector") is not None:
        raise NotJudged("a policy for nodes (`nodeSelector`)", manifest.where(*base, "nodeSelector"))
    pods, namespaces, _ = _split(manifest, spec.get("endpointSelector"), (*base, "endpointSelector"))
    if manifest.namespace:  # it only ever selects Pods of its own namespace
        kept = tuple(need for need in (namespaces or EVERYTHING).requirements if need.key != NAMESPACE_NAME)
        namespaces = Selector(kept)
    rules: dict[Direction, tuple[Rule, ...]] = {"ingress": (), "egress": ()}
    for section, direction in _SECTIONS:
        rules[direction] += tuple(_rules(manifest, spec, base, section, direction))
    wanted = mapping(spec.get("enableDefaultDeny"))
    return Policy(
        manifest,
        manifest.namespace,
        pods,
        rules["ingress"] if rules["ingress"] or wanted.get("ingress") is True else None,
        rules["egress"] if rules["egress"] or wanted.get("egress") is True else None,
        namespaces or EVERYTHING,
        not manifest.namespace,
        base,
        "endpointSelector",
        frozenset(direction for direction in rules if wanted.get(direction) is False),
    )


def _rules(
    manifest: Manifest, spec: dict[str, Any], base: Path, section: str, direction: Direction
) -> Iterator[Rule]:
    for index, rule in indexed(spec.get(section)):
        path = (*base, section, index)
        for name in _UNKNOWN[direction]:
            if rule.get(name):
                raise NotJudged(f"`{name}`", manifest.where(*path, name))
        far, peers = _peers(manifest, rule, path, direction)
        entries = _entries(manifest, rule, path)
        if peers is None and entries is None:
            peers = ()  # `{}` covers nobody
        mode = text(mapping(rule.get("authentication")).get("mode"))
        denies = section.endswith("Deny") or mode == FAILING
        yield Rule(direction, index, peers, entries, section, far, denies, mode)


def _peers(
    manifest: Manifest, rule: dict[str, Any], path: Path, direction: Direction
) -> tuple[str, tuple[Peer, ...] | None]:
    """The field that names the peers, and these; None if no field does."""
    prefix = "from" if direction == "ingress" else "to"
    for name in ("Endpoints", "Entities", "CIDR", "CIDRSet"):
        far = prefix + name
        written = rule.get(far)
        if isinstance(written, list):
            return far, tuple(
                _peer(manifest, name, index, one, (*path, far, index)) for index, one in enumerate(written)
            )
    return f"{prefix}Endpoints", None


def _peer(manifest: Manifest, name: str, index: int, value: Any, path: Path) -> Peer:
    match name:
        case "Entities":
            return Peer(index, entity=text(value))
        case "CIDR":
            span = parse_cidr(value)
            return Peer(index, block=Block(span)) if span else Peer(index)
        case "CIDRSet":
            block = mapping(value)
            for field in ("cidrGroupRef", "cidrGroupSelector"):
                if block.get(field) is not None:
                    raise NotJudged(f"`{field}`", manifest.where(*path, field))
            return Peer(index, block=parse_block(block))
    pods, namespaces, entity = _split(manifest, value, path)
    if entity:
        return Peer(index, entity=entity)
    if namespaces is None and not manifest.namespace:
        namespaces = EVERYTHING
    return Peer(index, pods, namespaces)


def _split(manifest: Manifest, value: Any, path: Path) -> tuple[Selector, Selector | None, str]:
    """The parts of a selector about Pods and about their namespace (None if it has none), or an entity."""
    whole = label_selector(value, missing=NOTHING)
    if whole.nothing:
        return whole, None, ""
    pods: list[Requirement] = []
    spaces: list[Requirement] = []
    for need in whole.requirements:
        source, colon, bare = need.key.partition(":")
        key = bare if colon else need.key
        if (
            colon
            and source == "reserved"
            and len(whole.requirements) == 1
            and need.operator in ("Exists", "In")
        ):
            return NOTHING, None, key
        if (colon and source not in ("k8s", "any")) or key.startswith("io.cilium.k8s.policy."):
            raise NotJudged(f"the label {need.key} in a selector", manifest.where(*path))
        if key == NAME_KEY:
            spaces.append(Requirement(NAMESPACE_NAME, need.operator, need.values))
        elif key.startswith(LABELS_KEY):
            spaces.append(Requirement(key.removeprefix(LABELS_KEY), need.operator, need.values))
        else:
            pods.append(Requirement(key, need.operator, need.values))
    return Selector(tuple(pods)), Selector(tuple(spaces)) if spaces else None, ""


def _entries(manifest: Manifest, rule: dict[str, Any], path: Path) -> tuple[PortEntry, ...] | None:
    """The ports of a rule; None for every port."""
    if rule.get("icmps"):
        return ()
    lists = indexed(rule.get("toPorts"))
    if not lists:
        return None
    found: list[PortEntry] = []
    for place, one in lists:
        for name in _LAYER_7:
            if one.get(name):
                raise NotJudged(f"`{name}` of `toPorts`", manifest.where(*path, "toPorts", place, name))
        ports = indexed(one.get("ports"))
        if not ports:
            found.append(PortEntry(len(found), ANY_PROTOCOL, ALL, path=("toPorts", place)))
        for number, port in ports:
            found.append(_entry(len(found), port, ("toPorts", place, "ports", number)))
    return tuple(found)


def _entry(index: int, port: dict[str, Any], path: Path) -> PortEntry:
    protocol = text(port.get("protocol")) or ANY_PROTOCOL
    written = text(port.get("port"))
    protocols = PROTOCOLS if protocol == ANY_PROTOCOL else (protocol,)
    if not written.isdecimal():
        return PortEntry(index, protocol, NONE, written.lower(), path)
    first = int(written)
    end = port.get("endPort")
    last = end if isinstance(end, int) and end > first else first
    return PortEntry(index, protocol, _ports(protocols, first, last), path=path)


def _ports(protocols: tuple[str, ...], first: int, last: int) -> PortSet:
    low, high = (FIRST, LAST) if first == 0 else (first, last)
    return port_set((protocol, low, high) for protocol in protocols)
