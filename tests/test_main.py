"""The program in a process of its own: version, exit codes, a reader that goes away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.patience import HANGS
from tests.table import each_row
from trainer import __version__
from trainer.__main__ import main

ROOT = Path(__file__).parent.parent
PACK = ROOT / "tests" / "fixtures" / "pack-mini"


def program(*arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "CKS_TRAINER_PACK": str(PACK), **extra}
    return subprocess.run(
        [sys.executable, "-m", "trainer", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        timeout=HANGS,
    )


@pytest.mark.parametrize("arguments", [["--version"], ["-V"], ["--json", "--version"], ["--version", "list"]])
def test_version_says_what_it_is_and_what_it_is_not(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 0
    assert capsys.readouterr().out == (
        f"cks-trainer {__version__}\n"
        "Independent practice trainer; not endorsed by The Linux Foundation or CNCF.\n"
    )


@each_row(
    ("arguments", "expected"),
    [
        (["--version"], []),
        (["__complete", "show", ""], ["pathlib"]),
        (["__complete", "grade", "--"], ["click", "pathlib"]),
    ],
)
def test_quick_answers_import_next_to_nothing(arguments: list[str], expected: list[str]) -> None:
    libraries = ("click", "ipaddress", "locale", "msgspec", "pathlib", "yaml")
    code = (
        f"from trainer.__main__ import main; main({arguments!r});"
        f"print(sorted(name for name in sys.modules if name in {libraries!r}))"
    )
    places = [str(ROOT), str(Path(click.__file__).parents[1])]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = {places!r}; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == repr(expected)


def test_exit_codes_reach_the_shell(tmp_path: Path) -> None:
    assert program("--version").returncode == 0
    assert program("grade", "--card", "nope", "x").returncode == 2
    missing = program("grade", "--card", "tiny-pod", str(tmp_path / "none.yaml"))
    assert (missing.returncode, missing.stdout) == (4, "")
    assert "Traceback" not in missing.stderr


def test_without_a_terminal_the_app_says_so() -> None:
    ran = program()
    assert ran.returncode == 2
    assert "needs a terminal" in ran.stderr


def test_a_reader_that_goes_away_is_quiet_and_keeps_the_exit_code(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run(
        [sys.executable, "-m", "trainer", "list"],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "CKS_TRAINER_PACK": str(PACK), "CKS_TRAINER_DATABASE": str(tmp_path / "p.db")},
        timeout=HANGS,
    )
    os.close(writer)
    assert (process.returncode, process.stderr) == (0, "")


def test_an_old_terminal_encoding_stops_nothing(tmp_path: Path) -> None:
    ran = program("list", PYTHONIOENCODING="ascii", CKS_TRAINER_DATABASE=str(tmp_path / "p.db"))
    assert ran.returncode == 0
    assert "\\u25cb" in ran.stdout
