"""Tests of `manifests.three_way`: each outcome is what kubectl v1.32 and kube-apiserver v1.36 make of the two."""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.grading.apply import updated
from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.manifests.schema.data import schema_for
from trainer.manifests.three_way import merge_key, merged
from trainer.verdict import Problem, Severity
from trainer.versions import DEFAULT

KINDS = {
    "NetworkPolicy": "networking.k8s.io/v1",
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "PodDisruptionBudget": "policy/v1",
}
LABELLED = "selector: {matchLabels: {a: b}}"


def admitted(kind: str, fields: str) -> Manifest:
    head = f"apiVersion: {KINDS.get(kind, 'v1')}\nkind: {kind}\nmetadata: {{name: a}}\n"
    found = admit(manifests_of(parse(f"{head}{fields}\n".encode(), "a.yaml").documents)[0][0], DEFAULT)
    assert found.manifest is not None, found.problems
    return found.manifest


def applied(kind: str, old: str, new: str) -> tuple[Manifest, list[Problem]]:
    return updated(admitted(kind, old), admitted(kind, new), DEFAULT)


def pods(container: str, more: str = "") -> str:
    """The spec of a workload with one container and more of its own."""
    template = f"template: {{metadata: {{labels: {{a: b}}}}, spec: {{containers: [{{{container}}}]}}}}"
    return f"spec: {{{LABELLED}, {more}{template}}}"


def test_a_default_stays_if_neither_manifest_says_it() -> None:
    old = "spec: {podSelector: {}, ingress: [{}]}"
    found, problems = applied("NetworkPolicy", old, old.replace("}]", "}], egress: [{}]"))
    assert found.get("spec", "policyTypes") == ["Ingress"]
    assert [(one.severity, one.message) for one in problems] == [
        (
            Severity.WARNING,
            "kubectl merges spec.policyTypes of NetworkPolicy default/a with what the existing object has: "
            '`["Ingress"]`',
        )
    ]
    written = old.replace("ingress: [{}]", "ingress: [{}], policyTypes: [Ingress]")
    found, problems = applied("NetworkPolicy", written, old.replace("}]", "}], egress: [{}]"))
    assert found.get("spec", "policyTypes") == ["Ingress", "Egress"]
    assert problems == []


PORTS = "port: 53, protocol: UDP, name: u}, {port: 53, protocol: TCP, name: t"


@each_row(
    ("old", "new", "ports"),
    [
        (
            "port: 53, protocol: UDP, name: u, nodePort: 31001",
            PORTS,
            [{"name": "u", "port": 53, "protocol": "UDP", "targetPort": 53}],
        ),
        (
            PORTS,
            PORTS + ", targetPort: 54",
            [
                {"name": "u", "port": 53, "protocol": "UDP", "targetPort": 54},
                {"name": "t", "port": 53, "protocol": "TCP", "targetPort": 53},
            ],
        ),
        (PORTS, "port: 80", [{"port": 80, "protocol": "TCP", "targetPort": 80}]),
    ],
)
def test_ports_of_one_number_are_one_port(old: str, new: str, ports: list[dict[str, Any]]) -> None:
    service = "spec: {type: %s, ports: [{%s}]}"
    kind = "NodePort" if "nodePort" in old else "ClusterIP"
    found, _ = applied("Service", service % (kind, old), service % ("ClusterIP", new))
    assert found.get("spec", "ports") == ports


def test_variables_of_one_name_are_one_variable() -> None:
    """To take one of two away takes both."""
    twice = "name: c, image: nginx, env: [{name: A, value: x}, {name: A, value: w}, {name: B, value: z}]"
    once = "name: c, image: nginx, env: [{name: B, value: q}, {name: A, value: x}]"
    path = ("spec", "template", "spec", "containers", 0, "env")
    found, problems = applied("Deployment", pods(twice), pods(once))
    assert found.get(*path) == [{"name": "B", "value": "q"}]
    assert [one.message for one in problems] == [
        "kubectl merges spec.template.spec.containers[0].env of Deployment default/a with what the existing "
        "object has"
    ]
    assert applied("Deployment", pods(twice), pods(twice))[0].get(*path) == admitted(
        "Deployment", pods(twice)
    ).get(*path)


def test_a_list_that_is_new_is_taken_as_it_is() -> None:
    both = "ports: [{containerPort: 53, protocol: UDP, name: u}, {containerPort: 53, protocol: TCP, name: t}]"
    path = ("spec", "template", "spec", "containers", 0, "ports")
    found, _ = applied("Deployment", pods("name: c, image: x"), pods(f"name: c, image: x, {both}"))
    assert [port["name"] for port in found.get(*path)] == ["u", "t"]
    one = "ports: [{containerPort: 53}]"
    found, _ = applied("Deployment", pods(f"name: c, image: x, {one}"), pods(f"name: c, image: x, {both}"))
    assert found.get(*path) == [{"containerPort": 53, "protocol": "UDP", "name": "u"}]


def test_the_order_is_that_of_the_new_manifest() -> None:
    old, new = "env: [{name: A}, {name: B}, {name: C}]", "env: [{name: C}, {name: D}, {name: A}]"
    found, problems = applied(
        "Deployment", pods(f"name: c, image: x, {old}"), pods(f"name: c, image: x, {new}")
    )
    names = [one["name"] for one in found.get("spec", "template", "spec", "containers", 0, "env")]
    assert names == ["C", "D", "A"]
    assert problems == []


def test_fields_that_go_with_another_one_go() -> None:
    """A source of a volume, a strategy with its parameters, a selector: they are replaced as a whole."""
    rolling = pods("name: c, image: x", "strategy: {rollingUpdate: {maxSurge: 3}}, ")
    found, problems = applied(
        "Deployment", rolling, pods("name: c, image: x", "strategy: {type: Recreate}, ")
    )
    assert found.get("spec", "strategy") == {"type": "Recreate"}
    assert problems == []
    volume = "spec: {containers: [{name: c, image: x}], volumes: [{name: v, %s}]}"
    found, _ = applied("Pod", volume % "configMap: {name: x}", volume % "secret: {secretName: s}")
    assert found.get("spec", "volumes") == [{"name": "v", "secret": {"secretName": "s", "defaultMode": 420}}]
    budget = "spec: {minAvailable: 1, selector: {%s}}"
    found, _ = applied(
        "PodDisruptionBudget",
        budget % "matchLabels: {a: b}",
        budget % "matchExpressions: [{key: a, operator: Exists}]",
    )
    assert found.get("spec", "selector") == {"matchExpressions": [{"key": "a", "operator": "Exists"}]}


def test_what_the_merge_makes_may_be_refused() -> None:
    """The parameters of the default strategy stay, and the other strategy may not have them."""
    old = pods("name: c, image: x", "serviceName: s, ")
    new = pods("name: c, image: x", "serviceName: s, updateStrategy: {type: OnDelete}, ")
    _, problems = applied("StatefulSet", old, new)
    assert [one.message for one in problems if one.severity is Severity.ERROR] == [
        "`rollingUpdate` can't be set here: it goes with type `RollingUpdate`."
    ]


def test_another_type_of_service_has_other_fields() -> None:
    old = "spec: {type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 30000, ports: [{port: 5}]}"
    found, problems = applied("Service", old, "spec: {type: ExternalName, externalName: a.b}")
    assert found.get("spec") == {"type": "ExternalName", "externalName": "a.b", "sessionAffinity": "None"}
    assert problems == []


@each_row(
    ("old", "new", "data"),
    [
        ("data: {a: eA==, b: eA==}", "data: {a: null, b: eQ==}", {"b": "eQ=="}),
        ("data: {a: eA==, b: eA==}", "data: {a: eA==}\nstringData: {b: null}", {"a": "eA=="}),
        ("stringData: {a: x, b: yy}", "stringData: {b: z}", {"a": "eA==", "b": "eg=="}),
        ("stringData: {a: b, c: d}", "stringData: {a: x}\ndata: {c: null}", {"a": "eA=="}),
        ("data: {a: null, b: eA==}", "data: {b: eA==}", {"b": "eA=="}),
        ("data: {a: eA==}", "data: null", None),
    ],
)
def test_keys_of_secrets(old: str, new: str, data: dict[str, str] | None) -> None:
    found, _ = applied("Secret", old, new)
    assert found.get("data") == data


def test_a_kind_that_kubectl_does_not_know_is_merged_as_json() -> None:
    live = {"a": {"b": 1, "c": 2, "d": 3}, "list": [{"name": "x"}], "e": 5}
    old = {"a": {"b": 1, "c": 2}, "list": [{"name": "x"}], "e": 5}
    new = {"a": {"b": 4, "f": {"g": None}}, "list": [{"name": "y"}], "h": None}
    assert merged(live, old, new, None, schema_for(DEFAULT)) == {
        "a": {"b": 4, "d": 3, "f": {}},
        "list": [{"name": "y"}],
    }


def test_secrets_of_an_account_that_the_manifest_no_longer_names_are_gone() -> None:
    """Since v1.24 no controller writes them."""
    assert (
        applied("ServiceAccount", "secrets: [{name: a}, {name: b}]", "")[0].get("secrets", default=[]) == []
    )
    found, _ = applied("ServiceAccount", "secrets: [{name: a}, {name: b}]", "secrets: [{name: b}]")
    assert found.get("secrets") == [{"name": "b"}]


SHOP = "spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: x}]%s}}}"


@each_row("item", ["{}", "{kind: Secret}", "null"])
def test_kubectl_merges_no_list_with_an_item_without_its_key(item: str) -> None:
    """The API server takes such an item from a new object, and for a list that is new."""
    empty, named = f"secrets: [{item}]", "secrets: [{name: a}]"
    for old, new in ((named, empty), (empty, empty)):
        (problem,) = applied("ServiceAccount", old, new)[1]
        assert (problem.severity, problem.location and problem.location.path) == (
            Severity.ERROR,
            "secrets[0]",
        )
        assert problem.message == (
            "kubectl can't update secrets[0] of ServiceAccount default/a: it lacks name, by which its list is merged."
        )
    (problem,) = applied("ServiceAccount", empty, named)[1]
    assert problem.message == (
        "kubectl can't update secrets of ServiceAccount default/a: an item lacks name, by which this list is merged."
    )
    for old, new in (("", empty), (empty, "")):
        assert applied("ServiceAccount", old, new)[1] == []


def test_templates_of_pods_are_merged_likewise() -> None:
    named, empty = (SHOP % f", imagePullSecrets: [{item}]" for item in ("{name: a}", "{}"))
    assert [one.severity for one in applied("Deployment", named, empty)[1]] == [Severity.ERROR]
    assert applied("Deployment", SHOP % "", empty)[1] == []


def test_an_empty_name_is_a_key_until_the_server_has_stored_it() -> None:
    named, empty = "secrets: [{name: a}]", 'secrets: [{name: ""}]'
    assert applied("ServiceAccount", named, empty)[1] == []
    assert applied("ServiceAccount", named, "secrets: [{name: null}]")[1] == []
    assert [one.severity for one in applied("ServiceAccount", empty, named)[1]] == [Severity.ERROR]


def test_a_list_without_a_merge_key_takes_any_item() -> None:
    found, problems = applied("ServiceAccount", "imagePullSecrets: [{name: a}]", "imagePullSecrets: [{}]")
    assert (found.get("imagePullSecrets"), problems) == ([{}], [])


def test_lists_that_a_patch_merges() -> None:
    """The `patchMergeKey` tags of k8s.io/api v1.36, without status. A patch replaces all other lists."""
    container = {
        "ports": "containerPort",
        "env": "name",
        "volumeMounts": "mountPath",
        "volumeDevices": "devicePath",
    }
    named = ("containers", "initContainers", "ephemeralContainers", "volumes")
    named = (*named, "imagePullSecrets", "resourceClaims", "schedulingGates")
    hook = {"matchConditions": "name"}
    schema = schema_for(DEFAULT)
    assert {
        name: keys
        for name in sorted(schema._types)
        if (
            keys := {
                field: key
                for field in schema.fields(name)
                if (key := merge_key(schema.node(name), field, schema))
            }
        )
        and not name.endswith("Status")
    } == {
        "admissionregistration.v1.MutatingWebhook": hook,
        "admissionregistration.v1.MutatingWebhookConfiguration": {"webhooks": "name"},
        "admissionregistration.v1.ValidatingAdmissionPolicySpec": {**hook, "variables": "name"},
        "admissionregistration.v1.ValidatingWebhook": hook,
        "admissionregistration.v1.ValidatingWebhookConfiguration": {"webhooks": "name"},
        "core.v1.Container": container,
        "core.v1.EphemeralContainer": container,
        "core.v1.PodSpec": {
            **dict.fromkeys(named, "name"),
            "hostAliases": "ip",
            "topologySpreadConstraints": "topologyKey",
        },
        "core.v1.ServiceAccount": {"secrets": "name"},
        "core.v1.ServiceSpec": {"ports": "port"},
        "apiextensions.v1.JSONSchemaProps": {"x-kubernetes-validations": "rule"},
        "meta.v1.ObjectMeta": {"ownerReferences": "uid"},
        "storage.v1.CSINodeSpec": {"drivers": "name"},
    }
