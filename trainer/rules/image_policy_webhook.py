"""Judges whether ImagePolicyWebhook is wired into the API server, and what it does to Pods.

The plugin must be enabled and have its configuration, the configuration its kubeconfig, the
kubeconfig its https server and certificates, and all of these files must reach the container of
kube-apiserver. Samples say what happens to Pods when the backend answers, and when it is down.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from trainer.picture import Fact, Picture, nothing_to_see, of_facts
from trainer.rules import Live, Reads
from trainer.rules._component.answer import DOWN, component_of, reasons_of, start_problems_of
from trainer.simulate.access.roles import KINDS as ROLES
from trainer.simulate.components.image_policy_webhook import Backend, Webhook, review, webhook_of
from trainer.simulate.components.kubeconfig import DATA
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason

READS = Reads(Live.NEVER, kinds=("Pod", *ROLES))


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One Pod that somebody creates, and its required outcome."""

    images: tuple[str, ...]
    """The images of its containers."""
    admitted: bool
    """Whether the Pod must be admitted, or refused."""
    backend: tuple[str, ...] | None = None
    """The images that the backend allows; omitted: the backend doesn't answer."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must hold."""

    samples: tuple[Sample, ...] = ()
    """Pods and their required outcomes."""
    server: str = ""
    """The backend's address, if the task names one."""
    authority: str = ""
    """The node's file with the CA that must verify the backend."""
    certificate: str = ""
    """The node's file with the certificate that the API server must show."""
    allow_ttl: int | None = msgspec.field(default=None, name="allow-ttl")
    """Seconds that an approval is cached, if the task says so."""
    deny_ttl: int | None = msgspec.field(default=None, name="deny-ttl")
    """Seconds that a denial is cached."""
    retry_backoff: int | None = msgspec.field(default=None, name="retry-backoff")
    """Milliseconds between retries."""
    files: dict[str, str] = {}
    """Files of the answer, and their paths on the node."""
    manifest: str = ""
    """The path of the kube-apiserver manifest on the node, if it isn't the usual one."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with what keeps the API server from calling the webhook, and with Pods that have
    another outcome."""
    component = component_of(world, "kube-apiserver", params.files, params.manifest)
    if isinstance(component, Outcome):
        return component
    pod, node = component.pod, component.node
    assert pod is not None  # noqa: S101 - only the kubelet has none
    webhook = webhook_of(pod, node)
    if webhook.problems:
        effect = "No Pod's images are reviewed."
        return Outcome.of(reasons_of(webhook.problems, "ImagePolicyWebhook"), [effect])
    if problems := start_problems_of(component, world):
        return Outcome.of(reasons_of(problems, "kube-apiserver doesn't start"), [DOWN])
    wrong = list(_values(params, webhook))
    reasons = [reason for reason, _ in wrong]
    evidence = [effect for _, effect in wrong]
    for sample in params.samples:
        allowed = None if sample.backend is None else frozenset(sample.backend)
        ruling = review(webhook, list(sample.images), allowed)
        if ruling.admitted is not sample.admitted:
            how = "admitted" if ruling.admitted else "refused"
            what = f"A Pod with {', '.join(sample.images)} is {how}"
            reasons.append(Reason(f"{what}: {ruling.because}.", webhook.places.get("defaultAllow")))
            evidence.append(f"{what}{' while the backend is down' if allowed is None else ''}.")
    return Outcome.of(reasons, evidence)


def picture(world: World, params: Params) -> Picture:
    """What becomes of Pods while the backend answers and while it is down, and how it is called."""
    title = "What ImagePolicyWebhook does"
    component = component_of(world, "kube-apiserver", params.files, params.manifest)
    if isinstance(component, Outcome):
        return nothing_to_see(title, component)
    outcome = judge(world, params)
    assert component.pod is not None  # noqa: S101 - only the kubelet has none
    webhook = webhook_of(component.pod, component.node)
    if webhook.problems or start_problems_of(component, world):
        return of_facts(title, [], outcome)
    facts: list[Fact] = []
    place = webhook.places.get("defaultAllow")
    for sample in params.samples:
        allowed = None if sample.backend is None else frozenset(sample.backend)
        ruling = review(webhook, list(sample.images), allowed)
        state = "down" if allowed is None else "answering"
        head = f"Pod with {', '.join(sample.images)}, backend {state}"
        word, right = "admitted" if ruling.admitted else "refused", ruling.admitted is sample.admitted
        facts.append(Fact(head, word, right, None if right else place))
    for name, wanted, found in (
        ("allowTTL", params.allow_ttl, webhook.allow_ttl),
        ("denyTTL", params.deny_ttl, webhook.deny_ttl),
        ("retryBackoff", params.retry_backoff, webhook.retry_backoff),
    ):
        right_value = None if wanted is None else wanted == found
        facts.append(Fact(name, str(found), right_value, webhook.places.get(name)))
    backend = webhook.backend
    facts.append(Fact("the backend", backend.server, True if params.server else None, backend.at("server")))
    return of_facts(title, facts, outcome)


def _values(params: Params, webhook: Webhook) -> Iterator[tuple[Reason, str]]:
    """Settings that the task names and that are wrong, each with its effect."""
    yield from _connection(params, webhook.backend)
    for name, wanted, found, unit in (
        ("allowTTL", params.allow_ttl, webhook.allow_ttl, "seconds"),
        ("denyTTL", params.deny_ttl, webhook.deny_ttl, "seconds"),
        ("retryBackoff", params.retry_backoff, webhook.retry_backoff, "milliseconds"),
    ):
        if wanted is not None and wanted != found:
            reason = Reason(f"{name} is {found}; {wanted} is required.", webhook.places.get(name))
            yield reason, f"{name} is {found} {unit}."


def _connection(params: Params, backend: Backend) -> Iterator[tuple[Reason, str]]:
    """The connection to the backend, if the task says anything about it."""
    if not (params.server or params.authority or params.certificate):
        return
    asked_at = f"Images are reviewed by {backend.server}."
    if not backend.server.startswith("https://"):
        message = f"The API server calls the backend at {backend.server}: it must be https."
        yield Reason(message, backend.at("server")), asked_at
    elif params.server and backend.server.rstrip("/") != params.server.rstrip("/"):
        message = f"The API server calls the backend at {backend.server}, not at {params.server}."
        yield Reason(message, backend.at("server")), asked_at
    if backend.insecure:
        message = "insecure-skip-tls-verify is true: the API server doesn't verify the backend."
        yield (
            Reason(message, backend.at("insecure-skip-tls-verify")),
            "Any server at the backend's address can approve images.",
        )
    elif params.authority and backend.authority not in (params.authority, DATA):
        message = f"The CA that verifies the backend is {backend.authority or 'not set'}."
        effect = "The API server doesn't trust the backend's certificate, so it never gets an answer."
        yield Reason(f"{message} Required: {params.authority}.", backend.at("certificate-authority")), effect
    if params.certificate and backend.certificate not in (params.certificate, DATA):
        message = f"The API server presents {backend.certificate or 'no certificate'} to the backend."
        effect = "The backend can't identify the API server."
        yield Reason(f"{message} Required: {params.certificate}.", backend.at("client-certificate")), effect
