"""What `batch` is handed, through the command: archives, exports of platforms, lists, deadlines, and attacks."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.batch.hostile_archives import AWAY, CANARY, archives, tarred, zipped
from tests.table import each_row
from trainer.cli.handed_in import Deadline, deadline
from trainer.errors import UsageError

Cks = Callable[..., Any]
RIGHT = (
    Path(__file__).parents[1] / "fixtures/pack-mini/solutions/runtime-security/tiny-pod/reference.yaml"
).read_bytes()
WRONG = RIGHT.replace(b"true", b"false")


def rows(cks: Cks, submissions: object, out: Path, *options: object) -> dict[str, dict[str, Any]]:
    chosen = options if "--card" in options else ("--cards", "tiny-pod", *options)
    ran = cks("batch", submissions, "--out", out, "--format", "jsonl", "--jobs", "1", *chosen)
    assert ran.code == 0, ran.err
    lines = (out / "results.jsonl").read_text().splitlines()
    found = {row["learner"]: row for row in map(json.loads, lines)}
    assert len(found) == len(lines)
    assert all(line.isprintable() for line in lines)
    return found


@pytest.mark.trial
@pytest.mark.usefixtures("private", "in_this_process")
def test_hostile_archives_are_rows(cks: Cks, tmp_path: Path) -> None:
    """Each learner's archive has the row that it is to have, in a class of all of them."""
    corpus = archives(RIGHT)
    subs = tmp_path / "a" / "b" / "c" / "subs"
    for name, one in corpus.items():
        (subs / name).mkdir(parents=True)
        (subs / name / f"homework{one.ending}").write_bytes(one.data)
    before = sorted(path for path in tmp_path.rglob("*"))
    found = rows(cks, subs, tmp_path / "out")
    assert {name: row["status"] for name, row in found.items()} == {
        name: one.status for name, one in corpus.items()
    }
    for name, one in corpus.items():
        assert one.words in found[name]["message"], name
        assert found[name]["passed"] is (one.status == "graded"), name
        assert str(tmp_path) not in json.dumps(found[name]), name
    written = set(tmp_path.rglob("*")) - set(before)
    assert {path.name for path in written} == {"out", "results.jsonl"}
    assert not Path(AWAY, CANARY).exists()


@pytest.mark.usefixtures("private", "in_this_process")
def test_hostile_archives_of_a_class(cks: Cks, tmp_path: Path) -> None:
    """As SUBMISSIONS itself: a result, or one error of the command; never anything else."""
    corpus = archives(RIGHT)
    for name in ("zip-slip", "tar-link", "encrypted", "case", "truncated", "zip-overlap"):
        one, out = corpus[name], tmp_path / name
        (tmp_path / f"{name}{one.ending}").write_bytes(one.data)
        ran = cks(
            "batch", tmp_path / f"{name}{one.ending}", "--card", "tiny-pod", "--out", out, "--jobs", "1"
        )
        assert ran.code in (0, 4), name
        assert one.words in ran.err, name
        assert out.exists() is (ran.code == 0), name


MOODLE = "_assignsubmission_file_/"


@pytest.mark.usefixtures("private", "in_this_process")
def test_an_export_of_moodle(cks: Cks, tmp_path: Path) -> None:
    """A class as it is: spaces, umlauts, Windows, macOS, Word, two of one name, archives, a wrong file."""
    members = [
        (f"Anna M\u00fcller_101{MOODLE}pod.yaml", RIGHT),
        (f"Bea O'Neil_102{MOODLE}pod (1).yaml", RIGHT.replace(b"\n", b"\r\n")),
        (f"Carl_103{MOODLE}a.zip", zipped(("Abgabe Carl/pod.yaml", RIGHT.decode().encode("utf-16")), ("__MACOSX/._x", b""))),
        (f"Dan_104{MOODLE}pod.yaml.txt", b"\xef\xbb\xbf" + WRONG),
        (f"Dan_104{MOODLE}report.pdf", b"%PDF"),
        (f"Eva_105{MOODLE}lab.rar", b"Rar!\x1a\x07\x01\x00"),
        (f"Eva_106{MOODLE}outer.zip", zipped(("inner.zip", zipped(("tiny-pod.yaml", RIGHT))))),
        ("Fay_107_assignsubmission_onlinetext_/onlinetext.html", b"<p>kind: Pod</p>"),
        (f"Gus_108{MOODLE}Thumbs.db", b"x"),
        (".DS_Store", b"x"),
        ("grades.csv", b"x"),
    ]  # fmt: skip
    statuses = {
        "Anna M\u00fcller": ("graded", True),
        "Bea O'Neil": ("graded", True),
        "Carl": ("graded", True),
        "Dan": ("graded", False),
        "Eva_105": ("unreadable", False),
        "Eva_106": ("graded", True),
        "Fay": ("missing", False),
        "Gus": ("missing", False),
    }
    flat = [(name.replace("_/", "_"), data) for name, data in members]
    for number, (packed, options) in enumerate(
        [(zipped(*members), ()), (gzip.compress(tarred(*flat)), ()), (zipped(*flat), ("--card", "tiny-pod"))]
    ):
        name = f"class.{'tgz' if number == 1 else 'zip'}"
        (tmp_path / name).write_bytes(packed)
        found = rows(cks, tmp_path / name, tmp_path / "out", *options)
        assert {one: (row["status"], row["passed"]) for one, row in found.items()} == statuses, number
        assert found["Dan"]["not_read"] == ["report.pdf"]
        assert "read pod.yaml.txt as pod.yaml" in found["Dan"]["message"]
        assert "lab.rar is a RAR archive" in found["Eva_105"]["message"]
        assert "is online text; submit a file" in found["Fay"]["message"]


@pytest.mark.usefixtures("private", "in_this_process")
def test_an_export_of_canvas(cks: Cks, tmp_path: Path) -> None:
    members = [
        ("m\u00fcllerj\u00f6rg_11_901_pod.yaml", WRONG),
        ("m\u00fcllerj\u00f6rg_11_905_pod-1.yaml", RIGHT),
        ("doejohn_LATE_12_902_tiny-pod.yaml", RIGHT),
        ("smithbob_13_910_My Work.zip", zipped(("My Work/pod.yaml", RIGHT))),
        ("xu_14_text.html", b"<p>"),
    ]
    (tmp_path / "submissions.zip").write_bytes(zipped(*members))
    (tmp_path / "roster.csv").write_text('name\n"M\u00fcller, J\u00f6rg"\n12\nxu\nnobody\n')
    for options in ((), ("--card", "tiny-pod")):
        found = rows(
            cks, tmp_path / "submissions.zip", tmp_path / "out", "--roster", tmp_path / "roster.csv", *options
        )
        assert {name: (row["status"], row["late"]) for name, row in found.items()} == {
            "M\u00fcller, J\u00f6rg": ("graded", None),
            "12": ("graded", True),
            "xu": ("missing", None),
            "nobody": ("missing", None),
        }
        first = found["M\u00fcller, J\u00f6rg"]
        assert (first["passed"], first["not_counted"]) == (True, ["m\u00fcllerj\u00f6rg_11_901_pod.yaml"])


@pytest.mark.usefixtures("in_this_process")
def test_what_learners_submitted_besides_is_counted(cks: Cks, tmp_path: Path) -> None:
    for name in ("ann/tiny-pod.yaml", "ann/a.pdf", "ann/b.pdf", "bob/tiny-space.yaml", "bob/c.pdf"):
        (tmp_path / "subs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "subs" / name).write_bytes(RIGHT)
    ran = cks(
        "batch", tmp_path / "subs", "--cards", "tiny-pod,tiny-space", "--out", tmp_path / "out", "--jobs", "1"
    )
    assert "not read: 3 files of 2 learners (not_read in results.jsonl)\n" in ran.err


@pytest.mark.usefixtures("in_this_process")
def test_what_belongs_to_nobody_is_a_line_each(cks: Cks, tmp_path: Path) -> None:
    (tmp_path / "subs" / "ann").mkdir(parents=True)
    for number in range(12):
        (tmp_path / "subs" / f"{number:02}.pdf").touch()
    ran = cks("batch", tmp_path / "subs", "--cards", "tiny-pod", "--out", tmp_path / "out", "--jobs", "1")
    assert "not read: 00.pdf: no card requires it\n" in ran.err
    assert ran.err.count("not read: ") == 11
    assert "not read: 2 more (not_read of --json)\n" in ran.err


@pytest.mark.usefixtures("in_this_process")
def test_late_answers(cks: Cks, tmp_path: Path) -> None:
    subs = tmp_path / "subs"
    for name, at in (("ann", 1_764_612_000), ("bob", 1_764_612_001), ("cy", 1_764_612_000 + 86_401)):
        (subs / name).mkdir(parents=True)
        (subs / name / "tiny-pod.yaml").write_bytes(RIGHT)
        os.utime(subs / name / "tiny-pod.yaml", (at, at))
    (subs / "eve").mkdir()
    due = ("--due", "2025-12-01T19:00+01:00", "--late-policy", "20%/day")
    found = rows(cks, subs, tmp_path / "out", *due)
    told = {
        name: (row["submitted_at"], row["late"], row["points"], row["final_points"])
        for name, row in found.items()
    }
    assert told == {
        "ann": ("2025-12-01T18:00:00Z", False, 5, 5.0),
        "bob": ("2025-12-01T18:00:01Z", True, 5, 4.0),
        "cy": ("2025-12-02T18:00:01Z", True, 5, 3.0),
        "eve": (None, None, 0, 0.0),
    }
    assert found["bob"]["message"] == "late by 1 s: 1 of 5 points taken away"
    (tmp_path / "times.csv").write_text("learner,submitted_at\ncy,2025-12-01T19:00\nann,2026-01-01\n")
    found = rows(cks, subs, tmp_path / "out", *due, "--submitted", tmp_path / "times.csv")
    assert {name: row["late"] for name, row in found.items()} == {
        "ann": True,
        "bob": True,
        "cy": False,
        "eve": None,
    }
    assert cks("batch", subs, "--cards", "tiny-pod", "--out", tmp_path, "--late-policy", "mark").code == 2


@pytest.mark.usefixtures("private", "in_this_process")
def test_a_list(cks: Cks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.yaml").write_bytes(RIGHT)
    (tmp_path / "y.zip").write_bytes(zipped(("any.yaml", RIGHT)))
    lines = (
        "\ufeffann\ttiny-pod\tx.yaml\t2025-12-01T18:00Z\nbob\ttiny-pod\ty.zip\ncy\ttiny-pod\tnone.yaml\noh\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    found = rows(cks, "-", tmp_path / "out", "--due", "2025-12-01T17:00Z")
    assert {name: (row["status"], row["passed"]) for name, row in found.items()} == {
        "ann": ("graded", True),
        "bob": ("graded", True),
        "cy": ("unreadable", False),
    }
    assert (found["ann"]["late"], found["ann"]["file"], found["bob"]["file"]) == (True, "x.yaml", "y.zip")


@pytest.mark.usefixtures("private", "in_this_process")
def test_the_order_of_a_folder_changes_nothing(cks: Cks, tmp_path: Path) -> None:
    answers = [
        (f"{name}/{file}", RIGHT)
        for name in ("bo", "ann", "zoe")
        for file in ("b.pdf", "tiny-pod.yaml", "a.md")
    ]
    seen = set()
    for number, some in enumerate((answers, answers[::-1])):
        subs = tmp_path / str(number)
        for name, data in some:
            (subs / name).parent.mkdir(parents=True, exist_ok=True)
            (subs / name).write_bytes(data)
        rows(cks, subs, tmp_path / "out")
        seen.add((tmp_path / "out/results.jsonl").read_bytes())
        (tmp_path / f"{number}.zip").write_bytes(zipped(*some))
        rows(cks, tmp_path / f"{number}.zip", tmp_path / "out")
        seen.add((tmp_path / "out/results.jsonl").read_bytes())
    assert len(seen) == 1


@each_row(
    "due, late, said",
    [
        (None, "mark", "--late-policy needs --due"),
        ("soon", None, "isn't a time"),
        ("2026-12-01", "x", "unknown late"),
    ],
)
def test_a_deadline_that_is_none(due: str | None, late: str | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        deadline(due, late, None)


def test_a_deadline() -> None:
    assert deadline(None, None, None) == Deadline()
    assert (Deadline().timed, Deadline().options()) == (False, [])
    found = deadline("2026-12-01T18:00+01:00", "2/day", None)
    assert (found.timed, found.zone) == (True, 3600)
    assert found.options() == ["2026-12-01T18:00:00+01:00", "points", 2.0, 3600, []]
