"""What else an answer changed of a component."""

from __future__ import annotations

from tests.image_policy_world import FILES, FOLDER, POD
from tests.static_pod_maker import APISERVER, manifest, with_flags, with_mount
from tests.table import each_row
from trainer.rules._component.answer import Component, component_of
from trainer.rules._component.rest import changes
from trainer.simulate.world import World

PATH = "/etc/kubernetes/manifests/kube-apiserver.yaml"
KUBELET = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"


def messages(
    text: str, settings: tuple[str, ...] = (), free: tuple[str, ...] = (), files: dict[str, str] | None = None
) -> list[str]:
    mine = manifest(text)
    world = World((mine,), answer=(mine,), node_files={PATH: APISERVER, **FILES, **(files or {})})
    found = component_of(world, "kube-apiserver", {}, "")
    assert isinstance(found, Component)
    return [reason.message for reason in changes(found, settings, free)]


def test_nothing() -> None:
    assert messages(APISERVER) == []
    assert messages(with_flags(APISERVER, "--profiling=false"), ("profiling",)) == []
    assert messages(with_flags(APISERVER, "--profiling=true")) == []
    swapped = with_flags(APISERVER, "--allow-privileged=true", without=("--allow-privileged",))
    assert messages(swapped) == []


def test_flags() -> None:
    assert messages(with_flags(APISERVER, "--profiling=false")) == [
        "--profiling was not set before, and the task doesn't require it."
    ]
    assert messages(with_flags(APISERVER, without=("--allow-privileged",))) == [
        "--allow-privileged is missing: keep it as it was."
    ]
    assert messages(APISERVER.replace("Node,RBAC", "RBAC,Node")) == [
        "--authorization-mode has a different value than before: keep the old one."
    ]
    assert messages(APISERVER.replace("=NodeRestriction", "=AlwaysPullImages"), ("admission-plugins",)) == []
    assert messages(with_flags(APISERVER, "--v=2"), free=("v",)) == []


def test_the_pod() -> None:
    assert messages(APISERVER.replace("v1.35.0", "v1.34.0")) == [
        "image of the container has changed: keep it as it was."
    ]
    assert messages(APISERVER.replace("path: /livez", "path: /x")) == [
        "livenessProbe of the container has changed: keep it as it was."
    ]
    assert messages(APISERVER.replace("path: /livez", "path: /x"), free=("livenessProbe",)) == []
    assert "spec.hostNetwork has changed: keep it as it was." in messages(
        APISERVER.replace("  hostNetwork: true\n", "")
    )


def test_a_flag_that_only_the_new_image_has() -> None:
    newer = with_flags(APISERVER, "--tls-curve-preferences=29").replace("v1.35.0", "v1.36.0")
    assert messages(newer) == [
        "--tls-curve-preferences was not set before, and the task doesn't require it.",
        "image of the container has changed: keep it as it was.",
    ]


def test_mounts() -> None:
    spare = messages(with_mount(APISERVER, "/etc/a"))
    assert spare == ["No flag names a file in the volumeMount /etc/a: name one, or remove the mount."]
    gone = messages(APISERVER.replace("mountPath: /etc/ssl/certs", "mountPath: /etc/kubernetes/pki/x"))
    assert gone[0] == "The volumeMount /etc/ssl/certs is missing: keep it."
    other = messages(APISERVER.replace("path: /etc/ssl/certs\n      type", "path: /etc/ssl\n      type"))
    assert other == ["The volumeMount /etc/ssl/certs has changed: keep it as it was."]
    unused = messages(APISERVER.replace("  volumes:\n", "  volumes:\n  - {name: x, hostPath: {path: /x}}\n"))
    assert unused == ["No container mounts the volume x: remove it."]


def test_mounts_that_configurations_need() -> None:
    asked = ("admission-plugins", "admission-control-config-file")
    assert messages(POD, asked) == []
    far = {
        f"{FOLDER}/kubeconfig.yaml": FILES[f"{FOLDER}/kubeconfig.yaml"].replace(
            "client.key", "/srv/client.key"
        )
    }
    assert messages(with_mount(POD, "/srv"), asked, files=far) == []


def test_a_configuration_file() -> None:
    mine = manifest(f"{KUBELET}readOnlyPort: 10255\nport: 10250\nmaxPods: 20\n")
    world = World(
        (mine,), answer=(mine,), node_files={"/var/lib/kubelet/config.yaml": f"{KUBELET}maxPods: 10\n"}
    )
    found = component_of(world, "kubelet", {}, "")
    assert isinstance(found, Component)
    assert [one.message for one in changes(found, ("readOnlyPort",), ())] == [
        "maxPods has changed: keep it as it was."
    ]
    assert changes(found, ("readOnlyPort", "maxPods"), ()) == []


def kubelet_changes(before: str, after: str) -> list[str]:
    mine = manifest(KUBELET + after)
    files = {"/var/lib/kubelet/config.yaml": KUBELET + before}
    found = component_of(World((mine,), answer=(mine,), node_files=files), "kubelet", {}, "")
    assert isinstance(found, Component)
    return [one.message.partition(" ")[0] for one in changes(found, (), ())]


@each_row(
    ("before", "after"),
    [
        ("", "authentication: {webhook: {cacheTTL: 2m0s}}\n"),
        ("", "authorization: {webhook: {cacheAuthorizedTTL: 5m0s, cacheUnauthorizedTTL: 30s}}\n"),
        ("syncFrequency: 90s\n", "syncFrequency: 1m30s\n"),
        ("", "syncFrequency: 0s\nmaxPods: 0\nresolvConf: /etc/resolv.conf\nmemorySwap: {}\n"),
        ("maxPods: 110\nlogging: {flushFrequency: 0, verbosity: 0}\n", ""),
        ("", "enforceNodeAllocatable: [pods]\nallowedUnsafeSysctls: []\nimageMaximumGCAge: 0s\n"),
        (
            "",
            "evictionHard: {memory.available: 100Mi, nodefs.available: 10%, nodefs.inodesFree: 5%, "
            "imagefs.available: 15%, imagefs.inodesFree: 5%}\n",
        ),
        (
            "nodeStatusUpdateFrequency: 20s\n",
            "nodeStatusUpdateFrequency: 20s\nnodeStatusReportFrequency: 20s\n",
        ),
    ],
)
def test_equal_after_defaulting_is_equal(before: str, after: str) -> None:
    assert kubelet_changes(before, after) == []
    assert kubelet_changes(after, before) == []


@each_row(
    ("before", "after", "changed"),
    [
        ("", "authentication: {webhook: {cacheTTL: 3m}}\n", ["authentication.webhook.cacheTTL"]),
        ("registryPullQPS: 5\n", "registryPullQPS: 0\n", ["registryPullQPS"]),
        ("evictionHard: {memory.available: 1Gi}\n", "", ["evictionHard.imagefs.available"]),
        ("", "evictionHard: {memory.available: 100Mi}\n", ["evictionHard.imagefs.available"]),
        ("", "nodeStatusUpdateFrequency: 20s\n", ["nodeStatusUpdateFrequency"]),
        ("", "featureGates: {A.B: true}\n", ["featureGates.A.B"]),
    ],
)
def test_another_value_is_a_change(before: str, after: str, changed: list[str]) -> None:
    assert kubelet_changes(before, after)[:1] == changed


@each_row(
    ("old", "new"),
    [
        ("cpu: 250m", "cpu: '0.25'"),
        ("  hostNetwork: true\n", "  hostNetwork: true\n  hostPID: false\n  nodeSelector: {}\n"),
        (
            "  hostNetwork: true\n",
            "  hostNetwork: true\n  terminationGracePeriodSeconds: 30\n  dnsPolicy: ClusterFirst\n",
        ),
        ("  name: kube-apiserver\n", "  name: kube-apiserver\n  creationTimestamp: null\n"),
        ("periodSeconds: 10", "periodSeconds: 10\n      successThreshold: 1"),
        (
            "    name: kube-apiserver\n",
            "    name: kube-apiserver\n    securityContext: {}\n    tty: false\n    env: []\n",
        ),
        ("--secure-port=6443", "--secure-port=6443\n    - --request-timeout=60s\n    - --profiling=true"),
    ],
)
def test_a_default_written_into_a_static_pod_is_no_change(old: str, new: str) -> None:
    assert old in APISERVER
    assert messages(APISERVER.replace(old, new, 1)) == []


def test_a_changed_quantity_is_a_change() -> None:
    assert messages(APISERVER.replace("cpu: 250m", "cpu: 25m")) == [
        "resources of the container has changed: keep it as it was."
    ]
