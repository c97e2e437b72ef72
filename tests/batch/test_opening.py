"""Submissions that are a folder or an archive, and that nothing remains of what was unpacked."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest

from tests.batch.hostile_archives import archives, tarred, zipped
from tests.table import each_row
from trainer.batch.find import Wanted, wanted
from trainer.batch.opening import class_folder, opened, unpack_class
from trainer.errors import AnswerUnreadable, UsageError

CARDS = wanted({"pod-ro": ("pod.yaml",)})
ONE = wanted({"pod-ro": ("pod.yaml",)}, whole=True)


def test_a_folder_is_read_where_it_is(tmp_path: Path, private: Path) -> None:
    with opened(tmp_path, CARDS) as found:
        assert (found.folder, found.is_archive) == (tmp_path, False)
        assert found.scratch.is_relative_to(private.resolve())
        assert found.scratch.parent.stat().st_mode & 0o777 == 0o700


def test_an_archive_is_unpacked_and_removed_again(tmp_path: Path, private: Path) -> None:
    members = [("hw/ana/pod.yaml", b"x"), ("hw/bob/pod.yaml", b"x" * 2_000_000), ("hw/bob/notes.pdf", b"x")]
    for name, data in (("hw.zip", zipped(*members)), ("hw.tgz", gzip.compress(tarred(*members)))):
        (tmp_path / name).write_bytes(data)
        with opened(tmp_path / name, CARDS) as found:
            assert sorted(path.name for path in found.folder.iterdir()) == ["ana", "bob"]
            assert found.refused == (("bob/pod.yaml", "is too large: 1.9 MiB, the limit is 1 MiB"),)
    with pytest.raises(KeyboardInterrupt), opened(tmp_path / "hw.zip", CARDS):
        raise KeyboardInterrupt
    assert private.exists()


@pytest.mark.usefixtures("private")
def test_an_archive_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "hw.zip").write_bytes(b"PK\3\4")
    with (
        pytest.raises(AnswerUnreadable, match="its end is missing") as caught,
        opened(tmp_path / "hw.zip", CARDS),
    ):
        pass
    assert "download it again" in caught.value.remedy


def test_what_is_neither_a_folder_nor_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pod.yaml").write_text("kind: Pod")
    with (
        pytest.raises(AnswerUnreadable, match="is neither a folder nor an archive"),
        opened(tmp_path / "pod.yaml", CARDS),
    ):
        pass
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(UsageError, match="no private folder can be made") as caught, opened(tmp_path, CARDS):
        pass
    assert "TMPDIR" in caught.value.remedy


def test_no_class_archive_raises_anything_else(tmp_path: Path) -> None:
    corpus = archives(b"kind: Pod\n")
    for name in ("zip-slip", "tar-link-then-file", "zip-overlap", "negative-size", "pax-digits", "truncated"):
        place = tmp_path / f"{name}{corpus[name].ending}"
        place.write_bytes(corpus[name].data)
        left, fault = unpack_class(bytes(place), bytes(tmp_path / name), ["pod.yaml"], 3600)
        assert bool(left) != bool(fault), name


@each_row(
    "names, inside",
    [
        (["hw/ana/pod.yaml", "hw/bob/x"], "hw"),
        (["export/ana/pod-ro/pod.yaml"], "export"),
        (["ana/pod.yaml"], ""),
        (["ana/pod-ro/pod.yaml"], ""),
        (["ana/answer.yaml"], ""),
        (["hw/pod-ro/ana.yaml"], "hw"),
        (["pod-ro/ana.yaml"], ""),
        (["x/y/ana/pod.yaml", "x/y/bob/pod.yaml"], "x/y"),
        (["A B_1_assignsubmission_file_/pod.yaml"], ""),
        (["x/A B_1_assignsubmission_file_pod.yaml"], "x"),
        (["x/ana_pod-ro.yaml"], "x"),
        (["x/ana.zip"], "x"),
        (["__MACOSX/x", "y/ana/pod.yaml"], "y"),
        (["roster-ana/sub/x.yaml"], ""),
    ],
)
def test_the_folder_of_the_class(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], inside: str
) -> None:
    folder = tmp_path_factory.mktemp("class")
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    assert class_folder(folder, CARDS, ["roster-ana"], "hw") == folder / inside


def test_the_folder_of_the_class_for_one_card(tmp_path: Path) -> None:
    def found(cards: list[Wanted], name: str) -> str:
        folder = tmp_path / name.replace("/", "-")
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text("")
        return class_folder(folder, cards, [], "hw").relative_to(folder).as_posix()

    assert found(ONE, "x/ana.yaml") == "x"
    assert found(ONE, "ana/pod.yaml") == "."
