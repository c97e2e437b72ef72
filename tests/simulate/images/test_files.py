"""Tests of `simulate.images.files`: directories with owners, layers, programs."""

from __future__ import annotations

from trainer.simulate.images.files import ImageFiles, changes, file_of, loader_of, may, program, program_name
from trainer.simulate.images.given import FileGiven
from trainer.simulate.shell.filesystem import File


def test_directories():
    files = ImageFiles()
    files.make_folders("/a/b")
    files.make_folders("/a/c/d", (5, 6, 0o700))
    files.place("/x/y", File("/x/y", 0o640, content="", owner=5, group=6))
    assert files.owners["/a/c"] == files.owners["/a/c/d"] == (5, 6, 0o700)
    assert "/a" not in files.owners
    assert (files.is_folder("/x"), files.is_folder("/x/y"), files.is_folder("/z")) == (True, False, False)
    nobody: frozenset[int] = frozenset()
    assert files.searchable("/a/c/d/e", 5, nobody)
    assert not files.searchable("/a/c/d/e", 7, frozenset({6}))
    assert files.writable("/tmp", 7, nobody)  # noqa: S108 - of the image
    assert not files.writable("/a", 7, nobody)
    twin = files.copy()
    twin.drop_folder("/a/c/d")
    assert "/a/c/d" in files.owners
    assert "/a/c/d" not in twin.owners


def test_who_may_read():
    file = File("/x", 0o640, content="", owner=5, group=6)
    groups = frozenset({6})
    assert [may(file, user, groups if user == 7 else frozenset(), 4) for user in (0, 5, 7, 8)] == [
        True,
        True,
        True,
        False,
    ]
    assert not may(file, 0, groups, 1)


def test_changes():
    before = ImageFiles()
    before.place("/a", File("/a", content="1"))
    after = before.copy()
    after.put("/a", None)
    after.put("/b", File("/b", content="2"))
    after.put("/c", None)
    assert changes(before, after) == {"/a": None, "/b": File("/b", content="2")}


def test_programs():
    text = program("shop", "/lib/ld.so")
    assert (program_name(text), loader_of(text)) == ("shop", "/lib/ld.so")
    assert (loader_of(program("shop")), program_name("text"), loader_of("loader x")) == ("", "", "")
    assert file_of("/x", FileGiven(program="shop")).mode == 0o755
    assert file_of("/x", "text").mode == 0o644
    assert file_of("/x", FileGiven(content="x", mode="0600", owner=3)).owner == 3
