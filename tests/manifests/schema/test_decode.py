"""The walk that finds where a value and the schema part."""

from __future__ import annotations

from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.decode import decodes, findings
from trainer.versions import DEFAULT

SCHEMA = schema_for(DEFAULT)


def test_findings_come_in_order_each_with_what_should_stand_there() -> None:
    pod = SCHEMA.node("core.v1.PodSpec")
    value = {"containers": [{"name": "a"}, {"name": 1, "imag": "b"}], "hostPID": "yes", "volumes": None}
    found = [(path, node.name, wrong, unknown) for path, node, wrong, unknown in findings(SCHEMA, pod, value)]
    assert found == [
        (("containers", 1, "name"), "string", 1, False),
        (("containers", 1, "imag"), "core.v1.Container", "b", True),
        (("hostPID",), "bool", "yes", False),
    ]


def test_what_fits_has_no_findings() -> None:
    assert findings(SCHEMA, SCHEMA.node("{}string"), {"a": "b", "c": None}) == []


def test_decodes_tells_whether_a_value_fits_a_node() -> None:
    context = SCHEMA.node("core.v1.SecurityContext")
    assert decodes(SCHEMA, context, {"privileged": False}) is True
    assert decodes(SCHEMA, context, {"privileged": "no"}) is False
    assert decodes(SCHEMA, context, {"fsGroup": 1}) is False
