"""The app ends with its terminal, however it was started and whenever the terminal goes away."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import HANGS
from trainer.tui.terminal import terminal_is_lost

PACK = Path(__file__).parent.parent / "fixtures" / "pack-mini"

START = "from trainer.__main__ import main; main()"

LATE = """
import os, signal
from trainer.tui import app, terminal

def late():
    os.write(1, b"about to watch")
    while not terminal.terminal_is_lost():
        pass
    watch()

watch, app.end_with_terminal = app.end_with_terminal, late
"""
"""The app found a terminal, and it goes away before the app begins to watch it."""

IGNORE = "signal.signal(signal.SIGHUP, signal.SIG_IGN); terminal.LOOKS_EACH = 0.0\n"


def test_a_terminal_that_goes_away_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as stdin:
        monkeypatch.setattr(sys, "__stdin__", stdin)
        assert not terminal_is_lost()
        os.close(ours)
        assert terminal_is_lost()


def test_what_is_not_a_terminal_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "__stdin__", nothing)
        assert not terminal_is_lost()
    assert not terminal_is_lost()
    monkeypatch.setattr(sys, "__stdin__", None)
    assert not terminal_is_lost()


@pytest.mark.parametrize(
    ("program", "shown", "code"),
    [
        (START, b"tiny-pod", -signal.SIGHUP),
        (LATE + START, b"about to watch", -signal.SIGHUP),
        (LATE + IGNORE + START, b"about to watch", 128 + signal.SIGHUP),
    ],
    ids=["while it runs", "before it watches", "where SIGHUP is ignored"],
)
def test_it_ends_when_the_terminal_goes_away(tmp_path: Path, program: str, shown: bytes, code: int) -> None:
    """Nobody sends SIGHUP here: the terminal is not the child's controlling one, as below `make`."""
    ours, theirs = pty.openpty()
    environment = os.environ | {
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        "CKS_TRAINER_PACK": str(PACK),
        "CKS_TRAINER_WORKSPACE": str(tmp_path / "answers"),
        "TERM": "xterm",
    }
    child = subprocess.Popen(
        [sys.executable, "-c", program], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    try:
        seen = b""
        while shown not in seen:
            assert select.select([ours], [], [], HANGS)[0], "nothing more is shown"
            seen += os.read(ours, 65536)  # raises where the child ends before
        os.close(ours)
        assert child.wait(timeout=HANGS) == code
    finally:
        child.kill()
        child.wait()
