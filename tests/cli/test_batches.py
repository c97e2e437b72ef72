"""What the commands of a batch share."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from trainer.batch import Graded, Row
from trainer.batch.journal import Run as BatchRun
from trainer.cli.batches import formats_of, more_formats, names_of, write_rows, writing_to
from trainer.errors import AnswerUnreadable, UsageError

ROWS = [
    Graded(0, Row("ann", "pod", "graded", True, 1, 1, "ann", b"null")),
    Graded(3, Row("bob", "pod", "missing", False, 0, 1, None, b"null")),
]


def test_rows_go_to_results_or_to_the_file_of_their_shard(tmp_path: Path) -> None:
    run = BatchRun("1", {"pod": "x"}, "[]", rows=2)
    written = write_rows(ROWS, tmp_path, run, ["csv"], 2)
    assert (dict(written.counts), written.files) == (
        {"graded": 1, "passed": 1, "missing": 1},
        (str(tmp_path / "results.csv"),),
    )
    shard = BatchRun("1", {"pod": "x"}, "[]", rows=2, shard=1, shards=3)
    assert write_rows(ROWS, tmp_path, shard, ["csv"], 2).files == (str(tmp_path / "shard-1-of-3.rows"),)


def test_what_the_system_says_is_about_the_results() -> None:
    with pytest.raises(AnswerUnreadable, match="out: No space left"), writing_to(Path("out")):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_names_and_formats() -> None:
    assert names_of(" a,b,,a ", "--cards") == ["a", "b"]
    assert formats_of("csv,jsonl") == ["csv", "jsonl"]
    assert "csv,jsonl" in more_formats("csv,j")
    with pytest.raises(UsageError, match="--format is empty"):
        formats_of(" , ")
