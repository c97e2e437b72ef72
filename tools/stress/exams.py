"""Exams that are killed, hung up or ended at random moments: flags, answers and time are still there."""

from __future__ import annotations

import json
import random
import signal
import time
from pathlib import Path
from typing import Any

from tools.stress.model import Trial
from tools.stress.programs import finished, rest, start
from tools.stress.terminals import Terminal, drafts

LOST = 1.0
"""Seconds of the clock that a kill may cost."""
BUSY = 1.0
"""Seconds by which a busy machine may delay a write or this program's own look."""


def exam_kills(home: Path, count: int, seed: int) -> Trial:
    """End the app, or the clock on the command line, while an exam is open; then grade the exam."""
    trial, chance = Trial("exams, killed"), random.Random(seed)  # noqa: S311 - the same kills each time
    code, _, err = finished(home, "exam", "start", "--cards", "2", "--minutes", "1440", "--no-wait")
    trial.expect(code == 0, f"the exam doesn't begin: {err[:200]}")
    folder = home / "answers" / "exam-1" / "tiny-pod"
    marks: list[str] = []
    for number in range(count):
        before = _status(home)
        if number % 4 == 3:
            spent = _on_the_command_line(trial, home, chance, flagged=number % 8 == 3)
        else:
            marks.append(f"kept{number}x")
            spent = _in_the_app(trial, home, folder, chance, marks[-1])
        after = _status(home)
        _clock(trial, number, before["left"] - after["left"], *spent)
        trial.expect(not after["open"], f"round {number}: it is still open")
        trial.tried += 1
    texts = "\n".join(_texts(folder))
    for mark in marks:
        trial.expect(mark in texts, f"the text {mark}")
    code, out, err = finished(home, "exam", "finish", "--yes", "--json")
    trial.expect(code == 0 and json.loads(out)["how"] == "finished", f"the end: {code} {err[:200]}")
    return trial


def _in_the_app(
    trial: Trial, home: Path, folder: Path, chance: random.Random, mark: str
) -> tuple[float, float]:
    begun = time.monotonic()
    terminal = Terminal(home, "exam", size=(40, 120))
    terminal.until(lambda: b"left" in terminal.shown)
    seen = time.monotonic()
    finished(home, "exam", "open", "tiny-pod")
    terminal.child.send_signal(signal.SIGKILL)
    first = time.monotonic()
    terminal.ends()
    terminal.close()
    spent = first - seen, time.monotonic() - begun
    begun = time.monotonic()
    terminal = Terminal(home, "exam", size=(40, 120))
    terminal.until(lambda: b"tiny" in terminal.shown)
    seen = time.monotonic()
    for _ in range(60):  # a key that comes before the screen is ready is nobody's
        terminal.type(b"i")
        terminal.read(0.5)
        if b"stop" in terminal.shown or terminal.child.poll() is not None:
            break
    terminal.type(mark.encode())
    kept = terminal.until(lambda: any(mark in text for text in _texts(folder)))
    trial.expect(kept, f"{mark} was never kept")
    rest(chance, 1.5)
    sent = chance.choice((signal.SIGKILL, signal.SIGHUP, signal.SIGTERM))
    terminal.child.send_signal(sent)
    killed = time.monotonic()
    trial.expect(terminal.ends() == -sent, f"{mark}: {sent.name} doesn't end it")
    terminal.close()
    trial.expect(any(mark in text for text in _texts(folder)), f"the text {mark}, right after the end")
    return spent[0] + killed - seen - LOST, spent[1] + time.monotonic() - begun


def _on_the_command_line(
    trial: Trial, home: Path, chance: random.Random, *, flagged: bool
) -> tuple[float, float]:
    begun = time.monotonic()
    process = start(home, "--json", "exam", "start")
    assert process.stdout is not None  # noqa: S101 - `start` makes the pipe
    process.stdout.readline()
    seen = time.monotonic()
    finished(home, "exam", "flag", "1", *([] if flagged else ["--off"]))
    rest(chance, 1.5)
    process.send_signal(chance.choice((signal.SIGKILL, signal.SIGHUP, signal.SIGTERM)))
    killed = time.monotonic()
    process.communicate()
    trial.expect(_status(home)["cards"][0]["flagged"] is flagged, "a flag")
    return killed - seen, time.monotonic() - begun


def _clock(trial: Trial, number: int, counted: float, least: float, most: float) -> None:
    fits = least - LOST - BUSY <= counted <= most + BUSY
    trial.expect(fits, f"round {number}: the clock counted {counted:.2f} s of {least:.2f} to {most:.2f} s")


def _status(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(finished(home, "exam", "status", "--json")[1])
    return found


def _texts(folder: Path) -> list[str]:
    """Everything that is kept of an answer: the file, drafts, backups."""
    files = [path.read_text("utf-8", "replace") for path in folder.rglob("pod.yaml") if path.is_file()]
    return files + drafts(folder)
