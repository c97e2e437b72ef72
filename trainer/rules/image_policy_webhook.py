"""Judges whether ImagePolicyWebhook is wired into the API server, and what it does to Pods.

The plugin must be enabled and have its configuration, the configuration its kubeconfig, the
kubeconfig its https server and certificates, and all of these files must reach the container of
kube-apiserver. Samples say what becomes of Pods when the backend answers, and when it is down.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from trainer.rules import Live, Reads
from trainer.rules._component.answer import DOWN, component_of, reasons_of, start_problems_of
from trainer.simulate.access.roles import KINDS as ROLES
from trainer.simulate.components.image_policy_webhook import Backend, Webhook, review, webhook_of
from trainer.simulate.components.kubeconfig import DATA
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason

READS = Reads(Live.NEVER, kinds=("Pod", *ROLES))


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One Pod that somebody creates, and what must become of it."""

    images: tuple[str, ...]
    """The images of its containers."""
    admitted: bool
    """Whether the Pod must be admitted, or refused."""
    backend: tuple[str, ...] | None = None
    """The images that the backend allows; left out: the backend doesn't answer."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must hold."""

    samples: tuple[Sample, ...] = ()
    """Pods and what becomes of them."""
    server: str = ""
    """The backend's address, where the task names one."""
    authority: str = ""
    """The node's file with the authority that must verify the backend."""
    certificate: str = ""
    """The node's file with the certificate that the API server must show."""
    allow_ttl: int | None = msgspec.field(default=None, name="allow-ttl")
    """Seconds that a yes is kept, where the task says so."""
    deny_ttl: int | None = msgspec.field(default=None, name="deny-ttl")
    """Seconds that a no is kept."""
    retry_backoff: int | None = msgspec.field(default=None, name="retry-backoff")
    """Milliseconds between tries."""
    files: dict[str, str] = {}
    """Files of the answer, and where they lie on the node."""
    manifest: str = ""
    """Where the manifest of kube-apiserver lies on the node, where it isn't the usual place."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with what keeps the webhook from being asked, and with Pods that fare otherwise."""
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
            reasons.append(Reason(f"{what}: {ruling.because}.", webhook.default_allow_at))
            evidence.append(f"{what}{' while the backend is down' if allowed is None else ''}.")
    return Outcome.of(reasons, evidence)


def _values(params: Params, webhook: Webhook) -> Iterator[tuple[Reason, str]]:
    """Settings that the task names and that are otherwise, each with its effect."""
    yield from _connection(params, webhook.backend)
    for name, wanted, found, unit in (
        ("allowTTL", params.allow_ttl, webhook.allow_ttl, "seconds"),
        ("denyTTL", params.deny_ttl, webhook.deny_ttl, "seconds"),
        ("retryBackoff", params.retry_backoff, webhook.retry_backoff, "milliseconds"),
    ):
        if wanted is not None and wanted != found:
            reason = Reason(f"{name} is {found}; {wanted} is asked for.", webhook.default_allow_at)
            yield reason, f"{name} counts {found} {unit}."


def _connection(params: Params, backend: Backend) -> Iterator[tuple[Reason, str]]:
    """The way to the backend, where the task says anything about it."""
    if not (params.server or params.authority or params.certificate):
        return
    asked_at = f"Images are reviewed by {backend.server}."
    if not backend.server.startswith("https://"):
        message = f"The backend is asked at {backend.server}: it must be https."
        yield Reason(message, backend.location), asked_at
    elif params.server and backend.server.rstrip("/") != params.server.rstrip("/"):
        message = f"The backend is asked at {backend.server}, not at {params.server}."
        yield Reason(message, backend.location), asked_at
    if backend.insecure:
        message = "insecure-skip-tls-verify is true: the backend isn't verified."
        yield (
            Reason(message, backend.location),
            "Whoever answers at the backend's address decides about images.",
        )
    elif params.authority and backend.authority not in (params.authority, DATA):
        message = f"The backend is verified by {backend.authority or 'no authority that is named'}."
        effect = "The API server doesn't trust the backend's certificate, so that it never gets an answer."
        yield Reason(f"{message} Asked: {params.authority}.", backend.location), effect
    if params.certificate and backend.certificate not in (params.certificate, DATA):
        message = f"The API server shows {backend.certificate or 'no certificate'} to the backend."
        effect = "The backend can't tell who asks."
        yield Reason(f"{message} Asked: {params.certificate}.", backend.location), effect
