"""Tests a pack: every card, reference, other correct answer, wrong answer and mutant does what it must."""

from __future__ import annotations

from trainer.packcheck.pack import check_pack
from trainer.packcheck.report import CardReport, PackReport

__all__ = ["CardReport", "PackReport", "check_pack"]
