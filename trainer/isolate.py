"""Worker processes with memory and time limits: what hangs or dies there becomes a value here.

For learners' expressions and for batches. The limit is on processor time, so that a busy machine
changes no result. A task is the name of a function (`module:function`) and plain values (what JSON
has, and bytes); its result is plain values too. The workers speak length-prefixed MessagePack over
pipes: nothing that a worker says is ever executed here. Linux and macOS; macOS does not enforce the
memory limit.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, Literal

import msgspec

from trainer.errors import in_words
from trainer.garbage import look_rarely

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_WINDOW = 64
"""Tasks in flight or waiting to be sent, for each worker."""

_AHEAD_TASKS, _AHEAD_BYTES = 4, 8192
"""Most bytes that wait for a worker: less than a pipe holds, so that no write blocks."""

_PROGRAM = (
    "import sys; sys.path[:] = {path!r}; from trainer.isolate import serve; serve({megabytes}, {seconds})"
)
_OUT_OF_TIME = signal.SIGPROF
"""What ends a worker whose task has used its processor time."""


class Limits(msgspec.Struct, frozen=True):
    """What one task may take."""

    seconds: float = 5.0
    """Processor time."""
    megabytes: int = 1024
    """Address space of the worker, libraries included."""
    patience: float = 60.0
    """Wall time without an answer and without any processor time used: after it, a task hangs."""


class Failed(msgspec.Struct, frozen=True):
    """A task that has no result, and why.

    Only a task that raised (`raised`) ran once. Otherwise its worker ended, which another process may have
    done (out of memory, a signal): the task ran again, alone in a new worker, and this is what happened then.
    """

    cause: Literal["time", "memory", "died", "raised"]
    message: str


class _Task(msgspec.Struct):
    number: int
    frame: bytes
    again: bool = False
    """Whether its first worker ended under it: it runs once more, and nothing else meanwhile."""


class Pool:
    """Some worker processes, started when needed and replaced when a task kills one.

    A task whose worker ends runs once more: in a new worker, while no other task runs. What waited behind
    it is sent to another worker and isn't blamed.
    Use it as a context manager, from one thread at a time, and one `map` at a time.
    """

    def __init__(self, workers: int = 1, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._workers = [_Worker(self.limits) for _ in range(max(workers, 1))]
        self._again: deque[_Task] = deque()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, function: str, *arguments: Any) -> Any:
        """Run one task: its result, or `Failed`."""
        return next(iter(list(self.map(function, [arguments]))))

    def map(self, function: str, tasks: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        """Run the tasks; their results (or `Failed`) in the tasks' order, as they come.

        `tasks` is read as workers become free: memory stays flat however many there are.
        """
        source = enumerate(tasks)
        self._again.clear()
        waiting: deque[_Task] = deque()
        done: dict[int, Any] = {}
        taken = handed = 0
        exhausted = False
        while True:
            while not exhausted and taken - handed < _WINDOW * len(self._workers):
                task = next(source, None)
                if task is None:
                    exhausted = True
                else:
                    taken += 1
                    waiting.append(_Task(task[0], _framed([function, task[1]])))
            self._send(waiting, done)
            while handed in done:
                yield done.pop(handed)
                handed += 1
            if exhausted and handed == taken:
                return
            self._collect(done, waiting)

    def close(self) -> None:
        """End the workers; their unfinished work is lost."""
        for worker in self._workers:
            worker.kill()

    def _send(self, waiting: deque[_Task], done: dict[int, Any]) -> None:
        if self._again and not any(worker.tasks for worker in self._workers):
            alone = self._workers[0]
            alone.kill()
            _give(alone, self._again.popleft(), done)
        while waiting and not self._again and not any(worker.is_alone for worker in self._workers):
            worker = min(self._workers, key=lambda worker: len(worker.tasks))
            if not worker.takes(waiting[0]):
                return
            _give(worker, waiting.popleft(), done)

    def _collect(self, done: dict[int, Any], waiting: deque[_Task]) -> None:
        """Wait for something to happen; put results into `done`, and tasks left undone back."""
        busy = [worker for worker in self._workers if worker.tasks]
        if not busy:
            return
        with selectors.DefaultSelector() as selector:
            for worker in busy:
                selector.register(worker.results(), selectors.EVENT_READ, worker)
            wait = min(worker.look_at for worker in busy) - time.monotonic()
            ready = [key.data for key, _ in selector.select(max(0.0, wait))]
        for worker in busy:
            if worker in ready:
                found, failed = worker.receive()
                done.update(found)
            elif worker.hangs():
                failed = Failed("time", "hangs: no answer, and no processor time used")
            else:
                continue
            if failed is not None:
                self._blame(worker, failed, done, waiting)

    def _blame(self, worker: _Worker, failed: Failed, done: dict[int, Any], waiting: deque[_Task]) -> None:
        """A worker has ended, or is to be ended, under its first task: the others are sent elsewhere."""
        if worker.tasks:
            task = worker.tasks.popleft()
            if task.again:
                done[task.number] = failed
            else:
                task.again = True
                self._again.append(task)
        waiting.extendleft(reversed(worker.tasks))
        worker.kill()


class _Worker:
    """One process, and the tasks that were sent to it, in their order."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.tasks: deque[_Task] = deque()
        self.look_at = 0.0
        """When to look, on the monotonic clock, whether it hangs."""
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()
        self._used: object = None

    def takes(self, task: _Task) -> bool:
        """Whether the task can be sent now without the write blocking for good."""
        if not self.tasks:
            return True
        ahead = sum(len(other.frame) for other in self.tasks) + len(task.frame)
        return len(self.tasks) < _AHEAD_TASKS and ahead <= _AHEAD_BYTES

    def send(self, task: _Task) -> None:
        process = self._process or self._start()
        if not self.tasks:
            self._wait_anew()
        self.tasks.append(task)
        with suppress(BrokenPipeError):  # a dead worker: `receive` sees the end of its results
            _pipe(process.stdin).write(task.frame)
            _pipe(process.stdin).flush()

    @property
    def is_alone(self) -> bool:
        """Whether it runs a task again, beside which no other task runs."""
        return bool(self.tasks) and self.tasks[0].again

    def results(self) -> IO[bytes]:
        return _pipe((self._process or self._start()).stdout)

    def receive(self) -> tuple[list[tuple[int, Any]], Failed | None]:
        """The results that have arrived, by task number; and how the worker ended, if it did."""
        chunk = os.read(self.results().fileno(), 1 << 18)
        found: list[tuple[int, Any]] = []
        if not chunk:
            return found, self._end()
        self._buffer += chunk
        for kind, value in self._replies():
            if kind == "memory":
                return found, Failed(kind, value)
            found.append((self.tasks.popleft().number, value if kind == "done" else Failed(kind, value)))
            self._wait_anew()
        return found, None

    def hangs(self) -> bool:
        """Whether it is time to look, and no processor time was used since the last look."""
        if time.monotonic() < self.look_at or self._process is None:
            return False
        before, used = self._used, _processor_time(self._process.pid)
        self._wait_anew()
        self._used = used
        return used == before

    def kill(self) -> None:
        """End the process, if there is one, and forget its tasks."""
        process, self._process = self._process, None
        self.tasks.clear()
        self._buffer.clear()
        if process is not None:
            process.kill()
            for stream in (process.stdin, process.stdout):
                with suppress(BrokenPipeError):  # a task was still on its way to the worker
                    _pipe(stream).close()
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        program = _PROGRAM.format(path=sys.path, megabytes=self.limits.megabytes, seconds=self.limits.seconds)
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, this program
            [sys.executable, "-P", "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._process

    def _wait_anew(self) -> None:
        self.look_at = time.monotonic() + self.limits.patience
        self._used = None

    def _replies(self) -> Iterator[tuple[Any, Any]]:
        while len(self._buffer) >= 4:
            end = 4 + int.from_bytes(self._buffer[:4], "big")
            if len(self._buffer) < end:
                return
            kind, value = msgspec.msgpack.decode(memoryview(self._buffer)[4:end])
            del self._buffer[:end]
            yield kind, value

    def _end(self) -> Failed:
        """How the process ended under its task."""
        code = self._process.wait() if self._process else 0
        if code == -_OUT_OF_TIME:
            return Failed("time", f"used more than {self.limits.seconds:g} s of processor time")
        if code < 0:
            return Failed("died", f"the worker was ended by {signal.Signals(-code).name}")
        return Failed("died", f"the worker ended with code {code}")


def _give(worker: _Worker, task: _Task, done: dict[int, Any]) -> None:
    """Send a task to a worker. If the system has no room for a new process, that is the task's result."""
    try:
        worker.send(task)
    except OSError as error:
        done[task.number] = Failed("died", f"no worker process could be started: {error.strerror}")


def _processor_time(pid: int) -> object:
    """The processor time of another process so far, as something that changes with it."""
    if sys.platform == "linux":
        with suppress(OSError):  # it has ended; so will its results
            return time.clock_gettime((~pid << 3) | 2)  # clock_getcpuclockid(3)
    shown = subprocess.run(["ps", "-o", "time=", "-p", str(pid)], capture_output=True, check=False)  # noqa: S603, S607
    return shown.stdout


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # noqa: S101 - both were opened as pipes
    return stream


def _framed(value: Any) -> bytes:
    message = msgspec.msgpack.encode(value)
    return len(message).to_bytes(4, "big") + message


def serve(megabytes: int, seconds: float) -> None:
    """Be a worker: read tasks from stdin, write results to stdout, until stdin ends.

    `megabytes` limits the address space, `seconds` the processor time of one task.
    """
    import resource

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    signal.signal(_OUT_OF_TIME, signal.SIG_DFL)
    tasks = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)  # a task that reads or prints must not disturb the pipes
    os.dup2(nowhere, 1)
    limit = megabytes << 20
    if sys.platform != "darwin":
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    look_rarely()
    while len(head := tasks.read(4)) == 4:
        reply = _answer(tasks.read(int.from_bytes(head, "big")), seconds)
        replies.write(reply)
        replies.flush()


_functions: dict[str, Callable[..., Any]] = {}


def _answer(message: bytes, seconds: float) -> bytes:
    try:
        name, arguments = msgspec.msgpack.decode(message)
        if name not in _functions:
            import importlib

            module, _, function = name.partition(":")
            _functions[name] = getattr(importlib.import_module(module), function)
        signal.setitimer(signal.ITIMER_PROF, seconds)  # ends the process, whatever it does then
        return _framed(["done", _functions[name](*arguments)])
    except MemoryError:
        return _framed(["memory", "needs more memory than a task may use"])
    except Exception as error:
        return _framed(["raised", in_words(error)])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
