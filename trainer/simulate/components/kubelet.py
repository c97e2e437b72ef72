"""The kubelet's configuration file: effective settings, whether it starts, and which requests it answers.

Follows https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ and
https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/ (v1.35). Flags of the
kubelet (a drop-in of systemd, kubeadm-flags.env), which win over the file, are not part of this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.values import items, text
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.requests import Identity, Request
from trainer.simulate.components.anonymous_access import ANONYMOUS, Answer
from trainer.simulate.components.command_line import Value, seconds
from trainer.simulate.components.kubelet_defaults import ALL, FOLLOWS, ZERO_IS_UNSET
from trainer.simulate.components.settings import Setting
from trainer.simulate.components.tls import HTTP2_CIPHERS, TLS13_CIPHERS, cipher_problem, tls_settings
from trainer.verdict import Problem

DERIVED: dict[str, tuple[str, ...]] = {
    "tls-versions": ("tlsMinVersion", "tlsCipherSuites"),
    "tls-ciphers": ("tlsCipherSuites", "tlsMinVersion"),
}

_MAPPINGS = frozenset(
    "evictionHard evictionSoft evictionSoftGracePeriod evictionMinimumReclaim featureGates systemReserved "
    "kubeReserved qosReserved".split()
)
_MODES = ("Webhook", "AlwaysAllow")
_VERSIONS = ("VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13")
_SUBRESOURCES = {
    "stats": "stats",
    "metrics": "metrics",
    "logs": "log",
    "spec": "spec",
    "checkpoint": "checkpoint",
}
_FINE = {"pods": "pods", "runningpods": "pods", "healthz": "healthz", "configz": "configz"}
_ANY_NODE = "node"


def kubelet_setting(manifest: Manifest, name: str) -> Setting:
    """One effective setting by its dotted path, or `tls-versions`, `tls-ciphers`.

    An empty value counts as the default, as in the kubelet. A field without a known default
    is None if it isn't set.
    """
    if name in DERIVED:
        settings = tls_settings(_text(manifest, "tlsMinVersion"), _suites(manifest))
        value: Value = settings.versions if name == "tls-versions" else (*TLS13_CIPHERS, *settings.ciphers)
        field = DERIVED[name][0]
        return Setting(name, value, _because(manifest, field), _place(manifest, field))
    written = manifest.get(*steps(name))
    if _counts_as_unset(name, written):
        default = _default(manifest, name)
        shown = "not set" if default is None else f"{_shown(default)} by default"
        return Setting(name, default, f"{name} is {shown}")
    typed: Value = tuple(map(str, written)) if isinstance(written, list) else written
    return Setting(name, typed, f"{name} is {_shown(written)}", manifest.where(*steps(name)))


def steps(name: str) -> tuple[str, ...]:
    """The path of a field by its dotted name: keys of a mapping (`evictionHard`) have dots themselves."""
    first, _, rest = name.partition(".")
    return (first, rest) if rest and first in _MAPPINGS else tuple(name.split("."))


def _default(manifest: Manifest, name: str) -> Value:
    """What a missing field means beside the others."""
    if name.startswith("evictionHard.") and manifest.get("evictionHard"):
        return None  # the default is the whole mapping, not its entries
    other = manifest.get(FOLLOWS.get(name, ""))
    if name == "nodeStatusReportFrequency" and other and seconds(str(other)):
        return text(other)
    if name == "serializeImagePulls" and isinstance(other, int):
        return other < 2
    return ALL.get(name)


def _counts_as_unset(name: str, written: Any) -> bool:
    """The kubelet's defaulting replaces empty texts, lists and mappings, zero durations and some zeros."""
    if written is None or written in ("", [], {}):
        return True
    if isinstance(written, str):
        return isinstance(ALL.get(name), str) and seconds(written) == 0
    if name == "podPidsLimit":
        return isinstance(written, int) and written < 0
    return name in ZERO_IS_UNSET and written == 0 and written is not False


def kubelet_problems(manifest: Manifest) -> list[Problem]:
    """Why the kubelet refuses to start with this configuration."""
    return [
        Problem(message, location=manifest.where(*field.split(".")))
        for message, field in _complaints(manifest)
    ]


def _complaints(manifest: Manifest) -> Iterator[tuple[str, str]]:
    mode = _text(manifest, "authorization", "mode")
    if mode and mode not in _MODES:
        yield f"authorization.mode {mode!r} is neither Webhook nor AlwaysAllow", "authorization.mode"
    version = _text(manifest, "tlsMinVersion")
    if version and version not in _VERSIONS:
        yield f"tlsMinVersion {version!r} must be one of {', '.join(_VERSIONS)}", "tlsMinVersion"
    suites = _suites(manifest)
    for suite in suites:
        if why := cipher_problem(suite):
            yield f"tlsCipherSuites: {why}", "tlsCipherSuites"
    if suites and version != "VersionTLS13" and not HTTP2_CIPHERS & set(suites):
        wanted = " or ".join(sorted(HTTP2_CIPHERS, reverse=True))
        yield f"tlsCipherSuites lacks a cipher that HTTP/2 needs: {wanted}", "tlsCipherSuites"
    for field in ("port", "readOnlyPort", "healthzPort"):
        number = manifest.get(field)
        if isinstance(number, int) and not 0 <= number <= 65535:
            yield f"{field} {number} is not a port", field
    idle = _text(manifest, "streamingConnectionIdleTimeout")
    if idle and seconds(idle) is None:
        yield f"streamingConnectionIdleTimeout {idle!r} is not a duration", "streamingConnectionIdleTimeout"
    if bool(manifest.get("tlsCertFile")) != bool(manifest.get("tlsPrivateKeyFile")):
        yield "set both tlsCertFile and tlsPrivateKeyFile, or neither", "tlsCertFile"
    gates = manifest.get("featureGates", default={})
    if manifest.get("serverTLSBootstrap") is True and gates.get("RotateKubeletServerCertificate") is False:
        yield "serverTLSBootstrap needs the feature RotateKubeletServerCertificate", "serverTLSBootstrap"


def kubelet_answer(
    manifest: Manifest, who: Identity, path: str, policy: Sequence[Manifest], port: int = 0
) -> Answer:
    """What the kubelet does with `GET path`; `port` 0 means its own port, 10250.

    `policy` are the RBAC objects that the API server decides by in mode Webhook.
    """
    read_only = kubelet_setting(manifest, "readOnlyPort")
    if port and port == read_only.value and port != kubelet_setting(manifest, "port").value:
        return Answer(True, 200, f"the read-only port {port} requires no credentials", read_only.location)
    if port and port != kubelet_setting(manifest, "port").value:
        return Answer(False, 0, f"nothing listens on port {port}", read_only.location)
    if who.user == ANONYMOUS:
        anonymous = kubelet_setting(manifest, "authentication.anonymous.enabled")
        if anonymous.value is not True:
            return Answer(False, 401, anonymous.because, anonymous.location)
    elif who.user.startswith("system:serviceaccount:"):
        webhook = kubelet_setting(manifest, "authentication.webhook.enabled")
        if webhook.value is not True:
            return Answer(False, 401, f"{webhook.because}: the kubelet ignores tokens", webhook.location)
    mode = kubelet_setting(manifest, "authorization.mode")
    if mode.value == "AlwaysAllow":
        return Answer(True, 200, mode.because, mode.location)
    if mode.value != "Webhook":
        raise NotJudged(f"the authorization mode {mode.value}", mode.location)
    authorizer = Authorizer(policy)
    for subresource in _subresources(path):
        request = Request(who, "get", "nodes", subresource=subresource, name=_ANY_NODE)
        if (grant := authorizer.decide(request).grant) is not None:
            return Answer(True, 200, grant.title, grant.location)
    return Answer(False, 403, "the API server decides, and denies it to this identity", mode.location)


def _subresources(path: str) -> Iterator[str]:
    """The subresources of `nodes` that a path of the kubelet needs: one of them is enough."""
    first = path.strip("/").partition("/")[0].partition("?")[0]
    if first in _FINE:
        yield _FINE[first]
    yield _SUBRESOURCES.get(first, "proxy")


def _because(manifest: Manifest, field: str) -> str:
    found = kubelet_setting(manifest, field)
    return found.because


def _place(manifest: Manifest, field: str) -> Any:
    return kubelet_setting(manifest, field).location


def _suites(manifest: Manifest) -> tuple[str, ...]:
    return tuple(map(str, items(manifest.get("tlsCipherSuites"))))


def _text(manifest: Manifest, *path: str) -> str:
    return text(manifest.get(*path))


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "empty"
    return "set" if isinstance(value, Mapping) else str(value)
