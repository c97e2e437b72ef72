"""What fields of the API are set to in mutants: values with an effect, by the field's name or its type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

LEFT_OUT = frozenset(
    (
        *("apiVersion", "kind", "metadata", "status"),  # which object it is, and what became of it
        *(
            "revisionHistoryLimit",
            "progressDeadlineSeconds",
            "minReadySeconds",
            "strategy",
        ),  # how it is rolled out
        *("secrets", "imagePullSecrets", "immutable", "data", "stringData"),  # what else is stored beside
        *("extensions", "preferences", "disable-compression"),  # what kubectl keeps for other programs
        *("installHint", "provideClusterInfo", "interactiveMode"),  # how a program is run, not which one
        "omitManagedFields",  # how long an audit event is
        "namespace",  # where it has no effect (users) or only saves typing (contexts)
        *("ingress", "egress"),  # rules of NetworkPolicies have their own mutants
    )
)
"""Fields that give nobody access and don't change what runs."""

EFFECTS: dict[str, tuple[str, ...]] = {
    "core.v1.PodSpec": (
        "activeDeadlineSeconds",
        "affinity",
        "automountServiceAccountToken",  # see ASKED
        "initContainers",
        "nodeName",
        "nodeSelector",
        "readinessGates",
        "runtimeClassName",
        "schedulerName",
        "schedulingGates",
        "shareProcessNamespace",  # of Pods with several containers
    ),
    "core.v1.Container": ("args", "command"),
    # The API server writes who requests: `username`, `uid`, `groups`, `extra`.
    "certificates.v1.CertificateSigningRequestSpec": ("expirationSeconds",),
}
"""Of these types, most fields say how a Pod is run, and a task leaves that open. Those listed keep a Pod from
running, change its processes, or open one container to another. Privileges have their own mutants."""

UNASKED: dict[str, tuple[str, ...]] = {
    "cilium.v2.Rule": ("description", "labels", "log"),
    "istio.v1.DestinationRuleSpec": ("subsets", "workloadSelector"),
    "istio.v1.TrafficPolicy": (
        "connectionPool",
        "loadBalancer",
        "outlierDetection",
        "proxyProtocol",
        "retryBudget",
        "tunnel",
    ),
    "istio.v1.Source": ("notRequestPrincipals", "requestPrincipals"),  # nobody sends a token
    "istio.v1.ClientTLS": ("caCertificates", "caCrl", "clientCertificate", "credentialName", "privateKey"),
    "istio.v1.PortTrafficPolicy": ("connectionPool", "loadBalancer", "outlierDetection"),
}
"""Fields of these types that don't say who may call and what is encrypted."""

ASKED = ("automountServiceAccountToken",)
"""Fields of these that are tried only if the answer speaks of them: tokens are another subject."""

_ANY_NODE = {"matchExpressions": [{"key": "mutant", "operator": "Exists"}]}

VALUES: dict[str, Sequence[Any]] = {
    "affinity": (
        {
            "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [_ANY_NODE]}
            }
        },
    ),
    "automountServiceAccountToken": (True, False),
    "initContainers": ([{"name": "mutant", "image": "busybox"}],),
    "schedulingGates": ([{"name": "mutant.example/gate"}],),
    "readinessGates": ([{"conditionType": "mutant.example/condition"}],),
    "proxy-url": ("http://mutant.example:3128",),
    "url": ("https://mutant.example/",),
    "ingressDeny": ([{"fromEntities": ["all"]}],),
    "egressDeny": ([{"toEntities": ["all"]}],),
    "specs": (
        [
            {
                "endpointSelector": {},
                "ingress": [{"fromEntities": ["all"]}],
                "egress": [{"toEntities": ["all"]}],
            }
        ],
    ),
    "notPrincipals": (["cluster.local/*"],),
    "notNamespaces": (["*"],),
    "notServiceAccounts": (["shop/frontend"],),
    "notTrustDomains": (["*"],),
    "notIpBlocks": (["10.0.0.0/8"],),
    "notRemoteIpBlocks": (["10.0.0.0/8"],),
    "notHosts": (["*"],),
    "notMethods": (["GET"],),
    "notPaths": (["/api*"],),
    "notPorts": (["8080"],),
    "when": (
        [{"key": "source.namespace", "values": ["mutant"]}],
        [{"key": "request.headers[mutant]", "values": ["*"]}],
    ),
    "portLevelSettings": ([{"port": {"number": 80}, "tls": {"mode": "DISABLE"}}],),
    "portLevelMtls": ({"8080": {"mode": "PERMISSIVE"}}, {"8080": {"mode": "DISABLE"}}),
}
"""Values of fields, by their names."""

OF_TYPES: dict[str, Sequence[Any]] = {
    "istio.v1.ClientTLS": ({"mode": "DISABLE"}, {"mode": "SIMPLE"}),
    "istio.v1.MutualTLS": ({"mode": "PERMISSIVE"}, {"mode": "DISABLE"}),
    "istio.v1.Selector": ({"matchLabels": {"mutant": "mutant"}},),
}
"""Values of fields of these types."""

_SCALARS: dict[str, Sequence[Any]] = {
    "bool": (True,),
    "string": ("mutant",),
    "int32": (1,),
    "int64": (1,),
    "number": (1,),
    "quantity": ("100Ti",),
    "int-or-string": (1,),
    "bytes": ("bXV0YW50",),
    "duration": ("1s",),
}


def scalar_values(kind: str) -> Sequence[Any]:
    """Values of a scalar type of the schema. A boolean is false by default, unless `VALUES` says more."""
    return _SCALARS.get(kind, ())
