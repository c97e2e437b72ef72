"""Tests of `_access.picture`: what a subject may do, as a table of resources and verbs."""

from __future__ import annotations

import msgspec

from tests.pictures import lines_of, wrong_cells
from tests.rbac_world import DEPLOYER, binding, manifests, role, rule
from trainer.picture import Picture
from trainer.rules._access.picture import what
from trainer.rules.rbac_access import Params, picture
from trainer.simulate.access.requests import Identity, Request
from trainer.simulate.world import World

ALLOW = [{"verbs": ["get", "list"], "resources": ["pods"], "namespace": "ci"}]
BIND = binding("b", "Role", "r", DEPLOYER)


def draw(text: str, given: str = "", **changes: object) -> Picture:
    before = tuple(manifests(given, "given.yaml")) if given else ()
    mine = tuple(manifests(text))
    world = World((*before, *mine), before, mine)
    return picture(world, msgspec.convert({"subject": "sa:ci/deployer"} | changes, Params))


def test_requests_of_the_check() -> None:
    found = draw(role("r", rule("get", '""', "pods")) + BIND, allow=ALLOW, rest="denied")
    assert (found.title, found.columns) == ("What ServiceAccount ci/deployer may do", ("get", "list"))
    assert lines_of(found) == ["pods in ci | r:allowed | w:denied", "everything else | r:denied"]
    assert [cell.location and cell.location.line for cell in wrong_cells(found)] == [5]
    assert found.rows[0].cells[0].before == "denied"


def test_what_goes_beyond() -> None:
    found = draw(role("r", rule("get, list, delete", '""', "pods")) + BIND, allow=ALLOW, rest="denied")
    assert lines_of(found) == ["pods in ci | r:allowed | r:allowed | w:allowed"]
    assert found.columns == ("get", "list", "delete")


def test_what_is_lost() -> None:
    old = role("r", rule("get, list", '""', "pods")) + BIND
    found = draw(
        role("s", rule("get", '""', "pods")) + binding("c", "Role", "s", DEPLOYER), old, rest="unchanged"
    )
    assert lines_of(found) == ["pods in ci | r:allowed | r:allowed", "everything else | r:unchanged"]
    world = World(tuple(manifests(role("r", rule("get", '""', "pods")) + BIND)), tuple(manifests(old)))
    gone = picture(world, msgspec.convert({"subject": "sa:ci/deployer", "rest": "unchanged"}, Params))
    assert sorted(lines_of(gone)) == ["pods in ci | r:allowed | w:denied"]
    assert wrong_cells(gone)[0].before == "allowed"


def test_escalation_alone_is_a_tree() -> None:
    more = role("r", rule("create", '""', "pods")) + role("a", rule('"*"', '"*"', '"*"'))
    boss = binding("x", "Role", "a", "{kind: ServiceAccount, name: boss, namespace: ci}")
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: boss, namespace: ci}\n---\n"
    found = draw(more + boss + account + BIND, escalation="none")
    assert found.kind == "tree"
    assert lines_of(found)[:2] == [
        "  create pods in ci as ci/boss",
        "    escalate roles in ci | w:leads to admin of ci",
    ]
    none = draw(role("r", rule("get", '""', "pods")) + BIND, escalation="none")
    assert lines_of(none) == ["  no way found | r:none"]


def test_escalation_beside_requests_is_a_row() -> None:
    found = draw(role("r", rule("get, list", '""', "pods")) + BIND, allow=ALLOW, escalation="none")
    assert found.columns[-1] == "leads to"
    assert lines_of(found)[-1] == "privilege escalation | r:none"


def test_what_a_request_is_about() -> None:
    jane = Identity("jane: x")
    assert what(Request(jane, "get", "secrets", namespace="prod", name="db")) == "secrets db in prod"
    assert what(Request(jane, "get", path="/healthz")) == "/healthz"
