"""Patterns of file names in conditions: `glob`, and the beginnings of paths of `pmatch`.

`glob` is fnmatch(3) without flags: `*` also stands for slashes, `\\` takes the next character as it is. The
patterns run in RE2, so that none of them takes more than linear time. `pmatch` compares the parts of a path
one by one, each a pattern (falcosecurity/libs 0.25.4, `prefix_search.h`).
"""

from __future__ import annotations

from collections.abc import Callable

from trainer.errors import NotJudged

_SPECIAL = frozenset(r"\.+*?()|[]{}^$")


def glob_pattern(pattern: str, *, ignore_case: bool = False) -> Callable[[str], bool]:
    """Whether a text is of the pattern."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.dot_nl = True
    options.case_sensitive = not ignore_case
    try:
        compiled = re2.compile(_translated(pattern), options)
    except re2.error:
        raise NotJudged(f"the pattern {pattern}") from None
    return lambda text: compiled.fullmatch(text) is not None


def _translated(pattern: str) -> str:
    found, at = "", 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            found += ".*"
        elif char == "?":
            found += "."
        elif char == "[" and (end := _set_end(pattern, at)):
            found += _set(pattern[at:end])
            at = end + 1
        elif char == "\\" and at < len(pattern):
            found += _quoted(pattern[at])
            at += 1
        else:
            found += _quoted(char)
    return found


def _quoted(char: str) -> str:
    return f"\\{char}" if char in _SPECIAL else char


def _set_end(pattern: str, at: int) -> int:
    """Where a set that starts before `at` ends; 0 if it doesn't."""
    start = at + 1 if pattern[at : at + 1] in ("!", "^") else at
    return max(pattern.find("]", start + 1), 0)


def _set(inner: str) -> str:
    if "[" in inner or "\\" in inner:
        raise NotJudged(f"the set [{inner}] of a pattern")
    negated = inner[:1] in ("!", "^")
    rest = (inner[1:] if negated else inner).replace("]", r"\]")
    return f"[{'^' if negated else ''}{rest}]"


def path_prefix(pattern: str) -> Callable[[str], bool]:
    """Whether a path is the pattern's, or below it."""
    parts = [glob_pattern(part) for part in pattern.split("/") if part]

    def matches(path: str) -> bool:
        own = [part for part in path.split("/") if part]
        return 0 < len(parts) <= len(own) and all(part(name) for part, name in zip(parts, own, strict=False))

    return matches
