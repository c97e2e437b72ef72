"""Libraries imported first, without what no start needs of them: most of a start is theirs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any, Literal

from trainer.patterns import compiled_on_use, other_threads


def import_quickly(*names: Literal["click", "msgspec", "pathlib"]) -> None:
    """Import these libraries. Afterwards everybody finds all other modules as they are.

    The standard library's modules that they import compile patterns that no start uses. Stand-ins take the
    place of whole modules from which these libraries take next to nothing. A module that is imported already
    stays, and while other threads run nothing is imported here.
    """
    if other_threads():
        return
    stand_ins = {name: one for name, one in _stand_ins().items() if name not in sys.modules}
    sys.modules.update(stand_ins)  # type: ignore[arg-type] # an import of None fails
    try:
        with compiled_on_use():
            for name in names:
                import_module(name)
    finally:
        for module, stand_in in stand_ins.items():
            if sys.modules.get(module) is stand_in:
                del sys.modules[module]


def _stand_ins() -> dict[str, ModuleType | None]:
    """The modules that wait until somebody needs more of them; None for one that isn't needed.

    - Click needs `inspect` for help of several lines only, and `gettext` for translations that nobody has.
    - msgspec takes from `typing_extensions`, where that is installed, only what `typing` has as well. It
      describes types for those who ask, and reads YAML and TOML with other libraries.
    - `pathlib` needs `urllib.parse` for URLs, and `uuid` needs `platform` for the system's name.
    """
    found = (
        _StandIn("inspect", cleandoc=_cleandoc),
        _StandIn("gettext", gettext=str, ngettext=_ngettext),
        _StandIn("msgspec.inspect"),
        _StandIn("msgspec.toml"),
        _StandIn("msgspec.yaml"),
        _later("msgspec._json_schema", "schema", "schema_components"),
        _later("urllib.parse", "quote_from_bytes"),
        _StandIn("platform", system=_system),
    )
    return {"typing_extensions": None, **{one.__name__: one for one in found}}


class _StandIn(ModuleType):
    """Stands for a module until somebody needs another name of it than these."""

    def __init__(self, module: str, /, **names: Any) -> None:
        super().__init__(module)
        self.__dict__.update(names)

    def __getattr__(self, name: str) -> Any:
        """A missing attribute: the module's own. What an import itself looks for says nothing of a need."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(_real(self.__name__), name)


def _later(module: str, *names: str) -> _StandIn:
    """A stand-in whose functions import the module when they are called."""

    def later(name: str) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            return getattr(_real(module), name)(*args, **options)

        return call

    return _StandIn(module, **{name: later(name) for name in names})


def _real(module: str) -> ModuleType:
    if isinstance(sys.modules.get(module), _StandIn):
        del sys.modules[module]
    return import_module(module)


def _cleandoc(text: str) -> str:
    """As `inspect.cleandoc`."""
    if "\n" not in text and "\t" not in text:
        return text.lstrip()
    found: str = _real("inspect").cleandoc(text)
    return found


def _ngettext(one: str, many: str, count: int) -> str:
    """As `gettext.ngettext` without a translation."""
    return one if count == 1 else many


def _system() -> str:
    """As `platform.system`; `uuid` asks for it only where `os.uname` is."""
    return os.uname().sysname
