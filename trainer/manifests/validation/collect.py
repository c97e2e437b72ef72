"""The collector that validation rules report to.

A rule gets an `At`: a place in the manifest. It goes down with `at / "spec" / 0` and reports with
the steps that lead to the field from there, so that each problem has its exact place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trainer.manifests.model import Manifest, Path, path_text
from trainer.manifests.validation.names import NameRule, suggestion
from trainer.verdict import Problem, Severity
from trainer.versions import Version

Map = dict[str, Any]
_LONGEST_SHOWN = 60


class At:
    """A place in a manifest, the problems found so far, and the Kubernetes version."""

    __slots__ = ("kubernetes", "manifest", "path", "problems")

    def __init__(self, manifest: Manifest, kubernetes: Version, path: Path, problems: list[Problem]) -> None:
        self.manifest = manifest
        self.kubernetes = kubernetes
        self.path = path
        self.problems = problems

    def __truediv__(self, step: str | int) -> At:
        return At(self.manifest, self.kubernetes, (*self.path, step), self.problems)

    def to(self, *steps: str | int) -> At:
        """The place `steps` below this one."""
        return At(self.manifest, self.kubernetes, self.path + steps, self.problems)

    def say(self, message: str, *steps: str | int, fix: str = "") -> None:
        """Report a sentence about the field that `steps` lead to; `fix` says what to do."""
        location = self.manifest.where(*self.path, *steps)
        self.problems.append(Problem(message, Severity.ERROR, location, fix))

    def missing(self, *steps: str | int, why: str, fix: str = "") -> None:
        """A required field is not there, or empty; `why` says what it is needed for."""
        name = self._name(steps)
        self.say(f"{name} is missing: {why}.", *steps, fix=fix or f"Add {name}.")

    def invalid(self, *steps: str | int, value: Any, why: str, fix: str = "") -> None:
        """A value breaks a rule, which `why` says."""
        self.say(f"{self._name(steps)} is {show(value)}: {why}.", *steps, fix=fix)

    def forbidden(self, *steps: str | int, why: str, fix: str = "") -> None:
        """A field may not be set; `why` says under which circumstance."""
        name = self._name(steps)
        self.say(f"{name} can't be set here: {why}.", *steps, fix=fix or f"Remove {name}.")

    def duplicate(self, *steps: str | int, value: Any, why: str) -> None:
        """A value that must be unique is there a second time."""
        message = f"{self._name(steps)} is {show(value)} for the second time: {why}."
        self.say(message, *steps, fix="Give each its own, or remove one of them.")

    def name(self, *steps: str | int, value: str, rule: NameRule) -> bool:
        """Check a name's syntax; False where it is broken."""
        broken = rule(value)
        if broken:
            better = suggestion(value, rule)
            self.invalid(*steps, value=value, why=broken, fix=f"Write `{better}`." if better else "")
        return not broken

    def choice(self, *steps: str | int, value: Any, allowed: Iterable[str], needed: str = "") -> bool:
        """Check that a value is one of a fixed set; False if it isn't.

        A value that isn't set is fine, unless `needed` says what it is needed for. An empty text counts as
        set: defaulting has replaced it where the API server does so.
        """
        known = tuple(allowed)
        if value in known or (value is None and not needed):
            return True
        if needed and not value:
            fix = f"Add {self._name(steps)}: one of {listed(known)}."
            self.missing(*steps, why=needed, fix=fix)
            return False
        near = nearest(str(value), known)
        self.invalid(
            *steps,
            value=value,
            why=f"the API server takes {listed(known)} only"
            if len(known) == 1
            else f"it is one of {listed(known)}",
            fix=f"Write `{near}`." if near else "Upper and lower case count.",
        )
        return False

    def at_least(self, *steps: str | int, value: Any, least: int = 0, why: str = "") -> None:
        """Check that a whole number, where there is one, is not below `least`."""
        if isinstance(value, int) and not isinstance(value, bool) and value < least:
            self.invalid(*steps, value=value, why=why or f"it may not be less than {least}")

    def _name(self, steps: Path) -> str:
        path = self.path + steps
        last = len(path) - 1
        while last > 0 and isinstance(path[last], int):
            last -= 1
        return f"`{path_text(path[last:])}`"


def show(value: Any) -> str:
    """A value as the learner wrote it, in backticks, cut where it is long."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, dict | list):
        return "`{...}`" if isinstance(value, dict) else "`[...]`"
    text = "null" if value is None else str(value)
    if text == "":
        return "empty"
    return f"`{text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + '...'}`"


def listed(values: Iterable[str]) -> str:
    """Values in words: `` `A`, `B` and `C` ``."""
    words = [f"`{value}`" for value in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def nearest(value: str, known: Iterable[str]) -> str:
    """The known word that a value was probably meant to be, or an empty string."""
    # Imported here: only a wrong value needs it.
    import difflib

    words = list(known)
    folded = value.lower().replace("-", "").replace("_", "")
    for candidate in words:
        if candidate.lower() == folded:
            return candidate
    close = difflib.get_close_matches(value[:200], words, n=1)
    return close[0] if close else ""
