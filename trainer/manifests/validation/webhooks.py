"""Webhooks for admission: structure, and how they are called.

Follows Kubernetes pkg/apis/admissionregistration/validation/validation.go and apiserver
pkg/util/webhook/validation.go (v1.35).
"""

from __future__ import annotations

from trainer.manifests.validation.admission import (
    FAILURE_POLICIES,
    MATCH_POLICIES,
    match_conditions,
    match_rule,
    reserved_name,
)
from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.meta import label_selector
from trainer.manifests.validation.names import dns_label_1035, dns_subdomain
from trainer.manifests.values import indexed, indexed_texts, mapping, number, text


def webhooks(at: At, data: Map) -> None:
    """A ValidatingWebhookConfiguration or MutatingWebhookConfiguration."""
    reserved_name(at, data)
    names: set[str] = set()
    for index, hook in indexed(data.get("webhooks")):
        place = at.to("webhooks", index)
        name = text(hook.get("name"))
        if not name:
            place.missing("name", why="a webhook has a name with domain, as `check.example.com`")
        elif dns_subdomain(name) or name.count(".") < 2:
            why = dns_subdomain(name) or "it has at least three parts with dots, as `check.example.com`"
            place.invalid("name", value=name, why=why)
        if name and name in names:
            place.duplicate("name", value=name, why="webhooks have different names")
        names.add(name)
        _webhook(place, hook)


def _webhook(at: At, hook: Map) -> None:
    for index, rule in indexed(hook.get("rules")):
        match_rule(at.to("rules", index), rule)
    at.choice("failurePolicy", value=hook.get("failurePolicy"), allowed=FAILURE_POLICIES)
    at.choice("matchPolicy", value=hook.get("matchPolicy"), allowed=MATCH_POLICIES)
    at.choice("reinvocationPolicy", value=hook.get("reinvocationPolicy"), allowed=("Never", "IfNeeded"))
    at.choice(
        "sideEffects",
        value=hook.get("sideEffects"),
        allowed=("None", "NoneOnDryRun"),
        needed="it says whether the webhook changes anything else",
    )
    seconds = number(hook.get("timeoutSeconds"))
    if seconds is not None and not 1 <= seconds <= 30:
        at.invalid("timeoutSeconds", value=seconds, why="it is a number from 1 to 30")
    for field in ("namespaceSelector", "objectSelector"):
        label_selector(at / field, hook.get(field))
    _client(at / "clientConfig", mapping(hook.get("clientConfig")))
    match_conditions(at / "matchConditions", hook.get("matchConditions"))
    versions = [version for _, version in indexed_texts(hook.get("admissionReviewVersions"))]
    if not versions:
        why = "it says which versions of AdmissionReview the webhook understands"
        at.missing("admissionReviewVersions", why=why, fix="Add `admissionReviewVersions: [v1]`.")
    elif not {"v1", "v1beta1"} & set(versions):
        at.say("`admissionReviewVersions` has neither `v1` nor `v1beta1`.", "admissionReviewVersions")
    for index, version in enumerate(versions):
        if version in versions[:index]:
            at.duplicate("admissionReviewVersions", index, value=version, why="a version is listed once")
        elif dns_label_1035(version):
            at.invalid("admissionReviewVersions", index, value=version, why=dns_label_1035(version))


def _client(at: At, client: Map) -> None:
    url, service = client.get("url"), client.get("service")
    if (url is None) == (service is None):
        at.say("A webhook is called by `url` or by `service`: exactly one of them.")
    elif isinstance(url, str):
        webhook_url(at, url)
    elif isinstance(service, dict):
        webhook_service(at / "service", service)


def webhook_url(at: At, url: str) -> None:
    """The URL of a webhook (`ValidateWebhookURL`)."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
    except ValueError:
        at.invalid("url", value=url, why="it isn't a URL")
        return
    broken = (
        (parts.scheme != "https", "it starts with `https://`"),
        (not parts.netloc, "it names a host"),
        ("@" in parts.netloc, "it may not have a user"),
        (bool(parts.query), "it may not have a query"),
        (bool(parts.fragment), "it may not have a fragment"),
    )
    for holds, why in broken:
        if holds:
            at.invalid("url", value=url, why=why)


def webhook_service(at: At, service: Map) -> None:
    """The Service of a webhook (`ValidateWebhookService`)."""
    for field in ("name", "namespace"):
        if not text(service.get(field)):
            at.missing(field, why="a Service is named by name and namespace")
    port = number(service.get("port"))
    if port is not None and not 1 <= port <= 65535:
        at.invalid("port", value=port, why="a port is a number from 1 to 65535")
    path = service.get("path")
    if not isinstance(path, str) or path in ("", "/"):
        return
    if not path.startswith("/"):
        at.invalid("path", value=path, why="it starts with `/`")
        return
    segments = path[1:].removesuffix("/").split("/")
    for segment in segments:
        if not segment or dns_subdomain(segment):
            at.invalid("path", value=path, why="each part of the path is a DNS name, and none is empty")
            return
