"""Tests of `manifests.schema.kubelet`: the fields of the kubelet's configuration, by version."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.kubelet import KUBELET, kubelet_fields
from trainer.versions import SUPPORTED, Version


@each_row(("field", "minor"), [("memoryReservationPolicy", 36), ("defaultPodSysctls", 37)])
def test_a_field_is_known_from_its_version_on(field: str, minor: int) -> None:
    known, before = kubelet_fields(Version(1, minor)), kubelet_fields(Version(1, minor - 1))
    assert field in known
    assert field not in before
    assert before.items() < known.items()


def test_the_schema_of_a_version_has_its_fields() -> None:
    for version in SUPPORTED:
        assert set(schema_for(version).fields("kubelet.v1beta1.Configuration")) == set(
            kubelet_fields(version)
        )
    assert "defaultPodSysctls" not in KUBELET["kubelet.v1beta1.Configuration"]
