"""The app on real terminals: signals while somebody types, other sizes, random keys, two apps on one card."""

from __future__ import annotations

import os
import pty
import random
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from fcntl import ioctl
from pathlib import Path

from tests.patience import HANGS
from tools.stress.model import Trial
from tools.stress.programs import MAIN, POD, environment, rest
from trainer.patterns import regex
from trainer.progress.store import Store

OURS = b"please report"
"""What the program says of its own faults."""
SCREEN_BACK = b"\x1b[?1049l"
"""Ends the app's own screen: what comes later is for whoever started the app."""
CONTROL = regex(r"\x1b\[[0-9;?<>=]*[A-Za-z]|[\x00-\x09\x0b-\x1f]")
"""Colors, movements of the cursor, and other control characters."""
LONGEST_WORDS = 20_000
"""Characters of a trace that are kept."""
KEYS = (
    *(bytes([letter]) for letter in range(0x20, 0x7F)),
    *(
        bytes([code]) for code in range(1, 0x20) if code not in (0x03, 0x11, 0x1A)
    ),  # not: end, stop the process
    *(
        b"\x1b[A",
        b"\x1b[B",
        b"\x1b[C",
        b"\x1b[D",
        b"\x1b[5~",
        b"\x1b[6~",
        b"\x1b[H",
        b"\x1b[F",
        b"\x1bOP",
        b"\x1b[Z",
    ),
    *(
        b"\x1b[3~",
        b"\x1b[2~",
        b"\x1b[1;5C",
        b"\x1b[<0;10;5M",
        b"\x1b[<0;10;5m",
        b"\x1b[<64;10;5M",
        b"\x1b[200~a\nb\x1b[201~",
    ),
    *("é".encode(), "名".encode(), b"\x7f", b"\x1b", b"\r", b"\t"),
)
"""What a keyboard and a mouse send."""


class Terminal:
    """The program on a terminal of its own, which is read as long as somebody waits."""

    def __init__(
        self, home: Path, *arguments: str, size: tuple[int, int] = (24, 80), program: str = MAIN
    ) -> None:
        self.ours, theirs = pty.openpty()
        self._sized(theirs, size)
        self.shown = b""
        self.child = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment(home, TERM="xterm-256color"),
            start_new_session=True,
        )
        os.close(theirs)

    @staticmethod
    def _sized(descriptor: int, size: tuple[int, int]) -> None:
        ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))

    def resize(self, lines: int, columns: int) -> None:
        """Another size, and the signal that tells it."""
        self._sized(self.ours, (lines, columns))
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGWINCH)

    def type(self, keys: bytes) -> None:
        """Send keys, reading what is shown meanwhile: a terminal that nobody reads takes no more."""
        while keys and self.child.poll() is None:
            self.read(0)
            if select.select([], [self.ours], [], 0.05)[1]:
                keys = keys[os.write(self.ours, keys[:64]) :]

    def read(self, seconds: float) -> None:
        """Read what is shown for so long; a cursor that blinks never ends."""
        end = time.monotonic() + seconds
        while select.select([self.ours], [], [], max(end - time.monotonic(), 0))[0]:
            try:
                more = os.read(self.ours, 65536)
            except OSError:  # the other end is closed
                return
            if not more:
                return
            self.shown = (self.shown + more)[-200_000:]

    def until(self, holds: Callable[[], bool]) -> bool:
        """Read until something holds; whether it did before the program ended or hung."""
        end = time.monotonic() + HANGS
        while not holds():
            if self.child.poll() is not None or time.monotonic() > end:
                return holds()
            self.read(0.02)
        return True

    def ends(self) -> int | None:
        """Read until the program has ended; its exit code, or None if it hangs."""
        self.until(lambda: self.child.poll() is not None)
        self.read(0)
        return self.child.poll()

    def last_words(self) -> str:
        """What it wrote after it gave the screen back: the trace of a crash, without colors."""
        written = self.shown.rpartition(SCREEN_BACK)[2].decode(errors="replace").replace("\r", "")
        return CONTROL.sub("", written).strip()[-LONGEST_WORDS:]

    def close(self) -> None:
        """End it, whatever it does."""
        self.child.kill()
        self.child.wait()
        os.close(self.ours)


def drafts(folder: Path) -> list[str]:
    """The unsaved texts beside an answer."""
    return [path.read_text("utf-8", "replace") for path in folder.glob(".*draft*") if path.is_file()]


def _editing(home: Path) -> tuple[Terminal, Path]:
    """The app with the editor of `tiny-pod` open: it's the second card of the pack."""
    terminal = Terminal(home)
    terminal.until(lambda: b"Supply Chain" in terminal.shown)
    terminal.type(b"\x1b[B\r")
    terminal.until(lambda: b"Answer" in terminal.shown)
    for _ in range(60):  # a key that comes before the screen is ready is nobody's
        terminal.type(b"i")
        terminal.read(0.5)
        if b"stop" in terminal.shown or terminal.child.poll() is not None:
            break
    return terminal, home / "answers" / "tiny-pod"


def _type_until_kept(terminal: Terminal, folder: Path, mark: str) -> bool:
    """Type a word until a draft has it: the editor may not be there yet."""
    terminal.type(mark.encode())
    return terminal.until(lambda: any(mark in text for text in drafts(folder)))


def signals(home: Path, count: int, seed: int) -> Trial:
    """End the app by a signal while somebody types: what a draft had is still there, and is shown again."""
    trial, chance = Trial("signals while typing", unit="signals"), random.Random(seed)  # noqa: S311
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
    for number in range(count):
        mine = home / f"s{number}"
        _prepare(mine)
        terminal, folder = _editing(mine)
        kept = _type_until_kept(terminal, folder, f"kept{number}x")
        trial.expect(kept, f"round {number}: the text never became a draft")
        terminal.type(b"more" * chance.randrange(0, 5))
        rest(chance, 0.05)
        sent = chance.choice(numbers)
        terminal.child.send_signal(sent)
        code = terminal.ends()
        trial.expect(code == -sent, f"round {number}: {sent.name} ended it with {code}")
        trial.expect(any(f"kept{number}x" in text for text in drafts(folder)), f"the text of round {number}")
        terminal.close()
        trial.tried += 1
    return trial


def _prepare(home: Path) -> None:
    folder = home / "answers" / "tiny-pod"
    folder.mkdir(parents=True)
    (folder / "pod.yaml").write_text(POD.format(mark="old"), encoding="utf-8")
    store = Store.open(home / "progress.db")
    store.choose("welcomed", "yes")  # the keys are for the cards
    store.close()


A_SCREEN = 500
"""Bytes that only a screen that is drawn again has, whichever it is."""


def resizes(home: Path, count: int, seed: int) -> Trial:
    """Change the size of the terminal while the app works, from 1x1 to 300x100."""
    trial, chance = Trial("sizes of the terminal", unit="sizes"), random.Random(seed)  # noqa: S311
    _prepare(home)
    terminal, _ = _editing(home)
    for number in range(count):
        lines, columns = (
            chance.choice((1, chance.randrange(1, 12), chance.randrange(1, 101))),
            chance.randrange(1, 301),
        )
        columns = chance.choice((1, columns, chance.randrange(1, 12)))
        terminal.resize(lines, columns)
        terminal.type(chance.choice((b"", b"x", b"\x1b", b"?", b"2", b"\x1b[B")))
        terminal.read(0.02 if number % 5 else 0.2)
        trial.tried += 1
        if terminal.child.poll() is not None:
            trial.lost.append(f"it ended with {terminal.child.poll()} at {columns}x{lines}")
            terminal.close()
            terminal, _ = _editing(home)
    terminal.shown = b""
    terminal.resize(24, 80)
    trial.expect(terminal.until(lambda: len(terminal.shown) > A_SCREEN), "it shows nothing anymore")
    terminal.child.send_signal(signal.SIGTERM)
    trial.expect(terminal.ends() == -signal.SIGTERM, "a signal doesn't end it")
    trial.expect(OURS not in terminal.shown, "it says that it is at fault")
    terminal.close()
    return trial


def keys(home: Path, count: int, seed: int) -> Trial:
    """Press random keys at random sizes: the app lives, or ends because a key asks for it."""
    trial, chance = Trial("random keys", unit="keys"), random.Random(seed)  # noqa: S311
    _prepare(home)
    terminal = Terminal(home, size=(24, 80))
    terminal.until(lambda: b"Supply Chain" in terminal.shown)
    while trial.tried < count:
        burst = [chance.choice(KEYS) for _ in range(min(chance.choice((1, 5, 40)), count - trial.tried))]
        terminal.type(b"".join(burst))
        trial.tried += len(burst)
        terminal.read(0.01)
        if chance.random() < 0.1:
            terminal.resize(chance.randrange(1, 101), chance.randrange(1, 301))
        if (code := terminal.child.poll()) is not None:
            terminal.read(0)
            last = b"".join(burst)[-60:]
            well = code == 0 and OURS not in terminal.shown
            trial.expect(well, f"it ended with {code} after {last!r}:\n{terminal.last_words()}")
            terminal.close()
            terminal = Terminal(home, size=(chance.randrange(1, 101), chance.randrange(1, 301)))
            terminal.read(0.5)
    terminal.read(0.5)
    terminal.child.send_signal(signal.SIGTERM)
    trial.expect(terminal.ends() == -signal.SIGTERM, "a signal doesn't end it")
    trial.expect(OURS not in terminal.shown, f"it says that it is at fault:\n{terminal.last_words()}")
    terminal.close()
    return trial


def two_apps(home: Path, count: int, seed: int) -> Trial:
    """Two apps on one card: saving in one leaves the other's unsaved text alone."""
    del seed
    trial = Trial("two apps on one card", unit="rounds")
    for number in range(count):
        mine = home / f"t{number}"
        _prepare(mine)
        (one, folder), (other, _) = _editing(mine), _editing(mine)
        both = _type_until_kept(one, folder, f"first{number}x") and _type_until_kept(
            other, folder, f"second{number}x"
        )
        trial.expect(both, f"round {number}: a text never became a draft")
        one.type(b"\x13")  # ctrl+s
        answer = folder / "pod.yaml"
        saved = one.until(lambda: f"first{number}x" in answer.read_text("utf-8"))  # noqa: B023 - awaited here
        trial.expect(saved, f"round {number}: what was saved")
        other.read(0.5)
        trial.expect(
            any(f"second{number}x" in text for text in drafts(folder)), f"round {number}: the other's text"
        )
        for terminal in (one, other):
            terminal.child.send_signal(signal.SIGTERM)
            terminal.ends()
            terminal.close()
        trial.expect(
            any(f"second{number}x" in text for text in drafts(folder)),
            f"round {number}: the text, after both ended",
        )
        trial.tried += 1
    return trial
