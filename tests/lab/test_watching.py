"""Tests of `lab.watching`: results of every source, and learners' files that can't be read."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tests.lab.conftest import TINY, made
from trainer.config import load_settings
from trainer.errors import UsageError
from trainer.lab.board import Seen
from trainer.lab.watching import Watcher, merged
from trainer.progress.classroom import Result, add
from trainer.session import Session

ANSWERS = TINY / "solutions" / "runtime-security" / "tiny-pod"


class Clock:
    """A time that the test sets; files get it, too."""

    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    return made(tmp_path, ["Ann", "Bo", "Cy"], seed=0)


def save(lab: Path, learner: str, name: str, clock: Clock) -> Path:
    """An answer as another editor saves it."""
    file = lab / "answers" / learner / "tiny-pod" / "pod.yaml"
    file.write_bytes((ANSWERS / f"{name}.yaml").read_bytes())
    os.utime(file, (clock.now, clock.now))
    return file


def states(watcher: Watcher) -> list[str]:
    """The states of the first card, by learner."""
    return [line.cells[0].state for line in watcher.look().lines]


def test_answers_on_disk_are_graded_when_they_change(lab: Path, clock: Clock) -> None:
    watcher = Watcher(lab, patience=600, clock=clock)
    assert states(watcher) == ["none", "none", "none"]
    clock.now += 60
    file = save(lab, "Bo", "wrong-writable", clock)
    began = clock.now
    assert states(watcher) == ["none", "working", "none"]
    clock.now += 600
    cell = watcher.look().lines[1].cells[0]
    assert (cell.state, cell.check, cell.since, cell.points, cell.tries) == (
        "stuck",
        "read-only",
        began,
        2,
        1,
    )
    assert cell.says == "Every container has a read-only root filesystem"
    save(lab, "Bo", "reference", clock)
    assert states(watcher) == ["none", "passed", "none"]
    clock.now += 60
    os.utime(file, (5, 5))
    file.write_bytes((ANSWERS / "wrong-place.yaml").read_bytes())
    os.utime(file, (5, 5))
    assert states(watcher) == ["none", "working", "none"], "an older time than the look before"
    file.unlink()
    os.mkfifo(file)
    assert states(watcher)[1] == "unread"
    file.unlink()
    file.write_text("apiVersion: v1\nkind: Pod\n")
    assert states(watcher) == ["none", "none", "none"], "as it was delivered"


def test_a_database_and_the_class_are_read(lab: Path, clock: Clock) -> None:
    watcher = Watcher(lab, patience=600, clock=clock)
    session = Session.open(load_settings({"config": str(lab / "settings" / "Ann.toml")}, {}), clock=clock)
    card = session.card("tiny-pod")
    session.start(card)
    assert states(watcher) == ["begun", "none", "none"]
    save(lab, "Ann", "wrong-writable", clock)
    clock.now += 1
    session.grade(card)
    cell = watcher.look().lines[0].cells[0]
    assert (cell.state, cell.tries, cell.points) == ("working", 1, 2), "told by two, and not graded again"
    add(
        lab / "class/results.db",
        Result("Cy", "tiny-pod", clock.now, "graded", 0, 5, 5, True, {"exists": "pass"}),
    )
    add(lab / "class/results.db", Result("Cy", "tiny-space", clock.now))
    add(lab / "class/results.db", Result("Bo", "tiny-space", clock.now, "graded", 0, 1, 1, True))
    add(lab / "class/results.db", Result("Bo", "tiny-space", clock.now, "reset"))
    for stray in (("Eve", "tiny-pod", 0), ("Cy", "other", 0), ("Bo", "tiny-pod", 7)):
        add(lab / "class/results.db", Result(*stray[:2], clock.now, "graded", stray[2], 9, 9, True))
    board = watcher.look()
    assert [[cell.state for cell in line.cells] for line in board.lines] == [
        ["working", "none"],
        ["none", "begun"],
        ["passed", "begun"],
    ]
    assert board.troubles == ()
    clock.now += 60
    session.reset(card)
    assert states(watcher)[0] == "begun"
    clock.now += 60
    save(lab, "Ann", "reference", clock)
    session.grade(card)
    cell = watcher.look().lines[0].cells[0]
    assert (cell.state, cell.tries) == ("passed", 1)
    (lab / "answers" / "Ann.db").unlink()
    assert states(watcher)[0] == "passed", "what was read stays"
    session.close()


def test_what_cannot_be_read_hides_nobody_else(lab: Path, clock: Clock) -> None:
    save(lab, "Bo", "reference", clock)
    for name, data in (("Ann", b"no database" * 400), ("Cy", b"")):
        (lab / "answers" / f"{name}.db").write_bytes(data)
    (lab / "class" / "results.db").write_bytes(b"x" * 4096)
    (lab / "answers" / "Cy" / "tiny-space").rmdir()
    (lab / "answers" / "Cy" / "tiny-space").symlink_to("/")
    watcher = Watcher(lab, clock=clock)
    board = watcher.look()
    assert [line.cells[0].state for line in board.lines] == ["none", "passed", "none"]
    assert [one.rpartition("/")[2].partition(":")[0] for one in board.troubles] == [
        "results.db", "Ann.db", "Cy.db isn't a progress database",
    ]  # fmt: skip
    assert (lab / "answers" / "Ann.db").read_bytes() == b"no database" * 400
    (lab / "answers" / "Ann.db").unlink()
    (lab / "answers" / "Cy.db").unlink()
    sqlite3.connect(lab / "answers" / "Cy.db").close()
    assert len(watcher.look().troubles) == 2, "of Cy, told again; Ann's is gone"


def test_learners_see_nothing_of_each_other(lab: Path, clock: Clock) -> None:
    file = save(lab, "Bo", "wrong-writable", clock)
    file.write_text(
        file.read_text() + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: canary-5c}\n"
        "stringData: {password: canary-5c-password}\n"
    )
    board = Watcher(lab, clock=clock).look()
    assert "canary" not in str(board.json())
    assert "readOnlyRootFilesystem" not in str(board.json())


def test_what_is_not_a_lab(tmp_path: Path, lab: Path) -> None:
    with pytest.raises(UsageError, match="isn't a lab"):
        Watcher(tmp_path)
    (lab / "pack" / "tasks").rename(lab / "gone")
    with pytest.raises(UsageError, match="is not a card pack"):
        Watcher(lab)


def test_what_two_have_told_counts_once() -> None:
    one, other = Seen(10.0, 2, 5, checks={"a": "fail"}), Seen(11.0, 2, 5, checks={"a": "fail"})
    later = Seen(60.0, 2, 5, checks={"a": "fail"})
    best = Seen(11.5, 5, 5, True, {"a": "pass"})
    assert merged([later, other, one]) == [one, later]
    assert merged([one, best, other]) == [one, best]
