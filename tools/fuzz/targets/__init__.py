"""The parts of the program that are fuzzed; a module has `TARGETS`."""

from __future__ import annotations

import importlib
import pkgutil

from tools.fuzz.model import Target


def targets() -> dict[str, Target]:
    """All targets, by name."""
    found: list[Target] = []
    for module in pkgutil.iter_modules(__path__):
        found += importlib.import_module(f"{__name__}.{module.name}").TARGETS
    return {target.name: target for target in found}
