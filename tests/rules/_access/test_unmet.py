"""What `rbac-access` says about a request that must be allowed and isn't."""

from __future__ import annotations

import msgspec

from tests.rbac_world import DEPLOYER, binding, manifests, role, rule
from tests.table import each_row
from trainer.rules import rbac_access
from trainer.rules.rbac_access import Params
from trainer.simulate.world import World
from trainer.verdict import Reason

ASKED = {
    "subject": "sa:ci/deployer",
    "allow": [
        {"verbs": ["get"], "resources": ["pods/log"], "namespace": "ci"},
        {"verbs": ["get"], "resources": ["deployments.apps"], "namespace": "ci"},
    ],
}
LOGS, WEB = rule("get", '""', "pods/log"), rule("get", "apps", "deployments")
BIND = binding("b", "Role", "r", DEPLOYER)


def reasons(text: str) -> list[Reason]:
    """What the check says about an answer."""
    world = tuple(manifests(text))
    return list(rbac_access.judge(World(world, answer=world), msgspec.convert(ASKED, Params)).reasons)


@each_row(
    ("word", "message"),
    [
        ("pods/logs", "`pods/logs` is not a resource: the name is `pods/log`"),
        ("pod/log", "`pod/log` is not a resource: the name is `pods/log`"),
        ("logs", "`logs` is not a resource: the name is `pods/log`"),
        ("pods", "pods does not include pods/log"),
        ("secrets", "No rule allows this: get pods/log in ci."),
    ],
)
def test_a_misspelled_resource_is_named_at_its_place(word: str, message: str) -> None:
    (found,) = reasons(role("r", WEB + rule("get", '""', f"services, {word}")) + BIND)
    assert message in found.message
    assert found.location is not None
    assert found.location.path.endswith("rules[1].resources[1]") is ("is not a resource" in message)


def test_other_forms_of_a_resource() -> None:
    for word in ("deployment", "Deployments", "deployments.apps", "deploy"):
        (found,) = reasons(role("r", LOGS + rule("get", "apps", word)) + BIND)
        assert f"`{word}` is not a resource: the name is `deployments`" in found.message
    (found,) = reasons(role("r", LOGS + rule("get", "example.com", "deployment")) + BIND)
    assert "No rule allows this" in found.message  # a custom resource may have this name


def test_a_rule_of_another_role() -> None:
    labels = "metadata: {labels: {a: b}, "
    part = role("part", LOGS + rule("get", "apps", "deploy"), "").replace("metadata: {", labels)
    whole = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\n"
    whole += "aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}\nrules: []\n---\n"
    (found,) = reasons(whole + part + binding("b", "ClusterRole", "r", DEPLOYER))
    assert "`deploy` is not a resource" in found.message


@each_row(
    ("subject", "message"),
    [
        ("kind: User, name: deployer", "This names User deployer, not ServiceAccount ci/deployer."),
        ("kind: User, name: 'system:serviceaccount:ci:deployer ' ", "No binding names"),
        ("kind: ServiceAccount, name: deployer, namespace: prod", "This names ServiceAccount prod/deployer,"),
        (
            "kind: ServiceAccount, name: reporter, namespace: ci",
            "No binding names ServiceAccount ci/deployer.",
        ),
    ],
)
def test_another_subject_of_the_same_name(subject: str, message: str) -> None:
    bind = BIND.replace(DEPLOYER, f"{{{subject}}}")
    assert bind != BIND
    found = reasons(role("r", LOGS + WEB) + bind)
    assert [message in one.message for one in found] == [True]
    assert found[0].location is not None
    assert ("subjects[0]" in found[0].location.path) is message.startswith("This")
