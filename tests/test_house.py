"""The rules of the house: sizes, docstrings, test twins, who may import what, nothing of one machine."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.assertion_finder import weak_tests
from tests.import_graph import circles, import_graph
from tests.patience import HANGS
from tests.sources import nodes_of, text_of, tree_of, walk
from trainer.versions import SUPPORTED, Version

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
    "fsrs": "session",
    "textual_plotext": "tui",
}
"""Third-party packages, and the one package of ours that may import each."""


def too_long(path: Path) -> list[str]:
    """The functions of a module with more than 60 lines."""
    return [
        f"{path.relative_to(ROOT)}: {node.name} has {size} lines"
        for node in nodes_of(path, ast.FunctionDef, ast.AsyncFunctionDef)
        if (size := (node.end_lineno or 0) - node.lineno + 1) > 60
    ]


def imported(path: Path) -> set[str]:
    """Top-level packages that a module imports, anywhere in it."""
    found = {alias.name for node in nodes_of(path, ast.Import) for alias in node.names}
    found |= {node.module for node in nodes_of(path, ast.ImportFrom) if node.module and not node.level}
    return {name.partition(".")[0] for name in found}


def test_modules_are_readable_in_one_sitting() -> None:
    wrong = []
    for path, name in zip(MODULES, NAMES, strict=True):
        if (lines := text_of(path).count("\n")) > 400:
            wrong.append(f"{name} has {lines} lines: split the module")
        if not ast.get_docstring(tree_of(path)):
            wrong.append(f"{name}: say what the module is for")
        wrong += too_long(path)
    assert wrong == [], "\n".join(wrong)


def test_imports_stay_in_their_package() -> None:
    strays = [
        f"{name} imports {package}"
        for path, name in zip(MODULES, NAMES, strict=True)
        for package in sorted(imported(path) & ONLY_IN.keys())
        if path.relative_to(TRAINER).parts[0].removesuffix(".py") != ONLY_IN[package]
    ]
    assert strays == [], "\n".join(strays)


def documented(body: list[ast.stmt]) -> Iterator[tuple[str, bool]]:
    """Every public class, function and method below, and whether it has a docstring."""
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if not node.name.startswith("_"):
            yield node.name, ast.get_docstring(node) is not None
            yield from documented(node.body if isinstance(node, ast.ClassDef) else [])


def test_what_is_public_has_a_docstring() -> None:
    bare = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in MODULES
        for name, has_docstring in documented(tree_of(path).body)
        if not has_docstring
    ]
    assert bare == [], "\n".join(bare)


def test_tests_and_tools_keep_the_house_rules_too() -> None:
    wrong = []
    for path in sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "tools").rglob("*.py")]):
        if text_of(path).strip() and not ast.get_docstring(tree_of(path)):
            wrong.append(f"{path.relative_to(ROOT)}: say what it is for")
        wrong += too_long(path)
    assert wrong == [], "\n".join(wrong)


def test_half_of_the_modules_are_short() -> None:
    sizes = [text_of(path).count("\n") for path in MODULES]
    assert statistics.median(sizes) < 150


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b")
    skips = re.compile(r"pytest\.sk" r"ip\(|mark\.sk" r"ip")
    # What needs cases of other projects, or a cluster, is skipped if they are missing.
    names = ("conftest.py", "conformance/test_families.py", "cluster/test_real_cluster.py")
    may_skip = {ROOT / "tests" / name for name in names}
    strays = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("trainer", "tests", "tools")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if later.search(text_of(path)) or (skips.search(text_of(path)) and path not in may_skip)
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if later.search(line) or (skips.search(line) and path not in may_skip)
    ]
    assert strays == [], "\n".join(strays)


def test_no_error_is_swallowed() -> None:
    swallowed = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        for node in nodes_of(path, ast.ExceptHandler)
        if len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
    ]
    assert swallowed == [], "\n".join(swallowed)


def test_data_is_kept_in_one_kind_of_struct() -> None:
    strays = [
        name
        for path, name in zip(MODULES, NAMES, strict=True)
        if imported(path) & {"dataclasses", "pydantic", "attrs"}
    ]
    assert strays == [], "\n".join(strays)


def on_import(path: Path) -> Iterator[ast.stmt]:
    """The assignments of a module and of its classes."""
    for body in (tree_of(path).body, *(node.body for node in nodes_of(path, ast.ClassDef))):
        yield from (node for node in body if isinstance(node, ast.Assign | ast.AnnAssign))


def test_no_import_compiles_a_pattern() -> None:
    """`trainer.patterns.regex` compiles on use: a start imports a hundred patterns and uses a few."""
    eager = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        for statement in on_import(path)
        for node in walk(statement)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
    ]
    assert eager == [], "\n".join(eager)


def test_every_rule_is_used_by_a_card() -> None:
    from tests.cards import CARDS
    from trainer.rules import rule_names

    used = {check.rule for card in CARDS for check in card.checks}
    assert set(rule_names()) - used == set()


def needs_twin(path: Path) -> bool:
    """Every module with a function or class of its own; plain package docstrings need none."""
    tree = tree_of(path)
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for node in tree.body)


def test_every_module_has_its_test_twin() -> None:
    missing = []
    for path in filter(needs_twin, MODULES):
        relative = path.relative_to(TRAINER)
        stem = "init" if path.stem == "__init__" else path.stem.strip("_")
        twin = ROOT / "tests" / relative.parent / f"test_{stem}.py"
        if not twin.exists():
            missing.append(str(twin.relative_to(ROOT)))
    assert missing == [], "\n".join(missing)


def test_every_test_has_an_assertion() -> None:
    weak = weak_tests(ROOT / "tests")
    assert weak == [], "\n".join(weak)


def tracked_files() -> list[Path]:
    """Files that belong to the project: what git tracks, or everything in an unpacked archive."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    hosts = re.compile(
        r"files\.python" r"hosted|pypi\.(org|com)|registry\.npm" r"js|deb\.debian|proxy\.golang"
    )
    machine = re.compile(r"(?<![\w./])/(work|farm)/")
    parts = ("hosted", "pypi.", "registry.", "deb.debian", "proxy.golang", "/work/", "/farm/")
    strays = []
    for path in tracked_files():
        try:
            text = text_of(path)
        except UnicodeDecodeError:
            continue
        if path == Path(__file__) or not any(part in text for part in parts):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if hosts.search(line) or machine.search(line):
                strays.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert strays == [], "\n".join(strays)


def loaded_by(code: str) -> set[str]:
    """Top-level packages loaded by a fresh interpreter that runs `code`."""
    script = f"import sys\n{code}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=HANGS
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
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=HANGS,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_circle_of_imports() -> None:
    graph = import_graph(TRAINER)
    assert graph.keys() > {"trainer.verdict", "trainer.cli.app"}
    assert graph["trainer.cli.streams"] > {"trainer.cli.failures"}, "imports inside functions count"
    assert [" -> ".join(circle) for circle in circles(graph)] == []


def test_no_module_writes_a_supported_version_as_text() -> None:
    """Versions are listed in one place; what holds for one of them says `Version(1, 36)`."""
    texts = {f"{mark}{one}" for one in SUPPORTED for mark in ("", "v")}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in ("trainer", "tools", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in nodes_of(path, ast.Constant)
        if node.value in texts
    ]
    assert found == [], "use DEFAULT, SUPPORTED or Version(1, 36) of trainer.versions"


def test_no_engine_speaks_of_a_version_that_it_never_meets() -> None:
    """`kubernetes >= Version(1, 35)` is always true once 1.35 is the oldest: such a branch is dead.

    The Pod Security Standards are pinned by labels, so that any version of them can be chosen.
    """
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        if path.name != "versions.py" and path.parent.name != "podsecurity"
        for node in nodes_of(path, ast.Call)
        if isinstance(node.func, ast.Name) and node.func.id == "Version" and not is_met(node)
    ]
    assert found == []


def is_met(call: ast.Call) -> bool:
    """Whether a written version parts the supported ones: older ones before it, it or newer ones after."""
    numbers = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, int)]
    return len(numbers) < 2 or SUPPORTED[0] < Version(*numbers) <= SUPPORTED[-1]
