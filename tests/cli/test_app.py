"""The program as a whole: its commands, its help, the app, wrong calls."""

from __future__ import annotations

import subprocess
import sys
import types as python_types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.table import each_row
from trainer.cli.app import ORDER, command_names, program
from trainer.cli.base import Command

Cks = Callable[..., Any]


def test_every_module_is_a_command_and_headed_by_the_order() -> None:
    found = (Path(__file__).parents[2] / "trainer/cli/commands").glob("[!_]*")
    modules = {path.stem.replace("_", "-") for path in found}
    assert set(command_names()) == modules
    assert command_names()[: len(ORDER)] == list(ORDER)


@each_row("name", command_names())
def test_every_command_has_help_and_takes_json(name: str, cks: Cks) -> None:
    import click

    main = program()
    command = main.get_command(click.Context(main), name)
    assert command is not None
    leaves = list(command.commands.values()) if isinstance(command, click.Group) else [command]
    for leaf in leaves:
        assert isinstance(leaf, Command), "made by cli.base.command"
        assert leaf.help
        assert {"--json", "--no-input"} <= {text for option in leaf.params for text in option.opts}
    ran = cks(name, "--help")
    assert ran.code == 0
    assert ran.out.startswith(f"Usage: cks-trainer {name}")


def test_the_overview_names_every_command(cks: Cks) -> None:
    ran = cks("--help")
    assert ran.code == 0
    assert "not endorsed by The Linux Foundation or CNCF" in ran.out
    assert all(f"\n  {name} " in ran.out for name in command_names())
    assert "Exit codes" in ran.out
    assert cks("-h").out == ran.out


@pytest.mark.parametrize(
    ("arguments", "message", "remedy"),
    [
        (["lst"], "unknown command 'lst'", "Did you mean list?"),
        (["xyzzy"], "unknown command 'xyzzy'", "Known: list, show"),
        (["pack", "chekc"], "unknown command 'chekc'", "Did you mean check?"),
        (["grade", "--crad", "x"], "No such option '--crad'", "cks-trainer grade --help"),
        (["show"], "Missing argument 'CARD'", "cks-trainer show --help"),
        (
            ["list", "--difficulty", "wild"],
            "'wild' is not one of 'easy', 'medium', 'hard'",
            "cks-trainer list --help",
        ),
        (["--nope"], "No such option '--nope'", "cks-trainer --help"),
    ],
)
def test_a_wrong_call_is_told_with_the_likely_one(
    cks: Cks, arguments: list[str], message: str, remedy: str
) -> None:
    ran = cks(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert remedy in ran.err


def test_a_wrong_call_with_json_is_an_object(cks: Cks) -> None:
    ran = cks("show", "--json")
    assert ran.code == 2
    assert ran.json == {
        "schema": "cks-trainer.error/1",
        "kind": "usage",
        "message": "Missing argument 'CARD'.",
        "remedy": "cks-trainer show --help shows the usage",
        "file": None,
        "problems": [],
        "exit": 2,
    }


def test_common_options_stand_before_or_after_the_command(cks: Cks, tmp_path: Path) -> None:
    before = cks("--json", "--workspace", tmp_path / "a", "doctor")
    after = cks("doctor", "--json", "--workspace", tmp_path / "a")
    changing = "free space"  # others write to this disk, too
    told, again = (
        [one for one in ran.json["findings"] if one["name"] != changing] for ran in (before, after)
    )
    assert told == again
    assert str(tmp_path / "a") in str(told)
    both = cks("--workspace", tmp_path / "outer", "doctor", "--workspace", tmp_path / "inner")
    assert f"{tmp_path / 'inner'} (option --workspace)" in both.out


def test_a_group_alone_shows_its_help(cks: Cks) -> None:
    ran = cks("pack")
    assert ran.code == 2
    assert "check" in ran.err


def test_the_app_needs_a_terminal(cks: Cks) -> None:
    ran = cks()
    assert (ran.code, ran.out) == (2, "")
    assert "needs a terminal" in ran.err


@pytest.mark.parametrize(("ended_well", "code"), [(True, 0), (False, 5)])
def test_without_a_command_the_app_opens(
    cks: Cks, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ended_well: bool, code: int
) -> None:
    opened: list[Any] = []

    def run(session: Any, _: str | None) -> bool:
        opened.append(session)
        return ended_well

    app = python_types.ModuleType("trainer.tui.app")
    app.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "trainer.tui.app", app)
    monkeypatch.setattr("trainer.cli.streams.at_terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with pytest.raises(SystemExit) as caught:
        cks("--workspace", tmp_path / "mine")
    assert caught.value.code == code
    assert [session.settings.workspace for session in opened] == [tmp_path / "mine"]


def test_grading_loads_neither_app_nor_cluster_nor_difference(answer: Callable[..., Path]) -> None:
    code = (
        "import sys; from trainer.__main__ import main; code = main(sys.argv[1:]);"
        "heavy = {'textual', 'rich', 'kubernetes', 'deepdiff', 'cryptography', 'tomllib', 'asyncio'};"
        "print(code, sorted(heavy & set(sys.modules)))"
    )
    program = [sys.executable, "-c", code, "grade", str(answer("reference"))]
    done = subprocess.run(program, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert done.stdout.splitlines()[-1] == "0 []"
