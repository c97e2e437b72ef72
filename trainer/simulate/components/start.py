"""Does a component start with its static Pod, and stay up?

Collects everything: what the kubelet refuses, flags that don't parse, flags that are missing or
contradict each other, files, configurations, probes. Follows the `Validate` functions of
kube-apiserver, kube-controller-manager and kube-scheduler v1.35 (k8s.io/apiserver
`pkg/server/options`, k8s.io/kubernetes `pkg/kubeapiserver/options`, `pkg/controlplane/apiserver/options`)
and `server/embed/config.go` of etcd 3.6.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.simulate.components.command_line import FALSE, CommandLine
from trainer.simulate.components.files import file_problems
from trainer.simulate.components.flags import AUTHORIZATION_MODES
from trainer.simulate.components.image_policy_webhook import webhook_of
from trainer.simulate.components.plugins import is_doubtful_plugin, plugins
from trainer.simulate.components.probes import probe_problems
from trainer.simulate.components.static_pods import NodeFiles, StaticPod, pod_problems
from trainer.simulate.components.tls import HTTP2_CIPHERS, cipher_problem
from trainer.verdict import Problem
from trainer.versions import SUPPORTED

_VERSIONS = ("", "VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13")
_FAIRNESS = ("flowcontrol.apiserver.k8s.io/v1", "api/ga", "api/all")
"""Keys of --runtime-config that disable an API which the API server itself uses; the first one counts."""

_PLUGIN = "ImagePolicyWebhook"
_CURVES = frozenset({23, 24, 25, 29, 4588})
"""P-256, P-384, P-521, X25519, X25519MLKEM768: curves of Go that are known here."""
_OIDC = ("oidc-issuer-url", "oidc-client-id")
"""Flags that every other `--oidc-` flag needs."""

Complaint = tuple[str, str]
"""What is wrong, and the flag to look at (empty: the list of flags)."""


def start_problems(pod: StaticPod, node: NodeFiles, policy: Sequence[Manifest] = ()) -> list[Problem]:
    """Every reason why the component doesn't start; `policy` are RBAC objects, for its probes."""
    found = [*pod_problems(pod, node), *pod.command.problems]
    checks = {
        "kube-apiserver": _apiserver,
        "kube-controller-manager": _needs_kubeconfig,
        "kube-scheduler": _needs_kubeconfig,
        "etcd": _etcd,
    }
    for message, flag in checks[pod.component](pod.command):
        found.append(Problem(message, location=pod.flag_location(flag)))
    found += file_problems(pod, node)
    if pod.component == "kube-apiserver" and _PLUGIN in pod.command.texts("enable-admission-plugins"):
        found += _image_policy(pod, node)
    if not found:
        found += probe_problems(pod, node, policy)
    return list(dict.fromkeys(found))


def _image_policy(pod: StaticPod, node: NodeFiles) -> list[Problem]:
    """The plugin reads its configuration and its kubeconfig when the API server starts."""
    try:
        return list(webhook_of(pod, node).problems)
    except NotJudged:
        return []


def _apiserver(command: CommandLine) -> Iterator[Complaint]:
    yield from _serving(command)
    if not command.texts("etcd-servers"):
        yield "--etcd-servers must be set", ""
    if not command.texts("service-account-issuer"):
        yield "--service-account-issuer must be set", ""
    if command.text("service-account-signing-endpoint"):
        raise NotJudged("an external token signer", command.location("service-account-signing-endpoint"))
    if not command.text("service-account-signing-key-file"):
        yield "--service-account-signing-key-file must be set", ""
    elif not command.texts("service-account-key-file"):
        yield "--service-account-key-file must be set", ""
    for one, other in (
        ("etcd-certfile", "etcd-keyfile"),
        ("kubelet-client-certificate", "kubelet-client-key"),
        ("proxy-client-cert-file", "proxy-client-key-file"),
    ):
        if bool(command.text(one)) != bool(command.text(other)):
            yield f"set both --{one} and --{other}, or neither", one if command.is_set(one) else other
    yield from _oidc(command)
    if command.text("service-cluster-ip-range"):
        for network in command.text("service-cluster-ip-range").split(","):
            if not _is_network(network):
                yield f"--service-cluster-ip-range: {network!r} is not a range", "service-cluster-ip-range"
    yield from _fairness(command)
    yield from _authorization(command)
    yield from _admission(command)
    yield from _audit(command)


def _oidc(command: CommandLine) -> Iterator[Complaint]:
    """Follows `validateOIDCOptions` of `pkg/kubeapiserver/options/authentication.go`: what is set counts."""
    used = [flag for flag in command.uses if flag.startswith("oidc-")]
    if used and command.text("authentication-config"):
        yield "--authentication-config and the --oidc flags are mutually exclusive", used[0]
    elif used and not all(command.text(flag) for flag in _OIDC):
        yield f"the --oidc flags need both --{_OIDC[0]} and --{_OIDC[1]}", used[0]


def _fairness(command: CommandLine) -> Iterator[Complaint]:
    """Priority and fairness needs its own API."""
    served = command.value("runtime-config")
    for key in _FAIRNESS if command.flag("enable-priority-and-fairness") else ():
        if isinstance(served, dict) and key in served:
            if served[key] in FALSE:
                yield f"{key}=false needs --enable-priority-and-fairness=false", "runtime-config"
            break


def _authorization(command: CommandLine) -> Iterator[Complaint]:
    modes = command.texts("authorization-mode")
    if command.text("authorization-config"):
        for flag in ("authorization-mode", "authorization-webhook-config-file", "authorization-policy-file"):
            if command.is_set(flag):
                yield f"--authorization-config and --{flag} are mutually exclusive", flag
        return
    for mode, times in Counter(modes).items():
        if mode not in AUTHORIZATION_MODES:
            yield f"--authorization-mode: {mode!r} is not a mode", "authorization-mode"
        elif times > 1:
            yield f"--authorization-mode lists {mode} twice", "authorization-mode"
    if command.is_set("authorization-mode") and not modes:
        yield "--authorization-mode lists no mode", "authorization-mode"
    for mode, flag in (
        ("ABAC", "authorization-policy-file"),
        ("Webhook", "authorization-webhook-config-file"),
    ):
        if mode in modes and not command.text(flag):
            yield f"the mode {mode} needs --{flag}", "authorization-mode"
        elif mode not in modes and command.text(flag):
            yield f"--{flag} needs the mode {mode}", flag


def _admission(command: CommandLine) -> Iterator[Complaint]:
    on, off = command.texts("enable-admission-plugins"), command.texts("disable-admission-plugins")
    for flag, names in (("enable-admission-plugins", on), ("disable-admission-plugins", off)):
        yield from _unknown_plugins(command, flag, names)
    for name in sorted(set(on) & set(off)):
        yield f"the admission plugin {name} is both enabled and disabled", "disable-admission-plugins"
    if command.is_set("admission-control"):
        if on or off:
            yield (
                "--admission-control and --enable-admission-plugins are mutually exclusive",
                "admission-control",
            )
        yield from _unknown_plugins(command, "admission-control", command.texts("admission-control"))


def _unknown_plugins(command: CommandLine, flag: str, names: Iterable[str]) -> Iterator[Complaint]:
    version = command.kubernetes
    for name in names:
        if name in plugins(version):
            continue
        if is_doubtful_plugin(name, version):
            raise NotJudged(
                f"the admission plugin {name} of kube-apiserver {version}", command.location(flag)
            )
        when = f" of {version}" if any(name in plugins(one) for one in SUPPORTED) else ""
        near = next((one for one in plugins(version) if one.lower() == name.lower()), "")
        hint = f": upper and lower case count, it is {near}" if near else ""
        yield f"--{flag}: {name!r} is not an admission plugin{when}{hint}", flag


def _audit(command: CommandLine) -> Iterator[Complaint]:
    for flag in ("audit-log-maxage", "audit-log-maxbackup", "audit-log-maxsize"):
        if command.number(flag) < 0:
            yield f"--{flag} must not be negative", flag
    for flag, values in (
        ("audit-log-format", ("json", "legacy")),
        ("audit-log-mode", ("batch", "blocking", "blocking-strict")),
        ("audit-webhook-mode", ("batch", "blocking", "blocking-strict")),
    ):
        if command.text(flag) not in values:
            yield f"--{flag}: write {', '.join(values)}", flag


def _serving(command: CommandLine) -> Iterator[Complaint]:
    """TLS and the port, the same for the three Kubernetes components."""
    if bool(command.text("tls-cert-file")) != bool(command.text("tls-private-key-file")):
        yield "set both --tls-cert-file and --tls-private-key-file, or neither", "tls-cert-file"
    version = command.text("tls-min-version")
    if version not in _VERSIONS:
        yield f"--tls-min-version: {version!r} must be one of {', '.join(_VERSIONS[1:])}", "tls-min-version"
    ciphers = command.texts("tls-cipher-suites")
    for cipher in ciphers:
        if why := cipher_problem(cipher):
            yield f"--tls-cipher-suites: {why}", "tls-cipher-suites"
    asks_http2 = not command.flag("disable-http2-serving") and version != "VersionTLS13"
    if ciphers and asks_http2 and not HTTP2_CIPHERS & set(ciphers):
        wanted = " or ".join(sorted(HTTP2_CIPHERS, reverse=True))
        yield f"--tls-cipher-suites lacks a cipher that HTTP/2 needs: {wanted}", "tls-cipher-suites"
    yield from _curves(command)
    port = command.number("secure-port")
    lowest = 1 if command.component == "kube-apiserver" else 0
    if not lowest <= port <= 65535:
        yield f"--secure-port: {port} is not a port", "secure-port"


def _curves(command: CommandLine) -> Iterator[Complaint]:
    """Follows `TLSCurvePreferences` of k8s.io/component-base v1.36: numbers of Go's crypto/tls."""
    flag = "tls-curve-preferences"
    numbers = [int(one, 0) for one in command.texts(flag)] if command.is_set(flag) else []
    for index, number in enumerate(numbers):
        if not 0 < number < 2**16:
            yield f"--{flag}: {number} is not between 1 and 65535", flag
        elif number in numbers[:index]:
            yield f"--{flag} has {number} twice", flag
        elif number not in _CURVES:
            raise NotJudged(f"the curve {number}", command.location(flag))


def _needs_kubeconfig(command: CommandLine) -> Iterator[Complaint]:
    yield from _serving(command)
    ways = (
        ("kubeconfig", "master", "config")
        if command.component == "kube-scheduler"
        else ("kubeconfig", "master")
    )
    if not any(command.text(flag) for flag in ways):
        yield "--kubeconfig must be set: a static Pod has no ServiceAccount token", ""
    if command.component == "kube-scheduler" and command.text("write-config-to"):
        yield (
            "with --write-config-to, kube-scheduler only writes its configuration and exits",
            "write-config-to",
        )
    if command.component == "kube-controller-manager":
        for start in ("cluster-signing-", *_signers(command)):
            cert, key = command.text(f"{start}cert-file"), command.text(f"{start}key-file")
            if bool(cert) != bool(key):
                yield f"set both --{start}cert-file and --{start}key-file, or neither", f"{start}cert-file"


def _signers(command: CommandLine) -> list[str]:
    found = [
        name for name in command.uses if name.startswith("cluster-signing-") and name.endswith("-cert-file")
    ]
    return [name.removesuffix("cert-file") for name in found if name != "cluster-signing-cert-file"]


def _etcd(command: CommandLine) -> Iterator[Complaint]:
    if command.text("config-file"):
        raise NotJudged("etcd with a configuration file", command.location("config-file"))
    if command.is_set("listen-client-urls") and not command.is_set("advertise-client-urls"):
        yield "--advertise-client-urls must be set when --listen-client-urls is", "listen-client-urls"
    for flag, kind in (
        ("listen-client-urls", ""),
        ("listen-metrics-urls", ""),
        ("listen-peer-urls", "peer-"),
    ):
        for url in filter(None, command.text(flag).split(",")):
            parts = urlsplit(url.strip())
            if parts.scheme not in ("http", "https", "unix", "unixs") or not parts.netloc:
                yield f"--{flag}: {url!r} is not a URL such as https://127.0.0.1:2379", flag
            elif parts.scheme == "https" and not _has_certificate(command, kind):
                yield f"--{flag}: {url} needs --{kind}cert-file and --{kind}key-file", flag
    for kind in ("", "peer-"):
        cert, key = command.text(f"{kind}cert-file"), command.text(f"{kind}key-file")
        if bool(cert) != bool(key):
            yield f"set both --{kind}cert-file and --{kind}key-file, or neither", f"{kind}cert-file"
    if command.text("tls-min-version") not in ("", "TLS1.2", "TLS1.3"):
        yield "--tls-min-version: write TLS1.2 or TLS1.3", "tls-min-version"
    for cipher in filter(None, command.text("cipher-suites").split(",")):
        if why := cipher_problem(cipher.strip()):
            yield f"--cipher-suites: {why}", "cipher-suites"


def _has_certificate(command: CommandLine, kind: str) -> bool:
    own = command.text(f"{kind}cert-file") and command.text(f"{kind}key-file")
    return bool(own) or command.flag(f"{kind}auto-tls")


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return False
    return "/" in text
