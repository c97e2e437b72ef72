"""What a live check found, and waiting for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import msgspec

from trainer.cluster.bounded import pause
from trainer.cluster.faults import Refused
from trainer.verdict import Outcome, Reason, Status

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster

T = TypeVar("T")

Progress = Callable[[str], None]

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 4.0
"""Seconds between two polls: doubled from the first to the longest."""


class Finding(msgspec.Struct, frozen=True):
    """What a live check found. `want`: SKIPPED because the cluster can't show it."""

    outcome: Outcome
    want: bool = False


def skipped(why: str, *, want: bool) -> Finding:
    """SKIPPED for a reason, a sentence without a period."""
    return Finding(Outcome(Status.SKIPPED, (Reason(why),)), want)


def failed(message: str, *evidence: str) -> Finding:
    """FAIL: the learner's work doesn't do what it must."""
    return Finding(Outcome(Status.FAIL, (Reason(message),), evidence))


def broken(message: str) -> Finding:
    """ERROR: the check can't be made."""
    return Finding(Outcome(Status.ERROR, (Reason(message),)))


def poll(
    cluster: Cluster, look: Callable[[], T | None], seconds: float, progress: Progress, doing: str
) -> T | None:
    """Poll until there is a result or the time is up, with longer and longer pauses; None: time is up.

    A temporarily busy server is polled again; at the end its refusal is raised.
    """
    deadline = time.monotonic() + seconds
    wait = FIRST_PAUSE
    while True:
        trouble: Refused | None = None
        try:
            found = look()
        except Refused as error:
            if not error.passing:
                raise
            trouble, found = error, None
        rest = deadline - time.monotonic()
        if found is not None:
            return found
        if rest <= 0:
            if trouble is not None:
                raise trouble
            return None
        progress(f"{doing} ({max(int(rest), 1)} s left)")
        pause(min(wait, rest), cluster.cancelled)
        wait = min(wait * 2, LONGEST_PAUSE)
