"""What changed in a subject's access."""

from __future__ import annotations

from tests.rbac_world import DEPLOYER, binding, manifests, role, rule
from trainer.rules._access.changes import gained_and_lost
from trainer.rules._access.entries import Case, Entry
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.requests import parse_identity
from trainer.simulate.world import World

BIND = binding("b", "Role", "r", DEPLOYER)
BEFORE = role("r", rule("get, list", '""', "pods")) + BIND
AFTER = role("r", rule("get", '""', "pods, secrets")) + BIND


def changes(allow: tuple[Entry, ...] = (), deny: tuple[Entry, ...] = ()) -> list[str]:
    after = tuple(manifests(AFTER))
    case = Case(parse_identity("sa:ci/deployer"), Authorizer(after), World(after))
    before = Authorizer(manifests(BEFORE))
    return [change.effect.partition(": ")[2] for change in gained_and_lost(case, before, allow, deny)]


def test_gains_and_losses() -> None:
    assert changes() == [
        "get secrets in ci: allowed now, denied before.",
        "list pods in ci: denied now, allowed before.",
    ]


def test_what_the_check_asks_for_is_no_change() -> None:
    asked = Entry(("get",), ("secrets",), namespace="ci")
    taken = Entry(("list",), ("pods",), namespace="ci")
    assert changes((asked,), (taken,)) == []
