"""Rule `audit-level`: requests and how an audit Policy records them."""

from __future__ import annotations

import msgspec
import pytest

from tests.pictures import judging, lines_of
from tests.table import each_row
from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import audit_level
from trainer.rules.audit_level import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(audit_level)

POLICY = """\
apiVersion: audit.k8s.io/v1
kind: Policy
rules:
- level: Metadata
- level: None
  resources: [{group: "", resources: [events]}]
"""


def world(*texts: str) -> World:
    documents = [parse(text.encode(), "policy.yaml").documents[0] for text in texts]
    return World(tuple(Manifest(document.value, document) for document in documents))


def params(**sample: object) -> Params:
    return msgspec.convert({"requests": [{"who": "user:jane", "do": "list events"} | sample]}, Params)


def test_pass() -> None:
    assert judge(world(POLICY), params(level="Metadata")).status is Status.PASS
    assert (
        judge(world(POLICY), params(**{"at-least": "Metadata", "at-most": "Request"})).status is Status.PASS
    )


def test_fail_names_the_rule_that_decides() -> None:
    outcome = judge(world(POLICY), params(level="None"))
    assert outcome.status is Status.FAIL
    [reason] = outcome.reasons
    assert (
        reason.message
        == "The first rule that matches is rule 1, with level Metadata. Level None is required. "
        "Rule 2 has this level, but rule 1 comes first."
    )
    assert reason.location is not None
    assert reason.location.line == 4
    assert outcome.evidence == (
        "user jane: list events is recorded at level Metadata "
        "(RequestReceived, ResponseStarted, ResponseComplete, Panic).",
    )


@each_row(
    ("sample", "message"),
    [
        ({"at-least": "Request"}, "At least level Request"),
        ({"at-most": "None"}, "At most level None"),
        ({"stages": ["ResponseComplete"]}, "at exactly these stages: ResponseComplete"),
    ],
)
def test_bounds_and_stages(sample: dict[str, object], message: str) -> None:
    assert message in judge(world(POLICY), params(**sample)).reasons[0].message


def test_a_policy_that_does_not_load_fails() -> None:
    outcome = judge(world("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: []\n"), params(level="None"))
    assert outcome.status is Status.FAIL
    assert "does not start" in outcome.reasons[0].message
    assert outcome.evidence == ("kube-apiserver does not start with this file, and nothing answers kubectl.",)


def test_no_request_asks_for_a_policy_that_loads() -> None:
    nothing = msgspec.convert({"requests": []}, Params)
    assert judge(world(POLICY), nothing).status is Status.PASS
    star = POLICY.replace('group: ""', 'group: "*"')
    assert "is not an API group" in judge(world(star), nothing).reasons[0].message


def test_an_overlooked_field_is_named_beside_what_it_leads_to() -> None:
    typo = POLICY.replace("- level: Metadata\n", "- level: Metadata\n  resource: [{group: apps}]\n", 1)
    outcome = judge(world(typo), params(level="None"))
    assert "`resource` is not a field of an audit rule" in outcome.reasons[1].message
    assert judge(world(typo), params(level="Metadata")).status is Status.PASS


def test_none_and_several_policies_fail() -> None:
    none = judge(world(), params(level="None"))
    assert none.reasons[0].message == "The answer has no file of kind Policy."
    assert none.evidence == ("kube-apiserver does not start with this file, and nothing answers kubectl.",)
    assert "several" in judge(world(POLICY, POLICY), params(level="None")).reasons[0].message


def test_a_request_without_expectation_is_the_cards_error() -> None:
    with pytest.raises(UsageError, match="requires neither a level"):
        judge(world(POLICY), params())


def test_the_same_reason_is_given_once() -> None:
    samples = [
        {"who": "user:jane", "do": f"{verb} events", "level": "None"} for verb in ("get", "list", "watch")
    ]
    outcome = judge(world(POLICY), msgspec.convert({"requests": samples}, Params))
    assert len(outcome.reasons) == 1
    assert len(outcome.evidence) == 2


MEANT = [
    {"level": "Metadata", "resources": [{"resources": ["secrets"]}]},
    {"level": "RequestResponse", "namespaces": ["prod"], "verbs": ["create", "delete"]},
    {"level": "Metadata"},
]
SECRETS = "- {level: Metadata, resources: [{resources: [secrets]}]}\n"
PROD = "- {level: RequestResponse, namespaces: [prod], verbs: [create, delete]}\n"
REST = "- {level: Metadata}\n"


def meant(rules: str, **more: object) -> Outcome:
    text = f"apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n{rules}"
    return judge(world(text), msgspec.convert({"meant": MEANT} | more, Params))


@each_row(
    "rules",
    [
        SECRETS + PROD + REST,
        PROD.replace("prod]", "prod], resources: [{group: extensions}]") + SECRETS + PROD + REST,
        SECRETS + PROD + "- {level: Metadata, userGroups: [system:authenticated]}\n" + REST,
        SECRETS + PROD.replace("create, delete", "create") + PROD.replace("create, delete", "delete") + REST,
    ],
)
def test_another_form_of_what_is_meant_passes(rules: str) -> None:
    assert meant(rules).status is Status.PASS


@each_row(
    ("extra", "about", "shown"),
    [
        ("- {level: None, users: [joe]}", 3, "user joe: get pods in prod"),
        ("- {level: None, userGroups: [dev]}", 1, "any other user: get secrets in prod"),
        (
            "- {level: None, userGroups: ['system:serviceaccounts:ci']}",
            3,
            "ServiceAccount ci/any-other: get pods in prod",
        ),
        ("- {level: Request, verbs: [watch]}", 3, "any other user: watch pods in prod"),
        ("- {level: None, namespaces: [test]}", 2, ""),
        ("- {level: None, namespaces: [test]}", 3, "any other user: get pods in test"),
        (
            "- {level: None, resources: [{group: acme.example, resources: [cars]}]}",
            2,
            "any other user: create cars.acme.example in prod",
        ),
        (
            "- {level: None, resources: [{resources: [pods], resourceNames: [web]}]}",
            3,
            "any other user: get pods web in prod",
        ),
        ("- {level: None, nonResourceURLs: [/metrics]}", 3, "any other user: get /metrics"),
        ("- {level: None, verbs: [head], nonResourceURLs: ['*']}", 3, "any other user: head /version"),
        ("- {level: None, namespaces: [''], verbs: [list]}", 3, "any other user: list pods"),
        (
            "- {level: None, userGroups: ['system:unauthenticated']}",
            2,
            "user system:anonymous: create pods in prod",
        ),
    ],
)
def test_an_extra_rule_fails_the_sentence_that_it_breaks(extra: str, about: int, shown: str) -> None:
    outcome = meant(f"{extra}\n" + SECRETS + PROD + REST, about=[about])
    assert (outcome.status is Status.FAIL) is bool(shown)
    assert not shown or outcome.evidence[0].startswith(f"{shown} is recorded at level ")


def test_what_no_sentence_names_is_not_recorded_and_without_a_level_it_does_not_matter() -> None:
    only = {"meant": [{"resources": [{"resources": ["pods"]}]}]}
    assert meant("- {level: Request, resources: [{resources: [pods]}]}\n", **only).status is Status.PASS
    outcome = meant("- {level: Request, resources: [{resources: [pods, nodes]}]}\n", **only)
    assert outcome.evidence == (
        "any other user: get nodes is recorded at level Request "
        "(RequestReceived, ResponseStarted, ResponseComplete, Panic).",
    )


def test_stages_of_all_that_is_recorded() -> None:
    late = {"stages": ["ResponseStarted", "ResponseComplete", "Panic"]}
    omit = ", omitStages: [RequestReceived]}"
    rules = (SECRETS + PROD + REST).replace("}\n", f"{omit}\n")
    nothing = "- {level: None, nonResourceURLs: [/livez]}\n"
    assert meant(nothing + rules, **late).status is Status.PASS
    outcome = meant("- {level: Metadata, users: [joe]}\n" + rules, **late)
    stages = "(RequestReceived, ResponseStarted, ResponseComplete, Panic)"
    assert outcome.evidence == tuple(
        f"user joe: {do} pods in prod is recorded at level Metadata {stages}." for do in ("get", "create")
    )


def test_the_picture_has_levels_and_the_rules_that_decide() -> None:
    picture = audit_level.picture(world(POLICY), params(level="None"))
    assert lines_of(picture) == ["user jane: list events | w:Metadata | u:rule 1"]
    loaded = audit_level.picture(world(POLICY), Params())
    assert lines_of(loaded) == ["the policy | r:loads"]
