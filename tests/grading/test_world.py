"""Tests of `grading.world`: given + answer as a cluster would hold them after `kubectl apply`."""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.content.given import given_manifests
from trainer.grading.world import build_world
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.simulate.world import World, object_key
from trainer.verdict import Severity
from trainer.versions import DEFAULT

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: sun}\n"
ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: builder, namespace: sun}\n"
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: sun}
spec:
  containers:
    - {name: web, image: nginx:1}
"""


def apply(answer: str, given: str = "", **options: Any) -> tuple[World, list[str]]:
    manifests, _ = manifests_of(parse(answer.encode(), "a.yaml").documents)
    world, problems = build_world(
        given_manifests(given, DEFAULT)[0], manifests, kubernetes=DEFAULT, **options
    )
    return world, [
        f"{problem.location.line if problem.location else 0} {problem.message}" for problem in problems
    ]


def titles(world: World) -> list[str]:
    return [manifest.title for manifest in world.objects]


def test_a_new_object() -> None:
    world, problems = apply(POD, NAMESPACE)
    assert problems == []
    assert titles(world) == ["Namespace sun", "Pod sun/web"]
    assert [manifest.title for manifest in world.answer] == ["Pod sun/web"]
    assert [manifest.title for manifest in world.before().objects] == ["Namespace sun"]


def test_defaults_are_filled_in() -> None:
    world, _ = apply(POD, NAMESPACE)
    assert world.find("Pod")[0].get("spec", "restartPolicy") == "Always"


def test_an_object_that_exists_is_updated() -> None:
    world, problems = apply(POD.replace("nginx:1", "nginx:2"), f"{NAMESPACE}---\n{POD}")
    assert problems == []
    assert [pod.get("spec", "containers", 0, "image") for pod in world.find("Pod")] == ["nginx:2"]
    assert world.given[1].get("spec", "containers", 0, "image") == "nginx:1"


def test_an_update_that_the_server_refuses_leaves_the_object_as_it_was() -> None:
    world, problems = apply(POD.replace("spec:", "spec:\n  hostPID: true"), f"{NAMESPACE}---\n{POD}")
    assert problems == [
        "5 The API server refuses to change spec.hostPID of Pod sun/web, which already exists."
    ]
    assert world.find("Pod")[0].get("spec", "hostPID") is None
    assert len(world.refused) == 1
    assert world.answer == ()


def test_a_namespace_may_stand_after_what_lives_in_it() -> None:
    world, problems = apply(f"{POD}---\n{NAMESPACE}")
    assert problems == []
    assert titles(world) == ["Pod sun/web", "Namespace sun"]


def test_a_namespace_that_nobody_has() -> None:
    world, problems = apply(POD.replace("namespace: sun", "namespace: sum"), NAMESPACE)
    assert problems == ["3 The API server refuses Pod sum/web: Namespace sum doesn't exist."]
    assert world.refused[0].problems[0].remedy == "Did you mean sun?"
    assert titles(world) == ["Namespace sun"]


def test_built_in_namespaces_are_there() -> None:
    assert apply(POD.replace("sun", "kube-system"))[1] == []


def test_a_service_account_that_nobody_has() -> None:
    text = POD.replace("spec:", "spec:\n  serviceAccountName: build")
    world, problems = apply(text, f"{NAMESPACE}---\n{ACCOUNT}")
    assert problems == [
        "5 The API server refuses Pod sun/web: ServiceAccount build doesn't exist in Namespace sun."
    ]
    assert world.refused[0].problems[0].remedy == "Did you mean builder?"
    assert apply(text.replace("build", "builder"), f"{NAMESPACE}---\n{ACCOUNT}")[1] == []
    assert apply(text.replace("build", "builder") + f"---\n{ACCOUNT}", NAMESPACE)[1] == []


def test_a_refused_service_account_takes_its_pods_with_it() -> None:
    text = POD.replace("spec:", "spec:\n  serviceAccountName: builder").replace(
        "namespace: sun", "namespace: sum"
    )
    account = ACCOUNT.replace("sun", "sum")
    world, problems = apply(f"{account}---\n{text}")
    assert len(problems) == 2
    assert titles(world) == []


def test_a_refused_document_does_not_stop_the_others() -> None:
    world, problems = apply(
        f"{POD.replace('image', 'imag')}---\n{POD.replace('name: web,', 'name: db,')}", NAMESPACE
    )
    assert titles(world) == ["Namespace sun", "Pod sun/db"]
    assert problems
    assert [refusal.manifest.name for refusal in world.refused if refusal.manifest] == ["web"]


LIST = """\
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: good}
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: NAME}
    MORE
"""


def test_an_unknown_field_in_a_list_refuses_the_whole_list() -> None:
    world, problems = apply(LIST.replace("NAME", "bad").replace("MORE", "dat: {a: b}"))
    assert titles(world) == []
    assert len(world.refused) == 2
    assert any("whole List" in problem.message for refusal in world.refused for problem in refusal.problems)
    assert len(problems) >= 1


def test_an_invalid_value_in_a_list_refuses_its_object_only() -> None:
    world, _ = apply(LIST.replace("NAME", "Not_A_Name").replace("MORE", "data: {a: b}"))
    assert titles(world) == ["ConfigMap default/good"]


def test_the_last_of_two_documents_for_the_same_object_counts() -> None:
    world, problems = apply(f"{POD}---\n{POD.replace('nginx:1', 'nginx:2')}", NAMESPACE)
    assert problems == []
    assert [pod.get("spec", "containers", 0, "image") for pod in world.find("Pod")] == ["nginx:2"]


def test_given_that_does_not_stay() -> None:
    given = f"{NAMESPACE}---\n{POD}---\n{POD.replace('name: web,', 'name: db,')}"
    world, problems = apply(POD.replace("spec:", "spec:\n  hostPID: true"), given, given_stays=False)
    assert problems == []
    assert titles(world) == ["Namespace sun", "Pod sun/web"]
    assert len(world.given) == 3


def test_configuration_files_live_in_no_namespace() -> None:
    policy = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n"
    world, problems = apply(policy)
    assert problems == []
    assert [object_key(manifest) for manifest in world.objects] == [("audit.k8s.io", "Policy", "", "")]


ENFORCING = NAMESPACE.replace(
    "name: sun", "name: sun, labels: {pod-security.kubernetes.io/enforce: baseline}"
)
HOST = POD.replace("spec:", "spec:\n  hostNetwork: true")


def test_pod_security_of_the_given_namespace() -> None:
    world, problems = apply(HOST, ENFORCING)
    assert titles(world) == ["Namespace sun"]
    assert "enforces the Pod Security level baseline" in problems[0]


def test_pod_security_counts_from_the_document_on_that_sets_it() -> None:
    assert titles(apply(f"{HOST}---\n{ENFORCING}", NAMESPACE)[0]) == ["Namespace sun", "Pod sun/web"]
    assert titles(apply(f"{ENFORCING}---\n{HOST}", NAMESPACE)[0]) == ["Namespace sun"]


def test_what_is_given_stays_whatever_a_new_level_says() -> None:
    world, problems = apply(ENFORCING, f"{NAMESPACE}---\n{HOST}")
    assert problems == []
    assert titles(world) == ["Namespace sun", "Pod sun/web"]


def test_a_world_without_files_has_empty_tables() -> None:
    world, problems = build_world([], [], kubernetes=DEFAULT)
    assert (world.documents, world.texts, world.node_files, world.places, problems) == ({}, {}, {}, {}, [])


DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, kind: Widget}
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
"""
WIDGET = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\n"


@each_row("place", ["/etc/kubernetes/a.yaml", "/etc/kubernetes/manifests/a.yaml"])
def test_nothing_applies_a_custom_resource_in_a_file_of_a_node(place: str) -> None:
    assert titles(apply(WIDGET, DEFINITION)[0])[1:] == ["Widget default/a"]
    world, _ = apply(WIDGET, DEFINITION, places={"a.yaml": place})
    assert [one.kind for one in world.objects] == ["CustomResourceDefinition"]
    assert world.answer == ()


def test_what_the_whole_list_is_told() -> None:
    world, problems = apply(LIST.replace("NAME", "bad").replace("MORE", "dat: {a: b}"))
    [(good, [problem])] = [
        (one.manifest, one.problems)
        for one in world.refused
        if one.manifest is not None and one.manifest.name == "good"
    ]
    assert problem.message == (
        f"The whole List is refused because of another item (line 10): {problems[0].partition(' ')[2]}"
    )
    assert problem.location == good.where()
    assert problem.remedy == "Fix that item, or write the objects as separate documents."


def test_a_list_beside_a_broken_one_is_applied() -> None:
    broken = LIST.replace("NAME", "bad").replace("MORE", "dat: {a: b}")
    right = LIST.replace("NAME", "two").replace("MORE", "").replace("good", "one")
    assert titles(apply(f"{broken}---\n{right}---\n{NAMESPACE}")[0]) == [
        "ConfigMap default/one",
        "ConfigMap default/two",
        "Namespace sun",
    ]


@each_row(
    ("place", "wanted"),
    [("/etc/kubernetes/manifests/a.yaml", "Pod"), ("/var/lib/kubelet/config.yaml", "KubeletConfiguration")],
)
def test_what_the_kubelet_expects_in_its_files(place: str, wanted: str) -> None:
    world, problems = apply(NAMESPACE, places={"a.yaml": place})
    assert problems == [f"2 the kubelet reads this file and expects kind {wanted}, not Namespace"]
    assert titles(world) == []
    assert len(world.refused) == 1


def test_a_static_pod_runs_whatever_its_namespace_enforces() -> None:
    place = {"a.yaml": "/etc/kubernetes/manifests/a.yaml"}
    world, problems = apply(HOST, ENFORCING, places=place)
    assert (titles(world), problems) == (["Namespace sun", "Pod sun/web"], [])


def test_a_copy_of_a_file_on_a_node_counts_for_nothing() -> None:
    place = {"a.yaml": "/etc/kubernetes/manifests/a.yaml"}
    [static] = manifests_of(parse(POD.encode(), "a.yaml").documents)[0]
    copy, other = manifests_of(
        parse(f"{POD.replace('nginx:1', 'nginx:2')}---\n{NAMESPACE}".encode(), "b.yaml").documents
    )[0]
    for answer in ([static, copy, other], [copy, static, other], [other, copy, static]):
        world, [problem] = build_world([], answer, kubernetes=DEFAULT, places=place)
        assert [one.get("spec", "containers", 0, "image") for one in world.find("Pod")] == ["nginx:1"]
        assert [one.name for one in world.find("Namespace")] == ["sun"]
        assert problem.message == "b.yaml isn't on the node: a.yaml is, and only that counts"
        assert (problem.severity, problem.location) == (Severity.WARNING, copy.where())


def test_a_workload_that_lacks_pods_is_refused_but_exists() -> None:
    text = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: sun}
spec:
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: {runtimeClassName: x, containers: [{name: a, image: b}]}}
"""
    world, _ = apply(text, NAMESPACE)
    assert [one.exists for one in world.refused] == [True]
    assert titles(world) == ["Namespace sun"]
    assert [one.exists for one in apply(text.replace("sun", "sum"), NAMESPACE)[0].refused] == [False]


def test_nothing_applies_a_plain_object_in_a_file_of_a_component() -> None:
    world, problems = apply(POD, NAMESPACE, places={"a.yaml": "/etc/kubernetes/a.yaml"})
    assert (titles(world), world.answer, problems) == (["Namespace sun"], (), [])


@each_row("given", ["", f"---\n{POD}"])
def test_what_an_answer_writes_as_status_is_not_stored(given: str) -> None:
    """On the main resource the API server keeps the status that it has; a controller writes another one."""
    world, _ = apply(POD + "status: {phase: Succeeded}\n", NAMESPACE + given)
    assert world.find("Pod")[0].get("status", "phase") is None
    had, _ = apply(POD + "status: {phase: Failed}\n", f"{NAMESPACE}---\n{POD}status: {{phase: Running}}\n")
    assert had.find("Pod")[0].get("status", "phase") == "Running"
    node = "apiVersion: v1\nkind: Node\nmetadata: {name: one}\nstatus: {phase: Running}\n"
    assert apply(node)[0].find("Node")[0].get("status", "phase") == "Running"
