"""The README: every command in it is one that the program or the Makefile knows, and the first round works."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.table import each_row
from tools.canary.outputs import at_home
from trainer.__main__ import main

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


class Ran(NamedTuple):
    """What a command returned and wrote."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[list[str]], Ran]:
    """Runs a command line for somebody who has just installed the program."""
    at_home(tmp_path, monkeypatch.setenv, monkeypatch.delenv)
    monkeypatch.chdir(tmp_path)

    def ran(words: list[str]) -> Ran:
        code = main(words[1:])
        return Ran(code, *capsys.readouterr())

    return ran


def test_first_round_works_as_it_is_written(run: Callable[[list[str]], Ran], tmp_path: Path) -> None:
    done = []
    for words in first_round():
        done.append((words, run(words)))
        if words[1] == "start":
            edited = ROOT / "solutions/cluster-setup/np-and-or/wrong-pods-only.yaml"
            shutil.copy(edited, tmp_path / "cks-practice/np-and-or/policy.yaml")
    assert {words[0] for words, _ in done} == {"cks-trainer"}
    codes = {words[1]: result.code for words, result in done}
    assert codes == {"list": 0, "show": 0, "start": 0, "grade": 1, "hint": 0, "progress": 0}
    assert (tmp_path / "cks-practice/np-and-or/policy.yaml").is_file()
    [graded] = [result.out for words, result in done if words[1] == "grade"]
    assert re.search(r"^FAIL .*\n(?: .*\n)*? +policy\.yaml:\d+:\d+", graded, re.MULTILINE)


COMMANDS = sorted(set(re.findall(r"`(cks-trainer [a-z][^`]*)`", README)))


@each_row("line", COMMANDS)
def test_command_of_the_readme_exists_with_its_options(run: Callable[[list[str]], Ran], line: str) -> None:
    words = [word.replace("\\|", "|") for word in shlex.split(line)]
    named = [word for word in words[1:] if word.islower() and not word.startswith("-")]
    shown = run(["cks-trainer", *named, "--help"])
    assert shown.code == 0, shown.err
    missing = [word for word in words if word.startswith("--") and word != "--help" and word not in shown.out]
    assert missing == []


def test_targets_of_make_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))
    assert named >= {"run", "install", "test"}
    assert named <= targets
