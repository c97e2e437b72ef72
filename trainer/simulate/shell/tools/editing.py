"""`sed`, as far as scripts that change configuration files use it.

Follows POSIX.1-2024, XCU `sed`, and GNU sed 4.9 for `-i`, `-E` and one-line `a`, `i`, `c`:
https://www.gnu.org/software/sed/manual/sed.html. Commands: `s`, `d`, `p`, `a`, `i`, `c`, `q`; addresses by
number, `$` or pattern, ranges, `!`, and blocks of an address. Hold space and labels are outside. BusyBox
fails in the same cases, with code 1. If a text isn't known, then neither is the output.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.shell.filesystem import BIN_FOLDERS
from trainer.simulate.shell.process import MOST_TEXT, Call, Host, Ran
from trainer.simulate.shell.tools.changing import write
from trainer.simulate.shell.tools.expressions import compiled, translated
from trainer.simulate.shell.tools.reading import contents


class Command(msgspec.Struct, frozen=True):
    """One command of a sed script."""

    first: str
    last: str
    negated: bool
    verb: str
    text: str = ""
    pattern: str = ""
    flags: str = ""
    size: int = 0
    """Of a block: how many commands are in it."""


class _Line(msgspec.Struct):
    """A command line of sed."""

    options: set[str]
    scripts: list[str]
    files: list[str]
    suffix: str = ""
    """The suffix of backups."""


def sed(host: Host, call: Call) -> Ran:
    """`sed`: its exit code and what it writes."""
    line = _read(call.args)
    if not line.scripts:
        return Ran(1, "sed without a script")
    extended = bool(line.options & {"E", "r"})
    commands = [one for script in line.scripts for one in _commands(script, extended=extended)]
    if "i" in line.options:
        return _in_place(host, line, commands)
    text, complaint = _input(host, line.files, call)
    return Ran(2 if complaint else 0, complaint, _written(text, line, commands))


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
        trouble = trouble or write(host, path, _written(text, line, commands))
        if trouble:
            complaint = complaint or trouble
            code = code or (2 if missing else 4)
    return Ran(code, complaint)


def _written(text: str | None, line: _Line, commands: list[Command]) -> str | None:
    """What the commands make of a text; None if that isn't known."""
    return None if text is None or "z" in line.options else _edited(text, commands, quiet="n" in line.options)


def _read(args: tuple[str, ...]) -> _Line:
    line = _Line(set(), [], [])
    rest = list(args)
    while rest:
        arg = rest.pop(0)
        if arg in ("-e", "--expression") and rest:
            line.scripts.append(rest.pop(0))
        elif arg.startswith("--expression="):
            line.scripts.append(arg.partition("=")[2])
        elif arg == "--":
            line.files += rest
            break
        elif match := re.fullmatch(r"(?:-([nErsuz]*)i|--in-place=?)(.*)", arg):
            line.options |= {"i", *(match[1] or "")}
            line.suffix = match[2]
            if line.suffix and (set(line.suffix) <= set("eEnr") or set("/*") & set(line.suffix)):
                raise NotJudged(f"sed {arg}")
        elif re.fullmatch(r"-[nErsuz]+", arg):
            line.options |= set(arg[1:])
        elif arg in ("--quiet", "--silent", "--regexp-extended"):
            line.options.add("E" if arg == "--regexp-extended" else "n")
        elif re.fullmatch(r"-[nErsuz]+e", arg) and rest:
            line.options |= set(arg[1:-1])
            line.scripts.append(rest.pop(0))
        elif arg.startswith("-") and arg != "-":
            raise NotJudged(f"sed {arg}")
        else:
            line.files.append(arg)
    if not line.scripts and line.files:
        line.scripts.append(line.files.pop(0))
    return line


def _input(host: Host, files: list[str], call: Call) -> tuple[str | None, str]:
    if not files:
        return call.stdin, ""
    complaint = ""
    text: str | None = ""
    for name in files:
        part, trouble = (call.stdin, "") if name == "-" else contents(host, name)
        complaint = complaint or trouble
        text = None if text is None or part is None else text + part
    return text, complaint


def _commands(script: str, *, extended: bool) -> Iterator[Command]:
    rest = script.lstrip(" \t\n;")
    while rest:
        first, rest = _address(rest, extended=extended)
        last = ""
        if rest.startswith(","):
            last, rest = _address(rest[1:].lstrip(), extended=extended)
            if not last:
                raise NotJudged(f"sed {script}")
        rest = rest.lstrip()
        negated = rest.startswith("!")
        rest = rest.lstrip("! ")
        verb, rest = rest[:1], rest[1:]
        if verb == "{":
            inner, rest = _block(rest, script)
            commands = list(_commands(inner, extended=extended))
            yield Command(first, last, negated, "{", size=len(commands))
            yield from commands
            rest = rest.lstrip(" \t\n;")
            continue
        if verb == "s":
            command, rest = _substitution(first, last, negated, rest, extended=extended)
            yield command
        elif verb in ("d", "p", "q"):
            yield Command(first, last, negated, verb)
        elif verb in ("a", "i", "c"):
            text = rest.lstrip(" \t")
            text = text[1:].removeprefix("\n") if text.startswith("\\") else text  # then spaces count
            if "\\\n" in text:
                raise NotJudged("a text of several lines in sed")
            text, _, rest = text.partition("\n")
            text = re.sub(r"\\(.)", lambda escaped: _CONTROLS.get(escaped[1], escaped[1]), text)
            yield Command(first, last, negated, verb, text)
            rest = rest.lstrip(" \t\n;")
            continue
        else:
            raise NotJudged(f"the sed command {verb or script}")
        rest = rest.lstrip(" \t")
        if rest and rest[0] not in ";\n":
            raise NotJudged(f"sed {script}")
        rest = rest.lstrip(" \t\n;")


def _block(text: str, script: str) -> tuple[str, str]:
    """The commands up to the closing brace, and the rest; braces that stand for themselves are outside."""
    end = text.find("}")
    if end < 0 or "{" in text[:end] or re.search(r"[aic]\\?\s", text[:end]):
        raise NotJudged(f"sed {script}")
    return text[:end], text[end + 1 :]


_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}
"""Escapes in the text of `a`, `i` and `c` (GNU sed 4.9)."""


def _address(text: str, *, extended: bool) -> tuple[str, str]:
    """An address at the start, as `$`, digits or `/pattern`, and the rest."""
    if match := re.match(r"\$|\d+(?![\d~])", text):
        return match[0], text[match.end() :]
    if text[:1] not in ("/", "\\"):
        return "", text
    mark, at = ("/", 1) if text[0] == "/" else (text[1:2], 2)
    pattern, rest = _until(text[at:], mark)
    _check_pattern(pattern)
    if rest.startswith("I"):
        return f"/(?i){translated(pattern, extended=extended)}", rest[1:]
    return f"/{translated(pattern, extended=extended)}", rest


def _check_pattern(pattern: str) -> None:
    """Raise `NotJudged` for an empty pattern, which means the one that was used last."""
    if not pattern:
        raise NotJudged("an empty pattern in sed")


def _until(text: str, mark: str) -> tuple[str, str]:
    """The text up to an unescaped mark, and the rest after it."""
    found, at = "", 0
    while at < len(text) and text[at] != mark:
        if text[at] == "\\" and text[at + 1 : at + 2] == mark:
            found += mark if mark not in "[]().*^$+?|{}" else f"\\{mark}"
            at += 2
            continue
        if text[at] == "\\":
            found += text[at]
            at += 1
        found += text[at : at + 1]
        at += 1
    if at >= len(text):
        raise NotJudged(f"an unfinished sed command ({text})")
    return found, text[at + 1 :]


def _substitution(first: str, last: str, negated: bool, rest: str, *, extended: bool) -> tuple[Command, str]:
    mark = rest[:1]
    if not mark or mark in "\\\n":
        raise NotJudged("an unfinished s command of sed")
    pattern, rest = _until(rest[1:], mark)
    _check_pattern(pattern)
    text, rest = _until(rest, mark)
    match = re.match(r"[gIip0-9]*", rest)
    flags = match[0] if match is not None else ""
    if len(re.findall(r"[0-9]+", flags)) > 1 or re.search(r"(?<![0-9])0", flags):
        raise NotJudged(f"the flags {flags} of the s command of sed")
    return Command(first, last, negated, "s", text, translated(pattern, extended=extended), flags), rest[
        len(flags) :
    ]


def _edited(text: str, commands: list[Command], *, quiet: bool) -> str:
    ended = text.endswith("\n")
    lines = text.removesuffix("\n").split("\n") if text else []
    active = [False] * len(commands)
    out: list[str] = []
    size = shown = 0
    for number, line in enumerate(lines, start=1):
        after: list[str] = []
        keep, stop, left_out = True, False, 0
        for index, command in enumerate(commands):
            chosen = index >= left_out and _selected(command, line, number, len(lines), active, index)
            if not chosen or command.verb == "{":
                left_out = max(left_out, 0 if chosen else index + 1 + command.size)
                continue
            if command.verb == "s":
                new = _substituted(command, line)
                if new is not None:
                    line = new  # noqa: PLW2901 - the pattern space of sed
                    if "p" in command.flags:
                        out.append(line)
            elif command.verb == "p":
                out.append(line)
            elif command.verb == "i":
                out.append(command.text)
            elif command.verb == "a":
                after.append(command.text)
            elif command.verb == "q":
                stop = True
                break
            else:
                if command.verb == "c" and (not command.last or not active[index]):
                    out.append(command.text)
                keep = False
                break
        out += [line] if keep and not quiet else []
        out += after
        size = _counted(size + sum(map(len, out[shown:])))
        shown = len(out)
        if stop:
            break
    result = "\n".join(out) + ("\n" if out else "")
    return result if ended or not out else result.removesuffix("\n")


def _counted(size: int) -> int:
    if size > MOST_TEXT:
        raise NotJudged(f"sed with more than {MOST_TEXT} characters")
    return size


def _selected(command: Command, line: str, number: int, count: int, active: list[bool], index: int) -> bool:
    """Whether a command applies to a line; `active` keeps which ranges are open."""
    if not command.last:
        return (not command.first or _hits(command.first, line, number, count)) is not command.negated
    if active[index]:
        inside = True
        ended = (
            int(command.last) <= number
            if command.last.isdecimal()
            else _hits(command.last, line, number, count)
        )
        active[index] = not ended
    else:
        inside = _hits(command.first, line, number, count)
        active[index] = inside and not (command.last.isdecimal() and int(command.last) <= number)
    return inside is not command.negated


def _hits(address: str, line: str, number: int, count: int) -> bool:
    if address == "$":
        return number == count
    if address.isdecimal():
        return number == int(address)
    return compiled(address[1:]).search(line) is not None


def _substituted(command: Command, line: str) -> str | None:
    parts = _parts(command.text)
    digits = re.search(r"[0-9]+", command.flags)
    first = int(digits[0]) if digits else 1
    whole = "g" in command.flags
    pattern = compiled(command.pattern, ignore_case=bool(set("Ii") & set(command.flags)))
    if any(isinstance(part, int) and part > pattern.groups for part in parts):
        raise NotJudged(f"{command.text} in an s command of sed, whose pattern has fewer groups")
    out: list[str] = []
    size, end, number = 0, 0, 0
    for match in pattern.finditer(line):
        start, after = match.span()
        if number and start == after == end:
            continue  # no empty match right behind another match
        number += 1
        put = [match[0]]
        if number == first or (number > first and whole):
            put = [part if isinstance(part, str) else match[part] or "" for part in parts]
        put.insert(0, line[end:start])
        out += put
        size = _counted(size + sum(map(len, put)))
        end = after
    return "".join(out) + line[end:] if number >= first else None


@lru_cache(maxsize=64)
def _parts(text: str) -> tuple[str | int, ...]:
    """What an s command puts in place of a match: text, and the numbers of groups; `&` is group 0."""
    if re.search(r"\\[^0-9&/\\n.t#|:,@$*\[\]^-]", text):
        raise NotJudged(f"{text} in an s command of sed")
    parts: list[str | int] = []
    end = 0
    for part in re.finditer(r"\\(.)|&", text):
        parts.append(text[end : part.start()])
        digit = "0" if part[0] == "&" else part[1]
        parts.append(int(digit) if digit.isdigit() else {"n": "\n", "t": "\t"}.get(digit, digit))
        end = part.end()
    return (*(part for part in parts if part != ""), text[end:])
