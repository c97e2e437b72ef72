"""Programs that pass text on: `head`, `tail`, `cut`, `sort`, `uniq`, `tr`, `wc`, and `awk '{print $N}'`.

Follows POSIX.1-2024, XCU chapter 3. Of awk, only one action that prints fields is known, after no condition,
a pattern in slashes, or a comparison of a field or the line's number; `-v` sets variables.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from trainer.errors import NotJudged
from trainer.simulate.shell.process import Call, Host, Ran, TimedOut, limited
from trainer.simulate.shell.tools.expressions import compiled, translated
from trainer.simulate.shell.tools.reading import contents


def filtered(host: Host, call: Call) -> Ran:
    """One of these programs, on the files that it names or on its input; `tail -f` doesn't end.

    The output isn't known where the input isn't, or where an option makes another one than is simulated.
    Raises `NotJudged` for options that could do anything else.
    """
    options, words = _split(call)
    operands = {"awk": 1, "tr": len(words)}.get(call.name, 0)
    arguments, files = words[:operands], words[operands:]
    if not _is_usual(call.name, options, arguments, files):
        raise NotJudged(f"{call.name} {' '.join(call.args)}".strip())
    complaint, text = _read(host, call, files)
    follows = call.name == "tail" and options.keys() & {"f", "F"} and (files or call.stdin == "")
    if follows and (not complaint or "F" in options):
        raise TimedOut
    made = _made(call.name, options, arguments, text)
    if call.name == "wc" and made is not None and files:
        made = f"{made.rstrip()} {files[0]}\n"
    if complaint and call.name in _ALL_OR_NOTHING:
        made = ""
    several = len(files) > 1 and call.name not in ("cut", "sort", "awk")
    code = _TROUBLE.get(call.name, 1) if complaint else 0
    return Ran(code, complaint, None if made is None or several else limited(made))


def _is_usual(name: str, options: Mapping[str, str], arguments: list[str], files: list[str]) -> bool:
    """Whether a program has the operands that it needs, and writes to no file."""
    if name == "tr":
        return len(arguments) == 2 or (len(arguments) == 1 and bool(options.keys() & {"d", "s"}))
    if name == "cut":
        return bool(options.keys() & {"b", "c", "f"})
    return (name != "awk" or bool(arguments)) and (name != "uniq" or len(files) < 2)


def _read(host: Host, call: Call, files: list[str]) -> tuple[str, str | None]:
    """Why a file can't be read, and what is in all of them; None if that isn't known."""
    complaint, text = "", "" if files else call.stdin
    for name in files:
        part, trouble = (call.stdin, "") if name == "-" else contents(host, name)
        complaint = complaint or trouble
        if part and not part.endswith("\n") and len(files) > 1:
            part += "\n"
        text = None if part is None or text is None else limited(text + part)
    return complaint, text


def _made(name: str, options: dict[str, str], arguments: list[str], text: str | None) -> str | None:
    """What a program makes of a text; None if that isn't known."""
    if name == "awk":  # its program is read in any case: it could do more than print
        made = _awk(_lines(text or ""), options, arguments)
        return None if text is None else "".join(f"{line}\n" for line in made)
    if text is None or options.keys() - _SIMULATED[name]:
        return None
    if name == "wc":
        return f"{text.count(chr(10))}\n" if "l" in options else None
    if name == "tr":
        return _tr(text, options, arguments)
    if name in ("head", "tail"):
        return _end(name, text, options)
    return "".join(f"{line}\n" for line in _BY_NAME[name](_lines(text), options))


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


_VALUED = {
    "head": "nc",
    "tail": "ncs",
    "cut": "dfcb",
    "awk": "Fv",
    "sort": "ktS",
    "uniq": "fsw",
    "tr": "",
    "wc": "",
}
_PLAIN = {
    "head": "qvz",
    "tail": "qvzfF",
    "cut": "snz",
    "awk": "",
    "sort": "bdfghiMnRrVusz",
    "uniq": "cduiz",
    "tr": "dsctC",
    "wc": "lcmwL",
}
_SIMULATED: dict[str, set[str]] = {
    "head": {"n", "c", "q"},
    "tail": {"n", "q", "f", "F"},
    "cut": {"d", "f", "s"},
    "sort": {"r", "u", "n"},
    "uniq": {"c"},
    "tr": {"d"},
    "wc": {"l"},
}
"""The options whose effect on the text is simulated."""
_ALL_OR_NOTHING = ("sort", "uniq", "wc")
"""What writes nothing if it can't read its only file, or one of them."""
_TROUBLE = {"sort": 2, "awk": 2}
"""The exit code if a file can't be read, where it isn't 1."""


def _split(call: Call) -> tuple[dict[str, str], list[str]]:
    """The options with their values, and the operands. Raises `NotJudged` for an option that isn't known."""
    options: dict[str, str] = {}
    words: list[str] = []
    rest = list(call.args)
    while rest:
        arg = rest.pop(0)
        if arg == "--":
            words += rest
            break
        if match := re.fullmatch(r"-(\d+)", arg):
            options["n"] = match[1]
        elif not arg.startswith("-") or arg == "-":
            words.append(arg)
        elif arg == "--retry" and call.name == "tail":
            continue
        elif arg.startswith("--"):
            raise NotJudged(f"{call.name} {arg}")
        else:
            _add(options, call.name, arg[1:], rest)
    return options, words


def _add(options: dict[str, str], name: str, letters: str, rest: list[str]) -> None:
    """Add the options of one word; the value of the last one may be the next word."""
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter in _VALUED[name]:
            value, letters = letters or (rest.pop(0) if rest else ""), ""
            several = name == "awk" and letter == "v" and "v" in options
            options[letter] = f"{options['v']}\n{value}" if several else value
        elif letter in _PLAIN[name]:
            options[letter] = ""
        else:
            raise NotJudged(f"{name} -{letter}")


def _number(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d+", text):
        raise NotJudged(f"the number {text}")
    return int(text)


def _end(name: str, text: str, options: dict[str, str]) -> str | None:
    """The first or the last lines or bytes; a last line without an end stays as it is."""
    if "c" in options:
        count = _number(options["c"])
        return text[:count] if name == "head" and count >= 0 and text.isascii() else None
    wanted = options.get("n", "10")
    count = _number(wanted)
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    if name == "head":
        return "".join(lines[:count])
    if wanted.startswith("+"):
        return "".join(lines[max(count - 1, 0) :])
    return "".join(lines[max(len(lines) - abs(count), 0) :])


def _cut(lines: list[str], options: dict[str, str]) -> list[str]:
    mark = options.get("d", "\t")
    found = []
    for line in lines:
        fields = line.split(mark)
        wanted = _fields(options["f"], len(fields))
        if len(fields) > 1 or "s" not in options:
            found.append(line if len(fields) < 2 else mark.join(fields[at - 1] for at in wanted))
    return found


def _fields(text: str, count: int) -> list[int]:
    """The numbers of a list such as `1,3-5,7-`, up to `count`."""
    found: set[int] = set()
    for part in text.split(","):
        low, dash, high = part.partition("-")
        if not re.fullmatch(r"\d*-?\d*", part) or not (low or high):
            raise NotJudged(f"the fields {text}")
        found |= set(range(int(low or 1), (int(high or count) if dash else int(low)) + 1))
    return sorted(number for number in found if 1 <= number <= count)


def _sort(lines: list[str], options: dict[str, str]) -> list[str]:
    def number(line: str) -> int:
        return int(match[0]) if (match := re.match(r"\s*-?\d+", line)) else 0

    found = lines
    if "u" in options:  # of lines with the same key, the first one stays
        first: dict[int | str, str] = {}
        for line in lines:
            first.setdefault(number(line) if "n" in options else line, line)
        found = list(first.values())
    found = sorted(found, key=lambda line: (number(line), line)) if "n" in options else sorted(found)
    return found[::-1] if "r" in options else found


def _uniq(lines: list[str], options: dict[str, str]) -> list[str]:
    found: list[tuple[int, str]] = []
    for line in lines:
        if found and found[-1][1] == line:
            found[-1] = (found[-1][0] + 1, line)
        else:
            found.append((1, line))
    return [f"{count:>7} {line}" if "c" in options else line for count, line in found]


def _tr(text: str, options: dict[str, str], arguments: list[str]) -> str | None:
    first, second = (one.replace("\\n", "\n") for one in [*arguments, ""][:2])
    if any(char in first + second for char in "[]\\-") or not first or ("d" in options) is bool(second):
        return None
    if "d" in options:
        return text.translate({ord(char): None for char in first})
    second = second[: len(first)].ljust(len(first), second[-1])
    return text.translate({ord(one): other for one, other in zip(first, second, strict=True)})


def _awk(lines: list[str], options: dict[str, str], arguments: list[str]) -> list[str]:
    program, changes = _changes(arguments[0])
    match = re.fullmatch(r"\s*([^{}]*?)\s*(?:\{\s*print\s*([$\w,\s]*?);?\s*\})?\s*", program)
    mark = options.get("F")
    if match is None or not (match[1] or match[2] is not None) or (mark is not None and len(mark) != 1):
        raise NotJudged(f"awk {arguments[0]}")
    given = dict(one.partition("=")[::2] for one in options.get("v", "").split("\n"))
    selects = _condition(match[1], given)
    wanted = [one.strip() for one in (match[2] or "$0").split(",")]
    if not all(re.fullmatch(r"\$(\d+|NF)", one) for one in wanted):
        raise NotJudged(f"awk {arguments[0]}")
    found = []
    for number, line in enumerate(lines, 1):
        fields = line.split(mark) if mark not in (None, " ") else line.split()
        if selects(number, line, fields):
            for at, pattern, text in changes if len(fields) >= max([0, *(one[0] for one in changes)]) else ():
                fields[at - 1] = pattern.sub(text, fields[at - 1])
            found.append(" ".join(_field(one[1:], line, fields) for one in wanted))
    return found


def _changes(program: str) -> tuple[str, list[tuple[int, Any, str]]]:
    """The program without `gsub(/a/, "b", $2);` before its `print`, and these: field, pattern, new text."""
    found = []
    form = r'\{\s*gsub\(\s*(?:/((?:[^/\\]|\\.)+)/|"([^"\\]+)")\s*,\s*"([^"\\&]*)"\s*,\s*\$([1-9]\d*)\s*\)\s*;'
    while match := re.search(form, program):
        found.append((int(match[4]), compiled(translated(match[1] or match[2], extended=True)), match[3]))
        program = f"{program[: match.start()]}{{{program[match.end() :]}"
    if found and not re.search(r"print\s*\$[1-9]", program):
        raise NotJudged(f"awk {program}")
    return program, found


def _number_of(text: str) -> float | None:
    """The value of a text that looks like a number; None for any other."""
    looks = re.fullmatch(r"\s*[-+]?(\d+(?:\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*", text)
    return float(text) if looks else None


def _condition(text: str, given: dict[str, str]) -> Callable[[int, str, list[str]], bool]:
    """Which lines awk selects: all, those with a pattern, or those whose field or number compares so."""
    if match := re.fullmatch(r"(?:(!)|\$(\d+|NF)\s*(!?)~\s*)?/((?:[^/\\]|\\.)*)/", text):
        pattern = compiled(translated(match[4], extended=True))
        negated, name = bool(match[1] or match[3]), match[2] or "0"
        return lambda _at, line, fields: bool(pattern.search(_field(name, line, fields))) is not negated
    if match := re.fullmatch(r"NR\s*(==|!=|>=?|<=?)\s*(\d+)", text):
        compare, limit = _COMPARED[match[1]], int(match[2])
        return lambda at, _line, _fields: compare(at, limit)
    match = re.fullmatch(r'\$(\d+|NF)\s*(==|!=)\s*(?:"([^"\\]*)"|([A-Za-z_]\w*)|(\d+))', text)
    if not text or match is None or (match[4] and match[4] not in given):
        if text:
            raise NotJudged(f"awk {text}")
        return lambda _at, _line, _fields: True
    name, equal = match[1], match[2] == "=="
    value = given[match[4]] if match[4] else match[5] or match[3]
    number = _number_of(value) if match[4] or match[5] else None

    def same(line: str, fields: list[str]) -> bool:
        """As numbers if both look like numbers, else as texts (XCU awk, Expressions in awk)."""
        field = _field(name, line, fields)
        other = _number_of(field) if number is not None else None
        return field == value if other is None else other == number

    return lambda _at, line, fields: same(line, fields) is equal


def _field(name: str, line: str, fields: list[str]) -> str:
    if name == "0":
        return line
    at = len(fields) if name == "NF" else int(name)
    return fields[at - 1] if 0 < at <= len(fields) else ""


_COMPARED: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_BY_NAME: dict[str, Callable[[list[str], dict[str, str]], list[str]]] = {
    "cut": _cut,
    "sort": _sort,
    "uniq": _uniq,
}
NAMES = ("awk", "cut", "head", "sort", "tail", "tr", "uniq", "wc")
