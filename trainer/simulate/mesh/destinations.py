"""What does a client's sidecar send to a Service: mutual TLS of Istio, other TLS, or plaintext?

Follows `setDestinationRules`, `destinationRule` and `MostSpecificHostMatch` in pilot/pkg/model
(push_context.go, config.go, destination_rule.go) and `trafficPolicyTLSModeForPort` in
pilot/pkg/xds/endpoints/mtls_checker.go of istio/istio (1.32):

- the rule is searched in the client's namespace, then in the Service's, then in the root namespace (these two
  only if `exportTo` covers the client); the first place with a matching host ends the search;
- in one place the exact host comes before wildcards, the longest wildcard before shorter ones, and of two
  rules for one host the oldest that has a `trafficPolicy`;
- a host without a dot is a Service of the rule's own namespace; one with a dot is complete as it is, so that
  `api.shop` names no Service;
- `portLevelSettings` with `tls` overrides `trafficPolicy.tls` for a port of the Service. Without either,
  Istio decides (auto mTLS). Subsets need a VirtualService; `workloadSelector` is matched with the client's
  labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import indexed, mapping, text, text_mapping, texts
from trainer.simulate.mesh.peers import ROOT
from trainer.verdict import Location

DOMAIN = "svc.cluster.local"
AUTO = "AUTO"
"""No DestinationRule says what to send: auto mTLS."""
PRIVATE, PUBLIC = ".", "*"


class Destination(msgspec.Struct, frozen=True, eq=False):
    """A DestinationRule with the full name of its host."""

    manifest: Manifest
    host: str
    exported: tuple[str, ...]
    selector: dict[str, str] | None

    @property
    def namespace(self) -> str:
        """The namespace of the rule."""
        return self.manifest.namespace

    def is_local(self) -> bool:
        """Whether clients of its own namespace see it."""
        return not self.exported or bool({PRIVATE, PUBLIC, self.namespace}.intersection(self.exported))

    def is_exported(self, client: str) -> bool:
        """Whether clients of a namespace see it where they look into other namespaces."""
        if self.exported in ((PRIVATE,), (self.namespace,)) or self.selector is not None:
            return False
        return not self.exported or PUBLIC in self.exported or client in self.exported

    def covers(self, host: str) -> bool:
        """Whether the rule is for this host."""
        return host.endswith(self.host[1:]) if self.host.startswith("*") else host == self.host


class ClientTLS(msgspec.Struct, frozen=True, eq=False):
    """What a client sends: DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL, or `AUTO`."""

    mode: str
    manifest: Manifest | None = None
    path: Path = ()
    """The way to the `tls` that says so."""

    @property
    def location(self) -> Location | None:
        """The line that says so."""
        return self.manifest.where(*self.path, "mode") if self.manifest else None

    @property
    def names(self) -> list[str]:
        """The identities that the client takes from the server; none of them: that of the Service's Pods.

        Raises `NotJudged` for settings that change how the server is found and checked.
        """
        settings = mapping(self.manifest.get(*self.path)) if self.manifest else {}
        for name in ("sni", "insecureSkipVerify"):
            if settings.get(name) and self.manifest:
                raise NotJudged(f"`{name}` of a client", self.manifest.where(*self.path, name))
        return texts(settings.get("subjectAltNames"))


def destinations(manifests: Sequence[Manifest]) -> list[Destination]:
    """The DestinationRules among these objects, in their order."""
    found = []
    for manifest in manifests:
        if manifest.kind == "DestinationRule" and manifest.group == "networking.istio.io":
            spec = mapping(manifest.data.get("spec"))
            selector = spec.get("workloadSelector")
            labels = (
                text_mapping(mapping(selector).get("matchLabels")) if isinstance(selector, dict) else None
            )
            host = full_host(text(spec.get("host")), manifest.namespace)
            found.append(Destination(manifest, host, tuple(texts(spec.get("exportTo"))), labels))
    return found


def full_host(host: str, namespace: str) -> str:
    """The full name of a rule's host (`ResolveShortnameToFQDN`)."""
    return host if "." in host or host == "*" else f"{host}.{namespace}.{DOMAIN}"


def client_tls(
    rules: Sequence[Destination], client: str, labels: Mapping[str, str], service: tuple[str, str], port: int
) -> ClientTLS:
    """What a client sends to a port of a Service (namespace, name). `rules` are sorted by age."""
    namespace, name = service
    host = f"{name}.{namespace}.{DOMAIN}"
    local = [rule for rule in rules if rule.namespace == client and rule.is_local()]
    if client == ROOT:  # its other rules are those of the whole mesh, which come last
        local = [rule for rule in local if not rule.is_exported(client)]
    places = [local]
    places += [
        [rule for rule in rules if rule.namespace == home and rule.is_exported(client)]
        for home in dict.fromkeys((namespace, ROOT))
    ]
    for seen in places:
        matching = _most_specific(seen, host)
        if matching:
            return _mode(_selected(matching, labels), port)
    return ClientTLS(AUTO)


def _most_specific(rules: Sequence[Destination], host: str) -> list[Destination]:
    """The rules for the host that is nearest to this one."""
    matching = [rule for rule in rules if rule.covers(host)]
    if not matching:
        return []
    nearest = max(matching, key=lambda rule: (not rule.host.startswith("*"), len(rule.host)))
    return [rule for rule in matching if rule.host == nearest.host]


def _selected(rules: Sequence[Destination], labels: Mapping[str, str]) -> list[Destination]:
    """Of rules for one host, those with a selector that matches the client, else those without one."""
    chosen = [rule for rule in rules if rule.selector is not None and rule.selector.items() <= labels.items()]
    return chosen or [rule for rule in rules if rule.selector is None]


def _mode(rules: Sequence[Destination], port: int) -> ClientTLS:
    for rule in rules:
        policy = rule.manifest.get("spec", "trafficPolicy")
        if isinstance(policy, dict):
            for path, mode in reversed(list(_modes(policy, port))):
                return ClientTLS(mode, rule.manifest, ("spec", "trafficPolicy", *path))
            return ClientTLS(AUTO)
    return ClientTLS(AUTO)


def _modes(policy: dict[str, Any], port: int) -> Iterator[tuple[Path, str]]:
    """The modes of a traffic policy that cover a port, the one that counts last. Without `mode`: DISABLE."""
    if isinstance(policy.get("tls"), dict):
        yield ("tls",), text(policy["tls"].get("mode")) or "DISABLE"
    for index, level in indexed(policy.get("portLevelSettings")):
        if mapping(level.get("port")).get("number") == port and isinstance(level.get("tls"), dict):
            mode = text(level["tls"].get("mode")) or "DISABLE"
            yield ("portLevelSettings", index, "tls"), mode
            return
