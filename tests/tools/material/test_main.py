"""Tests of `tools.material`: the stored material is what the generator makes, and it needs a search."""

from __future__ import annotations

from tests.table import each_row
from tools.docs.source import ROOT
from tools.material.__main__ import CARDS, KEYS, stored_files
from trainer.content.load import load_card

LONG = 500
"""Lines of a card's material: too many to read them all."""


def test_the_stored_material_is_what_the_generator_makes() -> None:
    for path, text in stored_files().items():
        assert path.read_text(encoding="utf-8") == text, f"{path}: run `python -m tools.material`"


@each_row("card", CARDS | KEYS)
def test_a_card_delivers_all_its_material_and_it_is_long(card: str) -> None:
    folder = ROOT / "tasks" / card
    loaded = load_card(folder.with_suffix(".yaml"))
    stored = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(loaded.material) == stored
    assert sum(loaded.given_files[name].count("\n") for name in loaded.material) > LONG or card in KEYS
