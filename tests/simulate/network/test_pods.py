"""Tests of `simulate.network.pods`: the pods that a world's objects make, and its nodes."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.network.pods import ContainerPort, Pod, container_ports, nodes_of, pods_of
from trainer.simulate.workloads import pod_template


def manifests(*texts: str) -> list[Manifest]:
    parsed = [parse(text.encode(), "world.yaml") for text in texts]
    return [Manifest(document.value, document) for one in parsed for document in one.documents]


def pods(*texts: str) -> list[Pod]:
    return pods_of(manifests(*texts))


def titles(*texts: str) -> list[str]:
    return [pod.title for pod in pods(*texts)]


def workload(kind: str, spec: str = "", name: str = "web", pod: str = "") -> str:
    group = (
        "batch/v1" if kind in ("Job", "CronJob") else "v1" if kind == "ReplicationController" else "apps/v1"
    )
    template = f"template: {{metadata: {{labels: {{app: web}}}}, spec: {{containers: [{{name: c}}], {pod}}}}}"
    body = f"jobTemplate: {{spec: {{{spec} {template}}}}}" if kind == "CronJob" else f"{spec} {template}"
    return (
        f"apiVersion: {group}\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop}}\nspec: {{{body}}}\n"
    )


def node(name: str, labels: str = "{}", taints: str = "[]", address: str = "192.168.7.1") -> str:
    return (
        f"apiVersion: v1\nkind: Node\nmetadata: {{name: {name}, labels: {labels}}}\nspec: {{taints: {taints}}}\n"
        f"status: {{addresses: [{{type: Hostname, address: {name}}}, {{type: InternalIP, address: {address}}}]}}\n"
    )


BARE = """
apiVersion: v1
kind: Pod
metadata: {name: guest, namespace: sun, labels: {app: guest, empty: null}}
spec: {nodeName: n1, containers: [{name: c, ports: [{containerPort: 80}]}]}
status: {podIP: 10.1.0.5, podIPs: [{ip: 10.1.0.5}, {ip: "2001:db8::5"}], hostIP: 192.168.7.1}
"""


def test_a_bare_pod_is_taken_as_it_is():
    [pod] = pods(BARE)
    assert pod.title == "sun/guest"
    assert pod.labels == {"app": "guest", "empty": ""}
    assert [str(address) for address in pod.addresses] == ["10.1.0.5", "2001:db8::5"]
    assert (pod.node, pod.host_network, pod.workload) == ("n1", False, ("sun", "Pod", "guest"))
    assert pod.ports == (ContainerPort("", 80, "TCP"),)


@each_row(
    ("text", "expected"),
    [
        (workload("Deployment"), ["shop/web-1"]),
        (workload("Deployment", "replicas: 0,"), []),
        (workload("Deployment", "replicas: 500,"), ["shop/web-1", "shop/web-2"]),
        (workload("ReplicaSet", "replicas: 2,"), ["shop/web-1", "shop/web-2"]),
        (workload("ReplicationController", "replicas: null,"), ["shop/web-1"]),
        (workload("StatefulSet", "replicas: 3,"), ["shop/web-0", "shop/web-1", "shop/web-2"]),
        (workload("StatefulSet", "ordinals: {start: 5},"), ["shop/web-5"]),
        (workload("DaemonSet"), ["shop/web-1"]),
        (workload("Job", "parallelism: 3,"), ["shop/web-1", "shop/web-2"]),
        (workload("Job", "parallelism: 0,"), []),
        (workload("Job", "suspend: true,"), []),
        (workload("Job", "completionMode: Indexed, parallelism: 2,"), ["shop/web-0", "shop/web-1"]),
        (workload("CronJob"), ["shop/web-1-1"]),
        (workload("CronJob", "parallelism: 0,"), []),
    ],
)
def test_how_many_pods_a_workload_makes(text, expected):
    assert titles(text) == expected


def test_labels_that_controllers_add():
    [deployed] = pods(workload("Deployment"))
    assert deployed.labels["app"] == "web"
    assert deployed.labels["pod-template-hash"]
    assert deployed.workload == ("shop", "Deployment", "web")
    numbered = pods(workload("StatefulSet", "replicas: 2,"))[1]
    assert numbered.labels["statefulset.kubernetes.io/pod-name"] == "web-1"
    assert numbered.labels["apps.kubernetes.io/pod-index"] == "1"
    [job] = pods(workload("Job", "completionMode: Indexed,"))
    assert job.labels["job-name"] == job.labels["batch.kubernetes.io/job-name"] == "web"
    assert job.labels["batch.kubernetes.io/job-completion-index"] == "0"


def test_finished_pods_and_templates_make_none():
    done = BARE.replace("podIP: 10.1.0.5,", "phase: Succeeded, podIP: 10.1.0.5,")
    template = (
        "apiVersion: v1\nkind: PodTemplate\nmetadata: {name: t, namespace: sun}\ntemplate: {spec: {}}\n"
    )
    assert titles(done, template) == []


class TestDaemonSets:
    NODES = (
        node("a", "{disk: ssd, cores: '8'}"),
        node("b", "{cores: '2'}"),
        node("c", taints="[{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}]"),
        node(
            "d",
            taints="[{key: soft, effect: PreferNoSchedule}, "
            "{key: node.kubernetes.io/not-ready, effect: NoExecute}]",
        ),
    )

    @each_row(
        ("pod", "expected"),
        [
            ("", "abd"),
            ("nodeSelector: {disk: ssd}", "a"),
            ("nodeName: b", "b"),
            ("tolerations: [{operator: Exists}]", "abcd"),
            ("tolerations: [{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}]", "abcd"),
            ("tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists}]", "abcd"),
            ("tolerations: [{key: node-role.kubernetes.io/control-plane, effect: NoExecute}]", "abd"),
            ("tolerations: [{key: node-role.kubernetes.io/control-plane, value: other}]", "abd"),
            (
                "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: "
                "[{matchExpressions: [{key: cores, operator: Gt, values: ['4']}]}, "
                "{matchFields: [{key: metadata.name, operator: In, values: [d]}]}]}}}",
                "ad",
            ),
        ],
    )
    def test_one_pod_on_each_node_that_it_may_run_on(self, pod, expected):
        assert titles(*self.NODES, workload("DaemonSet", pod=pod)) == [
            f"shop/web-{name}" for name in expected
        ]

    @each_row(
        ("key", "effect", "pod", "runs"),
        [
            *(
                (f"node.kubernetes.io/{name}", "NoSchedule", "", True)
                for name in (
                    "not-ready",
                    "unreachable",
                    "disk-pressure",
                    "memory-pressure",
                    "pid-pressure",
                    "unschedulable",
                )
            ),
            ("node.kubernetes.io/network-unavailable", "NoSchedule", "", False),
            ("node.kubernetes.io/network-unavailable", "NoSchedule", "hostNetwork: true", True),
            ("own", "NoSchedule", "hostNetwork: true", False),
            ("own", "NoExecute", "", False),
            ("own", "PreferNoSchedule", "", True),
            ("own", "NoSchedule", "tolerations: [{key: other, operator: Exists}]", False),
            ("own", "NoSchedule", "tolerations: [{key: '', operator: Exists, effect: ''}]", True),
            ("own", "NoSchedule", "tolerations: [{key: own, operator: Equal, value: ''}]", True),
            ("own", "NoSchedule", "tolerations: [{operator: Equal}]", False),
            ("own", "NoSchedule", "tolerations: [{key: own, effect: NoExecute}, {key: own}]", True),
        ],
    )
    def test_taints_that_its_pods_tolerate(self, key, effect, pod, runs):
        tainted = node("a", taints=f"[{{key: {key}, effect: {effect}}}]")
        assert titles(tainted, workload("DaemonSet", pod=pod)) == (["shop/web-a"] if runs else [])

    def test_its_pods_know_their_node(self):
        [pod] = pods(node("a"), workload("DaemonSet", pod="hostNetwork: true"))
        assert (pod.node, pod.host_network) == ("a", True)
        assert [str(address) for address in pod.addresses] == ["192.168.7.1"]


class TestOwners:
    def owned(self, name: str, kind: str, owner: str, labels: str = "{}") -> str:
        return (
            f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: shop, labels: {labels}, "
            f"ownerReferences: [{{kind: Other, name: x}}, {{kind: {kind}, name: {owner}, controller: true}}]}}\n"
            "spec: {containers: [{name: c}]}\n"
        )

    def test_a_workload_whose_pods_stand_there_makes_no_more(self):
        label = "{pod-template-hash: 5f9}"
        pod = self.owned("web-5f9-abc", "ReplicaSet", "web-5f9", label)
        assert titles(workload("Deployment", "replicas: 3,"), pod) == ["shop/web-5f9-abc"]
        assert titles(workload("ReplicaSet", name="web-5f9"), pod) == ["shop/web-5f9-abc"]
        assert titles(workload("Deployment", name="other"), pod) == ["shop/other-1", "shop/web-5f9-abc"]
        assert pods(pod)[0].workload == ("shop", "ReplicaSet", "web-5f9")

    def test_a_cron_job_whose_jobs_have_pods(self):
        assert titles(workload("CronJob"), self.owned("web-28-x", "Job", "web-28")) == ["shop/web-28-x"]

    def test_a_workload_that_another_made_makes_no_pods_twice(self):
        made = workload("ReplicaSet", name="web-5f9").replace(
            "namespace: shop",
            "namespace: shop, ownerReferences: [{kind: Deployment, name: web, controller: true}]",
        )
        assert titles(workload("Deployment"), made) == ["shop/web-1"]
        assert titles(made) == ["shop/web-5f9-1"]

    def test_a_node_is_no_workload_and_an_owner_without_kind_is_a_pod(self):
        static = self.owned("etcd-n1", "Node", "n1")
        assert pods(static)[0].workload == ("shop", "Pod", "etcd-n1")
        assert pods(self.owned("a", "''", "b"))[0].workload == ("shop", "Pod", "b")

    def test_an_owner_that_does_not_control_makes_no_workload(self):
        pod = self.owned("a", "ReplicaSet", "b").replace("controller: true", "controller: false")
        assert pods(pod)[0].workload == ("shop", "Pod", "a")


class TestAddresses:
    def test_invented_ones_are_stable_distinct_and_in_the_usual_ranges(self):
        many = "---\n".join(
            f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p{n}, namespace: shop}}\nspec: {{}}\n"
            for n in range(300)
        )
        found = {pod.name: str(pod.addresses[0]) for pod in pods(many)}
        assert len(set(found.values())) == 300
        assert all(text.startswith("10.244.") for text in found.values())
        one = "apiVersion: v1\nkind: Pod\nmetadata: {name: p7, namespace: shop}\nspec: {}\n"
        assert str(pods(one)[0].addresses[0]) == found["p7"]

    def test_pods_on_the_host_network_have_their_nodes(self):
        text = BARE.replace("nodeName: n1", "nodeName: n1, hostNetwork: true")
        [pod] = pods(text, node("n1", address="192.168.9.9"))
        assert [str(address) for address in pod.addresses] == ["192.168.9.9"]
        lonely = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: a}\nspec: {hostNetwork: true}\n"
        assert str(pods(lonely)[0].addresses[0]).startswith("192.168.")
        with_host_ip = lonely + "status: {hostIP: 192.168.3.3}\n"
        assert [str(address) for address in pods(with_host_ip)[0].addresses] == ["192.168.3.3"]


def test_nodes_are_those_given_and_those_that_pods_name():
    found = nodes_of(manifests(BARE, node("n2", "{zone: a}")))
    assert [(one.name, one.manifest is not None) for one in found] == [("n2", True), ("n1", False)]
    assert found[0].labels == {"kubernetes.io/hostname": "n2", "zone": "a"}
    assert [str(address) for address in found[0].addresses] == ["192.168.7.1"]
    assert str(found[1].addresses[0]).startswith("192.168.")


def test_ports_of_containers_and_sidecars_count():
    text = """
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  initContainers:
  - {name: setup, ports: [{containerPort: 1}]}
  - {name: sidecar, restartPolicy: Always, ports: [{containerPort: 2, name: side}]}
  containers:
  - {name: main, ports: [{containerPort: 3, protocol: UDP}, {containerPort: true}, nonsense]}
  ephemeralContainers:
  - {name: debug, ports: [{containerPort: 4}]}
"""
    template = pod_template(manifests(text)[0])
    assert template is not None
    assert container_ports(template) == (ContainerPort("side", 2, "TCP"), ContainerPort("", 3, "UDP"))


def test_odd_data_does_not_crash():
    odd = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: 7\n",
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {ownerReferences: x, labels: 5}\nspec: {template: 5}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: 5\nstatus: x\n",
        "apiVersion: v1\nkind: Node\nmetadata: {name: n}\nspec: 5\nstatus: 6\n",
        workload("DaemonSet", pod="affinity: x, tolerations: 4, nodeSelector: 5"),
        workload("Job", "parallelism: x,"),
    )
    assert len(pods(*odd)) == 5


def test_a_cron_job_that_is_suspended_runs_nothing():
    """Either the CronJob itself, or the Jobs that it makes."""
    cron = workload("CronJob")
    assert titles(cron.replace("spec: {jobTemplate", "spec: {suspend: true, jobTemplate")) == []
    assert titles(workload("CronJob", "suspend: true,")) == []
    assert titles(cron.replace("spec: {jobTemplate", "spec: {suspend: false, jobTemplate")) == [
        "shop/web-1-1"
    ]


def test_only_a_cron_jobs_jobs_are_named_after_it():
    owned = """apiVersion: v1
kind: Pod
metadata:
  name: web-28-x
  namespace: shop
  ownerReferences: [{apiVersion: batch/v1, kind: Job, name: web-28, controller: true}]
spec: {containers: [{name: c}]}
"""
    assert titles(workload("Deployment"), owned) == ["shop/web-1", "shop/web-28-x"]
    assert titles(workload("CronJob"), owned) == ["shop/web-28-x"]


def test_pods_of_a_stateful_set_are_numbered_and_labeled():
    found = pods(workload("StatefulSet", "replicas: 80,"))
    assert {pod.title for pod in found} == {f"shop/web-{number}" for number in range(50)}
    third = next(pod.labels for pod in found if pod.title == "shop/web-3")
    assert third.pop("controller-revision-hash").startswith("web-")
    assert third == {
        "app": "web", "apps.kubernetes.io/pod-index": "3", "statefulset.kubernetes.io/pod-name": "web-3",
    }  # fmt: skip


@each_row(("pod", "runs"), [("hostNetwork: true", True), ("", False)])
def test_a_node_without_network_runs_daemons_of_the_host_whatever_its_taint_says(pod, runs):
    tainted = node(
        "a", taints="[{key: node.kubernetes.io/network-unavailable, value: why, effect: NoSchedule}]"
    )
    assert bool(titles(tainted, workload("DaemonSet", pod=pod))) is runs


def test_a_deployments_pods_are_known_by_their_label():
    owned = """apiVersion: v1
kind: Pod
metadata:
  name: web-5f9-abc
  namespace: shop
  ownerReferences: [{apiVersion: apps/v1, kind: %s, name: web-5f9, controller: true}]
spec: {containers: [{name: c}]}
"""
    for kind in ("ReplicaSet", "Other"):
        found = titles(workload("Deployment"), workload("Deployment", name="web-5f9"), owned % kind)
        assert found == ["shop/web-1", "shop/web-5f9-1", "shop/web-5f9-abc"]


def test_a_cron_jobs_jobs_have_its_name_and_namespace():
    owned = """apiVersion: v1
kind: Pod
metadata:
  name: pod
  namespace: %s
  ownerReferences: [{apiVersion: batch/v1, kind: %s, name: %s, controller: true}]
spec: {containers: [{name: c}]}
"""
    assert titles(workload("CronJob"), owned % ("shop", "Job", "web-28")) == ["shop/pod"]
    for place, kind, name in (
        ("shop", "Job", "other-28"),
        ("sun", "Job", "web-28"),
        ("shop", "ReplicaSet", "web-28"),
    ):
        assert sorted(titles(workload("CronJob"), owned % (place, kind, name))) == sorted(
            [f"{place}/pod", "shop/web-1-1"]
        )


def test_pods_of_a_daemon_set_have_the_label_of_their_revision():
    [pod] = pods(workload("DaemonSet"))
    assert {*pod.labels} == {"app", "controller-revision-hash"}


def test_nodes_have_their_internal_addresses_or_one_of_the_usual_range():
    text = """apiVersion: v1
kind: Node
metadata: {name: a}
status: {addresses: [{type: ExternalIP, address: 203.0.113.5}, {type: InternalIP, address: 192.168.7.1}]}
"""
    [found] = nodes_of(manifests(text))
    assert [str(address) for address in found.addresses] == ["192.168.7.1"]
    [found] = nodes_of(manifests(text.replace("InternalIP", "Hostname")))
    assert str(found.addresses[0]).startswith("192.168.")
