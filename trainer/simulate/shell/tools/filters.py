"""Programs that pass text on: `head`, `tail`, `cut`, `sort`, `uniq`, `tr`, `wc`.

Follows POSIX.1-2024, XCU chapter 3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from trainer.errors import NotJudged
from trainer.simulate.shell.process import Call, Host, Ran, TimedOut, limited
from trainer.simulate.shell.tools.reading import contents
from trainer.simulate.shell.tools.sorting import sort, uniq
from trainer.simulate.shell.tools.translating import tr


def filtered(host: Host, call: Call) -> Ran:
    """One of these programs, on the files that it names or on its input; `tail -f` doesn't end.

    The output isn't known where the input isn't, or where an option makes another one than is simulated.
    Raises `NotJudged` for options that could do anything else.
    """
    options, words = _split(call)
    operands = len(words) if call.name == "tr" else 0
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
    several = len(files) > 1 and call.name not in ("cut", "sort")
    code = _TROUBLE.get(call.name, 1) if complaint else 0
    return Ran(code, complaint, None if made is None or several else limited(made))


def _is_usual(name: str, options: Mapping[str, str], arguments: list[str], files: list[str]) -> bool:
    """Whether a program has the operands that it needs, and writes to no file."""
    if name == "tr":
        return len(arguments) == 2 or (len(arguments) == 1 and bool(options.keys() & {"d", "s"}))
    if name == "cut":
        return bool(options.keys() & {"b", "c", "f"})
    return name != "uniq" or len(files) < 2


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
    if text is None or options.keys() - _SIMULATED[name]:
        return None
    if name == "wc":
        return _counted(text, options)
    if name == "tr":
        return tr(text, options, arguments)
    if name in ("head", "tail"):
        return _end(name, text, options)
    lines = _BY_NAME[name](_lines(text), options)
    return None if lines is None else "".join(f"{line}\n" for line in lines)


def _counted(text: str, options: Mapping[str, str]) -> str | None:
    """The lines, words or characters that `wc` counts; how wide several numbers are depends on the input."""
    if len(options) != 1:
        return None
    counts = {"l": text.count("\n"), "w": len(text.split()), "m": len(text), "c": len(text.encode())}
    return "".join(f"{counts[letter]}\n" for letter in options)


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


_VALUED = {
    "head": "nc",
    "tail": "ncs",
    "cut": "dfcb",
    "sort": "ktS",
    "uniq": "fsw",
    "tr": "",
    "wc": "",
}
_PLAIN = {
    "head": "qvz",
    "tail": "qvzfF",
    "cut": "snz",
    "sort": "bdfghiMnRrVusz",
    "uniq": "cduiz",
    "tr": "dsctC",
    "wc": "lcmwL",
}
_LONG = {
    "head": {"--lines": "n", "--bytes": "c"},
    "tail": {"--lines": "n", "--bytes": "c"},
    "cut": {"--delimiter": "d", "--fields": "f", "--characters": "c", "--only-delimited": "s"},
    "sort": {
        "--unique": "u",
        "--reverse": "r",
        "--numeric-sort": "n",
        "--key": "k",
        "--field-separator": "t",
    },
    "uniq": {"--count": "c", "--repeated": "d", "--unique": "u"},
    "tr": {"--delete": "d", "--squeeze-repeats": "s", "--complement": "c"},
    "wc": {"--lines": "l", "--words": "w", "--bytes": "c"},
}
_SIMULATED: dict[str, set[str]] = {
    "head": {"n", "c", "q"},
    "tail": {"n", "c", "q", "f", "F"},
    "cut": {"d", "f", "s", "c", "b"},
    "sort": set("runktbfsV"),
    "uniq": set("cdui"),
    "tr": set("dscC"),
    "wc": set("lwmc"),
}
"""The options whose effect on the text is simulated."""
_ALL_OR_NOTHING = ("sort", "uniq", "wc")
"""What writes nothing if it can't read its only file, or one of them."""
_TROUBLE = {"sort": 2}
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
        elif arg.partition("=")[0] in _LONG.get(call.name, {}):
            name, equals, value = arg.partition("=")
            letter = _LONG[call.name][name]
            _add(options, call.name, letter + value if equals else letter, rest)
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
            several = name == "sort" and letter == "k" and letter in options
            options[letter] = f"{options[letter]}\n{value}" if several else value
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
        if not text.isascii() or options["c"].startswith("+"):
            return None
        return text[:count] if name == "head" else text[max(len(text) - abs(count), 0) :]
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
    if len(mark) != 1:
        raise NotJudged(f"cut -d {mark}")
    places = options.get("c") or options.get("b")
    if places is not None:
        if "b" in options and not all(map(str.isascii, lines)):
            raise NotJudged("cut -b of other characters")
        return ["".join(line[at - 1] for at in _fields(places, len(line))) for line in lines]
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


_BY_NAME: dict[str, Callable[[list[str], dict[str, str]], list[str] | None]] = {
    "cut": _cut,
    "sort": sort,
    "uniq": uniq,
}
NAMES = ("cut", "head", "sort", "tail", "tr", "uniq", "wc")
