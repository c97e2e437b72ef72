"""The expressions of policies and webhooks."""

from __future__ import annotations

from tests.admission_world import POLICY, changed, read
from tests.table import each_row
from trainer.simulate.admission.compiled import compiled, problems_of

WEBHOOK = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: w}
webhooks:
- name: a.b.c
  admissionReviewVersions: [v1]
  sideEffects: None
  clientConfig: {url: https://a/b}
  matchConditions:
  - {name: a, expression: "%s"}
"""
MUTATING = """\
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: m}
spec:
  reinvocationPolicy: Never
  variables: [{name: labels, expression: "{'a': 'b'}"}]
  mutations:
  - patchType: %s
    %s: {expression: "%s"}
"""


def test_every_expression_has_its_place_and_is_compiled_once() -> None:
    [policy] = read(POLICY)
    [(path, one)] = compiled(policy).items()
    assert path == ("spec", "validations", 0, "expression")
    assert str(one.kind) == "bool"
    assert compiled(policy) is compiled(policy)


def test_objects_with_the_same_expressions_are_compiled_once() -> None:
    [policy], [again] = read(POLICY), read(POLICY.replace("name: ", "name: other-"))
    [other] = read(changed(POLICY, expression='"true"'))
    assert compiled(again) is compiled(policy)
    assert compiled(other) is not compiled(policy)
    assert [str(one.kind) for one in compiled(other).values()] == ["bool"]


@each_row(
    ("text", "message"),
    [
        ("true", ""), ("request.userInfo.username != 'a'", ""), ("authorizer.group('').resource('pods').check('get').allowed()", ""),
        ("1", "must evaluate to bool, not to int"), ("params.x == 1", "undeclared reference to 'params'"), ("variables.x == 1", "undeclared"),
        ("Object{}", "undeclared"),
    ],
)  # fmt: skip
def test_match_conditions_of_webhooks(text: str, message: str) -> None:
    [webhooks] = read(WEBHOOK % text)
    found = problems_of(webhooks)
    assert len(found) == bool(message)
    assert all(message in one.message and one.location is not None for one in found)
    assert [one.location.path for one in found if one.location] == [
        "webhooks[0].matchConditions[0].expression"
    ] * len(found)


@each_row(
    ("kind", "text", "message"),
    [
        ("ApplyConfiguration", "Object{metadata: Object.metadata{labels: variables.labels}}", ""),
        ("ApplyConfiguration", "Object{spec: Object.spec{?replicas: object.?spec.?replicas}}", ""),
        ("ApplyConfiguration", "has(object.spec) ? Object{} : Object{spec: Object.spec{}}", ""),
        ("ApplyConfiguration", "0", "must evaluate to Object, not to int"), ("ApplyConfiguration", "a/", "ends too early"), ("ApplyConfiguration", "Other{}", "undeclared"),
        ("JSONPatch", "[JSONPatch{op: 'add', path: '/a/' + jsonpatch.escapeKey('b/c'), value: 1}]", ""), ("JSONPatch", "[JSONPatch{path: 1}]", "but provided type is 'int'"),
        ("JSONPatch", "JSONPatch{op: 'add'}", "not to JSONPatch"), ("JSONPatch", "[JSONPatch{place: 'a'}]", "undefined field 'place'"), ("JSONPatch", "[jsonpatch.escapeKey(1)]", "no matching overload"),
    ],
)  # fmt: skip
def test_mutations(kind: str, text: str, message: str) -> None:
    # k8s.io/apiserver v1.36 pkg/cel/mutation: Object and Object.x have any field, JSONPatch has its own
    field = kind[0].lower() + kind[1:] if kind != "JSONPatch" else "jsonPatch"
    [policy] = read(MUTATING % (kind, field, text))
    found = problems_of(policy)
    assert len(found) == bool(message), found
    assert all(message in one.message for one in found)


def test_only_mutations_escape_keys() -> None:
    [policy] = read(changed(POLICY, expression="\"jsonpatch.escapeKey('a') == 'a'\""))
    assert "undeclared" in problems_of(policy)[0].message
