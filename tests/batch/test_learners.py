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
    put(tmp_path, "readme.txt", "carol.zip", "dave.yaml", "alice.db", "alice.db-wal", "eve.db")
    found = find_learners(tmp_path, None, CARDS)
    assert found.learners == (
        Learner("alice", tmp_path / "alice"),
        Learner("bob", tmp_path / "bob"),
        Learner("carol", None, more=(tmp_path / "carol.zip",)),
    )
    assert found.not_read == (
        "dave.yaml: it names no learner: put it into the learner's folder, or name it <learner>_<card>.yaml",
        "eve.db: no card requires it",
        "readme.txt: no card requires it",
    )
    assert found.layouts == {"<learner>.zip": 1, "<learner>/": 2}


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
    assert listed.strays == ("bob", "cy", "dan")


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
        Learner("cy", None, more=(tmp_path / "cy.rar",)),
    )
    assert found.not_read == ()


def test_the_workspace_of_one_learner_has_no_learners(tmp_path: Path) -> None:
    put(tmp_path, "pod-ro/pod.yaml", "pod-ro/given/cluster.yaml")
    found = find_learners(tmp_path, None, CARDS)
    assert found.learners == ()
    assert found.not_read == ("pod-ro/given: it isn't a learner's", "pod-ro/pod.yaml: it isn't a learner's")


def test_learners_of_platforms(tmp_path: Path) -> None:
    moodle, canvas = "Ann Lee_12_assignsubmission_", "doejohn_LATE_34_"
    put(tmp_path, f"{moodle}file_/pod.yaml", f"{moodle}onlinetext_/onlinetext.html", f"{canvas}7_pod.yaml")
    put(
        tmp_path,
        f"{canvas}9_pod-1.yaml",
        "Bo_5_assignsubmission_file_a.zip",
        ".DS_Store",
        "Thumbs.db",
        "x_pod-ro.yaml",
    )
    found = find_learners(tmp_path, None, CARDS)
    ann = Learner("Ann Lee", tmp_path / f"{moodle}file_", texts=(f"{moodle}onlinetext_",))
    bo = Learner("Bo", None, files={"a.zip": tmp_path / "Bo_5_assignsubmission_file_a.zip"})
    doe = Learner(
        "doejohn",
        None,
        files={"pod.yaml": tmp_path / f"{canvas}9_pod-1.yaml"},
        older={"pod.yaml": (f"{canvas}7_pod.yaml",)},
        late=True,
    )
    other = Learner("x", None, files={"pod-ro.yaml": tmp_path / "x_pod-ro.yaml"})
    assert found.learners == (ann, bo, doe, other)
    assert found.not_read == ()
    assert found.layouts == {"<learner>_<card>": 1, "Canvas": 2, "Moodle": 3}
    listed = find_learners(tmp_path, ["12", "Doe, John", "Bo"], CARDS)
    assert [one.name for one in listed.learners if one.folder or one.files] == ["12", "Doe, John", "Bo"]
    assert listed.strays == ("x",)


def test_what_could_not_be_unpacked_belongs_to_somebody(tmp_path: Path) -> None:
    put(tmp_path, "ana/x")
    refused = [
        ("ana/pod.yaml", "is encrypted"),
        ("bob/pod.yaml", "is a link"),
        ("Cy_1_assignsubmission_file_pod.yaml", "is damaged"),
        ("pod-ro/dan.yaml", "is a link"),
        ("../eve/pod.yaml", "leads out of the archive"),
        ("/fay/pod.yaml", "has an absolute path"),
        ("readme.txt", "is a link"),
    ]
    found = find_learners(tmp_path, None, CARDS, refused=refused)
    assert [(one.name, len(one.refused)) for one in found.learners] == [
        ("Cy", 1),
        ("ana", 1),
        ("bob", 1),
        ("dan", 1),
    ]
    assert len(found.not_read) == len(refused)


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
