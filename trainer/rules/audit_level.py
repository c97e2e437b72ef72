"""Judges at which level an audit Policy records given requests, and at which stages.

The first rule of the policy that matches a request decides; a request that no rule matches is not
recorded (level None). A policy that the API server would refuse to load fails every check.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from trainer.errors import UsageError
from trainer.rules import Live, Reads
from trainer.rules._component.config_file import STAYS_DOWN, config_file
from trainer.simulate.access.requests import parse_identity, parse_request
from trainer.simulate.components.audit import LEVELS, STAGES, AuditDecision, decide, problems_of
from trainer.simulate.world import World
from trainer.verdict import PASSED, Outcome, Reason, Severity

READS = Reads(Live.NEVER, kinds=("Policy",))

_SHOWN = 2
"""The most requests shown for one reason."""

Level = Literal["None", "Metadata", "Request", "RequestResponse"]


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One request and how it must be recorded."""

    who: str
    """`user:jane`, `sa:ci/deployer` or `group:developers`; the built-in groups are added."""
    do: str
    """Verb and resource or path: `create secrets`, `get pods/log web-1`, `get /healthz`."""
    level: Level | None = None
    """The level at which it must be recorded, exactly."""
    at_least: Level | None = msgspec.field(default=None, name="at-least")
    """The lowest level that is enough."""
    at_most: Level | None = msgspec.field(default=None, name="at-most")
    """The highest level that is allowed, for bodies that must not be recorded."""
    namespace: str = ""
    """The namespace of the request; empty: none."""
    name: str = ""
    """The object's name, if it isn't part of `do`."""
    groups: tuple[str, ...] = ()
    """More groups of the subject."""
    stages: tuple[str, ...] | None = None
    """The stages at which events must be written, exactly."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The requests to judge."""

    requests: tuple[Sample, ...]
    """Requests and how they must be recorded; none: the policy must only load."""
    policy: str = ""
    """The name of the file with the policy, if the answer has several."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every request that is recorded differently, and the deciding rule."""
    policy = config_file(world, "Policy", params.policy, "audit.k8s.io")
    if isinstance(policy, Outcome):
        return policy
    problems = problems_of(policy, world.kubernetes)
    refusals = [problem for problem in problems if problem.severity is Severity.ERROR]
    if refusals:
        return Outcome.of(
            [Reason(f"The API server does not start: {p.message}.", p.location) for p in refusals],
            [STAYS_DOWN],
        )
    reasons: dict[Reason, list[str]] = {}
    for sample in params.requests:
        request = parse_request(
            parse_identity(sample.who, sample.groups), sample.do, sample.namespace, sample.name
        )
        decision = decide(policy, request)
        if complaint := _complaint(sample, decision):
            reason = Reason(f"{_decider(decision)} {complaint}", decision.location)
            shown = f"{request.title} is recorded at level {decision.level}{_when(decision)}."
            reasons.setdefault(reason, []).append(shown)
    if not reasons:
        return PASSED
    # What the server ignores is often why another rule matches than the intended one.
    overlooked = [Reason(f"{problem.message}.", problem.location) for problem in problems]
    evidence = [text for shown in reasons.values() for text in shown[:_SHOWN]]
    return Outcome.of([*reasons, *overlooked], evidence)


def _decider(decision: AuditDecision) -> str:
    if decision.rule < 0:
        return "No rule matches this request, so it is not recorded."
    return f"The first rule that matches is rule {decision.rule + 1}, with level {decision.level}."


def _when(decision: AuditDecision) -> str:
    return f" ({', '.join(decision.stages)})" if decision.stages else ""


def _complaint(sample: Sample, decision: AuditDecision) -> str:
    if sample.level is None and sample.at_least is None and sample.at_most is None and sample.stages is None:
        raise UsageError(f"the request {sample.do!r} requires neither a level nor stages")
    rank = LEVELS.index(decision.level)
    if sample.level is not None and decision.level != sample.level:
        return f"Level {sample.level} is required."
    if sample.at_least is not None and rank < LEVELS.index(sample.at_least):
        return f"At least level {sample.at_least} is required."
    if sample.at_most is not None and rank > LEVELS.index(sample.at_most):
        return f"At most level {sample.at_most} is allowed."
    if sample.stages is not None and set(decision.stages) != set(sample.stages):
        wanted = [stage for stage in STAGES if stage in sample.stages]
        return f"Events are required at exactly these stages: {', '.join(wanted)}."
    return ""
