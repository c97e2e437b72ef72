"""What a shell may complete."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from tests.table import each_row
from trainer.cli.app import command_names, program
from trainer.cli.base import Leader
from trainer.cli.completion import FILES, GROUPS, SCRIPTS, card_ids, complete
from trainer.content.locate import builtin_pack

CARDS = ["tiny-pod", "tiny-space"]


@each_row(
    ("words", "answers"),
    [
        (["sh"], ["show"]),
        (["show", ""], CARDS),
        (["show", "tiny-p"], ["tiny-pod"]),
        (["--json", "start", "tiny-s"], ["tiny-space"]),
        (["grade", ""], [FILES]),
        (["grade", "--card", ""], CARDS),
        (["grade", "--card", "x"], []),
        (["batch", "--cards", "tiny-pod,tiny-s"], ["tiny-pod,tiny-space"]),
        (["batch", "--out", "x"], [FILES]),
        (["batch", ""], [FILES, "diff", "gradebook", "merge"]),
        (["batch", "answers", ""], [FILES]),
        (["batch", "diff", ""], [FILES]),
        (["batch", "--form"], ["--format"]),
        (["watch", "tiny-p"], [FILES, "tiny-pod"]),
        (["hint", "--ag"], ["--again"]),
        (["pack", ""], ["check", "export", "new"]),
        (["pack", "check", ""], [FILES, *CARDS]),
        (["pack", "check", "tiny-pod", "tiny-s"], [FILES, "tiny-space"]),
        (["pack", "new", "x", ""], [FILES]),
        (["pack", "check", "--q"], ["--quiet"]),
        (["--work"], ["--workspace"]),
        (["completion", "z"], ["zsh"]),
        (["nonsense", ""], []),
        (["ask", "can"], ["can-i"]),
        (["ask", "flow", ""], [FILES]),
        (["--json", "ask", "flow", "a.yaml", ""], [FILES]),
        (["ask", "admit", "p.yaml", "--object", ""], [FILES]),
        (["ask", "flow", "--protocol", ""], ["SCTP", "TCP", "UDP"]),
        (["ask", "pod-security", "a.yaml", "--level", ""], ["baseline", "restricted"]),
        (["ask", "audit", "--as", ""], []),
        (["ask", "node", "a.sh", "--card", "tiny-p"], ["tiny-pod"]),
        (["ask", "node", "--node", ""], [FILES]),
        (["cluster", ""], ["contexts", "prepare", "reset", "status"]),
        (["cluster", "prepare", "tiny-p"], ["tiny-pod"]),
        (["list", "--difficulty", ""], ["easy", "hard", "medium"]),
        (["list", "--domain", "run"], ["runtime-security"]),
        (["list", "--competency", "RT"], ["RT1", "RT2", "RT3", "RT4", "RT5"]),
        (["list", "--domain", "runtime-security", ""], []),
        (["watch", "--until-passed", "tiny-p"], [FILES, "tiny-pod"]),
        (["nonsense", "--js"], ["--json"]),
        (["doctor", "--report", ""], [FILES]),
        (["serve", "--roster", "x"], [FILES]),
        (["batch", "--format", "csv,js"], ["csv,jsonl"]),
        (["practice", "tiny-p"], ["tiny-pod"]),
        (["pack", "new", "x", "--competency", "RT4"], ["RT4"]),
    ],
)
def test_what_fits(words: list[str], answers: list[str]) -> None:
    assert complete(words) == answers


def test_commands_are_all_offered() -> None:
    assert complete([""]) == sorted(command_names())
    assert complete([]) == sorted(command_names())


def test_the_groups_are_known() -> None:
    commands = {name: program().get_command(None, name) for name in command_names()}  # type: ignore[arg-type]
    groups = {name for name, found in commands.items() if isinstance(found, click.Group)}
    assert groups == GROUPS | {name for name, found in commands.items() if isinstance(found, Leader)}


def test_every_option_of_grade_is_offered() -> None:
    assert {"--card", "--seed", "--json", "--record", "--no-record", "--exit-zero", "--help"} <= set(
        complete(["grade", "--"])
    )


def test_the_built_in_cards_are_found_as_the_program_finds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CKS_TRAINER_PACK")
    assert card_ids() == sorted(path.stem for path in builtin_pack().tasks.glob("*/*.yaml"))


def test_the_pack_of_the_settings_file_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = tmp_path / "pack" / "tasks" / "cluster-setup"
    pack.mkdir(parents=True)
    (pack / "own-card.yaml").write_text("")
    (tmp_path / "c.toml").write_text('pack = "pack"\n')
    monkeypatch.delenv("CKS_TRAINER_PACK")
    monkeypatch.setenv("CKS_TRAINER_CONFIG", str(tmp_path / "c.toml"))
    assert card_ids() == ["own-card"]


def test_a_broken_installation_completes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CKS_TRAINER_PACK", "/nowhere")
    assert complete(["show", ""]) == []


def test_the_program_answers(cks: Callable[..., Any]) -> None:
    assert cks("__complete", "show", "").out == "tiny-pod\ntiny-space\n"
    assert cks("__complete", "show", "nothing") == (0, "", "")


def parameters() -> Iterator[tuple[list[str], click.Parameter]]:
    """Every argument and every option with a value of every command, with the words before it."""

    def inside(one: click.Command, names: list[str]) -> Iterator[tuple[list[str], click.Parameter]]:
        if isinstance(one, click.Group):
            for name in one.list_commands(context):
                inner = one.get_command(context, name)
                assert inner is not None
                yield from inside(inner, [*names, name])
        if isinstance(one, click.Group) and not isinstance(one, Leader):
            return
        for parameter in one.params:
            if isinstance(parameter, click.Argument):
                yield [*names, ""], parameter
            elif not getattr(parameter, "is_flag", False):
                yield [*names, parameter.opts[-1], ""], parameter

    context = click.Context(program())
    yield from inside(program(), [])


def test_whatever_names_a_card_or_a_file_is_completed() -> None:
    """The quick answers agree with what the commands say about themselves."""
    faults = []
    for words, parameter in parameters():
        metavar = (parameter.metavar or "").upper()
        answers = complete(words)
        if "CARD" in metavar and not set(CARDS) <= set(answers):
            faults.append(f"{words}: no cards")
        if any(kind in metavar for kind in ("FILE", "DIR", "PATH")) and FILES not in answers:
            faults.append(f"{words}: no files")
        if isinstance(parameter.type, click.Choice) and not answers:
            faults.append(f"{words}: none of {parameter.type.choices}")
    assert faults == []


@pytest.mark.parametrize("shell", sorted(SCRIPTS))
def test_the_scripts_are_valid_where_the_shell_is_there(shell: str) -> None:
    assert "cks-trainer __complete" in SCRIPTS[shell]
    program = shutil.which(shell)
    if program:
        flag = "--no-execute" if shell == "fish" else "-n"
        done = subprocess.run(
            [program, flag], input=SCRIPTS[shell], text=True, capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")


SHELLS = {
    "bash": """
        {script}
        COMP_WORDS=(cks-trainer show tiny); COMP_CWORD=2
        _cks_trainer; printf '%s\\n' "${{COMPREPLY[@]}}"
    """,
    "zsh": """
        compdef() {{ }}; compadd() {{ shift; [ "$1" = found ] && print -l -- $found }}
        {script}
        words=(cks-trainer show tiny); CURRENT=3
        _cks_trainer
    """,
    "fish": """
        {script}
        complete -C 'cks-trainer show tiny'
    """,
}
"""What makes each shell print the words that it would offer."""


@pytest.mark.parametrize("shell", filter(shutil.which, sorted(SCRIPTS)))
def test_the_real_shell_offers_what_the_program_answers(shell: str, tmp_path: Path) -> None:
    program = tmp_path / "cks-trainer"
    program.write_text(
        '#!/bin/sh\n[ "$1 $2 $3" = "__complete show tiny" ] && printf "tiny-pod\\ntiny-space\\n"\n'
    )
    program.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    done = subprocess.run(
        [shutil.which(shell) or shell, "-c", SHELLS[shell].format(script=SCRIPTS[shell])],
        text=True, capture_output=True, check=False, env=environment,
    )  # fmt: skip
    assert (done.stdout.split(), done.stderr) == (["tiny-pod", "tiny-space"], "")
