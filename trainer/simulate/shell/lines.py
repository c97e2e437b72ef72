"""The built-in commands that read lines: `read`, `mapfile`, `readarray`.

Follows POSIX.1-2024, XCU `read`, and the section "Shell Builtin Commands" of bash(1), 5.2.
"""

from __future__ import annotations

from typing import Protocol

from trainer.errors import NotJudged
from trainer.simulate.shell.assignments import Array, Value, as_text
from trainer.simulate.shell.process import Call, Ran


class Running(Protocol):
    """The shell that reads."""

    variables: dict[str, Value | None]
    dash: bool
    input: str | None
    """What it reads; empty at the end of the input."""


def read(shell: Running, call: Call) -> Ran:
    """`read`: a line of the input, in fields; code 1 at its end. Nobody sees the prompt of `-p`."""
    letters, names, end = _reading(call)
    source = shell.input if call.stdin == "" or shell.input else call.stdin
    if source is None:
        raise NotJudged("what read reads")
    line, ended, rest = source.partition(end)
    if shell.input:
        shell.input = rest
    if "\\" in line and "r" not in letters:
        raise NotJudged("read without -r of a line with a backslash")
    mark = as_text(shell.variables.get("IFS"))
    if "a" in letters:
        found = _in_fields(line, mark, line.count(mark) + 1 if mark else -1)
        shell.variables[names[0]] = Array().extended(found if found[-1:] != [""] else found[:-1])
    else:
        fields = _in_fields(line, mark, max(len(names), 1))
        shell.variables.update(zip(names or ["REPLY"], fields, strict=True))
    return Ran(0 if ended else 1, "" if ended else "read is at the end of its input")


def _reading(call: Call) -> tuple[set[str], list[str], str]:
    """The options and the names of `read`, and where it stops (`-d`)."""
    end = "\n"
    letters: set[str] = set()
    rest = list(call.args)
    while rest and rest[0].startswith("-"):
        word = rest.pop(0)[1:]
        letters |= set(word)
        if word.endswith("p") and rest:
            rest.pop(0)
        if word.endswith("d") and rest:
            end = rest.pop(0)[:1] or "\0"
    if letters - set("raspd") or any(not name.isidentifier() for name in rest):
        raise NotJudged(f"read {' '.join(call.args)}")
    if "a" in letters and len(rest) != 1:
        raise NotJudged(f"read {' '.join(call.args)}")
    return letters, rest, end


def mapfile(shell: Running, call: Call) -> Ran:
    """`mapfile` and `readarray`: the lines of the input as an array."""
    if shell.dash:
        return Ran(127, f"{call.name}: not found")
    names = [arg for arg in call.args if arg != "-t"]
    text = shell.input if call.stdin == "" or shell.input else call.stdin
    if len(names) > 1 or any(not name.isidentifier() for name in names) or text is None:
        raise NotJudged(f"{call.name} {' '.join(call.args)}")
    found = text.splitlines(keepends=True)
    lines = [line.removesuffix("\n") for line in found] if "-t" in call.args else found
    shell.variables[names[0] if names else "MAPFILE"] = Array().extended(lines)
    shell.input = "" if shell.input else shell.input
    return Ran(0)


def _in_fields(line: str, mark: str | None, count: int) -> list[str]:
    """A line as so many fields; the last one has the rest."""
    if mark == "" and count == 1:
        return [line]
    if mark is None or not mark.strip(" \t\n"):
        found = line.strip(" \t").split(None, max(count - 1, -1))
    elif len(mark) == 1:
        found = line.split(mark, count - 1)
    else:
        raise NotJudged("read with several characters in IFS")
    return [one.rstrip(" \t") if mark is None else one for one in found] + [""] * max(count - len(found), 0)
