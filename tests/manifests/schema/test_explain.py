"""What a field of a kind is."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import UsageError
from trainer.manifests.schema.explain import explain
from trainer.versions import DEFAULT


@each_row(
    "path, shape, required",
    [
        ("", "Pod", False),
        ("spec", "PodSpec", False),
        ("spec.containers", "[]Container", True),
        ("spec.containers.name", "string", True),
        ("spec.containers.securityContext.privileged", "boolean", False),
        ("spec.containers.resources.limits", "map[string]Quantity", False),
        ("spec.containers.livenessProbe.httpGet.port", "IntOrString", True),
        ("metadata.labels", "map[string]string", False),
        ("metadata.labels.app", "map[string]string", False),
        ("metadata.creationTimestamp", "Time", False),
    ],
)
def test_the_type_is_what_kubectl_says(path: str, shape: str, required: bool) -> None:
    shown = explain("v1", "Pod", path.split(".") if path else (), DEFAULT)
    assert (shown.itself.type, shown.itself.required) == (shape, required)


def test_items_and_keys_are_no_steps() -> None:
    shown = explain("v1", "Pod", ("spec", "containers", 0, "ports", 1, "protocol"), DEFAULT)
    assert shown.path == ("spec", "containers", "ports", "protocol")
    assert shown.itself.values == ("TCP", "UDP", "SCTP")
    assert {field.name for field in explain("v1", "Pod", ("spec", "containers"), DEFAULT).fields} >= {"image"}


def test_what_does_not_exist_is_refused_with_what_was_meant() -> None:
    with pytest.raises(UsageError, match=r"Pod\.spec has no field 'container'") as caught:
        explain("v1", "Pod", ("spec", "container"), DEFAULT)
    assert "containers" in caught.value.remedy
    with pytest.raises(UsageError, match="has no fields"):
        explain("v1", "Pod", ("spec", "containers", "name", "x"), DEFAULT)
    with pytest.raises(UsageError, match="no kind 'Podd'"):
        explain("v1", "Podd", (), DEFAULT)
    near = explain("v1", "Pod", ("spec", "container", "x"), DEFAULT, nearest=True)
    assert near.path == ("spec",)
