"""The app ends with its terminal, however it was started and whenever the terminal goes away."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.patience import HANGS
from trainer.progress.store import Store
from trainer.tui.terminal import ENDING, restored_on_signals, terminal_is_lost

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
        pytest.param(START, b"Supply Chain", -signal.SIGHUP, id="while it runs", marks=pytest.mark.trial),
        pytest.param(LATE + START, b"about to watch", -signal.SIGHUP, id="before it watches"),
        pytest.param(LATE + IGNORE + START, b"about to watch", 128 + signal.SIGHUP, id="where it is ignored"),
    ],
)
def test_it_ends_when_the_terminal_goes_away(tmp_path: Path, program: str, shown: bytes, code: int) -> None:
    """Nobody sends SIGHUP here: the terminal is not the child's controlling one, as below `make`."""
    with started(tmp_path, program) as (ours, child):
        read_until(ours, shown)
        os.close(ours)
        assert child.wait(timeout=HANGS) == code


HEEDS = """
import signal
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
    signal.signal(number, signal.SIG_DFL)
"""
"""In the background of a shell, whoever runs the tests has signals ignored, and so has the child."""

PATIENT = f"""
import trainer.tui.terminal
trainer.tui.terminal.PATIENCE = {HANGS}
"""
"""On a busy machine, we may be slow to read what the app has painted, and the terminal takes no more till then."""

BUSY = """
from trainer.tui.screens.catalogue import Catalogue

def hang(self):
    while True:
        pass

Catalogue.action_progress = hang
"""

IDLE, BUSY_BY = b"", b"p"
QUICK = [(signal.SIGTERM, IDLE), (signal.SIGHUP, BUSY_BY)]

CRASH = """
from trainer.tui.screens.catalogue import Catalogue

def crash(self):
    raise RuntimeError("a defect")

Catalogue.action_progress = crash
"""


@pytest.mark.parametrize(
    ("number", "key"),
    [
        pytest.param(number, key, marks=() if (number, key) in QUICK else pytest.mark.trial)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
        for key in (IDLE, BUSY_BY)
    ],
)
def test_a_signal_gives_the_terminal_back(tmp_path: Path, number: signal.Signals, key: bytes) -> None:
    """The alternate screen, the mouse, pasted text, the cursor, and the modes of the terminal."""
    with started(tmp_path, HEEDS + PATIENT + BUSY + START) as (ours, child):
        before = termios.tcgetattr(ours)
        read_until(ours, b"Supply Chain")
        assert termios.tcgetattr(ours) != before
        os.write(ours, key)
        child.send_signal(number)
        rest = read_rest(ours)
        assert child.wait(timeout=HANGS) == -number
        assert termios.tcgetattr(ours) == before
        os.close(ours)
    assert not turned_on(rest) & MODES
    assert turned_off(rest) >= MODES


def test_a_crash_gives_the_terminal_back_and_is_no_success(tmp_path: Path) -> None:
    with started(tmp_path, CRASH + START) as (ours, child):
        before = termios.tcgetattr(ours)
        read_until(ours, b"Supply Chain")
        os.write(ours, b"p")
        rest = read_until(ours, b"please report")
        assert child.wait(timeout=HANGS) == 5
        assert termios.tcgetattr(ours) == before
        os.close(ours)
    assert b"a defect" in rest
    assert turned_off(rest) >= MODES


def test_a_terminal_without_a_size(tmp_path: Path) -> None:
    """The first size is the one that later sizes say, so that nothing is resized forever: keys are obeyed."""
    with started(tmp_path, START, size=(0, 0)) as (ours, child):
        read_until(ours, b"Supply Chain")
        os.write(ours, b"q")
        read_rest(ours)
        assert child.wait(timeout=HANGS) == 0


def test_a_terminal_that_takes_no_output_delays_no_signal(tmp_path: Path) -> None:
    with started(tmp_path, HEEDS + START) as (ours, child):
        read_until(ours, b"Supply Chain")
        os.write(ours, b"?" * 200)  # what is painted from now on, nobody reads
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=HANGS) == -signal.SIGTERM
        os.close(ours)


def test_a_signal_that_is_ignored_stays_ignored_and_others_come_back() -> None:
    before = [signal.getsignal(number) for number in ENDING]
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with restored_on_signals():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert callable(signal.getsignal(signal.SIGTERM))
        assert signal.getsignal(signal.SIGTERM) == before[0]
    finally:
        signal.signal(signal.SIGHUP, before[1])
    assert [signal.getsignal(number) for number in ENDING] == before


MODES = frozenset({b"1000", b"1003", b"1006", b"1049", b"2004", b"1004"})
"""Mouse, alternate screen, bracketed paste, focus."""


def turned_on(shown: bytes) -> set[bytes]:
    return set(re.findall(rb"\x1b\[\?(\d+)h", shown))


def turned_off(shown: bytes) -> set[bytes]:
    return set(re.findall(rb"\x1b\[\?(\d+)l", shown))


def read_until(ours: int, shown: bytes) -> bytes:
    seen = b""
    while shown not in seen:
        assert select.select([ours], [], [], HANGS)[0], "nothing more is shown"
        seen += os.read(ours, 65536)  # raises where the child ends before
    return seen


def read_rest(ours: int) -> bytes:
    """What was written before the other end was closed."""
    seen = b""
    while True:
        assert select.select([ours], [], [], HANGS)[0], "the other end is still open"
        try:
            more = os.read(ours, 65536)
        except OSError:
            return seen
        if not more:
            return seen
        seen += more


@contextmanager
def started(
    home: Path, program: str, *, size: tuple[int, int] = (24, 80)
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The program on a terminal of its own (`size` in lines and columns), whose other end the test holds."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, size)
    environment = os.environ | {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home),
        "CKS_TRAINER_PACK": str(PACK),
        "CKS_TRAINER_WORKSPACE": str(home / "answers"),
        "CKS_TRAINER_DATABASE": str(home / "progress.db"),
        "TERM": "xterm",
    }
    store = Store.open(home / "progress.db")
    store.choose("welcomed", "yes")  # the keys are for the start screen
    store.close()
    child = subprocess.Popen(
        [sys.executable, "-c", program], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    try:
        yield ours, child
    finally:
        child.kill()
        child.wait()
