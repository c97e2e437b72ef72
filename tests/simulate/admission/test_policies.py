"""ValidatingAdmissionPolicy, beyond what the given cases show: other operations, actions, failures.

The sources are sections of
https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/ (v1.35) and
`pkg/admission/plugin/policy/validating/{validator,dispatcher}.go` of k8s.io/apiserver.
"""

from __future__ import annotations

import pytest

from tests.admission_world import BAD, BINDING, GOOD, POLICY, changed, read
from tests.rbac_world import binding as rbac_binding
from tests.rbac_world import manifests as rbac_manifests
from tests.rbac_world import role, rule
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.requests import Identity, parse_identity
from trainer.simulate.admission.compiled import problems_of
from trainer.simulate.admission.matching import AdmissionRequest
from trainer.simulate.admission.policies import Admission, admit

NAMESPACE = {
    "metadata": {"name": "prod", "uid": "1", "labels": {"tier": "gold"}},
    "status": {"phase": "Active"},
}


def run(expression: str = "", operation: str = "CREATE", old: str = "", policy: str = POLICY, binding: str = BINDING,
        who: Identity | None = None, authorizer: Authorizer | None = None, extra: tuple[str, ...] = (), pod: str = BAD) -> Admission:  # fmt: skip
    text = changed(policy, expression=f'"{expression}"') if expression else policy
    text = text.replace("[CREATE, UPDATE]", "['*']")
    [subject] = read(pod)
    [before] = read(old) if old else [None]
    request = AdmissionRequest(
        operation,
        None if operation == "DELETE" else subject,
        subject if operation == "DELETE" else before,
        who or parse_identity("user:jane"),
        namespace_labels={"tier": "gold"},
        namespace_object=NAMESPACE,
    )
    return admit(read(text, binding, *extra), request, authorizer)


def test_deny_names_message_and_place() -> None:
    admission = run()
    [violation] = admission.denied
    assert violation.message == "images come from registry.example"
    assert str(violation.location) == "policy.yaml:10:5"
    assert run(pod=GOOD).admitted


def test_update_sees_both_objects() -> None:
    """Section "Validation expression": `oldObject` is the existing object, null on CREATE."""
    same = "object.spec.containers[0].image == oldObject.spec.containers[0].image"
    assert run(same, "UPDATE", old=BAD).admitted
    assert not run(same, "UPDATE", old=GOOD).admitted
    assert run("oldObject == null").admitted


def test_delete_has_no_object() -> None:
    """Section "Validation expression": `object` is null for DELETE requests."""
    assert run("object == null && oldObject.metadata.name == 'p'", "DELETE").admitted
    assert not run("object.metadata.name == 'p'", "DELETE").admitted


@each_row(
    "expression",
    [
        "request.operation == 'CREATE'",
        "request.kind.kind == 'Pod' && request.resource.resource == 'pods'",
        "request.name == 'p' && request.namespace == 'prod'",
        "request.userInfo.username == 'jane' && 'system:authenticated' in request.userInfo.groups",
        "!request.dryRun",
        "request.subResource == ''",
        "namespaceObject.metadata.name == 'prod' && namespaceObject.metadata.labels['tier'] == 'gold'",
        "namespaceObject.metadata.UID == '1'",
    ],
)
def test_request_and_namespace(expression: str) -> None:
    """Section "Validation expression", `request` and `namespaceObject`."""
    assert run(expression).admitted


def test_cluster_scoped_objects_have_no_namespace_object() -> None:
    """Section "Validation expression": `namespaceObject` is null for cluster-scoped resources."""
    policy = changed(
        POLICY.replace("resources: [pods]", "resources: [namespaces]"), expression='"namespaceObject == null"'
    )
    [subject] = read("apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: n}\nspec: {}\n")
    policy = policy.replace("[namespaces]", "[persistentvolumes]")
    request = AdmissionRequest("CREATE", subject, namespace_object=NAMESPACE)
    admission = admit(read(policy, BINDING), request)
    assert (admission.admitted, len(admission.evaluated)) == (True, 1)


def test_authorizer() -> None:
    """Section "Validation expression", `authorizer`: a check on behalf of the requester."""
    roles = rbac_manifests(
        role("r", rule("bypass", "example.com", "policies"), "prod")
        + rbac_binding("b", "Role", "r", "{kind: User, name: jane}", "prod")
    )
    asks = "authorizer.group('example.com').resource('policies').namespace('prod').check('bypass').allowed()"
    assert run(asks, authorizer=Authorizer(roles)).admitted
    assert not run(asks, authorizer=Authorizer(roles), who=parse_identity("user:joe")).admitted
    assert not run(
        "authorizer.requestResource.check('escalate').allowed()", authorizer=Authorizer(roles)
    ).admitted


@each_row(
    ("actions", "denied", "warned", "audited"),
    [("[Deny]", 1, 0, 0), ("[Warn]", 0, 1, 0), ("[Audit, Warn]", 0, 1, 1), ("[Deny, Audit]", 1, 0, 1)],
)
def test_actions(actions: str, denied: int, warned: int, audited: int) -> None:
    """Section "Creating a ValidatingAdmissionPolicy": `validationActions` of the binding."""
    admission = run(binding=changed(BINDING, validationActions=actions))
    assert (len(admission.denied), len(admission.warned), len(admission.audited)) == (denied, warned, audited)


def test_failure_policy() -> None:
    """Section "Failure Policy": errors while evaluating refuse the request, or are ignored."""
    assert run("object.spec.nothing == 1").denied[0].is_error
    assert run("object.spec.nothing == 1", policy=changed(POLICY, failurePolicy="Ignore")).admitted
    assert not run("false", policy=changed(POLICY, failurePolicy="Ignore")).admitted


CONDITIONS = POLICY.replace(
    "  validations:", '  matchConditions: [{name: web, expression: "%s"}]\n  validations:'
)


def test_match_conditions() -> None:
    """Section "Matching requests: matchConditions": a false one ends it, an error follows failurePolicy."""
    assert run(policy=CONDITIONS % "object.metadata.name == 'other'").admitted
    assert not run(policy=CONDITIONS % "object.metadata.name == 'p'").admitted
    assert run(policy=CONDITIONS % "object.nothing").denied[0].is_error
    both = CONDITIONS.replace("[{name", "[{name: first, expression: object.nothing}, {name") % "false"
    assert run(policy=both).admitted


def test_variables_are_lazy_and_see_earlier_ones() -> None:
    """Section "Variable composition"."""
    variables = "  variables: [{name: a, expression: '2'}, {name: b, expression: variables.a * 2}, {name: bad, expression: 1 / 0}]\n"
    policy = POLICY.replace("  validations:", variables + "  validations:")
    assert run("variables.b == 4", policy=policy).admitted
    assert run("variables.bad == 1", policy=policy).denied[0].message == "division by zero"
    late = policy.replace("expression: '2'", "expression: variables.b")
    assert run("variables.a == 1", policy=late).denied[0].is_error


def test_message_expression() -> None:
    """Section "Message expression": it outweighs the message, and falls back to it where it fails."""

    def said(text: str) -> str:
        policy = POLICY.replace("    message:", f"    messageExpression: >-\n      {text}\n    message:")
        return run(policy=policy).denied[0].message

    assert said("'image ' + object.spec.containers[0].image") == "image nginx"
    for text in ("object.nothing", "'a\\nb'", "'  '"):
        assert said(text) == "images come from registry.example"
    bare = POLICY.replace("    message: images come from registry.example\n", "")
    assert run("false", policy=bare).denied[0].message == "failed expression: false"


PARAMS = POLICY.replace(
    "  matchConstraints:", "  paramKind: {apiVersion: v1, kind: ConfigMap}\n  matchConstraints:"
)
LIMIT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: prod, labels: {kind: limit}}\ndata: {image: %s}\n"


def test_parameters() -> None:
    """Section "Parameter resources": by name, by selector, and what happens without any."""
    policy = changed(PARAMS, expression='"object.spec.containers[0].image == params.data.image"')
    by_name = BINDING + "  paramRef: {name: one, parameterNotFoundAction: Deny}\n"
    assert run(policy=policy, binding=by_name, extra=(LIMIT % ("one", "nginx"),)).admitted
    assert not run(policy=policy, binding=by_name, extra=(LIMIT % ("one", "other"),)).admitted
    missing = run(policy=policy, binding=by_name)
    assert (
        missing.denied[0].message == "no params found for policy binding with `Deny` parameterNotFoundAction"
    )
    assert run(policy=policy, binding=by_name.replace("Action: Deny", "Action: Allow")).admitted
    selected = (
        BINDING + "  paramRef: {selector: {matchLabels: {kind: limit}}, parameterNotFoundAction: Deny}\n"
    )
    both = (LIMIT % ("one", "nginx"), LIMIT % ("two", "other"))
    assert len(run(policy=policy, binding=selected, extra=both).denied) == 1
    none = changed(PARAMS, expression='"params == null"')
    assert run(policy=none).admitted


def test_a_policy_without_a_binding_does_nothing() -> None:
    [subject] = read(BAD)
    admission = admit(read(POLICY), AdmissionRequest("CREATE", subject))
    assert (admission.admitted, admission.evaluated) == (True, ())


def test_endless_expressions_are_not_judged() -> None:
    tens = "[1,2,3,4,5,6,7,8,9,10]"
    endless = "".join(f"{tens}.all(v{i}, " for i in range(7)) + "true" + ")" * 7
    with pytest.raises(NotJudged, match="too many steps"):
        run(endless)


def test_problems_of_expressions() -> None:
    [broken] = read(changed(POLICY, expression="object.spec.size() +"))
    [problem] = problems_of(broken)
    assert "does not compile" in problem.message
    assert problem.location is not None
    assert problem.location.line == 10
    [typed] = read(changed(POLICY, expression="\"'text'\""))
    assert "must evaluate to bool" in problems_of(typed)[0].message
    [good] = read(POLICY)
    assert problems_of(good) == []


@each_row(
    ("expression", "message"),
    [
        ("object.spec.hostNetwork", "could be of any type"),
        ("object.spec.?hostNetwork.orValue(false)", "could be of any type"),
        ("object.spec.containers", "could be of any type"),
        ("'text'", "must evaluate to bool, not to string"),
        ("request", "must evaluate to bool, not to kubernetes.AdmissionRequest"),
    ],
)
def test_validations_are_certainly_true_or_false(expression: str, message: str) -> None:
    """compile.go, CompileCELExpression: the type is exactly the one that is required."""
    [policy] = read(changed(POLICY, expression=f'"{expression}"'))
    assert message in problems_of(policy)[0].message


def test_deep_expressions_name_their_place() -> None:
    [policy] = read(changed(POLICY, expression='"' + "!" * 500 + 'true"'))
    with pytest.raises(NotJudged) as caught:
        problems_of(policy)
    assert caught.value.location is not None
    assert caught.value.location.path == "spec.validations[0].expression"


def test_written_false_is_no_field() -> None:
    """k8s.io/api core/v1 types.go: `hostNetwork` is a bool with omitempty, so `has` is false."""
    pod = BAD.replace("spec: {", "spec: {hostNetwork: false, ")
    assert run("!has(object.spec.hostNetwork)", pod=pod).admitted
    [violation] = run("object.spec.hostNetwork == false", pod=pod).denied
    assert violation.is_error
