"""Libraries imported first, without what no start needs of them: most of a start is theirs."""

from __future__ import annotations

import sys
import threading
from importlib import import_module
from types import ModuleType
from typing import Any, Literal

from trainer.patterns import compiled_on_use


def import_quickly(*names: Literal["click", "msgspec"]) -> None:
    """Import these libraries. Afterwards everybody finds all other modules as they are.

    The standard library's modules that they import compile patterns that no start uses. Click needs
    `inspect` for help of several lines only. msgspec takes from `typing_extensions`, where that is
    installed, only what `typing` has as well. Where one of these is imported already, or while other
    threads run, nothing is imported here.
    """
    stand_ins = {"inspect": _Inspect("inspect"), "typing_extensions": None}
    if threading.active_count() > 1 or not stand_ins.keys().isdisjoint(sys.modules):
        return
    sys.modules.update(stand_ins)  # type: ignore[arg-type] # an import of None fails
    try:
        with compiled_on_use():
            for name in names:
                import_module(name)
    finally:
        for stand_in in stand_ins:
            del sys.modules[stand_in]


class _Inspect(ModuleType):
    """Stands for `inspect` until something else than a line is to be cleaned."""

    def cleandoc(self, text: str) -> str:
        """As `inspect.cleandoc`."""
        if "\n" not in text and "\t" not in text:
            return text.lstrip()
        found: str = self.__getattr__("cleandoc")(text)
        return found

    def __getattr__(self, name: str) -> Any:
        import inspect

        return getattr(inspect, name)
