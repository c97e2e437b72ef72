"""The network policies of Cilium: a handwritten description in the notation of `tools/generate_schema.py`.

Follows the CustomResourceDefinitions ciliumnetworkpolicies and ciliumclusterwidenetworkpolicies
(pkg/k8s/apis/cilium.io/client/crds/v2) and the types in pkg/policy/api of cilium/cilium, v1.18.
"""

from __future__ import annotations

_META = {"apiVersion": "string", "kind": "string", "metadata": "meta.v1.ObjectMeta"}

KINDS: dict[str, list[str]] = {
    "cilium.io/v2 CiliumNetworkPolicy": ["cilium.v2.Policy", "Namespaced"],
    "cilium.io/v2 CiliumClusterwideNetworkPolicy": ["cilium.v2.Policy", "Cluster"],
}
"""`"group/version Kind"` -> [type, scope]."""

_SELECTORS = "[]meta.v1.LabelSelector"
_INGRESS = {
    "fromEndpoints": _SELECTORS,
    "fromRequires": _SELECTORS,
    "fromCIDR": "[]string",
    "fromCIDRSet": "[]cilium.v2.CIDRRule",
    "fromEntities": "[]string",
    "fromGroups": "[]cilium.v2.Groups",
    "fromNodes": _SELECTORS,
    "icmps": "[]cilium.v2.ICMPRule",
}
_EGRESS = {
    "toEndpoints": _SELECTORS,
    "toRequires": _SELECTORS,
    "toCIDR": "[]string",
    "toCIDRSet": "[]cilium.v2.CIDRRule",
    "toEntities": "[]string",
    "toServices": "[]cilium.v2.Service",
    "toGroups": "[]cilium.v2.Groups",
    "toNodes": _SELECTORS,
    "icmps": "[]cilium.v2.ICMPRule",
}
_ALLOW = {"toPorts": "[]cilium.v2.PortRule", "authentication": "cilium.v2.Authentication"}
_DENY = {"toPorts": "[]cilium.v2.PortDenyRule"}

TYPES: dict[str, dict[str, str]] = {
    "cilium.v2.Policy": {**_META, "spec": "cilium.v2.Rule", "specs": "[]cilium.v2.Rule", "status": "any"},
    "cilium.v2.Rule": {
        "endpointSelector": "meta.v1.LabelSelector",
        "nodeSelector": "meta.v1.LabelSelector",
        "ingress": "[]cilium.v2.IngressRule",
        "ingressDeny": "[]cilium.v2.IngressDenyRule",
        "egress": "[]cilium.v2.EgressRule",
        "egressDeny": "[]cilium.v2.EgressDenyRule",
        "enableDefaultDeny": "cilium.v2.DefaultDeny",
        "labels": "[]cilium.v2.Label",
        "log": "cilium.v2.Log",
        "description": "string",
    },
    "cilium.v2.DefaultDeny": {"ingress": "bool", "egress": "bool"},
    "cilium.v2.Label": {"key": "!string", "source": "string", "value": "string", "cidr": "any"},
    "cilium.v2.Log": {"value": "string"},
    "cilium.v2.IngressRule": {**_INGRESS, **_ALLOW},
    "cilium.v2.IngressDenyRule": {**_INGRESS, **_DENY},
    "cilium.v2.EgressRule": {**_EGRESS, "toFQDNs": "[]cilium.v2.FQDN", **_ALLOW},
    "cilium.v2.EgressDenyRule": {**_EGRESS, **_DENY},
    "cilium.v2.Authentication": {"mode": "!string"},
    "cilium.v2.CIDRRule": {
        "cidr": "string",
        "cidrGroupRef": "string",
        "cidrGroupSelector": "meta.v1.LabelSelector",
        "except": "[]string",
    },
    "cilium.v2.Groups": {"aws": "cilium.v2.AWSGroup"},
    "cilium.v2.AWSGroup": {
        "labels": "{}string",
        "region": "string",
        "securityGroupsIds": "[]string",
        "securityGroupsNames": "[]string",
    },
    "cilium.v2.Service": {
        "k8sService": "cilium.v2.ServiceName",
        "k8sServiceSelector": "cilium.v2.ServiceSelector",
    },
    "cilium.v2.ServiceName": {"serviceName": "string", "namespace": "string"},
    "cilium.v2.ServiceSelector": {"selector": "!meta.v1.LabelSelector", "namespace": "string"},
    "cilium.v2.FQDN": {"matchName": "string", "matchPattern": "string"},
    "cilium.v2.ICMPRule": {"fields": "[]cilium.v2.ICMPField"},
    "cilium.v2.ICMPField": {"family": "string", "type": "!int-or-string"},
    "cilium.v2.PortDenyRule": {"ports": "[]cilium.v2.Port"},
    "cilium.v2.Port": {"port": "string", "endPort": "int32", "protocol": "string"},
    "cilium.v2.PortRule": {
        "ports": "[]cilium.v2.Port",
        "terminatingTLS": "cilium.v2.TLSContext",
        "originatingTLS": "cilium.v2.TLSContext",
        "serverNames": "[]string",
        "listener": "cilium.v2.Listener",
        "rules": "cilium.v2.L7Rules",
    },
    "cilium.v2.TLSContext": {
        "secret": "!cilium.v2.SecretName",
        "trustedCA": "string",
        "certificate": "string",
        "privateKey": "string",
    },
    "cilium.v2.SecretName": {"name": "!string", "namespace": "string"},
    "cilium.v2.Listener": {
        "envoyConfig": "!cilium.v2.EnvoyConfig",
        "name": "!string",
        "priority": "int32",
    },
    "cilium.v2.EnvoyConfig": {"kind": "string", "name": "!string"},
    "cilium.v2.L7Rules": {
        "http": "[]cilium.v2.HTTPRule",
        "kafka": "[]cilium.v2.KafkaRule",
        "dns": "[]cilium.v2.FQDN",
        "l7proto": "string",
        "l7": "[]{}string",
    },
    "cilium.v2.HTTPRule": {
        "path": "string",
        "method": "string",
        "host": "string",
        "headers": "[]string",
        "headerMatches": "[]cilium.v2.HeaderMatch",
    },
    "cilium.v2.HeaderMatch": {
        "mismatch": "string",
        "name": "!string",
        "secret": "cilium.v2.SecretName",
        "value": "string",
    },
    "cilium.v2.KafkaRule": {
        "role": "string",
        "apiKey": "string",
        "apiVersion": "string",
        "clientID": "string",
        "topic": "string",
    },
}
"""Type -> its fields."""
