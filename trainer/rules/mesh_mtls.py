"""Judges mutual TLS in a mesh of Istio: what the ports of workloads accept, and which calls succeed.

Names mean all Pods that they match, also those that don't exist yet: a Pod for the labels of each selector
that a policy has, in each namespace. The name of one Pod means only that Pod.

- `modes`: the mode that counts for a port, whatever sets it. The first row that names a Pod and a port
  counts, so that an exception comes before the rule. Without `port`, a row means every port: those that
  somebody names, and another one.
- `calls`: calls that must be accepted or refused, as the sidecars of both ends (or none), DestinationRules,
  PeerAuthentications and AuthorizationPolicies have it. `over` says how an accepted call must be sent.
- `rest`: with `unchanged`, every other port has the mode that it had before the answer, and every other call
  between Pods through a Service has the outcome that it had.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from trainer.errors import UsageError
from trainer.match.target import WORKLOAD
from trainer.picture import Cell, Picture, Row, State, asked, drawn, nothing_to_see
from trainer.rules import Live, Reads
from trainer.rules._mesh.ends import Cast, check_name, missing
from trainer.rules._mesh.words import call_evidence, call_reason, mode_evidence, mode_reason
from trainer.simulate.workloads import TEMPLATE_PATHS
from trainer.verdict import Outcome, Reason

if TYPE_CHECKING:
    from trainer.simulate.mesh.calls import Answer, Call
    from trainer.simulate.network.flows import Endpoint
    from trainer.simulate.world import World

READS = Reads(
    Live.OBJECTS,
    kinds=(
        "AuthorizationPolicy",
        "DestinationRule",
        "Namespace",
        "Node",
        "PeerAuthentication",
        "RequestAuthentication",
        "Service",
        "ServiceEntry",
        "Sidecar",
        "VirtualService",
        WORKLOAD,
    ),
)

MOST_REASONS, MOST_EVIDENCE = 3, 4
"""How many reasons and effects are reported."""
EVERY = 0
"""The port of a row that means all of them."""


class ModeRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The mode that ports must have."""

    pods: str
    """`shop/app=web`, `shop/web` (a Pod or workload), `shop/*`, `*/*`."""
    mode: Literal["STRICT", "PERMISSIVE", "DISABLE", "any"]
    """What the port must accept: mutual TLS only, both, or plaintext only. `any` excepts the port."""
    port: int = EVERY
    """A port of the Pods; omitted: every port."""

    def __post_init__(self) -> None:
        """Refuse unreadable names, so that a card's mistake shows when the card is loaded."""
        check_name(self.pods)


class CallRow(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"source": "from", "target": "to"}
):
    """Calls and their required outcome."""

    source: str
    """The clients: `shop/app=web`, `legacy/*`, `outside`."""
    target: str
    """The servers: the same, or `service:shop/api`."""
    port: int
    """A port of the Pods, or of the Service."""
    outcome: Literal["accepted", "refused"]
    """What must become of them."""
    over: Literal["mutual-tls", "any"] = "any"
    """How an accepted call must be sent."""

    def __post_init__(self) -> None:
        """Refuse unreadable names."""
        check_name(self.source)
        check_name(self.target, service=True)


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of the rule."""

    modes: tuple[ModeRow, ...] = ()
    """The modes that ports must have."""
    calls: tuple[CallRow, ...] = ()
    """The calls that must be accepted or refused."""
    rest: Literal["unchanged", "ignored"] = "ignored"
    """What must hold for every other port and call."""

    def __post_init__(self) -> None:
        """A check must require something."""
        if not self.modes and not self.calls and self.rest == "ignored":
            raise ValueError("a mesh-mtls check needs modes, calls or rest")


Finding = tuple[Reason, str]


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every port and call that isn't as required. Raises `UsageError` for a name without a Pod."""
    names = [row.pods for row in params.modes]
    names += [name for row in params.calls for name in (row.source, row.target)]
    cast = Cast(world, names)
    lost = missing(cast, names)
    if lost:
        return _missing(world, lost)
    reasons: dict[object, Reason] = {}
    evidence: dict[str, None] = {}
    for reason, proof in _findings(world, cast, params):
        reasons.setdefault(reason.location or reason.message, reason)
        evidence[proof] = None
    return Outcome.of(list(reasons.values())[:MOST_REASONS], list(evidence)[:MOST_EVIDENCE])


def picture(world: World, params: Params) -> Picture:
    """What each port accepts and which calls are accepted, now and before the answer."""
    title = "What the mesh accepts"
    names = [row.pods for row in params.modes]
    names += [name for row in params.calls for name in (row.source, row.target)]
    cast = Cast(world, names)
    if lost := missing(cast, names):
        return nothing_to_see(title, _missing(world, lost))
    rows = []
    for row in params.calls:
        for call in cast.calls(cast.after, cast.named(row.source), row.target, row.port):
            now, was = cast.after.answer(call), cast.before.answer(call)
            plain = row.over == "mutual-tls" and not now.mutual
            right = now.accepted == (row.outcome == "accepted") and not (now.accepted and plain)
            place = None if right else call_reason(world, cast, call, now).location
            head = f"call of {call.source.title} to {call.target.title} on {call.port}"
            rows.append(Row(head, (asked(right, _answer_word(now), _answer_word(was), place),)))
    named: set[tuple[int, int]] = set()
    for one in params.modes:
        for end in cast.named(one.pods):
            for port in [one.port] if one.port else cast.ports():
                if end.pod is None or (id(end), port) in named:
                    continue
                named.add((id(end), port))
                found, before = cast.after.mode(end.pod, port), cast.before.mode(end.pod, port)
                word, was_word = (mode.mode if mode else "no sidecar" for mode in (found, before))
                wrong = one.mode != "any" and (found is None or found.mode != one.mode)
                place = mode_reason(world, cast, end, port, one.mode).location if wrong else None
                cell = asked(not wrong, word, was_word, place)
                cell = cell if one.mode != "any" else Cell(word)
                rows.append(Row(f"{end.title} on port {port}", (cell,)))
    if params.rest == "unchanged":
        changed = [one for one, _ in _rest(world, cast, params, named)]
        rows += [Row(one.message, (Cell("changed", State.WRONG, "", one.location),)) for one in changed] or [
            Row("everything else", (Cell("unchanged", State.RIGHT),))
        ]
    mine = {one.document.file for one in world.answer} | {
        problem.location.file for one in world.refused for problem in one.problems if problem.location
    }
    rows.sort(key=lambda row: not any(cell.location and cell.location.file in mine for cell in row.cells))
    return drawn(title, [""], rows)


def _answer_word(answer: Answer) -> str:
    return (
        "accepted" + (" over mutual TLS" if answer.mutual else " in plaintext")
        if answer.accepted
        else "refused"
    )


def _findings(world: World, cast: Cast, params: Params) -> Iterator[Finding]:
    for row in params.calls:
        for call in cast.calls(cast.after, cast.named(row.source), row.target, row.port):
            answer = cast.after.answer(call)
            plain = row.over == "mutual-tls" and not answer.mutual
            if answer.accepted != (row.outcome == "accepted") or (answer.accepted and plain):
                yield call_reason(world, cast, call, answer), call_evidence(call, answer)
    named: set[tuple[int, int]] = set()
    for one in params.modes:
        for end in cast.named(one.pods):
            for port in [one.port] if one.port else cast.ports():
                if (id(end), port) not in named:
                    named.add((id(end), port))
                    if one.mode != "any":
                        yield from _mode(world, cast, end, port, one.mode)
    if params.rest == "unchanged":
        yield from _rest(world, cast, params, named)


def _mode(world: World, cast: Cast, end: Endpoint, port: int, wanted: str) -> Iterator[Finding]:
    if end.pod is None:
        return
    found = cast.after.mode(end.pod, port)
    if found is None or found.mode != wanted:
        yield mode_reason(world, cast, end, port, wanted), mode_evidence(cast, end, port)


def _rest(world: World, cast: Cast, params: Params, named: set[tuple[int, int]]) -> Iterator[Finding]:
    """The ports and calls that no row names, and that the answer changed."""
    for end in cast.everybody:
        for port in cast.ports():
            if end.pod is None or (id(end), port) in named:
                continue
            was, now = cast.before.mode(end.pod, port), cast.after.mode(end.pod, port)
            if (was.mode if was else "") != (now.mode if now else ""):
                wanted = was.mode if was else ""
                yield mode_reason(world, cast, end, port, wanted), mode_evidence(cast, end, port)
    asked = {
        _pair(call)
        for row in params.calls
        for call in cast.calls(cast.after, cast.named(row.source), row.target, row.port)
    }
    for call in _service_calls(cast):
        if _pair(call) in asked or (id(call.target), call.port) in named:
            continue
        was_answer, answer = cast.before.answer(call), cast.after.answer(call)
        if _told(was_answer) != _told(answer):
            yield call_reason(world, cast, call, answer), call_evidence(call, answer, changed=True)


def _service_calls(cast: Cast) -> Iterator[Call]:
    """Every call of everybody to a Pod behind a Service."""
    for service in cast.after.network.services:
        target = f"service:{service.namespace}/{service.name}"
        for entry in service.ports:
            if entry.protocol == "TCP":
                yield from cast.calls(cast.after, [*cast.everybody, cast.outside], target, entry.port)


def _pair(call: Call) -> tuple[int, int, int]:
    return id(call.source), id(call.target), call.port


def _told(answer: Answer) -> tuple[bool, bool]:
    return answer.accepted, answer.accepted and answer.mutual


def _missing(world: World, names: list[str]) -> Outcome:
    made = [one for one in world.answer if one.kind in TEMPLATE_PATHS or one.kind == "Service"]
    if not made:
        raise UsageError(f"nothing in this card's world matches {', '.join(names)}", remedy="fix the name")
    return Outcome.of([Reason(f"No Pod matches {name}.", made[0].where()) for name in names])
