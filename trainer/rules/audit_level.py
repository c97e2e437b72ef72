"""Judges at which level an audit Policy records requests, and at which stages.

The first rule of the policy that matches a request decides; a request that no rule matches is not
recorded (level None). A policy that the API server would refuse to load fails every check.

`meant` says what the task asks for, as rules of an audit policy. Every sort of request that these rules and
the answer's tell apart is tried: the users, groups, verbs, resources, names, Namespaces and paths that either
of them names, and one of each kind that neither names. `requests` are single requests of the card.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

import msgspec

from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.values import mappings
from trainer.picture import Cell, Picture, Row, State, asked, drawn, nothing_to_see
from trainer.rules import Live, Reads
from trainer.rules._component.config_file import STAYS_DOWN, config_file
from trainer.simulate.access.requests import Request, parse_identity, parse_request
from trainer.simulate.components.audit import (
    LEVELS,
    STAGES,
    AuditDecision,
    decide,
    decided_by,
    problems_of,
)
from trainer.simulate.components.audit_near import nearest
from trainer.simulate.components.audit_sorts import Sort, sorts
from trainer.simulate.world import World
from trainer.verdict import PASSED, Outcome, Reason, Severity

READS = Reads(Live.NEVER, kinds=("Policy",))

_SHOWN = 2
"""The most requests shown for one reason."""

Level = Literal["None", "Metadata", "Request", "RequestResponse"]
Stage = Literal["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"]


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


class Resources(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """Resources of one API group, as in a rule of an audit policy."""

    group: str = ""
    """The API group; empty: the core group."""
    resources: tuple[str, ...] = ()
    """`pods`, `pods/log`, `*`; none: all resources of the group."""
    resource_names: tuple[str, ...] = ()
    """Names of single objects."""


class Sentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """One sentence of a task, with the fields of a rule of an audit policy."""

    level: Level | None = None
    """The required level; omitted: any level will do."""
    users: tuple[str, ...] = ()
    """Names of users."""
    user_groups: tuple[str, ...] = ()
    """Groups of users."""
    verbs: tuple[str, ...] = ()
    """Verbs of requests."""
    resources: tuple[Resources, ...] = ()
    """Resources by their group."""
    namespaces: tuple[str, ...] = ()
    """Namespaces of requests."""
    non_resource_urls: tuple[str, ...] = msgspec.field(default=(), name="nonResourceURLs")
    """Paths: `/healthz`, `/healthz/*`."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The requests to judge."""

    requests: tuple[Sample, ...] = ()
    """Requests and how they must be recorded."""
    meant: tuple[Sentence, ...] = ()
    """All that the task asks for, in order: for each request, the first sentence that matches counts. What no
    sentence matches isn't recorded."""
    about: tuple[int, ...] = ()
    """The sentences of `meant` that this check judges, by their number from 1; none: all of them."""
    stages: tuple[Stage, ...] | None = None
    """With `meant`, instead of levels: the stages at which recorded requests must write events, exactly."""
    policy: str = ""
    """The name of the file with the policy, if the answer has several."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every request that is recorded differently, and the deciding rule."""
    policy = _policy(world, params)
    if isinstance(policy, Outcome):
        return policy
    reasons: dict[Reason, list[str]] = {}
    for case in (*_written_down(policy, params), *_meant(policy, params)):
        if complaint := _complaint(case.sample, case.decision):
            level = case.decision.level
            shown = f"{case.request.title} is recorded at level {level}{_when(case.decision)}."
            reasons.setdefault(_told(policy, case, complaint), []).append(shown)
    if not reasons:
        return PASSED
    # What the server ignores is often why another rule matches than the intended one.
    problems = problems_of(policy, world.kubernetes)
    overlooked = [Reason(f"{problem.message}.", problem.location) for problem in problems]
    evidence = [text for shown in reasons.values() for text in shown[:_SHOWN]]
    return Outcome.of([*reasons, *overlooked], evidence)


def picture(world: World, params: Params) -> Picture:
    """Requests, the level (or the stages) at which each is recorded, and the rule that decides."""
    title = "How requests are recorded"
    policy = _policy(world, params)
    if isinstance(policy, Outcome):
        return nothing_to_see(title, policy, "not recorded")
    rows = []
    for case in (*_written_down(policy, params), *_meant(policy, params)):
        decision = case.decision
        right = not _complaint(case.sample, decision)
        word = decision.level
        if case.sample.stages is not None:
            word += f" at {', '.join(decision.stages)}" if decision.stages else ""
        where = None if right else _told(policy, case, "").location
        rule = f"rule {decision.rule + 1}" if decision.rule >= 0 else "no rule"
        rows.append(Row(case.request.title, (asked(right, word, "", where), Cell(rule))))
    rows = rows or [Row("the policy", (Cell("loads", State.RIGHT),))]
    return drawn(title, ["recorded at", "decided by"], rows)


def _policy(world: World, params: Params) -> Manifest | Outcome:
    """The policy, or FAIL with why the API server doesn't start with it."""
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
    return policy


class Case(msgspec.Struct, frozen=True):
    """A request, how it is recorded, and how it must be recorded."""

    sample: Sample
    request: Request
    decision: AuditDecision
    is_rest: bool = False
    """Whether it is one of "all other requests"."""


def _written_down(policy: Manifest, params: Params) -> Iterator[Case]:
    """The requests of the card."""
    for sample in params.requests:
        identity = parse_identity(sample.who, sample.groups)
        request = parse_request(identity, sample.do, sample.namespace, sample.name)
        yield Case(sample, request, decide(policy, request))


def _meant(policy: Manifest, params: Params) -> Iterator[Case]:
    """One request of each sort that the task's sentences and the policy's rules tell apart."""
    if not params.meant:
        return
    for sort in _sorts(policy, params.meant):
        rule, number = sort.decided
        decision = decided_by(policy, rule)
        level = params.meant[number].level if number >= 0 else "None"
        if level is None or (params.about and number + 1 not in params.about):
            continue
        rest = number < 0 or params.meant[number] == Sentence(level=level)
        if params.stages is None:
            yield Case(Sample("", "", level=level), sort.request, decision, rest)
        elif decision.level != "None":
            yield Case(Sample("", "", stages=params.stages), sort.request, decision, rest)


@lru_cache(maxsize=8)
def _sorts(policy: Manifest, meant: tuple[Sentence, ...]) -> tuple[Sort, ...]:
    """The sorts of requests of a policy and a task: all checks of a card ask for the same ones."""
    return tuple(sorts(mappings(policy.data.get("rules")), msgspec.json.decode(msgspec.json.encode(meant))))


def _told(policy: Manifest, case: Case, complaint: str) -> Reason:
    """Which rule decides, what is required, and which rule was probably meant to decide."""
    told = f"{_decider(case.decision)} {complaint}"
    level, decided = case.sample.level, case.decision.rule
    near = nearest(policy, case.request, level, decided, for_the_rest=case.is_rest) if level else None
    if near is None:
        return Reason(told, case.decision.location)
    return Reason(f"{told} Rule {near.rule + 1} has this level, but {near.why}.", near.location)


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
