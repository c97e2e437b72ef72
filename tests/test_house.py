"""The rules of the house: sizes, docstrings, test twins, who may import what, nothing of one machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TRAINER = ROOT / "trainer"
MODULES = sorted(TRAINER.rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in MODULES]

ONLY_IN = {
    "textual": "tui",
    "kubernetes": "cluster",
    "sqlite3": "progress",
    "yaml": "manifests",
    "deepdiff": "grading",
    "click": "cli",
}
"""Third-party packages, and the one package of ours that may import each."""


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported(tree: ast.AST) -> set[str]:
    """Top-level packages that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_module_is_readable_in_one_sitting(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert text.count("\n") <= 400, "split the module"
    assert ast.get_docstring(tree), "say what the module is for"
    long = [
        f"{node.name} has {size} lines"
        for node in functions(tree)
        if (size := (node.end_lineno or 0) - node.lineno + 1) > 60
    ]
    assert long == []


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_imports_stay_in_their_package(path: Path) -> None:
    package = path.relative_to(TRAINER).parts[0].removesuffix(".py")
    found = imported(ast.parse(path.read_text(encoding="utf-8")))
    strays = {name for name, home in ONLY_IN.items() if name in found and package != home}
    assert strays == set()


def needs_twin(path: Path) -> bool:
    """Every module with a function or class of its own; plain package docstrings need none."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for node in tree.body)


def test_every_module_has_its_test_twin() -> None:
    missing = []
    for path in filter(needs_twin, MODULES):
        relative = path.relative_to(TRAINER)
        stem = "init" if path.stem == "__init__" else path.stem.strip("_")
        twin = ROOT / "tests" / relative.parent / f"test_{stem}.py"
        if not twin.exists():
            missing.append(str(twin.relative_to(ROOT)))
    assert missing == []


def test_every_test_has_an_assertion() -> None:
    weak = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in functions(ast.parse(path.read_text(encoding="utf-8"))):
            body = ast.dump(node)
            if node.name.startswith("test_") and not re.search(r"Assert\(|raises|assert|check|snap", body):
                weak.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert weak == []


def tracked_files() -> list[Path]:
    """Files that belong to the project: what git tracks, or everything in an unpacked archive."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    hosts = re.compile(
        r"files\.python" r"hosted|pypi\.(org|com)|registry\.npm" r"js|deb\.debian|proxy\.golang"
    )
    machine = re.compile(r"(?<![\w./])/(work|farm)/")
    strays = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if path == Path(__file__):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if hosts.search(line) or machine.search(line):
                strays.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert strays == []


def loaded_by(code: str) -> set[str]:
    """Top-level packages loaded by a fresh interpreter that runs `code`."""
    script = f"import sys\n{code}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.splitlines()[-1].split())


def test_headless_grading_loads_neither_textual_nor_the_cluster_client() -> None:
    loaded = loaded_by(
        "from pathlib import Path\n"
        "from trainer.content.locate import builtin_pack\n"
        "from trainer.content.catalogue import load_catalogue\n"
        "from trainer.manifests.answer import read_answer\n"
        "from trainer.grading.grade import grade\n"
        "pack = builtin_pack()\n"
        "card = load_catalogue(pack).get('pod-ro')\n"
        "answer = read_answer([pack.solutions / 'runtime-security' / 'pod-ro' / 'reference.yaml'])\n"
        "assert grade(card, answer).passed"
    )
    assert "trainer" in loaded
    assert loaded & {"textual", "rich", "kubernetes", "deepdiff", "cryptography", "sqlite3"} == set()


def test_version_loads_nothing_but_the_standard_library() -> None:
    loaded = loaded_by(
        "import contextlib, trainer.__main__ as m\n"
        "sys.argv = ['cks-trainer', '--version']\n"
        "with contextlib.suppress(SystemExit):\n    m.main()"
    )
    assert loaded & {"click", "msgspec", "yaml", "textual", "rich", "kubernetes", "sqlite3"} == set()


def test_import_directions() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
