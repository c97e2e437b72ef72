"""What a Service loses when its type changes: fields that the new type doesn't have.

Follows `dropTypeDependentFields` of pkg/registry/core/service (v1.36); each row of the tests was tried on a
kube-apiserver v1.36.2. A field goes only if the new manifest doesn't change it, and only in an update.
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.values import mappings

Spec = dict[str, Any]

_ADDRESSED = ("ClusterIP", "LoadBalancer", "NodePort")
_FIELDS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("clusterIP", "clusterIPs"), _ADDRESSED),
    (("ipFamilies",), _ADDRESSED),
    (("ipFamilyPolicy",), _ADDRESSED),
    (("internalTrafficPolicy",), _ADDRESSED),
    (("allocateLoadBalancerNodePorts",), ("LoadBalancer",)),
    (("loadBalancerClass",), ("LoadBalancer",)),
)
"""Fields that go together, and the types that have them."""


def drop_fields_of_the_old_type(old: Spec, new: Spec) -> bool:
    """Remove from `new`, a spec with defaults, what its type doesn't have; whether anything went.

    A field that `new` omits is one that the server keeps.
    """
    gone = [
        field
        for fields, types in _FIELDS
        if old.get("type") in types
        and new.get("type") not in types
        and all(old.get(field) == new.get(field, old.get(field)) for field in fields)
        for field in fields
        if field in new
    ]
    policy, port = "externalTrafficPolicy", "healthCheckNodePort"
    if _checks_health(old) and not _checks_health(new) and old.get(port) == new.get(port) and port in new:
        gone.append(port)
    if (
        _reachable_from_outside(old)
        and not _reachable_from_outside(new)
        and old.get(policy) == new.get(policy)
        and policy in new
    ):
        gone.append(policy)
    for field in gone:
        del new[field]
    return _drop_node_ports(old, new) or bool(gone)


def _drop_node_ports(old: Spec, new: Spec) -> bool:
    """Without ports on the nodes, those that the Service had go; a new one stays, to be refused."""
    numbers = _node_ports(new)
    if (
        not (_has_node_ports(old) and not _has_node_ports(new))
        or not numbers
        or not numbers <= _node_ports(old)
    ):
        return False
    new["ports"] = [
        {field: value for field, value in port.items() if field != "nodePort"}
        for port in mappings(new["ports"])
    ]
    return True


def _node_ports(spec: Spec) -> set[int]:
    return {
        port["nodePort"] for port in mappings(spec.get("ports")) if isinstance(port.get("nodePort"), int)
    } - {0}


def _has_node_ports(spec: Spec) -> bool:
    return spec.get("type") in ("LoadBalancer", "NodePort")


def _checks_health(spec: Spec) -> bool:
    return spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"


def _reachable_from_outside(spec: Spec) -> bool:
    """As `ExternallyAccessible` of pkg/api/service (v1.35)."""
    kind = spec.get("type")
    return kind in ("LoadBalancer", "NodePort") or (kind == "ClusterIP" and bool(spec.get("externalIPs")))
