"""Patterns of an ignore file (`.dockerignore`), and those in the sources of COPY.

Follows `patternmatcher.go` and `ignorefile.go` of moby/patternmatcher v0.6, as moby/buildkit at 73ed682 uses
them: the last pattern that matches a path or one of its directories decides.
"""

from __future__ import annotations

import posixpath
from functools import lru_cache
from typing import Any

from trainer.errors import NotJudged

_MOST = 500


def patterns_of(text: str) -> list[str]:
    """The patterns of an ignore file, cleaned; those with `!` bring paths back."""
    found = []
    for index, line in enumerate(text.removeprefix("\ufeff").splitlines()):
        if line.startswith("#") or not line.strip():
            continue
        if index > _MOST:
            raise NotJudged(f"an ignore file of more than {_MOST} lines")
        pattern = line.strip()
        back = pattern.startswith("!")
        pattern = posixpath.normpath(pattern[back:].strip() or ".")
        found.append(f"{'!' if back else ''}{pattern.lstrip('/') or '/'}")
    return found


def is_ignored(path: str, patterns: list[str]) -> bool:
    """Whether a relative path is left out of the context."""
    parts = path.split("/")
    parents = ["/".join(parts[:size]) for size in range(1, len(parts) + 1)]
    ignored = False
    for pattern in patterns:
        back = pattern.startswith("!")
        if back is ignored and any(matches(one, pattern[back:]) for one in parents):
            ignored = not back
    return ignored


def matches(path: str, pattern: str) -> bool:
    """Whether a whole path matches: `*` and `?` stay within a directory, `**` doesn't."""
    return bool(_compiled(pattern).fullmatch(path))


@lru_cache(256)
def _compiled(pattern: str) -> Any:
    import re2  # only cards about builds need it

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(_expression(pattern), options)
    except re2.error:
        raise NotJudged(f"the pattern {pattern}") from None


def _expression(pattern: str) -> str:
    found, at = "", 0
    while at < len(pattern):
        char = pattern[at]
        if pattern[at : at + 2] == "**":
            at += 3 if pattern[at + 2 : at + 3] == "/" else 2
            found += ".*" if at >= len(pattern) else "(.*/)?"
            continue
        if char == "*":
            found += "[^/]*"
        elif char == "?":
            found += "[^/]"
        elif char == "\\" and at + 1 < len(pattern):
            at += 1
            found += f"\\{pattern[at]}" if not pattern[at].isalnum() else pattern[at]
        elif char in "[]":
            found += char
        else:
            found += f"\\{char}" if char in ".$+()|{}^\\" else char
        at += 1
    return found
