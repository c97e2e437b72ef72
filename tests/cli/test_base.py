"""What commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from trainer.cli.base import Command, Run, command, group, unknown
from trainer.errors import UsageError


def test_options_are_absorbed_and_inner_ones_win() -> None:
    run = Run()
    rest = {"workspace": "a", "json": True, "no_input": False, "mine": 1, "pack": None}
    run.absorb(rest)
    assert rest == {"mine": 1}
    run.absorb({"workspace": "b", "json": False})
    assert run.overrides == {"workspace": "b"}
    assert (run.json, run.no_input) == (True, False)


def test_settings_come_from_the_options(tmp_path: Path) -> None:
    run = Run()
    run.absorb({"workspace": str(tmp_path / "mine")})
    assert run.session.settings.workspace == tmp_path / "mine"
    run.close()
    run.close()


def test_which_seed_is_meant() -> None:
    run = Run()
    assert run.seed_for("tiny-pod", None, None) is None
    assert run.seed_for("tiny-pod", 3, None) == 3
    assert run.seed_for("tiny-pod", None, "Jane Doe") == 225899
    with pytest.raises(UsageError, match="either --seed or --learner"):
        run.seed_for("tiny-pod", 3, "Jane Doe")
    with pytest.raises(UsageError, match="--learner is empty"):
        run.seed_for("tiny-pod", None, " ")
    run.absorb({"top_seed": 5})
    run.absorb({"top_seed": None})
    assert (run.seed_for("tiny-pod", None, None), run.seed_for("tiny-pod", 0, None)) == (5, 0)
    assert run.session.seed == 5
    run.close()


def test_nobody_to_ask_names_the_option() -> None:
    run = Run()
    with pytest.raises(UsageError, match="Sure") as caught:
        run.confirm("Sure?", option="--yes")
    assert caught.value.remedy == "pass --yes to confirm"


def test_no_input_is_not_asked_even_at_a_terminal(types: Callable[[str], None]) -> None:
    types("y\n")
    run = Run()
    assert run.confirm("Sure?", option="--yes") is True
    run.no_input = True
    with pytest.raises(UsageError):
        run.confirm("Sure?", option="--yes")


def test_a_command_gets_the_run_and_its_own_options() -> None:
    seen = []

    @command(name="try")
    @click.option("--times", type=int)
    def tried(run: Run, *, times: int) -> int:
        """Try."""
        seen.append((run.json, run.overrides, times))
        return 7

    assert isinstance(tried, Command)
    assert tried.main(["--times", "3", "--json", "--pack", "p"], standalone_mode=False) == 7
    assert seen == [(True, {"pack": "p"}, 3)]


def test_a_group_makes_such_commands() -> None:
    @group(name="many")
    def many() -> None:
        """Do many things."""

    @many.command(name="one")
    def one(run: Run) -> None:
        """Do one thing."""
        assert run.json

    many.main(["one", "--json"], standalone_mode=False)
    with pytest.raises(UsageError) as caught:
        many.main(["onne"], standalone_mode=False)
    assert caught.value.remedy == "did you mean one?"


def test_far_names_list_what_there_is() -> None:
    with pytest.raises(UsageError) as caught:
        unknown("no such thing", "zzz", ["a", "b"])
    assert caught.value.remedy == "known: a, b"


def test_the_first_word_after_a_leader_may_be_a_command(cks: Callable[..., Any]) -> None:
    """Everything else belongs to the leader itself, a folder of that name as well."""
    helped = cks("batch", "--help").out
    assert "Usage: cks-trainer batch [OPTIONS] SUBMISSIONS\n" in helped
    assert re.search(r"\nCommands:\n  diff +Show", helped)
    assert "Usage: cks-trainer batch diff [OPTIONS] OLD NEW\n" in cks("batch", "diff", "-h").out
    assert "cks-trainer batch diff --help shows" in cks("batch", "diff").err
    for words in (["./diff"], ["--cards", "diff", "x"], ["x", "diff"], ["-x", "diff"], ["dif"], []):
        assert "cks-trainer batch --help shows" in cks("batch", *words).err, words
