"""Which flows NetworkPolicies and policies of Cilium allow: between Pods, and from or to addresses outside.

Names in `from` and `to` mean all Pods that they match, also those that don't exist yet: one Pod, in
namespaces of the world and others, for each way in which the selectors of the policies and the names of
the check can tell Pods apart. The name of one Pod means only that Pod. `outside` and networks mean an address
in each piece into which the `ipBlock`s of given objects and answer and the addresses of the check
split the address space (never an address of a Pod, node or Service). A name that matches nothing is an
error of the card, unless the answer itself creates Pods: then the check fails.

- `allow`: every pair must have every port of the row. `port: any` is all 65535 ports of all
  protocols.
- `deny`: no pair may have any port of the row. What `allow` or `ignore` names is exempt, so that
  `{from: "*/*", to: shop/app=db}` says "nobody else". So is what no policy can forbid: a Pod and
  itself, a Pod and its own node. An exempt name of a Pod stands for its labels, since no policy can select it
  by name: a new Pod in its Namespace that shares a label with it counts as named. The name of a Namespace is
  only its name. With `by`, the policies of one end must forbid it alone.
- `ignore`: flows that another check is about.
- `authenticated`: every pair must have every port of the row, and a policy of Cilium must require mutual
  authentication for it.
- `rest` is about all other flows between Pods, nodes and outside, on every port: `unchanged` as
  the given policies had them, `denied`, or `ignored`. With `within`, `denied` applies to flows
  that have an end in these namespaces, and all other flows must be unchanged. Nodes have no name
  that a row could use: a flow with a node counts if it is open and shouldn't be, not if an
  isolated Pod lost it.

Ports are compared as exact sets, so that no bound of a range is missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import msgspec

from trainer.errors import UsageError
from trainer.match.target import WORKLOAD
from trainer.rules import Live, Reads
from trainer.rules._flow.blocked import Meant, why_blocked, why_lost
from trainer.rules._flow.meant import key_of
from trainer.rules._flow.open import why_open, why_unauthenticated
from trainer.rules._flow.words import opening, sample_port
from trainer.simulate.network.addresses import outside_samples
from trainer.simulate.network.authentication import authenticated_ports
from trainer.simulate.network.ends import SERVICE, Demand, Ends, Row, covered, likes, named_spans, pod_sets
from trainer.simulate.network.flows import Endpoint, Flow, Network, always_allowed
from trainer.simulate.network.matrix import Matrix, matrix
from trainer.simulate.network.policy import Direction
from trainer.simulate.network.ports import ALL, NONE, PortSet
from trainer.simulate.network.unseen import unseen_pods
from trainer.simulate.workloads import TEMPLATE_PATHS
from trainer.verdict import Outcome, Reason

if TYPE_CHECKING:
    from trainer.manifests.model import Manifest
    from trainer.simulate.world import World

READS = Reads(
    Live.OBJECTS,
    kinds=(
        "CiliumClusterwideNetworkPolicy",
        "CiliumNetworkPolicy",
        "Namespace",
        "NetworkPolicy",
        "Node",
        "Service",
        WORKLOAD,
    ),
)

MOST_REASONS, MOST_EVIDENCE = 4, 5
"""How many reasons and flows are reported; of the others only the number."""
MOST_LOOKED_AT = 100
"""How many wrong flows are examined for their reasons."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of the rule."""

    allow: tuple[Row, ...] = ()
    """Flows that must be possible."""
    deny: tuple[Row, ...] = ()
    """Flows that must not be possible, except those that `allow` or `ignore` names."""
    ignore: tuple[Row, ...] = ()
    """Flows that this check ignores, whatever `deny` and `rest` say."""
    authenticated: tuple[Row, ...] = ()
    """Flows that must be possible, and only if both ends authenticate (Cilium's mutual authentication)."""
    rest: Literal["unchanged", "denied", "ignored"] = "ignored"
    """What must hold for every flow that no row names."""
    within: tuple[str, ...] = ()
    """The namespaces of `rest: denied`; by default, all."""

    def __post_init__(self) -> None:
        """A check must require something."""
        if not self.allow and not self.deny and not self.authenticated and self.rest == "ignored":
            raise ValueError("a network-flow check needs allow, deny or rest")
        if any(row.by for row in self.allow + self.ignore + self.authenticated):
            raise ValueError("by belongs to rows of deny")
        if self.within and self.rest != "denied":
            raise ValueError("within belongs to rest: denied")


class Violation(msgspec.Struct, frozen=True, eq=False):
    """A pair whose `ports` are open and must not be (`is_open`), or blocked and must not be.

    `asked` are the pair's other ports, which are correct; `changed` says that the answer changed
    the flow, `focus` which direction the check is about.
    """

    source: Endpoint
    target: Endpoint
    ports: PortSet
    is_open: bool
    asked: PortSet = NONE
    changed: bool = False
    focus: Direction | None = None
    by: Direction | None = None
    """The direction that is open, if only that counts."""
    plain: bool = False
    """Whether it is open without authentication."""


def judge(world: World, params: Params) -> Outcome:
    """Judge one check. Raises `UsageError` for a name that matches nothing in the card's own world."""
    after, before = _networks(world)
    rows = params.allow + params.deny + params.ignore + params.authenticated
    names = pod_sets(after, rows)
    unseen = unseen_pods((after, before), names, [like for name in names for like in likes(after, name)])
    after, before = (one.with_namespaces(unseen.namespaces) for one in (after, before))
    families = _families(after)
    outside = outside_samples(
        after.spans() + before.spans() + named_spans(rows), after.taken() | before.taken(), families
    )
    ends = Ends(after, outside, unseen.pods)
    missing = ends.missing(rows)
    if missing:
        return _missing(world, missing)
    found = _Judged(after, before, ends, params, families)
    return _outcome(world, after, sorted(found.violations(), key=_order), _meant(ends, rows))


@lru_cache(maxsize=1)
def _networks(world: World) -> tuple[Network, Network]:
    """The networks of a world after and before the answer, once for all checks of a card."""
    return Network(world.objects), Network(_objects_before(world))


class _Judged:
    """The two networks and the rows of one check, side by side."""

    def __init__(
        self, after: Network, before: Network, ends: Ends, params: Params, families: set[int]
    ) -> None:
        self.before, self.ends, self.params = before, ends, params
        self.allow = [demand for row in params.allow for demand in ends.demands(row)]
        self.authenticated = [demand for row in params.authenticated for demand in ends.demands(row)]
        self.deny = [demand for row in params.deny for demand in ends.demands(row)]
        self.exempt = [
            demand
            for row in params.allow + params.ignore + params.authenticated
            for demand in ends.demands(row, meant=True)
        ]
        every = [*after.endpoints, *ends.outside, *ends.unseen]
        every += [end for demand in self.exempt + self.deny for end in (demand.source, demand.target)]
        self.now = matrix(after, list({id(end): end for end in every}.values()))
        self.places = {id(end): place for place, end in enumerate(self.now.endpoints)}
        self.asked = covered(self.exempt)
        self.foreign = {id(end) for end in ends.outside if end.addresses[0].family not in families}
        """Addresses of a family that no Pod has: only what is open to them counts."""

    def violations(self) -> Iterator[Violation]:
        """Everything that the check requires and that doesn't hold, rows first."""
        for demand in self.allow + self.authenticated:
            if (lacking := demand.ports - self.ports(demand)) and not self.is_foreign(demand):
                yield Violation(demand.source, demand.target, lacking, False)
        for demand in self.authenticated:
            open_ports = demand.ports & self.ports(demand)
            plain = open_ports - authenticated_ports(self.ends.network, demand.source, demand.target)
            if plain:
                yield Violation(demand.source, demand.target, plain, True, plain=True)
        for demand in self.deny:
            asked = self.asked.get((id(demand.source), id(demand.target)), NONE)
            excess = (self.open_ports(demand) & demand.ports) - asked
            if excess and not always_allowed(demand.source, demand.target):
                focus, by = demand.focus, demand.by
                yield Violation(demand.source, demand.target, excess, True, asked, focus=focus, by=by)
        if self.params.rest != "ignored":
            yield from self.rest()

    def ports(self, demand: Demand) -> PortSet:
        """The ports that the pair has now."""
        return self.now.cells[self.places[id(demand.source)]][self.places[id(demand.target)]]

    def open_ports(self, demand: Demand) -> PortSet:
        """The ports that the pair has now, as far as the row's direction is concerned."""
        if demand.by is None:
            return self.ports(demand)
        return self.ends.network.one_way(demand.by, demand.source, demand.target)

    def rest(self) -> Iterator[Violation]:
        """The flows that no row names."""
        named = covered(self.exempt + self.deny)
        old = _matrix_before(self.before, self.now)
        for source, target, now in self.now.pairs():
            if not (source.pod or target.pod) or always_allowed(source, target):
                continue
            pair = id(source), id(target)
            was = old.cells[self.places[id(source)]][self.places[id(target)]]
            is_denied = self.params.rest == "denied" and self.is_within(source, target)
            if now == was and not is_denied:
                continue
            left = ALL - named.get(pair, NONE)
            if is_denied:
                if excess := now & left:
                    yield Violation(source, target, excess, True, self.asked.get(pair, NONE))
                continue
            if gained := (now - was) & left:
                yield Violation(source, target, gained, True, self.asked.get(pair, NONE), changed=True)
            safe = is_node(source) or is_node(target) or not self.foreign.isdisjoint(pair)
            if (lost := (was - now) & left) and not safe:
                yield Violation(source, target, lost, False, now, changed=True)

    def is_foreign(self, pair: Demand) -> bool:
        """Whether an end of the pair has an address of a family that no Pod has."""
        return id(pair.source) in self.foreign or id(pair.target) in self.foreign

    def is_within(self, *pair: Endpoint) -> bool:
        """Whether `rest: denied` is about this pair."""
        spaces = self.params.within
        return not spaces or any(end.pod is not None and end.pod.namespace in spaces for end in pair)


def _order(one: Violation) -> tuple[int, bool]:
    """Which violations are told first: the world's own Pods, and of what is blocked, pairs that lose all."""
    return one.source.unseen + one.target.unseen, not one.is_open and one.asked != NONE


def _meant(ends: Ends, rows: Iterable[Row]) -> Meant:
    """The ends that policies must select, by direction: those of rows whose other end no policy could."""
    found: set[tuple[Direction, int]] = set()
    for row in rows:
        wide = [name == "outside" or name.startswith("ip:") for name in (row.source, row.target)]
        direction = row.focus or (("egress" if wide[1] else "ingress") if wide[0] != wide[1] else None)
        if direction is not None and not row.target.startswith(SERVICE):
            named = row.source if direction == "egress" else row.target
            found |= {(direction, id(end)) for end in ends.named(named)}
    return frozenset(found)


def is_node(end: Endpoint) -> bool:
    """Whether it is a node itself, not a Pod on it."""
    return end.pod is None and bool(end.node)


def _objects_before(world: World) -> list[Manifest]:
    """The given objects, and what the answer adds to them except its policies.

    A Pod that only the answer has is judged against the given policies.
    """
    known = {(manifest.group, *key_of(manifest)) for manifest in world.given}
    added = [one for one in world.objects if (one.group, *key_of(one)) not in known]
    return [*world.given, *(one for one in added if not one.kind.endswith("NetworkPolicy"))]


def _matrix_before(before: Network, now: Matrix) -> Matrix:
    """The matrix before the answer, its ends in the order of `now`."""
    old = {end.title: end for end in before.endpoints}
    return matrix(before, [old.get(end.title, end) for end in now.endpoints])


def _families(network: Network) -> set[int]:
    """The address families of the world's Pods: IPv4 by default."""
    return {address.family for end in network.pods for address in end.addresses} or {4}


def _missing(world: World, names: Iterable[str]) -> Outcome:
    made = [one for one in world.answer if one.kind in TEMPLATE_PATHS or one.kind == "Service"]
    if not made:
        raise UsageError(
            f"nothing in this card's world matches {', '.join(names)}", remedy="add a Pod, or fix the name"
        )
    return Outcome.of([Reason(f"No Pod matches {name}.", made[0].where()) for name in names])


def _outcome(world: World, network: Network, violations: list[Violation], meant: Meant) -> Outcome:
    reasons: dict[object, Reason] = {}  # by place: one reason per line is enough
    evidence: list[str] = []
    for one in violations[:MOST_LOOKED_AT]:
        protocol, port = sample_port(one.ports, one.target)
        flow = network.flow(one.source, one.target, protocol, port)
        if len(reasons) < MOST_REASONS:
            for reason in _why(world, network, flow, one, meant):
                reasons.setdefault(reason.location or reason.message, reason)
        if len(evidence) < MOST_EVIDENCE:
            evidence.append(_sentence(one, flow))
    if (more := len(violations) - len(evidence)) > 0:
        evidence.append(f"{more} more {'flow is' if more == 1 else 'flows are'} wrong in the same way.")
    return Outcome.of(list(reasons.values())[:MOST_REASONS], evidence)


def _why(world: World, network: Network, flow: Flow, one: Violation, meant: Meant) -> list[Reason]:
    if one.plain:
        return why_unauthenticated(flow)
    if one.is_open:
        return why_open(world, network, flow, one.asked, one.focus)
    why = why_lost if one.changed else why_blocked
    return why(world, network, flow, meant)


def _sentence(one: Violation, flow: Flow) -> str:
    if one.ports == ALL:
        ports = "every port" if one.is_open else "any port"
    elif one.ports | one.asked == ALL:
        ports = "every other port" if one.is_open else "any other port"
    else:
        ports = f"{flow.protocol} {flow.port}"
    if one.plain:
        ends = f"{opening(one.source)} reaches {one.target.title} on {ports}"
        return f"{ends} without mutual authentication."
    if one.by and not flow.allowed:  # the other end blocks it
        return f"{one.by.capitalize()} from {one.source.title} to {one.target.title} is allowed on {ports}."
    if one.is_open:
        verb = "now reaches" if one.changed else "reaches"
    else:
        verb = "no longer reaches" if one.changed else "doesn't reach"
    return f"{opening(one.source)} {verb} {one.target.title} on {ports}."
