"""`grep`, `grep -E` and `grep -F` on known text.

Follows POSIX.1-2024, XCU `grep`, and GNU grep 3.11.
"""

from __future__ import annotations

import re
from typing import Any

from trainer.errors import NotJudged
from trainer.simulate.shell.process import Call, Host, Ran
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


def grep(host: Host, call: Call) -> Ran:
    """`grep`, `grep -E`, `grep -F` and plain patterns of `grep -P`, with the usual options."""
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
        elif re.fullmatch(r"-[qvicnxwolLashEFGP]+", arg):
            options |= set(arg[1:])
        elif arg in _NAMES:
            options.add(_NAMES[arg])
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
            complaint = complaint or trouble
            continue
        if text is None:
            raise NotJudged(f"grep in what isn't known ({name})")
        rows = text.removesuffix("\n").split("\n") if text else []
        wanted = "v" not in options
        found = [(number, row) for number, row in enumerate(rows, 1) if bool(matcher.search(row)) is wanted]
        hits += len(found)
        title = "(standard input)" if name == "-" else name
        lines += _shown(found, title, matcher, options, headed=len(files) > 1 and "h" not in options)
    code = 0 if hits and ("q" in options or not complaint) else 2 if complaint else int(not hits)
    missing = "" if hits or complaint else f"grep doesn't find {patterns[0]}"
    out = "" if "q" in options else "".join(f"{line}\n" for line in lines)
    return Ran(code, complaint if "s" not in options and code == 2 else missing, out)


def _shown(
    found: list[tuple[int, str]], title: str, matcher: Any, options: set[str], *, headed: bool
) -> list[str]:
    """What `grep` prints about the lines that it finds in one file."""
    if options & {"l", "L"}:
        return [title] if bool(found) is ("l" in options) else []
    head = f"{title}:" if headed else ""
    if "c" in options:
        return [f"{head}{len(found)}"]
    lines = []
    for number, row in found:
        place = f"{number}:" if "n" in options else ""
        parts = _parts(matcher, row) if "o" in options else [row]
        lines += [f"{head}{place}{part}" for part in parts if "o" not in options or "v" not in options]
    return lines


def _parts(matcher: Any, row: str) -> list[str]:
    """What `grep -o` prints of a line: what matches, from `\\K` on."""
    group: int | str = "kept" if "kept" in matcher.groupindex else 0
    return [match[group] for match in matcher.finditer(row) if match[group]]


def _perl(pattern: str) -> str:
    """A pattern of `grep -P`, as far as it is an extended one with `\\d` and one `\\K`.

    Where Perl prefers another match than the longest, it isn't covered.
    """
    plain = pattern.replace("\\d", "[0-9]").replace("\\h", "[[:blank:]]")
    before, *rest = [translated(one, extended=True) for one in plain.split("\\K")]
    if len(rest) > 1 or "|" in pattern or "?" in pattern:
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
