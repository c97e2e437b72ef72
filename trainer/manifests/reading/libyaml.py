"""PyYAML's door to libyaml, imported without PyYAML's own loaders and dumpers.

Nothing here uses those. Importing them and compiling their patterns is most of the work of `import yaml`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from trainer.patterns import compiled_on_use

if TYPE_CHECKING:
    import yaml
    from yaml.cyaml import CParser  # type: ignore[attr-defined] # the stubs leave it out

__all__ = ["CParser", "yaml"]

_NAMED = ("error", "tokens", "events", "nodes")
"""The modules whose names the package itself has."""
_ERRORS = ("reader", "scanner", "parser", "composer")
"""The modules whose errors libyaml raises."""
_UNUSED = {
    "constructor": "ConstructorError",
    "emitter": "EmitterError",
    "serializer": "SerializerError",
    "representer": "RepresenterError",
}
"""Errors that libyaml's door looks for in other modules, and never raises while it reads events."""
_LOCK = RLock()


class _Begun(ModuleType):
    """The package `yaml` with only some of its modules, until somebody looks for another name in it."""

    def __getattr__(self, name: str) -> Any:
        """A missing attribute, after the package has been imported as a whole."""
        with _LOCK:
            spec = self.__spec__
            if type(self) is _Begun and spec is not None and spec.loader is not None:
                self.__class__ = ModuleType  # type: ignore[assignment] # as `importlib.util.LazyLoader` does
                spec.loader.exec_module(self)
        return getattr(self, name)


def _begin() -> ModuleType:
    """The package `yaml` with what reading events needs. Whoever imports it later finds all of it."""
    if "yaml" in sys.modules or (spec := find_spec("yaml")) is None:
        return import_module("yaml")
    package = module_from_spec(spec)
    package.__class__ = _Begun
    with _LOCK:
        sys.modules["yaml"] = package
        for part in _NAMED:
            found = vars(import_module(f"yaml.{part}"))
            vars(package).update((name, one) for name, one in found.items() if name[0] != "_")
        for part in _ERRORS:
            import_module(f"yaml.{part}")
        for part, name in _UNUSED.items():
            setattr(package, part, SimpleNamespace(**{name: type(name, (package.MarkedYAMLError,), {})}))
        import_module("yaml._yaml")
        for part in _UNUSED:
            delattr(package, part)
    return package


if not TYPE_CHECKING:
    with compiled_on_use():
        yaml = _begin()
        CParser = import_module("yaml._yaml").CParser
