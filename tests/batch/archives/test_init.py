"""Archives unpacked into a folder: what is in it, what is said of the rest, and that nothing is anywhere else."""

from __future__ import annotations

import contextlib
import gzip
import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.batch.hostile_archives import AWAY, CANARY, archives, tarred, zipped
from tests.table import each_row
from trainer.batch.archives import Contents, is_archive, unpack, without_ending
from trainer.batch.archives.member import Bounds
from trainer.errors import AnswerUnreadable

ANSWER = b"apiVersion: v1\nkind: Pod\nmetadata: {name: tiny}\n"


def opened(folder: Path, ending: str, data: bytes, bounds: Bounds | None = None) -> Contents:
    folder.mkdir()
    (folder / f"a{ending}").write_bytes(data)
    (folder / "in").mkdir()
    return unpack(
        folder / f"a{ending}",
        folder / "in",
        shown=f"a{ending}",
        wants=lambda name: name.endswith(".yaml"),
        bounds=bounds,
    )


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder / "in").as_posix(): path.read_bytes()
        for path in sorted((folder / "in").rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def test_hostile_archives_stay_in_their_folder(tmp_path: Path) -> None:
    corpus = archives(ANSWER)
    assert len(corpus) >= 30
    for name, one in corpus.items():
        folder = tmp_path / "a" / "b" / "c" / "d" / name
        folder.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(AnswerUnreadable):
            opened(folder, one.ending, one.data)
        assert sorted(path.name for path in folder.iterdir()) == sorted([f"a{one.ending}", "in"]), name
        assert all(path.is_dir() or path.is_file() for path in folder.rglob("*")), name
        assert not any(path.is_symlink() for path in folder.rglob("*")), name
        assert all(path.name.isprintable() for path in folder.rglob("*")), name
    assert [path for path in tmp_path.rglob(f"{CANARY}*") if "/in/" not in str(path)] == []
    assert not Path(AWAY, CANARY).exists()


@each_row(
    "ending, pack", [(".zip", zipped), (".tar", tarred), (".tgz", lambda *them: gzip.compress(tarred(*them)))]
)
def test_what_is_wanted_is_unpacked(tmp_path: Path, ending: str, pack: object) -> None:
    assert callable(pack)
    folder = tmp_path / ending
    left = opened(
        folder,
        ending,
        pack(
            ("ana/pod.yaml", ANSWER),
            ("ana/notes.pdf", b"%PDF"),
            ("__MACOSX/ana/._pod.yaml", b"x"),
            ("bob/.git/config", b"x"),
        ),
    )
    assert left == Contents((), len(ANSWER))
    assert files(folder) == {"ana/pod.yaml": ANSWER, "ana/notes.pdf": b""}
    assert sorted(path.name for path in (folder / "in").iterdir()) == ["ana", "bob"]
    assert (folder / "in/ana/pod.yaml").stat().st_mode & 0o777 == 0o600


def test_limits(tmp_path: Path) -> None:
    small = Bounds(members=3, total=100, one=50, archive=1000, itself=1000)
    data = zipped(("a.yaml", b"x" * 51), ("b.yaml", b"x" * 50))
    assert [str(left) for left in opened(tmp_path / "one", ".zip", data, small).left] == [
        "a.yaml is too large: 0.0 MiB, the limit is 0 MiB"
    ]
    for name, members, said in (
        ("total", [(f"{n}.yaml", b"x" * 40) for n in range(3)], "holds more than"),
        ("members", [(f"{n}.yaml", b"") for n in range(4)], "more than 3 files"),
        ("archive", [("a.yaml", os.urandom(1000))], "is too large"),
    ):
        for ending, pack in ((".zip", zipped), (".tar", lambda *them: gzip.compress(tarred(*them)))):
            with pytest.raises(AnswerUnreadable, match=said):
                opened(tmp_path / f"{name}{ending}", ending, pack(*members), small)


def test_names_of_files_that_nobody_wants_are_kept_up_to_a_limit(tmp_path: Path) -> None:
    opened(tmp_path / "a", ".zip", zipped(*((f"{n:03}.txt", b"x") for n in range(150)), ("pod.yaml", b"x")))
    found = files(tmp_path / "a")
    assert (len(found), found["099.txt"], found["pod.yaml"]) == (101, b"", b"x")


def test_times_are_those_of_the_archive(tmp_path: Path) -> None:
    folder = tmp_path / "zone"
    folder.mkdir()
    (folder / "a.zip").write_bytes(zipped(("a.yaml", b"")))
    (folder / "in").mkdir()
    cet = timezone(timedelta(hours=1))
    unpack(folder / "a.zip", folder / "in", shown="a.zip", wants=bool, zone=cet)
    at = datetime(2026, 11, 1, 11, tzinfo=UTC).timestamp()
    assert (folder / "in/a.yaml").stat().st_mtime == at


def test_names_of_archives() -> None:
    assert is_archive("Answer.ZIP")
    assert is_archive("a.rar")
    assert not is_archive("answer.gz")
    assert without_ending("a.tar.gz") == "a"
    assert without_ending("pod-ro.zip") == "pod-ro"
    assert without_ending(".zip") == ".zip"
    assert without_ending("a.yaml") == "a.yaml"


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.zip")
    with pytest.raises(AnswerUnreadable, match=r"a\.zip is a pipe"):
        unpack(tmp_path / "a.zip", tmp_path, shown="a.zip", wants=bool)
