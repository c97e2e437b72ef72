"""Is a call from one Pod to another accepted, how is it sent, and which line decides?

Follows https://istio.io/latest/docs/concepts/security/ (Istio 1.32):

- a client without a sidecar sends plaintext, one with a sidecar what its DestinationRule says, and without
  one mutual TLS to every workload that takes it (auto mTLS). Auto mTLS and DestinationRules need a Service:
  a call to a Pod's own address is plaintext;
- a server without a sidecar takes plaintext only; the mode of its port says what a sidecar takes: STRICT
  mutual TLS, DISABLE plaintext, PERMISSIVE both. TLS that isn't Istio's own ends at no sidecar, so the call
  fails;
- then the AuthorizationPolicies of the server decide.

Not judged: VirtualServices and ServiceEntries for the host of a call, Sidecar objects, and clients with
certificates of their own (`mode: MUTUAL`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.values import mapping, mappings, text, text_mapping, texts
from trainer.simulate.mesh.authorization import (
    AccessPolicy,
    Decision,
    Request,
    access_policies,
    decide,
    uses_tokens,
)
from trainer.simulate.mesh.destinations import AUTO, DOMAIN, ClientTLS, client_tls, destinations, full_host
from trainer.simulate.mesh.peers import ROOT, Effective, by_age, effective, peer_policies
from trainer.simulate.mesh.sidecars import (
    Sidecar,
    account_of,
    bypasses,
    identity_of,
    revisions_of,
    sidecar_of,
)
from trainer.simulate.network.flows import Endpoint, Network
from trainer.simulate.network.pods import Pod
from trainer.simulate.network.services import Service
from trainer.verdict import Location

_POLICIES = ("PeerAuthentication", "AuthorizationPolicy", "DestinationRule")
_TOKENS = "RequestAuthentication"
_ROUTES = ("VirtualService", "ServiceEntry")
_TCP = ("tcp", "tls", "mongo", "mysql", "redis", "udp")


class Call(msgspec.Struct, frozen=True, eq=False):
    """A call: an HTTP request to a port of the target, through `service` at its port if one is named."""

    source: Endpoint
    target: Endpoint
    port: int
    service: Service | None = None
    service_port: int = 0
    method: str = "GET"
    path: str = "/"
    host: str = ""


class Answer(msgspec.Struct, frozen=True, eq=False):
    """What becomes of a call. `why` is a clause, `place` what decides about the connection."""

    accepted: bool
    mutual: bool
    why: str
    place: Location | None = None
    decision: Decision | None = None
    """What the AuthorizationPolicies say, if the call gets to them."""
    tls: bool = False
    """Whether the client sends TLS that isn't Istio's."""

    @property
    def location(self) -> Location | None:
        """The line that decides, if one does."""
        return self.decision.location if self.decision else self.place


class Connection(msgspec.Struct, frozen=True, eq=False):
    """What becomes of a call's connection. `policies` are asked about `request`, if it gets so far."""

    answer: Answer
    policies: tuple[AccessPolicy, ...] = ()
    request: Request | None = None

    def ask(self, request: Request, *, explain: bool = True) -> Answer:
        """What becomes of a request over this connection, which isn't refused. Raises `NotJudged`."""
        decision = decide(self.policies, request, explain=explain)
        if not decision.accepted:
            return Answer(False, self.answer.mutual, decision.why, None, decision)
        why = f"{self.answer.why}; {decision.why}"
        return Answer(True, self.answer.mutual, why, None, decision)


class Mesh:
    """The Pods, Services and policies of a world; it answers questions about calls."""

    def __init__(self, manifests: Iterable[Manifest], given: Iterable[Manifest] = ()) -> None:
        objects = tuple(manifests)
        ordered = by_age([one for one in objects if one.kind in _POLICIES], given)
        self.network = Network(one for one in objects if "NetworkPolicy" not in one.kind)
        self.peers = peer_policies(ordered)
        self.destinations = destinations(ordered)
        self.access = access_policies(ordered)
        self.revisions = revisions_of(objects)
        self._foreign = [
            one
            for one in objects
            if one.kind in (*_ROUTES, "Sidecar", _TOKENS) and one.group.endswith("istio.io")
        ]
        self._sidecars: dict[int, Sidecar] = {}

    def with_namespaces(self, labels: Mapping[str, dict[str, str]]) -> Mesh:
        """The same mesh with more namespaces, by name."""
        more = copy(self)
        more.network = self.network.with_namespaces(labels)
        more._sidecars = {}
        return more

    def sidecar(self, pod: Pod) -> Sidecar:
        """Whether a Pod has a sidecar."""
        found = self._sidecars.get(id(pod))
        if found is None:
            labels = self.network.namespace_labels(pod.namespace)
            found = self._sidecars[id(pod)] = sidecar_of(pod, labels, self.revisions)
        return found

    def mode(self, pod: Pod, port: int) -> Effective | None:
        """The mode of a Pod's port; None without a sidecar, or if the port goes around it."""
        if not self.sidecar(pod).present or bypasses(pod, "Inbound", port):
            return None
        return effective(self.peers, pod.namespace, pod.labels, port)

    def services_to(self, pod: Pod, port: int) -> list[tuple[Service, int]]:
        """The Services, each with its port, that lead to a port of this Pod."""
        return [
            (service, entry.port)
            for service in self.network.services
            if service.backends([pod])
            for entry in service.ports
            if entry.protocol == "TCP" and port in service.target_ports(pod, "TCP", entry.port)
        ]

    def policies_for(self, pod: Pod) -> list[AccessPolicy]:
        """The AuthorizationPolicies that apply to a Pod."""
        return [policy for policy in self.access if policy.applies(pod.namespace, pod.labels)]

    def answer(self, call: Call) -> Answer:
        """What becomes of a call. Raises `NotJudged`."""
        found = self.connect(call)
        return found.ask(found.request) if found.request else found.answer

    def connect(self, call: Call) -> Connection:
        """What becomes of a call's connection. Raises `NotJudged`."""
        target = call.target.pod
        if target is None:
            raise NotJudged(f"a call to {call.target.title}, which isn't a Pod")
        self._check_known(call, target)
        sent = self._sent(call, target)
        mutual = sent.mode == "ISTIO_MUTUAL"
        refusal = self._refusal(call, target, sent)
        if refusal:
            return Connection(Answer(False, mutual, *refusal, tls=sent.mode == "SIMPLE"))
        taken = self.mode(target, call.port)
        way = "over mutual TLS" if mutual else "in plaintext"
        if sent.manifest is not None and not mutual:
            way += f", as {sent.manifest.title} says"
        if taken is None:
            sidecar = self.sidecar(target)
            why = f"no sidecar takes it: {sidecar.why}"
            if sidecar.present:
                why = f"annotation {bypasses(target, 'Inbound', call.port)} leads it around the sidecar"
            return Connection(Answer(True, mutual, f"{way}; {why}"))
        why = f"{way}: the mode of port {call.port} is {taken.why}"
        answer = Answer(True, mutual, why, taken.location if mutual else sent.location or taken.location)
        policies = tuple(self.policies_for(target))
        request = self._request(call, target, mutual=mutual) if policies else None
        return Connection(answer, policies, request)

    def _check_known(self, call: Call, target: Pod) -> None:
        """Raise `NotJudged` for an object that can change the call and that the engine doesn't know."""
        ends = [target, *([call.source.pod] if call.source.pod else ())]
        for one in self._foreign:
            if one.kind == "Sidecar":
                labels = text_mapping(one.get("spec", "workloadSelector", "labels"))
                homes = [(ROOT, pod.namespace) for pod in ends if labels.items() <= pod.labels.items()]
                matters = any(one.namespace in home for home in homes)
            elif one.kind == _TOKENS:
                rules = mapping(one.data.get("spec")).get("jwtRules")
                near = one.namespace in (ROOT, target.namespace)
                matters = near and bool(rules) and uses_tokens(self.policies_for(target))
            elif call.service is None:
                matters = False
            else:
                name = f"{call.service.name}.{call.service.namespace}.{DOMAIN}"
                hosts = (full_host(host, one.namespace) for host in texts(one.get("spec", "hosts")))
                matters = any(host == name or (host[:1] == "*" and name.endswith(host[1:])) for host in hosts)
            if matters:
                raise NotJudged(f"{one.title} of Istio", one.where())

    def _sent(self, call: Call, target: Pod) -> ClientTLS:
        """What the client sends: DISABLE is plaintext."""
        source = call.source.pod
        if source is None or call.service is None or not self.sidecar(source).present:
            return ClientTLS("DISABLE")
        if bypasses(source, "Outbound", call.service_port):
            return ClientTLS("DISABLE")
        place = call.service.namespace, call.service.name
        found = client_tls(self.destinations, source.namespace, source.labels, place, call.service_port)
        if found.mode != AUTO:
            return found
        taken = self.mode(target, call.port)
        return ClientTLS("DISABLE" if taken is None or taken.mode == "DISABLE" else "ISTIO_MUTUAL")

    def _refusal(self, call: Call, target: Pod, sent: ClientTLS) -> tuple[str, Location | None] | None:
        """Why the connection fails, and the line; None if it doesn't."""
        if sent.mode == "MUTUAL":
            raise NotJudged("a client with certificates of its own (mode MUTUAL)", sent.location)
        taken = self.mode(target, call.port)
        rule = f"{sent.manifest.title} has mode {sent.mode}" if sent.manifest else ""
        if sent.mode == "DISABLE":
            if taken is None or taken.mode != "STRICT":
                return None
            plain = rule or self._plain(call)
            why = f"the call is plaintext ({plain}), and the mode of port {call.port} is {taken.why}"
            return why, sent.location or taken.location
        what = "mutual TLS" if sent.mode == "ISTIO_MUTUAL" else "TLS without Istio's certificate"
        why = f"the client sends {what} ({rule})" if rule else f"the client sends {what}"
        if taken is None:
            return f"{why}, and {call.target.title} has no sidecar: {self.sidecar(target).why}", sent.location
        identity = identity_of(target)
        if sent.mode == "ISTIO_MUTUAL" and sent.names and identity not in sent.names:
            return f"{why} and only talks to {', '.join(sent.names)}, not to {identity}", sent.location
        if taken.mode == "DISABLE":
            return f"{why}, and the mode of port {call.port} is {taken.why}", sent.location or taken.location
        return (
            None if sent.mode == "ISTIO_MUTUAL" else (f"{why}, which the sidecar doesn't take", sent.location)
        )

    def _plain(self, call: Call) -> str:
        source = call.source.pod
        if source is None:
            return f"{call.source.title} is outside the mesh"
        sidecar = self.sidecar(source)
        if not sidecar.present:
            return f"{call.source.title} has no sidecar: {sidecar.why}"
        if call.service is None:
            return "it goes to the Pod's own address, not to a Service"
        return "the client sends it so"

    def _request(self, call: Call, target: Pod, *, mutual: bool) -> Request:
        source = call.source.pod
        return Request(
            namespace=source.namespace if source else "",
            account=account_of(source) if source else "",
            certified=mutual and source is not None,
            address=call.source.addresses[0],
            target=call.target.addresses[0],
            port=call.port,
            method=call.method,
            path=call.path,
            host=call.host,
            tcp=self._is_tcp(target, call.port),
        )

    def _is_tcp(self, pod: Pod, port: int) -> bool:
        """Whether a Service declares the port as a protocol other than HTTP, by `appProtocol` or its name."""
        for service, number in self.services_to(pod, port):
            for entry in mappings(service.manifest.get("spec", "ports")):
                if entry.get("port") == number and _protocol(entry) in _TCP:
                    return True
        return False


def _protocol(entry: dict[str, object]) -> str:
    """The protocol that a port of a Service declares; empty if Istio has to find out."""
    written = text(entry.get("appProtocol")).lower()
    return written.rpartition("/")[2] or text(entry.get("name")).partition("-")[0].lower()
