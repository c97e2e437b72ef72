"""Why a port has its mode, and a call its outcome: reasons and evidence in the learner's words."""

from __future__ import annotations

from collections.abc import Iterator

from trainer.manifests.model import Manifest
from trainer.manifests.values import mapping
from trainer.rules._flow.words import label_words, opening
from trainer.rules._mesh.ends import UNSEEN_PORT, Cast
from trainer.simulate.mesh.calls import Answer, Call
from trainer.simulate.mesh.destinations import DOMAIN, full_host
from trainer.simulate.mesh.peers import ROOT
from trainer.simulate.network.flows import Endpoint
from trainer.simulate.world import World
from trainer.verdict import Location, Reason

NO_SIDECAR = ""
"""The mode of a Pod without a sidecar."""


def mode_reason(world: World, cast: Cast, end: Endpoint, port: int, wanted: str) -> Reason:
    """Why a port has another mode than `wanted`, and the line."""
    pod = end.pod
    found = cast.after.mode(pod, port) if pod else None
    must = f"must be {wanted}" if wanted else "must stay without a sidecar"
    where = _port(port)
    if pod is None or found is None:
        why = cast.after.sidecar(pod).why if pod else ""
        return Reason(f"{opening(end)} has no sidecar ({why}): nothing there takes mutual TLS.")
    for slip, location in _slips(world, cast, end, port):
        return Reason(f"{_upper(where)} of {end.title} {must}: {slip}.", location)
    message = f"{_upper(where)} of {end.title} {must}; the mode is {found.why}."
    return Reason(message, found.location or _answered(world, "PeerAuthentication"))


def mode_evidence(cast: Cast, end: Endpoint, port: int) -> str:
    """What the mode of a port does to a plaintext call and to one over mutual TLS."""
    found = cast.after.mode(end.pod, port) if end.pod else None
    target = f"{end.title}, {_port(port)},"
    if found is None:
        return f"A plaintext call to {target} is accepted: no sidecar takes it."
    if found.mode == "STRICT":
        return f"A plaintext call to {target} is refused (mode {found.why})."
    if found.mode == "DISABLE":
        return f"A call to {target} over mutual TLS fails (mode {found.why})."
    return f"A plaintext call to {target} is accepted (mode {found.why})."


def call_reason(world: World, cast: Cast, call: Call, answer: Answer) -> Reason:
    """Why a call has the outcome that it has, and the line."""
    why = _upper(answer.why)
    for slip, place in _host_slips(world, call):
        return Reason(f"{why}. {slip}.", place)
    for slip, place in _slips(world, cast, call.target, call.port):
        return Reason(f"{why}. {_upper(slip)}.", place)
    return Reason(f"{why}.", answer.location or _answered(world, ""))


def call_evidence(call: Call, answer: Answer, *, changed: bool = False) -> str:
    """What becomes of the call."""
    outcome = "accepted" if answer.accepted else "refused"
    way = "A call over mutual TLS" if answer.mutual else "A plaintext call"
    if answer.tls:
        way = "A call over TLS"
    through = f" through {call.service.title}" if call.service else ""
    ends = f"from {call.source.title} to {call.target.title}, port {call.port}{through},"
    return f"{way} {ends} is {'now ' if changed else ''}{outcome}."


def _slips(world: World, cast: Cast, end: Endpoint, port: int) -> Iterator[tuple[str, Location]]:
    """PeerAuthentications of the answer that don't count for a port, though they seem meant for it."""
    pod = end.pod
    if pod is None:
        return
    for policy in cast.after.peers:
        manifest = policy.manifest
        if manifest not in world.answer:
            continue
        if policy.labels and manifest.namespace == ROOT:
            why = f"{manifest.title} has a selector, and Istio ignores such a policy in the root namespace"
            yield why, manifest.where("spec", "selector")
        elif manifest.namespace not in (ROOT, pod.namespace):
            if not any(one.pod and one.pod.namespace == manifest.namespace for one in cast.pods):
                why = f"{manifest.title} is only for Pods of Namespace {manifest.namespace}"
                yield why, manifest.where("metadata", "namespace")
        elif policy.labels and not end.unseen and not policy.selects(pod.labels):
            if not any(one.pod and policy.selects(one.pod.labels) for one in cast.pods):
                labels = label_words(policy.labels)
                why = f"the selector of {manifest.title} ({labels}) matches no Pod"
                yield why, manifest.where("spec", "selector", "matchLabels")
        elif policy.labels and policy.selects(pod.labels):
            yield from _service_ports(cast, end, port, policy.manifest, policy.ports)
        yield from _younger(cast, manifest, policy.labels)


def _service_ports(
    cast: Cast, end: Endpoint, port: int, manifest: Manifest, ports: dict[str, str]
) -> Iterator[tuple[str, Location]]:
    """That `portLevelMtls` names the port of a Service instead of the Pod's."""
    if end.pod is None:
        return
    declared = [one.number for one in end.declared]
    for own in [port] if port in declared else declared:
        for service, number in cast.after.services_to(end.pod, own):
            if number != own and str(number) in ports and str(own) not in ports:
                written = mapping(manifest.get("spec", "portLevelMtls"))
                key = next(one for one in written if str(one) == str(number))
                why = f"{number} is the port of {service.title}; `portLevelMtls` needs the Pod's, {own}"
                yield why, manifest.where("spec", "portLevelMtls", key)


def _younger(cast: Cast, manifest: Manifest, labels: dict[str, str]) -> Iterator[tuple[str, Location]]:
    """That an older policy for the same workloads counts instead."""
    for other in cast.after.peers:
        if other.manifest is manifest:
            return
        if other.manifest.namespace == manifest.namespace and other.labels == labels:
            why = f"{other.manifest.title} is older and for the same Pods, so {manifest.title} doesn't count"
            yield why, manifest.where("metadata", "name")


def _host_slips(world: World, call: Call) -> Iterator[tuple[str, Location]]:
    """DestinationRules of the answer whose host isn't the Service that it seems to name."""
    if call.service is None:
        return
    name, namespace = call.service.name, call.service.namespace
    wanted = f"{name}.{namespace}.{DOMAIN}"
    for manifest in world.answer:
        if manifest.kind == "DestinationRule":
            host = str(manifest.get("spec", "host", default=""))
            full = full_host(host, manifest.namespace)
            if host.partition(".")[0] == name and full != wanted and "*" not in host:
                where = manifest.where("spec", "host")
                yield f"{manifest.title} is for host {full}, which isn't {wanted}", where


def _port(port: int) -> str:
    return "every other port" if port == UNSEEN_PORT else f"port {port}"


def _answered(world: World, kind: str) -> Location | None:
    """The place of the answer's first object of a kind, or of its first one."""
    own = [one for one in world.answer if one.kind == kind or not kind]
    return own[0].where("spec", "mtls", "mode") if own else None


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
