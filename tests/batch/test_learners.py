"""Whose answers a folder of submissions has."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.batch.find import wanted
from trainer.batch.learners import Learner, find_learners
from trainer.errors import AnswerUnreadable, UsageError

CARDS = wanted({"pod-ro": ("pod.yaml",), "np-deny": ("policy.yaml",)})
ONE = wanted({"pod-ro": ("pod.yaml",)}, whole=True)


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")


def test_learners_are_the_visible_folders(tmp_path: Path) -> None:
    for name in ("bob", "alice", ".git"):
        (tmp_path / name).mkdir()
    put(tmp_path, "readme.txt", "carol.zip", "dave.yaml")
    found = find_learners(tmp_path, None, CARDS)
    assert found.learners == (Learner("alice", tmp_path / "alice"), Learner("bob", tmp_path / "bob"))
    assert found.not_read == ("carol.zip: unpack it",)


def test_the_roster_orders_and_names_them(tmp_path: Path) -> None:
    for name in ("bob", "alice", "Jose\u0301", "eve"):
        (tmp_path / name).mkdir()
    found = find_learners(tmp_path, ["Jos\u00e9", "carol", "bob", "../alice"], CARDS)
    assert found.learners == (
        Learner("Jos\u00e9", tmp_path / "Jose\u0301"),
        Learner("carol", None),
        Learner("bob", tmp_path / "bob"),
        Learner("../alice", None),
    )
    assert found.strays == ("alice", "eve")


def test_folders_of_cards_have_learners(tmp_path: Path) -> None:
    put(tmp_path, "pod-ro/ana/pod.yaml", "pod-ro/bob.yaml", "pod-ro/cy.zip", "np-deny/ana.yml", "dan/x")
    found = find_learners(tmp_path, None, CARDS)
    assert found.learners == (
        Learner(
            "ana", None, {"np-deny": (tmp_path / "np-deny/ana.yml",), "pod-ro": (tmp_path / "pod-ro/ana",)}
        ),
        Learner("bob", None, {"pod-ro": (tmp_path / "pod-ro/bob.yaml",)}),
        Learner("cy", None, {"pod-ro": (tmp_path / "pod-ro/cy.zip",)}),
        Learner("dan", tmp_path / "dan"),
    )
    listed = find_learners(tmp_path, ["ana", "eve"], CARDS)
    assert [(one.name, len(one.inside)) for one in listed.learners] == [("ana", 2), ("eve", 0)]
    assert listed.strays == ("dan", "bob", "cy")


def test_both_layouts_of_one_learner(tmp_path: Path) -> None:
    put(tmp_path, "ana/pod-ro.yaml", "np-deny/ana.yaml")
    (ana,) = find_learners(tmp_path, None, CARDS).learners
    assert ana == Learner("ana", tmp_path / "ana", {"np-deny": (tmp_path / "np-deny/ana.yaml",)})


def test_the_folder_of_one_card(tmp_path: Path) -> None:
    put(tmp_path, "ana/pod.yaml", "bob.yaml", "cy.rar")
    found = find_learners(tmp_path, None, ONE)
    assert found.learners == (
        Learner("ana", tmp_path / "ana"),
        Learner("bob", None, {"pod-ro": (tmp_path / "bob.yaml",)}),
    )
    assert found.not_read == ("cy.rar: unpack it",)


def test_the_workspace_of_one_learner_has_no_learners(tmp_path: Path) -> None:
    put(tmp_path, "pod-ro/pod.yaml", "pod-ro/given/cluster.yaml")
    found = find_learners(tmp_path, None, CARDS)
    assert found.learners == ()
    assert found.not_read == ("pod-ro/given: it isn't a learner's", "pod-ro/pod.yaml: it isn't a learner's")


def test_what_may_be_a_card_or_a_learner_is_not_guessed(tmp_path: Path) -> None:
    put(tmp_path, "pod-ro/np-deny/policy.yaml")
    with pytest.raises(UsageError, match="pod-ro/np-deny") as caught:
        find_learners(tmp_path, None, CARDS)
    assert "--roster" in caught.value.remedy
    (found,) = find_learners(tmp_path, ["pod-ro"], CARDS).learners
    assert found == Learner("pod-ro", tmp_path / "pod-ro")


def test_submissions_that_are_no_folder(tmp_path: Path) -> None:
    with pytest.raises(AnswerUnreadable, match="No such file"):
        find_learners(tmp_path / "none")
