"""What an object's fields contain: the expected fields are part of the object, compared by meaning.

Both are compared as the API server stores them, with defaults: what isn't named in `expect` isn't
checked, a boolean or list that isn't set equals its default, lists are paired by the API's merge
keys or as sets (by position only if order counts, as in `command`), quantities and images by
value (`nginx` is `docker.io/library/nginx:latest`).

Pseudo fields: `pod` or `template` (at the top: the Pod, or the Pod template of a Deployment, Job ...),
`all-containers` (in a Pod's spec: init, ordinary and ephemeral containers), in a container
`effectiveSecurityContext` (with what it inherits from the Pod) and `argv` (`command` and `args` joined).

A mapping whose keys are all operators is a condition instead of fields:

- `every`, `some`, `none`: items of a list that are like this; `every` and `none` hold for an empty list;
  `none` also looks at the values of a mapping
- `present: true`, `absent: true`: whether a value is set (an empty list isn't)
- `one-of`, `none-of`: the value is, or isn't, like one of a list; `none-of` looks at each item of a list
- `all-of`, `contains`: a list has all of these; a text has this part; a mapping has these fields,
  names of operators taken literally
- `equals`: this and nothing more
- `matches`: the whole text has the form of this RE2 pattern
- `at-most`, `at-least`: numbers and quantities
- `networks`: CIDR ranges with these addresses: two /25 are also one /24
- `runs`: a command line that starts the same process: `[sleep, 1d]` is also `sh -c 'exec sleep 86400'`
- `count`: how many items, a number or a mapping of `at-least` and `at-most`
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from trainer.errors import UsageError
from trainer.match.compare import mismatches
from trainer.match.evidence import MOST, effects, not_there, still_there
from trainer.match.mismatch import Mismatch, reasons
from trainer.match.operators import check_operators
from trainer.match.target import Target, check_target, find, target_of
from trainer.rules import Live, Reads
from trainer.simulate.server_fields import without_server_annotations
from trainer.simulate.world import World
from trainer.verdict import PASSED, Outcome, Reason
from trainer.versions import Version

if TYPE_CHECKING:
    from trainer.match.expectation import Unknown

READS = Reads(Live.OBJECTS)


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which object, and what it must contain."""

    object: Target | str
    """The object, or all objects of a kind if it has no name."""
    expect: dict[str, Any]
    """Fields, pseudo fields and operators, nested as in the object; what isn't named isn't checked."""
    which: Literal["every", "some", "none"] = "every"
    """If the target names several objects: all of them, at least one, or none must be like that."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for an invalid target or operator."""
        check_target(self.object)
        try:
            check_operators(self.expect)
        except UsageError as error:
            raise ValueError(str(error)) from error


def unknown_keys(params: Params, kubernetes: Version) -> list[Unknown]:
    """Misspelled fields and operators in `expect`, for the check of a card."""
    from trainer.match import expectation

    found = expectation.unknown_keys(target_of(params.object), params.expect, kubernetes)
    return [msgspec.structs.replace(one, path=("expect", *one.path)) for one in found]


def judge(world: World, params: Params) -> Outcome:
    """Judge one check."""
    target = target_of(params.object)
    found = [without_server_annotations(manifest) for manifest in find(world, target)]
    if not found and params.which != "none":
        return not_there(world, target)
    compared = [(manifest, mismatches(manifest, params.expect, world.kubernetes)) for manifest in found]
    if params.which == "every":
        return _outcome([mismatch for _, wrong in compared for mismatch in wrong])
    if params.which == "none":
        alike = [manifest for manifest, wrong in compared if not wrong]
        return Outcome.of(
            [
                Reason(f"{one.title} has what no {target.title} should have.", one.where("metadata", "name"))
                for one in alike
            ],
            [still_there(one) for one in alike[:MOST]],
        )
    if any(not wrong for _, wrong in compared):
        return PASSED
    return _outcome(min((wrong for _, wrong in compared), key=len))


def _outcome(found: list[Mismatch]) -> Outcome:
    return Outcome.of(reasons(found), list(effects(found)))
