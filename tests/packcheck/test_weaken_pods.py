"""Tests of `packcheck.weaken_pods`: mutations that weaken pods, in what the reference itself cares about."""

from __future__ import annotations

import json
from typing import Any

from trainer.manifests.model import path_text
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
        "move spec.containers[0].securityContext.readOnlyRootFilesystem",
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


def test_probes_and_volumes_are_exchanged() -> None:
    container = {"image": "x", "startupProbe": {"exec": {}}, "livenessProbe": {"httpGet": {}}}
    found = edits(pod({"containers": [container], "volumes": [{"name": "v", "emptyDir": {}}]}))
    assert list(found) == [
        "move spec.containers[0].startupProbe",
        "move spec.containers[0].livenessProbe",
        "widen spec.volumes[0]",
    ]
    moved = found["move spec.containers[0].startupProbe"][0]["spec"]["containers"][0]
    assert moved == {"image": "x", "livenessProbe": {"httpGet": {}}, "readinessProbe": {"exec": {}}}
    assert found["widen spec.volumes[0]"][0]["spec"]["volumes"] == [{"name": "v", "hostPath": {"path": "/"}}]
