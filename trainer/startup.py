"""Libraries imported first, without what no start needs of them: most of a start is theirs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from importlib import import_module
from types import FrameType, ModuleType
from typing import Any, Literal

from trainer.patterns import compiled_on_use, other_threads

Library = Literal["click", "msgspec", "pathlib", "textual"]

_MODULES = {
    "textual": (
        "textual.app",
        "textual.drivers._writer_thread",
        "textual.widgets.option_list",
        "textual._xterm_parser",
        "shutil",
    )
}


def import_quickly(*names: Library) -> None:
    """Import these libraries. Afterwards everybody finds all other modules as they are.

    The standard library's modules that they import compile patterns that no start uses. Stand-ins take the
    place of whole modules from which these libraries take next to nothing. A module that is imported already
    stays, and while other threads run nothing is imported here.
    """
    if other_threads():
        return
    textual = "textual" in names
    found = _stand_ins_of_textual() if textual else _stand_ins()
    stand_ins = {name: one for name, one in found.items() if name not in sys.modules}
    sys.modules.update(stand_ins)  # type: ignore[arg-type] # an import of None fails
    try:
        with compiled_on_use(), _quick_classes() if textual else nullcontext():
            for library in names:
                for module in _MODULES.get(library, (library,)):
                    import_module(module)
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]


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


def _stand_ins_of_textual() -> dict[str, ModuleType | None]:
    """No start encrypts, makes a UUID, draws a table or explains a fault in styles.

    What takes the place of a class is a function: Textual only calls these classes.
    """
    found = (
        _StandIn("asyncio.sslproto"),
        _StandIn("bz2"),
        _later("difflib", "get_close_matches"),
        _StandIn("ipaddress"),
        _StandIn("locale"),
        _StandIn("lzma"),
        _StandIn("mimetypes"),
        _Alias("pickle", "_pickle"),
        _later("platformdirs", "user_downloads_path"),
        _later("rich.panel", "Panel"),
        _later("rich.table", "Table"),
        _later("rich.tree", "Tree"),
        _StandIn("ssl"),
        _later("textual.canvas", "Canvas", "Rectangle"),
        _Functions("textual.css._help_text"),
        _later("textual.fuzzy", "Matcher"),
        _later("textual.suggester", "Suggester", "SuggestionReady"),
        _Alias("textual.types", "textual._types"),
        _StandIn("tokenize"),
        _StandIn("traceback", extract_stack=_extract_stack),
        _Alias("typing_extensions", "typing"),
        _later("urllib.parse", "quote_from_bytes", "urlparse"),
        _later("uuid", "uuid4"),
        _StandIn("zlib"),
    )
    return {one.__name__: one for one in found}


@contextmanager
def _quick_classes() -> Iterator[None]:
    """Make classes with less work.

    A dataclass without a docstring gets its signature as one, which takes as long as to make the class. The
    types of fields that are text are compiled one by one, and most are the same few names.
    """
    inspect = _StandIn("inspect", signature=lambda *_, **__: "(...)")
    with _changed("dataclasses", "inspect", inspect), _changed("typing", "compile", cache(compile)):
        yield


@contextmanager
def _changed(module: str, name: str, value: object) -> Iterator[None]:
    """A global of a module, or what hides a builtin there, until the end of the block."""
    changed = import_module(module)
    before = vars(changed).get(name)
    setattr(changed, name, value)
    try:
        yield
    finally:
        if before is None:
            delattr(changed, name)
        else:
            setattr(changed, name, before)


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


class _Alias(_StandIn):
    """Stands for a module that has from another one what is needed of it."""

    def __init__(self, module: str, source: str) -> None:
        super().__init__(module, _source=source)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("__"):
            source = import_module(self._source)
            if hasattr(source, name):
                return getattr(source, name)
        return super().__getattr__(name)


class _Functions(_StandIn):
    """Stands for a module of functions until one of them is called."""

    def __getattr__(self, name: str) -> Any:
        return super().__getattr__(name) if name.startswith("__") else _call(self.__name__, name)


def _later(module: str, *names: str) -> _StandIn:
    """A stand-in whose functions import the module when they are called."""
    return _StandIn(module, **{name: _call(module, name) for name in names})


def _call(module: str, name: str) -> Callable[..., Any]:
    def call(*args: Any, **options: Any) -> Any:
        return getattr(_real(module), name)(*args, **options)

    return call


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


def _extract_stack(frame: FrameType | None = None, limit: int | None = None) -> Any:
    """As `traceback.extract_stack`: without a frame, that of the caller."""
    return _real("traceback").extract_stack(frame or sys._getframe(1), limit)


def _ngettext(one: str, many: str, count: int) -> str:
    """As `gettext.ngettext` without a translation."""
    return one if count == 1 else many


def _system() -> str:
    """As `platform.system`; `uuid` asks for it only where `os.uname` is."""
    return os.uname().sysname
