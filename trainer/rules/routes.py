"""Judges what happens to requests to URLs: the Service that answers, redirects, and the certificate.

TLS is judged by the Secret that the Ingress names and, if required, by its certificate: it must
cover the host by a subject alternative name, match the private key, and be valid on the card's
date.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

import msgspec

from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.values import mappings
from trainer.rules import Live, Reads
from trainer.simulate.certificates import CertificateFacts, decode, moment, read_tls
from trainer.simulate.network.routes import NGINX, Answer, Route, RouteTable
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason

READS = Reads(Live.OBJECTS, kinds=("Ingress", "IngressClass", "Secret", "Service"))


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One request and its required outcome."""

    url: str
    """The whole URL: `https://shop.example/api`."""
    service: str = ""
    """`name:port` of the Service that must answer."""
    redirects_to: Literal["https", ""] = ""
    """`https`: the client must be redirected to https."""
    refused: bool = False
    """No Service may answer (404)."""
    secret: str = ""
    """The Secret whose certificate must be shown."""
    certificate: Literal["covers", ""] = ""
    """`covers`: the certificate's names, key and dates must fit the host."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The requests to try."""

    requests: tuple[Sample, ...]
    """Requests and their required outcomes."""
    namespace: str = ""
    """The namespace of the Ingresses; omitted: all."""
    ingress_class: str | None = None
    """Only Ingresses of this class count, if it is set."""
    date: str = ""
    """The day on which certificates must be valid: `2026-11-24`."""

    def __post_init__(self) -> None:
        if self.date:
            moment(self.date)


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every request that has another outcome, and the path or TLS entry that decides."""
    objects = [m for m in world.objects if not params.namespace or m.namespace in ("", params.namespace)]
    table = RouteTable(objects, params.ingress_class)
    if not table.ingresses:
        which = f" of class {params.ingress_class}" if params.ingress_class else ""
        others = [m for m in objects if m.kind == "Ingress"]
        place = others[0].where("spec", "ingressClassName") if others else None
        unanswered = [f"{sample.url} gets no answer." for sample in params.requests[:1]]
        return Outcome.of([Reason(f"The answer has no Ingress{which}.", place)], unanswered)
    reasons: list[Reason] = []
    evidence: list[str] = []
    for sample in params.requests:
        answer = table.ask(sample.url)
        complaint = _complaint(world, sample, answer)
        if complaint:
            reasons.append(Reason(complaint, _decider(table, sample, answer)))
            evidence.append(_seen(sample, answer))
        elif sample.secret or sample.certificate:
            for message, place in _tls_complaints(world, params, table, sample, answer):
                reasons.append(Reason(message, place))
                evidence.append(_certificate_seen(world, sample, answer))
    return Outcome.of(list(dict.fromkeys(reasons)), list(dict.fromkeys(evidence)))


def _seen(sample: Sample, answer: Answer) -> str:
    if answer.redirect:
        return f"`curl -sI {sample.url}` prints a redirect to https."
    code = "answers" if answer.route else "gets 404 from the controller"
    who = f"{answer.route.ingress.namespace}/{answer.route.backend} " if answer.route else ""
    return f"`curl -s {sample.url}`: {who}{code}."


def _certificate_seen(world: World, sample: Sample, answer: Answer) -> str:
    """What a browser gets; without a usable Secret, the controller's own certificate."""
    space = answer.route.ingress.namespace if answer.route else ""
    found = world.find("Secret", answer.secret, space) if answer.secret else []
    usable = bool(found) and isinstance(facts := _facts(found[-1]), CertificateFacts) and facts.key_fits
    shown = (
        f"the certificate of Secret {answer.secret}" if usable else "the controller's own, self-signed one"
    )
    return f"A browser at {sample.url} is shown {shown}."


def _backend(world: World, route: Route) -> str:
    """`api:8080`, with the number instead of a port's name."""
    for service in world.find("Service", route.service, route.ingress.namespace):
        for port in mappings(service.get("spec", "ports")):
            if port.get("name") == route.port:
                return f"{route.service}:{port.get('port')}"
    return route.backend


def _complaint(world: World, sample: Sample, answer: Answer) -> str:
    if sample.redirects_to and not answer.redirect:
        return f"{sample.url} must be redirected to https: it {answer.text}."
    if sample.refused and answer.route is not None:
        return f"{sample.url} must not be answered: it {answer.text}."
    if sample.service and (
        answer.redirect or answer.route is None or _backend(world, answer.route) != sample.service
    ):
        return f"{sample.url} must reach {sample.service}: it {answer.text}."
    return ""


def _decider(table: RouteTable, sample: Sample, answer: Answer) -> Location:
    if answer.route and sample.redirects_to:
        ingress = answer.route.ingress
        if f"{NGINX}ssl-redirect" in (ingress.metadata.get("annotations") or {}):
            return ingress.where("metadata", "annotations", f"{NGINX}ssl-redirect")
        return ingress.where("spec", "tls")
    return answer.route.location if answer.route else table.ingresses[0].where("spec", "rules")


def _tls_complaints(
    world: World, params: Params, table: RouteTable, sample: Sample, answer: Answer
) -> list[tuple[str, Location | None]]:
    if answer.route is None:
        return [(f"No Ingress answers {sample.url}.", table.ingresses[0].where("spec", "rules"))]
    ingress = answer.route.ingress
    place = ingress.where("spec", "tls")
    host = urlsplit(sample.url).hostname or ""
    if not answer.secret:
        return [(f"No entry of `tls` with a Secret covers {host}.", place)]
    if sample.secret and answer.secret != sample.secret:
        return [(f"{host} is served with the Secret {answer.secret}, not with {sample.secret}.", place)]
    if not sample.certificate:
        return []
    found = world.find("Secret", answer.secret, ingress.namespace)
    if not found:
        message = f"The Secret {answer.secret} doesn't exist in Namespace {ingress.namespace}."
        if others := world.find("Secret", answer.secret):
            message += f" An Ingress can't use the one in Namespace {others[0].namespace}."
        return [(message, place)]
    return [(text, found[-1].where("data")) for text in _certificate_complaints(found[-1], host, params.date)]


def _certificate_complaints(secret: Manifest, host: str, date: str) -> list[str]:
    facts = _facts(secret)
    if isinstance(facts, str):
        return [facts]
    complaints = []
    if not facts.covers(host):
        names = ", ".join(facts.names) or "no name at all"
        complaints.append(f"The certificate in {secret.name} is for {names}, not for {host}.")
    if not facts.key_fits:
        complaints.append(f"The private key in {secret.name} doesn't match its certificate.")
    if date and not facts.valid_at(moment(date)):
        period = f"{facts.not_before:%Y-%m-%d} to {facts.not_after:%Y-%m-%d}"
        complaints.append(f"The certificate in {secret.name} is valid from {period}, not on {date}.")
    return complaints


def _facts(secret: Manifest) -> CertificateFacts | str:
    if secret.get("type") != "kubernetes.io/tls":
        return f"The Secret {secret.name} must be of type kubernetes.io/tls."
    try:
        certificate = decode(secret.get("data", "tls.crt"))
        return read_tls(certificate, decode(secret.get("data", "tls.key")))
    except (ValueError, UsageError):
        return f"The Secret {secret.name} contains no readable certificate."
