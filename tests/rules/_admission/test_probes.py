"""What rule `admission` tries besides a card's samples: wrong answers that no fixed sample finds."""

from __future__ import annotations

import msgspec
import pytest

from tests.admission_world import BINDING, POLICY, changed, read
from tests.table import each_row
from trainer.rules._admission.meant import Meant, Place, Words
from trainer.rules._admission.probes import Probes
from trainer.rules.admission import Params, judge
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status
from trainer.versions import DEFAULT

ALL = "(object.spec.containers + object.spec.?initContainers.orValue([])).all(c, %s)"
GOOD = ALL % "c.image.startsWith('registry.example/')"
PROD = BINDING + "  matchResources: {namespaceSelector: {matchLabels: {env: prod}}}\n"
HOME = "apiVersion: v1\nkind: Namespace\nmetadata: {name: prod, labels: {env: prod}}\n"


def outcome(rest: str, policy: str = "", binding: str = PROD, *more: str) -> Outcome:
    meant = {"images": ["registry.example/"], "namespace-labels": {"env": "prod"}}
    manifests = read(HOME, policy or changed(POLICY, expression=f'"{GOOD}"'), binding, *more)
    return judge(World(tuple(manifests)), msgspec.convert({"meant": meant, "rest": rest}, Params))


def policy_with(expression: str, conditions: str = "", match: str = "") -> str:
    text = changed(POLICY, expression=f'"{expression}"')
    text = text.replace("  validations:", f"{conditions}  validations:")
    return text.replace("    resourceRules:", f"{match}    resourceRules:")


def condition(expression: str) -> str:
    return f'  matchConditions: [{{name: c, expression: "{expression}"}}]\n'


def test_a_right_answer_passes_all() -> None:
    for rest in ("denied", "admitted", "untouched"):
        assert outcome(rest).status is Status.PASS


@each_row(
    "expression",
    [
        ALL % "c.image.startsWith('registry.example/') || c.image.startsWith('quay.io/')",
        ALL % "['registry.example', 'quay.io'].exists(r, c.image.startsWith(r + '/'))",
        ALL % "c.image.split('/')[0] in ['registry.example', 'quay.io']",
        ALL % "c.image.matches('^(registry[.]example|quay[.]io)/')",
        ALL % "c.image.matches('^registry.example/')",
        ALL % "c.image.contains('registry.example/')",
        ALL % "c.image.replace('docker.io/', '').startsWith('registry.example/')",
        ALL % "c.image.startsWith('registry.example')",
        ALL % "c.image.startsWith('registry.example/') || c.name == 'debug'",
        ALL % "c.image.startsWith('registry.example/') || c.image.size() < 4",
        "object.spec.containers.all(c, c.image.startsWith('registry.example/'))",
        f"object.metadata.name.startsWith('sys-') || {GOOD}",
        f"(has(object.metadata.labels) && 'skip' in object.metadata.labels) || {GOOD}",
        f"object.?metadata.?annotations[?'a/b'].orValue('') == 'yes' || {GOOD}",
        f"object.?spec.?hostNetwork.orValue(false) == true || {GOOD}",
        f"object.?spec.?serviceAccountName.orValue('') == 'ci' || {GOOD}",
        f"object.spec.containers.size() > 3 || {GOOD}",
        f"has(object.metadata.ownerReferences) || {GOOD}",
        f"object.?metadata.?ownerReferences.orValue([]).exists(o, o.kind == 'ReplicaSet') || {GOOD}",
        f"object.?spec.?tolerations.orValue([]).exists(t, t.key == 'gpu') || {GOOD}",
        f"object.?spec.?volumes.orValue([]).exists(v, has(v.hostPath)) || {GOOD}",
        f"(oldObject != null && 'skip' in oldObject.metadata.?labels.orValue({{}})) || {GOOD}",
        f"request.userInfo.username == 'jane' || {GOOD}",
        f"request.userInfo.username.startsWith('system:') || {GOOD}",
        f"'ops' in request.userInfo.groups || {GOOD}",
        f"request.userInfo.groups.exists(g, g == 'ops') || {GOOD}",
        f"request.dryRun || {GOOD}",
        f"request.operation == 'UPDATE' || {GOOD}",
        f"request.namespace == 'sandbox' || {GOOD}",
        f"namespaceObject.metadata.labels[?'team'].orValue('') == 'x' || {GOOD}",
        f"(oldObject != null && oldObject.spec.containers == object.spec.containers) || {GOOD}",
        f"authorizer.group('').resource('nodes').check('create').allowed() || {GOOD}",
    ],
)
def test_an_exception_is_found_in_the_answers_own_words(expression: str) -> None:
    judged = outcome("denied", policy_with(expression))
    assert judged.status is Status.FAIL, expression
    assert judged.reasons[0].location is not None
    assert judged.evidence
    # the same as a match condition
    if "||" in expression and expression.endswith(GOOD):
        exempt = expression.removesuffix(f" || {GOOD}")
        assert outcome("denied", policy_with(GOOD, condition(f"!({exempt})"))).status is Status.FAIL, exempt


@each_row(
    "match",
    [
        "    objectSelector: {matchLabels: {app: web}}\n",
        "    objectSelector: {matchExpressions: [{key: skip, operator: DoesNotExist}]}\n",
        "    objectSelector: {matchExpressions: [{key: skip, operator: NotIn, values: [yes-please]}]}\n",
        "    namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [x]}]}\n",
        "    namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [payments]}]}\n",
        "    excludeResourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods], resourceNames: [debug]}]\n",
        "    namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]}\n",
    ],
)
def test_a_selector_that_leaves_some_out(match: str) -> None:
    assert outcome("denied", policy_with(GOOD, match=match)).status is Status.FAIL


def test_a_condition_that_always_holds_is_no_exception() -> None:
    assert (
        outcome("denied", policy_with(GOOD, condition("request.userInfo.username != ''"))).status
        is Status.PASS
    )


def test_a_second_registry_in_the_parameters() -> None:
    kinds = "  paramKind: {apiVersion: v1, kind: ConfigMap}\n"
    text = policy_with(ALL % "params.data.all.split(',').exists(a, c.image.startsWith(a))", kinds)
    binding = PROD + "  paramRef: {name: p, namespace: prod, parameterNotFoundAction: Deny}\n"
    given = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: p, namespace: prod}\ndata: {all: '%s'}\n"
    assert outcome("denied", text, binding, given % "registry.example/").status is Status.PASS
    assert outcome("denied", text, binding, given % "registry.example/,quay.io/").status is Status.FAIL


@each_row(
    ("resources", "operations", "passes"),
    [
        ("[pods]", "[CREATE, UPDATE]", True),
        ("[pods, pods/ephemeralcontainers]", "[CREATE, UPDATE]", True),
        ("['pods/*']", "[CREATE, UPDATE]", False),
        ("['*']", "[CREATE, UPDATE]", False),
        ("[pods, configmaps]", "[CREATE, UPDATE]", False),
        ("[pods, pods/exec]", "[CREATE, UPDATE, CONNECT]", False),
        ("[pods]", "['*']", False),
        ("[pods]", "[CREATE, UPDATE, CONNECT]", True),
        ("[pods, pods/log]", "[CREATE, UPDATE]", True),
        ("[pods, pods/attach]", "[CONNECT, CREATE, UPDATE]", False),
        ("[pods, serviceaccounts]", "[CREATE, UPDATE]", False),
        ("[pods, serviceaccounts/token]", "[CREATE, UPDATE]", False),
        ("[pods, replicationcontrollers/scale]", "[CREATE, UPDATE]", False),
        ("[pods, namespaces]", "[CREATE, UPDATE]", False),
        ("[pods, nodes]", "[CREATE, UPDATE]", False),
        ("[pods, deployments]", "[CREATE, UPDATE]", True),
    ],
)
def test_what_the_policy_is_not_for(resources: str, operations: str, passes: bool) -> None:
    text = policy_with(GOOD).replace("[pods]", resources).replace("[CREATE, UPDATE]", operations)
    judged = outcome("untouched", text)
    assert (judged.status is Status.PASS) is passes, judged.reasons


@each_row(
    "binding",
    [
        BINDING,
        BINDING
        + "  matchResources: {namespaceSelector: {matchExpressions: [{key: env, operator: Exists}]}}\n",
        BINDING
        + "  matchResources: {namespaceSelector: {matchExpressions: [{key: env, operator: In, values: [prod, qa]}]}}\n",
        BINDING
        + "  matchResources: {namespaceSelector: {matchExpressions: [{key: env, operator: NotIn, values: [dev]}]}}\n",
    ],
)
def test_other_namespaces(binding: str) -> None:
    assert outcome("untouched", binding=binding).status is Status.FAIL
    assert outcome("denied", binding=binding).status is Status.PASS


@each_row(
    "expression",
    [
        "object.spec.containers.all(c, c.image.startsWith('registry.example/')) && object.spec.initContainers.all(c, c.image.startsWith('registry.example/'))",
        f"{GOOD} && request.userInfo.username == 'developer'",
        f"{GOOD} && object.metadata.name != 'x'",
        ALL % "c.image.matches('^registry[.]example/[a-z]+$')",
        ALL % "c.image.startsWith('registry.example/') && !c.image.endsWith(':latest')",
        ALL % "c.image.startsWith('registry.example/') && !c.image.contains('debug')",
        f"{GOOD} && !has(object.metadata.ownerReferences)",
    ],
)
def test_what_must_be_admitted(expression: str) -> None:
    assert outcome("admitted", policy_with(expression)).status is Status.FAIL


def test_custom_resources_that_the_rules_name() -> None:
    cars = "\n    - {apiGroups: [%s], apiVersions: ['*'], operations: [CREATE], resources: [%s]}"
    pods = "resources: [pods]}"
    for group, name, passes in (
        ("acme.example", "cars", False),
        ("acme.example", "policies", False),
        ("acme", "cars", True),
        ("batch", "cronjobs", False),
        ("batch", "'*'", False),
        ("'*'", "ingresses", False),
    ):
        text = policy_with(GOOD).replace(pods, pods + cars % (group, name))
        assert (outcome("untouched", text).status is Status.PASS) is passes, (group, name)


def test_what_nothing_can_see_is_not_varied() -> None:
    known = [Place("prod", {"env": "prod"})]
    plain = list(Probes(Meant(images=("a/",)), Words(), known, DEFAULT).denied())
    users = list(
        Probes(Meant(images=("a/",)), Words(expressions="request.userInfo"), known, DEFAULT).denied()
    )
    assert {probe.request.identity.user for probe in plain} == {"developer"}
    assert {probe.request.identity.user for probe in users} >= {"developer", "unseen", "kubernetes-admin"}
    assert {probe.request.operation for probe in plain} == {"CREATE", "UPDATE"}


def told(*validations: str) -> Outcome:
    """What a check says that requires words in every denial."""
    text = policy_with(GOOD).partition("  validations:")[0] + "  validations:\n" + "".join(validations)
    manifests = read(HOME, text, PROD)
    params = {"meant": {"images": ["registry.example/"]}, "rest": "denied", "message-has": "Example only"}
    return judge(World(tuple(manifests)), msgspec.convert(params, Params))


def test_every_denial_says_why() -> None:
    one = "  - {expression: \"object.spec.?%s.orValue([]).all(c, c.image.startsWith('registry.example/'))\", %s}\n"
    right, other = "message: registry.example only", "message: wrong"
    both = (one % ("containers", right), one % ("initContainers", right))
    assert told(*both).status is Status.PASS
    judged = told(one % ("containers", right), one % ("initContainers", other))
    assert [reason.message for reason in judged.reasons] == [
        "The message to the client (image unseen.example/app) is 'wrong'; it must contain 'Example only'."
    ]
    computed = "messageExpression: \"'example only, not ' + object.spec.containers[0].image.split('/')[1]\""
    assert told(one % ("containers", computed), both[1]).status is Status.FAIL
    assert told(f'  - {{expression: "{GOOD}", {right}}}\n', one % ("containers", other)).status is Status.PASS
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"meant": {"images": ["a/"]}, "rest": "admitted", "message-has": "x"}, Params)


def test_only_the_first_request_of_a_sort_is_told_with_the_cause() -> None:
    text = policy_with(GOOD).replace("[CREATE, UPDATE]", "[CREATE]")
    judged = outcome("denied", text)
    messages = [one.message for one in judged.reasons]
    assert all("[CREATE]: the policy doesn't apply to updates" in one for one in messages)
    assert len(messages) < 8


def test_parameters_belong_together() -> None:
    for wrong in ({}, {"rest": "denied"}, {"meant": {"images": ["a/"]}}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wrong, Params)


def test_the_requests_are_in_the_namespace_that_the_world_has() -> None:
    probes = Probes(
        Meant(images=("a/",), namespace_labels={"env": "prod"}),
        Words(expressions="namespaceObject"),
        [Place("dev", {}), Place("prod", {"env": "prod"})],
        DEFAULT,
    )
    assert {probe.request.namespace for probe in probes.admitted()} >= {"prod", "kube-system"}
    assert all(probe.request.namespace_labels.get("env") == "prod" for probe in probes.denied())
    others = [one.request for one in probes.untouched() if one.sort == "another Namespace"]
    assert others
    assert all(one.namespace_labels.get("env") != "prod" for one in others)
