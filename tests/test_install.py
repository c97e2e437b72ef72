"""Both ways to install: the wheel carries the cards, and a checkout finds its own."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.patience import HANGS
from trainer.content.locate import SCHEMA

ROOT = Path(__file__).resolve().parent.parent
SHOW_PACK = "from trainer.content.locate import builtin_pack; print(builtin_pack().tasks)"


@pytest.fixture(scope="module")
def unpacked_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from this checkout, unpacked as pip would."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)],
        check=True, timeout=HANGS,
    )  # fmt: skip
    [wheel] = folder.glob("cks_trainer-*.whl")
    target = folder / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run(code: list[str], path: Path | None, cwd: Path) -> str:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(cwd), "PYTHONPATH": str(path) if path else ""}
    command = [sys.executable, *code]
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=True, timeout=HANGS
    ).stdout


@pytest.mark.trial
def test_wheel_carries_the_cards(unpacked_wheel: Path, tmp_path: Path) -> None:
    tasks = Path(run(["-c", SHOW_PACK], unpacked_wheel, tmp_path).strip())
    assert tasks == unpacked_wheel / "trainer" / "_content" / "tasks"
    packed = {path.relative_to(tasks) for path in tasks.rglob("*") if path.is_file()}
    stored = {path.relative_to(ROOT / "tasks") for path in (ROOT / "tasks").rglob("*") if path.is_file()}
    assert packed == stored
    assert "pod-ro" in run(["-m", "trainer", "list"], unpacked_wheel, tmp_path)


@pytest.mark.trial
def test_wheel_brings_the_index_of_its_cards(unpacked_wheel: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from trainer.content.listing import list_cards; from trainer.content.locate import builtin_pack\n"
        "print(len(list_cards(builtin_pack()).cards), 'yaml' in sys.modules)"
    )
    count = len(list((ROOT / "tasks").glob("*/*.yaml")))
    assert run(["-c", script], unpacked_wheel, tmp_path) == f"{count} False\n"
    assert list(tmp_path.iterdir()) == [], "and needs no other"


@pytest.mark.trial
def test_wheel_grades(unpacked_wheel: Path, tmp_path: Path) -> None:
    answer = unpacked_wheel / "trainer/_content/solutions/runtime-security/pod-ro/reference.yaml"
    graded = run(["-m", "trainer", "grade", "--card", "pod-ro", str(answer)], unpacked_wheel, tmp_path)
    assert "PASS" in graded


def test_wheel_is_told_to_carry_the_cards() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    shipped = build["targets"]["wheel"]["force-include"]
    assert {name: shipped[name] for name in ("tasks", "solutions", "docs/card.schema.json")} == {
        "tasks": "trainer/_content/tasks",
        "solutions": "trainer/_content/solutions",
        "docs/card.schema.json": f"trainer/_content/{SCHEMA}",
    }
    assert "custom" in build["targets"]["wheel"]["hooks"], "the index of the cards is made by hatch_build.py"


def test_checkout_finds_its_own_cards(tmp_path: Path) -> None:
    assert Path(run(["-c", SHOW_PACK], ROOT, tmp_path).strip()) == ROOT / "tasks"
