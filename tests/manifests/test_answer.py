"""Tests of `manifests.answer`: a learner's answer as bytes."""

from __future__ import annotations

import io
import os
import socket
import sys
from pathlib import Path

import pytest

from tests.table import each_row
from trainer.errors import AnswerUnreadable, UsageError
from trainer.manifests.answer import MAX_FILES, Answer, AnswerFile, holds_manifests, read_answer
from trainer.manifests.limits import MAX_BYTES


def refused(*paths: Path) -> str:
    with pytest.raises(AnswerUnreadable) as caught:
        read_answer(paths)
    assert caught.value.remedy
    assert caught.value.file
    return caught.value.message


def test_files_keep_their_order_and_short_names(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("b: 1\n")
    (tmp_path / "a.yaml").write_text("")
    answer = read_answer([tmp_path / "b.yaml", tmp_path / "a.yaml"])
    assert answer == Answer((AnswerFile("b.yaml", b"b: 1\n"), AnswerFile("a.yaml", b"")))


def test_a_folder_gives_its_files_but_not_what_editors_leave(tmp_path: Path) -> None:
    names = ["b.yaml", "a.json", "profile", "sub/c.yaml", ".hidden", "b.yaml~", ".b.yaml.swp", "#b.yaml#"]
    names += ["b.yaml.bak", "4913", ".backup/old.yaml"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    answer = read_answer([tmp_path])
    assert [file.name for file in answer.files] == ["a.json", "b.yaml", "profile", "sub/c.yaml"]
    assert answer.files[3].data == b"sub/c.yaml"


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "pod.yaml").write_text(folder)
    paths = [tmp_path / "x" / "pod.yaml", tmp_path / "y" / "pod.yaml"]
    assert [file.name for file in read_answer(paths).files] == [str(path) for path in paths]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a: 1\n")))
    assert read_answer([Path("-")]).files == (AnswerFile("stdin", b"a: 1\n"),)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a" * (MAX_BYTES + 9))))
    assert refused(Path("-")) == "standard input is too large: 1.0 MiB, the limit is 1 MiB"


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    fifo, server = tmp_path / "pipe.yaml", socket.socket(socket.AF_UNIX)
    os.mkfifo(fifo)
    server.bind(str(tmp_path / "sock"))
    server.close()
    assert refused(fifo) == f"{fifo} is a pipe, not a file"
    assert refused(tmp_path) == f"{fifo} is a pipe, not a file"
    assert refused(tmp_path / "sock") == f"{tmp_path / 'sock'} is a socket, not a file"
    assert refused(Path("/dev/zero")) == "/dev/zero is a device, not a file"


def test_missing_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text("")
    with pytest.raises(AnswerUnreadable, match=r"did you mean .*/pod\.yaml\?"):
        read_answer([tmp_path / "pods.yaml"])
    assert refused(tmp_path / "none" / "x.yaml") == f"{tmp_path / 'none' / 'x.yaml'} does not exist"
    assert "cannot be read: Not a directory" in refused(tmp_path / "pod.yaml" / "x")
    assert "cannot be read" in refused(Path("a\0b"))
    (tmp_path / "empty" / ".backup").mkdir(parents=True)
    assert refused(tmp_path / "empty") == f"{tmp_path / 'empty'} has no files"
    with pytest.raises(UsageError):
        read_answer([])


def test_links_stay_in_the_folder(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s")
    folder = tmp_path / "answer"
    folder.mkdir()
    (folder / "real.yaml").write_text("r")
    (folder / "link.yaml").symlink_to("real.yaml")
    assert [file.data for file in read_answer([folder]).files] == [b"r", b"r"]
    (folder / "out.yaml").symlink_to(secret)
    message = f"{folder / 'out.yaml'} is a link that leads out of its folder"
    assert refused(folder) == refused(folder / "out.yaml") == message
    (folder / "out.yaml").unlink()
    (folder / "gone.yaml").symlink_to("nothing")
    assert refused(folder) == f"{folder / 'gone.yaml'} is a link to a missing file"
    (folder / "gone.yaml").unlink()
    (folder / "loop.yaml").symlink_to("loop.yaml")
    assert refused(folder).startswith(f"{folder / 'loop.yaml'} ")
    (folder / "loop.yaml").unlink()
    (folder / "sub").symlink_to(tmp_path)
    assert refused(folder) == f"{folder / 'sub'} is a link that leads out of its folder"


def test_a_folder_that_is_a_link_itself_is_fine(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.yaml").write_text("a")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert read_answer([tmp_path / "link"]).files == (AnswerFile("a.yaml", b"a"),)


def test_limits(tmp_path: Path) -> None:
    big = tmp_path / "big.yaml"
    with big.open("wb") as file:
        file.truncate(2 * MAX_BYTES)
    assert refused(big) == f"{big} is too large: 2.0 MiB, the limit is 1 MiB"
    big.unlink()
    for index in range(MAX_FILES + 1):
        (tmp_path / f"{index}.yaml").write_text("")
    assert refused(tmp_path) == f"{tmp_path} has more than 100 files or 8 MiB"
    deep = tmp_path / "deep"
    (deep / "a" / "b" / "c" / "d").mkdir(parents=True)
    assert "nested more than 4 folders deep" in refused(deep)


def test_names_are_cleaned(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J.yaml").write_text("")
    assert read_answer([tmp_path]).files[0].name == "a\\x1b[2J.yaml"
    assert "\x1b" not in refused(tmp_path / "b\x1b[2J.yaml")


def test_permission_denied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "a.yaml"
    path.write_text("")
    monkeypatch.setattr(os, "open", deny)
    assert refused(path) == f"{path} cannot be read: permission denied"


def test_a_link_to_a_folder_inside_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "old").symlink_to("sub")
    assert refused(tmp_path) == f"{tmp_path / 'old'} is a folder, not a file"


def test_what_the_card_gives_is_never_read(tmp_path: Path) -> None:
    for name in ("given/cluster.yaml", "sub/given/a.yaml", "pod.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    assert [file.name for file in read_answer([tmp_path]).files] == ["pod.yaml", "sub/given/a.yaml"]
    assert read_answer([tmp_path / "given"]).files == (AnswerFile("cluster.yaml", b"given/cluster.yaml"),)


def test_files_that_no_card_asks_for_are_named_and_not_opened(tmp_path: Path) -> None:
    for name in ("pod.yaml", "profile", "config", "admin.conf", "notes.md", "a.json", "pod.yml2"):
        (tmp_path / name).write_text(name)
    with (tmp_path / "screen.png").open("wb") as file:
        file.truncate(5 * MAX_BYTES)
    os.mkfifo(tmp_path / "pipe")
    answer = read_answer([tmp_path], ["pod.yaml", "profile"])
    assert [file.name for file in answer.files] == ["a.json", "admin.conf", "config", "pod.yaml", "profile"]
    assert answer.unread == ("notes.md", "pipe", "pod.yml2", "screen.png")


def test_a_folder_with_nothing_that_the_card_asks_for_says_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml.txt").write_text("a: 1")
    with pytest.raises(AnswerUnreadable) as caught:
        read_answer([tmp_path], ["policy.yaml"])
    assert caught.value.message == f"{tmp_path} has no file that the card requires, only policy.yaml.txt"
    assert caught.value.remedy == (
        "save your answer as policy.yaml; apart from it, only .yaml, .yml and .json files are read"
    )


@each_row(
    ("name", "holds"),
    [("a.yaml", True), ("a/b.YML", True), ("x.json", True), ("config", True), ("sub/kubeconfig", True),
     ("admin.conf", True), ("a.kubeconfig", True), ("a.yaml.txt", False), ("Dockerfile", False), ("configs", False)],
)  # fmt: skip
def test_names_of_manifests(name: str, holds: bool) -> None:
    assert holds_manifests(name) is holds


def test_what_editors_leave_behind_is_named_if_nothing_else_is_there(tmp_path: Path) -> None:
    for name in ("policy.yaml.bak", ".policy.yaml.swp"):
        (tmp_path / name).write_text("kind: NetworkPolicy\n")
    with pytest.raises(AnswerUnreadable) as caught:
        read_answer([tmp_path], ("policy.yaml",))
    only = "only .policy.yaml.swp, policy.yaml.bak"
    assert caught.value.message == f"{tmp_path} has no file that the card requires, {only}"
    assert caught.value.remedy.startswith("save your answer as policy.yaml; apart from it, only .yaml")


def test_a_closed_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert refused(Path("-")) == "standard input is closed"


def test_a_standard_input_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _: object) -> int:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Broken())))
    assert refused(Path("-")) == "standard input cannot be read: input/output error"


def test_an_archive_is_never_unpacked(tmp_path: Path) -> None:
    (tmp_path / "np-deny.ZIP").write_bytes(b"PK")
    with pytest.raises(AnswerUnreadable, match=r"only np-deny\.ZIP") as caught:
        read_answer([tmp_path], ("policy.yaml",))
    assert caught.value.remedy == "unpack np-deny.ZIP"


def test_an_archive_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "np-deny.tar.gz").write_bytes(b"\x1f\x8b")
    assert refused(tmp_path / "np-deny.tar.gz") == f"{tmp_path}/np-deny.tar.gz is an archive"
    assert "does not exist" in refused(tmp_path / "gone.zip")
