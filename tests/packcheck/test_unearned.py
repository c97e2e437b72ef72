"""Tests of `packcheck.unearned`: points before anything is done."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from tests.packcheck.conftest import POD
from trainer.content.card import Card
from trainer.content.catalogue import load_catalogue
from trainer.content.load import load_card
from trainer.content.locate import Pack
from trainer.packcheck.unearned import unearned

START = '"apiVersion: v1\\nkind: Pod\\n"'
WRITABLE = POD.replace("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false").replace("\n", "\\n")


@pytest.fixture
def make_card(make_pack: Callable[..., Pack]) -> Callable[..., Card]:
    """The card `small`, which starts with the writable Pod, and with further checks."""

    def make(more: str = "", points: int = 1) -> Card:
        pack = make_pack(card=(START, f'"{WRITABLE}"'))
        file = pack.tasks / "runtime-security" / "small.yaml"
        file.write_text(file.read_text().replace("points: 1", f"points: {points}") + more)
        return load_card(file, pack)

    return make


def check(name: str, needs: str = "", image: str = "busybox:1.32.0") -> str:
    return (
        f"  - {{id: {name}, says: The image is {image}, points: 1, {needs}rule: fields, object: Pod sun/small,"
        f" expect: {{spec: {{containers: {{every: {{image: '{image}'}}}}}}}}}}\n"
    )


def test_a_starter_that_is_no_object_gets_nothing(make_pack: Callable[..., Pack]) -> None:
    assert list(unearned(load_catalogue(make_pack()).cards[0])) == []


def test_what_still_works_needs_what_is_to_be_done(make_card: Callable[..., Card]) -> None:
    remedy = "let it need what the learner has to do"
    assert (
        list(unearned(make_card(check("image"))))
        == [
            f"the starter gets 1 of 4 points for exists: {remedy}",
            f"the starter gets 1 of 4 points for image: {remedy}",
        ][1:]
    )
    assert list(unearned(make_card(check("image", "needs: [exists], "))))[-1].endswith(f"for image: {remedy}")
    assert list(unearned(make_card(check("image", "needs: [read-only], ")))) == []
    assert list(unearned(make_card(check("image", "needs_any: [read-only], ")))) == []


def test_a_condition_is_needed_by_all_that_is_to_be_done(make_card: Callable[..., Card]) -> None:
    other = check("other", "", "nginx")
    assert list(unearned(make_card(other))) == [
        "the starter gets 1 of 4 points for exists: let it need what the learner has to do"
    ]
    assert list(unearned(make_card(check("other", "needs: [exists], ", "nginx")))) == []
    assert list(unearned(make_card(check("other", "needs: [read-only], ", "nginx")))) == []  # through another
    assert list(unearned(make_card(check("other", "needs_any: [read-only, exists], ", "nginx")))) == []
    both = check("third", "", "nginx") + check("other", "needs_any: [read-only, third], ", "nginx")
    assert len(list(unearned(make_card(both)))) == 1  # third is met without it


def test_a_condition_is_cheap(make_card: Callable[..., Card]) -> None:
    assert list(unearned(make_card(check("other", "needs: [exists], ", "nginx")))) == []
    dear = make_card(check("other", "needs: [exists], ", "nginx"), points=2)
    assert list(unearned(dear)) == [
        "the starter gets 2 of 5 points for conditions of the task: give them fewer"
    ]


def test_a_starter_that_is_the_answer(make_pack: Callable[..., Pack]) -> None:
    text = POD.replace("\n", "\\n")
    card = load_catalogue(make_pack(card=(START, f'"{text}"'))).cards[0]
    assert list(unearned(card)) == [
        "the starter passes already: a check must ask for what the learner has to do"
    ]


def test_without_a_starter_nothing_passes(make_pack: Callable[..., Pack]) -> None:
    card = msgspec.structs.replace(load_catalogue(make_pack()).cards[0], start={})
    assert list(unearned(card)) == []
    pack = make_pack(card=("object: Pod sun/small\n    runs: true\n  - id", "object: Namespace sun\n  - id"))
    card = msgspec.structs.replace(load_catalogue(pack).cards[0], start={})
    assert list(unearned(card)) == [
        "an empty answer gets 1 of 3 points for exists: let it need what the learner has to do"
    ]
