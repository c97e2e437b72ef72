"""What tools and shells share: options, relative paths."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

import pytest

from tests.simulate.containers.sandbox import container
from trainer.errors import NotJudged
from trainer.simulate.shell.process import absolute, options_of, reads_input, valued_options


def test_options_and_operands() -> None:
    assert options_of("rm", ("-rf", "a", "--force", "-", "--", "-b"), {"r", "f"}) == (
        {"r", "f"},
        ["a", "-", "-b"],
    )
    assert options_of("ln", ("--symbolic", "a"), {"s"}, {"--symbolic": "s"}) == ({"s"}, ["a"])
    for args in (("-x",), ("--one-file-system",)):
        with pytest.raises(NotJudged):
            options_of("rm", args, {"r"})


def test_relative_paths_start_in_the_current_directory() -> None:
    machine = container()
    assert [absolute(machine, word) for word in ("/a", "a", "./a")] == ["/a", "/tmp/a", "/tmp/./a"]
    machine.folder = ""
    with pytest.raises(NotJudged, match="relative path a"):
        absolute(machine, "a")


def test_which_commands_read_their_input() -> None:
    assert reads_input(("grep", "-v", "x")) is True
    assert reads_input(("grep", "x", "file")) is False
    assert reads_input(("cat", "f")) is False
    assert reads_input(("vim",)) is None


def test_options_with_values():
    valued = {"m": "--mode", "o": "--owner"}
    for args, values, others in (
        ("-m 755 a", {"m": "755"}, "a"),
        ("a -pm755 --owner=5", {"m": "755", "o": "5"}, "a -p"),
        ("--mode 1 -- -m 2", {"m": "1"}, "-- -m 2"),
        ("-p a -m", {}, "-p a -m"),
        ("--more a", {}, "--more a"),
    ):
        assert valued_options(args.split(), valued) == (values, tuple(others.split())), args
