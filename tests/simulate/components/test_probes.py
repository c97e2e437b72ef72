"""Probes that a component's own settings make fail."""

from __future__ import annotations

from tests.static_pod_maker import (
    APISERVER,
    CONTROLLER_MANAGER,
    ETCD,
    SCHEDULER,
    node,
    pod,
    with_flags,
)
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.components.probes import probe_problems


def failures(text: str, component: str) -> list[str]:
    found = probe_problems(pod(text, component), node(), default_policy())
    return [problem.message.partition("again and again: ")[2] for problem in found]


def test_kubeadm_s_own_probes_pass() -> None:
    assert failures(APISERVER, "kube-apiserver") == []
    assert failures(ETCD, "etcd") == []
    assert failures(SCHEDULER, "kube-scheduler") == []
    assert failures(CONTROLLER_MANAGER, "kube-controller-manager") == []


def test_anonymous_requests_off() -> None:
    text = with_flags(APISERVER, "--anonymous-auth=false")
    assert failures(text, "kube-apiserver") == [
        "GET /livez without credentials is answered with 401 (--anonymous-auth is false)"
    ]
    [problem] = probe_problems(pod(text), node(), default_policy())
    assert problem.location is not None
    assert problem.location.line == 42
    header = text.replace(
        "        path: /livez",
        "        httpHeaders: [{name: Authorization, value: Bearer a}]\n        path: /livez",
    )
    assert failures(header, "kube-apiserver") == []


def test_no_rbac_means_no_livez() -> None:
    text = APISERVER.replace("Node,RBAC", "Node")
    assert "answered with 403" in failures(text, "kube-apiserver")[0]


def test_the_place_is_the_setting_that_refuses_the_probe() -> None:
    text = APISERVER.replace("Node,RBAC", "Node,RBAC,AlwaysAllow")
    [problem] = probe_problems(pod(text), node(), default_policy())
    assert problem.location is not None
    line = text.splitlines()[problem.location.line - 1]
    assert "AlwaysAllow" in line


def test_port_and_address() -> None:
    moved = APISERVER.replace("--secure-port=6443", "--secure-port=8443")
    assert failures(moved, "kube-apiserver") == ["it probes port 6443, but the component serves 8443"]
    assert failures(moved.replace("containerPort: 6443", "containerPort: 8443"), "kube-apiserver") == []
    local = with_flags(APISERVER, "--bind-address=127.0.0.1")
    assert "listens only on 127.0.0.1" in failures(local, "kube-apiserver")[0]
    plain = APISERVER.replace("scheme: HTTPS", "scheme: HTTP")
    assert "serves only HTTPS" in failures(plain, "kube-apiserver")[0]


def test_always_allowed_paths() -> None:
    text = with_flags(SCHEDULER, "--authorization-always-allow-paths=/healthz")
    assert failures(text, "kube-scheduler") == ["GET /livez without credentials is not allowed"]


def test_etcd() -> None:
    gone = with_flags(ETCD, without=("--listen-metrics",))
    assert failures(gone, "etcd") == ["etcd doesn't listen at 127.0.0.1:2381"]
    tls = ETCD.replace("http://127.0.0.1:2381", "https://127.0.0.1:2381")
    assert "it uses http, but etcd listens on https" in failures(tls, "etcd")[0]
    asked = tls.replace("scheme: HTTP}", "scheme: HTTPS}")
    assert "requires one" in failures(asked, "etcd")[0]
