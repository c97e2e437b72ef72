"""The use cases that screens and command line share: open, start, grade, record, hint, reveal.

`Session` is the door; `model` has what it hands out, `workspace` the files of the answers.
"""

from trainer.session.core import Session
from trainer.session.model import AttemptSummary, CardState, DomainState, Graded, Reveal, Summary

__all__ = ["AttemptSummary", "CardState", "DomainState", "Graded", "Reveal", "Session", "Summary"]
