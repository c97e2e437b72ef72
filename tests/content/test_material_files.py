"""Tests of `content.material_files`: logs and reports beside a card."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.test_load import GOOD, problems, write
from trainer.content.load import load_card
from trainer.content.material import material
from trainer.content.material_files import material_folder
from trainer.content.vary import alternatives


def lay_out(folder: Path, named: str, **files: bytes) -> Path:
    card = write(folder, f"{GOOD}material: {named}\n")
    for name, data in files.items():
        place = material_folder(card) / f"{name}.log"
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(data)
    return card


def test_material_is_given_under_its_name(tmp_path: Path) -> None:
    card = load_card(lay_out(tmp_path, "[a.log]", a="über\n".encode(), b=b"not named"))
    assert card.given_files == {"a.log": "über\n"}
    assert material(card) == {"a.log": "über\n"}


@pytest.mark.parametrize(
    ("named", "fault"),
    [
        ("[b.log]", "good/b.log does not exist"),
        ("[../secret.log]", "'../secret.log' leads out of the answer's folder"),
        ("[/etc/passwd]", "'/etc/passwd' leads out of the answer's folder"),
        ("[cluster.yaml]", "'cluster.yaml' is the name of other material"),
        ("[a.log, a.log/b]", "'a.log' is the name of other material"),
        ("[a.log]\ngiven_files: {a.log: x}", "'a.log' is the name of other material"),
    ],
)
def test_faults_are_told_at_the_name(tmp_path: Path, named: str, fault: str) -> None:
    found = problems(lay_out(tmp_path, named, a=b"x"))
    assert found[0].endswith(fault), found
    assert "$.material[" in found[0]


def test_material_must_be_text_in_its_folder(tmp_path: Path) -> None:
    card = lay_out(tmp_path, "[a.log, link.log]", a=b"\xff\xfe\xff")
    (tmp_path / "out.log").write_text("x")
    (material_folder(card) / "link.log").symlink_to(tmp_path / "out.log")
    found = problems(card)
    assert "is not valid" in found[0]
    assert "$.material[1]" in found[1]


def test_material_and_its_name_are_in_the_wording_of_the_card(tmp_path: Path) -> None:
    path = lay_out(tmp_path, "[sun.log]\nvary: [{sun: [moon]}]", sun=b"sun sunday\n")
    assert load_card(path).given_files == {"sun.log": "sun sunday\n"}
    varied = load_card(path, choose=lambda _, sets: alternatives(sets)[0])
    assert varied.given_files == {"moon.log": "moon sunday\n"}
    assert varied.material == ("moon.log",)
