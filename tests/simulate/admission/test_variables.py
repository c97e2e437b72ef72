"""What expressions can read."""

from __future__ import annotations

import pytest

from tests.admission_world import BINDING, GOOD, POLICY, read
from trainer.simulate.admission.matching import AdmissionRequest
from trainer.simulate.admission.variables import namespace_object, once, parameters, variables_of
from trainer.simulate.cel.values import CelError


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
    assert bindings["request"]()["kind"] == {"group": "", "version": "v1", "kind": "Pod"}
    assert bindings["oldObject"] is None
    assert bindings["namespaceObject"]() is None
    assert bindings["authorizer.requestResource"]().asked["resource"] == "pods"


def test_a_value_is_computed_once_and_only_when_it_is_read():
    calls = []

    def compute():
        calls.append(1)
        raise CelError("no")

    read_it = once(compute)
    assert not calls
    for _ in range(2):
        with pytest.raises(CelError):
            read_it()
    assert len(calls) == 1


def test_no_parameters_are_one_null() -> None:
    policy, binding, pod = read(POLICY, BINDING, GOOD)
    assert parameters(policy, binding, AdmissionRequest("CREATE", pod), (policy, binding)) == [None]
