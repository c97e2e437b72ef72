"""The class of the pictures: always the same, and of stored answers only."""

from __future__ import annotations

from pathlib import Path

from tools.class_pictures import CARDS, IMAGES, LEARNERS, ROOT, make_class


def tree(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.yaml")}


def test_the_class_is_the_same_every_time(tmp_path: Path) -> None:
    make_class(tmp_path / "a")
    make_class(tmp_path / "b")
    found = tree(tmp_path / "a")
    assert found == tree(tmp_path / "b")
    assert {name.split("/")[0] for name in found} == set(LEARNERS)
    assert len(LEARNERS) * len(CARDS) * 0.8 < len(found) < len(LEARNERS) * len(CARDS)
    stored = {file.read_bytes() for card in CARDS for file in (ROOT / "solutions").glob(f"*/{card}/*.yaml")}
    assert set(found.values()) <= stored


def test_the_pictures_are_small_and_shown() -> None:
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    pictures = sorted(IMAGES.glob("report*.png"))
    assert len(pictures) == 3
    for picture in pictures:
        assert f"images/{picture.name}" in page
        assert picture.stat().st_size < 256 * 1024
