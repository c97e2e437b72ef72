"""What a trial found."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class Trial(msgspec.Struct):
    """One thing that was tried many times."""

    name: str
    tried: int = 0
    unit: str = "kills"
    checked: int = 0
    """How many things that must not be lost were looked for: acknowledged attempts, typed texts, files."""
    lost: list[str] = []
    """What was lost, or went wrong, in words."""
    skipped: str = ""
    """Why this machine doesn't allow it."""

    def expect(self, holds: bool, otherwise: str) -> None:
        """Count one thing that must hold; `otherwise` says what is lost if it doesn't."""
        self.checked += 1
        if not holds:
            self.lost.append(otherwise)


def table(trials: Sequence[Trial]) -> str:
    """A line for each trial, and below what was lost."""
    lines = [f"{'trial':<34} {'tried':>12}  {'checked':>8}  {'lost':>5}"]
    for trial in trials:
        if trial.skipped:
            lines.append(f"{trial.name:<34} skipped: {trial.skipped}")
        else:
            tried = f"{trial.tried} {trial.unit}"
            lines.append(f"{trial.name:<34} {tried:>12}  {trial.checked:>8}  {len(trial.lost):>5}")
    lost = [f"{trial.name}: {one}" for trial in trials for one in trial.lost[:20]]
    return "\n".join([*lines, *lost])
