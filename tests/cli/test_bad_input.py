"""Hostile and broken answers: one clear message, the right exit code, nothing run, nothing lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
    "alias bomb": (ALIASES, "more than 50,000 values at line"),
    "merge bomb": (MERGES, "more than 50,000 values at line"),
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
