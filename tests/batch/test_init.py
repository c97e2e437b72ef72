"""A folder of answers: a row for every learner and card, whatever is submitted."""

from __future__ import annotations

import hashlib
import json
import os
import socket
from contextlib import chdir
from pathlib import Path

import pytest

from tests.samples import first_of
from trainer.batch import Row, grade_all, row_for, row_id
from trainer.batch.find import wanted
from trainer.batch.learners import Learner, find_learners
from trainer.content.card import Card
from trainer.content.catalogue import find_card
from trainer.content.locate import builtin_pack, pack_at
from trainer.errors import NotJudged
from trainer.isolate import Limits
from trainer.rules import load_rule

PACK = pack_at(Path(__file__).parents[1] / "fixtures" / "pack-mini")
POD = find_card("tiny-pod", PACK)
SPACE = find_card("tiny-space", PACK)
REFERENCE = PACK.solutions / "runtime-security" / "tiny-pod" / "reference.yaml"


def hand_in(place: Path, data: bytes | None = None) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(REFERENCE.read_bytes() if data is None else data)
    return place


def row_of(name: str, subs: Path, card: Card = POD) -> Row:
    return row_for(card, Learner(name, subs / name), subs)


def test_a_graded_row(tmp_path: Path) -> None:
    hand_in(tmp_path / "alice" / "tiny-pod.yaml")
    row = row_of("alice", tmp_path)
    line = json.loads(row.json_line())
    assert line["verdict"].pop("checks")
    data = REFERENCE.read_bytes()
    assert line.pop("answer") == hashlib.sha256(b"tiny-pod.yaml\0%d\0" % len(data) + data).hexdigest()
    assert line.pop("id") == "2cf2c940bf0e5908" == row_id("alice", "tiny-pod")
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
            "seed": 0,
            "passed": True,
            "points": 5,
            "max_points": 5,
            "problems": [],
            "refused": [],
        },
        "message": "",
        "seed": 0,
        "submitted_at": None,
        "late": None,
        "penalty": 0.0,
        "final_points": 5.0,
        "not_counted": [],
        "not_read": [],
    }


def test_a_failed_check_has_its_picture_only_when_asked(tmp_path: Path) -> None:
    pack = builtin_pack()
    card = find_card("np-and-or", pack)
    wrong = pack.solutions / "cluster-setup" / "np-and-or" / "wrong-any-namespace.yaml"
    hand_in(tmp_path / "bob" / "np-and-or.yaml", wrong.read_bytes())
    learner = Learner("bob", tmp_path / "bob")
    plain = json.loads(row_for(card, learner, tmp_path).verdict)
    (drawn,) = grade_all([learner], [card], pack, submissions=tmp_path, effects=True)
    verdict = json.loads(drawn.verdict)
    pictures = verdict.pop("effect")
    assert verdict == plain
    failed = {check["id"] for check in plain["checks"] if check["status"] == "fail"}
    assert {one["check"] for one in pictures} <= failed
    assert any(cell["state"] == "wrong" for one in pictures for row in one["rows"] for cell in row["cells"])


NOTHING = "no answer: the learner's folder is empty"


@pytest.mark.parametrize("answered", [False, True])
def test_nothing_in_a_row_acts(tmp_path: Path, answered: bool) -> None:
    name = os.fsdecode(b"bo\xffb\x1b[2J\n")
    hand_in(tmp_path / name / "tiny-pod\x1b[2J.md", b"")
    if answered:
        hand_in(tmp_path / name / "tiny-pod.yaml")
        hand_in(tmp_path / name / "tiny-pod.yml")
    row = row_of(name, tmp_path)
    assert row.learner == "bo\\udcffb\\x1b[2J\\n"
    assert row.message, "it says what isn't read"
    assert all(text.isprintable() for text in (row.learner, row.file or "", row.message))
    assert json.loads(row.json_line())["learner"] == row.learner


def test_a_missing_row(tmp_path: Path) -> None:
    (tmp_path / "alice").mkdir()
    row = row_of("alice", tmp_path)
    assert row == Row(
        "alice", "tiny-pod", "missing", False, 0, 5, None, b"null", NOTHING, id=row_id("alice", "tiny-pod")
    )
    assert json.loads(row.json_line())["verdict"] is None
    assert row_for(POD, Learner("bob", None), tmp_path).message == "the learner's folder is missing"


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
    rows = {name: row_of(name, tmp_path) for name in ("alice", "bob", "carol", "dave", "erin", "frank")}
    assert {name: row.status for name, row in rows.items()} == {
        "alice": "unreadable",
        "bob": "unreadable",
        "carol": "unreadable",
        "dave": "unreadable",
        "erin": "unreadable",
        "frank": "unreadable",
    }
    assert rows["alice"].file == "alice/tiny-pod.yaml"
    assert "0xff on line 1" in rows["alice"].message
    assert "two answers: bob/tiny-pod and bob/tiny-pod.yaml" in rows["bob"].message
    assert "is a pipe" in rows["carol"].message
    assert "a link leads out of the submissions" in rows["dave"].message
    assert all(str(tmp_path) not in row.message for row in rows.values())


def test_a_learner_folder_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    hand_in(tmp_path / "elsewhere" / "tiny-pod.yaml")
    (tmp_path / "subs").mkdir()
    (tmp_path / "subs" / "mallory").symlink_to(tmp_path / "elsewhere")
    row = row_of("mallory", tmp_path / "subs")
    assert (row.status, row.passed) == ("unreadable", False)
    assert "leads out" in row.message


def test_rows_come_for_everyone_in_order(tmp_path: Path) -> None:
    names = [f"learner-{number:03}" for number in range(40)]
    for name in names[::2]:
        hand_in(tmp_path / name / "tiny-pod.yaml")
    rows = list(
        grade_all(
            find_learners(tmp_path, names).learners, [POD, SPACE], PACK, submissions=tmp_path, workers=2
        )
    )
    assert [(row.learner, row.card) for row in rows] == [
        (name, card) for name in names for card in ("tiny-pod", "tiny-space")
    ]
    assert sum(row.passed for row in rows) == 20
    assert {row.status for row in rows if row.card == "tiny-space"} == {"missing"}


DYING = """
import os, signal, pathlib, trainer.batch

def grade_one(*arguments):
    name = os.fsdecode(arguments[2][0])
    marker = pathlib.Path(__file__).with_name(name)
    if name == "always":
        os._exit(9)
    if name == "once" and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "raises":
        raise ValueError("hunter2")
    return trainer.batch.grade_one(*arguments)
"""


@pytest.fixture
def dying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Submissions whose learners' names say what happens to their worker."""
    helper = tmp_path / "path" / "dying.py"
    helper.parent.mkdir()
    helper.write_text(DYING)
    monkeypatch.syspath_prepend(str(helper.parent))
    monkeypatch.setattr("trainer.batch.__name__", "dying")
    for name in ("alice", "always", "bob", "once", "raises", "zoe"):
        hand_in(tmp_path / "subs" / name / "tiny-pod.yaml")
    return tmp_path / "subs"


@pytest.mark.parametrize("workers", first_of([2, 1]))
def test_an_answer_that_cannot_be_graded_is_ours(dying: Path, workers: int) -> None:
    """A worker that dies again is an error; one that was killed by something else changes nothing."""
    learners = find_learners(dying).learners
    patient = Limits(seconds=300, patience=300)
    rows = list(grade_all(learners, [POD], PACK, submissions=dying, workers=workers, limits=patient))
    assert [(row.learner, row.status, row.points) for row in rows] == [
        ("alice", "graded", 5),
        ("always", "error", 0),
        ("bob", "graded", 5),
        ("once", "graded", 5),
        ("raises", "error", 0),
        ("zoe", "graded", 5),
    ]
    assert (rows[1].max_points, rows[1].file) == (5, "always")
    assert rows[1].message == "could not be graded in two attempts: the worker ended with code 9"
    assert rows[4].message == "could not be graded because of a fault in cks-trainer: ValueError"
    for row in (rows[1], rows[4]):
        assert {check["status"] for check in json.loads(row.verdict)["checks"]} == {"error"}
        assert b"hunter2" not in row.json_line()


def test_a_check_that_could_not_run_makes_the_row_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its points aren't final, as `grade` says by its exit code."""

    def broken(*_: object) -> None:
        raise NotJudged("a loop")

    hand_in(tmp_path / "alice" / "tiny-pod.yaml")
    monkeypatch.setattr(load_rule("fields"), "judge", broken)
    row = row_of("alice", tmp_path)
    assert (row.status, row.passed) == ("error", False)
    assert "This check could not run: not judged: a loop" in row.message
    assert json.loads(row.verdict)["checks"]


def test_secret_values_do_not_reach_a_row(tmp_path: Path) -> None:
    text = REFERENCE.read_text().replace("name: tiny\n", "name: hunter2-hunter2\n", 1)
    text += "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: sun}\n"
    text += "stringData: {key: hunter2-hunter2}\n"
    hand_in(tmp_path / "alice" / "tiny-pod.yaml", text.encode())
    row = row_of("alice", tmp_path)
    assert (row.status, row.passed) == ("graded", False)
    assert b"REDACTED" in row.verdict
    assert b"hunter2" not in row.json_line()


def test_a_screenshot_beside_the_answer_is_a_note(tmp_path: Path) -> None:
    hand_in(tmp_path / "ann" / POD.id / "pod.yaml")
    hand_in(tmp_path / "ann" / POD.id / "screenshot.png", b"\x89PNG\xff\x00")
    row = row_of("ann", tmp_path)
    assert (row.status, row.passed) == ("graded", True)
    assert b"screenshot.png was not read." in row.verdict


def test_only_given_files_are_no_answer(tmp_path: Path) -> None:
    hand_in(tmp_path / "ann" / POD.id / "given" / "cluster.yaml")
    assert row_of("ann", tmp_path).status == "missing"


def test_a_failure_says_its_first_reason(tmp_path: Path) -> None:
    text = REFERENCE.read_text()
    hand_in(tmp_path / "ann" / "tiny-pod" / "pod.yaml", text.replace("true", "false").encode())
    hand_in(tmp_path / "bob" / "tiny-pod" / "pod.yaml", text.replace("metadata:", "metdata:").encode())
    hand_in(tmp_path / "eve" / "tiny-pod" / "pod.yaml")
    assert row_of("ann", tmp_path).message.startswith("pod.yaml:")
    assert "readOnlyRootFilesystem" in row_of("ann", tmp_path).message
    assert "metdata" in row_of("bob", tmp_path).message
    assert row_of("eve", tmp_path).message == ""


def hostile(subs: Path) -> dict[str, tuple[str, str]]:
    """Learners whose folders are odd in one way each: the status of the row, and words of its message."""
    deep = subs / "deep" / "tiny-pod" / "/".join("d" * 200 for _ in range(15))
    deep.mkdir(parents=True)
    for name in (os.fsdecode(b"m\xfcller"), "a\nb", "x" * 255, "zoe", "=1+1"):
        hand_in(subs / name / "tiny-pod.yaml")
    for name in (
        "empty",
        "fifo",
        "socket",
        "loop",
        "loop-in",
        "gone",
        "nul",
        "many",
        "away",
        "device",
        "bad",
    ):
        (subs / name).mkdir()
    os.mkfifo(subs / "fifo" / "tiny-pod.yaml")
    with socket.socket(socket.AF_UNIX) as bound, chdir(subs / "socket"):
        bound.bind("tiny-pod.yaml")
    (subs / "loop" / "tiny-pod.yaml").symlink_to("tiny-pod.yaml")
    (subs / "loop-in" / "tiny-pod").mkdir()
    (subs / "loop-in" / "tiny-pod" / "pod.yaml").symlink_to("../tiny-pod/pod.yaml")
    (subs / "gone" / "tiny-pod.yaml").symlink_to("nowhere.yaml")
    (subs / "self").symlink_to("self")
    (subs / "dangling").symlink_to("nobody")
    (subs / "away" / "tiny-pod").symlink_to("/etc")
    (subs / "device" / "tiny-pod.yaml").symlink_to("/dev/zero")
    hand_in(subs / "nul" / "tiny-pod.yaml", b"\x00" * 100)
    hand_in(subs / "bad" / "tiny-pod.yaml", b"\xff")
    for number in range(150):
        hand_in(subs / "many" / "tiny-pod" / f"{number}.yaml")
    return {
        "=1+1": ("graded", ""),
        "a\\nb": ("graded", ""),
        "away": ("unreadable", "leads out"),
        "bad": ("unreadable", "not valid UTF-8"),
        "dangling": ("unreadable", "is a link"),
        "deep": ("unreadable", "folders deep"),
        "device": ("unreadable", "leads out"),
        "empty": ("missing", "empty"),
        "fifo": ("unreadable", "is a pipe"),
        "gone": ("unreadable", "link"),
        "loop": ("unreadable", "link"),
        "loop-in": ("unreadable", "link"),
        "many": ("unreadable", "more than 100 files"),
        "m\\udcfcller": ("graded", ""),
        "nul": ("graded", ""),
        "self": ("unreadable", "is a link"),
        "socket": ("unreadable", "is a socket"),
        "x" * 255: ("graded", ""),
        "zoe": ("graded", ""),
    }


def test_nothing_about_one_learner_changes_the_row_of_another(tmp_path: Path) -> None:
    expected = hostile(tmp_path)
    rows = list(grade_all(find_learners(tmp_path).learners, [POD], PACK, submissions=tmp_path, workers=2))
    found = {row.learner: row for row in rows}
    assert {name: row.status for name, row in found.items()} == {
        name: status for name, (status, _) in expected.items()
    }
    assert len(rows) == len(found)
    for name, (_, words) in expected.items():
        assert words in found[name].message, name
        assert str(tmp_path) not in found[name].message
    assert all(found[name].passed for name in ("zoe", "a\\nb", "m\\udcfcller", "x" * 255))
    assert all(row.json_line() for row in rows)


@pytest.mark.parametrize(
    "error", [PermissionError(13, "Permission denied"), FileNotFoundError(2, "gone"), OSError(36, "too long")]
)
@pytest.mark.parametrize("where", ["trainer.batch.look.find_answer", "trainer.manifests.answer.read_answer"])
def test_what_the_system_says_about_files_is_the_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, error: OSError
) -> None:
    def refuses(*_: object) -> None:
        error.filename = str(tmp_path / "ann" / "tiny-pod.yaml")
        raise error

    hand_in(tmp_path / "ann" / "tiny-pod.yaml")
    monkeypatch.setattr(where, refuses)
    row = row_of("ann", tmp_path)
    assert (row.status, row.file) == ("unreadable", "ann/tiny-pod.yaml")
    assert row.message == f"ann/tiny-pod.yaml cannot be read: {error.strerror}"


def test_what_the_system_says_while_grading_is_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file of the trainer, say: not the learner's fault, so not `unreadable`."""

    def refuses(*_: object) -> None:
        raise FileNotFoundError(2, "No such file", "schema.json")

    hand_in(tmp_path / "ann" / "tiny-pod.yaml")
    monkeypatch.setattr("trainer.grading.grade.grade", refuses)
    with pytest.raises(FileNotFoundError):
        row_of("ann", tmp_path)


def test_what_a_batch_writes_about_secrets_tells_nothing_of_them(tmp_path: Path) -> None:
    text = REFERENCE.read_text().replace("name: tiny\n", "name: hunter2-hunter2\n", 1)
    text += "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: sun}\n"
    text += "stringData: {key: hunter2-hunter2}\n"
    hand_in(tmp_path / "alice" / "tiny-pod.yaml", text.encode())
    one, other = (
        next(grade_all(find_learners(tmp_path).learners, [POD], PACK, submissions=tmp_path)).verdict
        for _ in range(2)
    )
    assert b"REDACTED" in one
    assert one == other


@pytest.mark.parametrize("place", ["policy/alice/pod.yaml", "tiny-pod/alice.yaml", "alice/pod.yaml"])
def test_a_whole_batch_in_another_layout(tmp_path: Path, place: str) -> None:
    card_folder = place.replace("policy", "tiny-pod")
    hand_in(tmp_path / card_folder)
    cards = wanted({"tiny-pod": POD.files, "tiny-space": SPACE.files})
    learners = find_learners(tmp_path, None, cards).learners
    (row, other) = grade_all(learners, [POD, SPACE], PACK, submissions=tmp_path)
    assert (row.learner, row.status, row.passed) == ("alice", "graded", True)
    assert row.file == card_folder.replace(
        "alice/pod.yaml", "alice" if "tiny" in card_folder else "alice/pod.yaml"
    )
    assert other.status == "missing"
