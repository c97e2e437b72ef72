"""PyYAML's door to libyaml, imported without what only PyYAML's own scanner needs.

That scanner's patterns take longer to compile than Python takes to start, and nothing here uses it. Compiled
on import, they double the processor time of a cold `grade` (342 ms instead of 165 ms, medians of 43 runs).
"""

from __future__ import annotations

from trainer.patterns import compiled_on_use

with compiled_on_use():
    import yaml
    from yaml.cyaml import CParser  # type: ignore[attr-defined] # the stubs leave it out

__all__ = ["CParser", "yaml"]
