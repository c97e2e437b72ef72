"""One module per rule, discovered by file name: rule `network-flow` is in `network_flow.py`.

A rule module has

- a docstring whose first line says what the rule judges (the rule reference is generated from it),
- `READS`: whether it can be judged in a cluster, and which kinds it looks at,
- `Params`: a frozen `msgspec.Struct` with `forbid_unknown_fields=True`, each field documented,
- `judge(world, params) -> Outcome`, pure. It raises `NotJudged` for anything outside its subset.

A rule that can show what an answer does may also have `picture(world, params) -> Picture`, which asks the
engine that `judge` asks and never says anything else than `judge` (see `trainer.picture`).

A rule whose parameters name fields of objects may also have `unknown_keys(params, kubernetes)`: the
misspelled ones, for the check of a card (see `fields`).

Everything about a rule is on its module: nothing else lists rules. Modules whose name starts with
an underscore are shared helpers, not rules.
"""

from __future__ import annotations

import importlib
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, cast

import msgspec

from trainer.errors import UsageError
from trainer.simulate.world import World
from trainer.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainer.picture import Picture

    Draw = Callable[[World, Any], Picture]


class Live(StrEnum):
    """Whether a cluster shows what a rule judges. The values are the words of the rule reference."""

    OBJECTS = "yes, by its objects"
    UNLESS_FILES = "yes, by its objects, unless the check names `files`"
    NEVER = "no, the rule judges files, which the API server can't show"


class Reads(msgspec.Struct, frozen=True):
    """What a rule looks at. A live check reads objects of these kinds from the cluster."""

    live: Live
    """Whether a check of this rule can be judged on the objects of a cluster."""
    kinds: tuple[str, ...] = ()
    """The kinds that it looks at besides its `object`, configuration files included; `Workload`
    means every kind that makes Pods. A test compares them with the kinds that it really looks
    at."""

    def is_live(self, params: Any) -> bool:
        """Whether the check with these parameters of the rule can be judged in a cluster."""
        return self.live is Live.OBJECTS or (self.live is Live.UNLESS_FILES and not params.files)


class Rule(Protocol):
    """What a rule module provides."""

    READS: Reads
    """Whether it can be judged in a cluster, and which kinds it looks at."""
    Params: type[Any]
    """The typed parameters of a check. `object`, if any, names the objects that the check is about."""

    def judge(self, world: World, params: Any) -> Outcome:
        """Judge one check."""


def picture_of(name: str) -> Draw | None:
    """How the rule of that name draws a check; None if it doesn't. Raises `UsageError` as `load_rule`."""
    return getattr(load_rule(name), "picture", None)


def rule_names() -> list[str]:
    """All rules, by their kebab-case names, sorted."""
    import pkgutil

    found = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name.replace("_", "-") for name in found if not name.startswith("_"))


@cache
def load_rule(name: str) -> Rule:
    """The rule of that name, imported now. Raises `UsageError` if it doesn't exist."""
    module = name.replace("-", "_")
    path = f"{__name__}.{module}"
    if name[:1].isalpha() and "_" not in name and module.isidentifier():
        try:
            return cast("Rule", importlib.import_module(path))
        except ModuleNotFoundError as error:
            if error.name != path:
                raise  # the rule exists, something that it imports doesn't
    raise UsageError(f"unknown rule {name!r}", remedy=f"rules: {', '.join(rule_names())}")
