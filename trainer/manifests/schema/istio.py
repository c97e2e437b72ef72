"""The custom resources of Istio: a handwritten description in the notation of `tools/generate_schema.py`.

Follows kubernetes/customresourcedefinitions.gen.yaml of istio/api (b8f8791, July 2026): kinds that no rule
judges are open.
"""

from __future__ import annotations

_META = {"apiVersion": "string", "kind": "string", "metadata": "meta.v1.ObjectMeta"}

_SECURITY, _NETWORKING = ("v1", "v1beta1"), ("v1", "v1beta1", "v1alpha3")
_OPEN = ("VirtualService", "Gateway", "ServiceEntry", "Sidecar")

KINDS: dict[str, list[str]] = {
    **{
        f"security.istio.io/{version} {kind}": [f"istio.v1.{kind}", "Namespaced"]
        for version in _SECURITY
        for kind in ("PeerAuthentication", "AuthorizationPolicy", "RequestAuthentication")
    },
    **{
        f"networking.istio.io/{version} {kind}": [f"istio.v1.{kind}", "Namespaced"]
        for version in _NETWORKING
        for kind in ("DestinationRule", *_OPEN)
    },
}
"""`"group/version Kind"` -> [type, scope]."""

_LISTS = """
    ipBlocks namespaces principals remoteIpBlocks requestPrincipals serviceAccounts trustDomains
    hosts methods paths ports
""".split()


def _negatable(*names: str) -> dict[str, str]:
    """Lists of text, each with its `not` form."""
    return {key: "[]string" for name in names for key in (name, f"not{name[0].upper()}{name[1:]}")}


_POLICY = {
    "loadBalancer": "istio.v1.LoadBalancer",
    "connectionPool": "istio.v1.ConnectionPool",
    "outlierDetection": "istio.v1.OutlierDetection",
    "tls": "istio.v1.ClientTLS",
}

TYPES: dict[str, dict[str, str]] = {
    "istio.v1.Selector": {"matchLabels": "{}string"},
    "istio.v1.PeerAuthentication": {**_META, "spec": "istio.v1.PeerAuthenticationSpec", "status": "any"},
    "istio.v1.PeerAuthenticationSpec": {
        "selector": "istio.v1.Selector",
        "mtls": "istio.v1.MutualTLS",
        "portLevelMtls": "{}istio.v1.MutualTLS",
    },
    "istio.v1.MutualTLS": {"mode": "string"},
    "istio.v1.AuthorizationPolicy": {**_META, "spec": "istio.v1.AuthorizationPolicySpec", "status": "any"},
    "istio.v1.AuthorizationPolicySpec": {
        "selector": "istio.v1.Selector",
        "targetRef": "istio.v1.TargetRef",
        "targetRefs": "[]istio.v1.TargetRef",
        "rules": "[]istio.v1.AuthorizationRule",
        "action": "string",
        "provider": "istio.v1.Provider",
    },
    "istio.v1.TargetRef": {"group": "string", "kind": "!string", "name": "!string", "namespace": "string"},
    "istio.v1.Provider": {"name": "string"},
    "istio.v1.AuthorizationRule": {
        "from": "[]istio.v1.From",
        "to": "[]istio.v1.To",
        "when": "[]istio.v1.Condition",
    },
    "istio.v1.From": {"source": "istio.v1.Source"},
    "istio.v1.Source": _negatable(*_LISTS[:7]),
    "istio.v1.To": {"operation": "istio.v1.Operation"},
    "istio.v1.Operation": _negatable(*_LISTS[7:]),
    "istio.v1.Condition": {"key": "!string", "values": "[]string", "notValues": "[]string"},
    "istio.v1.DestinationRule": {**_META, "spec": "istio.v1.DestinationRuleSpec", "status": "any"},
    "istio.v1.DestinationRuleSpec": {
        "host": "!string",
        "trafficPolicy": "istio.v1.TrafficPolicy",
        "subsets": "[]istio.v1.Subset",
        "exportTo": "[]string",
        "workloadSelector": "istio.v1.Selector",
    },
    "istio.v1.Subset": {"name": "!string", "labels": "{}string", "trafficPolicy": "istio.v1.TrafficPolicy"},
    "istio.v1.TrafficPolicy": {
        **_POLICY,
        "portLevelSettings": "[]istio.v1.PortTrafficPolicy",
        "tunnel": "istio.v1.Tunnel",
        "proxyProtocol": "istio.v1.ProxyProtocol",
        "retryBudget": "istio.v1.RetryBudget",
    },
    "istio.v1.PortTrafficPolicy": {**_POLICY, "port": "istio.v1.Port"},
    "istio.v1.Port": {"number": "int64"},
    "istio.v1.ClientTLS": {
        **dict.fromkeys(
            (
                "mode",
                "clientCertificate",
                "privateKey",
                "caCertificates",
                "caCrl",
                "credentialName",
                "sni",
            ),
            "string",
        ),
        "subjectAltNames": "[]string",
        "insecureSkipVerify": "bool",
    },
    "istio.v1.Tunnel": {"protocol": "string", "targetHost": "!string", "targetPort": "!int64"},
    "istio.v1.ProxyProtocol": {"version": "string"},
    "istio.v1.RetryBudget": {
        "budgetInterval": "string",
        "minRetryConcurrency": "int64",
        "percent": "number",
    },
    "istio.v1.ConnectionPool": {"tcp": "istio.v1.TCPSettings", "http": "istio.v1.HTTPSettings"},
    "istio.v1.TCPSettings": {
        "connectTimeout": "string",
        "idleTimeout": "string",
        "maxConnectionDuration": "string",
        "maxConnections": "int32",
        "tcpKeepalive": "istio.v1.TCPKeepalive",
    },
    "istio.v1.TCPKeepalive": {"interval": "string", "probes": "int64", "time": "string"},
    "istio.v1.HTTPSettings": {
        "h2UpgradePolicy": "string",
        "http1MaxPendingRequests": "int32",
        "http2KeepAlive": "istio.v1.HTTPKeepalive",
        "http2MaxRequests": "int32",
        "idleTimeout": "string",
        "maxConcurrentStreams": "int32",
        "maxRequestsPerConnection": "int32",
        "maxRetries": "int32",
        "useClientProtocol": "bool",
    },
    "istio.v1.HTTPKeepalive": {"interval": "string", "timeout": "string"},
    "istio.v1.LoadBalancer": {
        "simple": "string",
        "consistentHash": "istio.v1.ConsistentHash",
        "localityLbSetting": "istio.v1.LocalitySetting",
        "zoneAwareLbSetting": "istio.v1.ZoneSetting",
        "warmup": "istio.v1.Warmup",
        "warmupDurationSecs": "string",
    },
    "istio.v1.ConsistentHash": {
        "httpCookie": "istio.v1.HTTPCookie",
        "httpHeaderName": "string",
        "httpQueryParameterName": "string",
        "maglev": "istio.v1.Maglev",
        "minimumRingSize": "int64",
        "ringHash": "istio.v1.RingHash",
        "useSourceIp": "bool",
    },
    "istio.v1.HTTPCookie": {
        "name": "!string",
        "path": "string",
        "ttl": "string",
        "attributes": "[]istio.v1.CookieAttribute",
    },
    "istio.v1.CookieAttribute": {"name": "!string", "value": "string"},
    "istio.v1.Maglev": {"tableSize": "int64"},
    "istio.v1.RingHash": {"minimumRingSize": "int64"},
    "istio.v1.LocalitySetting": {
        "distribute": "[]istio.v1.Distribute",
        "enabled": "bool",
        "failover": "[]istio.v1.Failover",
        "failoverPriority": "[]string",
    },
    "istio.v1.Distribute": {"from": "string", "to": "{}int64"},
    "istio.v1.Failover": {"from": "string", "to": "string"},
    "istio.v1.ZoneSetting": {
        "enabled": "bool",
        "failover": "[]istio.v1.Failover",
        "failoverPriority": "[]string",
        "minClusterSize": "int64",
    },
    "istio.v1.Warmup": {"aggression": "number", "duration": "!string", "minimumPercent": "number"},
    "istio.v1.OutlierDetection": {
        "baseEjectionTime": "string",
        "consecutive5xxErrors": "int64",
        "consecutiveErrors": "int32",
        "consecutiveGatewayErrors": "int64",
        "consecutiveLocalOriginFailures": "int64",
        "interval": "string",
        "maxEjectionPercent": "int32",
        "minHealthPercent": "int32",
        "outlierDetectionHttpErrorCodes": "[]int64",
        "splitExternalLocalOriginErrors": "bool",
    },
    **{
        f"istio.v1.{kind}": {**_META, "spec": "any", "status": "any"}
        for kind in ("RequestAuthentication", *_OPEN)
    },
}
"""Type -> its fields."""
