"""Tools that change files."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

import pytest

from tests.simulate.containers.sandbox import container, left, ran
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.filesystem import File

AS_IT_WAS = {"a": "one\ntwo\n", "d": "folder", "d/x": ""}


@each_row(
    ("text", "code", "complaint"),
    [
        ("rm d", 1, "/tmp/d is a directory"),
        ("rm -r /", 1, "rm refuses to remove /"),
        ("rm -i a", 0, ""),
        ("unlink a d/x", 1, "unlink takes one file"),
        ("rmdir d", 1, "d is not empty"),
        ("rmdir a", 1, "a is not a directory"),
        ("mv a", 1, "mv needs a source and a target"),
        ("mv none d", 1, "none doesn't exist"),
        ("mv a ./a", 1, "a and ./a are the same file"),
        ("mv a d/x none", 1, "none is not a directory"),
        ("mv a none/b", 1, "there is no directory for /tmp/none/b"),
        ("cp d b", 1, "d is a directory"),
        ("ln a d/x", 1, "/tmp/d/x exists"),
        ("ln none b", 1, "none doesn't exist"),
        ("ln -f a a", 1, "a and /tmp/a are the same file"),
        ("ln -s a none/b", 1, "there is no directory for /tmp/none/b"),
        ("touch none/b", 1, "there is no directory for /tmp/none/b"),
        ("touch -c none", 0, ""),
        ("mkdir d", 1, "/tmp/d exists"),
        ("mkdir a/b", 1, "there is no directory for /tmp/a/b"),
        ("mkdir -p d", 0, ""),
        ("truncate -s 0 none/b", 1, "there is no directory for /tmp/none/b"),
        ("shred none", 1, "none doesn't exist"),
        ("tee d", 1, "/tmp/d is a directory"),
        ("echo x > d", 2, "/tmp/d is a directory"),
    ],
)
def test_what_fails_or_changes_nothing(text: str, code: int, complaint: str) -> None:
    found = ran(text)
    assert (found.code, found.complaint) == (code, complaint)
    assert left(text) == AS_IT_WAS


@each_row(
    ("text", "changes"),
    [
        ("rm -r d", {"d": None, "d/x": None}),
        ("mv a d", {"a": None, "d/a": "one\ntwo\n"}),
        ("mv a d/x d", {"a": None, "d/a": "one\ntwo\n"}),
        ("cp a b", {"b": "one\ntwo\n"}),
        ("cp a d/x", {"d/x": "one\ntwo\n"}),
        ("ln a b; rm a", {"a": None, "b": "one\ntwo\n"}),
        ("ln -s a b", {"b": "-> /tmp/a"}),
        ("ln -sf ../a d/x", {"d/x": "-> /tmp/a"}),
        ("touch b d/x", {"b": ""}),
        ("mkdir -p m/n; mkdir -m 700 o", {"m": "folder", "m/n": "folder", "o": "folder"}),
        ("rm d/x; rmdir d", {"d": None, "d/x": None}),
        ("echo x | tee b >/dev/null; echo y | tee -a b", {"b": "x\ny\n"}),
        ("truncate -s 0 a", {"a": ""}),
        ("dd if=/dev/null of=a", {"a": ""}),
        ("shred -u a", {"a": None}),
        ("unlink a", {"a": None}),
    ],
)
def test_what_is_left(text: str, changes: dict[str, str | None]) -> None:
    assert left(text) == {name: text for name, text in (AS_IT_WAS | changes).items() if text is not None}


def test_modes_of_copies() -> None:
    machine = container()
    machine.execute(("sh", "-c", "chmod 777 a; cp a b; cp -p a c; cp a d/x; chown 33 b"))
    assert {name: oct(machine.files.at(f"/tmp/{name}").mode) for name in ("b", "c", "d/x")} == {  # type: ignore[union-attr]
        "b": "0o755",
        "c": "0o777",
        "d/x": "0o600",
    }
    assert machine.files.at("/tmp/b") == File("/tmp/a", 0o755, content="one\ntwo\n", owner=33)


def test_a_place_that_refuses() -> None:
    for text in (
        "rm -f a",
        "mv a b",
        "cp a b",
        "ln a b",
        "touch a",
        "mkdir m",
        "chmod 0 a",
        "chown 0 a",
        "rm -r d",
        "rmdir d",
    ):
        assert ran(text, refusal="it is read-only").complaint.endswith(("it is read-only", "is not empty")), (
            text
        )


@each_row(
    "text",
    [
        "rm -if a",
        "rm -r /usr",
        "cp -r d e",
        "mv d e",
        "dd if=a of=b",
        "truncate -s 5 a",
        "rmdir /usr",
        "ln a",
        "touch -x a",
        "echo x > /dev/sda",
    ],
)
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        ran(text)


def test_times_of_files_are_not_kept() -> None:
    assert ran("touch -d yesterday a b && touch -t 202601010000 b && touch -r a b && ls b").out == "b\n"
    assert (
        ran("touch -r none b").complaint
        == "touch: failed to get attributes of 'none': No such file or directory"
    )
