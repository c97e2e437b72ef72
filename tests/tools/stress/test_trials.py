"""A short run of every trial (`make stress` is the long one). And each notices what is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.patience import HANGS
from tools.stress import __main__ as command
from tools.stress import disks, exams, kills, resumes, terminals
from tools.stress.model import Trial, table
from tools.stress.programs import complaint
from trainer.progress.store import Store

SHORT = {"store": 3, "grade": 2, "watch": 2, "batch": 2, "signals": 1, "sizes": 6, "keys": 100}
"""How often; other trials once."""


@pytest.mark.trial
@pytest.mark.parametrize("name", command.TRIALS)
def test_nothing_is_lost(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exams, "BUSY", HANGS)  # how fast this machine is says nothing about the code
    attempt, whole = command.TRIALS[name]
    count = SHORT.get(name, 1)
    trial = attempt(tmp_path, count, 3)
    assert trial.lost == []
    assert trial.skipped or (trial.checked and trial.tried >= count)
    assert whole >= count


def test_a_whole_run_kills_a_thousand_times() -> None:
    assert sum(command.TRIALS[name][1] for name in ("store", "grade", "watch", "batch")) == 1000


def test_an_acknowledged_attempt_that_is_gone_is_lost(tmp_path: Path) -> None:
    Store.open(tmp_path / "progress.db").close()
    trial = Trial("grade")
    kills._look_for(trial, tmp_path, {"k1-7"})
    assert trial.lost == ["the attempt k1-7"]
    assert trial.checked == 2


def test_results_that_are_not_whole_are_noticed(tmp_path: Path) -> None:
    rows = [json.dumps({"learner": name, "passed": True}) + "\n" for name in ("anna", "bob")]
    results = tmp_path / "results.jsonl"
    assert kills._whole(tmp_path, ["anna", "bob"])
    assert not kills._whole(tmp_path, ["anna", "bob"], required=True)
    for text, whole in (("".join(rows), True), (rows[0], False), ("".join(rows)[:-9], False)):
        results.write_text(text, encoding="utf-8")
        assert kills._whole(tmp_path, ["anna", "bob"]) is whole
    results.write_text("".join(rows), encoding="utf-8")
    (tmp_path / "results.csv").write_text("learner\nanna\n", encoding="utf-8")
    assert not kills._whole(tmp_path, ["anna", "bob"])


def test_what_a_killed_batch_was_writing_is_no_result(tmp_path: Path) -> None:
    for name in ("results.jsonl", ".results.jsonl.0123456789ab.new", "learners/ann.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert set(resumes.contents(tmp_path)) == {"results.jsonl", "learners/ann.md"}


def test_a_clock_that_counts_too_much_or_too_little_is_noticed() -> None:
    trial = Trial("clock")
    for counted in (5.0, 8.1, 12.9):
        exams._clock(trial, 1, counted, 7.0, 12.0)
    assert trial.lost == []
    for counted in (4.9, 13.1):
        exams._clock(trial, 1, counted, 7.0, 12.0)
    assert len(trial.lost) == 2


def test_what_a_program_says_when_it_ends() -> None:
    assert complaint(4, "pod.yaml: No space left on device", (0, 4)) == ""
    assert complaint(7, "what", (0, 4)) == "exit code 7: what"
    assert complaint(0, "Traceback (most recent call last):\nKeyError: 1", (0,)) == "a trace: KeyError: 1"


def test_the_words_after_a_crash_are_kept(tmp_path: Path) -> None:
    program = (
        "import sys; sys.stdout.write('app\\x1b[?1049l\\x1b[31mTrace\\x1b[0m\\nKeyError: 1\\n'); sys.exit(5)"
    )
    terminal = terminals.Terminal(tmp_path, program=program)
    assert terminal.ends() == 5
    assert terminal.last_words() == "Trace\nKeyError: 1"
    terminal.close()


def test_where_no_disk_can_be_mounted_the_trial_is_skipped_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    trial = disks.full_disk(tmp_path, 1, 0)
    assert trial.skipped == "no small disk can be mounted (this system has no mount command)"
    assert table([trial]).splitlines()[1] == f"{'full disk':<34} skipped: {trial.skipped}"


def test_the_command_says_what_was_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    counts = []

    def attempt(folder: Path, count: int, seed: int) -> Trial:
        assert folder.is_dir()
        counts.append((count, seed))
        trial = Trial("a trial", tried=count)
        trial.expect(seed != 5, "an attempt")
        return trial

    monkeypatch.setattr(command, "TRIALS", {"one": (attempt, 200)})
    assert command.main(["--part", "10", "--json", str(tmp_path / "result.json")]) == 0
    assert command.main(["--seed", "5"]) == 1
    assert counts == [(20, 0), (200, 5)]
    shown = capsys.readouterr().out.splitlines()
    assert shown[1].split() == ["a", "trial", "20", "kills", "1", "0"]
    assert shown[-1] == "a trial: an attempt"
    assert json.loads((tmp_path / "result.json").read_text("utf-8"))[0]["tried"] == 20
