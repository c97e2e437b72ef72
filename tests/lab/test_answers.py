"""Tests of `lab.answers`: what counts as a change, and files that a learner may have made."""

from __future__ import annotations

import os
from pathlib import Path

from trainer.lab.answers import Trace, mark_of, trace_of


def test_a_save_changes_the_trace_and_the_mark(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text("a")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "x.yaml").write_text("b")
    os.utime(tmp_path / "pod.yaml", ns=(0, 5_000_000_000))
    os.utime(tmp_path / "rules" / "x.yaml", ns=(0, 7_500_000_000))
    before = trace_of(tmp_path)
    assert before == Trace((("pod.yaml", 1, 5_000_000_000), ("rules/x.yaml", 1, 7_500_000_000)))
    assert before.at == 7.5
    assert mark_of(tmp_path, before) == mark_of(tmp_path)
    (tmp_path / "pod.yaml").write_text("c")
    assert trace_of(tmp_path) != before
    assert mark_of(tmp_path) != mark_of(tmp_path.parent)
    (tmp_path / "pod.yaml").write_text("a")
    (tmp_path / "copy").mkdir()
    assert mark_of(tmp_path, before) == mark_of(tmp_path), "the same bytes at another time"


def test_what_is_not_part_of_the_answer(tmp_path: Path) -> None:
    for name in (".seed", ".backup", "pod.yaml~", "#x#"):
        (tmp_path / name).write_text("a")
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "cluster.yaml").write_text("a")
    assert trace_of(tmp_path) == Trace()
    assert Trace().at == 0
    assert mark_of(tmp_path) == mark_of(tmp_path / "missing")


def test_traps(tmp_path: Path) -> None:
    folder = tmp_path / "card"
    folder.mkdir()
    os.mkfifo(folder / "pipe.yaml")
    (folder / "link.yaml").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(folder)
    (folder / "large.yaml").write_bytes(b"a" * (2 << 20))
    names = [name for name, _, _ in trace_of(folder).files]
    assert names == ["large.yaml", "link.yaml", "loop", "pipe.yaml"]
    assert mark_of(folder) == mark_of(folder)
    (tmp_path / "elsewhere").symlink_to(folder)
    assert trace_of(tmp_path / "elsewhere") == Trace()
    deep = folder
    for number in range(20):
        deep = deep / str(number)
    deep.mkdir(parents=True)
    (deep / "x.yaml").write_text("a")
    assert len(trace_of(folder).files) == 4
    for number in range(500):
        (folder / f"{number}.yaml").touch()
    assert 300 < len(trace_of(folder).files) <= 400
    for place in (tmp_path / "wide" / str(one) / str(two) for one in range(30) for two in range(30)):
        place.mkdir(parents=True)
    assert trace_of(tmp_path / "wide") == Trace()
