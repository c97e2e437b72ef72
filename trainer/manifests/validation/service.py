"""Service, Endpoints and EndpointSlice.

Follows Kubernetes pkg/apis/core/validation/validation.go (`ValidateService`, `ValidateEndpoints`),
pkg/apis/discovery/validation/validation.go and, for node ports, the allocator's default range
(v1.35).
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.addresses import check_cidr, check_ip, parse_ip
from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.containers import PROTOCOLS
from trainer.manifests.validation.meta import labels
from trainer.manifests.validation.names import (
    NameRule,
    dns_label,
    dns_subdomain,
    label_value,
    port_number,
    qualified_name,
)
from trainer.manifests.validation.probes import port as port_or_name
from trainer.manifests.values import indexed, indexed_texts, items, mapping, number, text, text_mapping

_TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")
_POLICIES = ("Cluster", "Local")
_NEAR = ("PreferClose", "PreferSameZone", "PreferSameNode")
_FAMILIES = ("IPv4", "IPv6")
_FAMILY_POLICIES = ("SingleStack", "PreferDualStack", "RequireDualStack")
_NODE_PORTS = range(30000, 32768)
_MOST_HINTS = 8
_LONGEST_AFFINITY = 86400
_SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
_HINTS = "service.kubernetes.io/topology-aware-hints"
_TOPOLOGY_MODE = "service.kubernetes.io/topology-mode"


def service(at: At, data: Map) -> None:
    """A Service on create (`ValidateServiceCreate`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    notes = text_mapping(mapping(data.get("metadata")).get("annotations"))
    if _HINTS in notes and notes.get(_TOPOLOGY_MODE, notes[_HINTS]) != notes[_HINTS]:
        at.say(f"It has to agree with the annotation `{_HINTS}`.", "metadata", "annotations", _TOPOLOGY_MODE)
    kind = text(spec.get("type")) or "ClusterIP"
    place.choice("type", value=kind, allowed=_TYPES)
    addresses = _cluster_addresses(spec)
    headless = addresses == ["None"]
    if not spec.get("ports") and not headless and kind != "ExternalName":
        place.missing("ports", why="a Service forwards at least one port")
    if headless and kind in ("LoadBalancer", "NodePort"):
        place.invalid("clusterIP", value="None", why=f"a Service of type `{kind}` has a cluster address")
    _ports(place / "ports", spec.get("ports"), kind)
    labels(place / "selector", spec.get("selector"))
    _affinity(place, spec)
    if kind == "ExternalName":
        _external_name(place, spec, addresses)
    else:
        _families(place, spec, addresses, headless=headless)
    for index, address in indexed_texts(spec.get("externalIPs")):
        check_ip(place.to("externalIPs", index), address, special=False)
    _balancer(place, spec, kind)
    if not spec.get("loadBalancerSourceRanges") and _SOURCE_RANGES in notes:
        _annotated_ranges(at.to("metadata", "annotations", _SOURCE_RANGES), notes[_SOURCE_RANGES], kind)
    _traffic(place, spec, kind)


def _cluster_addresses(spec: Map) -> list[Any]:
    """`clusterIPs` as the API server completes them from `clusterIP`."""
    addresses = items(spec.get("clusterIPs"))
    single = text(spec.get("clusterIP"))
    return addresses or ([single] if single else [])


def _ports(at: At, value: Any, kind: str) -> None:
    names: set[str] = set()
    ports: set[tuple[Any, Any]] = set()
    node_ports: set[tuple[Any, Any]] = set()
    several = len(items(value)) > 1
    for index, port in indexed(value):
        place = at / index
        name, protocol = text(port.get("name")), text(port.get("protocol")) or "TCP"
        if several and not name:
            place.missing("name", why="a Service with several ports names each of them")
        elif name:
            place.name("name", value=name, rule=dns_label)
            if name in names:
                place.duplicate("name", value=name, why="the ports of a Service have different names")
            names.add(name)
        number_ = number(port.get("port")) or 0
        if port_number(number_):
            place.invalid("port", value=number_, why=port_number(number_))
        place.choice("protocol", value=port.get("protocol"), allowed=PROTOCOLS)
        # 0 and "" are defaulted to the Service's own port.
        if port.get("targetPort") not in (None, 0, ""):
            port_or_name(place, "targetPort", port.get("targetPort"))
        if isinstance(port.get("appProtocol"), str) and qualified_name(port["appProtocol"]):
            place.invalid("appProtocol", value=port["appProtocol"], why=qualified_name(port["appProtocol"]))
        if (protocol, number_) in ports:
            message = f"Port {number_} with {protocol} is there for the second time."
            place.say(message, "port", fix="Remove one of them.")
        ports.add((protocol, number_))
        node = number(port.get("nodePort")) or 0
        if node:
            _node_port(place, node, kind)
            if (protocol, node) in node_ports:
                place.duplicate("nodePort", value=node, why="a node port is used once")
            node_ports.add((protocol, node))


def _node_port(at: At, value: int, kind: str) -> None:
    if kind == "ClusterIP":
        at.forbidden(
            "nodePort",
            why="the Service is of type `ClusterIP` (the default), which opens no port on the nodes",
            fix="Set `type: NodePort`, or remove `nodePort`.",
        )
    elif kind in ("NodePort", "LoadBalancer") and value not in _NODE_PORTS:
        at.invalid("nodePort", value=value, why="node ports are from 30000 to 32767")


def _affinity(at: At, spec: Map) -> None:
    at.choice("sessionAffinity", value=spec.get("sessionAffinity"), allowed=("ClientIP", "None"))
    if spec.get("sessionAffinity") == "ClientIP":
        settings = mapping(mapping(spec.get("sessionAffinityConfig")).get("clientIP"))
        seconds = number(settings.get("timeoutSeconds"))
        if seconds is not None and not 0 < seconds <= _LONGEST_AFFINITY:
            steps = ("sessionAffinityConfig", "clientIP", "timeoutSeconds")
            at.invalid(*steps, value=seconds, why="it is a number from 1 to 86400")


def _external_name(at: At, spec: Map, addresses: list[Any]) -> None:
    why = "the Service is of type `ExternalName`: it has no address"
    if addresses:
        at.forbidden("clusterIPs" if spec.get("clusterIPs") else "clusterIP", why=why)
    for field in ("ipFamilies", "ipFamilyPolicy"):
        if spec.get(field) not in (None, []):
            at.forbidden(field, why=why)
    name = text(spec.get("externalName")).removesuffix(".")
    if not name:
        at.missing("externalName", why="a Service of type `ExternalName` is an alias for a DNS name")
    else:
        at.name("externalName", value=name, rule=dns_subdomain)


def _families(at: At, spec: Map, addresses: list[Any], *, headless: bool) -> None:
    """`clusterIP`, `clusterIPs`, `ipFamilies` (`ValidateServiceClusterIPsRelatedFields`)."""
    single, field = text(spec.get("clusterIP")), "clusterIPs" if spec.get("clusterIPs") else "clusterIP"
    if spec.get("clusterIPs"):
        if not single:
            at.missing("clusterIP", why="it is the first of `clusterIPs`")
        elif addresses[0] != single:
            at.invalid("clusterIPs", 0, value=addresses[0], why=f"the first must be `clusterIP`, `{single}`")
    families = items(spec.get("ipFamilies"))
    for index, family in indexed_texts(families):
        at.choice("ipFamilies", index, value=family, allowed=_FAMILIES, needed="it names a family")
        if family in families[:index]:
            at.duplicate("ipFamilies", index, value=family, why="a family is listed once")
    at.choice("ipFamilyPolicy", value=spec.get("ipFamilyPolicy"), allowed=_FAMILY_POLICIES)
    if headless:
        return
    versions = []
    for index, address in indexed_texts(addresses):
        parsed = check_ip(at.to(field, index) if field == "clusterIPs" else at / field, address)
        versions.append(parsed.version if parsed else None)
    if len(versions) > 2 or (len(versions) == 2 and versions[0] == versions[1]):
        at.say("`clusterIPs` holds two addresses at most: one of each family.", "clusterIPs")
    for index, (version, family) in enumerate(zip(versions, families, strict=False)):
        if version and family in _FAMILIES and family != f"IPv{version}":
            place = at.to(field, index) if field == "clusterIPs" else at / field
            place.invalid(value=addresses[index], why=f"`ipFamilies` asks for {family} here")


def _balancer(at: At, spec: Map, kind: str) -> None:
    if kind != "LoadBalancer":
        why = "it goes with `type: LoadBalancer`"
        for field in ("allocateLoadBalancerNodePorts", "loadBalancerClass"):
            if spec.get(field) is not None:
                at.forbidden(field, why=why)
        if spec.get("loadBalancerSourceRanges"):
            at.forbidden("loadBalancerSourceRanges", why=why)
    elif isinstance(spec.get("loadBalancerClass"), str) and qualified_name(spec["loadBalancerClass"]):
        name = spec["loadBalancerClass"]
        at.invalid("loadBalancerClass", value=name, why=qualified_name(name))
    for index, cidr in indexed_texts(spec.get("loadBalancerSourceRanges")):
        check_cidr(at.to("loadBalancerSourceRanges", index), cidr.strip())


def _annotated_ranges(at: At, value: str, kind: str) -> None:
    if kind != "LoadBalancer":
        at.forbidden(why="it goes with `type: LoadBalancer`")
    for cidr in value.split(",") if value.strip() else ():
        check_cidr(at, cidr.strip())


def _traffic(at: At, spec: Map, kind: str) -> None:
    external = spec.get("externalTrafficPolicy")
    if kind in ("LoadBalancer", "NodePort") or (kind == "ClusterIP" and spec.get("externalIPs")):
        at.choice("externalTrafficPolicy", value=external, allowed=_POLICIES)
    elif external:
        at.forbidden("externalTrafficPolicy", why="the Service can't be reached from outside")
    check = number(spec.get("healthCheckNodePort")) or 0
    if check and not (kind == "LoadBalancer" and external == "Local"):
        why = "it goes with `type: LoadBalancer` and `externalTrafficPolicy: Local`"
        at.forbidden("healthCheckNodePort", why=why)
    elif check and port_number(check):
        at.invalid("healthCheckNodePort", value=check, why=port_number(check))
    at.choice("internalTrafficPolicy", value=spec.get("internalTrafficPolicy"), allowed=_POLICIES)
    at.choice("trafficDistribution", value=spec.get("trafficDistribution"), allowed=_NEAR)


def endpoints(at: At, data: Map) -> None:
    """Endpoints (`validateEndpointSubsets`)."""
    for index, subset in indexed(data.get("subsets")):
        place = at.to("subsets", index)
        if not subset.get("addresses") and not subset.get("notReadyAddresses"):
            place.say("A subset has `addresses` or `notReadyAddresses`.")
        for group in ("addresses", "notReadyAddresses"):
            for which, address in indexed(subset.get(group)):
                check_ip(place.to(group, which, "ip"), text(address.get("ip")), special=False)
                _hosts(place.to(group, which), address)
        ports = items(subset.get("ports"))
        for which, port in indexed(ports):
            _endpoint_port(place.to("ports", which), port, named=len(ports) > 1)
            if port_number(number(port.get("port")) or 0):
                place.invalid("ports", which, "port", value=port.get("port"), why=port_number(0))


def _hosts(at: At, address: Map) -> None:
    if text(address.get("hostname")):
        at.name("hostname", value=text(address.get("hostname")), rule=dns_label)
    if isinstance(address.get("nodeName"), str):
        at.name("nodeName", value=address["nodeName"], rule=dns_subdomain)


def _endpoint_port(at: At, port: Map, *, named: bool) -> None:
    name = text(port.get("name"))
    if name:
        at.name("name", value=name, rule=dns_label)
    elif named:
        at.missing("name", why="several ports have a name each")
    at.choice("protocol", value=port.get("protocol"), allowed=PROTOCOLS)
    if isinstance(port.get("appProtocol"), str) and qualified_name(port["appProtocol"]):
        at.invalid("appProtocol", value=port["appProtocol"], why=qualified_name(port["appProtocol"]))


def _hints(at: At, value: Any, rule: NameRule) -> None:
    """Zones or nodes that an endpoint is for (`validateHints`)."""
    if len(items(value)) > _MOST_HINTS:
        at.say("There are more than 8 hints.")
    seen: set[str] = set()
    for index, hint in indexed(value):
        name = text(hint.get("name"))
        if name in seen:
            at.duplicate(index, "name", value=name, why="a name is listed once")
        seen.add(name)
        if rule(name):
            at.invalid(index, "name", value=name, why=rule(name))


def endpoint_slice(at: At, data: Map) -> None:
    """An EndpointSlice (`ValidateEndpointSlice`)."""
    kind = data.get("addressType")
    at.choice(
        "addressType", value=kind, allowed=("IPv4", "IPv6", "FQDN"), needed="all addresses are of one type"
    )
    if len(items(data.get("endpoints"))) > 1000:
        at.say("A slice has 1000 endpoints at most.", "endpoints")
    for index, endpoint in indexed(data.get("endpoints")):
        place = at.to("endpoints", index)
        addresses = items(endpoint.get("addresses"))
        if not addresses:
            place.missing("addresses", why="an endpoint has an address")
        elif len(addresses) > 100:
            place.say("An endpoint has 100 addresses at most.", "addresses")
        for which, address in indexed_texts(addresses):
            if kind == "FQDN":
                place.name("addresses", which, value=address, rule=dns_subdomain)
            else:
                parsed = parse_ip(address)
                if parsed is None or (kind in _FAMILIES and kind != f"IPv{parsed.version}"):
                    place.invalid("addresses", which, value=address, why=f"it isn't an {kind} address")
                else:
                    check_ip(place.to("addresses", which), address, special=False)
        if endpoint.get("hostname") == "":
            place.invalid("hostname", value="", why=dns_label(""))
        _hosts(place, endpoint)
        hints = mapping(endpoint.get("hints"))
        for field, rule in (("forZones", label_value), ("forNodes", dns_subdomain)):
            _hints(place.to("hints", field), hints.get(field), rule)
    names: set[str] = set()
    for index, port in indexed(data.get("ports")):
        place = at.to("ports", index)
        _endpoint_port(place, port, named=False)
        name = text(port.get("name"))
        if name in names:
            place.duplicate("name", value=name, why="ports have different names")
        names.add(name)
