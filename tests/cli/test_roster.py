"""Rosters as teachers have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.cli.roster import read_roster
from trainer.errors import AnswerUnreadable, UsageError


def roster(tmp_path: Path, data: str | bytes) -> Path:
    file = tmp_path / "roster.csv"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


@pytest.mark.parametrize(
    ("text", "learners"),
    [
        ("alice\nbob\n", ["alice", "bob"]),
        ("learner\nalice\n", ["alice"]),
        ("Student ID,Name\ns1,Alice\ns2,Bob", ["s1", "s2"]),
        ("sis_login_id;x\r\ns1;1\r\n", ["s1"]),
        ("alice\tx\nbob\ty\n", ["alice", "bob"]),
        ("\ufeffalice,1\n\n  \n bob ,2\n", ["alice", "bob"]),
        ('"Müller, Ann",1\n', ["Müller, Ann"]),
        ('"two\nlines",1\n', ["two\nlines"]),
        ("namely\nbob\n", ["namely", "bob"]),
    ],
)
def test_the_first_column_names_the_learners(tmp_path: Path, text: str, learners: list[str]) -> None:
    assert read_roster(roster(tmp_path, text)) == (learners, [])


def test_doubles_are_told_and_counted_once(tmp_path: Path) -> None:
    assert read_roster(roster(tmp_path, "a\nb\na\n")) == (["a", "b"], ["a"])


def test_a_roster_without_learners(tmp_path: Path) -> None:
    for text in ("", "\n\n", "learner\n", ",x\n"):
        with pytest.raises(UsageError, match="no learner"):
            read_roster(roster(tmp_path, text))


def test_a_roster_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(AnswerUnreadable, match="does not exist"):
        read_roster(tmp_path / "none.csv")
    with pytest.raises(AnswerUnreadable, match=r"roster\.csv:2: not UTF-8"):
        read_roster(roster(tmp_path, b"alice\nJos\xe9\n"))
    with pytest.raises(UsageError, match=r"roster\.csv:\d"):
        read_roster(roster(tmp_path, 'a\n"b\n'))
