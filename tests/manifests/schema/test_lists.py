"""How list items are identified."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Path
from trainer.manifests.schema.data import Shape, schema_for
from trainer.manifests.schema.lists import UNORDERED, list_keys
from trainer.versions import DEFAULT

POLICY = ("networking.k8s.io/v1", "NetworkPolicy")
ROLE = ("rbac.authorization.k8s.io/v1", "Role")


@each_row(
    ("kind", "path", "keys"),
    [
        (("v1", "Pod"), ("spec", "containers"), ("name",)),
        (("v1", "Pod"), ("spec", "containers", 0, "ports"), ("containerPort", "protocol")),
        (("v1", "Pod"), ("spec", "containers", 0, "env"), ("name",)),
        (("v1", "Pod"), ("spec", "containers", 0, "volumeMounts"), ("mountPath",)),
        (("v1", "Pod"), ("spec", "volumes"), ("name",)),
        (("v1", "Pod"), ("spec", "imagePullSecrets"), ("name",)),
        (("v1", "Pod"), ("spec", "tolerations"), "set"),
        (("v1", "Pod"), ("spec", "containers", 0, "args"), "atomic"),
        (("v1", "Pod"), ("spec", "containers", 0, "securityContext", "capabilities", "drop"), "set"),
        (("v1", "Pod"), ("metadata", "finalizers"), "set"),
        (("apps/v1", "Deployment"), ("spec", "selector", "matchExpressions", 0, "values"), "set"),
        (("v1", "Service"), ("spec", "ports"), ("port", "protocol")),
        (POLICY, ("spec", "ingress"), "set"),
        (POLICY, ("spec", "ingress", 0, "from"), "set"),
        (POLICY, ("spec", "ingress", 0, "ports"), "set"),
        (POLICY, ("spec", "policyTypes"), "set"),
        (ROLE, ("rules",), "set"),
        (ROLE, ("rules", 3, "verbs"), "set"),
        (("audit.k8s.io/v1", "Policy"), ("rules",), "atomic"),
        (("audit.k8s.io/v1", "Policy"), ("rules", 0, "verbs"), "set"),
        (("v1", "Pod"), ("spec", "nodeName"), None),
        (("v1", "Pod"), ("spec", "unheard", 0), None),
        (("v1", "Unheard"), ("spec",), None),
    ],
)
def test_list_keys(kind: tuple[str, str], path: Path, keys: object) -> None:
    assert list_keys(*kind, path, DEFAULT) == keys


@each_row("name", UNORDERED)
def test_what_is_called_unordered_is_a_list(name: str) -> None:
    fields = schema_for(DEFAULT).fields(name)
    assert {fields[field].shape for field in UNORDERED[name].split()} == {Shape.LIST}
