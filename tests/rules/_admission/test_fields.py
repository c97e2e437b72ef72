"""Objects with other values in a field that an expression looks at."""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.manifests.schema.data import schema_for
from trainer.rules._admission.fields import variants
from trainer.simulate.admission.mentions import Mention
from trainer.versions import DEFAULT

POD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "p"},
    "spec": {"containers": [{"name": "c0", "image": "a/b"}]},
}


def changed(field: str, *values: Any) -> list[Any]:
    """The mentioned field's values in the variants, read at the path without the root."""
    mention = Mention(("object", *field.split(".")), values)
    found = []
    for _, data in variants(schema_for(DEFAULT), POD, mention, "a/b"):
        node: Any = data
        for step in field.split("."):
            node = node[0] if step == "*" and isinstance(node, list) else node if step == "*" else node[step]
        found.append(node)
    return found


@each_row(
    ("field", "values", "found"),
    [
        ("spec.hostNetwork", (), [True, False]),
        ("spec.nodeName", ("n1",), ["n1", "n1x", "xn1", "unseen"]),
        ("spec.priority", (5,), [4, 5, 6, 1]),
        ("metadata.finalizers", (), [["unseen"]]),
        (
            "metadata.annotations",
            ("a/b",),
            [{"a/b": "unseen"}, {"a/bx": "unseen"}, {"xa/b": "unseen"}, {"unseen": "unseen"}],
        ),
        ("metadata.annotations.team", ("x",), ["x", "xx", "xx", "unseen"]),
        (
            "metadata.labels.*",
            ("skip",),
            [{"skip": "unseen"}, {"skipx": "unseen"}, {"xskip": "unseen"}, {"unseen": "unseen"}],
        ),
        ("spec.securityContext", (), [{}]),
        ("spec.overhead", (), [{"unseen": 1}]),
        (
            "spec.containers.*.resources.limits",
            ("gpu",),
            [{"gpu": 1}, {"gpux": 1}, {"xgpu": 1}, {"unseen": 1}],
        ),
        ("metadata.deletionTimestamp", (), ["2030-01-01T00:00:00Z"]),
        ("spec.ephemeralContainers", (), [[{"name": "unseen", "image": "a/b"}]]),
        ("spec.nowhere", ("x",), []),
        ("spec.containers.*.name", ("db",), ["db", "dbx", "xdb", "unseen"]),
    ],
)
def test_values_of_the_right_type(field: str, values: tuple[Any, ...], found: list[Any]) -> None:
    assert changed(field, *values) == list(
        dict.fromkeys(found) if found and isinstance(found[0], str) else found
    )


def test_lists_that_the_object_does_not_have_are_started() -> None:
    [first, *_] = changed("metadata.ownerReferences.*.kind", "ReplicaSet")
    assert first == "ReplicaSet"
    mention = Mention(("object", "metadata", "ownerReferences", "*", "kind"), ("ReplicaSet",))
    _, data = next(variants(schema_for(DEFAULT), POD, mention, "a/b"))
    [owner] = data["metadata"]["ownerReferences"]
    assert owner["kind"] == "ReplicaSet"


def test_a_list_gets_as_many_items_as_it_is_compared_with() -> None:
    sizes = [len(found) for found in changed("spec.containers", 3)]
    assert sizes == [2, 3, 4]
    assert len(POD["spec"]["containers"]) == 1
