"""The learner's files: made, written whole, put away, never lost."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from trainer.content.load import load_card
from trainer.errors import TrainerError, UsageError
from trainer.files import FileFault
from trainer.session import workspace

CARD = load_card(Path(__file__).parents[1] / "fixtures/pack/tasks/runtime-security/mini-pod.yaml")


def card(**start: str) -> Any:
    return SimpleNamespace(start={name.replace("_", "."): text for name, text in start.items()})


def test_start_writes_what_is_missing_and_only_that(tmp_path: Path) -> None:
    folder = tmp_path / "ws" / "pod-ro"
    both = card(a_yaml="one", b_yaml="two")
    assert workspace.start(both, folder) == [folder / "a.yaml", folder / "b.yaml"]
    (folder / "a.yaml").write_text("mine")
    (folder / "b.yaml").unlink()
    assert workspace.start(both, folder) == [folder / "b.yaml"]
    assert (folder / "a.yaml").read_text() == "mine"
    assert workspace.changed(both, folder) == ["a.yaml"]
    assert workspace.start(card(), folder) == []


def test_write_replaces_whole_and_leaves_nothing_beside(tmp_path: Path) -> None:
    workspace.write(tmp_path, "pod.yaml", "é\r\n")
    assert (tmp_path / "pod.yaml").read_bytes() == "é\r\n".encode()
    (tmp_path / "pod.yaml").chmod(0o600)
    workspace.write(tmp_path, "pod.yaml", "new", workspace.read(tmp_path, "pod.yaml"))
    workspace.write(tmp_path, "deep/er.yaml", "x")
    assert (tmp_path / "pod.yaml").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["deep", "er.yaml", "pod.yaml"]


def test_a_write_that_fails_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.write(tmp_path, "pod.yaml", "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileFault, match=r"pod\.yaml cannot be written: No space left") as caught:
        workspace.write(tmp_path, "pod.yaml", "new", workspace.read(tmp_path, "pod.yaml"))
    assert "space" in caught.value.remedy
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_no_link_is_written_through(tmp_path: Path) -> None:
    folder, outside = tmp_path / "pod-ro", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "real.yaml").write_text("old")
    (folder / "pod.yaml").symlink_to(outside / "real.yaml")
    (folder / "new.yaml").symlink_to(outside / "made.yaml")
    (folder / "sub").symlink_to(outside)
    (tmp_path / "linked").symlink_to(outside)
    for home, name in (
        (folder, "pod.yaml"),
        (folder, "new.yaml"),
        (folder, "sub/real.yaml"),
        (tmp_path / "linked", "a"),
    ):
        with pytest.raises(FileFault, match="link"):
            workspace.write(home, name, "new")
    assert [(path.name, path.read_text()) for path in outside.iterdir()] == [("real.yaml", "old")]


def test_links_at_the_names_of_backups_and_given_files_lead_nowhere(tmp_path: Path) -> None:
    card = msgspec.structs.replace(CARD, given="", given_files={"x.log": "1"})
    folder, outside = tmp_path / "pod-ro", tmp_path / "outside"
    outside.mkdir()
    (outside / "x.log").write_text("old")
    workspace.write(folder, "pod.yaml", "old")
    (folder / workspace.BACKUPS).symlink_to(outside)
    for act in (lambda: workspace.put_away(folder), lambda: workspace.write(folder, "pod.yaml", "new")):
        with pytest.raises(FileFault, match=r"below \.backup, which isn't a folder but a link"):
            act()
    assert (folder / "pod.yaml").read_text() == "old"
    (folder / workspace.BACKUPS).unlink()
    (folder / "given").mkdir()
    (folder / "given" / "x.log").symlink_to(outside / "x.log")
    workspace.deliver(card, folder)
    (folder / "given" / "x.log").unlink()
    (folder / "given" / "x.log").mkdir()
    workspace.deliver(card, folder)
    assert (folder / "given" / "x.log").read_text() == "1"
    assert sorted(path.is_symlink() for path in (folder / workspace.BACKUPS).glob("*/given/x.log")) == [
        False,
        True,
    ]
    assert [path.read_text() for path in outside.iterdir()] == ["old"]


def test_what_the_editor_does_not_hold_goes_to_the_backups_first(tmp_path: Path) -> None:
    folder = tmp_path / "pod-ro"
    assert workspace.write(folder, "pod.yaml", "mine") is None
    before = workspace.read(folder, "pod.yaml")
    assert workspace.write(folder, "pod.yaml", "more", before) is None
    backup = workspace.write(folder, "pod.yaml", "again", before)
    assert backup is not None
    assert backup.parent.parent == folder / workspace.BACKUPS
    assert (backup.read_text(), (folder / "pod.yaml").read_text()) == ("more", "again")
    assert workspace.write(folder, "pod.yaml", "again", before) is None


@pytest.mark.parametrize("data", [b"a: \xff\n", b"\xff\xfea", b"#" * (2 << 20)])
def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "pod.yaml").write_bytes(data)
    with pytest.raises(TrainerError, match=r"^it is (not valid|too large)"):
        workspace.read(tmp_path, "pod.yaml")


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../../x", "", ".", "a\0b"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="not a file of an answer"):
        workspace.write(tmp_path, name, "x")


def test_the_signature_changes_with_every_save(tmp_path: Path) -> None:
    assert workspace.signature(tmp_path / "nowhere") == ()
    workspace.write(tmp_path, "pod.yaml", "one")
    (tmp_path / ".pod.yaml.swp").write_text("editor")
    first = workspace.signature(tmp_path)
    assert [(name, size) for name, _, size in first] == [("pod.yaml", 3)]
    assert workspace.signature(tmp_path) == first
    os.utime(tmp_path / "pod.yaml", ns=(0, first[0][1] + 1))
    second = workspace.signature(tmp_path)
    assert second != first
    workspace.write(tmp_path, "deep/other.yaml", "x")
    assert [name for name, *_ in workspace.signature(tmp_path)] == ["pod.yaml", "deep/other.yaml"]


def test_one_file_has_a_signature_too(tmp_path: Path) -> None:
    workspace.write(tmp_path, "pod.yaml", "one")
    signature = workspace.signature(tmp_path / "pod.yaml")
    assert [(name, size) for name, _, size in signature] == [("pod.yaml", 3)]


def test_putting_away_keeps_every_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace.time, "strftime", lambda _: "20260301-120000")
    kept = []
    for text in ("one", "two"):
        workspace.write(tmp_path, "pod.yaml", text)
        workspace.write(tmp_path, "deep/x.yaml", text)
        kept.append(workspace.put_away(tmp_path))
        assert workspace.answer_files(tmp_path) == []
    assert [(place / "pod.yaml").read_text() for place in kept] == ["one", "two"]
    assert (kept[0] / "deep" / "x.yaml").read_text() == "one"
    assert kept[0].parent == tmp_path / ".backup"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "ws").write_text("a file")
    with pytest.raises(FileFault, match="ws is a file, not a folder"):
        workspace.start(card(a_yaml="x"), tmp_path / "ws" / "pod-ro")


def test_what_a_card_gives_is_delivered_beside_the_answer(tmp_path: Path) -> None:
    card = msgspec.structs.replace(
        CARD, given="kind: A\n", given_files={"x.log": "1"}, node_files={"/etc/x": "2"}
    )
    written = workspace.deliver(card, tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        "given/cluster.yaml", "given/node/etc/x", "given/x.log",
    ]  # fmt: skip
    assert (tmp_path / "given/x.log").read_text() == "1"
    assert workspace.answer_files(tmp_path) == []
    assert workspace.signature(tmp_path) == ()


def test_a_changed_given_file_is_kept_in_the_backups(tmp_path: Path) -> None:
    card = msgspec.structs.replace(CARD, given="", given_files={"x.log": "1"})
    workspace.deliver(card, tmp_path)
    (tmp_path / "given/x.log").write_text("my notes")
    workspace.deliver(card, tmp_path)
    assert (tmp_path / "given/x.log").read_text() == "1"
    [kept] = (tmp_path / workspace.BACKUPS).rglob("x.log")
    assert kept.read_text() == "my notes"


def test_putting_an_answer_away_leaves_what_is_given(tmp_path: Path) -> None:
    card = msgspec.structs.replace(CARD, given="", given_files={"x.log": "1"})
    workspace.deliver(card, tmp_path)
    (tmp_path / "pod.yaml").write_text("a")
    backup = workspace.put_away(tmp_path)
    assert [path.name for path in backup.iterdir()] == ["pod.yaml"]
    assert (tmp_path / "given/x.log").exists()
