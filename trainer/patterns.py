"""Regular expressions that are compiled when they are first used.

Compiling one takes up to a few milliseconds, and a start imports a hundred but uses only a few.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, AnyStr, cast

_compile = re.compile


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` returns, compiled when one of its methods is first used.

    An invalid pattern raises `re.error` only then. Functions of `re` don't take the result as
    their pattern.
    """
    return cast("re.Pattern[AnyStr]", _OnUse(pattern, flags))


@contextmanager
def compiled_on_use() -> Iterator[None]:
    """Modules imported inside the block also compile their patterns on use.

    It has no effect while other threads run: they may need `re.compile` as it is.
    """
    if other_threads():
        yield
        return
    before, re.compile = re.compile, _on_use
    try:
        yield
    finally:
        re.compile = before


def other_threads() -> bool:
    """Whether more than one thread runs. It imports nothing to find that out."""
    threading = sys.modules.get("threading")
    return threading is not None and threading.active_count() > 1


def _on_use(pattern: Any, flags: int = 0) -> Any:
    return pattern if isinstance(pattern, _OnUse | re.Pattern) else _OnUse(pattern, flags)


class _OnUse:
    def __init__(self, pattern: Any, flags: int) -> None:
        self._made_of = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        """A missing attribute: the compiled pattern's, kept for the next time."""
        found = getattr(_compile(*self._made_of), name)
        setattr(self, name, found)
        return found

    def _kept(self, name: str) -> Any:
        return self.__dict__.get(name) or self.__getattr__(name)

    # A module may take these from its patterns as it is imported; that isn't a use yet.

    def match(self, *arguments: Any, **named: Any) -> Any:
        return self._kept("match")(*arguments, **named)

    def search(self, *arguments: Any, **named: Any) -> Any:
        return self._kept("search")(*arguments, **named)

    def sub(self, *arguments: Any, **named: Any) -> Any:
        return self._kept("sub")(*arguments, **named)
