"""Where a command reads from and writes to: files, here-documents, the output of other commands.

Follows POSIX.1-2024, XCU 2.7 (Redirection), and the section "Redirection" of bash(1), 5.2.
"""

from __future__ import annotations

from typing import Protocol

from trainer.errors import NotJudged
from trainer.simulate.shell.expand import Words
from trainer.simulate.shell.process import Host
from trainer.simulate.shell.syntax import Broken, Redirect, Script, Simple, Word
from trainer.simulate.shell.tools.changing import write
from trainer.simulate.shell.tools.reading import contents

_REST = "so the rest of the script is its text"
_BASH = {
    "<<<": "the redirection <<<",
    **dict.fromkeys(("&>", "&>>"), "&>, which sh reads as a background command"),
}
"""Redirections that only bash has."""


class Running(Protocol):
    """The shell that runs the command."""

    host: Host
    words: Words
    dash: bool
    errors: int
    broken: Broken | None

    def write(self, text: str | None) -> None:
        """Write to the standard output."""


def opened(
    shell: Running, redirects: tuple[Redirect, ...], stdin: str | None
) -> tuple[tuple[str, bool] | None, str | None, str]:
    """Open the files: where standard output goes (path, append), standard input, and what fails."""
    target: tuple[str, bool] | None = None
    for one in redirects:
        if one.how == "<(":
            stdin = shell.words.output(one.target[0].script) if one.stream == 0 else stdin
            continue
        word = shell.words.text(one.target)
        if shell.dash and one.how in _BASH:
            raise NotJudged(_BASH[one.how])
        if one.endless:
            shell.broken = Broken(f"the here-document has no line {one.endless}, {_REST}", shell.host.line)
        if one.how in ("<<", "<<<"):
            stdin = word + "\n" * (one.how == "<<<") if one.stream == 0 else stdin
            continue
        if one.how == ">&":
            if word not in ("1", "2", "-"):
                raise NotJudged(f"a redirection (>&{word})")
            if one.stream == 1:
                target = ("/dev/null", False)  # to where errors go
                shell.errors += 1
            continue
        if not word:
            return None, stdin, "a redirection without a file"
        path = shell.host.path(word)
        if one.how == "<" and one.stream:
            raise NotJudged(f"a redirection ({one.stream}<)")
        if one.how == "<":
            stdin, trouble = contents(shell.host, word)
        else:
            trouble = write(shell.host, path, "", append=one.how.endswith(">>"))
            if one.stream == 1:
                target = (path, one.how.endswith(">>"))
        if trouble:
            return None, stdin, trouble
    return target, stdin, ""


def file_alone(script: Script) -> Word | None:
    """The file of a script that is only `< file`."""
    commands = script[0][0].pipeline.commands if len(script) == 1 and len(script[0]) == 1 else ()
    one = commands[0] if len(commands) == 1 else None
    if not isinstance(one, Simple) or one.words or one.assignments or len(one.redirects) != 1:
        return None
    return one.redirects[0].target if one.redirects[0].how == "<" else None


def closed(shell: Running, target: tuple[str, bool] | None, written: str | None) -> None:
    """Write what was written to where it goes."""
    if target is None:
        shell.write(written)
    elif written != "":
        write(shell.host, target[0], written, append=target[1])


def with_errors(
    shell: Running, redirects: tuple[Redirect, ...], written: str | None, before: int
) -> str | None:
    """What was written, not known if errors went there as well. `before`: how many there were before."""
    mixed = any((one.stream == 2 and one.how == ">&") or one.how[0] == "&" for one in redirects)
    return None if mixed and shell.errors > before else written
