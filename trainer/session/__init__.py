"""The use cases that screens and command line share: open, start, grade, record, hint, reveal.

`Session` is the entry point; `model` has the data it returns, `workspace` the answers' files.
"""

from trainer.session.core import Session
from trainer.session.model import (
    AttemptSummary,
    CardState,
    CompetencyState,
    DomainState,
    Graded,
    Reveal,
    Summary,
)

__all__ = [
    "AttemptSummary",
    "CardState",
    "CompetencyState",
    "DomainState",
    "Graded",
    "Reveal",
    "Session",
    "Summary",
]
