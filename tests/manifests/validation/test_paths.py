"""Tests of `manifests.validation.paths`: file paths in manifests."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Document, Manifest
from trainer.manifests.validation import paths
from trainer.manifests.validation.collect import At


def problems(check: str, value: str) -> int:
    data: dict[str, str] = {"path": value}
    at = At(Manifest(data, Document(data, "a", 0, 0, {})), 35, (), [])
    if check == "no_backsteps":
        paths.no_backsteps(at, "path", value=value)
    else:
        getattr(paths, check)(at, "path", value)
    return len(at.problems)


@each_row(
    ("value", "backsteps", "descending", "local"),
    [
        ("a/b", 0, 0, 0),
        ("/a/b", 0, 1, 1),
        ("a/../b", 1, 1, 1),
        ("..", 1, 1, 1),
        ("..a", 0, 0, 1),
        ("a/..b", 0, 0, 0),
        ("/..", 1, 2, 2),
    ],
)
def test_paths(value: str, backsteps: int, descending: int, local: int) -> None:
    assert problems("no_backsteps", value) == backsteps
    assert problems("descending_path", value) == descending
    assert problems("local_path", value) == local
