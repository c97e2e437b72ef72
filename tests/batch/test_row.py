"""One row of a batch."""

from __future__ import annotations

import json
from pathlib import Path

from trainer.batch.pile import Learner
from trainer.batch.row import Row, could_not_run, row_id, told_place, ungraded, unreadable
from trainer.content.catalogue import find_card
from trainer.content.locate import pack_at
from trainer.errors import AnswerUnreadable
from trainer.isolate import Failed

POD = find_card("tiny-pod", pack_at(Path(__file__).parents[1] / "fixtures" / "pack-mini"))


def test_points_that_count() -> None:
    row = Row("ana", "pod-ro", "graded", False, 8, 10, None, b"null", penalty=0.1 + 0.2)
    assert row.final_points == 7.7
    assert json.loads(row.json_line())["final_points"] == 7.7


def test_places_begin_at_the_submissions() -> None:
    roots = [Path("/private/1"), Path("/subs")]
    assert told_place(Path("/subs/ana/x\x1b.yaml"), roots) == "ana/x\\x1b.yaml"
    assert told_place(Path("/private/1/ana/a.zip/x.yaml"), roots) == "ana/a.zip/x.yaml"
    assert told_place(Path("/subs"), roots) == "."
    assert told_place(Path("/elsewhere/x.yaml"), roots) == "x.yaml"
    assert told_place(Path("ana/a.zip"), roots) == "ana/a.zip"
    assert told_place(None, roots) is None


def test_rows_without_a_verdict() -> None:
    error = AnswerUnreadable("/subs/ana/x is a pipe", file="/subs/ana/x", remedy="name a file")
    row = unreadable(POD, "ana\n", None, [Path("/subs")], error)
    assert (row.learner, row.status, row.file) == ("ana\\n", "unreadable", "ana/x")
    assert row.message == "ana/x is a pipe (name a file)"
    assert row.id == row_id("ana\n", POD.id)
    assert ungraded(POD, "ana", "missing", None, "no answer").max_points == POD.points


def test_a_row_that_could_not_run_names_what_the_learner_has() -> None:
    failed = Failed("time", "used more than 10 s")
    learner = Learner("ana", None, files={"a.yaml": Path("/subs/ana_1_2_a.yaml")})
    row = could_not_run(POD, learner, Path("/subs"), failed)
    assert (row.status, row.file) == ("error", "ana_1_2_a.yaml")
    assert row.message == "could not be graded in two attempts: used more than 10 s"
    assert could_not_run(POD, Learner("eve", None), Path("/subs"), failed).file is None
