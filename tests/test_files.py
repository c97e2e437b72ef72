"""The doors to files: what isn't a file is refused at once, no link leads out, no half file is seen."""

from __future__ import annotations

import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from trainer.files import (
    MIB,
    FileFault,
    adding,
    hold_file,
    keep_copy,
    lock,
    move,
    new_folder,
    open_file,
    read_file,
    remove_file,
    remove_remains,
    replace_file,
    replacing,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "answer").mkdir()
    return tmp_path / "answer"


@pytest.fixture
def mask() -> Iterator[Callable[[int], None]]:
    before = os.umask(0o022)
    os.umask(before)
    yield lambda mode: [os.umask(mode)].clear()
    os.umask(before)


def fault(act: Callable[[], object]) -> FileFault:
    with pytest.raises(FileFault) as caught:
        act()
    assert caught.value.remedy
    return caught.value


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def pipe(path: Path) -> None:
    os.mkfifo(path)


def plug(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


TRAPS: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (pipe, "is a pipe, not a file"),
    "socket": (plug, "is a socket, not a file"),
    "folder": (Path.mkdir, "is a folder, not a file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "device|out of its folder|isn't written through"),
    "loop": (lambda path: path.symlink_to(path.name), "is a link|cannot be"),
    "missing": (lambda path: path.symlink_to("nowhere"), "is a link"),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_what_is_not_a_file_is_refused_at_once(folder: Path, trap: str) -> None:
    make, words = TRAPS[trap]
    make(folder / "x")
    for act in (
        lambda: read_file(folder / "x"),
        lambda: read_file(folder / "x", inside=folder),
        lambda: replace_file(folder / "x", b"new"),
        lambda: replace_file(folder / "x", b"new", inside=folder),
    ):
        with pytest.raises(FileFault, match=words):
            act()
    assert names(folder) == ["x"]


def test_files_of_the_system_that_wait_or_never_end(folder: Path) -> None:
    (folder / "x").symlink_to("/proc/kmsg")
    for path in (Path("/proc/kmsg"), Path("/dev/zero"), Path("/dev/tty"), folder / "x"):
        assert fault(lambda path=path: read_file(path, limit=100)).what
    assert fault(lambda: read_file(Path("/proc/self/maps"), limit=10)).why == "large"


def test_what_the_system_says_is_put_in_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a").write_text("")
    assert fault(lambda: read_file(folder / "none")).message == f"{folder / 'none'} does not exist"
    assert fault(lambda: read_file(folder / "a" / "b")).why == "other"
    assert fault(lambda: read_file(folder / "a" / "b", inside=folder)).what.startswith(
        "is below a, which isn't"
    )
    assert "\x1b" not in fault(lambda: read_file(folder / "\x1b[2J")).message
    for name in ("x" * 300, "a\0b"):
        for act in (read_file, lambda path: replace_file(path, b"")):
            assert fault(lambda act=act, name=name: act(folder / name)).why == "other"
    monkeypatch.setattr(os, "open", lambda *_, **__: (_ for _ in ()).throw(PermissionError(13, "denied")))
    assert fault(lambda: read_file(folder / "a")).why == "denied"
    assert "chmod" in fault(lambda: replace_file(folder / "a", b"")).remedy


def test_the_size_is_limited_whatever_the_file_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a").write_bytes(b"x" * 11)
    assert read_file(folder / "a", limit=11) == b"x" * 11
    assert fault(lambda: read_file(folder / "a", limit=10)).why == "large"
    with (folder / "big").open("wb") as file:
        file.truncate(2 * MIB)
    assert fault(lambda: read_file(folder / "big")).what == "is too large: 2.0 MiB, the limit is 1 MiB"


def test_a_link_inside_is_followed_and_one_that_leads_out_is_not(folder: Path) -> None:
    secret = folder.parent / "secret"
    secret.mkdir()
    (secret / "s").write_text("s")
    (folder / "sub").mkdir()
    (folder / "sub" / "real").write_text("r")
    (folder / "link").symlink_to("sub/real")
    (folder / "through").symlink_to("sub")
    (folder / "out").symlink_to(secret / "s")
    (folder / "away").symlink_to(secret)
    (folder / "up").symlink_to("../secret/s")
    assert read_file(folder / "link", inside=folder) == b"r"
    assert read_file(folder / "through" / "real", inside=folder) == b"r"
    for name in ("out", "away/s", "up"):
        assert fault(lambda name=name: read_file(folder / name, inside=folder)).why == "outside"
        assert read_file(folder / name) == b"s"
    assert fault(lambda: read_file(folder / ".." / "secret" / "s", inside=folder)).why == "outside"


def test_a_folder_that_becomes_a_link_meanwhile_leads_nowhere(folder: Path) -> None:
    """The door holds the folders open that it went through: changing names can't redirect it."""
    secret = folder.parent / "secret"
    for place, text in ((folder / "sub", "mine"), (secret, "theirs")):
        place.mkdir()
        (place / "a").write_text(text)
    done = threading.Event()

    def swap() -> None:
        while not done.is_set():
            (folder / "sub").rename(folder / "old")
            (folder / "sub").symlink_to(secret)
            (folder / "sub").unlink()
            (folder / "old").rename(folder / "sub")

    swapper = threading.Thread(target=swap)
    swapper.start()
    seen = set()
    try:
        for _ in range(2000):
            try:
                seen.add(read_file(folder / "sub" / "a", inside=folder))
            except FileFault:
                seen.add(b"refused")
    finally:
        done.set()
        swapper.join()
    assert seen <= {b"mine", b"refused"}
    assert names(secret) == ["a"]


def test_a_file_is_replaced_whole_and_keeps_its_mode(folder: Path, mask: Callable[[int], None]) -> None:
    mask(0o077)
    replace_file(folder / "sub" / "a", b"1", inside=folder)
    assert stat.S_IMODE((folder / "sub" / "a").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "sub").stat().st_mode) == 0o700
    mask(0o002)
    replace_file(folder / "b", b"1")
    assert stat.S_IMODE((folder / "b").stat().st_mode) == 0o664
    (folder / "b").chmod(0o640)
    replace_file(folder / "b", b"2")
    assert stat.S_IMODE((folder / "b").stat().st_mode) == 0o640
    replace_file(folder / "c", b"3", mode=0o600)
    assert stat.S_IMODE((folder / "c").stat().st_mode) == 0o600
    assert names(folder) == ["b", "c", "sub"]


def test_after_a_failure_the_old_file_is_there_and_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a").write_text("old")

    def stop() -> None:
        with replacing(folder / "a") as stream:
            stream.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left" in fault(lambda: replace_file(folder / "a", b"new")).message
    replace_file(folder / "b", b"new", sync=False)
    assert names(folder) == ["a", "b"]
    assert (folder / "a").read_text() == "old"


def test_a_disk_that_is_full_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open
    monkeypatch.setattr(
        os, "open", lambda path, *rest, **more: opened("/dev/full", os.O_WRONLY)
        if str(path).endswith(".new") else opened(path, *rest, **more),
    )  # fmt: skip
    assert "No space left" in fault(lambda: replace_file(folder / "a", b"new")).message


def test_a_file_keeps_its_content_under_another_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a").write_text("old")
    keep_copy(folder / "a", folder / ".kept" / "a", inside=folder)
    replace_file(folder / "a", b"new", inside=folder)
    assert (folder / ".kept" / "a").read_text() == "old"
    assert fault(lambda: keep_copy(folder / "a", folder / ".kept" / "a", inside=folder)).why == "other"

    def no_links(*_: object, **__: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    keep_copy(folder / "a", folder / ".kept" / "b", inside=folder)
    assert (folder / ".kept" / "b").read_text() == "new"


def test_folders_are_made_and_names_moved_without_following(folder: Path) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    (folder / "away").symlink_to(outside)
    (folder / "a").write_text("a")
    assert new_folder(folder / "x" / "y", inside=folder)
    assert not new_folder(folder / "x" / "y", inside=folder)
    assert not new_folder(folder / "away", inside=folder)
    assert fault(lambda: new_folder(folder / "away" / "z", inside=folder)).why == "link"
    assert fault(lambda: move(folder / "a", folder / "away" / "a", inside=folder)).why == "link"
    move(folder / "away", folder / "x" / "away", inside=folder)
    assert (folder / "x" / "away").is_symlink()
    remove_file(folder / "x" / "away", inside=folder)
    remove_file(folder / "x" / "away", inside=folder)
    assert outside.exists()
    assert names(folder) == ["a", "x"]


def test_a_file_is_held_by_one(folder: Path) -> None:
    (folder / "a").write_text("a")
    held = hold_file(folder / "a", inside=folder)
    assert held is not None
    assert hold_file(folder / "a", inside=folder) is None
    os.close(held)
    again = hold_file(folder / "a", inside=folder)
    assert again is not None
    os.close(again)
    (folder / "link").symlink_to("a")
    with pytest.raises(FileFault):
        hold_file(folder / "link", inside=folder)


def test_a_file_system_without_locks_is_nobodys(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def none(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", none)
    with (folder / "a").open("w") as file:
        assert lock(file.fileno())


def test_no_descriptor_stays_open(folder: Path) -> None:
    def count() -> int:
        return len(list(Path("/proc/self/fd" if Path("/proc/self/fd").exists() else "/dev/fd").iterdir()))

    (folder / "sub").mkdir()
    (folder / "sub" / "a").write_text("a")
    (folder / "link").symlink_to("sub")
    os.mkfifo(folder / "pipe")
    before = count()
    for name in ("sub/a", "link/a", "pipe", "none/x", "sub/a/b", "link"):
        for act in (
            lambda path: read_file(path, inside=folder),
            lambda path: replace_file(path, b"x", inside=folder),
            lambda path: remove_file(path / "none", inside=folder),
            lambda path: keep_copy(path, folder / "k" / path.name, inside=folder),
            lambda path: move(path, folder / "sub" / "a" / "x", inside=folder),
            lambda path: new_folder(path / "new", inside=folder),
        ):
            with suppress(FileFault):
                act(folder / name)
    assert count() == before


def test_a_large_file_is_read_as_a_stream(tmp_path: Path) -> None:
    (tmp_path / "rows").write_bytes(b"a\n" * 1_000_000)
    with open_file(tmp_path / "rows") as stream:
        assert sum(len(line) for line in stream) == 2_000_000
    os.mkfifo(tmp_path / "pipe")
    for name, words in (("pipe", "is a pipe"), ("none", "does not exist"), (".", "is a folder")):
        with pytest.raises(FileFault, match=words), open_file(tmp_path / name):
            pass


def test_a_file_to_add_to_is_held_by_one_program(tmp_path: Path) -> None:
    place = tmp_path / "new" / "rows"
    with adding(place) as stream:
        assert stream is not None
        stream.write(b"one")
        with adding(place) as other:
            assert other is None
    with adding(place) as stream:
        assert stream is not None
        assert stream.read() == b"one"
        stream.write(b", two")
    assert place.read_bytes() == b"one, two"
    (tmp_path / "link").symlink_to(place)
    os.mkfifo(tmp_path / "pipe")
    for name, words in (
        ("link", "is a link"),
        ("pipe", "is a pipe"),
        ("new", "is a folder"),
        ("new/rows/x", "is a file"),
    ):
        with pytest.raises(FileFault, match=words), adding(tmp_path / name):
            pass


def test_what_killed_programs_left_is_removed(tmp_path: Path) -> None:
    """Only of that file: another program may be writing the others."""
    names = [
        "rows",
        ".rows.0123456789ab.new",
        ".rows.0123456789ab.old",
        ".other.0123456789ab.new",
        ".rows.new",
    ]
    for name in names:
        (tmp_path / name).write_text("")
    remove_remains(tmp_path / "rows")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(set(names) - {names[1]})
    remove_remains(tmp_path / "none" / "rows")
    assert not (tmp_path / "none").exists()
