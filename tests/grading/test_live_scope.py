"""Which checks a cluster can show, and what has to be read for them."""

from __future__ import annotations

from trainer.cluster.read_live import Ref
from trainer.content.card import Check
from trainer.content.catalogue import load_catalogue
from trainer.content.locate import builtin_pack
from trainer.content.solutions import load_solutions
from trainer.grading.grade import world_of
from trainer.grading.live_scope import comparable, given_namespaces, missing_given, wanted_of

PACK = builtin_pack()
CARDS = load_catalogue(PACK)


def test_files_of_a_node_are_not_comparable() -> None:
    assert comparable(Check("a", "A", 1, "object", {"object": "Pod sun/a"}))
    assert not comparable(Check("a", "A", 1, "component-settings", {"component": "kube-apiserver"}))
    assert not comparable(Check("a", "A", 1, "object", {"object": "Policy audit"}))


def test_namespaces_that_every_cluster_has_are_nobodys() -> None:
    assert given_namespaces(CARDS.get("pod-ro")) == {"sun"}
    assert given_namespaces(CARDS.get("immutable-httpd")) == frozenset()


def test_what_is_read() -> None:
    card = CARDS.get("pod-ro")
    world, _ = world_of(card, load_solutions(card, PACK).reference.answer)
    wanted = wanted_of(card, world)
    assert wanted.namespaces == {"sun"}
    assert ("v1", "Pod") in wanted.kinds
    assert Ref("v1", "Pod", "sun", "pod-ro") in wanted.refs
    assert not any(kind == "Secret" for _, kind in wanted.kinds)


def test_what_the_cluster_lacks() -> None:
    card = CARDS.get("np-and-or")
    world, _ = world_of(card, load_solutions(card, PACK).reference.answer)
    assert len(missing_given(card, world, [])) == len(world.given)
    assert missing_given(card, world, world.objects) == []
