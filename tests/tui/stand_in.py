"""A stand-in for tmux: a shell script in its place, as from a shell inside tmux."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest


def run_as_tmux(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the script in the place of tmux. It logs into the folder `$LOG`, which is returned."""
    program = folder / "bin" / "tmux"
    program.parent.mkdir()
    program.write_text(script)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("LOG", str(folder))
    monkeypatch.setenv("TMUX", "socket,1,0")
    monkeypatch.setenv("TMUX_PANE", "%1")
    return folder
