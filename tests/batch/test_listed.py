"""Submissions as a list."""

from __future__ import annotations

from contextlib import chdir
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.table import each_row
from trainer.batch.find import wanted
from trainer.batch.listed import read_list
from trainer.batch.pile import Learner
from trainer.errors import UsageError

CARDS = wanted({"pod-ro": ("pod.yaml",), "np-deny": ("policy.yaml",)})


def test_lines_and_objects(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    lines = [
        "bob\tpod-ro\tsome where/b.yaml\n",
        "",
        '{"learner": "ana", "card": "np-deny", "path": "x", "submitted_at": "2026-12-01T18:00Z"}',
        "ana\tpod-ro\ta.zip\t1700000000\r\n",
    ]
    with chdir(tmp_path):
        found = read_list(lines, CARDS)
        assert found.submissions.learners == (
            Learner("ana", None, {"np-deny": (tmp_path / "x",)}, {"pod-ro.zip": tmp_path / "a.zip"}),
            Learner("bob", None, files={"pod-ro.yaml": tmp_path / "some where/b.yaml"}),
        )
        listed = read_list(lines, CARDS, ["eve", "bob"])
    assert found.times == {
        ("ana", "np-deny"): datetime(2026, 12, 1, 18, tzinfo=UTC),
        ("ana", "pod-ro"): datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
    }
    assert found.submissions.layouts == {"list": 3}
    assert ([one.name for one in listed.submissions.learners], listed.submissions.strays) == (
        ["eve", "bob"],
        ("ana",),
    )


def test_the_later_line_counts_unless_times_say_otherwise() -> None:
    (one,) = read_list(["ana\tpod-ro\told.yaml", "ana\tpod-ro\tnew.yaml"], CARDS).submissions.learners
    assert (one.files["pod-ro.yaml"].name, one.older) == ("new.yaml", {"pod-ro": ("old.yaml",)})
    (one,) = read_list(
        ["ana\tpod-ro\tnew.yaml\t2000", "ana\tpod-ro\told.yaml\t1000"], CARDS
    ).submissions.learners
    assert (one.files["pod-ro.yaml"].name, one.older) == ("new.yaml", {"pod-ro": ("old.yaml",)})


@each_row(
    "line, why",
    [
        ("ana pod-ro a.yaml", "it has 1 cells"),
        ("ana\tpod-rw\ta.yaml", "pod-rw isn't a card of this batch"),
        ("\tpod-ro\ta.yaml", "no learner or no path"),
        ("ana\tpod-ro\t", "no learner or no path"),
        ("ana\tpod-ro\ta.yaml\tyesterday", "yesterday isn't a time"),
        ("ana\tpod-ro\ta\0.yaml", "NUL"),
        ("x" * 20_000, "too long"),
        ("{", "isn't such an object"),
        ('{"learner": "ana"}', "isn't such an object"),
        ('{"learner": 1, "card": "pod-ro", "path": "x"}', "isn't such an object"),
    ],
)
def test_what_cannot_be_used_is_told(line: str, why: str) -> None:
    found = read_list(["bob\tpod-ro\tb.yaml", line], CARDS).submissions
    assert len(found.learners) == 1
    (told,) = found.not_read
    assert told.startswith("line 2: ")
    assert why in told
    with pytest.raises(UsageError, match="no line that can be used; line 1"):
        read_list([line], CARDS)


def test_nothing_is_no_list() -> None:
    with pytest.raises(UsageError, match="the list is empty"):
        read_list(["", " \n"], CARDS)
