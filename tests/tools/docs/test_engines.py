"""The page of the engines: a chapter for each subject, a section for each module."""

from __future__ import annotations

import re
from pathlib import Path

from tests.table import each_row
from tools.docs.engines import engines_page
from tools.docs.source import ROOT, module_doc

ENGINES = ROOT / "trainer" / "simulate"
SUBJECTS = sorted(path.parent for path in ENGINES.glob("*/__init__.py"))


def modules(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.py")} - {"__init__"}


def test_every_module_has_its_section_in_the_chapter_of_its_subject() -> None:
    chapters = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", engines_page(), re.DOTALL | re.MULTILINE))
    assert list(chapters) == [*(path.name for path in SUBJECTS), "Shared by the engines"]
    for path in SUBJECTS:
        named = re.findall(r"^### (\S+)$", chapters[path.name], re.MULTILINE)
        assert set(named) == {f"{path.name}.{stem}" for stem in modules(path)}
    shared = re.findall(r"^### (\S+)$", chapters["Shared by the engines"], re.MULTILINE)
    assert set(shared) == modules(ENGINES)


@each_row("path", SUBJECTS, ids=lambda path: path.name)
def test_a_subject_asks_a_question_and_says_where_to_start(path: Path) -> None:
    question, _, rest = module_doc(path / "__init__.py").partition("\n")
    assert f"| [{path.name}](#{path.name}) | {question} |" in engines_page()
    assert "?" in question
    assert modules(path) & set(re.findall(r"`(\w+)`", rest))
