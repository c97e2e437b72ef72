"""How `for`, `while` and `until` run, round by round.

Follows POSIX.1-2024, XCU 2.9.4, and `for ((...))` of bash(1), 5.2, section "Looping Constructs".
"""

from __future__ import annotations

from typing import Any, Protocol

from trainer.errors import NotJudged
from trainer.simulate.shell.assignments import Value
from trainer.simulate.shell.expand import Words
from trainer.simulate.shell.process import Host, TimedOut
from trainer.simulate.shell.syntax import Counted, Loop, Script

MOST_ROUNDS = 500
"""The most rounds of a loop; a longer one is not judged."""


class Leave(Exception):
    """`break` and `continue`: leaves as many loops; `again` if the last one goes on."""

    def __init__(self, levels: int, again: bool) -> None:
        super().__init__(levels)
        self.code = 0
        self.levels = levels
        self.again = again


class Running(Protocol):
    """The shell that runs the loop."""

    host: Host
    words: Words
    variables: dict[str, Value | None]
    code: int
    loops: int
    """How many loops are around the current command."""

    def script(self, script: Script) -> int:
        """Run a script in this shell."""

    def condition(self, script: Script) -> bool:
        """Run the list of a condition; whether it succeeds."""

    def state(self) -> tuple[Any, ...]:
        """What a round may change."""


def each(shell: Running, name: str, values: list[str] | tuple[str, ...], body: Script) -> int:
    """`for name in ...`."""
    if not values:
        return 0
    for value in values:
        shell.variables[name] = value
        if not _round(shell, body):
            break
    return shell.code


def looped(shell: Running, loop: Loop) -> int:
    """`while` or `until`. One that changes nothing in a round never ends: it runs until its time is up."""
    code = 0
    for _ in range(MOST_ROUNDS):
        before = shell.state()
        if shell.condition(loop.condition) is loop.until:
            shell.code = code
            return code
        shell.code = code
        goes_on = _round(shell, loop.body)
        code = shell.code
        if not goes_on:
            return code
        if shell.state() == before:
            raise TimedOut
    raise NotJudged(f"a loop of more than {MOST_ROUNDS} rounds")


def counted(shell: Running, loop: Counted) -> int:
    """`for ((first; condition; step))`; without a condition it goes on until something leaves it."""
    shell.host.line = loop.line
    shell.words.number(loop.first)
    code = 0
    for _ in range(MOST_ROUNDS):
        before = shell.state()
        if _is_there(loop) and not shell.words.number(loop.condition):
            return code
        goes_on = _round(shell, loop.body)
        code = shell.code
        if not goes_on:
            return code
        shell.host.line = loop.line
        shell.words.number(loop.step)
        if shell.state() == before:
            raise TimedOut
    raise NotJudged(f"a loop of more than {MOST_ROUNDS} rounds")


def _is_there(loop: Counted) -> bool:
    return any(part.kind != "text" or part.text.strip() for part in loop.condition)


def _round(shell: Running, body: Script) -> bool:
    """Run the body of a loop once; whether the loop goes on."""
    shell.loops += 1
    try:
        shell.script(body)
    except Leave as end:
        if end.levels > 1:
            raise Leave(end.levels - 1, end.again) from None
        return end.again
    finally:
        shell.loops -= 1
    return True
