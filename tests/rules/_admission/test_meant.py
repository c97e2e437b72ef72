"""What the answer's policies name and look at."""

from __future__ import annotations

import msgspec
import pytest

from tests.admission_world import BINDING, POLICY, changed, read
from tests.table import each_row
from trainer.rules._admission.meant import Meant, Place, Words, words_of

RULES = """\
  matchResources:
    namespaceSelector: {matchLabels: {env: prod, kubernetes.io/metadata.name: shop}}
    excludeResourceRules: [{resourceNames: [debug]}]
    objectSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [a, b]}]}
"""


def words(expression: str = "object.spec.hostNetwork == true", binding: str = BINDING) -> Words:
    policy, bound = read(changed(POLICY, expression=f'"{expression}"'), binding)
    return words_of([policy], [bound], ())


def test_what_selectors_and_rules_name() -> None:
    found = words(binding=BINDING + RULES)
    assert found.place_names == ["shop", "a", "b"]
    assert found.object_names == ["debug"]
    assert [rule["resources"] for rule in found.rules] == [["pods"]]
    assert len(found.selectors) == 2
    assert found.tells_places_apart
    assert [one.field for one in found.found][:1] == [("object", "spec", "hostNetwork")]


@each_row(
    ("expression", "users", "places", "operations"),
    [
        ("object.spec.hostNetwork == true", False, False, False),
        ("request.userInfo.username == 'a'", True, False, False),
        ("authorizer.group('').resource('pods').check('get').allowed()", True, False, False),
        ("request.namespace == 'a'", False, True, False),
        ("oldObject == null", False, False, True),
        ("request.operation == 'CREATE'", False, False, True),
    ],
)
def test_what_expressions_can_see(expression: str, users: bool, places: bool, operations: bool) -> None:
    found = words(expression)
    assert found.tells_users_apart is users
    assert found.tells_places_apart is places
    assert found.tells_operations_apart is operations


def test_the_namespaces_that_a_policy_is_for() -> None:
    meant = Meant(images=("a/",), namespace_labels={"env": "prod"})
    assert meant.covers(Place("x", {"env": "prod", "team": "a"}))
    assert not meant.covers(Place("x", {"env": "prodx"}))


def test_a_policy_without_images_is_a_mistake_of_the_card() -> None:
    with pytest.raises(msgspec.ValidationError, match="images must name at least one prefix"):
        msgspec.convert({"images": []}, Meant)
