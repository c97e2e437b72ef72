"""The flows of one check as they are and as they must be, for `judge` and `picture` of `network-flow`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import msgspec

from trainer.errors import UsageError
from trainer.rules._flow.blocked import Meant
from trainer.rules._flow.meant import key_of
from trainer.simulate.network.addresses import outside_samples
from trainer.simulate.network.authentication import authenticated_ports
from trainer.simulate.network.ends import SERVICE, Demand, Ends, covered, likes, named_spans, pod_sets
from trainer.simulate.network.flows import Endpoint, Network, always_allowed
from trainer.simulate.network.matrix import Matrix, matrix
from trainer.simulate.network.policy import Direction
from trainer.simulate.network.ports import ALL, NONE, PortSet
from trainer.simulate.network.unseen import unseen_pods
from trainer.simulate.workloads import TEMPLATE_PATHS
from trainer.verdict import Outcome, Reason

if TYPE_CHECKING:
    from trainer.manifests.model import Manifest
    from trainer.rules.network_flow import Params
    from trainer.simulate.world import World


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


def examined(world: World, params: Params) -> Judged | Outcome:
    """Both networks with the ends of a check; FAIL if no Pod of the answer has a name of the check.

    Raises `UsageError` for a name that matches nothing in the card's own world.
    """
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
    return Judged(after, before, ends, params, families)


@lru_cache(maxsize=1)
def _networks(world: World) -> tuple[Network, Network]:
    """The networks of a world after and before the answer, once for all checks of a card."""
    return Network(world.objects), Network(_objects_before(world))


class Judged:
    """The two networks and the rows of one check, side by side."""

    def __init__(
        self, after: Network, before: Network, ends: Ends, params: Params, families: set[int]
    ) -> None:
        self.after, self.before, self.ends, self.params = after, before, ends, params
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

    @cached_property
    def old(self) -> Matrix:
        """The matrix before the answer, its ends in the order of `now`."""
        ends = {end.title: end for end in self.before.endpoints}
        return matrix(self.before, [ends.get(end.title, end) for end in self.now.endpoints])

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
        old = self.old
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

    def meant(self) -> Meant:
        """The ends that policies must select, by direction: those of rows whose other end no policy could."""
        params = self.params
        found: set[tuple[Direction, int]] = set()
        for row in params.allow + params.deny + params.ignore + params.authenticated:
            wide = [name == "outside" or name.startswith("ip:") for name in (row.source, row.target)]
            direction = row.focus or (("egress" if wide[1] else "ingress") if wide[0] != wide[1] else None)
            if direction is not None and not row.target.startswith(SERVICE):
                named = row.source if direction == "egress" else row.target
                found |= {(direction, id(end)) for end in self.ends.named(named)}
        return frozenset(found)


def order(one: Violation) -> tuple[int, bool]:
    """The place of a violation: the world's own Pods first, and of what is blocked, pairs that lose all."""
    return one.source.unseen + one.target.unseen, not one.is_open and one.asked != NONE


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
