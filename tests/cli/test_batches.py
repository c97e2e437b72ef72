"""What the commands of a batch share."""

from __future__ import annotations

import errno
from collections import Counter
from pathlib import Path

import pytest

from trainer.batch import Graded, Row
from trainer.batch.journal import Run as BatchRun
from trainer.cli.base import Run
from trainer.cli.batches import Written, finish, formats_of, more_formats, names_of, write_rows, writing_to
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


def test_rows_with_an_error_make_the_exit_code_5_once(capsys: pytest.CaptureFixture[str]) -> None:
    """When the shards are merged, not for each shard, which a scheduler would run again."""
    counts = Counter({"graded": 2, "error": 1})
    assert [finish(Run(), Written(counts, ("f",), is_part=part), {}, {}) for part in (False, True)] == [5, 0]
    assert finish(Run(), Written(Counter(graded=2), ("f",)), {}, {}) == 0
    assert capsys.readouterr().out == "f\n" * 3


def test_what_the_system_says_is_about_the_results() -> None:
    with pytest.raises(AnswerUnreadable, match="out: No space left"), writing_to(Path("out")):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_names_and_formats() -> None:
    assert names_of(" a,b,,a ", "--cards") == ["a", "b"]
    assert formats_of("csv,jsonl") == ["csv", "jsonl"]
    assert "csv,jsonl" in more_formats("csv,j")
    with pytest.raises(UsageError, match="--format is empty"):
        formats_of(" , ")
