"""A short run of every target: `make fuzz N=300000` is the long one. And each finds the fault it looks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.table import each_row
from tools.fuzz.run import WHOLE, inputs_of, run
from tools.fuzz.stored import stored_answers
from tools.fuzz.targets import (
    answers,
    asking,
    certificates,
    files,
    forms,
    languages,
    packed,
    reading,
    results,
    targets,
    work,
)
from tools.fuzz.writing import Form
from trainer.batch.journal import Journal
from trainer.batch.shards import Merged
from trainer.content.catalogue import card_paths
from trainer.content.locate import builtin_pack
from trainer.verdict import CheckResult, Reason, Status, Verdict

INPUTS = 700
"""Of all targets together: a few seconds."""


@each_row("name", sorted(targets()))
def test_no_first_input_shows_a_fault(name: str) -> None:
    result = run(targets()[name], 2)
    assert [(fault.kind, fault.case) for fault in result.faults] == []
    assert result.inputs == 2


@pytest.mark.trial
@each_row("name", sorted(targets()))
def test_no_input_shows_a_fault(name: str) -> None:
    target = targets()[name]
    count = max(12, inputs_of(target, INPUTS))
    result = run(target, count)
    assert [(fault.kind, fault.case) for fault in result.faults] == []
    assert result.inputs == count
    assert len(result.outcomes) > 1, "all inputs end in the same way"


def test_the_shares_add_up() -> None:
    assert sum(target.share for target in targets().values()) == WHOLE


def test_stored_answers_are_as_right_as_their_files() -> None:
    """What is written from a tree has the verdict of what is stored."""
    for name in ("pod-ro/reference", "audit-policy/reference", "seccomp-localhost/also-two-entries"):
        stored = stored_answers()[name]
        for form in (Form(), Form(flow=True, comments=True), Form(json=True)):
            verdict = answers.verdict_of(stored.card, stored.answer(form=form))
            assert isinstance(verdict, Verdict)
            assert verdict.passed, (name, form)
    assert len({name.partition("/")[0] for name in stored_answers()}) == len(card_paths(builtin_pack()))


def broken(message: str) -> Verdict:
    reason = Reason(message)
    return Verdict("pod-ro", (CheckResult("a", "A", Status.ERROR, 0, 1, reasons=(reason,)),))


def test_an_error_of_ours_is_a_fault_and_a_stated_limit_is_none() -> None:
    stored = stored_answers()["pod-ro/reference"]

    def faults(message: str) -> list[str]:
        return answers.faults_of(stored.card, stored.answer(), broken(message))

    crashed = "This check could not run: KeyError: 'x y' (trainer.rules.object line 5). Not your fault."
    assert faults(crashed) == ["not your fault: KeyError (trainer.rules.object line 5). Not your fault."]
    assert faults("This check could not run: unknown version: 7.") == ["error: unknown version"]
    assert faults("This check could not run: not judged: a mask, pod.yaml line 3.") == []
    assert faults("This check could not run: not judged: \ud800.") != [], "no report can be written as UTF-8"


@pytest.mark.parametrize(
    ("module", "judge", "case"),
    [
        (answers, answers.judge, {"answer": "pod-ro/reference", "file": 0, "ops": []}),
        (answers, answers.judge_emptied, {"answer": "pod-ro/reference", "text": 0, "all": True}),
        (forms, forms.judge, {"answer": "pod-ro/reference", "ops": [], "form": {"flow": True}}),
        (reading, reading.judge, {"data": "a: 1", "utf8": True, "card": 0}),
        (
            answers,
            certificates.judge,
            {"first": 0, "first changes": [], "second": 1, "second changes": [], "cut": 0, "where": 0},
        ),
        (
            answers,
            languages.judge_script,
            {"text": "rm a", "argv": [], "bare": False, "place": 0, "card": 0, "node": False},
        ),
        (files, files.judge_card, {"card": "pod-ro", "ops": []}),
    ],
)
def test_a_crash_is_a_fault(module: Any, judge: Any, case: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def crashing(*_: object) -> None:
        raise KeyError("x")

    assert judge(case).faults == ()
    monkeypatch.setattr(module, "verdict_of", crashing)
    assert any("KeyError" in fault for fault in judge(case).faults)


def test_another_verdict_in_another_form_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = iter(
        Verdict("pod-ro", (CheckResult("a", "A", status, 0, 1),)) for status in (Status.PASS, Status.FAIL)
    )
    monkeypatch.setattr(forms, "verdict_of", lambda *_: next(verdicts))
    found = forms.judge({"answer": "pod-ro/reference", "ops": [], "form": {}})
    assert found.faults == ("pod-ro a: pass -> fail in another form",)


def test_an_emptied_answer_that_passes_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = Verdict("pod-ro", (CheckResult("a", "A", Status.PASS, 1, 1),))
    monkeypatch.setattr(answers, "verdict_of", lambda *_: passed)
    found = answers.judge_emptied({"answer": "pod-ro/reference", "text": 0, "all": True})
    assert found.faults == ("an emptied answer passes pod-ro",)


def test_the_work_for_a_longer_list_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = stored_answers()["rbac-deployer/reference"]
    (file,) = work._longer(stored, 0, 3).files  # type: ignore[union-attr]
    assert file.data.count(b"kind:") > stored.answer().files[0].data.count(b"kind:")
    assert b"-2" in file.data
    case = {"answer": "rbac-deployer/reference", "list": 0}
    assert work.judge(case).faults == ()
    monkeypatch.setattr(work, "MOST", 1000)
    assert work.judge(case).faults == ("too much work for rbac-deployer",)


def test_values_that_no_json_has_are_faults() -> None:
    from trainer.manifests.model import Document

    value = {"a": float("nan"), 1: b"x"}
    found = set(reading._wrong_values(Document(value, "x.yaml", 1, 1, {})))
    assert found == {"a number isn't finite", "a key isn't text", "a value is a bytes"}


@each_row(("where", "status"), [(0, "pass"), (2, "fail"), (3, "refused"), (4, "refused")], ids=str)
def test_certificates_are_put_where_answers_hold_them(where: int, status: str) -> None:
    case = {"first": 0, "first changes": [], "second": 1, "second changes": [], "cut": 0, "where": where}
    assert certificates.judge(case).outcome == status


def test_what_acts_on_a_terminal_or_breaks_json_is_a_fault() -> None:
    trace = '  File "/x/trainer/ask/routes.py", line 4\ncks-trainer hit an unexpected error: KeyError()'
    assert asking._wrong(0, "{}", "", is_json=True) == []
    assert asking._wrong(0, "{", "", is_json=True) == ["the output isn't JSON"]
    assert asking._wrong(0, "\x9b31m", "", is_json=False) == ["a character that acts on the terminal"]
    assert asking._wrong(9, "", "", is_json=False) == ["exit code 9"]
    assert asking._wrong(5, "", trace, is_json=False)[0].endswith('ask/routes.py", line 4')


def test_a_line_is_put_into_scripts_for_nodes() -> None:
    case = {"text": "true", "argv": [], "bare": False, "place": 0, "card": 0, "node": True}
    assert len(languages._node_scripts()) > 5
    assert languages.judge_script(case).outcome == "pass"
    assert languages.judge_script({**case, "text": "exit 1"}).outcome != "pass"


def test_an_expression_that_changes_what_it_reads_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    case = {"text": "object.spec.replicas + 1", "times": 1}
    assert languages.judge_cel(case).outcome == "value"

    def changing(_: object, given: Any) -> object:
        given["x"].append(1)
        return len(given["x"])

    monkeypatch.setattr(languages, "evaluate", changing)
    assert languages.judge_cel(case).faults == (
        "an expression changes what it reads",
        "an expression has two values",
    )


def test_other_rows_than_those_that_were_graded_are_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    whole: dict[str, Any] = {"cuts": [], "frames": []}
    assert [results.judge_results(whole | {"file": one}).outcome for one in ("jsonl", "rows", "partial")] == [
        "read"
    ] * 3
    monkeypatch.setattr(Merged, "rows", lambda _: iter(results._ROWS[1:]))
    assert results.judge_results(whole | {"file": "rows"}).faults == (
        "other rows are merged than were graded",
    )
    monkeypatch.setattr(Journal, "row", lambda *_: b"other")
    assert results.judge_results(whole | {"file": "partial"}).faults == ("a row is kept that wasn't graded",)


def test_a_member_beside_the_folder_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def slipping(_: Path, into: Path, **__: object) -> None:
        into.mkdir()
        (into / "link").symlink_to("/etc/passwd")
        (into.parent / "slipped.yaml").write_bytes(b"")

    case = {"archive": "zip-slip", "cuts": []}
    assert packed.judge_archive(case).faults == ()
    monkeypatch.setattr(packed, "unpack", slipping)
    assert packed.judge_archive(case).faults == (
        "something is written outside of the folder", "what isn't a plain file is made",
    )  # fmt: skip
