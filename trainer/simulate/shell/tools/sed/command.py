"""The command line of sed: `sed [-nEsz] [-i[SUFFIX]] [-e SCRIPT] [-f FILE] [SCRIPT] FILE...`.

Follows POSIX.1-2024, XCU `sed`, and GNU sed 4.9 for `-i`, `-E` and the exit codes. BusyBox fails in the same
cases, with code 1. If a text isn't known, then neither is the output.
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
from trainer.simulate.shell.tools.sed.run import Run
from trainer.simulate.shell.tools.sed.script import Command, read_script


class _Line(msgspec.Struct):
    """A command line of sed."""

    options: set[str] = set()
    scripts: list[str] = []
    files: list[str] = []
    suffix: str = ""
    """The suffix of backups."""


def sed(host: Host, call: Call) -> Ran:
    """`sed`: its exit code and what it writes."""
    line = _read(host, call.args)
    if not line.scripts:
        return Ran(1, "sed without a script")
    extended = bool(line.options & {"E", "r"})
    commands = read_script("\n".join(line.scripts), extended=extended)
    if "i" in line.options:
        return _in_place(host, line, commands)
    texts, complaint = _input(host, line.files, call)
    if "s" not in line.options and len(texts) > 1:
        texts = [None if None in texts else _together(texts)]
    run = _run(host, line, commands)
    out: str | None = ""
    for text in texts:
        made = _written(text, run, commands)
        out = None if out is None or made is None else out + made
    complaint = complaint or _files(host, run)
    return Ran(2 if complaint else run.code, complaint, out)


def _together(texts: list[str | None]) -> str:
    """The texts of several files as one: a last line without an end gets one."""
    found = [text or "" for text in texts]
    return "".join(f"{text}\n" if text and text[-1] != "\n" else text for text in found[:-1]) + found[-1]


def _run(host: Host, line: _Line, commands: list[Command]) -> Run:
    def read(name: str) -> str | None:
        text, trouble = contents(host, name)
        if text is None:
            raise NotJudged(f"sed that reads {name}")
        return None if trouble else text

    return Run(commands, read, quiet="n" in line.options, mark="\0" if "z" in line.options else "\n")


def _written(text: str | None, run: Run, commands: list[Command]) -> str | None:
    """What the commands make of a text; None if that isn't known."""
    if text is not None:
        return run.edited(text)
    if any(one.verb in ("w", "q", "Q") or one.file for one in commands):
        raise NotJudged("sed on what isn't known, which may write files")
    return None


def _files(host: Host, run: Run) -> str:
    """Write the files of `w`; what went wrong."""
    troubles = [write(host, host.path(name), text) for name, text in run.files.items()]
    return next(filter(None, troubles), "")


def _in_place(host: Host, line: _Line, commands: list[Command]) -> Ran:
    if not line.files:
        return Ran(1, "sed -i names no file")
    programs = {host.files.real(folder + "/x") for folder in BIN_FOLDERS}
    code, complaint = 0, ""
    for word in line.files:
        path = host.path(word)
        text, trouble = contents(host, word)
        missing = bool(trouble)
        if not missing and text is None and host.files.real(posixpath.dirname(path) + "/x") in programs:
            raise NotJudged(f"sed -i of the program {word}")
        if line.suffix and not missing:
            trouble = write(host, path + line.suffix, text)
        run = _run(host, line, commands)
        trouble = trouble or write(host, path, _written(text, run, commands)) or _files(host, run)
        if trouble:
            complaint = complaint or trouble
            code = code or (2 if missing else 4)
        elif run.code:
            return Ran(run.code, complaint)
    return Ran(code, complaint)


_LONG = {"--quiet": "n", "--silent": "n", "--regexp-extended": "E", "--separate": "s", "--null-data": "z"}
_LONG |= {"--unbuffered": "u", "--follow-symlinks": "u"}


def _read(host: Host, args: tuple[str, ...]) -> _Line:
    line = _Line()
    rest = list(args)
    while rest:
        arg = rest.pop(0)
        name, equals, value = arg.partition("=")
        if arg == "--":
            line.files += rest
            break
        if name in ("--expression", "--file") and (equals or rest):
            line.scripts.append(_script(host, name[2], value if equals else rest.pop(0)))
        elif arg in _LONG:
            line.options.add(_LONG[arg])
        elif match := re.fullmatch(r"(?:-([nErsuz]*)i|--in-place=?)(.*)", arg):
            line.options |= {"i", *(match[1] or "")}
            line.suffix = match[2]
            if set("/*") & set(line.suffix):
                raise NotJudged(f"sed {arg}")
        elif match := re.fullmatch(r"-([nErsuz]*)([ef])(.*)", arg, re.DOTALL):
            line.options |= set(match[1])
            if not match[3] and not rest:
                return _Line()
            line.scripts.append(_script(host, match[2], match[3] or rest.pop(0)))
        elif re.fullmatch(r"-[nErsuz]+", arg):
            line.options |= set(arg[1:])
        elif arg.startswith("-") and arg != "-":
            raise NotJudged(f"sed {arg}")
        else:
            line.files.append(arg)
    if not line.scripts and line.files:
        line.scripts.append(line.files.pop(0))
    return line


def _script(host: Host, letter: str, value: str) -> str:
    """The script of `-e`, or that of the file of `-f`."""
    if letter == "e":
        return value
    text, trouble = contents(host, value)
    if text is None or trouble:
        raise NotJudged(f"sed -f {value}")
    return text.removesuffix("\n")


def _input(host: Host, files: list[str], call: Call) -> tuple[list[str | None], str]:
    if not files:
        return [call.stdin], ""
    complaint = ""
    texts: list[str | None] = []
    for name in files:
        part, trouble = (call.stdin, "") if name == "-" else contents(host, name)
        complaint = complaint or trouble
        texts += [] if trouble else [part]
    return texts, complaint
