"""The files of a container whose state is known."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.filesystem import File, Files


def files() -> Files:
    listing = {"/srv": ["www/", "readme"]}
    return Files(
        ["/bin/rm"],
        lambda path: "read-only" if path.startswith("/etc") else "",
        {"/bin": "/usr/bin"},
        {"/bin/sh": "/bin/dash"},
        empty=["/tmp", "/run/x/"],
        lacks=["/bin/zsh"],
        listing=listing,
    )


@each_row(
    ("path", "there"),
    [
        ("/bin/rm", True),
        ("/usr/bin//rm", True),
        ("/bin/zsh", False),
        ("/tmp/any", False),
        ("/run/x/y/z", False),
        ("/etc/passwd", True),
        ("/dev/null", True),
        ("/srv/none", False),
        ("/srv/none/deep", False),
        ("/opt/a;b", False),
        ("/opt/a;b/c", False),
        ("/tmp", False),
        ("/bin/sh", False),
    ],
)
def test_what_is_known(path: str, there: bool) -> None:
    assert (files().at(path) is not None) is there


@each_row("path", ["/opt/tool", "/srv/www/index", "/bin/bash", "tool", "/bin/rm/", "/srv/readme"])
def test_what_is_not(path: str) -> None:
    with pytest.raises(NotJudged):
        files().at(path)


def test_folders() -> None:
    there = files()
    assert [
        path
        for path in ("/", "/usr", "/tmp", "/srv/www", "/bin", "/run/x", "/run")
        if not there.is_folder(path)
    ] == []
    assert not there.is_folder("/bin/rm")
    assert not there.is_folder("/tmp/a")
    there.make_folder("/tmp/a")
    there.put("/tmp/a/b", File("/tmp/a/b"))
    assert (there.entries("/tmp"), there.entries("/tmp/a"), there.entries("/usr")) == (["a"], ["b"], None)
    assert list(there.tree("/tmp")) == ["/tmp/a/b", "/tmp/a"]
    there.drop_folder("/tmp/a")
    assert not there.is_folder("/tmp/a")


def test_a_directory_to_write_in() -> None:
    there = files()
    assert there.parent_exists("/tmp/a")
    assert not there.parent_exists("/tmp/a/b")
    with pytest.raises(NotJudged, match="a directory for /opt/a/b"):
        there.parent_exists("/opt/a/b")


def test_links_are_followed_to_their_end() -> None:
    there = files()
    there.put("/tmp/one", File("/tmp/one", link="/tmp/two"))
    there.put("/tmp/two", File("/tmp/two", link="/bin/rm"))
    assert there.at("/tmp/one") == File("/usr/bin/rm")
    there.put("/tmp/two", File("/tmp/two", link="/tmp/one"))
    with pytest.raises(NotJudged, match="the links of /tmp/one"):
        there.at("/tmp/one")


@each_row(
    ("mode", "user", "bit", "expected"),
    [
        (0o000, 0, 4, True),
        (0o000, 0, 1, False),
        (0o001, 0, 1, True),
        (0o700, 33, 1, False),
        (0o705, 33, 1, True),
        (0o604, 33, 2, False),
        (0o200, 7, 2, True),
    ],
)
def test_modes(mode: int, user: int, bit: int, expected: bool) -> None:
    assert File("x", mode, owner=7).allows(user, bit) is expected
