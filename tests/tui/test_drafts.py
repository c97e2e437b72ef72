"""Drafts: kept, found and dropped, each by the app that wrote it; planted files lead nowhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from trainer.errors import TrainerError
from trainer.tui.drafts import Draft, Drafts

WRITE = """
import os, sys
from pathlib import Path
from trainer.tui.drafts import Drafts
drafts = Drafts(Path(sys.argv[1]))
drafts.keep("pod.yaml", "theirs")
print("kept", flush=True)
sys.stdin.readline()
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pod-ro").mkdir()
    return tmp_path / "pod-ro"


@pytest.fixture
def drafts(folder: Path) -> Iterator[Drafts]:
    mine = Drafts(folder)
    yield mine
    mine.close()


def found(folder: Path, name: str = "pod.yaml") -> Draft | None:
    """What the next app finds."""
    following = Drafts(folder)
    try:
        return following.find(name)
    finally:
        following.close()


def test_a_draft_is_kept_found_and_dropped(folder: Path, drafts: Drafts) -> None:
    drafts.keep("pod.yaml", "a: 1\nb: ü\n")
    drafts.keep("pod.yaml", "a: 2\nb: ü\n")
    [file] = folder.iterdir()
    assert file.name.startswith(".pod.yaml.draft-")
    assert file.stat().st_mode & 0o777 == 0o600
    drafts.close()
    assert found(folder) == Draft("a: 2\nb: ü\n", stale=False)
    assert drafts.find("pod.yaml") == Draft("a: 2\nb: ü\n", stale=False)
    drafts.drop("pod.yaml")
    assert found(folder) is None
    drafts.drop("pod.yaml")
    assert list(folder.iterdir()) == []


def test_a_draft_belongs_to_the_app_that_writes_it(folder: Path, drafts: Drafts) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", WRITE, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline() == "kept\n"
    assert drafts.find("pod.yaml") is None
    assert drafts.foreign == {"pod.yaml"}
    drafts.keep("pod.yaml", "mine")
    drafts.drop("pod.yaml")
    assert [path.read_text() for path in folder.iterdir()] == ["theirs"]
    other.communicate("end\n")
    assert drafts.find("pod.yaml") == Draft("theirs", stale=False), "whoever was killed leaves it"


def test_each_of_several_drafts_comes_back(folder: Path, drafts: Drafts) -> None:
    second = Drafts(folder)
    drafts.keep("pod.yaml", "one")
    second.keep("pod.yaml", "two")
    drafts.close()
    second.close()
    texts = set()
    for _ in range(2):
        draft = drafts.find("pod.yaml")
        assert draft is not None
        texts.add(draft.text)
        drafts.drop("pod.yaml")
    assert texts == {"one", "two"}
    assert drafts.find("pod.yaml") is None


def test_a_file_saved_after_the_draft_makes_it_stale(folder: Path, drafts: Drafts) -> None:
    drafts.keep("pod.yaml", "old")
    [draft] = folder.iterdir()
    (folder / "pod.yaml").write_text("new")
    later = draft.stat().st_mtime_ns + 10**9
    os.utime(folder / "pod.yaml", ns=(later, later))
    drafts.close()
    assert found(folder) == Draft("old", stale=True)


def test_what_cannot_be_kept_is_said(folder: Path, drafts: Drafts) -> None:
    (folder / "file").write_text("")
    with pytest.raises(TrainerError, match=r"isn't stored: .* is below file, which isn't a folder"):
        drafts.keep("file/pod.yaml", "x")
    with pytest.raises(TrainerError, match="isn't stored"):
        drafts.keep("pod.yaml", "\udcff")
    assert [path.name for path in folder.iterdir()] == ["file"]


def test_a_draft_makes_the_folder_that_its_file_will_need(folder: Path, drafts: Drafts) -> None:
    drafts.keep("deep/pod.yaml", "x")
    drafts.close()
    assert found(folder, "deep/pod.yaml") == Draft("x", stale=False)


def test_what_is_no_draft_is_left_alone(folder: Path, drafts: Drafts) -> None:
    secret = folder.parent / "secret"
    secret.write_text("s")
    (folder / ".pod.yaml.draft").write_bytes(b"\xff\xfe")
    (folder / ".pod.yaml.draft-00000001").symlink_to(secret)
    (folder / ".pod.yaml.draft-00000002").mkdir()
    os.mkfifo(folder / ".pod.yaml.draft-00000003")
    (folder / ".pod.yaml.draft-old").write_text("not ours")
    before = sorted(folder.iterdir())
    assert drafts.find("pod.yaml") is None
    drafts.keep("pod.yaml", "mine")
    drafts.drop("pod.yaml")
    assert sorted(folder.iterdir()) == before
    assert secret.read_text() == "s"


def test_a_folder_that_is_a_link_gets_no_draft(folder: Path, drafts: Drafts) -> None:
    (folder.parent / "outside").mkdir()
    (folder / "sub").symlink_to(folder.parent / "outside")
    with pytest.raises(TrainerError, match="link"):
        drafts.keep("sub/pod.yaml", "x")
    assert list((folder.parent / "outside").iterdir()) == []
