"""Where archives of learners are unpacked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.batch.hostile_archives import zipped
from trainer.batch.scratch import MOST_ARCHIVES, MOST_DEEP, Scratch


def test_one_learner_at_a_time(tmp_path: Path) -> None:
    subs = tmp_path / "subs"
    scratch = Scratch(tmp_path / "private", subs)
    for name in ("ana", "bob"):
        (subs / name).mkdir(parents=True)
        (subs / name / "a.zip").write_bytes(zipped(("pod.yaml", name.encode())))
        scratch.begin(name)
        found = scratch.opened(subs / name / "a.zip", bool, 1)
        assert (found.folder / "pod.yaml").read_text() == name
        assert scratch.shown(found.folder / "pod.yaml") == f"{name}/a.zip/pod.yaml"
        assert scratch.opened(subs / name / "a.zip", bool, 1) is found
    assert sorted(path.name for path in (tmp_path / "private").rglob("*.zip")) == ["a.zip"]
    assert (tmp_path / "private" / str(os.getpid())).is_dir()


def test_what_a_killed_worker_left_is_removed(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for name in (str(ended.pid), str(os.getpid())):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").touch()
    Scratch(tmp_path, tmp_path / "subs")
    assert [path.name for path in tmp_path.iterdir()] == [str(os.getpid())]


def test_limits_are_values(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "private", tmp_path)
    scratch.begin("ana")
    for number in range(MOST_ARCHIVES + 1):
        (tmp_path / f"{number}.zip").write_bytes(zipped())
    deep = scratch.opened(tmp_path / "0.zip", bool, MOST_DEEP + 1)
    assert deep.fault is not None
    assert "inside of 3 archives in archives" in deep.fault.message
    found = [scratch.opened(tmp_path / f"{number}.zip", bool, 1) for number in range(1, MOST_ARCHIVES + 1)]
    assert [one.fault is None for one in found] == [True] * (MOST_ARCHIVES - 1) + [False]


def test_the_archives_of_a_learner_share_a_limit(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "private", tmp_path)
    scratch.begin("ana")
    for number in range(4):
        many = [(f"{file}.yaml", b"x" * 1_000_000) for file in range(6)]
        (tmp_path / f"{number}.zip").write_bytes(zipped(*many))
    found = [scratch.opened(tmp_path / f"{number}.zip", bool, 1).fault for number in range(4)]
    assert [fault.message if fault else "" for fault in found] == [
        "",
        "",
        "2.zip holds more than 4 MiB",
        "3.zip isn't unpacked: the archives of this learner hold more than 16 MiB",
    ]
    scratch.begin("bob")
    assert scratch.opened(tmp_path / "3.zip", bool, 1).fault is None


def test_what_is_elsewhere_is_shown_by_its_name(tmp_path: Path) -> None:
    assert Scratch(tmp_path / "a", tmp_path / "b").shown(Path("/x/y.zip")) == "y.zip"
