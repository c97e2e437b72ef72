"""Judges a CertificateSigningRequest: its user and groups, its key, its validity, and whether it gets signed.

`spec.request` is decoded. The user and groups that it asks for are those that the certificate gives;
`rbac-access` judges what they may do.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.values import number, text, texts
from trainer.manifests.x509 import (
    certificate,
    certificate_request,
    decoded,
    private_key,
    public_bytes,
    readable,
)
from trainer.match.evidence import not_there
from trainer.match.target import Target, check_target, find, target_of
from trainer.picture import Fact, Picture, nothing_to_see, of_facts
from trainer.rules import Live, Reads
from trainer.simulate.certificates.requests import RequestFacts, read_request
from trainer.simulate.certificates.signers import OF_USERS, refusal, validity
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason

READS = Reads(Live.OBJECTS)

_DAY, _HOUR = 24 * 3600, 3600


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The request, and what the certificate must be."""

    object: Target | str
    """The request: `CertificateSigningRequest jane`."""
    signed: bool = False
    """The signer must sign it once it is approved: a signer of Kubernetes refuses other usages and names."""
    signer: str = ""
    """The required `signerName`."""
    user: str = ""
    """The user that the certificate must give: its common name."""
    groups: tuple[str, ...] | None = None
    """The groups that it must give, no others: its organizations."""
    key: str = ""
    """A file that the card gives, with the key, the certificate or the request whose key it must be for."""
    at_least: int = 0
    """The seconds for which the certificate must be valid at least."""
    at_most: int = 0
    """The seconds for which it may be valid at most; 0: no limit."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for an invalid target."""
        check_target(self.object)


def judge(world: World, params: Params) -> Outcome:
    """FAIL with everything that the certificate wouldn't be, and its place in the request."""
    target = target_of(params.object)
    found = find(world, target)
    if not found:
        return not_there(world, target)
    key = _key(world, params.key) if params.key else b""
    reasons: list[Reason] = []
    evidence: list[str] = []
    for manifest in found:
        facts = read_request(decoded(manifest.get("spec", "request")))
        for message, field, effect in _wrong(manifest, facts, key, params):
            reasons.append(Reason(message, manifest.where("spec", field)))
            evidence.append(effect)
    return Outcome.of(reasons, list(dict.fromkeys(evidence)))


def picture(world: World, params: Params) -> Picture:
    """What the certificate would be: user, groups, signer, usages, validity, and whose key it is for."""
    title = "The certificate"
    target = target_of(params.object)
    found = find(world, target)
    if not found:
        return nothing_to_see(title, not_there(world, target))
    key = _key(world, params.key) if params.key else b""
    facts = [fact for manifest in found for fact in _facts(manifest, key, params)]
    return of_facts(title, facts, Outcome.of([]))


def _facts(manifest: Manifest, key: bytes, params: Params) -> Iterator[Fact]:
    facts = read_request(decoded(manifest.get("spec", "request")))
    signer, usages = text(manifest.get("spec", "signerName")), texts(manifest.get("spec", "usages"))
    written = number(manifest.get("spec", "expirationSeconds"))
    seconds = validity(int(written) if written else None)
    request, by = manifest.where("spec", "request"), manifest.where("spec", "signerName")
    has_user = facts.common_name == params.user if params.user else None
    yield Fact("user", facts.common_name or "none", has_user, request)
    has_groups = None if params.groups is None else set(facts.organizations) == set(params.groups)
    yield Fact("groups", " and ".join(facts.organizations) or "none", has_groups, request)
    yield Fact("signer", signer, signer == params.signer if params.signer else None, by)
    yield Fact("usages", ", ".join(usages) or "none", None, manifest.where("spec", "usages"))
    fits = params.at_least <= seconds <= (params.at_most or seconds)
    limited = fits if params.at_least or params.at_most else None
    yield Fact("valid for", _duration(seconds), limited, manifest.where("spec", "expirationSeconds"))
    if params.signed:
        why = refusal(signer, facts, usages)
        place = manifest.where("spec", "usages") if "usage" in why else by
        yield Fact("signed after its approval", f"no: {why}" if why else "yes", not why, place)
    if key:
        mine = facts.key == key
        yield Fact("key", f"the one of {params.key}" if mine else "another one", mine, request)


def _wrong(
    manifest: Manifest, facts: RequestFacts, key: bytes, params: Params
) -> Iterator[tuple[str, str, str]]:
    """What isn't as required: a sentence, the field of `spec` that decides, and the effect."""
    who = _whom(manifest, facts)
    if params.user and facts.common_name != params.user:
        name = facts.common_name or "missing"
        yield f"The common name in `request` is {name}; {params.user} is required.", "request", who
    if params.groups is not None and set(facts.organizations) != set(params.groups):
        wanted = "only " + _listed(params.groups) if params.groups else "no organization"
        message = (
            f"The organizations in `request` are {_listed(facts.organizations)}; the task requires {wanted}."
        )
        yield message, "request", who
    if key and facts.key != key:
        yield (
            f"The key in `request` isn't the one of {params.key}.",
            "request",
            f"With {params.key}, nobody can use this certificate: it is for another key.",
        )
    yield from _of_signer(manifest, facts, params)
    seconds = validity(
        int(written) if (written := number(manifest.get("spec", "expirationSeconds"))) else None
    )
    period = f"The certificate is valid for {_duration(seconds)}."
    if params.at_most and seconds > params.at_most:
        has = "`expirationSeconds` isn't set" if written is None else f"`expirationSeconds` is {written}"
        yield f"{has}; {params.at_most} seconds are the limit.", "expirationSeconds", period
    if seconds < params.at_least:
        message = f"`expirationSeconds` is {seconds}; at least {params.at_least} seconds are required."
        yield message, "expirationSeconds", period


def _of_signer(manifest: Manifest, facts: RequestFacts, params: Params) -> Iterator[tuple[str, str, str]]:
    signer, usages = text(manifest.get("spec", "signerName")), texts(manifest.get("spec", "usages"))
    if params.signer and signer != params.signer:
        effect = (
            f"The signer {signer} makes certificates for another purpose."
            if signer in OF_USERS or signer.startswith("kubernetes.io/")
            else f"No controller of the cluster signs for {signer}: the request stays without a certificate."
        )
        yield f"`signerName` is {signer}; {params.signer} is required.", "signerName", effect
    why = refusal(signer, facts, usages) if params.signed else ""
    if why:
        field = "usages" if "usage" in why else "signerName"
        effect = f"After its approval, {manifest.title} has the condition Failed and no certificate."
        yield f"The signer {signer} refuses this request: {why}.", field, effect


def _whom(manifest: Manifest, facts: RequestFacts) -> str:
    user = facts.common_name or "without a name"
    groups = f" with the group {_listed(facts.organizations)}" if facts.organizations else " without a group"
    return f"With the certificate of {manifest.title}, a client is the user {user}{groups}."


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(names) or "missing"


def _duration(seconds: int) -> str:
    for size, unit in ((_DAY, "day"), (_HOUR, "hour"), (60, "minute")):
        if seconds % size == 0:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds} seconds"


def _key(world: World, file: str) -> bytes:
    """The public key that belongs to a file of the card. Raises `UsageError` if it holds none."""
    pem = world.node_files.get(file, "").encode()
    for read in (private_key, certificate, certificate_request):
        try:
            with readable():
                found = read(pem)
                return public_bytes(found.public_key())
        except ValueError:
            continue
    raise UsageError(f"the card's file {file!r} holds no key, certificate or request")
