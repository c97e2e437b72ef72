"""`watch`: every save is graded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.commands import watch

Answer = Callable[..., Path]


@pytest.fixture
def run() -> Iterator[Run]:
    run = Run()
    yield run
    run.close()


def saving(*steps: Callable[[], object]) -> Callable[[float], None]:
    """A sleep in which somebody does the next thing; the last ends the watching."""
    todo = list(steps)

    def sleep(seconds: float) -> None:
        assert seconds == 0.25
        if not todo:
            raise KeyboardInterrupt
        todo.pop(0)()

    return sleep


def test_every_save_is_graded_until_passed(
    run: Run, answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = answer("wrong-place")
    steps = saving(lambda: None, lambda: answer("wrong-writable"), lambda: None, lambda: answer("reference"))
    code = watch.watch(run, run.card("tiny-pod"), folder, until_passed=True, sleep=steps)
    assert code == 0
    captured = capsys.readouterr()
    sums = [line for line in captured.out.splitlines() if line.startswith("tiny-pod:")]
    assert sums == [
        "tiny-pod: 0 of 5 points, not passed",
        "tiny-pod: 2 of 5 points, not passed",
        "tiny-pod: 5 of 5 points, passed",
    ]
    assert captured.err.count("attempt ") == 3


def test_an_unreadable_answer_is_told_and_waited_for(
    run: Run, answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = run.session.folder(run.card("tiny-pod"))
    steps = saving(lambda: answer(b"\xff\xff"), lambda: answer("reference"))
    assert watch.watch(run, run.card("tiny-pod"), folder, until_passed=True, sleep=steps) == 0
    captured = capsys.readouterr()
    assert "does not exist" in captured.err
    assert "not valid UTF-8" in captured.err
    assert captured.out.endswith("tiny-pod: 5 of 5 points, passed\n")


def test_json_is_a_line_for_every_save(run: Run, answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    run.json = True
    folder = answer("wrong-writable")
    steps = saving(lambda: answer(b"\xff\xff"), lambda: answer("reference"))
    assert watch.watch(run, run.card("tiny-pod"), folder, until_passed=True, sleep=steps) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["schema"] for line in lines] == [
        "cks-trainer.verdict/1",
        "cks-trainer.error/1",
        "cks-trainer.verdict/1",
    ]
    assert lines[-1]["passed"] is True


def test_one_file_can_be_watched_and_ctrl_c_ends(
    run: Run, answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    file = answer("reference") / "pod.yaml"
    with pytest.raises(KeyboardInterrupt):
        watch.watch(run, run.card("tiny-pod"), file, sleep=saving())
    assert "5 of 5 points, passed" in capsys.readouterr().out


def test_it_ends_when_nobody_reads(run: Run, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_reader_gone", True)
    assert watch.watch(run, run.card("tiny-pod"), answer("reference"), sleep=saving()) == 0


def test_ctrl_c_is_130(cks: Callable[..., object], answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "watch", interrupted)
    answer("reference")
    code, out, err = cks("watch", "tiny-pod")  # type: ignore[misc]
    assert (code, out) == (130, "")
    assert "watching" in err


def test_a_word_is_a_card_and_a_path_tells_its_card(run: Run, answer: Answer, tmp_path: Path) -> None:
    card, place = watch._chosen(run, "tiny-pod", None)
    assert (card.id, place) == ("tiny-pod", tmp_path / "ws" / "tiny-pod")
    file = answer("reference") / "pod.yaml"
    card, place = watch._chosen(run, str(file), None)
    assert (card.id, place) == ("tiny-pod", file)
    card, place = watch._chosen(run, str(tmp_path / "x.yaml"), "tiny-space")
    assert (card.id, place) == ("tiny-space", tmp_path / "x.yaml")


def test_a_card_that_was_not_started_is_started(
    cks: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder and starter are there to be edited; what is unchanged isn't an attempt."""
    monkeypatch.setitem(watch.watch.__kwdefaults__, "sleep", saving())
    ran = cks("watch", "tiny-pod")
    assert ran.code == 130
    assert f"started tiny-pod: its files are in {tmp_path / 'ws' / 'tiny-pod'}\n" in ran.err
    assert "unchanged, so there is nothing to grade yet" in ran.out
    assert (tmp_path / "ws" / "tiny-pod" / "pod.yaml").exists()
    assert cks("progress", "--json").json["attempts"] == 0
