"""Tests of `content.catalogue`: the cards of a pack."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.table import each_row
from trainer.content.catalogue import card_paths, find_card, load_catalogue, matches
from trainer.content.locate import pack_at
from trainer.errors import UsageError

PACK = Path(__file__).parents[1] / "fixtures" / "pack"


def test_cards_stand_in_the_order_of_the_curriculum() -> None:
    catalogue = load_catalogue(pack_at(PACK), rules=True)
    assert [card.id for card in catalogue.cards] == ["mini-role", "mini-pod", "mini-keep"]
    assert catalogue.problems == ()


def test_get() -> None:
    catalogue = load_catalogue(pack_at(PACK))
    assert catalogue.get("mini-pod").title == "A small Pod with a read-only root"
    with pytest.raises(UsageError, match=r"no card has the ID 'mini-pot' \(did you mean mini-pod") as caught:
        catalogue.get("mini-pot")
    assert "mini-pod" in caught.value.remedy


def test_find_card_loads_one_only(tmp_path: Path) -> None:
    shutil.copytree(PACK, tmp_path, dirs_exist_ok=True)
    (tmp_path / "tasks" / "runtime-security" / "mini-keep.yaml").write_text("format: 7\n")
    assert find_card("mini-pod", pack_at(tmp_path)).points == 6
    with pytest.raises(UsageError, match="no card has the ID"):
        find_card("nothing-like-it", pack_at(tmp_path))


def test_a_broken_card_does_not_stop_the_others(tmp_path: Path) -> None:
    shutil.copytree(PACK, tmp_path, dirs_exist_ok=True)
    (tmp_path / "tasks" / "runtime-security" / "broken.yaml").write_text("format: 1\nid: broken\n")
    catalogue = load_catalogue(pack_at(tmp_path))
    assert len(catalogue.cards) == 3
    assert {problem.location.file for problem in catalogue.problems if problem.location} == {"broken.yaml"}


def test_an_id_is_taken_once(tmp_path: Path) -> None:
    shutil.copytree(PACK, tmp_path, dirs_exist_ok=True)
    text = (tmp_path / "tasks" / "runtime-security" / "mini-pod.yaml").read_text()
    text = text.replace("domain: runtime-security", "domain: system-hardening").replace("RT4", "SH1")
    (tmp_path / "tasks" / "system-hardening").mkdir()
    (tmp_path / "tasks" / "system-hardening" / "mini-pod.yaml").write_text(text)
    catalogue = load_catalogue(pack_at(tmp_path))
    assert [problem.message for problem in catalogue.problems] == [
        "the ID 'mini-pod' is already used by runtime-security/mini-pod.yaml"
    ]


@each_row(
    ("wanted", "ids"),
    [
        ({}, ["mini-role", "mini-pod", "mini-keep"]),
        ({"domain": "cluster-hardening"}, ["mini-role"]),
        ({"competency": "RT4", "difficulty": "medium"}, ["mini-keep"]),
        ({"search": "READ-ONLY root"}, ["mini-pod"]),
        ({"search": "nothing"}, []),
    ],
)
def test_filter(wanted: dict[str, str], ids: list[str]) -> None:
    catalogue = load_catalogue(pack_at(PACK))
    assert [card.id for card in catalogue.filter(**wanted)] == ids


def test_card_paths_leave_hidden_files_out(tmp_path: Path) -> None:
    (tmp_path / "tasks" / "a").mkdir(parents=True)
    (tmp_path / "tasks" / "a" / ".x.yaml").touch()
    (tmp_path / "tasks" / "a" / "x.yaml").touch()
    assert [path.name for path in card_paths(pack_at(tmp_path))] == ["x.yaml"]


def test_find_card_in_the_wording_of_a_seed() -> None:
    pack = pack_at(PACK.parent / "pack-mini")
    assert "`sun`" in find_card("tiny-pod", pack).prompt
    card = find_card("tiny-pod", pack, 3)
    assert (card.seed, "`moon`" in card.prompt, "sun" in card.given) == (3, True, False)
    assert find_card("tiny-space", pack, 3).seed == 0  # it has no variants


def test_words_that_mean_the_progress_or_the_level() -> None:
    (card,) = load_catalogue(pack_at(PACK)).cards[:1]
    for words, facts, found in (
        (["due"], {"due"}, True),
        (["due"], {"passed"}, False),
        (["weak", "partial"], {"weak", "partial"}, True),
        ([card.difficulty], set(), True),
        (["hard" if card.difficulty != "hard" else "easy"], set(), False),
        (["due"], None, False),  # just a word of a text
    ):
        assert matches(card, words, None if facts is None else lambda _, facts=facts: facts) is found, words
