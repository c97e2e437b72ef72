"""Tests of `lab.new`: the folder has everything, works as it is, and nothing of a solution is in it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.lab.conftest import CARDS, NAMES, TINY, made
from trainer.batch import grade_all
from trainer.batch.pile import Learner
from trainer.config import load_settings
from trainer.content.catalogue import find_card
from trainer.content.locate import pack_at
from trainer.content.vary import seed_of_learner
from trainer.errors import TrainerError, UsageError
from trainer.lab.answers import mark_of
from trainer.lab.folder import Lab, members, pack_of, read_lab
from trainer.lab.new import new_lab
from trainer.session import Session


def test_the_folder(lab: Path) -> None:
    assert sorted(one.name for one in lab.iterdir()) == [
        "README.md", "answers", "class", "handout.html", "handout.md", "handouts", "lab.json", "pack",
        "roster.csv", "settings",
    ]  # fmt: skip
    folders = [one.folder for one in read_lab(lab).learners]
    assert folders == ["Ann-Lee", "Bo-..-x", "cmd-b"]
    for place, ending in (("answers", ""), ("settings", ".toml"), ("handouts", ".html")):
        assert {f"{folder}{ending}" for folder in folders} <= {one.name for one in (lab / place).iterdir()}
    assert (lab / "roster.csv").read_text() == (
        'learner,name\nAnn-Lee,"Ann Lee"\nBo-..-x,"Bo/../x"\ncmd-b,"\'=cmd <b>"\n'
    )
    for stored in (one for one in (TINY / "solutions" / "runtime-security").rglob("*") if one.is_file()):
        for file in (one for one in lab.rglob("*") if one.is_file()):
            assert stored.read_bytes() not in file.read_bytes(), file
    assert not list(lab.rglob("*solution*"))
    assert "*one*" not in (lab / "handout.md").read_text(), "the title is escaped"


def test_every_learner_starts_with_the_own_variant(lab: Path) -> None:
    lab_file = read_lab(lab)
    for one in lab_file.learners:
        folder = lab / "answers" / one.folder / "tiny-pod"
        seed = seed_of_learner(one.folder, "tiny-pod")
        assert (folder / ".seed").read_text() == f"{seed}\n"
        card = find_card("tiny-pod", pack_of(lab), seed)
        assert (folder / "given" / "cluster.yaml").read_text() == card.all_given
        assert one.starters == {name: mark_of(lab / "answers" / one.folder / name) for name in CARDS}
        assert not (lab / "answers" / one.folder / "tiny-space" / ".seed").exists()
        assert card.prompt.strip() in (lab / "handouts" / f"{one.folder}.md").read_text()


def test_the_settings_open_the_learners_own_work(lab: Path) -> None:
    file = lab / "settings" / "Ann-Lee.toml"
    assert tomllib.loads(file.read_text())["learner"] == "Ann-Lee"
    session = Session.open(load_settings({"config": str(file)}, {}))
    card = session.card("tiny-pod")
    assert card.seed == seed_of_learner("Ann-Lee", "tiny-pod")
    assert session.start(card) == []
    text = (TINY / "solutions/runtime-security/tiny-pod/reference.yaml").read_text()
    session.write(card, "pod.yaml", card.wording.text(text))
    graded = session.grade(card)
    assert (graded.verdict.passed, graded.unrecorded) == (True, "")
    session.close()
    assert (lab / "answers" / "Ann-Lee.db").exists()
    one = Learner("Ann-Lee", lab / "answers" / "Ann-Lee")
    rows = grade_all([one], [card], pack_of(lab), submissions=lab / "answers", seed=None)
    assert [(row.passed, row.seed) for row in rows] == [(True, card.seed)]


def test_one_seed_for_all(tmp_path: Path) -> None:
    lab = made(tmp_path, ["Ann", "Bo"], seed=3)
    assert not (lab / "handouts").exists()
    card = find_card("tiny-pod", pack_at(TINY), 3)
    assert card.prompt.strip() in (lab / "handout.md").read_text()
    assert {file.read_text() for file in lab.rglob(".seed")} == {"3\n"}
    assert "--seed=3" in (lab / "README.md").read_text()


def test_nothing_is_overwritten_and_nothing_half_made_looks_whole(tmp_path: Path) -> None:
    lab = Lab(CARDS, tuple(members(NAMES)))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name in ("mine", "file"):
        with pytest.raises(UsageError, match=f"{name} exists already"):
            new_lab(tmp_path / name, lab, pack_at(TINY))
    with pytest.raises(UsageError, match="needs cards and learners"):
        new_lab(tmp_path / "new", Lab(CARDS, ()), pack_at(TINY))
    with pytest.raises(UsageError, match="no card has the ID 'tiny-pdo'"):
        new_lab(tmp_path / "new", Lab(("tiny-pdo",), lab.learners), pack_at(TINY))
    assert not (tmp_path / "new").exists()
    with pytest.raises(TrainerError, match="file"):
        new_lab(tmp_path / "file" / "below", lab, pack_at(TINY))
