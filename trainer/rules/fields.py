"""What an object's fields hold: the expected fields are contained in the object, compared by meaning."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from trainer.errors import UsageError
from trainer.rules._match import mismatches, reasons
from trainer.rules._operators import check_operators
from trainer.rules._target import Target, check_target, find, missing, target_of
from trainer.simulate.world import World
from trainer.verdict import PASSED, Outcome, Reason


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which object, and what it must contain."""

    object: Target | str
    """The object, or all of a kind where no name is given."""
    expect: dict[str, Any]
    """Fields, pseudo fields and operators, nested as in the object; what isn't named isn't asked."""
    which: Literal["every", "some", "none"] = "every"
    """Where the target names several objects: all of them, at least one, or none is like that."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for a target or an operator that can't be."""
        check_target(self.object)
        try:
            check_operators(self.expect)
        except UsageError as error:
            raise ValueError(str(error)) from error


def judge(world: World, params: Params) -> Outcome:
    """Judge one check."""
    target = target_of(params.object)
    found = find(world, target)
    if not found and params.which != "none":
        return Outcome.of(missing(world, target))
    compared = [(manifest, mismatches(manifest, params.expect, world.kubernetes)) for manifest in found]
    if params.which == "every":
        return Outcome.of(reasons([mismatch for _, wrong in compared for mismatch in wrong]))
    if params.which == "none":
        return Outcome.of(
            [
                Reason(
                    f"{manifest.title} is as no {target.title} should be.", manifest.where("metadata", "name")
                )
                for manifest, wrong in compared
                if not wrong
            ]
        )
    if any(not wrong for _, wrong in compared):
        return PASSED
    nearest = min((wrong for _, wrong in compared), key=len)
    return Outcome.of(reasons(nearest))
