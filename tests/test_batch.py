"""A folder of answers: a row for every learner and card, whatever is submitted."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from trainer.batch import Learner, Row, find_answer, find_learners, grade_all, row_for
from trainer.content.catalogue import find_card
from trainer.content.locate import pack_at
from trainer.errors import AnswerUnreadable
from trainer.isolate import Limits

PACK = pack_at(Path(__file__).parent / "fixtures" / "pack-mini")
POD = find_card("tiny-pod", PACK)
SPACE = find_card("tiny-space", PACK)
REFERENCE = PACK.solutions / "runtime-security" / "tiny-pod" / "reference.yaml"


def hand_in(place: Path, data: bytes | None = None) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(REFERENCE.read_bytes() if data is None else data)
    return place


def test_learners_are_the_visible_folders(tmp_path: Path) -> None:
    for name in ("bob", "alice", ".git"):
        (tmp_path / name).mkdir()
    (tmp_path / "readme.txt").write_text("")
    assert find_learners(tmp_path) == [Learner("alice", tmp_path / "alice"), Learner("bob", tmp_path / "bob")]


def test_the_roster_orders_and_names_them(tmp_path: Path) -> None:
    for name in ("bob", "alice", "Jose\u0301"):
        (tmp_path / name).mkdir()
    found = find_learners(tmp_path, ["Jos\u00e9", "carol", "bob", "../alice"])
    assert found == [
        Learner("Jos\u00e9", tmp_path / "Jose\u0301"),
        Learner("carol", None),
        Learner("bob", tmp_path / "bob"),
        Learner("../alice", None),
    ]


def test_submissions_that_are_no_folder(tmp_path: Path) -> None:
    with pytest.raises(AnswerUnreadable, match="No such file"):
        find_learners(tmp_path / "none")


@pytest.mark.parametrize(
    "place", ["tiny-pod.yaml", "tiny-pod.yml", "tiny-pod.json", "tiny-pod/any/name.yaml"]
)
def test_an_answer_is_a_folder_or_a_file(tmp_path: Path, place: str) -> None:
    hand_in(tmp_path / "alice" / place)
    found = find_answer(tmp_path / "alice", "tiny-pod", tmp_path)
    assert found == tmp_path / "alice" / place.split("/", maxsplit=1)[0]


def test_an_empty_folder_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "alice" / "tiny-pod" / "deep").mkdir(parents=True)
    hand_in(tmp_path / "alice" / "tiny-pod" / ".DS_Store")
    assert find_answer(tmp_path / "alice", "tiny-pod", tmp_path) is None


def test_a_graded_row(tmp_path: Path) -> None:
    hand_in(tmp_path / "alice" / "tiny-pod.yaml")
    row = row_for(POD, "alice", tmp_path / "alice", tmp_path)
    line = json.loads(row.json_line())
    assert line["verdict"].pop("checks")
    assert line == {
        "schema": "cks-trainer.result/1",
        "learner": "alice",
        "card": "tiny-pod",
        "status": "graded",
        "passed": True,
        "points": 5,
        "max_points": 5,
        "file": "alice/tiny-pod.yaml",
        "verdict": {
            "schema": "cks-trainer.verdict/1",
            "card": "tiny-pod",
            "passed": True,
            "points": 5,
            "max_points": 5,
            "problems": [],
            "refused": [],
        },
        "message": "",
    }


def test_a_missing_row(tmp_path: Path) -> None:
    (tmp_path / "alice").mkdir()
    row = row_for(POD, "alice", tmp_path / "alice", tmp_path)
    assert row == Row("alice", "tiny-pod", "missing", False, 0, 5, None, b"null", "no answer")
    assert json.loads(row.json_line())["verdict"] is None
    assert row_for(POD, "bob", None, tmp_path).message == "the learner's folder is missing"


def test_unreadable_rows_say_why(tmp_path: Path) -> None:
    hand_in(tmp_path / "alice" / "tiny-pod.yaml", b"\xff")
    hand_in(tmp_path / "bob" / "tiny-pod.yaml")
    hand_in(tmp_path / "bob" / "tiny-pod" / "pod.yaml")
    (tmp_path / "carol").mkdir()
    os.mkfifo(tmp_path / "carol" / "tiny-pod.yaml")
    (tmp_path / "dave").mkdir()
    (tmp_path / "dave" / "tiny-pod.yaml").symlink_to("/etc/hostname")
    (tmp_path / "erin").symlink_to("/etc")
    (tmp_path / "frank").mkdir()
    (tmp_path / "frank" / "tiny-pod.yaml").mkdir()
    rows = {
        name: row_for(POD, name, tmp_path / name, tmp_path)
        for name in ("alice", "bob", "carol", "dave", "erin", "frank")
    }
    assert {name: row.status for name, row in rows.items()} == {
        "alice": "unreadable",
        "bob": "unreadable",
        "carol": "unreadable",
        "dave": "unreadable",
        "erin": "missing",
        "frank": "unreadable",
    }
    assert rows["alice"].file == "alice/tiny-pod.yaml"
    assert "0xff on line 1" in rows["alice"].message
    assert "two answers: tiny-pod and tiny-pod.yaml" in rows["bob"].message
    assert "is a pipe" in rows["carol"].message
    assert "a link leads out of the submissions" in rows["dave"].message
    assert all(str(tmp_path) not in row.message for row in rows.values())


def test_a_learner_folder_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    hand_in(tmp_path / "elsewhere" / "tiny-pod.yaml")
    (tmp_path / "subs").mkdir()
    (tmp_path / "subs" / "mallory").symlink_to(tmp_path / "elsewhere")
    row = row_for(POD, "mallory", tmp_path / "subs" / "mallory", tmp_path / "subs")
    assert (row.status, row.passed) == ("unreadable", False)
    assert "leads out" in row.message


def test_rows_come_for_everyone_in_order(tmp_path: Path) -> None:
    names = [f"learner-{number:03}" for number in range(40)]
    for name in names[::2]:
        hand_in(tmp_path / name / "tiny-pod.yaml")
    rows = list(
        grade_all(find_learners(tmp_path, names), [POD, SPACE], PACK, submissions=tmp_path, workers=2)
    )
    assert [(row.learner, row.card) for row in rows] == [
        (name, card) for name in names for card in ("tiny-pod", "tiny-space")
    ]
    assert sum(row.passed for row in rows) == 20
    assert {row.status for row in rows if row.card == "tiny-space"} == {"missing"}


def test_an_answer_that_cannot_be_graded_is_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that dies is an error of every check, and the next answer is graded."""
    helper = tmp_path / "path" / "dying.py"
    helper.parent.mkdir()
    helper.write_text(
        "import os\nimport trainer.batch\n"
        "def grade_one(*arguments):\n"
        "    if arguments[2] == 'bob':\n        os._exit(9)\n"
        "    return trainer.batch.grade_one(*arguments)\n"
    )
    monkeypatch.syspath_prepend(str(helper.parent))
    monkeypatch.setattr("trainer.batch.__name__", "dying")
    for name in ("alice", "bob", "carol"):
        hand_in(tmp_path / "subs" / name / "tiny-pod.yaml")
    subs = tmp_path / "subs"
    rows = list(grade_all(find_learners(subs), [POD], PACK, submissions=subs, limits=Limits(seconds=30)))
    assert [row.passed for row in rows] == [True, False, True]
    assert (rows[1].status, rows[1].points, rows[1].max_points) == ("graded", 0, 5)
    assert "ended with code 9" in rows[1].message
    checks = json.loads(rows[1].verdict)["checks"]
    assert {check["status"] for check in checks} == {"error"}


def test_secret_values_do_not_reach_a_row(tmp_path: Path) -> None:
    text = REFERENCE.read_text().replace("name: tiny\n", "name: hunter2-hunter2\n", 1)
    text += "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: sun}\n"
    text += "stringData: {key: hunter2-hunter2}\n"
    hand_in(tmp_path / "alice" / "tiny-pod.yaml", text.encode())
    row = row_for(POD, "alice", tmp_path / "alice", tmp_path, b"salt")
    assert (row.status, row.passed) == ("graded", False)
    assert b"redacted-" in row.verdict
    assert b"hunter2" not in row.json_line()


def test_a_screenshot_beside_the_answer_is_a_note(tmp_path: Path) -> None:
    hand_in(tmp_path / "ann" / POD.id / "pod.yaml")
    hand_in(tmp_path / "ann" / POD.id / "screenshot.png", b"\x89PNG\xff\x00")
    row = row_for(POD, "ann", tmp_path / "ann", tmp_path)
    assert (row.status, row.passed) == ("graded", True)
    assert b"screenshot.png was not read." in row.verdict


def test_only_given_files_are_no_answer(tmp_path: Path) -> None:
    hand_in(tmp_path / "ann" / POD.id / "given" / "cluster.yaml")
    assert row_for(POD, "ann", tmp_path / "ann", tmp_path).status == "missing"
