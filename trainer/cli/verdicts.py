"""How a grading appears on the command line, and which exit code it means."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from trainer.cli import streams
from trainer.cli.exit_codes import ExitCode, worst
from trainer.verdict import Status

if TYPE_CHECKING:
    from trainer.session import Graded
    from trainer.verdict import Verdict


def exit_code(verdict: Verdict) -> int:
    """0 for full marks, 5 if a check could not run, else 1."""
    if verdict.passed:
        return int(ExitCode.PASSED)
    broken = any(check.status is Status.ERROR for check in verdict.counted)
    return int(ExitCode.INTERNAL if broken else ExitCode.NOT_PASSED)


def show(graded: Graded, *, json: bool, lines: bool = False) -> int:
    """Write the verdict (data) and what happened to the attempt (message); returns the exit code.

    With `lines` the JSON is one line. In JSON, which often ends up in logs, salted digests
    replace the answer's secret values.
    """
    verdict = graded.verdict
    if json:
        from trainer.grading.redact import redact_verdict
        from trainer.report.json import verdict_json

        told = redact_verdict(verdict, graded.answer, os.urandom(16))
        streams.out_json(verdict_json(told), lines=lines)
    else:
        from trainer.report.text import verdict_text

        streams.out(verdict_text(verdict, colour=streams.colours()).rstrip("\n"))
    codes = [exit_code(verdict)]
    if graded.unrecorded:
        streams.say(f"not recorded: {graded.unrecorded}")
        codes.append(int(ExitCode.INTERNAL))
    elif not json:
        streams.say(f"graded in {graded.milliseconds:.0f} ms" + _attempt(graded))
    return worst(codes)


def _attempt(graded: Graded) -> str:
    return f", attempt {graded.attempt}" if graded.attempt else ""
