"""Tests of `lab.folder`: names of learners become folders, and `lab.json` is read back or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.table import each_row
from trainer.content.vary import seed_of_learner
from trainer.errors import UsageError
from trainer.lab.folder import Lab, Member, members, read_lab, write_lab

HOSTILE = (
    "../../etc/passwd", "/etc", "..", ".", "-rf", "--help", "=1+1", "a\0b", "a\nb", "\u202eevil", "\ufe0f", "",
    "Müller", "Mu\u0308ller", "MÜLLER", "ann", "ann.db", "Ann.DB", "ann-db", "con", "x" * 300, "x" * 301, "李雷",
    "a'b\"c`d$e", "~root", "*", "given", "\udcff",
)  # fmt: skip


def test_every_name_gets_a_folder_of_its_own() -> None:
    folders = [one.folder for one in members(HOSTILE)]
    assert len({folder.casefold() for folder in folders}) == len(HOSTILE)
    for folder in folders:
        assert folder == Path(folder).name
        assert folder[0] not in "-.~= "
        assert not set(folder) & set("/\\\0\n'\"`$*<>|&;() \u202e\ufe0f")
        assert len(folder.encode()) <= 240
        assert not folder.casefold().endswith(".db")
    assert [one.folder for one in members(["Ann Lee", "j.doe@x.org", "Jörg", "ann.db"])] == [
        "Ann-Lee", "j.doe-x.org", "Jörg", "ann-db",
    ]  # fmt: skip


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    lab = Lab(("pod-ro",), (Member("Ann/Lee", "Ann-Lee", {"pod-ro": "ab12"}),), "T", 7)
    write_lab(tmp_path, lab)
    assert read_lab(tmp_path) == lab
    write_lab(tmp_path, Lab(("pod-ro",), tuple(members(HOSTILE[:-1]))))
    assert len(read_lab(tmp_path).learners) == len(HOSTILE) - 1


def test_seeds_are_those_of_the_batch() -> None:
    lab = Lab(("pod-ro",), ())
    assert lab.seed_for("Ann-Lee", "pod-ro") == seed_of_learner("Ann-Lee", "pod-ro")
    assert Lab((), (), seed=7).seed_for("Ann-Lee", "pod-ro") == 7
    assert Lab((), (), seed=0).seed_for("Ann-Lee", "pod-ro") == 0


GOOD = '{"schema": "cks-trainer.lab/1", "cards": ["a"], "learners": [{"name": "x", "folder": "%s"}]}'


@each_row(
    ("text", "message"),
    [
        ("", "truncated"),
        ("[]", "Expected `object`"),
        ("[" * 100_000, "lab.json"),
        ('{"schema": "cks-trainer.lab/2", "cards": [], "learners": []}', "Invalid enum value"),
        (GOOD % "../up", "isn't a name that `lab new` gives"),
        (GOOD % "..", "isn't a name"),
        (GOOD % "", "isn't a name"),
        (GOOD.replace('"a"', '"../a"') % "x", "'../a' isn't a name"),
        (GOOD.replace('"cards": ["a"], ', "") % "x", "missing required field `cards`"),
    ],
)
def test_what_is_not_a_lab(text: str, message: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "lab.json").write_text(text)
        with pytest.raises(UsageError, match=message.replace("(", "\\(")):
            read_lab(Path(folder))


def test_a_folder_without_a_lab(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"isn't a lab: .*lab\.json does not exist"):
        read_lab(tmp_path)
    (tmp_path / "lab.json").mkdir()
    with pytest.raises(UsageError, match="is a folder, not a file"):
        read_lab(tmp_path)
