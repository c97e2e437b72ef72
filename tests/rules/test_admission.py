"""Rule `admission`."""

from __future__ import annotations

import msgspec
import pytest

from tests.admission_world import BAD, BINDING, GOOD, POLICY, changed, read
from trainer.errors import UsageError
from trainer.rules.admission import Params, judge
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status


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
    assert judged.reasons[0].message == "The CREATE of Pod prod/p must be denied, but is admitted."
    assert judged.evidence == ("Pod prod/p (image nginx) is admitted: no bound policy matches it.",)
    assert judged.reasons[0].location is not None


def test_fail_names_the_expression() -> None:
    judged = outcome({"object": BAD, "outcome": "admit"})
    assert "images come from registry.example" in judged.reasons[0].message
    assert str(judged.reasons[0].location) == "policy.yaml:10:5"
    assert judged.evidence == ("Pod prod/p (image nginx) is denied: an expression of registries is not met.",)


def test_the_message() -> None:
    judged = outcome(BAD_DENIED | {"message-has": "quay.io"})
    assert "must contain 'quay.io'" in judged.reasons[0].message


def test_a_policy_that_does_not_compile() -> None:
    judged = outcome(GOOD_ADMITTED, policy=changed(POLICY, expression="object.spec +"))
    assert "The API server refuses the policy" in judged.reasons[0].message
    assert judged.evidence


def test_a_broken_sample_is_the_cards_error() -> None:
    with pytest.raises(UsageError, match="isn't exactly one object"):
        outcome({"object": "[]", "outcome": "admit"})
