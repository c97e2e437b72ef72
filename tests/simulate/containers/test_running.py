"""Tests of `simulate.containers.running`: what keeps Pods from running."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.containers.running import blockers
from trainer.simulate.workloads import pod_template

POD = "kind: Pod\nmetadata: {name: web, namespace: sun}\nspec:\n  containers: [{name: a, image: nginx}]\n"
DEPLOYMENT = (
    "kind: Deployment\nmetadata: {name: web, namespace: sun}\nspec:\n  template: {spec: {containers: []}}\n"
)


def found(text: str) -> list[tuple[str, str]]:
    document = parse(text.encode(), "a.yaml").documents[0]
    pod = pod_template(Manifest(document.value, document))
    assert pod is not None
    return [(one.message, f"{one.location} {one.location.path}") for one in blockers(pod)]


@each_row(
    "more",
    [
        "",
        "  nodeSelector: {}\n",
        "  nodeSelector: {kubernetes.io/os: linux}\n",
        "  schedulerName: default-scheduler\n",
        "  os: {name: linux}\n",
        "  tolerations: [{operator: Exists}]\n",
        "  affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: []}}\n",
        "  affinity: {podAntiAffinity: {}}\n",
        "  schedulingGates: []\n",
        "  nodeName: node01\nstatus: {phase: Running}\n",
    ],
)
def test_nothing_is_in_the_way(more: str) -> None:
    assert found(POD + more) == []


@each_row(
    ("more", "message", "path"),
    [
        (
            "  schedulingGates: [{name: a.example/b}, {name: c}]\n",
            "The Pods of Pod sun/web have the scheduling gate a.example/b, c.",
            "spec.schedulingGates",
        ),
        (
            "  readinessGates: [{conditionType: a.example/b}]\n",
            "The Pods of Pod sun/web have the readiness gate a.example/b.",
            "spec.readinessGates",
        ),
        (
            "  activeDeadlineSeconds: 60\n",
            "`activeDeadlineSeconds` limits the Pod to 60 seconds.",
            "spec.activeDeadlineSeconds",
        ),
    ],
)
def test_what_is_in_the_way(more: str, message: str, path: str) -> None:
    assert found(POD + more) == [(message, f"a.yaml:5:3 {path}")]


def test_a_paused_deployment() -> None:
    assert found(DEPLOYMENT) == []
    assert found(DEPLOYMENT + "  paused: false\n") == []
    assert found(DEPLOYMENT + "  paused: true\n") == [
        ("Deployment sun/web is paused.", "a.yaml:5:3 spec.paused")
    ]


def test_a_job_may_have_a_deadline() -> None:
    job = DEPLOYMENT.replace("Deployment", "Job").replace("containers: []", "activeDeadlineSeconds: 60")
    assert found(job) == []
    assert len(found(job.replace("kind: Job", "kind: ReplicaSet"))) == 1


def test_a_pod_that_no_node_takes() -> None:
    assert found(POD + "  nodeSelector: {disk: ssd}\n") == [
        ("No node has the label disk=ssd.", "a.yaml:5:18 spec.nodeSelector.disk")
    ]


def test_what_is_known_comes_first() -> None:
    assert (
        len(found(POD + "  nodeName: node01\n  activeDeadlineSeconds: 1\n  schedulingGates: [{name: a}]\n"))
        == 2
    )


NON_ROOT = "runAsNonRoot: true"


@each_row(
    ("pod", "container", "image", "message"),
    [
        (NON_ROOT, "", "nginx", "its image runs as root"),
        ("", NON_ROOT, "docker.io/library/busybox:1.36", "its image runs as root"),
        (f"{NON_ROOT}, runAsUser: 0", "", "own:1", "`runAsUser` is 0"),
        ("runAsUser: 0", NON_ROOT, "own:1", "`runAsUser` is 0"),
        ("runAsUser: 1", f"{NON_ROOT}, runAsUser: 0", "own:1", "`runAsUser` is 0"),
        (f"{NON_ROOT}, runAsUser: 1000", "", "nginx", ""),
        (NON_ROOT, "runAsUser: 7", "nginx", ""),
        (NON_ROOT, "runAsNonRoot: false", "nginx", ""),
        (NON_ROOT, "", "nginxinc/nginx-unprivileged", ""),
        (NON_ROOT, "", "UPPER", ""),
        ("runAsNonRoot: false", "", "nginx", ""),
    ],
)
def test_a_container_that_must_not_run_as_root(pod: str, container: str, image: str, message: str) -> None:
    text = (
        f"kind: Pod\nmetadata: {{name: web, namespace: sun}}\nspec: {{securityContext: {{{pod}}}, "
        f"containers: [{{name: a, image: {image}, securityContext: {{{container}}}}}]}}\n"
    )
    told = [one for one, _ in found(text)]
    assert told == ([f"Container a must not run as root (`runAsNonRoot`), but {message}."] if message else [])


def test_a_volume_that_hides_the_image() -> None:
    ((message, place),) = found(
        POD.replace("image: nginx", "image: nginx, volumeMounts: [{name: v, mountPath: //}]")
    )
    assert message == "The volume that is mounted at / hides the image of container a."
    assert place.endswith("spec.containers[0].volumeMounts[0]")
