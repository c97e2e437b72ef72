"""The custom resources of Istio: PeerAuthentication, AuthorizationPolicy, DestinationRule.

Follows the schemas and rules of kubernetes/customresourcedefinitions.gen.yaml in istio/api (b8f8791, July
2026), and what the webhook of istiod refuses: `ValidatePeerAuthentication`, `ValidateAuthorizationPolicy` in
pkg/config/validation/validation.go and pkg/config/security/security.go of istio/istio (1.32).
"""

from __future__ import annotations

import ipaddress
from typing import Any

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.values import indexed, indexed_texts, items, mapping, text

MTLS_MODES = ("UNSET", "DISABLE", "PERMISSIVE", "STRICT")
CLIENT_MODES = ("DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL")
ACTIONS = ("ALLOW", "DENY", "AUDIT", "CUSTOM")
LAST_PORT = 65535
LONGEST_LABEL = 63

PLAIN_KEYS = (
    "source.ip",
    "remote.ip",
    "source.namespace",
    "source.serviceAccount",
    "source.principal",
    "source.trustDomain",
    "request.auth.principal",
    "request.auth.audiences",
    "request.auth.presenter",
    "destination.ip",
    "destination.port",
    "connection.sni",
)
"""Keys of `when` without a name in brackets."""
_BRACKETED = ("request.headers", "request.auth.claims", "experimental.envoy.filters.")
_IP_KEYS = ("source.ip", "remote.ip", "destination.ip")
_IP_FIELDS = ("ipBlocks", "notIpBlocks", "remoteIpBlocks", "notRemoteIpBlocks")
_PORT_FIELDS = ("ports", "notPorts")
_ACCOUNT_FIELDS = ("serviceAccounts", "notServiceAccounts")
_NOT_WITH_ACCOUNTS = ("principals", "notPrincipals", "namespaces", "notNamespaces")
_NOT_IN_CUSTOM = ("ipBlocks", "notIpBlocks", "remoteIpBlocks", "notRemoteIpBlocks")
_CUSTOM_KEYS = ("source.namespace", "source.serviceAccount", "source.trustDomain", "source.principal")


def peer_authentication(at: At, data: Map) -> None:
    """A PeerAuthentication."""
    spec, place = mapping(data.get("spec")), at / "spec"
    labels = _selector(place, spec)
    _mode(place.to("mtls"), spec.get("mtls"), MTLS_MODES)
    ports = spec.get("portLevelMtls")
    if not isinstance(ports, dict):
        return
    if not labels:
        why = "`portLevelMtls` goes with a `selector` only"
        place.forbidden("portLevelMtls", why=why, fix="Add a `selector` with `matchLabels`.")
    if not ports:
        place.missing("portLevelMtls", why="it has at least one port", fix="Add a port, or remove it.")
    for port, mtls in ports.items():
        if not _is_port(str(port), first=1):
            place.invalid("portLevelMtls", port, value=port, why=f"a port is a number, 1 to {LAST_PORT}")
        _mode(place.to("portLevelMtls", port), mtls, MTLS_MODES)


def authorization_policy(at: At, data: Map) -> None:
    """An AuthorizationPolicy."""
    spec, place = mapping(data.get("spec")), at / "spec"
    _selector(place, spec)
    action = spec.get("action")
    place.choice("action", value=action, allowed=ACTIONS)
    targets = [name for name in ("selector", "targetRef", "targetRefs") if spec.get(name) is not None]
    if len(targets) > 1:
        place.forbidden(targets[1], why=f"`{targets[0]}` is set, and only one of them can be")
    rules = spec.get("rules")
    if action in ("DENY", "CUSTOM") and rules is None:
        why = f"with `action: {action}` and no rules the policy never applies"
        place.missing("rules", why=why, fix="Add a rule; `{}` applies to every request.")
    if action == "CUSTOM" and rules is not None and not text(mapping(spec.get("provider")).get("name")):
        place.missing("provider", "name", why="`action: CUSTOM` asks a provider")
    if action != "CUSTOM" and spec.get("provider") is not None:
        place.forbidden("provider", why="it goes with `action: CUSTOM` only")
    for index, rule in indexed(rules):
        _rule(place.to("rules", index), rule, custom=action == "CUSTOM")


def destination_rule(at: At, data: Map) -> None:
    """A DestinationRule."""
    spec, place = mapping(data.get("spec")), at / "spec"
    if not text(spec.get("host")):
        place.missing("host", why="a DestinationRule is about the clients of one host")
    _traffic(place / "trafficPolicy", spec.get("trafficPolicy"))
    for index, subset in indexed(spec.get("subsets")):
        if not text(subset.get("name")):
            place.missing("subsets", index, "name", why="a subset has a name")
        _traffic(place.to("subsets", index, "trafficPolicy"), subset.get("trafficPolicy"))


def _selector(at: At, spec: Map) -> Map:
    """The labels of `selector`."""
    labels = mapping(mapping(spec.get("selector")).get("matchLabels"))
    for key, value in labels.items():
        place = at.to("selector", "matchLabels")
        if "*" in f"{key}{value}":
            place.invalid(key, value=value, why="wildcards aren't allowed in a selector")
        elif isinstance(value, str) and len(value) > LONGEST_LABEL:
            place.invalid(key, value=value, why=f"a label has {LONGEST_LABEL} characters at most")
        elif not key:
            place.invalid(key, value=key, why="a label has a key")
    return labels


def _mode(at: At, value: Any, allowed: tuple[str, ...]) -> None:
    at.choice("mode", value=mapping(value).get("mode"), allowed=allowed)


def _client_tls(at: At, value: Any) -> None:
    """What clients send; `validateTLS` of pkg/config/validation/agent/validation.go."""
    _mode(at, value, CLIENT_MODES)
    tls = mapping(value)
    if tls.get("mode") == "MUTUAL" and not text(tls.get("credentialName")):
        for field in ("clientCertificate", "privateKey"):
            if not text(tls.get(field)):
                why = "the mode `MUTUAL` needs a certificate of the client's own"
                at.missing(
                    field, why=why, fix="Add it. With Istio's certificates, the mode is `ISTIO_MUTUAL`."
                )


def _traffic(at: At, value: Any) -> None:
    policy = mapping(value)
    _client_tls(at.to("tls"), policy.get("tls"))
    for index, level in indexed(policy.get("portLevelSettings")):
        _client_tls(at.to("portLevelSettings", index, "tls"), level.get("tls"))
        number = mapping(level.get("port")).get("number")
        if not isinstance(number, int) or not 1 <= number <= LAST_PORT:
            at.missing("portLevelSettings", index, "port", why="settings of a port name it by its number")


def _rule(at: At, rule: Map, *, custom: bool) -> None:
    for side, inner in (("from", "source"), ("to", "operation")):
        entries = rule.get(side)
        if entries is not None and not items(entries):
            at.missing(side, why="an empty list isn't allowed", fix=f"Add an entry, or remove `{side}`.")
        for index, entry in indexed(entries):
            place, content = at.to(side, index), entry.get(inner)
            if not isinstance(content, dict) or not any(map(items, content.values())):
                place.missing(inner, why=f"an entry of `{side}` has a `{inner}` that says something")
            else:
                _values(place / inner, content, custom=custom)
    for index, condition in indexed(rule.get("when")):
        _condition(at.to("when", index), condition, custom=custom)


def _values(at: At, content: Map, *, custom: bool) -> None:
    if any(content.get(name) is not None for name in _ACCOUNT_FIELDS):
        for name in _NOT_WITH_ACCOUNTS:
            if content.get(name) is not None:
                at.forbidden(name, why="`serviceAccounts` is set, which says it all")
    for name, values in content.items():
        if custom and at.path[-1] == "source" and name not in _NOT_IN_CUSTOM and items(values):
            at.forbidden(name, why="`action: CUSTOM` doesn't support it")
        for index, value in indexed_texts(values):
            place = at.to(name)
            if not value:
                place.say(f"`{name}` has an empty value.", index, fix="Remove it.")
            elif broken := _broken(name, value):
                place.invalid(index, value=value, why=broken)


def _broken(name: str, value: str) -> str:
    if name in _IP_FIELDS and not _is_range(value):
        return "it must be an IP address or a range, such as 10.0.0.0/8"
    if name in _PORT_FIELDS and not _is_port(value):
        return f"a port is a number, 0 to {LAST_PORT}"
    if name in _ACCOUNT_FIELDS:
        return _account(value)
    if name in ("paths", "notPaths") and ("{" in value or "}" in value):
        return _template(value)
    return ""


def _account(value: str) -> str:
    if "*" in value:
        return "wildcards aren't allowed here"
    namespace, slash, name = value.rpartition("/")
    if not name or "/" in namespace or (slash and not namespace):
        return "write `name` or `namespace/name`"
    return ""


def _template(value: str) -> str:
    """Why a path with braces is refused: only `{*}` and a last `{**}` count (`CheckValidPathTemplate`)."""
    parts = value.strip("/").split("/")
    for index, part in enumerate(parts):
        if ("{" in part or "}" in part) and part not in ("{*}", "{**}"):
            return "braces mean `{*}` (one part of a path) or `{**}` (the rest of it)"
        if part == "{**}" and any(later in ("{*}", "{**}") for later in parts[index + 1 :]):
            return "`{**}` must be the last of its kind"
    return ""


def _condition(at: At, condition: Map, *, custom: bool) -> None:
    key = text(condition.get("key"))
    if not key:
        at.missing("key", why="a condition is about an attribute")
        return
    if key not in PLAIN_KEYS and not (key.startswith(_BRACKETED) and "[" in key and key.endswith("]")):
        known = ", ".join(f"`{one}`" for one in PLAIN_KEYS)
        why = "Istio doesn't know this attribute"
        at.invalid("key", value=key, why=why, fix=f"Write one of {known}, or `request.headers[NAME]`.")
    elif custom and (key in _CUSTOM_KEYS or key.startswith("request.auth.")):
        at.forbidden("key", why=f"`action: CUSTOM` doesn't support `{key}`")
    if not items(condition.get("values")) and not items(condition.get("notValues")):
        at.missing("values", why="a condition has `values` or `notValues`")
    for name in ("values", "notValues"):
        for index, value in indexed_texts(condition.get(name)):
            if not value:
                at.say(f"`{name}` has an empty value.", name, index, fix="Remove it.")
            elif key in _IP_KEYS and not _is_range(value):
                at.invalid(name, index, value=value, why="it must be an IP address or a range")
            elif key == "destination.port" and not _is_port(value):
                at.invalid(name, index, value=value, why=f"a port is a number, 0 to {LAST_PORT}")
            elif key == "source.serviceAccount" and _account(value):
                at.invalid(name, index, value=value, why=_account(value))


def _is_range(value: str) -> bool:
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return True


def _is_port(value: str, first: int = 0) -> bool:
    return (
        value.isascii()
        and value.isdecimal()
        and len(value) < len("100000")
        and first <= int(value) <= LAST_PORT
    )
