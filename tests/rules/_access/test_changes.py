"""What changed in a subject's access."""

from __future__ import annotations

import pytest

from tests.rbac_world import DEPLOYER, PODS_RULE, binding, manifests, role, rule
from trainer.rules._access.changes import gained_and_lost
from trainer.rules._access.entries import Case, Entry
from trainer.simulate.access.authorizer import Access, Authorizer
from trainer.simulate.access.requests import Request, parse_identity
from trainer.simulate.world import World

BIND = binding("b", "Role", "r", DEPLOYER)
BEFORE = role("r", rule("get, list", '""', "pods")) + BIND
AFTER = role("r", rule("get", '""', "pods, secrets")) + BIND


def changes(
    allow: tuple[Entry, ...] = (), deny: tuple[Entry, ...] = (), *, before: str = BEFORE, after: str = AFTER
) -> list[str]:
    now = tuple(manifests(after))
    case = Case(parse_identity("sa:ci/deployer"), Authorizer(now), World(now))
    earlier = Authorizer(manifests(before))
    return [change.effect.partition(": ")[2] for change in gained_and_lost(case, earlier, allow, deny)]


def test_gains_and_losses() -> None:
    assert changes() == [
        "get secrets in ci: allowed now, denied before.",
        "list pods in ci: denied now, allowed before.",
    ]


def test_what_the_check_asks_for_is_no_change() -> None:
    asked = Entry(("get",), ("secrets",), namespace="ci")
    taken = Entry(("list",), ("pods",), namespace="ci")
    assert changes((asked,), (taken,)) == []


def test_a_right_held_by_another_rule_is_no_change() -> None:
    wide = role("w", rule('"*"', '""', '"*"'), "") + binding("w", "ClusterRole", "w", DEPLOYER, "")
    assert changes(before=wide + BEFORE, after=wide) == []
    assert changes(before=wide, after=wide + BEFORE) == []


def test_the_place_of_a_right_counts() -> None:
    elsewhere = role("r", rule("get, list", '""', "pods"), "sun") + binding("b", "Role", "r", DEPLOYER, "sun")
    assert changes(after=elsewhere + role("r", PODS_RULE)) == [
        "get pods in sun: allowed now, denied before.",
        "get pods in ci: denied now, allowed before.",
    ]


def test_a_rule_that_others_cover_together_is_no_change() -> None:
    apart = role("r", rule("get", '""', "pods") + rule("list", '""', "pods")) + BIND
    assert changes(after=apart) == changes(before=apart, after=BEFORE) == []


def test_what_did_not_change_is_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """Administrators in the given objects: each rule of theirs stands for thousands of requests."""
    asked: list[Request] = []
    decide = Authorizer.decide

    def counted(self: Authorizer, request: Request) -> Access:
        asked.append(request)
        return decide(self, request)

    monkeypatch.setattr(Authorizer, "decide", counted)
    admin = role("a", rule('"*"', '"*"', '"*"'), "") + binding("a", "ClusterRole", "a", DEPLOYER, "")
    assert changes(before=admin, after=admin + AFTER) == []
    assert [request for request in asked if request.resource] == []
