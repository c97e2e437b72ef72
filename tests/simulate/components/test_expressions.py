"""Expressions of kube-apiserver's configuration files."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.components.expressions import expression, nodes, selects
from trainer.verdict import Location

PLACE = Location("a.yaml", 1, 1)


@each_row(
    ("written", "subject", "wanted", "error"),
    [
        ("claims.sub", "claims", "", ""),
        ("claims.sub == 'x'", "claims", "bool", ""),
        ("claims.sub", "claims", "bool", "must evaluate to bool, not to dyn"),
        ("claim.sub", "claims", "", "undeclared reference to 'claim'"),
        ("claims.sub =", "claims", "", "does not compile"),
        ("user.username", "claims", "", "undeclared reference to 'user'"),
        ("user.groups.all(group, group != 'x')", "user", "bool", ""),
        ("user.name == 'x'", "user", "bool", "undefined field 'name'"),
        ("user.extra['a/b'].exists(one, one == 'x')", "user", "bool", ""),
        ("request.resourceAttributes.namespace == 'x'", "request", "bool", ""),
        ("has(request.nonResourceAttributes) || request.user == 'x'", "request", "bool", ""),
        ("request.resourceAttributes.labelSelector.requirements.size() > 0", "request", "bool", ""),
        ("request.namespace == 'x'", "request", "bool", "undefined field 'namespace'"),
        ("'x'", "request", "bool", "must evaluate to bool, not to string"),
    ],
)
def test_what_compiles(written: str, subject: str, wanted: str, error: str) -> None:
    found = expression(written, subject, PLACE, wanted)
    assert (found.tree is None) is bool(error)
    assert error in found.error


def test_a_selection_counts_wherever_it_is() -> None:
    for written in ("claims.email", "has(claims.email)", "[1].exists(x, claims.?email.hasValue())"):
        tree = expression(written, "claims", PLACE).tree
        assert tree is not None
        assert selects(tree, "claims", "email")
    for written in ("claims['email']", "claims.sub.email", "claims.emails"):
        tree = expression(written, "claims", PLACE).tree
        assert tree is not None
        assert not selects(tree, "claims", "email")
        assert tree in nodes(tree)


def test_what_is_outside_the_subset_has_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: object) -> object:
        raise NotJudged("a new function")

    monkeypatch.setattr("trainer.simulate.components.expressions.parse_expression", refused)
    with pytest.raises(NotJudged, match="a new function") as found:
        expression("claims.somethingNew", "claims", PLACE)
    assert found.value.location == PLACE
