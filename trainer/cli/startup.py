"""Click and msgspec imported first, without what no start needs of them: most of a start is theirs."""

from __future__ import annotations

import sys
import threading

from trainer.patterns import compiled_on_use


def import_quickly() -> None:
    """Import click and msgspec. Once they are imported, or while other threads run, it has no effect.

    The standard library's modules that they import compile patterns which no start uses. msgspec takes
    from `typing_extensions`, where that is installed, only what `typing` has as well.
    """
    if threading.active_count() > 1 or "typing_extensions" in sys.modules:
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment] # an import of it fails
    try:
        with compiled_on_use():
            import click  # noqa: F401
            import msgspec  # noqa: F401
    finally:
        del sys.modules["typing_extensions"]
