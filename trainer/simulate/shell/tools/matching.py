"""`grep`, `grep -E` and `grep -F` on known text, also of all files in a directory (`-r`).

Follows POSIX.1-2024, XCU `grep`, and GNU grep 3.11.
"""

from __future__ import annotations

import posixpath
import re
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.shell.globs import matches
from trainer.simulate.shell.paths import normalise
from trainer.simulate.shell.process import Call, Host, Ran, limited
from trainer.simulate.shell.tools.expressions import compiled, translated
from trainer.simulate.shell.tools.reading import contents

_NAMES = {
    "--quiet": "q",
    "--silent": "q",
    "--count": "c",
    "--ignore-case": "i",
    "--invert-match": "v",
    "--fixed-strings": "F",
    "--extended-regexp": "E",
}
"""The letters of options that have a name."""
_NAMES |= {"--recursive": "r", "--line-number": "n", "--only-matching": "o", "--word-regexp": "w"}
_NAMES |= {"--line-regexp": "x", "--no-messages": "s", "--with-filename": "H", "--no-filename": "h"}
_NAMES |= {"--files-with-matches": "l", "--files-without-match": "L", "--perl-regexp": "P"}
_VALUED = {"--regexp": "e", "--file": "f", "--max-count": "m", "--include": "include", "--exclude": "exclude"}
_VALUED |= {"--after-context": "A", "--before-context": "B", "--context": "C"}
_HARMLESS = frozenset({"--color", "--colour", "--line-buffered", "--text"})


class _Search(msgspec.Struct):
    """A command line of `grep`."""

    options: set[str] = set()
    patterns: list[str] = []
    words: list[str] = []
    before: int = 0
    after: int = 0
    most: int | None = None
    """The most lines of a file that are found."""
    chosen: list[str] = []
    """`--include`: the names of files in directories."""
    left_out: list[str] = []


def grep(host: Host, call: Call) -> Ran:
    """`grep`, `grep -E`, `grep -F` and plain patterns of `grep -P`, with the usual options."""
    search = _read(host, call)
    if search.patterns:
        return _grepped(host, call, search)
    if not search.words:
        return Ran(2, "grep without a pattern")
    search.patterns.append(search.words.pop(0))
    return _grepped(host, call, search)


def _read(host: Host, call: Call) -> _Search:
    search = _Search({"egrep": {"E"}, "fgrep": {"F"}}.get(call.name, set()))
    rest = list(call.args)
    while rest:
        arg = rest.pop(0)
        name, equals, value = arg.partition("=")
        if arg == "--":
            search.words += rest
            break
        if name in _VALUED:
            _set(host, search, _VALUED[name], value if equals else rest.pop(0) if rest else "")
        elif arg in _NAMES or name in _HARMLESS:
            search.options |= {_NAMES[arg]} if arg in _NAMES else set()
        elif arg.startswith("--"):
            raise NotJudged(f"grep {arg}")
        elif not arg.startswith("-") or arg == "-":
            search.words.append(arg)
        else:
            _letters(host, search, arg[1:], rest)
    return search


def _letters(host: Host, search: _Search, letters: str, rest: list[str]) -> None:
    """The options of one word; the value of the last one may be the next word."""
    if letters.isdecimal():
        search.before = search.after = _count(letters)
        return
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter in "efABCm":
            _set(host, search, letter, letters or (rest.pop(0) if rest else ""))
            return
        if letter not in "qvicnxwolLashHEFGPrRyI":
            raise NotJudged(f"grep -{letter}")
        search.options.add({"R": "r", "y": "i"}.get(letter, letter))


def _set(host: Host, search: _Search, letter: str, value: str) -> None:
    match letter:
        case "e":
            search.patterns.append(value)
        case "f":
            text, trouble = contents(host, value)
            if text is None or trouble:
                raise NotJudged(f"grep -f {value}")
            search.patterns += text.removesuffix("\n").split("\n") if text else []
            if not text:
                raise NotJudged("grep without a pattern")
        case "include":
            search.chosen.append(value)
        case "exclude":
            search.left_out.append(value)
        case "m":
            search.most = _count(value)
        case _:
            search.before = _count(value) if letter in "BC" else search.before
            search.after = _count(value) if letter in "AC" else search.after


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise NotJudged(f"grep with the number {text}")
    return int(text)


def _named(host: Host, search: _Search) -> tuple[list[str], bool]:
    """The files to search, and whether each line has its file's name in front."""
    if "r" not in search.options:
        return search.words or ["-"], len(search.words) > 1
    found: list[str] = []
    for word in search.words or ["."]:
        path = host.path(word)
        if not host.files.is_folder(path):
            found.append(word)
            continue
        if host.files.entries(path) is None:
            raise NotJudged(f"grep below {word}")
        base = normalise(path).rstrip("/")
        for one in sorted(host.files.tree(path)):
            file = host.files.known.get(one)
            name = posixpath.basename(one)
            if file is None or file.link or any(matches(name, shape) for shape in search.left_out):
                continue
            if not search.chosen or any(matches(name, shape) for shape in search.chosen):
                inner = one.removeprefix(f"{base}/")
                found.append(inner if not search.words else f"{word.rstrip('/')}/{inner}")
    one_file = len(search.words) == 1 and not host.files.is_folder(host.path(search.words[0]))
    return found, not one_file


def _grepped(host: Host, call: Call, search: _Search) -> Ran:
    options = search.options
    matcher = _matcher(search.patterns, options)
    names, headed = _named(host, search)
    headed = (headed or "H" in options) and "h" not in options
    complaint, lines, hits = "", list[str](), 0
    for name in names:
        text, trouble = (call.stdin, "") if name == "-" else contents(host, name)
        if trouble:
            complaint = complaint or trouble
            continue
        if text is None:
            raise NotJudged(f"grep in what isn't known ({name})")
        rows = text.removesuffix("\n").split("\n") if text else []
        wanted = "v" not in options
        found = [number for number, row in enumerate(rows, 1) if bool(matcher.search(row)) is wanted]
        found = found[: search.most]
        hits += len(found)
        title = "(standard input)" if name == "-" else name
        shown = _shown(rows, found, title, matcher, search, headed=headed)
        around = search.before or search.after
        lines += ["--"] if lines and shown and around and not options & set("lLc") else []
        lines += shown
    code = 0 if hits and ("q" in options or not complaint) else 2 if complaint else int(not hits)
    missing = "" if hits or complaint else f"grep doesn't find {search.patterns[0]}"
    out = "" if "q" in options else "".join(f"{line}\n" for line in lines)
    return Ran(code, complaint if "s" not in options and code == 2 else missing, limited(out))


def _shown(
    rows: list[str], found: list[int], title: str, matcher: Any, search: _Search, *, headed: bool
) -> list[str]:
    """What `grep` prints about the lines that it finds in one file."""
    options = search.options
    if options & {"l", "L"}:
        return [title] if bool(found) is ("l" in options) else []
    if "c" in options:
        return [f"{title}:{len(found)}" if headed else str(len(found))]
    lines: list[str] = []
    chosen = set(found)
    last = 0
    for number in _around(found, search, len(rows)):
        mark = ":" if number in chosen else "-"
        place = (f"{title}{mark}" if headed else "") + (f"{number}{mark}" if "n" in options else "")
        if lines and number > last + 1 and (search.before or search.after):
            lines.append("--")
        last = number
        row = rows[number - 1]
        parts = _parts(matcher, row) if "o" in options else [row]
        lines += [f"{place}{part}" for part in parts if "o" not in options or "v" not in options]
    return lines


def _around(found: list[int], search: _Search, count: int) -> list[int]:
    """The numbers of the lines that are printed: those found, and those around them."""
    if "o" in search.options or not (search.before or search.after):
        return found
    numbers: list[int] = []
    for number in found:
        first = max(number - search.before, numbers[-1] + 1 if numbers else 1)
        numbers += range(first, min(number + search.after, count) + 1)
    return numbers


def _parts(matcher: Any, row: str) -> list[str]:
    """What `grep -o` prints of a line: what matches, from `\\K` on."""
    group: int | str = "kept" if "kept" in matcher.groupindex else 0
    return [match[group] for match in matcher.finditer(row) if match[group]]


def _perl(pattern: str) -> str:
    """A pattern of `grep -P`, as far as it is an extended one with `\\d` and one `\\K`.

    Where Perl prefers another match than the longest, it isn't covered.
    """
    plain = pattern.replace("\\d", "[0-9]").replace("\\h", "[[:blank:]]")
    if (behind := re.match(r"\(\?<=([^()|?*+]*)\)", plain)) is not None:
        plain = f"{behind[1]}\\K{plain[behind.end() :]}"  # a fixed text in front of the match
    before, *rest = [translated(one, extended=True) for one in plain.split("\\K")]
    if len(rest) > 1 or "|" in pattern or "?" in plain:
        raise NotJudged(f"grep -P {pattern}")
    return f"{before}(?P<kept>{rest[0]})" if rest else before


def _matcher(patterns: list[str], options: set[str]) -> Any:
    if {"o", "w"} <= options:
        raise NotJudged("grep -o with -w")
    pieces = []
    for pattern in "\n".join(patterns).split("\n"):
        if "P" in options:
            piece = _perl(pattern)
        else:
            piece = re.escape(pattern) if "F" in options else translated(pattern, extended="E" in options)
        if "w" in options:
            piece = rf"(?:^|\W)(?:{piece})(?:\W|$)"
        if "x" in options:
            piece = f"^(?:{piece})$"
        pieces.append(f"(?:{piece})")
    return compiled("|".join(pieces), ignore_case="i" in options)
