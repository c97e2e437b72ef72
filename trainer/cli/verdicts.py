"""How a grading appears on the command line, and which exit code it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trainer.cli import streams
from trainer.cli.exit_codes import ExitCode, worst
from trainer.verdict import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.errors import TrainerError
    from trainer.picture import Effect
    from trainer.session import Graded
    from trainer.verdict import Verdict


def exit_code(verdict: Verdict) -> int:
    """0 for full marks, 5 if a check could not run, else 1."""
    if verdict.passed:
        return int(ExitCode.PASSED)
    broken = any(check.status is Status.ERROR for check in verdict.counted)
    return int(ExitCode.INTERNAL if broken else ExitCode.NOT_PASSED)


def show(
    graded: Graded,
    *,
    json: bool,
    lines: bool = False,
    trouble: TrainerError | None = None,
    effects: Sequence[Effect] | None = None,
) -> int:
    """Write the verdict (data) and what happened to the attempt (message); returns the exit code.

    With `lines` the JSON is one line. `trouble` is why a live check stopped early, `effects` what
    the answer does, if that is to be shown.
    """
    verdict = graded.verdict
    if json:
        from trainer.report.json import verdict_json

        streams.out_json(verdict_json(verdict) | _told(graded, trouble) | _effect(effects), lines=lines)
    else:
        from trainer.report.text import verdict_lines

        streams.out_lines(verdict_lines(verdict))
        if effects is not None:
            from trainer.report.effect import effect_lines

            streams.out_lines(effect_lines(effects, verdict, width=streams.columns() or 80))
    codes = [exit_code(verdict)]
    if graded.unrecorded:
        streams.say(f"not recorded: {graded.unrecorded}")
        codes.append(int(ExitCode.INTERNAL))
    elif not json:
        streams.say(f"graded in {graded.milliseconds:.0f} ms" + _attempt(graded))
    if trouble is not None:
        from trainer.cli.live import tell

        codes.append(tell(trouble))
    return worst(codes)


def _effect(effects: Sequence[Effect] | None) -> dict[str, Any]:
    """The field `effect`, if it is to be shown."""
    if effects is None:
        return {}
    from trainer.report.effect import effect_json

    return {"effect": effect_json(effects)}


def _attempt(graded: Graded) -> str:
    return f", attempt {graded.attempt}" if graded.attempt else ""


def _told(graded: Graded, trouble: TrainerError | None) -> dict[str, Any]:
    """What is told besides the verdict, for machines: each field only if there is something to say."""
    from trainer.cli.failures import failure_of

    found: dict[str, Any] = {}
    if graded.attempt:
        found["attempt"] = graded.attempt
    if graded.unrecorded:
        found["not_recorded"] = graded.unrecorded
    if trouble is not None:
        found["cluster_error"] = failure_of(trouble).fields()
    return found
