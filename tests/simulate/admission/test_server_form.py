"""Objects as policies see them."""

from __future__ import annotations

from tests.admission_world import GOOD, read
from trainer.simulate.admission.server_form import server_form


def test_objects_have_what_go_always_writes() -> None:
    [pod] = read(GOOD)
    sent = server_form(pod)
    assert sent["spec"]["containers"][0]["resources"] == {}
    assert sent["status"] == {}
    [role] = read("apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\n")
    assert server_form(role)["rules"] is None
    assert "rules" not in role.data


def test_nulls_and_empty_values_are_left_out() -> None:
    fields = "hostname: null, hostNetwork: false, tolerations: [], nodeSelector: {}, nodeName: '', "
    [pod] = read(GOOD.replace("spec: {", f"spec: {{{fields}"))
    assert not server_form(pod)["spec"].keys() & {
        "hostname",
        "hostNetwork",
        "tolerations",
        "nodeSelector",
        "nodeName",
    }


def test_pointers_are_kept() -> None:
    """`automountServiceAccountToken` and `securityContext` are pointers in k8s.io/api core/v1 types.go."""
    [pod] = read(GOOD.replace("spec: {", "spec: {automountServiceAccountToken: false, securityContext: {}, "))
    sent = server_form(pod)["spec"]
    assert (sent["automountServiceAccountToken"], sent["securityContext"]) == (False, {})


def test_custom_resources_stay_as_written() -> None:
    [custom] = read(
        "apiVersion: example.com/v1\nkind: Limit\nmetadata: {name: l, labels: {}}\nspec: {hostNetwork: false}\n"
    )
    assert server_form(custom) == custom.data
