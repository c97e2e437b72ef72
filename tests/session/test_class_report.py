"""What a session tells the class: starts and results, and never what was answered."""

from __future__ import annotations

from pathlib import Path

from trainer.config import Settings
from trainer.progress.classroom import create, results_after
from trainer.session import Session

PACK = Path(__file__).parent.parent / "fixtures" / "pack-mini"
POD = (PACK / "solutions" / "runtime-security" / "tiny-pod" / "wrong-writable.yaml").read_bytes()


def session(tmp_path: Path, **more: object) -> Session:
    places = {"workspace": tmp_path / "ws", "database": tmp_path / "own.db", "config_file": tmp_path / "none"}
    return Session.open(Settings(**places, pack=PACK, **more), clock=lambda: 1700000000.5)  # type: ignore[arg-type]


def test_the_class_gets_starts_and_results(tmp_path: Path) -> None:
    file = tmp_path / "class" / "results.db"
    create(file)
    one = session(tmp_path, class_store=file, learner="Ann")
    card = one.card("tiny-pod")
    one.start(card)
    secret = b"---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {key: hunter2-hunter2}\n"
    one.write(card, "pod.yaml", (POD + secret).decode())
    assert one.grade(card).unrecorded == ""
    one.grade(card, record=False)
    started, graded = results_after(file, 0)[0]
    assert (started.learner, started.card, started.kind, started.at) == (
        "Ann",
        "tiny-pod",
        "started",
        1700000000.5,
    )
    assert (graded.kind, graded.points, graded.max_points, graded.passed) == ("graded", 2, 5, False)
    assert graded.checks == {"exists": "pass", "read-only": "fail"}
    assert b"hunter2" not in file.read_bytes()
    assert b"busybox" not in file.read_bytes()
    one.close()


def test_no_class_and_a_class_that_is_gone(tmp_path: Path) -> None:
    alone = session(tmp_path)
    card = alone.card("tiny-pod")
    alone.start(card)
    alone.write(card, "pod.yaml", POD.decode())
    assert (alone.grade(card).attempt, alone.grade(card).unrecorded) == (1, "")
    alone.close()
    gone = session(tmp_path, class_store=tmp_path / "gone.db", learner="Ann")
    gone.start(card)
    graded = gone.grade(card)
    assert graded.attempt == 1
    assert "gone.db: no such file" in graded.unrecorded
    assert not (tmp_path / "gone.db").exists()
    gone.close()
