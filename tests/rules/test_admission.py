"""Rule `admission`."""

from __future__ import annotations

import msgspec
import pytest

from tests.admission_world import BAD, BINDING, GOOD, POLICY, changed, read
from tests.pictures import judging
from tests.table import each_row
from trainer.errors import UsageError
from trainer.grading.world import build_world
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.rules import admission
from trainer.rules.admission import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status
from trainer.versions import DEFAULT

judge = judging(admission)


def manifests_of_texts(*texts: str) -> list[Manifest]:
    documents = [parse(text.encode(), "policy.yaml").documents for text in texts]
    return [one for found in documents for one in manifests_of(found)[0]]


def outcome(*samples: dict[str, object], policy: str = POLICY, binding: str = BINDING) -> Outcome:
    return judge(
        World(tuple(read(policy, *([binding] if binding else [])))),
        msgspec.convert({"samples": samples}, Params),
    )


GOOD_ADMITTED = {"object": GOOD, "outcome": "admit"}
BAD_DENIED = {"object": BAD, "outcome": "deny", "message-has": "Registry.Example"}


def test_pass() -> None:
    assert outcome(GOOD_ADMITTED, BAD_DENIED).status is Status.PASS
    warns = changed(BINDING, validationActions="[Warn]")
    assert outcome(BAD_DENIED | {"outcome": "warn"}, binding=warns).status is Status.PASS
    deleted = {"object": BAD, "operation": "DELETE", "outcome": "admit"}
    updated = {"object": BAD, "old-object": GOOD, "operation": "UPDATE", "outcome": "deny"}
    assert outcome(deleted, updated).status is Status.PASS


def test_fail_without_a_binding() -> None:
    judged = outcome(BAD_DENIED, binding="")
    assert judged.reasons[0].message == (
        "The CREATE of Pod prod/p must be denied, but is admitted: no binding names registries, and a policy"
        " without a binding does nothing."
    )
    assert judged.evidence == ("Pod prod/p (image nginx) is admitted: no bound policy matches it.",)
    assert judged.reasons[0].location is not None


SELECTOR = "  matchResources: {objectSelector: {matchLabels: {env: prod}}}\n"
CONDITION = "  matchConditions: [{name: c, expression: 'false'}]\n  validations:"


@each_row(
    ("policy", "binding", "why", "place"),
    [
        (
            POLICY.replace("[CREATE, UPDATE]", "[CREATE]"),
            BINDING,
            "`resourceRules[0].operations` is [CREATE]: the policy doesn't apply to updates",
            "spec.matchConstraints.resourceRules[0].operations",
        ),
        (
            POLICY.replace('[""]', "[apps]").replace("[pods]", "[deployments]"),
            BINDING,
            "`resourceRules[0]` matches deployments.apps, not pods",
            "spec.matchConstraints.resourceRules[0].resources",
        ),
        (
            POLICY.replace('[""]', "[v1]"),
            BINDING,
            '`resourceRules[0].apiGroups` is [v1]: pods are in the core group, `""`',
            "spec.matchConstraints.resourceRules[0].apiGroups",
        ),
        (
            POLICY,
            BINDING + SELECTOR,
            "the binding's `objectSelector` selects env=prod; Pod prod/p has the label app=web",
            "spec.matchResources.objectSelector",
        ),
        (
            POLICY,
            BINDING + SELECTOR.replace("objectSelector", "namespaceSelector"),
            "the binding's `namespaceSelector` selects env=prod; Namespace prod has no labels",
            "spec.matchResources.namespaceSelector",
        ),
        (
            POLICY.replace("  validations:", CONDITION),
            BINDING,
            "`matchConditions[0]` is false for this request",
            "spec.matchConditions[0].expression",
        ),
        (
            POLICY.replace("resources: [pods]", "resources: [pods], resourceNames: [q]"),
            BINDING,
            "`resourceRules[0].resourceNames` is [q], not p",
            "spec.matchConstraints.resourceRules[0].resourceNames",
        ),
    ],
)
def test_a_fail_says_what_leaves_the_request_out(policy: str, binding: str, why: str, place: str) -> None:
    updated = {"object": BAD, "old-object": GOOD, "operation": "UPDATE", "outcome": "deny"}
    judged = outcome(updated, policy=policy, binding=binding)
    assert judged.reasons[0].message == f"The UPDATE of Pod prod/p must be denied, but is admitted: {why}."
    assert judged.reasons[0].location is not None
    assert judged.reasons[0].location.path == place
    assert judged.evidence == ("Pod prod/p (image nginx) is admitted: no bound policy matches it.",)


def test_fail_names_the_expression() -> None:
    judged = outcome({"object": BAD, "outcome": "admit"})
    assert "images come from registry.example" in judged.reasons[0].message
    assert str(judged.reasons[0].location) == "policy.yaml:10:5"
    assert judged.evidence == ("Pod prod/p (image nginx) is denied: an expression of registries is not met.",)


def test_a_binding_that_only_warns() -> None:
    judged = outcome(BAD_DENIED, binding=BINDING.replace("[Deny]", "[Warn, Audit]"))
    assert judged.reasons[0].message == (
        "The CREATE of Pod prod/p must be denied, but is admitted with a warning: "
        "`validationActions` of the binding is [Warn, Audit], and only Deny rejects."
    )
    assert judged.reasons[0].location is not None
    assert judged.reasons[0].location.path == "spec.validationActions"


def test_the_message() -> None:
    judged = outcome(BAD_DENIED | {"message-has": "quay.io"})
    assert "must contain 'quay.io'" in judged.reasons[0].message
    assert judged.reasons[0].location is not None
    assert judged.reasons[0].location.path == "spec.validations[0].message"


def test_a_policy_that_does_not_compile() -> None:
    judged = outcome(GOOD_ADMITTED, policy=changed(POLICY, expression="object.spec +"))
    assert "The API server refuses it" in judged.reasons[0].message
    assert judged.evidence


@each_row("outcome_wanted", ["deny", "admit"])
def test_what_the_server_refuses_fails_every_check(outcome_wanted: str) -> None:
    policy, binding = changed(POLICY, expression="object.spec +"), BINDING + "  paramRef: {name: p}\n"
    params = msgspec.convert({"samples": [{"object": BAD, "outcome": outcome_wanted}]}, Params)
    for files in ((policy, BINDING), (POLICY, binding)):
        manifests = manifests_of_texts(*files)
        world, problems = build_world((), manifests, kubernetes=DEFAULT)
        assert len(world.refused) == len(problems) == 1
        judged = judge(world, params)
        assert judged.status is Status.FAIL
        assert judged.reasons[0].message.startswith("The API server refuses it: ")
        assert judged.reasons[0].location is not None


def test_a_broken_sample_is_the_cards_error() -> None:
    with pytest.raises(UsageError, match="isn't exactly one object"):
        outcome({"object": "[]", "outcome": "admit"})


def test_the_picture_has_requests_and_what_decides() -> None:
    world = World(tuple(read(POLICY, BINDING)))
    samples = [GOOD_ADMITTED | {"outcome": "deny"}, BAD_DENIED]
    picture = admission.picture(world, msgspec.convert({"samples": samples}, Params))
    assert picture.columns == ("now", "by")
    assert [(row.cells[0].word, row.cells[0].state.value, row.cells[1].word) for row in picture.rows] == [
        ("admitted", "wrong", "no policy"),
        ("denied", "right", "registries"),
    ]
    assert [row.cells[0].before for row in picture.rows] == ["", "admitted"]
