"""Digests of cards and of the code."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from trainer.content.catalogue import load_catalogue
from trainer.content.digest import card_digest, code_digest
from trainer.content.locate import pack_at
from trainer.versions import Version


def test_a_card_is_its_file_its_material_and_its_version(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parents[1] / "fixtures" / "pack-mini", tmp_path / "pack")
    card = load_catalogue(pack_at(tmp_path / "pack")).get("tiny-pod")
    found = [card_digest(card), card_digest(msgspec.structs.replace(card, kubernetes=Version(1, 36)))]
    material = card.source.with_suffix("") / "reports"
    material.mkdir(parents=True)
    for name, text in (("a.log", "x"), ("b.log", "x"), ("b.log", "y")):
        (material / name).write_text(text)
        found.append(card_digest(card))
    card.source.write_text(card.source.read_text() + "limits: None.\n")
    found.append(card_digest(card))
    assert len(set(found)) == len(found)
    assert card_digest(card) == found[-1]


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("rules/fields.py", True),
        ("new.py", True),
        ("schemas/v1.json.gz", True),
        ("cli/app.py", False),
        ("tui/app.py", False),
        ("__main__.py", False),
        ("notes.txt", False),
    ],
)
def test_code_that_tests_cards_counts(tmp_path: Path, file: str, counts: bool) -> None:
    package = tmp_path / file.replace("/", "-")
    for name in ("rules/fields.py", "schemas/v1.json.gz", "cli/app.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("1")
    before = code_digest.__wrapped__(package)
    assert code_digest.__wrapped__(package) == before
    (package / file).parent.mkdir(parents=True, exist_ok=True)
    (package / file).write_text("2")
    assert (code_digest.__wrapped__(package) != before) is counts
