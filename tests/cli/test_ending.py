"""Signals: what is half done goes away, and the program ends by the signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import HANGS
from trainer.cli.ending import ENDING, Ended, tidied_on_signals

BLOCK = """
import signal, sys
from pathlib import Path
from trainer.cli.ending import tidied_on_signals
from trainer.cli.streams import guarded
from trainer.files import replacing

for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
    signal.signal(number, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)

def work():
    with tidied_on_signals(), replacing(Path(sys.argv[1]) / "x") as stream:
        stream.write(b"half")
        print("begun", flush=True)
        while True:
            signal.pause()

sys.exit(guarded(work))
"""
"""It heeds signals, which the background of a shell ignores."""


@pytest.mark.parametrize("name", [*ENDING, "SIGINT"])
def test_a_signal_leaves_nothing_and_is_seen(tmp_path: Path, name: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BLOCK, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"begun\n"
        assert len(list(tmp_path.iterdir())) == 1
        running.send_signal(getattr(signal, name))
        _, said = running.communicate(timeout=HANGS)
    assert list(tmp_path.iterdir()) == []
    assert running.returncode == (130 if name == "SIGINT" else -getattr(signal, name))
    assert b"Traceback" not in said


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with tidied_on_signals():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            with pytest.raises(Ended) as ended:
                os.kill(os.getpid(), signal.SIGTERM)
        assert ended.value.number == signal.SIGTERM
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)
