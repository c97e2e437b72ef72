"""Tests of `content.tables`: what exists before the answer, as `kubectl get` prints it."""

from __future__ import annotations

from tests.tui.fake_session import card
from trainer.content.tables import NONE, Table, labels, selector, tables

GIVEN = """# who clients ask
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  selector: {app: api}
  ports: [{name: a, port: 80, nodePort: 30080}, {name: b, port: 53, protocol: UDP}]
  type: NodePort
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {b: "2", a: "1"}}
spec: {containers: [{name: a, image: x:1}, {name: b, image: y:2}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: read, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
  - {kind: User, name: anna, apiGroup: rbac.authorization.k8s.io}
  - {kind: ServiceAccount, name: ci, namespace: tools}
---
apiVersion: v1
kind: Secret
metadata: {name: key, namespace: shop}
data: {a: YQ==}
stringData: {b: b}
"""


def by_kind(given: str) -> dict[str, Table]:
    return {table.kind: table for table in tables(card(given=given))}


def test_each_kind_has_the_columns_of_kubectl() -> None:
    found = by_kind(GIVEN)
    assert list(found) == ["Namespace", "Service", "Pod", "RoleBinding", "Secret"]
    shown = {kind: (table.columns, table.rows[0].cells) for kind, table in found.items()}
    assert shown["Service"] == (
        ("NAMESPACE", "NAME", "TYPE", "PORT(S)", "SELECTOR"),
        ("shop", "api", "NodePort", "80:30080/TCP,53/UDP", "app=api"),
    )
    assert shown["Pod"] == (("NAMESPACE", "NAME", "IMAGES", "LABELS"), ("shop", "api", "x:1,y:2", "a=1,b=2"))
    assert shown["RoleBinding"] == (
        ("NAMESPACE", "NAME", "ROLE", "USERS", "SERVICEACCOUNTS"),
        ("shop", "read", "Role/reader", "anna", "tools/ci"),
    )
    assert shown["Secret"] == (("NAMESPACE", "NAME", "TYPE", "DATA"), ("shop", "key", "Opaque", "2"))


def test_the_yaml_of_an_object_is_as_written_with_its_comment() -> None:
    found = by_kind(GIVEN)
    assert found["Service"].rows[0].yaml.startswith("# who clients ask\napiVersion: v1\nkind: Service\n")
    assert found["Service"].rows[0].yaml.endswith("  type: NodePort\n")
    assert found["Namespace"].rows[0].yaml == "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
    assert found["Secret"].rows[0].name == "Secret shop/key"


def test_selectors_are_written_as_kubectl_does() -> None:
    assert selector({}) == selector(None) == labels({}) == NONE
    expressions = [
        {"key": "c", "operator": "In", "values": ["z", "y"]},
        {"key": "d", "operator": "NotIn", "values": ["x"]},
        {"key": "e", "operator": "Exists"},
        {"key": "f", "operator": "DoesNotExist"},
    ]
    found = selector({"matchLabels": {"b": "2", "a": "1"}, "matchExpressions": expressions})
    assert found == "a=1,b=2,c in (y,z),d notin (x),e,!f"


def test_without_objects_there_are_no_tables() -> None:
    assert tables(card()) == []
