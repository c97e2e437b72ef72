"""From an exception to words and to the error object."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.cli.failures import failure_of, problem_line
from trainer.errors import AnswerUnreadable, CardError, TrainerError
from trainer.verdict import Location, Problem, Severity


def test_an_unreadable_answer_names_its_file_and_the_remedy() -> None:
    failure = failure_of(AnswerUnreadable("pod.yaml is a pipe", file="pod.yaml", remedy="name a file"))
    assert failure.fields() == {
        "kind": "unreadable",
        "message": "pod.yaml is a pipe",
        "remedy": "name a file",
        "file": "pod.yaml",
        "problems": [],
        "exit": 4,
    }
    assert failure.lines() == ["pod.yaml is a pipe", "  Name a file"]


def test_a_card_lists_every_problem() -> None:
    problems = [
        Problem("no title", Severity.ERROR, Location("c.yaml", 3, 1, "title"), "write one"),
        Problem("too long", Severity.WARNING),
    ]
    failure = failure_of(CardError("c is wrong", problems))
    assert failure.lines() == ["c is wrong", "  c.yaml:3:1: $.title: no title (write one)", "  too long"]
    assert [problem["severity"] for problem in failure.fields()["problems"]] == ["error", "warning"]
    assert failure.fields()["problems"][0]["line"] == 3


def test_what_nobody_foresaw_is_ours_and_keeps_its_trace() -> None:
    failure = failure_of(ZeroDivisionError("by zero"))
    assert (failure.kind, failure.exit) == ("internal", 5)
    assert failure.message == "cks-trainer hit an unexpected error: ZeroDivisionError: by zero"
    assert failure.lines()[0].startswith("cks-trainer hit")
    assert "trace" not in failure.fields()
    assert "not your fault" in failure.remedy


def test_files_of_the_workspace_are_told_as_files() -> None:
    assert (failure_of(TrainerError("no rights")).kind, failure_of(TrainerError("x")).exit) == ("files", 4)


@pytest.mark.parametrize(
    "error",
    [KeyError("hunter22"), ValueError("bad: hunter22"), UnicodeEncodeError("a", "hunter22", 0, 1, "b")],
)
def test_a_message_that_may_be_an_answers_value_is_not_told(error: Exception) -> None:
    try:
        raise error
    except Exception as caught:
        failure = failure_of(caught)
    told = "\n".join(failure.lines())
    assert type(error).__name__ in told
    assert "test_failures.py" in told  # where it happened
    assert "hunter22" not in told.replace('KeyError("hunter22")', "")


def test_a_remedy_that_is_a_command_keeps_its_case() -> None:
    assert failure_of(TrainerError("x", remedy="cks-trainer list")).lines() == ["x", "  cks-trainer list"]


def test_a_path_that_is_marked_already_is_not_marked_twice() -> None:
    for path in ("$", "$.checks[0].id", "$[0]"):
        line = problem_line(Problem("wrong", Severity.ERROR, Location("c.yaml", 3, 1, path)))
        assert line == f"c.yaml:3:1: {path}: wrong"


def test_what_the_system_says_of_a_path_is_no_fault_of_ours(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="too long") as caught:
        (tmp_path / ("x" * 300)).stat()
    failure = failure_of(caught.value)
    assert (failure.kind, failure.exit, failure.trace) == ("files", 4, "")
    assert failure.message.endswith("xxx: File name too long")
    assert failure_of(OSError(9, "Bad file descriptor")).exit == 5
    assert (
        failure_of(PermissionError(13, "Permission denied", b"m\xfc")).message == "m\udcfc: Permission denied"
    )
