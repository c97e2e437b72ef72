"""Programs that pass text on: `head`, `tail`, `cut`, `sort`, `uniq`, `tr`, `wc`, and `awk '{print $N}'`.

Follows POSIX.1-2024, XCU chapter 3. Of awk, only one action that prints fields is known, after no condition,
a pattern in slashes, or a comparison of a field or the line's number; `-v` sets variables.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from trainer.errors import NotJudged
from trainer.simulate.shell.process import Call, Host, Ran
from trainer.simulate.shell.tools.expressions import compiled, translated
from trainer.simulate.shell.tools.reading import contents


def filtered(machine: Host, call: Call) -> Ran:
    """One of these programs, on the files that it names or on its input."""
    options, words = _split(call)
    operands = {"awk": 1, "tr": 1 if "d" in options else 2}.get(call.name, 0)
    arguments, files = words[:operands], words[operands:]
    if len(arguments) < operands or (call.name == "tr" and files):
        raise NotJudged(f"{call.name} {' '.join(call.args)}")
    complaint, text = "", "" if files else call.stdin
    for name in files:
        part, trouble = (call.stdin, "") if name == "-" else contents(machine, name)
        complaint = complaint or (f"{call.name}: {trouble}" if trouble else "")
        text = None if part is None or text is None else text + part
    if text is None:
        raise NotJudged(f"{call.name} of what isn't known")
    lines = text.removesuffix("\n").split("\n") if text else []
    if "c" in options and call.name in ("head", "tail"):
        count = _number(options["c"])
        if count < 0 or call.name == "tail" or not text.isascii():
            raise NotJudged(f"{call.name} {' '.join(call.args)}")
        return Ran(int(bool(complaint)), complaint, text[:count])
    if call.name == "wc":
        return Ran(int(bool(complaint)), complaint, _count(options, lines, files))
    made = _BY_NAME[call.name](lines, options, arguments)
    return Ran(int(bool(complaint)), complaint, "".join(f"{line}\n" for line in made))


_VALUED = {
    "head": "nc",
    "tail": "nc",
    "cut": "dfcb",
    "awk": "Fv",
    "sort": "kt",
    "uniq": "",
    "tr": "",
    "wc": "",
}
_PLAIN = {"head": "q", "tail": "q", "cut": "s", "awk": "", "sort": "runV", "uniq": "c", "tr": "d", "wc": "l"}


def _split(call: Call) -> tuple[dict[str, str], list[str]]:
    options: dict[str, str] = {}
    words: list[str] = []
    rest = list(call.args)
    while rest:
        arg = rest.pop(0)
        if match := re.fullmatch(r"-(\d+)", arg):
            options["n"] = match[1]
        elif not arg.startswith("-") or arg == "-":
            words.append(arg)
        elif arg[1] in _VALUED[call.name]:
            value = arg[2:] or (rest.pop(0) if rest else "")
            several = call.name == "awk" and arg[1] == "v" and "v" in options
            options[arg[1]] = f"{options['v']}\n{value}" if several else value
        elif set(arg[1:]) <= set(_PLAIN[call.name]):
            options |= dict.fromkeys(arg[1:], "")
        else:
            raise NotJudged(f"{call.name} {arg}")
    return options, words


def _number(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d+", text):
        raise NotJudged(f"the number {text}")
    return int(text)


def _head(lines: list[str], options: dict[str, str], _arguments: list[str]) -> list[str]:
    return lines[: _number(options.get("n", "10"))]


def _tail(lines: list[str], options: dict[str, str], _arguments: list[str]) -> list[str]:
    text = options.get("n", "10")
    count = _number(text)
    return lines[count - 1 :] if text.startswith("+") else lines[len(lines) - min(count, len(lines)) :]


def _cut(lines: list[str], options: dict[str, str], _arguments: list[str]) -> list[str]:
    if "f" not in options or {"c", "b"} & set(options):
        raise NotJudged("cut without -f")
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


def _sort(lines: list[str], options: dict[str, str], _arguments: list[str]) -> list[str]:
    if set(options) - {"r", "u", "n"}:
        raise NotJudged("sort by a key")
    if "n" in options:
        found = sorted(
            lines, key=lambda line: (int(match[0]) if (match := re.match(r"\s*-?\d+", line)) else 0, line)
        )
    else:
        found = sorted(lines)
    found = list(dict.fromkeys(found)) if "u" in options else found
    return found[::-1] if "r" in options else found


def _uniq(lines: list[str], options: dict[str, str], _arguments: list[str]) -> list[str]:
    found: list[tuple[int, str]] = []
    for line in lines:
        if found and found[-1][1] == line:
            found[-1] = (found[-1][0] + 1, line)
        else:
            found.append((1, line))
    return [f"{count:>7} {line}" if "c" in options else line for count, line in found]


def _tr(lines: list[str], options: dict[str, str], arguments: list[str]) -> list[str]:
    first = arguments[0].replace("\\n", "\n")
    second = "" if "d" in options else arguments[1].replace("\\n", "\n")
    if any(char in first + second for char in "[]\\-") or (second and len(second) not in (1, len(first))):
        raise NotJudged(f"tr {' '.join(arguments)}")
    second = second * len(first) if len(second) == 1 else second
    table = {ord(char): None for char in first} if "d" in options else str.maketrans(first, second)
    text = "".join(f"{line}\n" for line in lines).translate(table)
    return text.removesuffix("\n").split("\n") if text else []


def _awk(lines: list[str], options: dict[str, str], arguments: list[str]) -> list[str]:
    match = re.fullmatch(r"\s*([^{}]*?)\s*(?:\{\s*print\s*([$\w,\s]*?);?\s*\})?\s*", arguments[0])
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
            found.append(" ".join(_field(one[1:], line, fields) for one in wanted))
    return found


def _condition(text: str, given: dict[str, str]) -> Callable[[int, str, list[str]], bool]:
    """Which lines awk selects: all, those with a pattern, or those whose field or number compares so."""
    if match := re.fullmatch(r"(?:(!)|\$(\d+|NF)\s*(!?)~\s*)?/((?:[^/\\]|\\.)*)/", text):
        pattern = compiled(translated(match[4], extended=True))
        negated, name = bool(match[1] or match[3]), match[2] or "0"
        return lambda _at, line, fields: bool(pattern.search(_field(name, line, fields))) is not negated
    if match := re.fullmatch(r"NR\s*(==|!=|>=?|<=?)\s*(\d+)", text):
        compare, limit = _COMPARED[match[1]], int(match[2])
        return lambda at, _line, _fields: compare(at, limit)
    match = re.fullmatch(r'\$(\d+|NF)\s*(==|!=)\s*(?:"([^"\\]*)"|([A-Za-z_]\w*))', text)
    if not text or match is None or (match[4] and match[4] not in given):
        if text:
            raise NotJudged(f"awk {text}")
        return lambda _at, _line, _fields: True
    name, equal = match[1], match[2] == "=="
    value = given[match[4]] if match[4] else match[3]
    if match[4] and re.fullmatch(r"\s*[-+]?(\d+(?:\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*", value):
        raise NotJudged(f"awk {text}: a comparison of numbers")
    return lambda _at, line, fields: (_field(name, line, fields) == value) is equal


def _field(name: str, line: str, fields: list[str]) -> str:
    if name == "0":
        return line
    at = len(fields) if name == "NF" else int(name)
    return fields[at - 1] if 0 < at <= len(fields) else ""


def _count(options: dict[str, str], lines: list[str], files: list[str]) -> str:
    if set(options) != {"l"} or len(files) > 1:
        raise NotJudged("wc of something else than lines")
    return f"{len(lines)}{f' {files[0]}' if files else ''}\n"


_COMPARED: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_BY_NAME: dict[str, Callable[[list[str], dict[str, str], list[str]], list[str]]] = {
    "head": _head,
    "tail": _tail,
    "cut": _cut,
    "sort": _sort,
    "uniq": _uniq,
    "tr": _tr,
    "awk": _awk,
}
NAMES = (*_BY_NAME, "wc")
