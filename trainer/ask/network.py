"""`ask flow` and `ask matrix`: which traffic do the network policies allow?"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from trainer.ask import Absent, Reply
from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.simulate.network.addresses import outside_samples
from trainer.simulate.network.ends import Ends, Row, named_spans
from trainer.simulate.network.flows import Flow, Network
from trainer.simulate.network.matrix import by_workload, matrix
from trainer.simulate.network.ports import PortSet, ports_of
from trainer.verdict import Reason

MOST_FLOWS = 200
"""The most pairs of ends that one question covers; for more, use the matrix."""


def ask_flow(manifests: Sequence[Manifest], source: str, target: str, port: int, protocol: str) -> Reply:
    """Can `source` reach `target` on a port? Both may name several Pods: then all pairs are answered.

    A flow that only placement on the same node would allow depends on where the Pod runs.
    Raises `UsageError` for a name that matches no Pod.
    """
    network = Network(manifests)
    try:
        row = msgspec.convert({"from": source, "to": target, "port": port, "protocol": protocol}, Row)
    except msgspec.ValidationError as error:
        raise UsageError(str(error).partition(" - at")[0]) from error
    families = {address.family for end in network.endpoints for address in end.addresses} or {4}
    ends = Ends(
        network, outside_samples(network.spans() + named_spans([row]), network.taken(), sorted(families))
    )
    if missing := ends.missing([row]):
        known = sorted({end.title for end in network.endpoints})[:8]
        raise UsageError(f"{missing[0]!r} matches no Pod in these files", remedy=f"found: {', '.join(known)}")
    flows = [
        network.flow(demand.source, demand.target, protocol, demand_port)
        for demand in ends.demands(row)
        for demand_port in _ports(demand.ports)
    ][:MOST_FLOWS]
    if not flows:
        raise UsageError("source and target are the same Pod: a Pod can always reach itself")
    reasons = tuple(Reason(f"{flow}: {flow.reason}", flow.location) for flow in flows)
    question = f"{source} to {target} on {protocol} {port}"
    return Reply(question, _answer(flows), reasons, data={"flows": [_flow(flow) for flow in flows]})


def _answer(flows: Sequence[Flow]) -> str:
    """One word for all flows, or how many are allowed."""
    allowed = sum(flow.allowed for flow in flows)
    depending = sum(bool(flow.unless) for flow in flows)
    if allowed == len(flows):
        return "allowed"
    if depending == len(flows):
        return "depends on where the Pod runs"
    if not allowed and not depending:
        return "denied"
    more = f", {depending} depend on where the Pod runs" if depending else ""
    return f"{allowed} of {len(flows)} allowed{more}"


def ask_matrix(manifests: Sequence[Manifest], port: int | None, protocol: str) -> Reply:
    """Which workload can reach which: a table, from (rows) to (columns).

    With a port, the cells are yes or `-`; without one, they name the ports. A workload's cell
    with itself is about the traffic between its Pods. Pods of the host network are named if nothing says on
    which node they run.
    """
    network = Network(manifests)
    found = by_workload(matrix(network))
    if not found.names:
        raise Absent("the files contain no Pod", remedy="name the files of the Pods or workloads, too")
    wanted = ports_of(protocol, port, port) if port else None

    def cell(ports: PortSet) -> str:
        if wanted is not None:
            return "yes" if ports & wanted else "-"
        return "-" if not ports else "all" if str(ports) == "every port" else str(ports)

    table = [[cell(ports) for ports in row] for row in found.cells]
    rows = [("from \\ to", *found.names)]
    rows += [(name, *cells) for name, cells in zip(found.names, table, strict=True)]
    pairs = [
        {"from": source, "to": target, "ports": str(found.cells[i][j])}
        for i, source in enumerate(found.names)
        for j, target in enumerate(found.names)
    ]
    what = f"on {protocol} {port}" if port else "on which ports"
    unknown = [
        Reason(
            f"{end.title} is on the host network: it also reaches every Pod of its own node, "
            "and nothing says which one that is",
            end.pod.template.where("spec", "hostNetwork"),
        )
        for end in network.pods
        if end.pod and end.pod.template and end.pod.host_network and not end.node
    ]
    answer = f"{len(found.names)} workloads"
    return Reply(f"allowed traffic {what}", answer, tuple(unknown), tuple(rows), {"pairs": pairs})


def _ports(ports: PortSet) -> list[int]:
    return sorted(set(ports.bounds()))


def _flow(flow: Flow) -> dict[str, object]:
    location = flow.location
    return {
        "from": flow.source.title,
        "to": flow.target.title,
        "protocol": flow.protocol,
        "port": flow.port,
        "allowed": flow.allowed,
        "depends_on_node": bool(flow.unless),
        "reason": flow.reason,
        "file": location.file if location else "",
        "line": location.line if location else 0,
    }
