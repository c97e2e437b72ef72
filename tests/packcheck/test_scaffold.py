"""Tests of `packcheck.scaffold`: a new card has every part in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.content.catalogue import load_catalogue
from trainer.content.locate import Pack
from trainer.content.solutions import load_solutions
from trainer.errors import UsageError
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
        "solutions/runtime-security/new-card/explain.md",
    ]
    catalogue = load_catalogue(pack, rules=True)
    assert catalogue.problems == ()
    (card,) = catalogue.cards
    assert (card.id, card.domain, card.competency) == ("new-card", "runtime-security", "RT4")
    solutions = load_solutions(card, pack)
    assert (len(solutions.also), solutions.wrong[0].fails, solutions.orphans) == (1, ("exists",), ())
    report = check_pack(pack)
    named = {one.location.file for one in report.problems if one.location}
    assert len(named) == len(files)
    assert all(one.message.startswith("unfinished: ") for one in report.problems)


def test_what_is_left_when_it_is_filled_in(pack: Pack) -> None:
    """Nothing is wrong with the form: the check is weak, and the other answer is the same."""
    for file in new_card("new-card", "CS1", pack):
        file.write_text(file.read_text().replace("FILL IN", "Words"))
    messages = [one.message for one in check_pack(pack).problems]
    assert messages[0] == "also-other-form has the same form as reference"
    assert all(message.startswith("a mutant of the reference passes") for message in messages[1:])


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
