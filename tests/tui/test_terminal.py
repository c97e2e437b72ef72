"""The app ends with its terminal, however it was started."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

from trainer.tui.terminal import at_terminal

PACK = Path(__file__).parent.parent / "fixtures" / "pack-mini"


def test_no_terminal_here(monkeypatch: object) -> None:
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "__stdin__", nothing)  # type: ignore[attr-defined]
        assert not at_terminal()


def test_it_ends_when_the_terminal_goes_away(tmp_path: Path) -> None:
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
        [sys.executable, "-m", "trainer"], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    shown = b""
    end = time.monotonic() + 30
    while b"tiny-pod" not in shown and time.monotonic() < end:
        shown += os.read(ours, 65536)
    assert b"tiny-pod" in shown
    os.close(ours)
    try:
        assert child.wait(timeout=30) == -signal.SIGHUP
    finally:
        child.kill()
