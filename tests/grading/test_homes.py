"""Tests of `grading.homes`."""

from __future__ import annotations

from tests.table import each_row
from trainer.content.given import given_manifests
from trainer.grading.homes import Homes, admission_problems
from trainer.manifests.model import Manifest
from trainer.simulate.world import BUILT_IN_NAMESPACES
from trainer.versions import DEFAULT

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: sun, labels: {a: b}}\n"
ENFORCING = NAMESPACE.replace("a: b", "pod-security.kubernetes.io/enforce: restricted")
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: sun}
spec:
  hostPID: false
  containers: [{name: a, image: b}]
"""


def manifest(text: str) -> Manifest:
    return given_manifests(text, DEFAULT)[0][0]


def said(text: str, *around: str) -> list[str]:
    problem = Homes.of([manifest(one) for one in around], []).problem(manifest(text))
    if problem is None:
        return []
    assert problem.location is not None
    return [f"{problem.location.line} {problem.message}", problem.remedy]


def test_what_every_cluster_has() -> None:
    assert Homes.of([], []).namespaces == BUILT_IN_NAMESPACES
    assert said(POD.replace("sun", "default")) == []
    assert said(POD.replace("hostPID: false", "priorityClassName: system-node-critical"), NAMESPACE) == []


@each_row(
    ("old", "new", "expected"),
    [
        (
            "namespace: sun",
            "namespace: sum",
            ["3 The API server refuses Pod sum/web: Namespace sum doesn't exist.", "Did you mean sun?"],
        ),
        (
            "hostPID: false",
            "serviceAccountName: x",
            [
                "5 The API server refuses Pod sun/web: ServiceAccount x doesn't exist in Namespace sun.",
                "Use an existing ServiceAccount, or create this one, too.",
            ],
        ),
        (
            "hostPID: false",
            "runtimeClassName: gvisor",
            [
                "5 The API server refuses Pod sun/web: RuntimeClass gvisor doesn't exist.",
                "Use an existing RuntimeClass, or create this one, too.",
            ],
        ),
        (
            "name: web",
            "generateName: web-",
            [
                "3 kubectl apply needs a name for this Pod.",
                "Write metadata.name; generateName works only with kubectl create.",
            ],
        ),
    ],
)
def test_what_is_missing(old: str, new: str, expected: list[str]) -> None:
    assert said(POD.replace(old, new), NAMESPACE) == expected


@each_row("field", ["runtimeClassName", "priorityClassName"])
def test_a_workload_needs_it_as_well(field: str) -> None:
    """The API server takes the Deployment, and refuses its Pods."""
    kind = {"runtimeClassName": "RuntimeClass", "priorityClassName": "PriorityClass"}[field]
    text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: sun}\n"
    text += "spec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n"
    text += f"    spec: {{containers: [{{name: c, image: i}}], {field}: high}}\n"
    message = (
        f"8 Deployment sun/web is created, but its ReplicaSet can't create Pods: {kind} high doesn't exist."
    )
    assert said(text, NAMESPACE) == [message, f"Use an existing {kind}, or create this one, too."]
    there = {
        "RuntimeClass": "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: high}\nhandler: runsc\n",
        "PriorityClass": "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\nvalue: 1\n",
    }
    assert said(text, NAMESPACE, there[kind]) == []


def test_what_is_there() -> None:
    runtime = "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: gvisor}\nhandler: runsc\n"
    assert said(POD.replace("hostPID: false", "runtimeClassName: gvisor"), NAMESPACE, runtime) == []


def test_configuration_files_need_nothing() -> None:
    assert said("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n") == []


def admission(text: str, namespace: str, before: str = "") -> list[str]:
    found = admission_problems(
        manifest(text), manifest(before) if before else None, {"sun": manifest(namespace)}
    )
    return [problem.message for problem in found]


def test_pod_security_refuses_pods_where_it_enforces() -> None:
    found = admission(POD, ENFORCING)
    assert found
    assert all(
        message.startswith(
            "Namespace sun enforces the Pod Security level restricted and refuses Pod sun/web: "
        )
        for message in found
    )
    assert admission(POD, NAMESPACE) == []
    assert admission(POD, ENFORCING.replace("restricted", "privileged")) == []


def test_pod_security_looks_at_changes_of_the_spec_only() -> None:
    assert admission(POD.replace("name: web", "name: web, labels: {c: d}"), ENFORCING, before=POD) == []
    assert admission(POD.replace("image: b", "image: c"), ENFORCING, before=POD) != []


def test_pod_security_does_not_refuse_workloads() -> None:
    text = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: sun}
spec:
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}
"""
    assert admission(text, ENFORCING) == []


def test_labels_that_pod_security_refuses() -> None:
    wrong = ENFORCING.replace("restricted", "strict")
    assert admission(wrong, NAMESPACE) == [
        "The API server refuses this label: 'strict' is not a level: write privileged, baseline, restricted."
    ]
    assert admission(wrong, NAMESPACE, before=wrong) == []
    assert admission(ENFORCING, NAMESPACE) == []


def test_only_a_service_account_is_an_account_of_pods() -> None:
    pod = POD.replace("hostPID: false", "serviceAccountName: robot")
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: robot, namespace: sun}\n"
    assert said(pod, NAMESPACE, other) == [
        "5 The API server refuses Pod sun/web: ServiceAccount robot doesn't exist in Namespace sun.",
        "Use an existing ServiceAccount, or create this one, too.",
    ]
    assert said(pod, NAMESPACE, other.replace("ConfigMap", "ServiceAccount")) == []


def test_a_namespace_without_a_level_refuses_no_pod() -> None:
    pod = manifest(POD.replace("hostPID: false", "hostPID: true"))
    assert admission_problems(pod, None, {"sun": manifest(NAMESPACE)}) == []
    assert len(admission_problems(pod, None, {"sun": manifest(ENFORCING)})) > 0


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: sun}
spec:
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: {runtimeClassName: gvisor, containers: [{name: a, image: b}]}}
"""


@each_row(
    ("text", "lacks"),
    [
        (DEPLOYMENT, True),
        (DEPLOYMENT.replace("sun", "default"), True),
        (DEPLOYMENT.replace("sun", "sum"), False),
        (DEPLOYMENT.replace("runtimeClassName: gvisor, ", ""), False),
        (DEPLOYMENT.replace("name: web", "generateName: web-"), False),
        (POD.replace("hostPID: false", "runtimeClassName: gvisor"), False),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: sun}\n", False),
    ],
)
def test_a_workload_exists_without_its_pods(text: str, lacks: bool) -> None:
    """What the API server itself refuses doesn't exist, so that it can't lack Pods."""
    assert Homes.of([manifest(NAMESPACE)], []).lacks_pods(manifest(text)) is lacks


@each_row("name", ["system-cluster-critical", "system-node-critical"])
def test_built_in_priorities(name: str) -> None:
    assert said(POD.replace("hostPID: false", f"priorityClassName: {name}"), NAMESPACE) == []
    assert said(POD.replace("hostPID: false", f"priorityClassName: {name}s"), NAMESPACE) == [
        f"5 The API server refuses Pod sun/web: PriorityClass {name}s doesn't exist.",
        f"Did you mean {name}?",
    ]


@each_row(
    ("old", "new", "path"),
    [
        ("namespace: sun", "namespace: sum", "metadata.namespace"),
        ("name: web", "generateName: web-", "metadata"),
        ("hostPID: false", "serviceAccountName: x", "spec.serviceAccountName"),
        ("hostPID: false", "runtimeClassName: x", "spec.runtimeClassName"),
        ("hostPID: false", "priorityClassName: x", "spec.priorityClassName"),
    ],
)
def test_the_place_of_what_is_missing(old: str, new: str, path: str) -> None:
    text = manifest(POD.replace(old, new))
    problem = Homes.of([manifest(NAMESPACE)], []).problem(text)
    assert problem is not None
    assert problem.location == text.where(*path.split("."))


def test_an_account_lives_in_its_namespace() -> None:
    pod = POD.replace("hostPID: false", "serviceAccountName: robot")
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot, namespace: moon}\n"
    assert said(pod, NAMESPACE, account)[1] == "Use an existing ServiceAccount, or create this one, too."
    assert said(pod, NAMESPACE, account.replace("moon", "sun").replace("robot", "robots"))[1] == (
        "Did you mean robots?"
    )
    assert said(pod.replace("robot", "default"), NAMESPACE) == []


def test_a_template_without_a_workload_needs_nothing() -> None:
    text = "apiVersion: v1\nkind: PodTemplate\nmetadata: {name: web, namespace: sun}\n"
    text += "template: {spec: {runtimeClassName: gvisor, containers: [{name: a, image: b}]}}\n"
    assert said(text, NAMESPACE) == []
    assert said(text) == [
        "3 The API server refuses PodTemplate sun/web: Namespace sun doesn't exist.",
        "Use an existing Namespace, or create this one, too.",
    ]


def test_a_given_object_shows_that_its_namespace_exists() -> None:
    given = manifest("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: sun}\n")
    assert "sun" in Homes.of([given], []).namespaces
    assert "sun" not in Homes.of([], [given]).namespaces
    assert "sun" in Homes.of([], [manifest(NAMESPACE)]).namespaces


@each_row(
    ("kind", "who"),
    [("Deployment", "its ReplicaSet"), ("CronJob", "its Jobs"), ("DaemonSet", "its controller")],
)
def test_who_cannot_create_the_pods(kind: str, who: str) -> None:
    pod = "template: {metadata: {labels: {a: b}}, spec: {runtimeClassName: x, restartPolicy: POLICY, containers: [{name: a, image: b}]}}"
    spec = {
        "CronJob": f"{{schedule: '* * * * *', jobTemplate: {{spec: {{{pod.replace('POLICY', 'Never')}}}}}}}",
    }.get(kind, f"{{selector: {{matchLabels: {{a: b}}}}, {pod.replace('POLICY', 'Always')}}}")
    group = "batch" if kind == "CronJob" else "apps"
    text = f"apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: web, namespace: sun}}\nspec: {spec}\n"
    assert said(text, NAMESPACE)[0] == (
        f"4 {kind} sun/web is created, but {who} can't create Pods: RuntimeClass x doesn't exist."
    )


def test_what_admission_says_names_its_place() -> None:
    wrong = manifest(ENFORCING.replace("restricted", "strict"))
    [problem] = admission_problems(wrong, manifest(NAMESPACE), {})
    assert problem.location == wrong.where("metadata", "labels", "pod-security.kubernetes.io/enforce")
    # Labels that say nothing about Pod Security do not matter to this plugin, nor are other namespaces.
    assert admission_problems(manifest(NAMESPACE), None, {}) == []
    pod = manifest(POD.replace("hostPID: false", "hostPID: true"))
    assert admission_problems(pod, None, {"moon": manifest(ENFORCING)}) == []
    baseline = manifest(ENFORCING.replace("restricted", "baseline"))
    [refusal] = admission_problems(pod, None, {"sun": baseline})
    assert refusal.location == pod.where("spec", "hostPID")


@each_row(
    ("fields", "place"),
    [
        ("runtimeClassName: heavy, overhead: {cpu: 0.1}", ""),
        ("runtimeClassName: heavy, nodeSelector: {kind: kata, other: x}", ""),
        ("priorityClassName: high, priority: 5, preemptionPolicy: Never", ""),
        ("runtimeClassName: heavy, overhead: {cpu: 200m}", "overhead"),
        ("runtimeClassName: heavy, overhead: {}", "overhead"),
        ("runtimeClassName: light, overhead: {cpu: 100m}", "overhead"),
        ("runtimeClassName: heavy, nodeSelector: {kind: runc}", "nodeSelector.kind"),
        ("priorityClassName: high, priority: 6", "priority"),
        ("priorityClassName: high, preemptionPolicy: PreemptLowerPriority", "preemptionPolicy"),
    ],
)
def test_what_a_named_class_sets(fields: str, place: str) -> None:
    """The values that a kube-apiserver v1.36 accepts and refuses."""
    classes = (
        "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: heavy}\nhandler: kata\n"
        "overhead: {podFixed: {cpu: 100m}}\nscheduling: {nodeSelector: {kind: kata}}\n",
        "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: light}\nhandler: runc\n",
        "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\nvalue: 5\n"
        "preemptionPolicy: Never\n",
    )
    name = "RuntimeClass" if "runtime" in fields else "PriorityClass"
    pod = POD.replace("hostPID: false", fields.replace(", ", "\n  ", 1).replace(", pre", "\n  pre"))
    found = said(pod, NAMESPACE, *classes)
    assert len(found) == (2 if place else 0)
    for text in found[:1]:
        assert f": `{place}` doesn't agree with {name} " in text
