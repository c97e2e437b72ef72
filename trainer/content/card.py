"""A card as typed data: the public format 1 of a file under `tasks/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec

from trainer.verdict import Location

Domain = Literal[
    "cluster-setup",
    "cluster-hardening",
    "system-hardening",
    "microservice-vulnerabilities",
    "supply-chain-security",
    "runtime-security",
]


class Attribution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose work a card derives from, and what was changed."""

    title: str
    address: str
    licence: str
    changed: str


class Check(msgspec.Struct, frozen=True):
    """One thing that the answer must achieve, worth points; a rule judges it."""

    id: str
    says: str
    points: int
    rule: str
    params: Any
    """The rule's typed parameters (an instance of the rule module's `Params`)."""
    why: str = ""
    needs: tuple[str, ...] = ()
    """Ids of checks without which this one is skipped."""


class Harmless(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant of the reference that is right to pass, and why."""

    path: str
    mutation: str
    reason: str


class Card(msgspec.Struct, frozen=True, eq=False):
    """One task, ready to be shown and graded."""

    id: str
    title: str
    domain: Domain
    competency: str
    difficulty: Literal["easy", "medium", "hard"]
    minutes: int
    prompt: str
    files: tuple[str, ...]
    checks: tuple[Check, ...]
    source: Path
    """The card's file."""
    where: Location
    kubernetes: str = "1.35"
    start: dict[str, str] = {}
    """Starter text by file name."""
    given: str = ""
    """Manifests that exist before the answer, as YAML text."""
    node_files: dict[str, str] = {}
    """Files of a node by absolute path, where the task is about a node."""
    docs: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    imperative: str = ""
    limits: str = ""
    attribution: Attribution | None = None
    harmless: tuple[Harmless, ...] = ()
    live: tuple[dict[str, Any], ...] = ()
    """Raw live checks; the cluster layer gives them their types."""

    @property
    def points(self) -> int:
        """All points of the card's offline checks."""
        return sum(check.points for check in self.checks)
