"""`exam`: a whole exam without the app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import SOLUTIONS
from trainer.cli.base import Run
from trainer.progress.exams import Exams
from trainer.session.exam.sitting import Sitting

Cks = Callable[..., Any]


def test_a_whole_exam_with_an_ordinary_editor(cks: Cks, tmp_path: Path) -> None:
    began = cks("exam", "start", "--minutes", 5, "--cards", 2, "--seed", 3, "--no-wait", "--json")
    assert (began.code, began.json["open"], began.json["left"], began.json["seed"]) == (0, False, 300, 3)
    assert {card["card"] for card in began.json["cards"]} == {"tiny-pod", "tiny-space"}
    refused = cks("exam", "open", "tiny-pod")
    assert (refused.code, "its clock stands still" in refused.err) == (2, True)
    again = cks("exam", "start", "--cards", 1)
    assert (again.code, "exam 1 is running" in again.err) == (2, True)

    run = Run()
    exam = Exams(run.session.store).get(1)
    sitting = Sitting(run.session, exam)  # as `exam start` in another terminal
    task = cks("exam", "open", "tiny-pod")
    assert "points" in task.out
    assert "Checks:" not in task.out
    second = cks("exam", "open", "2", "--json").json
    assert (second["position"], Path(second["folder"]).parent) == (2, tmp_path / "ws" / "exam-1")
    assert "isn't open" not in cks("exam", "pause").err
    sitting.close()
    run.close()

    place = tmp_path / "ws" / "exam-1" / "tiny-pod" / "pod.yaml"
    place.write_text(next(SOLUTIONS.glob("*/tiny-pod/reference.yaml")).read_text())
    early = cks("grade", "--card", "tiny-pod", place)
    assert (early.code, "nothing is graded before its end" in early.err) == (2, True)
    assert cks("exam", "flag", "tiny-space").out.endswith("is flagged\n")
    cards = {card["card"]: card for card in cks("exam", "status", "--json").json["cards"]}
    assert (cards["tiny-pod"]["answered"], cards["tiny-pod"]["flagged"]) == (True, False)
    assert (cards["tiny-space"]["answered"], cards["tiny-space"]["flagged"]) == (False, True)
    assert not cks("exam", "flag", "2", "--off", "--json").json["cards"][1]["flagged"]

    unsure = cks("exam", "finish")
    assert (unsure.code, "--yes" in unsure.err) == (2, True)
    report = cks("exam", "finish", "--yes", "--json").json
    points = {card["card"]: (card["points"], card["max_points"]) for card in report["cards"]}
    assert points["tiny-pod"] == (5, 5)
    assert points["tiny-space"][0] == 0
    assert report["points"] == 5

    assert "result" in cks("exam", "report").out
    review = cks("exam", "report", 1, "--card", "tiny-pod", "--json").json
    assert review["verdict"]["passed"]
    assert "reference" not in review["files"]
    assert "pod.yaml" in cks("exam", "report", "--card", "1").out
    retake = cks("exam", "start", "--again", 1, "--no-wait", "--json").json
    assert (retake["exam"], retake["again"]) == (2, 1)
    assert cks("exam", "cancel", "--yes").code == 0
    rows = cks("exam", "history", "--json").json["exams"]
    assert [(row["exam"], row["how"]) for row in rows] == [(2, "canceled"), (1, "finished")]
    assert "canceled" in cks("exam", "history").out
    assert "isn't graded" in cks("exam", "report", 2).out


def test_an_exam_without_time_ends_when_it_is_found(cks: Cks) -> None:
    cks("exam", "start", "--cards", 2, "--no-wait")
    run = Run()
    Exams(run.session.store).spend(1, 10_000_000)
    run.close()
    found = cks("exam", "status")
    assert (found.code, "time of exam 1 is up" in found.err) == (2, True)
    assert cks("exam", "history", "--json").json["exams"][0]["how"] == "expired"


def test_what_is_refused(cks: Cks) -> None:
    for arguments, words in (
        (("status",), "no exam is running"),
        (("report",), "no exam has ended"),
        (("report", 7), "no exam 7"),
        (("start",), "too few for a whole exam"),
        (("start", "--domain", "cluster-setp"), "cluster-setup"),
        (("start", "--again", 1, "--cards", 2), "mit the other options"),
        (("start", "--minutes", 0), "0"),
        ((), "needs a terminal"),
    ):
        ran = cks("exam", *arguments)
        assert (ran.code, words in ran.err) == (2, True), (arguments, ran.err)
    cks("exam", "start", "--cards", 1, "--no-wait")
    assert "doesn't have the card" in cks("exam", "flag", "9").err
    assert "is running" in cks("exam", "report", 1).err


def test_it_opens_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    from trainer.cli.app import run

    monkeypatch.setattr("trainer.cli.streams.at_terminal", lambda: True)
    seen: list[bool] = []
    run(["exam"], lambda session, card: seen.append(session.opens_exam and card is None), lambda *_: None)
    assert seen == [True]
