"""The README: every command in it is one that the program or the Makefile knows, and the first round works."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import HANGS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def code_blocks() -> list[str]:
    return re.findall(r"```\n(.*?)```", README, re.DOTALL)


def commands(text: str) -> list[list[str]]:
    """The command lines of a block without their comments, each as words."""
    return [shlex.split(line, comments=True) for line in text.splitlines() if line.strip()]


def first_round() -> list[list[str]]:
    [block] = [text for text in code_blocks() if "cks-trainer start" in text]
    return commands(block)


def run(words: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "trainer", *words[1:]]
    return subprocess.run(
        command, cwd=home, env=environ, capture_output=True, text=True, check=False, timeout=HANGS
    )


def test_first_round_works_as_it_is_written(tmp_path: Path) -> None:
    done = []
    for words in first_round():
        done.append((words, run(words, tmp_path)))
        if words[1] == "start":
            edited = ROOT / "solutions/cluster-setup/np-and-or/wrong-pods-only.yaml"
            shutil.copy(edited, tmp_path / "cks-practice/np-and-or/policy.yaml")
    assert {words[0] for words, _ in done} == {"cks-trainer"}
    codes = {words[1]: result.returncode for words, result in done}
    assert codes == {"list": 0, "show": 0, "start": 0, "grade": 1, "hint": 0, "progress": 0}
    assert (tmp_path / "cks-practice/np-and-or/policy.yaml").is_file()
    [graded] = [result.stdout for words, result in done if words[1] == "grade"]
    assert re.search(r"^FAIL .*\n(?: .*\n)*? +policy\.yaml:\d+:\d+", graded, re.MULTILINE)


COMMANDS = sorted(set(re.findall(r"`(cks-trainer [a-z][^`]*)`", README)))


@pytest.mark.parametrize("line", COMMANDS)
def test_command_of_the_readme_exists_with_its_options(line: str, tmp_path: Path) -> None:
    words = [word.replace("\\|", "|") for word in shlex.split(line)]
    named = [word for word in words[1:] if word.islower() and not word.startswith("-")]
    shown = run(["cks-trainer", *named, "--help"], tmp_path)
    assert shown.returncode == 0, shown.stderr
    missing = [
        word for word in words if word.startswith("--") and word != "--help" and word not in shown.stdout
    ]
    assert missing == []


def test_targets_of_make_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))
    assert named >= {"run", "install", "test"}
    assert named <= targets
