"""Work in a forked process: its results, or what ended it.

The limits are CPU time and memory, so that a loaded machine changes no outcome. A process that waits
for something that never comes uses neither: it is ended after `STILL` seconds without activity.
"""

from __future__ import annotations

import os
import resource
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, NoReturn

import msgspec

STILL = 60.0
"""Seconds without any use of the CPU after which a process counts as stuck."""
MEMORY = 4 << 30
"""Bytes of address space."""


class Ended(msgspec.Struct, frozen=True):
    """The outcome of the work: its `value`, or why it has no value."""

    value: Any = None
    why: str = ""
    """Empty if there is a value; else `cpu` (too much CPU time), `stuck`, or the signal that ended it."""


class _Error(msgspec.Struct, frozen=True):
    trace: str


def forked(work: Callable[[], Any], cpu: float) -> Ended:
    """Do the work in a forked process that may use `cpu` seconds. Its output is thrown away.

    Raises `RuntimeError` for an exception of the work: that is our error, not an outcome.
    """

    def limited(send: Callable[[Any], None]) -> None:
        seconds = int(cpu) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        send(work())

    receive, child = _fork(limited)
    answer = _receive(receive, child)
    if isinstance(answer, Ended):
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if isinstance(answer, Ended):
        return answer
    if answer:
        return Ended(answer[0])
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return Ended(why="cpu" if number == signal.SIGXCPU else f"signal {number}")


def streamed(work: Callable[[Callable[[Any], None]], None]) -> Iterator[Any]:
    """Everything that the work sends from a forked process, as it comes. Raises `RuntimeError` as above.

    The process ends with the stream, whether it was read to its end or not.
    """
    receive, child = _fork(work)
    try:
        while True:
            yield _checked(receive.recv())
    except EOFError:
        return
    finally:
        receive.close()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _fork(work: Callable[[Callable[[Any], None]], None]) -> tuple[Connection, int]:
    receive, send = Pipe(duplex=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.12 warns of forks beside threads
        child = os.fork()
    if not child:
        receive.close()
        _work(work, send)
    send.close()
    return receive, child


def _work(work: Callable[[Callable[[Any], None]], None], send: Connection) -> NoReturn:
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        try:
            work(send.send)
        except BaseException:
            send.send(_Error(traceback.format_exc()))
        send.close()
    finally:
        os._exit(0)


def _receive(receive: Connection, child: int) -> tuple[Any, ...] | Ended:
    """The one result of a process; nothing if it ended without a result; `stuck` if it stopped working."""
    used = -1.0
    with receive:
        while not receive.poll(STILL):
            now = _cpu(child)
            if now == used:
                return Ended(why="stuck")
            used = now
        try:
            return (_checked(receive.recv()),)
        except EOFError:
            return ()


def _checked(answer: Any) -> Any:
    if isinstance(answer, _Error):
        raise RuntimeError(answer.trace)
    return answer


def _cpu(process: int) -> float:
    """What the process and the children it waited for have used, in clock ticks."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15]))
