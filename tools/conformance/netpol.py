"""Family `netpol`: connectivity of pods under network policies, as three other projects state it.

Sets `kubernetes-e2e` and `cyclonus`: for each port and protocol the pairs that connect (`probes`);
`recipes`: single flows (`connections`); `np-guard`: every allowed connection between workloads
and address ranges (`edges`), what isn't listed is denied.

np-guard looks at what could be, not at one cluster's state: it knows no host network and no
nodes, takes finished pods for running ones and workloads without replicas for one, and `ipBlock`
means addresses outside of the cluster alone. Its cases are put to our engine in that way: pods are
shorn of node and host network, and get IPv6 addresses, which no IPv4 block covers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.network.addresses import Address, Span, atoms, parse_address
from trainer.simulate.network.flows import Endpoint, Network
from trainer.simulate.network.matrix import by_workload, matrix
from trainer.simulate.network.ports import NONE, PortSet, port_set

SHOWN = 5
"""How many disagreements of one case are told."""


def judge(case: dict[str, Any]) -> str | None:
    """None where we agree with the case in every cell, else where we differ."""
    files = dict(case["files"])
    expected = parse(files.pop(case["expected"]).encode(), case["expected"]).documents[0].value
    objects = _objects(files)
    if "edges" in expected:
        for manifest in objects:
            manifest.data.pop("status", None)
            if manifest.get("spec", "replicas") == 0:
                manifest.data["spec"]["replicas"] = 1
    network = Network(objects)
    if "edges" in expected:
        wrong = list(_edges(network, expected["edges"]))
    else:
        wrong = [*_probes(network, expected.get("probes") or ())]
        wrong += _connections(network, expected.get("connections") or ())
    return None if not wrong else f"{len(wrong)} cells differ: {'; '.join(wrong[:SHOWN])}"


def _objects(files: dict[str, str]) -> list[Manifest]:
    found = []
    for name, text in files.items():
        for document in parse(text.encode(), name).documents:
            value = document.value
            if not isinstance(value, dict):
                continue
            kind = str(value.get("kind") or "")
            if not kind.endswith("List"):
                found.append(_namespaced(Manifest(value, document)))
                continue
            for position, item in enumerate(value.get("items") or ()):
                if "kind" not in item:  # items of a typed list inherit its kind
                    item["kind"], item["apiVersion"] = kind.removesuffix("List"), value.get("apiVersion")
                found.append(_namespaced(Manifest(item, document, ("items", position))))
    return found


def _namespaced(manifest: Manifest) -> Manifest:
    if manifest.kind not in ("Namespace", "Node") and not manifest.namespace:
        manifest.data.setdefault("metadata", {})["namespace"] = "default"
    return manifest


def _probes(network: Network, probes: Any) -> Iterator[str]:
    found = matrix(network, network.pods)
    for probe in probes:
        allowed, protocol, port = probe["allowed"] or {}, probe["protocol"], probe["port"]
        for source, target, ports in found.pairs():
            expected = bool((allowed.get(source.title) or {}).get(target.title))
            if ports.has(protocol, port) != expected:
                yield f"{source.title} to {target.title} on {protocol} {port}: we say {not expected}"


def _connections(network: Network, connections: Any) -> Iterator[str]:
    for item in connections:
        source, target = _end(network, item["from"]), _end(network, item["to"])
        flow = network.flow(source, target, item["protocol"], item["port"])
        if flow.allowed != item["allowed"]:
            yield f"{flow} ({flow.reason})"


def _end(network: Network, text: str) -> Endpoint:
    named = [pod for pod in network.pods if pod.title == text]
    return named[0] if named else network.address(text)


def _edges(network: Network, edges: list[dict[str, Any]]) -> Iterator[str]:
    """Compare workload by workload and address piece by address piece."""
    expected: dict[tuple[str, str], PortSet] = {}
    ranges = {end: span for edge in edges for end in (edge["from"], edge["to"]) if (span := _span(end))}
    pieces = [
        Endpoint(f"{Address(4, span.low)}-{Address(4, span.high)}", (Address(4, span.low),))
        for span in atoms(4, [*network.spans(), *ranges.values()])
    ]
    for edge in edges:
        ports = port_set((p, low, high) for p, spans in edge["ports"].items() for low, high in spans)
        for source in _names(edge["from"], ranges, pieces):
            for target in _names(edge["to"], ranges, pieces):
                expected[source, target] = expected.get((source, target), NONE) | ports
    said = by_workload(matrix(network, [*_plain_pods(network), *pieces]))
    outside = {piece.title for piece in pieces}
    names = [_bare(name) for name in said.names]
    if missing := {end for pair in expected for end in pair} - set(names):
        yield f"we don't know {', '.join(sorted(missing))}"
    for i, source in enumerate(names):
        for j, target in enumerate(names):
            if i == j or (source in outside and target in outside):
                continue
            wanted = expected.get((source, target), NONE)
            if said.cells[i][j] != wanted:
                yield f"{source} to {target}: we say {said.cells[i][j]}, expected {wanted}"


def _plain_pods(network: Network) -> Iterator[Endpoint]:
    for number, end in enumerate(network.pods):
        pod = end.pod and msgspec.structs.replace(end.pod, host_network=False, node="")
        yield Endpoint(end.title, (Address(6, (0xFD << 120) + number),), pod)


def _names(end: str, ranges: dict[str, Span], pieces: list[Endpoint]) -> list[str]:
    span = ranges.get(end)
    return [_bare(end)] if span is None else [p.title for p in pieces if p.addresses[0] in span]


def _bare(name: str) -> str:
    """`shop/web` of `shop/web[Deployment]` and `shop/web (Deployment)`."""
    return name.partition("[")[0].partition(" (")[0]


def _span(end: str) -> Span | None:
    if not end.endswith("[External]"):
        return None
    low, _, high = end.removesuffix("[External]").partition("-")
    first, last = parse_address(low), parse_address(high or low)
    return Span(first.family, first.number, last.number) if first and last else None
