"""The values that fields take."""

from __future__ import annotations

from trainer.manifests.schema.data import Shape, schema_for
from trainer.manifests.schema.explain import inner
from trainer.manifests.schema.values import _by_field, values_of
from trainer.versions import SUPPORTED


def test_every_entry_is_a_field_of_text_in_every_version() -> None:
    for name in _by_field():
        owner, _, field = name.rpartition(".")
        for version in SUPPORTED:
            node = inner(schema_for(version).fields(owner)[field])
            assert (node.shape, node.name) == (Shape.SCALAR, "string"), name


def test_the_description_of_a_field_agrees_with_its_values() -> None:
    assert values_of("core.v1.PodSpec", "restartPolicy") == ("Always", "OnFailure", "Never")
    assert values_of("audit.v1.PolicyRule", "level") == ("None", "Metadata", "Request", "RequestResponse")
    assert values_of("core.v1.Container", "name") == ()
