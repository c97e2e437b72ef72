"""The manifest of times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.table import each_row
from trainer.batch.submitted import read_times
from trainer.errors import AnswerUnreadable, UsageError

SIX = datetime(2026, 12, 1, 18, tzinfo=UTC)


def times(folder: Path, text: str) -> dict[tuple[str, str], datetime]:
    (folder / "times.csv").write_text(text)
    return dict(read_times(folder / "times.csv", timezone(timedelta(hours=1))))


@each_row(
    "text, found",
    [
        ("learner,card,submitted_at\nana,pod-ro,2026-12-01T18:00Z\n", {("ana", "pod-ro"): SIX}),
        ("name;mail;Time\nana;a@x;2026-12-01 19:00\nbob;;\n", {("ana", ""): SIX}),
        ("ana\tpod-ro\t2026-12-01T19:00+01:00\n\n", {("ana", "pod-ro"): SIX}),
        ("Jose\u0301,2026-12-01T18:00Z", {("Jos\u00e9", ""): SIX}),
        ("ana,2026-11-30\nana,2026-12-01T18:00Z\nana,2026-11-29", {("ana", ""): SIX}),
        ("", {}),
    ],
)
def test_forms(tmp_path: Path, text: str, found: dict[tuple[str, str], datetime]) -> None:
    assert times(tmp_path, text) == found


@each_row(
    "text, said",
    [("ana,soon", "isn't a time"), ("learner,card,time\nana,x", "too few"), ('"a', "unexpected end")],
)
def test_a_line_that_says_no_time_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        times(tmp_path, text)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(AnswerUnreadable, match="does not exist"):
        read_times(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes(b"m\xfcller,2026-12-01")
    with pytest.raises(AnswerUnreadable, match="not UTF-8"):
        read_times(tmp_path / "latin.csv")
