"""The files for other systems exist whatever becomes of the answer."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.cli.conftest import Ran
from trainer import files
from trainer.session import Session


def test_the_same_result_in_every_form(
    cks: Callable[..., Ran], answer: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = answer("wrong-writable")
    monkeypatch.chdir(tmp_path)
    files = ["--junit", "a.xml", "--sarif", "out/a.sarif", "--gradescope", "out/results.json"]
    assert cks("grade", folder, *files).code == 1
    score = json.loads((tmp_path / "out" / "results.json").read_text())
    failed = [test["name"] for test in score["tests"] if test["status"] == "failed"]
    suite = ET.fromstring((tmp_path / "a.xml").read_text())[0]  # noqa: S314 - our own file
    assert suite.attrib["name"] == "tiny-pod"
    assert [case.attrib["name"] for case in suite.iter("testcase") if len(case)] == failed != []
    (result,) = json.loads((tmp_path / "out" / "a.sarif").read_text())["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "ws/tiny-pod/pod.yaml"
    assert place["region"]["startLine"] > 1
    assert cks("grade", folder / "pod.yaml", "--sarif", "b.sarif").code == 1
    assert "ws/tiny-pod/pod.yaml" in (tmp_path / "b.sarif").read_text()


def test_no_answer_no_card_and_a_fault_of_ours_are_results_too(
    cks: Callable[..., Ran], answer: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "results.json"

    def output(*arguments: object, code: int) -> str:
        place.unlink(missing_ok=True)
        assert cks("grade", *arguments, "--gradescope", place).code == code
        found = json.loads(place.read_text())
        assert (found["score"], found["tests"]) == (0, [])
        return str(found["output"])

    assert "does not exist" in output("--card", "tiny-pod", tmp_path / "none.yaml", code=4)
    assert "does not exist" in output("--card", "tiny-pod", tmp_path / "none.yaml", "--exit-zero", code=0)
    assert "no card has the ID" in output("--card", "nothing", answer(), code=2)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("of ours")

    monkeypatch.setattr(Session, "grade", broken)
    assert "unexpected error: RuntimeError" in output(answer(), code=5)


@pytest.mark.parametrize("end", ["killed", "full", "usage"])
def test_the_file_is_there_from_the_beginning(
    cks: Callable[..., Ran],
    answer: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    end: str,
) -> None:
    """Whatever takes the process or the disk away leaves a file that says so."""
    place = tmp_path / "results.json"
    seen: list[str] = []
    folder = answer()
    whole = Session.grade

    def grade(*arguments: Any, **options: Any) -> Any:
        seen.append(json.loads(place.read_text())["output"])
        if end == "killed":
            raise KeyboardInterrupt
        monkeypatch.setattr(files.os, "fsync", full)
        return whole(*arguments, **options)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Session, "grade", grade)
    options = ["--allow-exec"] if end == "usage" else []
    ran = cks("grade", folder, "--no-record", "--gradescope", place, *options)
    assert ran.code == {"killed": 130, "full": 4, "usage": 2}[end]
    found = json.loads(place.read_text())
    interrupted = "grading was interrupted: grade the answer again"
    assert seen == ([] if end == "usage" else [interrupted])
    assert found["score"] == 0
    assert found["output"] == (
        "cluster options have no effect without --live" if end == "usage" else interrupted
    )


def test_a_place_that_cannot_be_written_is_told(cks: Callable[..., Ran], answer: Callable[..., Path]) -> None:
    ran = cks("grade", answer(), "--junit", "/dev/null/a.xml")
    assert (ran.code, "/dev/null" in ran.err) == (4, True)
