"""Which modules may know a module: what they have remembered may be wrong when it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.mutate.importers import importers

FILES = {
    "trainer/__init__.py": "",
    "trainer/low.py": "",
    "trainer/part/__init__.py": "import trainer.low",
    "trainer/part/thing.py": "",
    "trainer/part/other.py": "from importlib import import_module\nimport_module(f'{__name__}x{1}')",
    "trainer/late.py": "def f():\n    from trainer import low",
    "trainer/above.py": "import os, trainer.late as late",
    "trainer/inside.py": "from trainer.part.thing import a",
    "trainer/named.py": "import importlib\nimportlib.import_module(f'trainer.part.{x}')",
    "trainer/any.py": "__import__(x)",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "known_by"),
    [
        # A package's `__init__.py` runs before its modules.
        ("trainer/low.py", {"part/__init__.py", "late.py", "above.py", "inside.py", "named.py"}),
        ("trainer/part/thing.py", {"inside.py", "named.py"}),
        ("trainer/part/other.py", {"named.py"}),
        ("trainer/above.py", set()),
    ],
)
def test_who_may_know_a_module(root: Path, file: str, known_by: set[str]) -> None:
    known = {f"trainer/{name}" for name in known_by} | {file}
    assert importers(root, [file]) == known | {"trainer/any.py"}


def test_relative_imports_are_refused(root: Path) -> None:
    (root / "trainer/late.py").write_text("from . import low", encoding="utf-8")
    with pytest.raises(ValueError, match=r"late\.py:1: write the whole name"):
        importers(root, ["trainer/low.py"])
