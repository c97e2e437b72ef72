"""Tests of `cli.each`: the answers of a commit, whatever is wrong with one of them; the hook and the CI jobs."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import SOLUTIONS
from trainer.content.catalogue import find_card
from trainer.content.locate import pack_at
from trainer.manifests.reading.parse import parse

Cks = Callable[..., Any]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two answers, one of them in a folder below, and other files."""
    place = tmp_path / "repo"
    (place / "week 1" / "tiny-pod" / "given").mkdir(parents=True)
    shutil.copy(
        SOLUTIONS / "runtime-security/tiny-pod/wrong-writable.yaml", place / "week 1/tiny-pod/pod.yaml"
    )
    shutil.copy(SOLUTIONS / "cluster-setup/tiny-space/reference.yaml", place / "tiny-space.yaml")
    (place / "README.md").write_text("# Answers\n")
    monkeypatch.chdir(place)
    return place


def test_each_answer_is_graded(cks: Cks, repo: Path) -> None:
    files = ("week 1/tiny-pod/pod.yaml", "README.md", "tiny-space.yaml", "week 1/tiny-pod/given/cluster.yaml")
    ran = cks("grade", "--each", *files, "--junit", "out.xml", "--sarif", "out.sarif")
    assert ran.code == 1
    assert "--- week 1/tiny-pod\n" in ran.out
    assert "--- tiny-space.yaml\n" in ran.out
    assert "tiny-space: 1 of 1 points, passed" in ran.out
    suites = ET.parse(repo / "out.xml").getroot()  # noqa: S314 - our own
    assert [(one.get("name"), one.get("failures")) for one in suites] == [
        ("tiny-pod", "1"),
        ("tiny-space", "0"),
    ]
    [result] = json.loads((repo / "out.sarif").read_text())["runs"][0]["results"]
    where = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert (result["ruleId"], where) == ("tiny-pod/read-only", "week%201/tiny-pod/pod.yaml")
    lines = [json.loads(line) for line in cks("grade", "--each", *files, "--json").out.splitlines()]
    assert [(one["card"], one["passed"]) for one in lines] == [("tiny-pod", False), ("tiny-space", True)]
    assert cks("grade", "--each", *files, "--exit-zero").code == 0
    assert cks("grade", "--each", "README.md").err == "no file belongs to a card\n"
    assert cks("grade", "--each").code == 0


def test_one_answer_spoils_no_other(cks: Cks, repo: Path) -> None:
    (repo / "week 1" / "tiny-pod" / "pod.yaml").write_bytes(b"a: \xff")
    ran = cks("grade", "--each", "week 1/tiny-pod/pod.yaml", "tiny-space.yaml", "--junit", "out.xml")
    assert ran.code == 4
    assert "tiny-space: 1 of 1 points, passed" in ran.out
    assert (repo / "out.xml").read_text().count("<testsuite ") == 2


def test_the_seed_beside_the_answer_counts(cks: Cks, repo: Path) -> None:
    pack = pack_at(SOLUTIONS.parent)
    seed = next(seed for seed in range(1, 50) if find_card("tiny-pod", pack, seed).wording.words)
    text = (SOLUTIONS / "runtime-security/tiny-pod/reference.yaml").read_text()
    folder = repo / "week 1" / "tiny-pod"
    (folder / ".seed").write_text(f"{seed}\n")
    (folder / "pod.yaml").write_text(find_card("tiny-pod", pack, seed).wording.text(text))
    assert cks("grade", "--each", folder / "pod.yaml").code == 0


def test_what_cannot_be_told_apart(cks: Cks, repo: Path) -> None:
    (repo / "tiny-pod.yaml").write_text("a: 1\n")
    ran = cks("grade", "--each", "tiny-pod.yaml", "week 1/tiny-pod/pod.yaml")
    assert (ran.code, "two answers to tiny-pod" in ran.err) == (2, True)
    for options in (("--card", "tiny-pod"), ("--effect",), ("--seed", 3), ("--gradescope", "x.json")):
        assert cks("grade", "--each", "tiny-space.yaml", *options).code == 2


def blocks() -> list[Any]:
    """The YAML of the page about CI jobs."""
    found = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "ci.md").read_text(), re.DOTALL)
    return [parse(text.encode(), "ci.yaml") for text in found]


def commands(value: Any) -> list[str]:
    """The command lines of a job that call the program."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [line for one in inner for line in commands(one)]
    return [value] if isinstance(value, str) and "cks-trainer " in value else []


def test_the_pages_jobs_are_yaml_whose_commands_exist(cks: Cks) -> None:
    parsed = blocks()
    assert [one.problems for one in parsed] == [()] * 4
    values = [one.documents[0].value for one in parsed]
    assert values[0]["repos"][0]["hooks"] == [{"id": "cks-trainer"}]
    assert ["push"] in values[1].values(), "the key `on` is a boolean to some readers"
    assert values[1]["jobs"]["grade"]["steps"][-2]["with"]["sarif_file"] == "grade.sarif"
    assert values[2]["grade"]["artifacts"]["reports"] == {"junit": "grade.xml"}
    lines = [line for value in values for line in commands(value)]
    assert len(lines) == 4
    for line in lines:
        words = shlex.split(line)
        words = words[words.index("cks-trainer") + 1 :]
        known = cks(*words[: 2 if words[0] == "ask" else 1], "--help").out
        assert all(word.split("=")[0] in known for word in words if word.startswith("--")), line


def test_the_hook_is_what_pre_commit_reads(cks: Cks) -> None:
    [hook] = parse((ROOT / ".pre-commit-hooks.yaml").read_bytes(), "hooks.yaml").documents[0].value
    assert set(hook) == {"id", "name", "description", "entry", "language", "require_serial"}
    assert (hook["id"], hook["language"], hook["require_serial"]) == ("cks-trainer", "python", True)
    words = shlex.split(hook["entry"])
    assert words[0] == "cks-trainer"
    assert words[2] in cks(words[1], "--help").out


def test_a_path_that_does_not_exist_is_no_success(cks: Cks, repo: Path) -> None:
    ran = cks("grade", "--each", "soluions", "tiny-space.yaml")
    assert (ran.code, "soluions does not exist" in ran.err) == (4, True)
    assert "tiny-space" in ran.out
