"""Judges what happens to requests to URLs: the Service that answers, redirects, and the certificate.

A URL can be a pattern: `https://shop.example/api/**` is the path and all below it, `*://*/**` every URL. Of
several entries that mean a URL, the first counts, so that a later one says "every other path". A pattern is
judged at the paths and hosts that the answer and the check name, and at some that nobody names.

Annotations of ingress-nginx count: a request must reach its Service from every client, with its own path
and over a protocol that the Service speaks. An Ingress that the controller refuses is a FAIL.

TLS is judged by the Secret that the Ingress names and, if required, by its certificate: it must
cover the host by a subject alternative name, match the private key, and be valid on the card's
date. With `authorities`, the certificates of the Secret must also lead to a CA that clients trust.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.x509 import decoded
from trainer.picture import Cell, Picture, Row, State, asked, drawn, nothing_to_see
from trainer.rules import Live, Reads
from trainer.rules._routes.complaints import Wanted, complaint, decider, seen
from trainer.rules._routes.probes import UrlPattern, parse_pattern, urls_of
from trainer.simulate.certificates.chain import distrust
from trainer.simulate.certificates.facts import CertificateFacts, moment, read_tls
from trainer.simulate.network.routes import Answer, RouteTable, class_of
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason

READS = Reads(Live.OBJECTS, kinds=("Ingress", "IngressClass", "Secret", "Service"))

TLS = "kubernetes.io/tls"
MOST_COMPLAINTS = 2
"""How many URLs of one pattern are reported."""
MOST_RIGHT = 4
"""How many URLs of one pattern are drawn, if they are as they must be."""
EVERYTHING = UrlPattern("*", "*", "", below=True)


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One request and its required outcome."""

    url: str
    """The whole URL: `https://shop.example/api`, or a pattern: `*://shop.example/api/**`, `*://*/**`."""
    service: str = ""
    """`name:port` of the Service that must answer."""
    path: str = ""
    """The path that the Service must get; omitted: the path of the URL."""
    redirects_to: Literal["https", ""] = ""
    """`https`: the client must be redirected to https."""
    refused: bool = False
    """No Service may answer (404)."""
    secret: str = ""
    """The Secret whose certificate must be shown."""
    certificate: Literal["covers", ""] = ""
    """`covers`: the certificate's names, key and dates must fit the host."""

    def __post_init__(self) -> None:
        """Refuse what isn't a URL, so that a card's mistake shows when the card is loaded."""
        try:
            pattern = parse_pattern(self.url)
        except UsageError as error:
            raise ValueError(f"{error}: {error.remedy}") from None
        if not pattern.is_one and (self.path or self.certificate or self.secret):
            raise ValueError("path, secret and certificate belong to a single URL")


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
    authorities: str = ""
    """A file that the card gives, with the only CAs that clients trust; needs `date`."""
    rest: Literal["refused", "ignored"] = "ignored"
    """`refused`: no URL that `requests` doesn't name may be answered, whatever the namespace and class
    of the Ingress."""

    def __post_init__(self) -> None:
        if self.date:
            moment(self.date)
        elif self.authorities:
            raise ValueError("authorities needs a date")


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every request that has another outcome, and what decides: a path, an annotation, TLS."""
    table = RouteTable(world.objects, params.ingress_class)
    refused = [one for one in table.refused if one.ingress in world.answer]
    mine = [one for one in table.ingresses if params.namespace in ("", one.namespace)]
    reasons = [Reason(f"{one.message}.", one.location) for one in refused]
    evidence = [f"{one.ingress.title} is not created: the admission webhook denies it." for one in refused]
    if not mine and not refused:
        return _no_ingress(world, params)
    if mine:
        for reason, proof in _findings(world, params, table):
            reasons.append(reason)
            evidence.append(proof)
    return Outcome.of(list(dict.fromkeys(reasons)), list(dict.fromkeys(evidence)))


def _findings(world: World, params: Params, table: RouteTable) -> Iterator[tuple[Reason, str]]:
    """Every requirement that doesn't hold, with what a client sees."""
    patterns = [parse_pattern(sample.url) for sample in params.requests]
    for position, sample in enumerate(params.requests):
        urls = _urls(sample, patterns, position, table)
        wrong = 0
        for url in urls:
            answer = table.ask(url)
            if found := _compare(world, table, _wanted(params, sample, url), answer):
                yield found
                wrong += 1
            elif sample.secret or sample.certificate:
                wrongs = _tls_complaints(world, params, table, sample, answer)
                for message, place in wrongs:
                    yield Reason(message, place), _certificate_seen(world, sample, answer)
                if params.authorities and not wrongs:
                    yield from _distrusted(world, params, sample, answer)
            if wrong == MOST_COMPLAINTS:
                break
    if params.rest == "refused":
        yield from _rest(world, params, table, patterns)


def _urls(sample: Sample, patterns: list[UrlPattern], position: int, table: RouteTable) -> Iterator[str]:
    """The URLs to try for an entry: its own, or those that its pattern means and no earlier one."""
    pattern = patterns[position]
    if pattern.is_one:
        yield sample.url
        return
    earlier = patterns[:position]
    for url in urls_of(pattern, patterns, [table]):
        if not any(other.means(url) for other in earlier):
            yield url


def picture(world: World, params: Params) -> Picture:
    """What answers each URL, and with which certificate, now and before the answer."""
    title = "What answers URLs"
    table = RouteTable(world.objects, params.ingress_class)
    rows = [
        Row(f"{one.ingress.title}: {one.message}", (Cell("refused", State.WRONG, "", one.location),))
        for one in table.refused
        if one.ingress in world.answer
    ]
    if not [one for one in table.ingresses if params.namespace in ("", one.namespace)]:
        return drawn(title, [""], rows) if rows else nothing_to_see(title, _no_ingress(world, params))
    before = RouteTable(world.given, params.ingress_class)
    patterns = [parse_pattern(sample.url) for sample in params.requests]
    for position, sample in enumerate(params.requests):
        rows += _drawn_urls(world, params, (table, before), sample, _urls(sample, patterns, position, table))
    if params.rest == "refused":
        rest = [
            Row(reason.message, (Cell("answered", State.WRONG, "", reason.location),))
            for reason, _ in _rest(world, params, table, patterns)
        ]
        rows += rest or [Row("every other URL", (Cell("404", State.RIGHT),))]
    return drawn(title, ["answer", "certificate"], rows)


def _drawn_urls(
    world: World, params: Params, tables: tuple[RouteTable, RouteTable], sample: Sample, urls: Iterator[str]
) -> Iterator[Row]:
    """The URLs of one entry: the first that are as they must be, and those that aren't."""
    table, before = tables
    right = wrong = 0
    for url in urls:
        answer = table.ask(url)
        wanted = _wanted(params, sample, url)
        found = _compare(world, table, wanted, answer)
        wrong, right = wrong + bool(found), right + (not found)
        if not found and right > MOST_RIGHT:
            continue
        was = before.ask(url).text if before.ingresses else ""
        is_asked = bool(wanted.service or wanted.is_redirected or wanted.is_refused)
        cell = asked(not found, answer.text, was, found[0].location if found else None)
        cells = [cell if is_asked or found else msgspec.structs.replace(cell, state=State.UNASKED)]
        if not found and (sample.secret or sample.certificate):
            problems = _tls_complaints(world, params, table, sample, answer)
            if params.authorities and not problems:
                distrusted = _distrusted(world, params, sample, answer)
                problems = [(reason.message, reason.location) for reason, _ in distrusted]
            word = answer.secret or "the controller's own"
            cells.append(asked(not problems, word, "", problems[0][1] if problems else None))
        yield Row(url, tuple(cells))
        if wrong == MOST_COMPLAINTS:
            return


def _compare(world: World, table: RouteTable, wanted: Wanted, answer: Answer) -> tuple[Reason, str] | None:
    message = complaint(world, wanted, answer)
    if not message:
        return None
    return Reason(message, decider(table, wanted, answer)), seen(wanted.url, answer)


def _wanted(params: Params, sample: Sample, url: str) -> Wanted:
    is_redirected = bool(sample.redirects_to)
    return Wanted(url, sample.service, params.namespace, sample.path, is_redirected, sample.refused)


def _rest(
    world: World, params: Params, table: RouteTable, patterns: list[UrlPattern]
) -> Iterator[tuple[Reason, str]]:
    """The URLs that no entry names and that are answered, by the answer's other classes, too."""
    answered = {class_of(one, world.objects) for one in world.answer if one.kind == "Ingress"}
    others = sorted(answered - {params.ingress_class}) if params.ingress_class is not None else []
    wrong = 0
    for one in [table, *(RouteTable(world.objects, name) for name in others)]:
        for url in urls_of(EVERYTHING, patterns, [one]):
            if any(pattern.means(url) for pattern in patterns):
                continue
            if found := _compare(world, one, Wanted(url, is_refused=True), one.ask(url)):
                yield found
                wrong += 1
            if wrong == MOST_COMPLAINTS:
                return


def _no_ingress(world: World, params: Params) -> Outcome:
    which = f" of class {params.ingress_class}" if params.ingress_class else ""
    others = [one for one in world.objects if one.kind == "Ingress"]
    others = [one for one in others if params.namespace in ("", one.namespace)]
    place = others[0].where("spec", "ingressClassName") if others else None
    unanswered = [f"{sample.url} gets no answer." for sample in params.requests[:1]]
    return Outcome.of([Reason(f"The answer has no Ingress{which}.", place)], unanswered)


def _certificate_seen(world: World, sample: Sample, answer: Answer) -> str:
    """What a browser gets; without a usable Secret, the controller's own certificate."""
    space = answer.route.ingress.namespace if answer.route else ""
    found = world.find("Secret", answer.secret, space) if answer.secret else []
    usable = bool(found) and isinstance(facts := _facts(found[-1]), CertificateFacts) and facts.key_fits
    shown = (
        f"the certificate of Secret {answer.secret}" if usable else "the controller's own, self-signed one"
    )
    return f"A browser at {sample.url} is shown {shown}."


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
    place = found[-1].where("data", "tls.crt") if found[-1].get("type") == TLS else found[-1].where("type")
    return [(text, place) for text in _certificate_complaints(found[-1], host, params.date)]


def _distrusted(world: World, params: Params, sample: Sample, answer: Answer) -> Iterator[tuple[Reason, str]]:
    """Why clients don't accept a certificate that is right in itself: what it leads to."""
    space = answer.route.ingress.namespace if answer.route else ""
    secret = world.find("Secret", answer.secret, space)[-1]
    roots = world.node_files.get(params.authorities, "").encode()
    try:
        reasons = distrust(decoded(secret.get("data", "tls.crt")), roots, moment(params.date))
    except ValueError:
        reasons = ["one of the certificates can't be read"]
    for reason in reasons:
        message = f"Clients don't trust the certificate in {secret.name}: {reason}."
        effect = f"`curl --cacert {params.authorities} {sample.url}`: the certificate can't be verified."
        yield Reason(message, secret.where("data", "tls.crt")), effect


def _certificate_complaints(secret: Manifest, host: str, date: str) -> list[str]:
    facts = _facts(secret)
    if isinstance(facts, str):
        return [facts]
    if facts.key_fits_later:
        message = f"The first certificate in {secret.name} isn't the one of the key: put that one first."
        return [message]
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
    if secret.get("type") != TLS:
        return f"The Secret {secret.name} must be of type {TLS}."
    try:
        return read_tls(decoded(secret.get("data", "tls.crt")), decoded(secret.get("data", "tls.key")))
    except ValueError:
        return f"The Secret {secret.name} contains no readable certificate."
