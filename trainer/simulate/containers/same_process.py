"""Whether two command lines start the same process, however they are written.

`sleep 1d`, `/bin/sleep 86400` and `sh -c 'exec sleep 1d'` do the same: a shell that only runs one program
with plain words is left out, a program in a directory of PATH is its name, and times of `sleep` are compared
in seconds.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from functools import lru_cache

from trainer.errors import NotJudged
from trainer.simulate.shell.filesystem import BIN_FOLDERS, SHELLS
from trainer.simulate.shell.parser import parse_shell
from trainer.simulate.shell.syntax import Simple
from trainer.simulate.shell.tools.running import seconds_of


def same_process(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether both command lines start the same process."""
    return _plain(tuple(one)) == _plain(tuple(other))


@lru_cache(maxsize=128)
def _plain(argv: tuple[str, ...]) -> tuple[str | float, ...]:
    """The program and its arguments, without a shell around them."""
    for _ in range(3):
        if not (len(argv) == 3 and _name(argv[0]) in SHELLS and re.fullmatch(r"-[eux]*c", argv[1])):
            break
        inner = _only_command(argv[2])
        if inner is None:
            break
        argv = inner
    name = _name(argv[0]) if argv else ""
    if name == "sleep" and len(argv) == 2:
        return name, seconds_of(argv[1]) or argv[1]
    return name, *argv[1:]


def _name(program: str) -> str:
    folder, name = posixpath.split(program)
    return name if folder in BIN_FOLDERS else program


def _only_command(script: str) -> tuple[str, ...] | None:
    """The words of a script's only command, if nothing in it is expanded or redirected; else None."""
    try:
        parsed = parse_shell(script)
    except NotJudged:
        return None
    if len(parsed) != 1 or len(parsed[0]) != 1 or parsed[0][0].pipeline.negated:
        return None
    commands = parsed[0][0].pipeline.commands
    command = commands[0]
    if len(commands) != 1 or not isinstance(command, Simple) or command.assignments or command.redirects:
        return None
    parts = [part for word in command.words for part in word]
    if any(part.kind != "text" or (not part.quoted and set("*?[~{") & set(part.text)) for part in parts):
        return None
    words = tuple("".join(part.text for part in word) for word in command.words)
    return words[1:] if words[0] == "exec" else words
