"""`sed` with the scripts that commands of containers have: substitute, delete or print lines.

Follows GNU sed 4.9: https://www.gnu.org/software/sed/manual/sed.html. Of other scripts, and of patterns that
aren't plain text, the exit code is known, but not the output. BusyBox fails in the same cases, with code 1.
"""

from __future__ import annotations

import posixpath
import re

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.shell.filesystem import BIN_FOLDERS
from trainer.simulate.shell.process import Call, Host, Ran
from trainer.simulate.shell.tools.changing import write
from trainer.simulate.shell.tools.reading import contents

_ADDRESS = r"(?P<address>[0-9]+|\$|/(?:[^/\\]|\\.)*/)?"
_TEXT = r"(?:(?!(?P=mark))[^\\]|\\.)*"
_SUBSTITUTE = rf"s(?P<mark>[/#|,:@!])(?P<old>{_TEXT})(?P=mark)(?P<new>{_TEXT})(?P=mark)(?P<flags>[gpI0-9]*)"
_COMMAND = rf"\s*{_ADDRESS}\s*(?:{_SUBSTITUTE}|(?P<plain>[dpq]))\s*;?"
_PLAIN = r"[\w /:@%~,=-]*"
_LETTERS = frozenset("nErsuz")


class _Line(msgspec.Struct):
    """A command line of sed."""

    scripts: list[str] = []
    files: list[str] = []
    in_place: bool = False
    quiet: bool = False


def edit(host: Host, call: Call) -> Ran:
    """`sed`: its exit code and, of plain scripts and known texts, what it writes."""
    line = _read(call.args)
    if not line.scripts:
        return Ran(1, "sed without a script")
    commands = [command for script in line.scripts for command in _commands(script)]
    if line.in_place:
        return _in_place(host, line, commands)
    text: str | None = "" if line.files else call.stdin
    complaint = ""
    for word in line.files:
        found, trouble = contents(host, word)
        complaint = complaint or trouble
        text = None if text is None or found is None else text + found
    return Ran(2 if complaint else 0, complaint, _edited(text, commands, quiet=line.quiet))


def _in_place(host: Host, line: _Line, commands: list[re.Match[str]]) -> Ran:
    if not line.files:
        return Ran(1, "sed -i names no file")
    programs = {host.files.real(folder + "/x") for folder in BIN_FOLDERS}
    code, complaint = 0, ""
    for word in line.files:
        path = host.path(word)
        text, trouble = contents(host, word)
        missing = bool(trouble)
        if not missing and host.files.real(posixpath.dirname(path) + "/x") in programs:
            raise NotJudged(f"sed -i of the program {word}")
        trouble = trouble or write(host, path, _edited(text, commands, quiet=line.quiet))
        if trouble:
            complaint = complaint or trouble
            code = code or (2 if missing else 4)
    return Ran(code, complaint)


def _read(args: tuple[str, ...]) -> _Line:
    line = _Line([], [])
    rest = list(args)
    while rest:
        arg = rest.pop(0)
        if arg in ("-e", "--expression") and rest:
            line.scripts.append(rest.pop(0))
        elif arg == "--":
            line.files += rest
            break
        elif arg in ("-i", "--in-place"):
            line.in_place = True
        elif arg.startswith("--"):
            raise NotJudged(f"sed {arg}")
        elif arg.startswith("-") and arg != "-":
            letters = arg[1:].removesuffix("i")
            if not set(letters) <= _LETTERS:
                raise NotJudged(f"sed {arg}")
            line.quiet = line.quiet or "n" in letters
            line.in_place = line.in_place or arg.endswith("i")
        else:
            line.files.append(arg)
    if not line.scripts and line.files:
        line.scripts.append(line.files.pop(0))
    return line


def _commands(script: str) -> list[re.Match[str]]:
    found, at = [], 0
    while at < len(script.rstrip()):
        match = re.compile(_COMMAND).match(script, at)
        if match is None:
            raise NotJudged(f"sed {script}")
        found.append(match)
        at = match.end()
    return found


def _edited(text: str | None, commands: list[re.Match[str]], *, quiet: bool) -> str | None:
    """What plain commands make of a text; None if that isn't known."""
    if text is None or quiet or not all(map(_is_plain, commands)):
        return None
    kept = []
    for line in text.splitlines(keepends=True):
        changed: str | None = line
        for command in commands:
            if changed is None:
                break
            if command["plain"]:
                changed = None if command["address"][1:-1] in changed else changed
            else:
                changed = changed.replace(
                    command["old"], command["new"], -1 if command["flags"] == "g" else 1
                )
        if changed is not None:
            kept.append(changed)
    return "".join(kept)


def _is_plain(command: re.Match[str]) -> bool:
    """Whether it substitutes plain text on every line, or deletes the lines that contain one."""
    if command["plain"]:
        return command["plain"] == "d" and bool(
            re.fullmatch(f"/{_PLAIN.replace('/', '')}/", command["address"] or "")
        )
    texts = (command["old"], command["new"])
    return (
        not command["address"]
        and command["flags"] in ("", "g")
        and all(re.fullmatch(_PLAIN, one) for one in texts)
        and bool(command["old"])
    )
