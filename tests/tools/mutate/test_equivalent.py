"""The list of mutants that can't be noticed."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tools.mutate.equivalent import entries, equivalents, stale
from tools.mutate.operators import mutants_of

ROOT = Path(__file__).resolve().parents[3]
LIST = """
[[equivalent]]
file = "trainer/x.py"
code = "return a < 1"
old = "1"
new = "2"
reason = "a is not a number"
"""


def test_entries_name_mutants_and_outlast_moves(tmp_path: Path) -> None:
    listed = tmp_path / "list.toml"
    listed.write_text(LIST, encoding="utf-8")
    path = tmp_path / "trainer" / "x.py"
    path.parent.mkdir()
    for head in ("", "# moved down\n\n"):
        path.write_text(f"{head}def f(a):\n    return a < 1\n", encoding="utf-8")
        mutants = mutants_of(path, tmp_path)
        found = equivalents(mutants, tmp_path, listed)
        assert [(one.old, reason) for one, reason in found.items()] == [("1", "a is not a number")]
        assert stale(mutants, tmp_path, listed) == []
    path.write_text("def f(a):\n    return a > 1\n", encoding="utf-8")
    assert equivalents(mutants_of(path, tmp_path), tmp_path, listed) == {}
    assert stale(mutants_of(path, tmp_path), tmp_path, listed) == [
        "list.toml: no mutant of trainer/x.py changes '1' to '2' in `return a < 1`"
    ]


def test_an_entry_needs_a_reason(tmp_path: Path) -> None:
    listed = tmp_path / "list.toml"
    listed.write_text(LIST.replace("reason", "note"), encoding="utf-8")
    with pytest.raises(msgspec.ValidationError):
        entries(listed)


def test_every_entry_of_ours_names_a_mutant_and_says_why() -> None:
    known = entries()
    assert [one.file for one in known if len(one.reason) < 15] == []
    assert [one.file for one in known if not (ROOT / one.file).is_file()] == []
    code = {one.file: {other.code for other in known if other.file == one.file} for one in known}
    mutants = []
    for file, wanted in code.items():
        text = (ROOT / file).read_text(encoding="utf-8").split("\n")
        lines = [number for number, line in enumerate(text, 1) if line.strip() in wanted]
        mutants += mutants_of(ROOT / file, ROOT, lines)
    assert {mutant.file for mutant in mutants} == set(code)
    assert stale(mutants, ROOT) == []
