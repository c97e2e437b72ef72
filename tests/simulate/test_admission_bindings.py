"""What expressions can read."""

from __future__ import annotations

from tests.admission_world import BINDING, GOOD, POLICY, read
from trainer.simulate.admission_bindings import as_sent, bindings_of, namespace_object, parameters
from trainer.simulate.admission_match import AdmissionRequest


def test_objects_have_what_go_always_writes() -> None:
    [pod] = read(GOOD)
    sent = as_sent(pod)
    assert sent["spec"]["containers"][0]["resources"] == {}
    assert sent["status"] == {}
    [role] = read("apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\n")
    assert as_sent(role)["rules"] is None
    assert "rules" not in role.data


def test_nulls_are_left_out() -> None:
    [pod] = read(GOOD.replace("spec: {", "spec: {hostname: null, "))
    assert "hostname" not in as_sent(pod)["spec"]


def test_namespace_objects() -> None:
    assert namespace_object(None) is None
    found = namespace_object({"metadata": {"name": "n", "uid": "1", "managedFields": []}})
    assert found == {
        "metadata": {"name": "n", "UID": "1"},
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }


def test_requests() -> None:
    [pod] = read(GOOD)
    bindings = bindings_of(AdmissionRequest("CREATE", pod), None, None)
    assert bindings["request"]["kind"] == {"group": "", "version": "v1", "kind": "Pod"}
    assert bindings["oldObject"] is None


def test_no_parameters_are_one_null() -> None:
    policy, binding, pod = read(POLICY, BINDING, GOOD)
    assert parameters(policy, binding, AdmissionRequest("CREATE", pod), (policy, binding)) == [None]
