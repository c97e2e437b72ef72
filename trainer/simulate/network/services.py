"""Services of a world, and the Pods and ports behind them.

Follows https://kubernetes.io/docs/concepts/services-networking/service/ (v1.35): a Service
forwards its `port` to the `targetPort` of the Pods that its selector matches, a named
`targetPort` is resolved on each Pod, and a missing one equals `port`. A headless Service
(`clusterIP: None`) gives its clients the Pods' own addresses: the requested port stays.

Policies are judged at the Pod, after the Service has rewritten the destination: a policy never sees the
Service's own address (network-policies page, "it is not defined whether this happens before or after").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from trainer.manifests.model import Manifest
from trainer.manifests.values import items, mapping, mappings, number, text
from trainer.simulate.labels import NOTHING, Selector, map_selector
from trainer.simulate.network.addresses import Address, parse_address
from trainer.simulate.network.pods import Pod


class ServicePort(msgspec.Struct, frozen=True):
    """One port of a Service; `target` is a number or the name of a container port."""

    name: str
    protocol: str
    port: int
    target: int | str


class Service(msgspec.Struct, frozen=True, eq=False):
    """A Service: its addresses, ports and the Pods that it selects."""

    name: str
    namespace: str
    addresses: tuple[Address, ...]
    headless: bool
    ports: tuple[ServicePort, ...]
    selector: Selector
    manifest: Manifest

    @property
    def title(self) -> str:
        """The Service in a sentence: `Service shop/backend`."""
        return self.manifest.title

    def backends(self, pods: Sequence[Pod]) -> list[Pod]:
        """The Pods behind it, in the order of `pods`."""
        return [pod for pod in pods if pod.namespace == self.namespace and self.selector.matches(pod.labels)]

    def target_ports(self, pod: Pod, protocol: str, port: int) -> list[int]:
        """The ports of `pod` that receive traffic to this port of the Service; may be empty."""
        if self.headless:
            return [port]
        found = []
        for entry in self.ports:
            if (entry.protocol, entry.port) != (protocol, port):
                continue
            if isinstance(entry.target, int):
                found.append(entry.target)
            else:
                found += [p.number for p in pod.ports if (p.name, p.protocol) == (entry.target, protocol)][:1]
        return found


def services_of(manifests: Iterable[Manifest]) -> list[Service]:
    """The Services among these objects; those of type ExternalName have no Pods and are left out."""
    return [
        _service(manifest)
        for manifest in manifests
        if manifest.kind == "Service"
        and not manifest.group
        and manifest.get("spec", "type") != "ExternalName"
    ]


def _service(manifest: Manifest) -> Service:
    written = [manifest.get("spec", "clusterIP"), *items(manifest.get("spec", "clusterIPs"))]
    addresses = dict.fromkeys(address for one in written if (address := parse_address(one)))
    selector = mapping(manifest.get("spec", "selector"))
    ports = [entry for item in mappings(manifest.get("spec", "ports")) if (entry := _port(item))]
    return Service(
        name=manifest.name,
        namespace=manifest.namespace,
        addresses=tuple(addresses),
        headless=manifest.get("spec", "clusterIP") == "None",
        ports=tuple(ports),
        selector=map_selector(selector) if selector else NOTHING,
        manifest=manifest,
    )


def _port(item: dict[str, Any]) -> ServicePort | None:
    port = number(item.get("port"))
    if port is None:
        return None
    target = item.get("targetPort")
    if isinstance(target, bool) or not isinstance(target, int | str) or target in (0, ""):
        target = port
    return ServicePort(text(item.get("name")), text(item.get("protocol")) or "TCP", port, target)
