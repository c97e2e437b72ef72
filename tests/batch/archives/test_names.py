"""Where a member of an archive goes."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.batch.archives.names import Refused, is_of_a_system, parts_of


@each_row(
    "name, parts",
    [
        ("a.yaml", ("a.yaml",)),
        ("./a//b/./c.yaml", ("a", "b", "c.yaml")),
        ("a\\b.yaml", ("a", "b.yaml")),
        ("Jose\u0301/x", ("Jos\u00e9", "x")),
        ("a\x1bb\u202e", ("a\\x1bb\\u202e",)),
        ("a /b", ("a", "b")),
        (" /b", ("_", "b")),
        ("./", ()),
        ("", ()),
        ("..a/b..", ("..a", "b..")),
    ],
)
def test_parts(name: str, parts: tuple[str, ...]) -> None:
    assert parts_of(name) == parts


@each_row(
    "name, why",
    [
        ("../a", "leads out"),
        ("a/../../b", "leads out"),
        ("a\\..\\b", "leads out"),
        ("/a", "absolute"),
        ("\\\\server\\a", "absolute"),
        ("c:a", "absolute"),
        ("a\0b", "NUL"),
        ("a/" * 20, "too long"),
        ("\u00e4" * 150, "too long"),
        ("/".join(["a" * 150] * 8), "too long"),
    ],
)
def test_refused(name: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        parts_of(name)


def test_what_systems_leave_behind() -> None:
    assert all(map(is_of_a_system, ("__MACOSX", "._a.yaml", ".DS_Store", "Thumbs.db", "desktop.ini", ".git")))
    assert not any(map(is_of_a_system, ("a.yaml", "_a", "thumbs.yaml")))
