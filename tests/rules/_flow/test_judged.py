"""Tests of `_flow.judged`: the flows of a check, and which of them are wrong."""

from __future__ import annotations

from tests.rules.test_network_flow import GIVEN, GOOD, HEAD, manifests, params
from trainer.rules._flow.judged import Judged, Violation, examined, is_node, order
from trainer.simulate.network.flows import Endpoint
from trainer.simulate.network.ports import ALL, NONE
from trainer.simulate.world import World
from trainer.verdict import Outcome

CHECK = "allow: [{from: shop/frontend, to: shop/backend, port: 8080}]"


def examine(answer: str, check: str = CHECK) -> Judged:
    given, mine = manifests(GIVEN, "given.yaml"), manifests(answer, "policy.yaml")
    found = examined(World((*given, *mine), given, mine), params(check))
    assert isinstance(found, Judged)
    return found


def test_what_is_wrong() -> None:
    assert list(examine(GOOD).violations()) == []
    (one,) = examine(HEAD).violations()
    assert (one.source.title, one.target.title, str(one.ports)) == (
        "shop/frontend",
        "shop/backend",
        "TCP 8080",
    )
    assert not one.is_open


def test_the_matrix_before_has_its_ends_in_the_same_order() -> None:
    found = examine(HEAD)
    assert [end.title for end in found.old.endpoints] == [end.title for end in found.now.endpoints]
    (demand,) = found.allow
    row, column = (found.places[id(end)] for end in (demand.source, demand.target))
    assert (found.old.cells[row][column], found.now.cells[row][column]) == (ALL, NONE)


def test_a_name_that_the_answer_must_make() -> None:
    mine = manifests(GIVEN, "answer.yaml")
    found = examined(World(mine, (), mine), params("allow: [{from: shop/nobody, to: shop/backend}]"))
    assert isinstance(found, Outcome)
    assert [reason.message for reason in found.reasons] == ["No Pod matches shop/nobody."]


def test_order_and_nodes() -> None:
    known, unseen, node = Endpoint("a", ()), Endpoint("b", (), unseen=True), Endpoint("n", (), node="n")
    late = Violation(unseen, known, ALL, True)
    partly = Violation(known, known, ALL, False, asked=ALL)
    assert sorted([late, partly, Violation(known, known, ALL, True)], key=order)[1:] == [partly, late]
    assert (is_node(node), is_node(known)) == (True, False)
