"""Rule `component-settings`."""

from __future__ import annotations

import msgspec
import pytest

from tests.pictures import judging, lines_of, wrong_cells
from tests.static_pod_maker import APISERVER, ETCD, manifest, with_flags, with_mount
from tests.table import each_row
from trainer.rules import component_settings
from trainer.rules.component_settings import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(component_settings)

PATH = "/etc/kubernetes/manifests/kube-apiserver.yaml"
KUBELET = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"
POLICY = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n"


def outcome(
    text: str, component: str = "kube-apiserver", texts: dict[str, str] | None = None, **params: object
) -> Outcome:
    mine = manifest(text, f"{component}.yaml")
    world = World((mine,), answer=(mine,), node_files={PATH: APISERVER}, texts=texts or {})
    return judge(world, msgspec.convert({"component": component, **params}, Params))


def test_pass() -> None:
    text = with_flags(APISERVER, "--profiling=false")
    assert outcome(
        text, settings={"profiling": False, "authorization-mode": {"all-of": ["Node", "RBAC"]}}
    ).status is (Status.PASS)
    assert outcome(text, settings={"profiling": False}, rest="unchanged").status is Status.PASS


def test_a_default_decides() -> None:
    judged = outcome(APISERVER, settings={"profiling": False})
    assert judged.status is Status.FAIL
    assert judged.reasons[0].message == ("--profiling is true by default; false is required.")
    assert judged.evidence == ("profiling is true.",)
    assert judged.reasons[0].location is not None
    assert judged.reasons[0].location.line == 13


def test_the_last_use_decides() -> None:
    judged = outcome(
        with_flags(APISERVER, "--profiling=false", "--profiling=true"), settings={"profiling": False}
    )
    assert judged.reasons[0].location is not None
    assert judged.reasons[0].location.line == 43


def test_it_must_start() -> None:
    judged = outcome(
        with_flags(APISERVER, "--profiling", "--anonymous-auth=false"), settings={"anonymous-auth": False}
    )
    assert judged.status is Status.FAIL
    assert "kube-apiserver doesn't start: the livenessProbe" in judged.reasons[0].message
    assert judged.evidence == ("kube-apiserver doesn't come up with this, and nothing that needs it works.",)


def test_files_reach_the_container() -> None:
    flags = (
        "--audit-policy-file=/etc/kubernetes/audit/policy.yaml",
        "--audit-log-path=/var/log/audit/audit.log",
    )
    text = with_mount(with_flags(APISERVER, *flags), "/etc/kubernetes/audit")
    text = with_mount(text, "/var/log/audit", kind="DirectoryOrCreate", read_only=False)
    asked = {"audit-records": True, "audit-log-path-on-node": "/var/log/audit/audit.log"}
    files = {"policy.yaml": "/etc/kubernetes/audit/policy.yaml"}
    free = ("audit-policy-file", "audit-log-path")
    judged = outcome(
        text, settings=asked, files=files, texts={"policy.yaml": POLICY}, rest="unchanged", free=free
    )
    assert judged.status is Status.PASS
    to_output = text.replace("audit-log-path=/var/log/audit/audit.log", "audit-log-path=-")
    told = outcome(
        to_output, settings={"audit-log-rotates": True}, files=files, texts={"policy.yaml": POLICY}
    )
    assert told.evidence == ("The audit log is never rotated.",)
    message = "--audit-log-path=- writes to the standard output; name a file instead."
    assert told.reasons[0].message == f"The audit log is never rotated: {message}"
    other = text.replace("path: /var/log/audit", "path: /var/log/other")
    [told] = outcome(other, settings=asked, files=files, texts={"policy.yaml": POLICY}).evidence
    assert told == "On the node, the file of --audit-log-path is /var/log/other/audit.log."
    elsewhere = text.replace("audit/policy.yaml", "audit/polcy.yaml")
    judged = outcome(elsewhere, settings=asked, files=files, texts={"policy.yaml": POLICY})
    assert "the node has no file /etc/kubernetes/audit/polcy.yaml" in judged.reasons[0].message
    broken = outcome(
        text, settings=asked, files=files, texts={"policy.yaml": POLICY.replace("Metadata", "M")}
    )
    assert broken.reasons[0].location is not None
    assert (broken.reasons[0].location.file, broken.reasons[0].location.line) == ("policy.yaml", 3)


def test_requests() -> None:
    asked = [{"do": "get /livez", "allowed": True}, {"do": "get /api", "allowed": False}]
    assert outcome(APISERVER, requests=asked).status is Status.PASS
    judged = outcome(APISERVER, requests=[{"do": "get /version", "allowed": False}])
    assert judged.evidence == ("An anonymous GET /version is answered.",)
    assert judged.reasons[0].message == (
        "An anonymous GET /version is answered: --anonymous-auth is true by default."
    )
    jane = [{"who": "user:jane", "do": "list secrets", "namespace": "prod", "allowed": True}]
    assert outcome(APISERVER, requests=jane).evidence == (
        "A request of jane, LIST secrets is refused (403).",
    )


def test_rest() -> None:
    judged = outcome(with_flags(APISERVER, "--v=5"), rest="unchanged")
    assert judged.reasons[0].message == "--v was not set before, and the task doesn't require it."
    assert judged.evidence == ("--v is now 5; before, it was 0.",)


def test_etcd() -> None:
    assert (
        outcome(ETCD, "etcd", settings={"client-certificates": True, "auto-tls": False}).status is Status.PASS
    )
    judged = outcome(with_flags(ETCD, "--auto-tls=true"), "etcd", settings={"auto-tls": False})
    assert judged.evidence == ("auto-tls is true.",)


def test_a_misspelled_field_of_the_kubelet() -> None:
    for text, name, path in (
        ("protectKernelDefault: true\n", "protectKernelDefaults", "protectKernelDefault"),
        ("authentication: {anonymus: {enabled: false}}\n", "authentication.anonymous.enabled", ""),
        (
            "authentication: {webhook: {enable: false}}\n",
            "authentication.webhook.enabled",
            "authentication.webhook.enable",
        ),
    ):
        (reason,) = outcome(KUBELET + text, "kubelet", settings={name: "other"}).reasons
        assert reason.location is not None
        assert ("The kubelet ignores" in reason.message) is bool(path), reason.message
        assert reason.location.path == path or not path


def test_kubelet() -> None:
    asked = {"authentication.anonymous.enabled": False, "authorization.mode": "Webhook", "readOnlyPort": 0}
    requests = [{"do": "get /pods", "allowed": False}, {"do": "get /pods", "port": 10255, "allowed": False}]
    assert outcome(KUBELET, "kubelet", settings=asked, requests=requests).status is Status.PASS
    text = KUBELET + "authentication: {anonymous: {enabled: true}}\nauthorization: {mode: AlwaysAllow}\n"
    judged = outcome(text, "kubelet", settings=asked, requests=requests)
    assert [reason.location.line for reason in judged.reasons if reason.location] == [3, 4, 4]
    assert judged.evidence[-1] == "An anonymous GET /pods is answered."
    stopped = outcome(KUBELET + "authorization: {mode: RBAC}\n", "kubelet", settings=asked)
    assert "kubelet doesn't start" in stopped.reasons[0].message


def test_nothing_there() -> None:
    judged = judge(World(()), msgspec.convert({"component": "etcd"}, Params))
    assert judged.reasons[0].message == "No Pod in the answer runs etcd."


@each_row(
    "params",
    [
        {"component": "kube-apiserver", "settings": {"profilling": False}},
        {"component": "kube-apiserver", "settings": {"profiling": {"is": False}}},
        {"component": "etcd", "requests": [{"do": "get /", "allowed": True}]},
        {"component": "etcd", "starts": False},
        {"component": "kube-proxy"},
    ],
)
def test_wrong_parameters(params: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(params, Params)


def test_the_picture_has_settings_and_what_decides_them() -> None:
    text = with_flags(APISERVER, "--profiling=false", "--audit-log-maxage=7")
    mine = manifest(text, "kube-apiserver.yaml")
    world = World((mine,), answer=(mine,), node_files={PATH: APISERVER})
    asked = {
        "component": "kube-apiserver",
        "settings": {"profiling": False, "audit-log-maxage": 30},
        "requests": [{"do": "get /api", "allowed": False}],
        "rest": "unchanged",
    }
    picture = component_settings.picture(world, msgspec.convert(asked, Params))
    assert lines_of(picture) == [
        "profiling | r:false | u:--profiling=false",
        "audit-log-maxage | w:7 | u:--audit-log-maxage=7",
        "An anonymous GET /api | r:refused (403) | u:no authorization mode allows it",
        "everything else | r:unchanged",
    ]
    assert [row.cells[0].before for row in picture.rows] == ["true", "0", "", ""]
    assert [cell.location and cell.location.line for cell in wrong_cells(picture)] == [43]
