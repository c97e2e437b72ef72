"""What expressions can read."""

from __future__ import annotations

from tests.admission_world import BINDING, GOOD, POLICY, read
from trainer.simulate.admission.matching import AdmissionRequest
from trainer.simulate.admission.variables import namespace_object, parameters, variables_of


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
    bindings = variables_of(AdmissionRequest("CREATE", pod), None, None)
    assert bindings["request"]["kind"] == {"group": "", "version": "v1", "kind": "Pod"}
    assert bindings["oldObject"] is None


def test_no_parameters_are_one_null() -> None:
    policy, binding, pod = read(POLICY, BINDING, GOOD)
    assert parameters(policy, binding, AdmissionRequest("CREATE", pod), (policy, binding)) == [None]
