"""What is said of an archive as a whole."""

from __future__ import annotations

from trainer.batch.archives.member import Bounds, Member, damaged, too_much


def test_an_error_names_the_archive_and_what_to_do() -> None:
    assert (damaged("a.zip", "is empty").message, damaged("a.zip", "is empty").file) == (
        "a.zip is empty",
        "a.zip",
    )
    assert "as .zip" in damaged("a.zip", "").remedy
    assert "only the manifests" in too_much("a.zip", "").remedy


def test_bounds_fit_an_answer() -> None:
    assert Bounds().one == 1 << 20
    assert Bounds().total <= Bounds().archive
    assert Member("a", "folder").at is None
