"""Hostile and broken answers: one clear message, the right exit code, nothing run, nothing lost."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.table import each_row

Cks = Callable[..., Any]
REFERENCE = (
    Path(__file__).parent.parent / "fixtures/pack-mini/solutions/runtime-security/tiny-pod/reference.yaml"
).read_text()

ALIASES = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{key}: &{key} [{','.join(['*' + below] * 9)}]\n"
    for below, key in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a0: &a0 {k: v}\n" + "".join(
    f"a{n + 1}: &a{n + 1}\n  <<: [{', '.join([f'*a{n}'] * 8)}]\n" for n in range(12)
)

UNREADABLE = {
    "2 MiB of text": ("# x\n" * (2 << 18), "too large: 2.0 MiB"),
    "100,000 [": ("[" * 100_000, "nested more than 100 levels deep at line 1"),
    "100,000 {a:": ("{a: " * 100_000, "nested more than 100 levels deep at line 1"),
    "alias bomb": (ALIASES, "more than 20,000 values at line"),
    "merge bomb": (MERGES, "more than 20,000 values at line"),
    "Latin-1": (
        REFERENCE.replace("tiny\n", "t\xe9\n").encode("latin-1"),
        "not valid UTF-8: byte 0xe9 on line 4",
    ),
}

JUDGED = {
    "empty file": ("", 1, "WARNING  pod.yaml:1:1"),
    "only comments": ("# nothing\n---\n# here\n", 1, "The file is empty"),
    "BOM": ("\ufeff" + REFERENCE, 0, "5 of 5 points, passed"),
    "CRLF": (REFERENCE.replace("\n", "\r\n"), 0, "5 of 5 points, passed"),
    "tabs": (REFERENCE.replace("  name: tiny", "\tname: tiny", 1), 1, "pod.yaml:4:1"),
    "python object": (
        REFERENCE.replace("name: tiny", "name: !!python/object/apply:os.system [touch owned]", 1),
        1,
        "pod.yaml:4:3",
    ),
    "no such date": (REFERENCE.replace("busybox:1.32.0", "2001-99-99"), 0, "5 of 5 points, passed"),
    "escape sequence": (
        REFERENCE.replace("name: tiny", 'name: "t\\e[2J\\e]0;x\\a"', 1),
        1,
        r"t\x1b[2J\x1b]0;x\x07",
    ),
    "raw escape": (REFERENCE.replace("name: tiny", "name: t\x1b[2J", 1), 1, "pod.yaml:4:"),
    "markup": (REFERENCE.replace("name: tiny", 'name: "[red]tiny[/red]"', 1), 1, "[red]tiny[/red]"),
}


def shown_safely(text: str) -> bool:
    return not any(ord(char) < 32 and char != "\n" for char in text)


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_told_with_file_and_remedy(
    cks: Cks, answer: Callable[..., Path], what: str
) -> None:
    content, words = UNREADABLE[what]
    folder = answer(content if isinstance(content, bytes) else content.encode())
    before = (folder / "pod.yaml").read_bytes()
    ran = cks("grade", folder)
    assert (ran.code, ran.out) == (4, "")
    first, remedy = ran.err.splitlines()
    assert str(folder / "pod.yaml") in first or first.startswith("pod.yaml")
    assert words in first
    assert remedy.startswith("  ")
    assert (folder / "pod.yaml").read_bytes() == before
    ran = cks("grade", "--json", folder)
    assert (ran.code, ran.json["schema"], ran.json["kind"]) == (4, "cks-trainer.error/1", "unreadable")
    assert ran.json["file"].endswith("pod.yaml")


@pytest.mark.parametrize("what", JUDGED)
def test_what_can_be_read_is_judged(
    cks: Cks, answer: Callable[..., Path], what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    content, code, words = JUDGED[what]
    ran = cks("grade", answer(content.encode()))
    assert ran.code == code
    assert words in ran.out
    assert shown_safely(ran.out + ran.err)
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.mkdir(), "has no files"),
        (os.mkfifo, "is a pipe"),
        (lambda path: path.symlink_to("/etc/hostname"), "leads out of its folder"),
        (lambda path: path.symlink_to("/dev/zero"), "leads out of its folder"),
        (lambda path: path.symlink_to(path), "is a link"),
    ],
    ids=["no file", "directory", "pipe", "link out", "link to a device", "link to itself"],
)
def test_what_is_no_file(cks: Cks, tmp_path: Path, make: Callable[[Path], object], words: str) -> None:
    make(tmp_path / "pod.yaml")
    ran = cks("grade", "--card", "tiny-pod", tmp_path / "pod.yaml")
    assert (ran.code, ran.out) == (4, "")
    assert words in ran.err
    assert len(ran.err.splitlines()) == 2


def test_a_device_named_outright(cks: Cks) -> None:
    ran = cks("grade", "--card", "tiny-pod", "/dev/zero")
    assert ran.code == 4
    assert "/dev/zero is a device" in ran.err


LONG = "x" * 300


@each_row(
    "call",
    [
        ["grade", LONG],
        ["grade", "--card", "tiny-pod", LONG],
        ["watch", LONG],
        ["show", LONG],
        ["start", LONG],
        ["--pack", LONG, "list"],
        ["--config", LONG, "list"],
        ["--workspace", LONG, "start", "tiny-pod"],
        ["batch", LONG, "--cards", "tiny-pod", "--out", "out"],
        ["ask", "routes", LONG],
        ["pack", "check", LONG],
        ["doctor", "--report", LONG],
        ["--config", "~no-such-user/x", "list"],
    ],
)
def test_names_that_no_file_can_have_are_told(cks: Cks, call: list[str]) -> None:
    ran = cks(*call)
    assert ran.code in (2, 4), ran.err
    assert "Traceback" not in ran.err
    assert "unexpected" not in ran.err


@pytest.mark.parametrize("trap", ["pipe", "device", "folder", "socket"])
@pytest.mark.parametrize(
    ("call", "code"),
    [
        (["--config", "{}", "list"], 2),
        (["batch", "subs", "--cards", "tiny-pod", "--out", "out", "--roster", "{}"], 4),
        (["--database", "{}", "progress"], 5),
        (["grade", "--card", "tiny-pod", "{}/pod.yaml"], 4),
        (["doctor", "--report", "{}"], 4),
        (["--workspace", "{}/x", "start", "tiny-pod"], 4),
    ],
)
def test_what_is_no_file_is_refused_at_once_wherever_a_file_is_wanted(
    cks: Cks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trap: str, call: list[str], code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "subs" / "ana").mkdir(parents=True)
    path = tmp_path / "trap"
    if trap == "pipe":
        os.mkfifo(path)
    elif trap == "device":
        path = Path("/dev/zero")
    elif trap == "folder":
        path.mkdir()
    else:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("trap")
    ran = cks(*(word.format(path) for word in call))
    if trap == "folder" and call[0] == "--workspace":
        assert ran.code == 0
        return
    assert ran.code == code, ran.err
    assert "Traceback" not in ran.err
