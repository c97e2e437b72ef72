"""One place where an object isn't as expected, in words and with its location."""

from __future__ import annotations

import msgspec

from trainer.match.view import INHERITING, View
from trainer.match.words import owner_of, sentence, what
from trainer.verdict import Location, Reason


class Mismatch(msgspec.Struct, frozen=True, eq=False):
    """One place where an object isn't as expected: its content, as a sentence."""

    view: View
    message: str

    @property
    def location(self) -> Location:
        """The offending value, or the deepest existing value above a missing one."""
        there, _ = self.view.there()
        return self.view.manifest.where(*there.path)


def reasons(found: list[Mismatch]) -> list[Reason]:
    """The mismatches as reasons, each once, in the order of the object's text."""
    unique = {(mismatch.message, mismatch.location): mismatch for mismatch in found}
    ordered = sorted(unique.values(), key=lambda mismatch: (mismatch.location.line, mismatch.location.column))
    return [Reason(mismatch.message, mismatch.location) for mismatch in ordered]


def absent(view: View, required: str = "") -> Mismatch:
    """The mismatch of a missing value: names only the first missing step. `required` is the value in
    words."""
    there, below = view.there()
    step = next((str(step) for step in below if isinstance(step, str)), "")
    owner = owner_of(there)
    if step and owner is not None and there.label == INHERITING:
        more = f"; {required} is required" if required and len(below) == 1 else ""
        return Mismatch(view, f"Neither {what(owner)} nor its Pod sets `{step}`{more}.")
    return Mismatch(
        view, sentence(f"{what(there)} has no `{step}`." if step else f"{what(view)} is not set.")
    )


def wrong(view: View, message: str) -> Mismatch:
    """The mismatch of a value: `message` continues after the value's name, without a period."""
    return Mismatch(view, sentence(f"{what(view)} {message}."))


def too_much(view: View) -> Mismatch:
    """The mismatch of a value that must not be there."""
    return wrong(view, "must not be set")


def no_such_item(view: View) -> Mismatch:
    """The mismatch of a list without an item as required."""
    return Mismatch(view, f"No item of {what(view)} is as required.")
