"""Tests of `packcheck.scaffold`: a new card has every part in its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.cards import CARDS, every_card
from trainer.content.card import Card
from trainer.content.catalogue import load_catalogue
from trainer.content.locate import Pack, schema_file
from trainer.content.solutions import load_solutions
from trainer.errors import UsageError
from trainer.manifests.reading.parse import parse
from trainer.packcheck import check_pack
from trainer.packcheck.scaffold import new_card


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return Pack(tmp_path / "mine" / "tasks", tmp_path / "mine" / "solutions")


def test_it_loads_and_is_unfinished(pack: Pack, tmp_path: Path) -> None:
    files = new_card("new-card", "RT4", pack)
    assert [str(file.relative_to(tmp_path / "mine")) for file in files] == [
        "tasks/runtime-security/new-card.yaml",
        "solutions/runtime-security/new-card/reference.yaml",
        "solutions/runtime-security/new-card/also-other-form.yaml",
        "solutions/runtime-security/new-card/wrong-mistake.yaml",
        "solutions/runtime-security/new-card/wrong-name.yaml",
        "solutions/runtime-security/new-card/explain.md",
    ]
    catalogue = load_catalogue(pack, rules=True)
    assert catalogue.problems == ()
    (card,) = catalogue.cards
    assert (card.id, card.domain, card.competency) == ("new-card", "runtime-security", "RT4")
    solutions = load_solutions(card, pack)
    assert (len(solutions.also), solutions.orphans) == (1, ())
    assert [one.fails for one in solutions.wrong] == [("enforced",), ("exists",)]
    report = check_pack(pack)
    named = {one.location.file for one in report.problems if one.location}
    assert len(named) == len(files)
    assert all(one.message.startswith("unfinished: ") for one in report.problems)


def test_it_proves_once_it_is_filled_in(pack: Pack) -> None:
    """As its comments say: words in the place of the marks, and nothing else."""
    for file in new_card("new-card", "CS1", pack):
        file.write_text(file.read_text().replace("FILL IN", "Words of"))
    report = check_pack(pack)
    assert [one.message for one in report.problems] == []
    assert report.json()["answers"] == {"reference": 1, "also": 1, "wrong": 2}
    assert report.json()["mutants"]["killed"] == report.json()["mutants"]["made"] > 10


def test_editors_find_the_schema(pack: Pack, tmp_path: Path) -> None:
    card, *_ = new_card("new-card", "CS1", pack)
    first = card.read_text().partition("\n")[0]
    named = card.parent / first.removeprefix("# yaml-language-server: $schema=")
    assert named.resolve() == tmp_path / "mine" / "card.schema.json"
    assert named.read_bytes() == schema_file().read_bytes()
    named.write_text("an older one")
    new_card("other-card", "CS1", pack)
    assert named.read_bytes() == schema_file().read_bytes()
    assert SCHEMA.is_valid(parse(card.read_bytes(), card.name).documents[0].value)


SCHEMA = Draft202012Validator(json.loads(schema_file().read_bytes()))


@pytest.mark.parametrize("card", every_card())
def test_the_schema_accepts_the_card(card: Card) -> None:
    value = parse(card.source.read_bytes(), card.source.name).documents[0].value
    assert list(SCHEMA.iter_errors(value)) == []


def test_the_schema_refuses_mistakes() -> None:
    good = parse(CARDS[0].source.read_bytes(), "card.yaml").documents[0].value | {"checks": []}
    assert SCHEMA.is_valid(good)
    for mistake in (
        {"minuets": 3}, {"difficulty": "middle"}, {"files": "a.yaml"}, {"format": 2}, {"kubernetes": "1.2"},
        {"checks": [{"id": "a", "says": "b", "points": 1, "rule": "no-such-rule"}]},
        {"checks": [{"id": "a", "says": "b", "points": "one", "rule": "object", "object": "Pod a/b"}]},
    ):  # fmt: skip
        assert not SCHEMA.is_valid({**good, **mistake}), mistake


@pytest.mark.parametrize(
    ("card_id", "competency", "message"),
    [
        ("New", "RT4", "'New' is not a valid card ID"),
        ("../new", "RT4", "'../new' is not a valid card ID"),
        ("-new", "RT4", "'-new' is not a valid card ID"),
        ("", "RT4", "'' is not a valid card ID"),
        ("new", "XX9", "no competency is named 'XX9'"),
    ],
)
def test_what_cannot_be_used(pack: Pack, card_id: str, competency: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        new_card(card_id, competency, pack)
    assert caught.value.message == message
    assert not pack.tasks.exists()


def test_nothing_is_overwritten(pack: Pack) -> None:
    card, *_ = new_card("new", "RT4", pack)
    card.write_text("mine")
    with pytest.raises(UsageError, match="the card new exists already"):
        new_card("new", "CS1", pack)
    card.unlink()
    with pytest.raises(UsageError, match=r"reference\.yaml exists already"):
        new_card("new", "RT4", pack)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "tasks").write_text("a file")
    with pytest.raises(UsageError, match=r"cannot be written: Not a directory|File exists"):
        new_card("new", "RT4", Pack(tmp_path / "tasks", tmp_path / "solutions"))
