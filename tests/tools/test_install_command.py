"""The command on the PATH: which way is taken, what is never overwritten, and what the user is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools import install_command
from tools.install_command import MARK, is_foreign, path_hint, put_on_path, remove

FAKE = '#!/bin/sh\necho "$0 $@" >> "$HOME/calls"\nexit {code}\n'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's empty home; the PATH has only a folder `tools` in it, and the system's programs."""
    (tmp_path / "tools").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path / 'tools'}:/usr/bin:/bin")
    return tmp_path


def fake(home: Path, name: str, code: int = 0) -> None:
    """A program that writes its arguments into the file `calls` of the home."""
    path = home / "tools" / name
    path.write_text(FAKE.format(code=code))
    path.chmod(0o755)


def environment_with_program(home: Path) -> Path:
    """An environment whose command prints its arguments."""
    program = home / "a venv" / "bin" / "cks-trainer"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "ran: $@"\n')
    program.chmod(0o755)
    return home / "a venv"


@pytest.mark.parametrize(
    ("present", "taken"), [(("uv",), "uv tool"), (("uv", "pipx"), "uv tool"), (("pipx",), "pipx")]
)
def test_a_manager_is_preferred(home: Path, present: tuple[str, ...], taken: str) -> None:
    for name in present:
        fake(home, name)
    said = put_on_path(home / "venv")
    [call] = (home / "calls").read_text().splitlines()
    assert call.startswith(f"{home}/tools/{taken} install")
    assert call.endswith(str(install_command.ROOT))
    assert f"--python {sys.executable}" in call
    assert said.startswith(present[0])
    assert not (home / ".local").exists()


def test_without_a_manager_a_launcher_runs_the_checkout(home: Path) -> None:
    venv = environment_with_program(home)
    put_on_path(venv)
    launcher = home / ".local" / "bin" / "cks-trainer"
    done = subprocess.run([launcher, "list", "two words"], capture_output=True, text=True, check=True)
    assert done.stdout == "ran: list two words\n"


def test_a_manager_that_fails_leaves_the_launcher(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fake(home, "uv", code=1)
    put_on_path(environment_with_program(home))
    assert MARK in (home / ".local" / "bin" / "cks-trainer").read_text()
    assert "uv could not install" in capsys.readouterr().err


def test_a_manager_replaces_our_launcher(home: Path) -> None:
    put_on_path(environment_with_program(home))
    fake(home, "pipx")
    put_on_path(home / "a venv")
    assert not (home / ".local" / "bin" / "cks-trainer").exists()


@pytest.mark.parametrize("kind", ["file", "link", "broken link"])
def test_what_is_not_ours_stays(home: Path, kind: str) -> None:
    path = home / ".local" / "bin" / "cks-trainer"
    path.parent.mkdir(parents=True)
    other = home / "other"
    if kind != "broken link":
        other.write_text("#!/bin/sh\n")
    path.symlink_to(other) if kind.endswith("link") else path.write_text("#!/bin/sh\n")
    fake(home, "uv")
    assert is_foreign(path)
    with pytest.raises(SystemExit, match="isn't from this project"):
        put_on_path(environment_with_program(home))
    assert not (home / "calls").exists()
    remove()
    assert path.is_symlink() == kind.endswith("link")


def test_link_into_an_environment_of_a_manager_is_ours(home: Path) -> None:
    target = home / ".local/share/uv/tools/cks-trainer/bin/cks-trainer"
    target.parent.mkdir(parents=True)
    target.write_text("")
    path = home / ".local" / "bin" / "cks-trainer"
    path.parent.mkdir(parents=True)
    path.symlink_to(target)
    assert not is_foreign(path)


def test_remove_takes_our_launcher_away(home: Path) -> None:
    put_on_path(environment_with_program(home))
    assert remove().startswith("removed cks-trainer")
    assert not (home / ".local" / "bin" / "cks-trainer").exists()
    assert remove() == "cks-trainer was not installed by `make install`"


@pytest.mark.parametrize(
    ("shell", "start", "end"),
    [
        ("/bin/bash", "echo 'export PATH=", "~/.bashrc"),
        ("/usr/bin/zsh", "echo 'export PATH=", "~/.zshrc"),
        ("/usr/bin/fish", "fish_add_path ", ".local/bin"),
        ("", "echo 'export PATH=", "~/.bashrc"),
    ],
)
def test_path_hint_is_a_line_of_that_shell(home: Path, shell: str, start: str, end: str) -> None:
    hint = path_hint(shell)
    assert hint.startswith(start)
    assert hint.endswith(end)
    assert str(home / ".local" / "bin") in hint
