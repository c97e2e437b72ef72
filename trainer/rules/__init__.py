"""One module per rule, discovered by file name: rule `network-flow` lives in `network_flow.py`.

A rule module has

- a docstring whose first line says what the rule judges (the rule reference is made from it),
- `Params`: a frozen `msgspec.Struct` with `forbid_unknown_fields=True`, each field documented,
- `judge(world, params) -> Outcome`, pure. It raises `NotJudged` for what lies outside its subset.

A rule whose parameters name fields of objects may also have `unknown_keys(params, kubernetes)`: the
misspelled ones, for the check of a card (see `fields`).

Modules whose name starts with an underscore are shared helpers, no rules.
"""

from __future__ import annotations

import importlib
from typing import Any, Protocol, cast

from trainer.errors import UsageError
from trainer.simulate.world import World
from trainer.verdict import Outcome


class Rule(Protocol):
    """What a rule module offers."""

    Params: type[Any]
    """The typed parameters of a check."""

    def judge(self, world: World, params: Any) -> Outcome:
        """Judge one check."""


def rule_names() -> list[str]:
    """All rules, by their kebab-case names, sorted."""
    import pkgutil

    found = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name.replace("_", "-") for name in found if not name.startswith("_"))


def load_rule(name: str) -> Rule:
    """The rule of that name, imported now. Raises `UsageError` where there is none."""
    module = name.replace("-", "_")
    path = f"{__name__}.{module}"
    if name[:1].isalpha() and "_" not in name and module.isidentifier():
        try:
            return cast("Rule", importlib.import_module(path))
        except ModuleNotFoundError as error:
            if error.name != path:
                raise  # the rule is there, something that it imports isn't
    raise UsageError(f"no rule is named {name!r}", remedy=f"rules: {', '.join(rule_names())}")
