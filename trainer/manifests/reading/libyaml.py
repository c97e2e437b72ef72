"""PyYAML's door to libyaml, imported without what only PyYAML's own scanner needs.

Nothing here uses that scanner, and compiling its patterns doubles the processor time of this import: 16.8 ms
instead of 8.4 ms at least, 20.6 ms instead of 11.2 ms in the median of 40 (CPython 3.11, a busy machine).
"""

from __future__ import annotations

from trainer.patterns import compiled_on_use

with compiled_on_use():
    import yaml
    from yaml.cyaml import CParser  # type: ignore[attr-defined] # the stubs leave it out

__all__ = ["CParser", "yaml"]
