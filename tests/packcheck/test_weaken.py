from __future__ import annotations

import json
from typing import Any

from trainer.manifests.model import path_text
from trainer.packcheck.tree import at
from trainer.packcheck.weaken import weaken_edits


def edits(value: Any) -> dict[str, list[Any]]:
    before = json.dumps(value)
    found: dict[str, list[Any]] = {}
    for edit in weaken_edits(value):
        assert json.dumps(edit.value) != before
        found.setdefault(f"{edit.mutation} {path_text(edit.path)}", []).append(edit.value)
    assert json.dumps(value) == before
    return found


def pod(spec: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Pod", "spec": spec}


def test_a_pod_without_security_context_is_left_alone() -> None:
    assert edits(pod({"containers": [{"name": "a", "image": "x"}]})) == {}


def test_a_read_only_root_is_undone_by_privilege_and_by_other_containers() -> None:
    found = edits(pod({"containers": [{"image": "x", "securityContext": {"readOnlyRootFilesystem": True}}]}))
    assert list(found) == [
        "widen spec.containers[0].securityContext.privileged",
        "add spec.containers[1]",
        "add spec.initContainers[0]",
    ]
    (extra,) = found["add spec.initContainers[0]"]
    assert extra["spec"]["initContainers"] == [{"name": "mutant", "image": "x"}]


def test_a_hardened_pod_is_undone_everywhere() -> None:
    container = {
        "image": "x",
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    spec = {"securityContext": {"runAsNonRoot": True}, "containers": [container, {"image": "z"}]}
    found = edits(pod(spec))
    assert [name for name in found if "ontainers" not in name] == [
        "widen spec.hostPID",
        "widen spec.hostIPC",
        "widen spec.hostNetwork",
        "move spec.securityContext.runAsNonRoot",
    ]
    first = "spec.containers[0].securityContext"
    (weaker,) = found[f"widen {first}.privileged"]
    assert weaker["spec"]["containers"][0]["securityContext"]["allowPrivilegeEscalation"] is True
    (turned,) = found[f"move {first}.capabilities.drop"]
    assert turned["spec"]["containers"][0]["securityContext"]["capabilities"] == {"add": ["ALL"]}
    assert f"widen {first}.runAsNonRoot" in found
    assert f"widen {first}.capabilities.add" in found
    (moved,) = found["move spec.securityContext.runAsNonRoot"]
    assert moved["spec"]["securityContext"] == {}
    assert moved["spec"]["containers"][1]["securityContext"] == {"runAsNonRoot": True}
    (extra,) = found["add spec.containers[2]"]
    assert extra["spec"]["containers"][2]["securityContext"] == {"runAsNonRoot": False}


def test_workloads_are_weakened_in_their_template() -> None:
    deployment = {
        "kind": "Deployment",
        "spec": {"template": pod({"containers": [{"image": "x", "securityContext": {"privileged": False}}]})},
    }
    assert "widen spec.template.spec.hostPID" in edits(deployment)


def test_a_second_mount_is_added() -> None:
    mount = {"name": "data", "mountPath": "/data", "readOnly": True}
    (found,) = edits(pod({"containers": [{"image": "x", "volumeMounts": [mount]}]})).values()
    assert found[0]["spec"]["containers"][0]["volumeMounts"] == [
        mount,
        {"name": "data", "mountPath": "/mutant"},
    ]


def test_roles_get_more() -> None:
    rule = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}
    found = edits({"kind": "Role", "rules": [rule]})
    rules = [value["rules"] for values in found.values() for value in values]
    assert [rule, {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}] in rules
    assert [{**rule, "verbs": ["*"]}] in rules
    assert [{**rule, "verbs": ["get", "*"]}] in rules
    assert [{**rule, "resources": ["pods", "secrets"]}] in rules
    assert edits({"kind": "Role"}).keys() == {"widen rules[0]"}


def test_bindings_bind_more() -> None:
    binding = {
        "kind": "RoleBinding",
        "metadata": {"name": "a", "namespace": "sun"},
        "roleRef": {"kind": "Role", "name": "r"},
        "subjects": [{"kind": "User", "name": "jane"}],
    }
    found = edits(binding)
    names = [value["subjects"][1]["name"] for value in found["widen subjects[1]"]]
    assert names == ["system:authenticated", "system:unauthenticated", "system:serviceaccounts", "default"]
    assert found["widen roleRef"][0]["roleRef"]["name"] == "cluster-admin"
    assert found["widen kind"][0]["metadata"] == {"name": "a"}


def test_network_policies_open_up() -> None:
    peer = {"podSelector": {"matchLabels": {"app": "a"}}, "namespaceSelector": {"matchLabels": {"team": "b"}}}
    rule = {"from": [peer], "ports": [{"port": 80}]}
    policy = {
        "kind": "NetworkPolicy",
        "spec": {"podSelector": {"matchLabels": {"x": "1"}}, "ingress": [rule]},
    }
    found = edits(policy)
    assert at(found["widen spec.ingress[1]"][0], ("spec", "ingress")) == [rule, {}]
    assert found["move spec.ingress"][0]["spec"]["egress"] == [{"to": [peer], "ports": [{"port": 80}]}]
    added = [at(value, ("spec", "ingress", 0, "from", 1)) for value in found["widen spec.ingress[0].from[1]"]]
    assert added == [{"namespaceSelector": {}}, {"podSelector": {}}, {"ipBlock": {"cidr": "0.0.0.0/0"}}]
    assert len(at(found["widen spec.ingress[0].from[0]"][0], ("spec", "ingress", 0, "from"))) == 2
    assert at(found["widen spec.podSelector"][0], ("spec", "podSelector")) == {}
    assert at(found["widen spec.ingress[0].ports[0].endPort"][0], ("spec", "ingress", 0, "ports", 0)) == {
        "port": 80,
        "endPort": 180,
    }


def test_where_the_first_match_counts_neighbours_are_exchanged() -> None:
    policy = {"kind": "Policy", "rules": [{"level": "None"}, {"level": "Metadata"}]}
    assert edits(policy)["move rules[0]"][0]["rules"] == [{"level": "Metadata"}, {"level": "None"}]
    config = {
        "kind": "EncryptionConfiguration",
        "resources": [{"providers": [{"identity": {}}, {"aescbc": {}}]}],
    }
    assert edits(config)["move resources[0].providers[0]"][0]["resources"][0]["providers"][0] == {
        "aescbc": {}
    }


def test_odd_objects_do_not_break_it() -> None:
    for odd in (None, [], "x", {"kind": "Pod"}, {"kind": "Pod", "spec": {"containers": ["x", None]}}):
        assert edits(odd) == {}
    assert edits({"kind": "NetworkPolicy", "spec": {"ingress": [None]}})
    assert edits({"kind": "Role", "rules": ["x"]})
