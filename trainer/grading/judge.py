"""The checks of a card on a world: needs first, then the rule. A broken rule isn't the learner's FAIL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from trainer.content.card import Check
from trainer.errors import NotJudged, TrainerError
from trainer.grading.allowance import SECONDS
from trainer.grading.still_given import explained, only_changes
from trainer.rules import load_rule
from trainer.simulate.world import World
from trainer.verdict import CheckResult, Outcome, Reason, Scope, Status

MOST_QUOTED = 2
"""How many checks are quoted where any of them is enough."""


def judge_checks(
    checks: Sequence[Check],
    world: World,
    scope: Scope | None = None,
    *,
    elsewhere: Iterable[CheckResult] = (),
) -> Iterator[CheckResult]:
    """Judge the checks one by one, in their order; `scope` overrides the checks' own.

    A check is SKIPPED, and says for what, while not all of its `needs` are PASS, or none of its `needs_any`.
    Of the checks that aren't among these, `elsewhere` has the results.
    """
    by_id = {check.id: check for check in checks}
    others = {result.id: result for result in elsewhere if result.id not in by_id}
    says = {name: check.says for name, check in by_id.items()}
    says |= {name: result.says for name, result in others.items()}
    outcomes: dict[str, Outcome] = {}

    def outcome_of(check: Check) -> Outcome:
        if check.id not in outcomes:
            unmet = [says[need] for need in check.needs if not is_met(need)]
            if unmet:
                outcomes[check.id] = Outcome(Status.SKIPPED, (Reason(waiting_for(unmet)),))
            elif check.needs_any and not any(is_met(need) for need in check.needs_any):
                why = waiting_for_any([says[need] for need in check.needs_any])
                outcomes[check.id] = Outcome(Status.SKIPPED, (Reason(why),))
            else:
                outcomes[check.id] = judge_check(check, world, live=scope is Scope.LIVE)
        return outcomes[check.id]

    def is_met(need: str) -> bool:
        if need in others:
            return others[need].status is Status.PASS
        return outcome_of(by_id[need]).status is Status.PASS

    for check in checks:
        yield _result(check, outcome_of(check), scope or check.scope)


def waiting_for(says: Sequence[str]) -> str:
    """Why a check is skipped, given what its unmet needs say.

    >>> waiting_for(["It exists"])
    'skipped until "It exists" passes'
    """
    quoted = [f'"{one}"' for one in says]
    return f"skipped until {' and '.join(quoted)} {'passes' if len(quoted) == 1 else 'pass'}"


def waiting_for_any(says: Sequence[str]) -> str:
    """Why a check is skipped, given what those say of which one is enough.

    >>> waiting_for_any(["It exists", "It runs"])
    'skipped until "It exists" or "It runs" passes'
    """
    if len(says) > MOST_QUOTED:
        return f"skipped until one of {len(says)} other checks passes"
    quoted = [f'"{one}"' for one in says]
    return f"skipped until {' or '.join(quoted)} passes"


def judge_check(check: Check, world: World, *, live: bool = False) -> Outcome:
    """Judge one check, regardless of its needs. Any exception of the rule becomes ERROR.

    If its rule is content, what the check says of other given objects counts, too, except in a cluster.
    """
    try:
        outcome = load_rule(check.rule).judge(world, check.params)
        if outcome.status is Status.PASS and check.only_changes is not None and not live:
            outcome = only_changes(world, check.only_changes)
    except NotJudged as error:
        return Outcome(Status.ERROR, (Reason(f"This check could not run: {error}.", error.location),))
    except TrainerError as error:
        return Outcome(Status.ERROR, (Reason(f"This check could not run: {error}."),))
    except Exception as error:
        message = f"This check could not run: {type(error).__name__}: {error}{_origin(error)}."
        return Outcome(Status.ERROR, (Reason(f"{message} Not your fault."),))
    return explained(outcome, world)


def too_large(check: Check) -> CheckResult:
    """The result of a check that the time for the answer wasn't enough for: it isn't judged."""
    why = f"not judged: too large, more than {SECONDS:g} s of processor time"
    reason = Reason(f"This check could not run: {why}. Submit only the manifests that the task asks for.")
    return _result(check, Outcome(Status.ERROR, (reason,)), check.scope)


def _origin(error: BaseException) -> str:
    """Which module and line broke, for the report; file names only, no folders."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    name = trace.tb_frame.f_globals.get("__name__", "?")
    return f" ({name} line {trace.tb_lineno})"


def _result(check: Check, outcome: Outcome, scope: Scope) -> CheckResult:
    return CheckResult(
        id=check.id,
        says=check.says,
        status=outcome.status,
        points=check.points if outcome.status is Status.PASS else 0,
        max_points=check.points,
        scope=scope,
        reasons=outcome.reasons,
        evidence=outcome.evidence,
        why=check.why,
    )
