"""Certificates and keys as files: on no disk where the system has files in memory, and gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trainer.cluster.files import PREFIX, Files


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("in_memory", [True, False])
def test_a_file_has_a_path_until_it_is_closed(
    place: Path, in_memory: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not in_memory:
        monkeypatch.delattr(os, "memfd_create", raising=False)
    files = Files()
    paths = [Path(files.add(content)) for content in (b"one", b"two")]
    files.remove_folder()
    assert [path.read_bytes() for path in paths] == [b"one", b"two"]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in paths)
    assert all(path.stat().st_mode & 0o777 == 0o700 for path in place.iterdir())
    if in_memory and sys.platform == "linux":
        assert list(place.iterdir()) == []
    files.close()
    assert [path.exists() for path in paths] == [False, False]
    assert list(place.iterdir()) == []
    files.close()


def test_a_file_of_the_folder_stays_and_others_are_as_they_were(place: Path) -> None:
    files = Files()
    (files.folder / "x").write_bytes(b"x")
    kept = files.taken(str(files.folder / "x"))
    assert (files.taken("/etc/ca.crt"), files.taken(None), files.taken("")) == ("/etc/ca.crt", None, "")
    files.remove_folder()
    assert kept is not None
    assert Path(kept).read_bytes() == b"x"
    files.close()
    assert list(place.iterdir()) == []


def test_what_a_killed_process_left_goes_away(place: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    names = [f"{gone.pid}-old", f"{gone.pid}-young", f"{os.getpid()}-mine", "x-other"]
    outside = place / "outside"
    outside.mkdir()
    (outside / "file").write_text("")
    for name in names:
        (place / f"{PREFIX}{name}").mkdir()
        age = time.time() - (1 if name.endswith("young") else 1000)
        os.utime(place / f"{PREFIX}{name}", (age, age))
    (place / f"{PREFIX}{gone.pid}-link").symlink_to(outside)
    Files().close()
    assert sorted(path.name.removeprefix(PREFIX) for path in place.iterdir()) == sorted(
        [*names[1:], f"{gone.pid}-link", "outside"]
    )
    assert (outside / "file").exists()


def test_without_a_place_of_the_session_it_is_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for named in ("", str(tmp_path / "none")):
        monkeypatch.setenv("XDG_RUNTIME_DIR", named)
        files = Files()
        assert files.folder.parent == tmp_path
        files.close()
