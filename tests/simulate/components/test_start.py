"""Would it still start? Required flags, contradictions, TLS."""

from __future__ import annotations

import pytest

from tests.static_pod_maker import (
    APISERVER,
    CONTROLLER_MANAGER,
    ETCD,
    SCHEDULER,
    apiserver,
    node,
    pod,
    with_flags,
)
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.components.start import start_problems
from trainer.versions import Version

TEXTS = {
    "kube-apiserver": APISERVER,
    "etcd": ETCD,
    "kube-scheduler": SCHEDULER,
    "kube-controller-manager": CONTROLLER_MANAGER,
}


def messages(component: str, *flags: str, without: tuple[str, ...] = ()) -> list[str]:
    found = pod(
        with_flags(TEXTS[component], *flags, without=without) if flags or without else TEXTS[component],
        component,
    )
    return [problem.message for problem in start_problems(found, node(), default_policy())]


@each_row("component", TEXTS)
def test_kubeadm_s_manifests_start(component: str) -> None:
    assert messages(component) == []


@each_row(
    ("without", "message"),
    [
        ("--etcd-servers", "--etcd-servers must be set"),
        ("--service-account-issuer", "--service-account-issuer must be set"),
        ("--service-account-signing", "--service-account-signing-key-file must be set"),
        ("--service-account-key", "--service-account-key-file must be set"),
        ("--tls-private", "set both --tls-cert-file and --tls-private-key-file, or neither"),
        ("--etcd-keyfile", "set both --etcd-certfile and --etcd-keyfile, or neither"),
    ],
)
def test_flags_that_the_api_server_needs(without: str, message: str) -> None:
    assert messages("kube-apiserver", without=(without,)) == [message]


@each_row(
    ("flag", "message"),
    [
        ("--authorization-mode=Rbac", "'Rbac' is not a mode"),
        ("--authorization-mode=Node", "lists Node twice"),
        ("--authorization-mode=ABAC", "the mode ABAC needs --authorization-policy-file"),
        ("--enable-admission-plugins=PodSecurityPolicy", "is not an admission plugin"),
        (
            "--enable-admission-plugins=ImagePolicyWebHook",
            "is not an admission plugin: upper and lower case count, it is ImagePolicyWebhook",
        ),
        ("--disable-admission-plugins=NodeRestriction", "both enabled and disabled"),
        ("--enable-admission-plugins=ImagePolicyWebhook", "the plugin has no configuration"),
        ("--admission-control=NodeRestriction", "are mutually exclusive"),
        ("--audit-log-maxage=-1", "must not be negative"),
        ("--audit-log-format=text", "write json, legacy"),
        ("--tls-min-version=TLS1.2", "'TLS1.2' must be one of"),
        ("--tls-cipher-suites=TLS_X", "'TLS_X' is not a cipher suite"),
        ("--secure-port=0", "0 is not a port"),
        ("--oidc-issuer-url=https://a", "need both"),
        ("--oidc-groups-prefix=x", "need both"),
        ("--service-cluster-ip-range=10.0.0.0", "is not a range"),
        ("--authorization-config=/etc/kubernetes/pki/a", "are mutually exclusive"),
        ("--runtime-config=api/all=false", "needs --enable-priority-and-fairness=false"),
        ("--insecure-bind-address=0.0.0.0", "has no flag"),
    ],
)
def test_flags_that_stop_the_api_server(flag: str, message: str) -> None:
    assert any(message in one for one in messages("kube-apiserver", flag))


def test_http2_needs_its_cipher() -> None:
    strong = "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
    assert any("HTTP/2 needs" in one for one in messages("kube-apiserver", strong))
    assert messages("kube-apiserver", strong, "--tls-min-version=VersionTLS13") == []
    assert messages("kube-apiserver", f"{strong},TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256") == []


def test_problems_say_where() -> None:
    [problem] = start_problems(apiserver("--audit-log-maxsize=-1"), node(), default_policy())
    assert problem.location is not None
    assert problem.location.line == 42


def test_kubeconfig_is_needed() -> None:
    for component in ("kube-scheduler", "kube-controller-manager"):
        assert "--kubeconfig must be set" in messages(component, without=("--kubeconfig",))[0]


@each_row(
    ("flags", "without", "message"),
    [
        ((), ("--advertise",), "--advertise-client-urls must be set"),
        ((), ("--cert-file",), "set both --cert-file and --key-file, or neither"),
        ((), ("--cert-file", "--key-file"), "needs --cert-file and --key-file"),
        ((), ("--peer-cert", "--peer-key"), "needs --peer-cert-file"),
        (("--listen-metrics-urls=127.0.0.1:2381",), (), "is not a URL"),
        (("--tls-min-version=VersionTLS12",), (), "write TLS1.2 or TLS1.3"),
        (("--cipher-suites=X",), (), "not a cipher suite"),
        (("--trusted-ca-file=/etc/other/ca.crt",), (), "no volumeMount covers"),
    ],
)
def test_etcd(flags: tuple[str, ...], without: tuple[str, ...], message: str) -> None:
    assert any(message in one for one in messages("etcd", *flags, without=without))


def test_what_is_not_judged() -> None:
    for component, flag in (
        ("etcd", "--config-file=/a"),
        ("kube-apiserver", "--service-account-signing-endpoint=/a"),
    ):
        with pytest.raises(NotJudged):
            messages(component, flag)


def of_version(minor: int, *flags: str) -> list[str]:
    """Why the API server of a version, which its image names, doesn't start with these flags."""
    text = with_flags(APISERVER, *flags).replace(f":v{Version(1, 35)}.", f":v{Version(1, minor)}.")
    return [problem.message for problem in start_problems(pod(text), node(), default_policy())]


def test_plugins_of_other_versions() -> None:
    flag = "--disable-admission-plugins=PodGroupWorkloadExists"
    why = "--disable-admission-plugins: 'PodGroupWorkloadExists' is not an admission plugin of "
    assert of_version(35, flag) == [f"{why}{Version(1, 35)}"]
    assert of_version(36, flag) == []
    assert of_version(37, flag) == [f"{why}{Version(1, 37)}"]
    unknown = "--disable-admission-plugins=NoSuchPlugin"
    assert of_version(36, unknown) == [
        "--disable-admission-plugins: 'NoSuchPlugin' is not an admission plugin"
    ]
    with pytest.raises(NotJudged, match="the admission plugin NoSuchPlugin of kube-apiserver"):
        of_version(37, unknown)


def test_curves() -> None:
    flag = "--tls-curve-preferences"
    assert of_version(36, f"{flag}=29,4588,23") == []
    assert of_version(36, f"{flag}=29", f"{flag}=0x1d") == [f"{flag} has 29 twice"]
    assert of_version(36, f"{flag}=0,70000") == [
        f"{flag}: 0 is not between 1 and 65535",
        f"{flag}: 70000 is not between 1 and 65535",
    ]
    with pytest.raises(NotJudged, match="the curve 99"):
        of_version(36, f"{flag}=99")
