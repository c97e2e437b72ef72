"""`sed` and `grep` on known text, as far as scripts that change configuration files use them.

Follows POSIX.1-2024, XCU `sed` and `grep`, and GNU sed 4.9 for `-i`, `-E` and one-line `a`, `i`, `c`.
Commands: `s`, `d`, `p`, `a`, `i`, `c`, `q`; addresses by number, `$` or pattern, ranges, `!`. Hold space,
labels and blocks are outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.node.expressions import translated
from trainer.simulate.shell.process import Call, Host, Ran
from trainer.simulate.shell.tools.changing import write
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


def sed(host: Host, call: Call) -> Ran:
    """`sed`."""
    options, scripts, files, suffix = _arguments(call)
    extended = bool(options & {"E", "r"})
    commands = [one for script in scripts for one in _commands(script, extended=extended)]
    if "i" not in options:
        text, complaint = _input(host, files, call)
        if text is None:
            return Ran(int(bool(complaint)), complaint, None)
        return Ran(2 if complaint else 0, complaint, _edited(text, commands, quiet="n" in options))
    complaint = ""
    for name in files:
        text, trouble = contents(host, name)
        if text is None:
            raise NotJudged(f"sed of {name}, whose content isn't known")
        if trouble:
            complaint = complaint or f"sed: can't read {name}: {trouble}"
            continue
        if suffix:
            write(host, host.path(name) + suffix, text)
        trouble = write(host, host.path(name), _edited(text, commands, quiet="n" in options))
        complaint = complaint or trouble
    return Ran(4 if complaint else 0, complaint)


def _arguments(call: Call) -> tuple[set[str], list[str], list[str], str]:
    """Options, scripts, files, and the suffix of backups."""
    options: set[str] = set()
    scripts: list[str] = []
    words: list[str] = []
    suffix = ""
    rest = list(call.args)
    while rest:
        arg = rest.pop(0)
        if arg in ("-e", "--expression") and rest:
            scripts.append(rest.pop(0))
        elif arg.startswith("--expression="):
            scripts.append(arg.partition("=")[2])
        elif match := re.fullmatch(r"(?:-([nEru]*)i|--in-place=?)(.*)", arg):
            options |= {"i", *(match[1] or "")}
            suffix = match[2]
            if suffix and set(suffix) <= set("eEnr"):
                raise NotJudged(f"sed {arg}")
        elif re.fullmatch(r"-[nErus]+", arg):
            options |= set(arg[1:])
        elif arg in ("--quiet", "--silent", "--regexp-extended"):
            options.add("E" if arg == "--regexp-extended" else "n")
        elif re.fullmatch(r"-[nEr]+e", arg) and rest:
            options |= set(arg[1:-1])
            scripts.append(rest.pop(0))
        elif arg.startswith("-") and arg != "-":
            raise NotJudged(f"sed {arg}")
        else:
            words.append(arg)
    if not scripts:
        if not words:
            raise NotJudged("sed without a script")
        scripts.append(words.pop(0))
    return options, scripts, words, suffix


def _input(host: Host, files: list[str], call: Call) -> tuple[str | None, str]:
    if not files:
        return call.stdin, ""
    complaint, text = "", ""
    for name in files:
        part, trouble = contents(host, name)
        complaint = complaint or (f"sed: can't read {name}: {trouble}" if trouble else "")
        if part is None:
            return None, complaint
        text += part
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
        if verb == "s":
            command, rest = _substitution(first, last, negated, rest, extended=extended)
            yield command
        elif verb in ("d", "p", "q"):
            yield Command(first, last, negated, verb)
        elif verb in ("a", "i", "c"):
            text = rest.lstrip(" \t").removeprefix("\\").lstrip("\n \t")
            if "\\\n" in text:
                raise NotJudged("a text of several lines in sed")
            text, _, rest = text.partition("\n")
            yield Command(first, last, negated, verb, re.sub(r"\\(.)", r"\1", text))
            rest = rest.lstrip(" \t\n;")
            continue
        else:
            raise NotJudged(f"the sed command {verb or script}")
        rest = rest.lstrip(" \t")
        if rest and rest[0] not in ";\n":
            raise NotJudged(f"sed {script}")
        rest = rest.lstrip(" \t\n;")


def _address(text: str, *, extended: bool) -> tuple[str, str]:
    """An address at the start, as `$`, digits or `/pattern`, and the rest."""
    if match := re.match(r"\$|\d+(?![\d~])", text):
        return match[0], text[match.end() :]
    if text[:1] not in ("/", "\\"):
        return "", text
    mark, at = ("/", 1) if text[0] == "/" else (text[1:2], 2)
    pattern, rest = _until(text[at:], mark)
    if rest.startswith("I"):
        return f"/(?i){translated(pattern, extended=extended)}", rest[1:]
    return f"/{translated(pattern, extended=extended)}", rest


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
    text, rest = _until(rest, mark)
    match = re.match(r"[gIip0-9]*", rest)
    flags = match[0] if match is not None else ""
    if any(char.isdigit() for char in flags):
        raise NotJudged("a number after the s command of sed")
    return Command(first, last, negated, "s", text, translated(pattern, extended=extended), flags), rest[
        len(flags) :
    ]


def _edited(text: str, commands: list[Command], *, quiet: bool) -> str:
    ended = text.endswith("\n")
    lines = text.removesuffix("\n").split("\n") if text else []
    active = [False] * len(commands)
    out: list[str] = []
    for number, line in enumerate(lines, start=1):
        after: list[str] = []
        keep, stop = True, False
        for index, command in enumerate(commands):
            if not _selected(command, line, number, len(lines), active, index):
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
        if stop:
            break
    result = "\n".join(out) + ("\n" if out else "")
    return result if ended or not out else result.removesuffix("\n")


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
    return re.search(address[1:], line) is not None


def _substituted(command: Command, line: str) -> str | None:
    flags = re.IGNORECASE if set("Ii") & set(command.flags) else 0
    text = command.text
    if re.search(r"\\[^0-9&/\\n.t#|:,@$*\[\]^-]", text):
        raise NotJudged(f"{text} in an s command of sed")

    def replacement(match: re.Match[str]) -> str:
        return re.sub(r"\\(.)|&", lambda part: _piece(part, match), text)

    new, count = re.subn(
        command.pattern, replacement, line, count=0 if "g" in command.flags else 1, flags=flags
    )
    return new if count else None


def _piece(part: re.Match[str], match: re.Match[str]) -> str:
    if part[0] == "&":
        return match[0]
    if part[1].isdigit():
        return match[int(part[1])] or ""
    return {"n": "\n", "t": "\t"}.get(part[1], part[1])


def grep(host: Host, call: Call) -> Ran:
    """`grep`, `grep -E` and `grep -F`, with the usual options."""
    options: set[str] = {"E"} if call.name == "egrep" else set()
    patterns: list[str] = []
    words: list[str] = []
    rest = list(call.args)
    while rest:
        arg = rest.pop(0)
        if arg in ("-e", "--regexp") and rest:
            patterns.append(rest.pop(0))
        elif arg == "--":
            words += rest
            rest = []
        elif re.fullmatch(r"-[qvicnxwolshEFG]+", arg):
            options |= set(arg[1:])
        elif arg in ("--quiet", "--silent", "--count", "--ignore-case", "--invert-match", "--fixed-strings"):
            options.add(
                {
                    "--quiet": "q",
                    "--silent": "q",
                    "--count": "c",
                    "--ignore-case": "i",
                    "--invert-match": "v",
                    "--fixed-strings": "F",
                }[arg]
            )
        elif arg.startswith("-") and arg != "-":
            raise NotJudged(f"grep {arg}")
        else:
            words.append(arg)
    if not patterns:
        if not words:
            return Ran(2, "grep without a pattern")
        patterns.append(words.pop(0))
    return _grepped(host, call, options, patterns, words)


def _grepped(host: Host, call: Call, options: set[str], patterns: list[str], files: list[str]) -> Ran:
    matcher = _matcher(patterns, options)
    complaint, lines, hits = "", [], 0
    for name in files or ["-"]:
        text, trouble = (call.stdin, "") if name == "-" else contents(host, name)
        if trouble:
            complaint = complaint or f"grep: {name}: {trouble}"
            continue
        if text is None:
            raise NotJudged(f"grep in what isn't known ({name})")
        head = f"{name}:" if len(files) > 1 and "h" not in options else ""
        rows = text.removesuffix("\n").split("\n") if text else []
        found = [
            (number, row)
            for number, row in enumerate(rows, 1)
            if bool(matcher.search(row)) is ("v" not in options)
        ]
        hits += len(found)
        if "l" in options:
            lines += [name] if found else []
        elif "c" in options:
            lines.append(f"{head}{len(found)}")
        else:
            for number, row in found:
                place = f"{number}:" if "n" in options else ""
                parts = [match[0] for match in matcher.finditer(row) if match[0]] if "o" in options else [row]
                lines += [f"{head}{place}{part}" for part in parts]
    code = 0 if hits and ("q" in options or not complaint) else 2 if complaint else int(not hits)
    missing = "" if hits or complaint else f"grep doesn't find {patterns[0]}"
    out = "" if "q" in options else "".join(f"{line}\n" for line in lines)
    return Ran(code, complaint if "s" not in options and code == 2 else missing, out)


def _matcher(patterns: list[str], options: set[str]) -> re.Pattern[str]:
    pieces = []
    for pattern in "\n".join(patterns).split("\n"):
        piece = re.escape(pattern) if "F" in options else translated(pattern, extended="E" in options)
        if "w" in options:
            piece = rf"(?<!\w)(?:{piece})(?!\w)"
        if "x" in options:
            piece = rf"\A(?:{piece})\Z"
        pieces.append(f"(?:{piece})")
    return re.compile("|".join(pieces), re.IGNORECASE if "i" in options else 0)
