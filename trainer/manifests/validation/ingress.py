"""Ingress and IngressClass.

Follows Kubernetes pkg/apis/networking/validation/validation.go (v1.35).
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.addresses import parse_ip
from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.names import (
    dns_label,
    dns_subdomain,
    path_segment,
    port_name,
    port_number,
    service_name,
    wildcard_subdomain,
)
from trainer.manifests.validation.signers import domain_path
from trainer.manifests.values import indexed, indexed_texts, mapping, number, text, text_mapping

_CLASS = "kubernetes.io/ingress.class"
_PATH_TYPES = ("Exact", "ImplementationSpecific", "Prefix")
_BAD_PARTS = ("//", "/./", "/../", "%2f", "%2F")
_BAD_ENDS = ("/..", "/.")


def ingress(at: At, data: Map) -> None:
    """An Ingress on create (`ValidateIngressCreate`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    if not spec.get("rules") and not isinstance(spec.get("defaultBackend"), dict):
        place.say("There is neither `rules` nor `defaultBackend`: nothing would be routed.")
    if isinstance(spec.get("defaultBackend"), dict):
        _backend(place / "defaultBackend", spec["defaultBackend"])
    for index, rule in indexed(spec.get("rules")):
        _rule(place.to("rules", index), rule)
    for index, tls in indexed(spec.get("tls")):
        for which, host in indexed_texts(tls.get("hosts")):
            _host(place.to("tls", index, "hosts", which), host)
        secret = text(tls.get("secretName"))
        if secret:
            place.name("tls", index, "secretName", value=secret, rule=dns_subdomain)
    chosen = spec.get("ingressClassName")
    if isinstance(chosen, str):
        place.name("ingressClassName", value=chosen, rule=dns_subdomain)
        note = text_mapping(mapping(data.get("metadata")).get("annotations")).get(_CLASS)
        if note is not None and note != chosen:
            why = f"`ingressClassName` says `{chosen}`, and both have to agree"
            at.invalid("metadata", "annotations", _CLASS, value=note, why=why)


def _host(at: At, host: str) -> None:
    if "*" in host:
        if wildcard_subdomain(host):
            at.invalid(value=host, why=wildcard_subdomain(host))
    else:
        at.name(value=host, rule=dns_subdomain)


def _rule(at: At, rule: Map) -> None:
    host = text(rule.get("host"))
    if host and parse_ip(host):
        at.invalid("host", value=host, why="a host is a DNS name, no address")
    elif host:
        _host(at / "host", host)
    http = rule.get("http")
    if not isinstance(http, dict):
        return
    if not http.get("paths"):
        at.missing("http", "paths", why="a rule for HTTP has at least one path")
    for index, path in indexed(http.get("paths")):
        _path(at.to("http", "paths", index), path)


def _path(at: At, item: Map) -> None:
    kind, path = item.get("pathType"), text(item.get("path"))
    needed = "it says how the path is compared"
    if not at.choice("pathType", value=kind, allowed=_PATH_TYPES, needed=needed) and kind is None:
        return
    if not path.startswith("/") and (path or kind in ("Exact", "Prefix")):
        at.invalid("path", value=path, why="a path starts with `/`")
    if kind in ("Exact", "Prefix"):
        bad = [part for part in _BAD_PARTS if part in path] + [e for e in _BAD_ENDS if path.endswith(e)]
        if bad:
            at.invalid("path", value=path, why=f"a path may not have `{bad[0]}`")
    _backend(at / "backend", mapping(item.get("backend")))


def _backend(at: At, backend: Map) -> None:
    resource, service = backend.get("resource"), backend.get("service")
    if isinstance(resource, dict) and isinstance(service, dict):
        at.say("The backend has both `service` and `resource`: it takes one of them.")
    elif isinstance(resource, dict):
        _reference(at / "resource", resource)
    elif isinstance(service, dict):
        name = text(service.get("name"))
        if not name:
            at.missing("service", "name", why="it names the Service that gets the requests")
        else:
            at.name("service", "name", value=name, rule=service_name(at.kubernetes))
        _backend_port(at.to("service", "port"), mapping(service.get("port")))
    else:
        at.say("The backend is empty: it needs `service` with name and port (or `resource`).")


def _backend_port(at: At, port: Map) -> None:
    name, value = text(port.get("name")), number(port.get("number")) or 0
    if name and value:
        at.say("There are both `name` and `number`: a port is given by one of them.")
    elif name:
        if port_name(name):
            at.invalid("name", value=name, why=port_name(name))
    elif value:
        if port_number(value):
            at.invalid("number", value=value, why=port_number(value))
    else:
        at.say("The backend's port is missing: it is given by `name` or `number`.")


def _reference(at: At, reference: Map) -> None:
    group = reference.get("apiGroup")
    if isinstance(group, str):
        at.name("apiGroup", value=group, rule=dns_subdomain)
    for field in ("kind", "name"):
        value = text(reference.get(field))
        if not value:
            at.missing(field, why="an object is named by kind and name")
        elif path_segment(value):
            at.invalid(field, value=value, why=path_segment(value))


def ingress_class(at: At, data: Map) -> None:
    """An IngressClass (`validateIngressClassSpec`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    controller = text(spec.get("controller"))
    if not controller:
        place.missing("controller", why="it names the controller for the class")
    else:
        if len(controller) > 250:
            place.invalid("controller", value=controller, why="it has 250 characters at most")
        domain_path(place, "controller", controller)
    parameters: Any = spec.get("parameters")
    if not isinstance(parameters, dict):
        return
    target = place / "parameters"
    _reference(target, parameters)
    scope, namespace = parameters.get("scope"), parameters.get("namespace")
    # A missing scope is defaulted to Cluster.
    target.choice("scope", value=scope, allowed=("Cluster", "Namespace"))
    if scope == "Namespace":
        if not isinstance(namespace, str):
            target.missing("namespace", why="`scope` is `Namespace`")
        else:
            target.name("namespace", value=namespace, rule=dns_label)
    elif isinstance(namespace, str) and scope in (None, "", "Cluster"):
        target.forbidden("namespace", why="`scope` is `Cluster`")
