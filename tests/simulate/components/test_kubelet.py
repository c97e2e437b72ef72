"""The kubelet's configuration."""

from __future__ import annotations

from tests.static_pod_maker import manifest
from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.access.requests import parse_identity
from trainer.simulate.components.kubelet import (
    kubelet_answer,
    kubelet_problems,
    kubelet_setting,
)
from trainer.simulate.components.kubelet_defaults import ALL

START = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"
OPEN = (
    START
    + "authentication: {anonymous: {enabled: true}}\nauthorization: {mode: AlwaysAllow}\nreadOnlyPort: 10255\n"
)


def config(text: str = "") -> Manifest:
    return manifest(START + text, "config.yaml")


def value(text: str, name: str) -> object:
    return kubelet_setting(config(text), name).value


def test_defaults() -> None:
    for name, default in ALL.items():
        found = kubelet_setting(config(), name)
        assert (found.value, found.location) == (default, None)
    assert kubelet_setting(config(), "readOnlyPort").because == "readOnlyPort is 0 by default"
    assert value("", "tls-versions") == ("1.2", "1.3")


@each_row(
    ("text", "name", "wanted"),
    [
        ("maxPods: 0\n", "maxPods", 110),
        ("registryPullQPS: 0\n", "registryPullQPS", 0),
        ("podPidsLimit: -5\n", "podPidsLimit", -1),
        ("podPidsLimit: 0\n", "podPidsLimit", 0),
        ("evictionHard: {}\n", "evictionHard.memory.available", "100Mi"),
        ("evictionHard: {memory.available: 1Gi}\n", "evictionHard.memory.available", "1Gi"),
        ("evictionHard: {memory.available: 1Gi}\n", "evictionHard.nodefs.available", None),
        ("nodeStatusUpdateFrequency: 20s\n", "nodeStatusReportFrequency", "20s"),
        ("nodeStatusUpdateFrequency: 0s\n", "nodeStatusReportFrequency", "5m"),
        ("maxParallelImagePulls: 2\n", "serializeImagePulls", False),
        ("maxParallelImagePulls: 1\n", "serializeImagePulls", True),
        ("shutdownGracePeriod: 0s\n", "shutdownGracePeriod", "0s"),
        ("logging: {flushFrequency: 0}\n", "logging.flushFrequency", "5s"),
    ],
)
def test_less_common_defaults(text: str, name: str, wanted: object) -> None:
    assert value(text, name) == wanted


def test_what_is_written() -> None:
    found = kubelet_setting(manifest(OPEN), "authentication.anonymous.enabled")
    assert found.value is True
    assert found.location is not None
    assert found.location.line == 3
    assert value("readOnlyPort: 10255\n", "readOnlyPort") == 10255
    assert value("makeIPTablesUtilChains: false\n", "makeIPTablesUtilChains") is False
    assert value("tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n", "tlsCipherSuites") == (
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    )


def test_zeros_and_empty_texts_are_defaults() -> None:
    assert value("streamingConnectionIdleTimeout: 0s\n", "streamingConnectionIdleTimeout") == "4h"
    assert value("port: 0\n", "port") == 10250
    assert value("authorization: {mode: ''}\n", "authorization.mode") == "Webhook"
    assert value("eventRecordQPS: 0\n", "eventRecordQPS") == 0


@each_row(
    ("text", "message"),
    [
        ("authorization: {mode: RBAC}\n", "neither Webhook nor AlwaysAllow"),
        ("tlsMinVersion: '1.2'\n", "must be one of"),
        ("tlsCipherSuites: [TLS_X]\n", "not a cipher suite"),
        ("tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]\n", "HTTP/2 needs"),
        ("readOnlyPort: 99999\n", "not a port"),
        ("tlsCertFile: /a\n", "set both"),
        (
            "serverTLSBootstrap: true\nfeatureGates: {RotateKubeletServerCertificate: false}\n",
            "needs the feature",
        ),
    ],
)
def test_what_stops_it(text: str, message: str) -> None:
    assert any(message in problem.message for problem in kubelet_problems(config(text)))
    assert kubelet_problems(config()) == []


def status(found: Manifest, who: str, path: str, port: int = 0) -> int:
    return kubelet_answer(found, parse_identity(who), path, default_policy(), port).status


def test_requests() -> None:
    anonymous = "user:system:anonymous"
    assert status(config(), anonymous, "/pods") == 401
    assert status(manifest(OPEN), anonymous, "/pods") == 200
    assert status(manifest(OPEN), anonymous, "/pods", 10255) == 200
    assert status(config(), anonymous, "/pods", 10255) == 0
    asked = config("authentication: {anonymous: {enabled: true}}\n")
    assert status(asked, anonymous, "/pods") == 403
    assert status(config(), "user:jane", "/pods") == 403
    assert status(config(), "group:system:masters", "/pods") == 200
    deaf = config("authentication: {webhook: {enabled: false}}\n")
    assert status(deaf, "sa:ci/deployer", "/metrics") == 401
