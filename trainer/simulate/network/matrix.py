"""The whole matrix of allowed ports at once.

The same answers as `Network.ports` for every pair, but made for speed: selectors and blocks are looked up
in an index of labels and one of addresses, a rule is a bit set of the ends that it covers and another of
the ports that it opens, and Pods with the same policies share their rows. 50 Pods x 20 policies take a few
milliseconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.labels import LabelIndex
from trainer.simulate.network.addresses import Address, AddressIndex
from trainer.simulate.network.cilium import REQUIRED
from trainer.simulate.network.flows import Endpoint, Network, always_allowed
from trainer.simulate.network.pods import ContainerPort
from trainer.simulate.network.policy import Direction, Peer, Policy, PortEntry, Rule
from trainer.simulate.network.ports import NONE, PortSet, Stretches

MOST_ENDS = 1000
"""How many ends a matrix may have."""


class Matrix(msgspec.Struct, frozen=True, eq=False):
    """`cells[i][j]` are the ports on which `endpoints[i]` reaches `endpoints[j]`.

    The diagonal is always every port, because a Pod always reaches itself.
    """

    endpoints: tuple[Endpoint, ...]
    cells: tuple[tuple[PortSet, ...], ...]

    def pairs(self) -> Iterator[tuple[Endpoint, Endpoint, PortSet]]:
        """Every ordered pair of two different ends, with its ports."""
        for row, source in enumerate(self.endpoints):
            for column, target in enumerate(self.endpoints):
                if row != column:
                    yield source, target, self.cells[row][column]


class WorkloadMatrix(msgspec.Struct, frozen=True, eq=False):
    """A matrix of workloads: a pair has a port if any pair of their Pods has it.

    `names` are `shop/web` for Pods and workloads (with the kind if two share the name), and the
    titles of nodes and addresses. The diagonal joins different Pods of one workload; a single Pod
    has every port there.
    """

    names: tuple[str, ...]
    cells: tuple[tuple[PortSet, ...], ...]


def matrix(network: Network, endpoints: Sequence[Endpoint] | None = None) -> Matrix:
    """The matrix of these ends; by default of all Pods and nodes.

    Raises `NotJudged` for more than `MOST_ENDS`: a matrix grows with their square.
    """
    ends = network.endpoints if endpoints is None else tuple(endpoints)
    if len(ends) > MOST_ENDS:
        raise NotJudged(f"flows between {len(ends)} Pods, nodes and address ranges (at most {MOST_ENDS})")
    return _Builder(network, ends).build()


def by_workload(found: Matrix) -> WorkloadMatrix:
    """Join the rows and columns of Pods that belong to one workload."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for position, end in enumerate(found.endpoints):
        key = end.pod.workload if end.pod else ("", "", end.title)
        groups.setdefault(key, []).append(position)
    plain = Counter((namespace, name) for namespace, _, name in groups)
    names = []
    for namespace, kind, name in groups:
        twice = f" ({kind})" if plain[namespace, name] > 1 else ""
        names.append(f"{namespace}/{name}{twice}" if kind else name)
    rows = []
    for sources in groups.values():
        row = []
        for targets in groups.values():
            cells = {found.cells[i][j] for i in sources for j in targets if i != j or len(sources) == 1}
            joined = NONE
            for cell in cells:
                joined |= cell
            row.append(joined)
        rows.append(tuple(row))
    return WorkloadMatrix(tuple(names), tuple(rows))


class _Builder:
    """Builds one matrix. A *seat* is an end with one of its addresses; bit sets are over seats.

    Sets of ports are bit sets, too, over the `stretches` of ports that no rule divides.
    """

    def __init__(self, network: Network, ends: Sequence[Endpoint]) -> None:
        self.network = network
        self.ends = tuple(ends)
        self.seats: list[tuple[int, Address]] = [
            (position, address) for position, end in enumerate(self.ends) for address in end.addresses
        ]
        self.all = (1 << len(self.seats)) - 1
        owners = [self.ends[position] for position, _ in self.seats]
        self.index = LabelIndex(end.pod.labels if end.governed and end.pod else None for end in owners)
        self.namespaces: dict[str, int] = {}
        self.declared: dict[tuple[ContainerPort, ...], int] = {}
        for seat, end in enumerate(owners):
            if end.pod and end.governed:
                spot = end.pod.namespace
                self.namespaces[spot] = self.namespaces.get(spot, 0) | 1 << seat
            self.declared[end.declared] = self.declared.get(end.declared, 0) | 1 << seat
        names = list(self.namespaces)
        self.namespace_names = names
        self.namespace_index = LabelIndex(network.namespace_labels(name) for name in names)
        self.addresses = AddressIndex(address for _, address in self.seats)
        self.outside = sum(1 << seat for seat, end in enumerate(owners) if end.kind == "world")
        self.stretches = Stretches(self.opened())
        self.covered: dict[tuple[int, str], int] = {}
        self.openings: dict[tuple[int, tuple[ContainerPort, ...]], int] = {}

    def opened(self) -> Iterator[PortSet]:
        """The ports that entries of rules open on some end."""
        for policy in self.network.policies:
            for rule in (*(policy.ingress or ()), *(policy.egress or ())):
                for entry in rule.entries or ():
                    yield from map(entry.ports, self.declared if entry.name else ((),))

    def build(self) -> Matrix:
        egress, ingress = self.rows("egress"), self.rows("ingress")
        seats = [
            [sent & received for sent, received in zip(row, column, strict=True)]
            for row, column in zip(egress, zip(*ingress, strict=True), strict=True)
        ]
        cells = seats if len(self.seats) == len(self.ends) else self.by_end(seats)
        for i, j in self.forced():
            cells[i][j] = self.stretches.all
        ports = self.stretches.ports
        return Matrix(self.ends, tuple(tuple(map(ports, row)) for row in cells))

    def forced(self) -> Iterator[tuple[int, int]]:
        """Pairs that no policy can forbid: an end with itself, a Pod with its own node."""
        hosts = [j for j, end in enumerate(self.ends) if end.hosted]
        for i, end in enumerate(self.ends):
            yield i, i
            for j in hosts:
                if always_allowed(end, self.ends[j]):
                    yield i, j
                    yield j, i

    def by_end(self, seats: list[list[int]]) -> list[list[int]]:
        """Join the seats of ends that have several addresses (or no address: those reach nothing)."""
        mine: list[list[int]] = [[] for _ in self.ends]
        for seat, (position, _) in enumerate(self.seats):
            mine[position].append(seat)
        cells = []
        for ours in mine:
            row = []
            for theirs in mine:
                pairs = [(i, j) for i in ours for j in theirs]
                family = [(i, j) for i, j in pairs if self.seats[i][1].family == self.seats[j][1].family]
                joined = 0
                for i, j in family or pairs:
                    joined |= seats[i][j]
                row.append(joined)
            cells.append(row)
        return cells

    def rows(self, direction: Direction) -> list[list[int]]:
        """For each seat the ports that its own policies open to (or from) every other seat."""
        governing: list[list[Policy]] = [[] for _ in self.seats]
        for policy in self.network.policies:
            if policy.rules(direction) is None:
                continue
            for seat in _bits(self.spaces(policy) & self.index.select(policy.selector)):
                governing[seat].append(policy)
        made: dict[tuple[object, ...], list[int]] = {}
        everything = [self.stretches.all] * len(self.seats)
        rows = []
        for seat, policies in enumerate(governing):
            rules = [(policy, rule) for policy in policies for rule in policy.rules(direction) or ()]
            near = self.ends[self.seats[seat][0]]
            named = direction == "ingress" and any(rule.named for _, rule in rules)
            places = any(peer.entity for _, rule in rules for peer in rule.peers or ())
            key = (tuple(map(id, policies)), near.declared if named else (), near.node if places else "")
            if key not in made:
                isolated = any(policy.isolates(direction) for policy in policies)
                made[key] = self.row(rules, near, isolated=isolated) if policies else everything
            rows.append(made[key])
        return rows

    def spaces(self, policy: Policy) -> int:
        """The seats of the Pods in the namespaces that a policy is about."""
        if not policy.everywhere and policy.namespaces.everything:
            return self.namespaces.get(policy.namespace, 0)
        found = 0
        for position in _bits(self.namespace_index.select(policy.namespaces)):
            name = self.namespace_names[position]
            if policy.everywhere or policy.namespace == name:
                found |= self.namespaces[name]
        return found

    def row(self, rules: Sequence[tuple[Policy, Rule]], near: Endpoint, *, isolated: bool) -> list[int]:
        allowed = self.joined(
            [pair for pair in rules if not pair[1].denies], near, 0 if isolated else self.stretches.all
        )
        denying = [pair for pair in rules if pair[1].denies]
        if not denying:
            return allowed
        denied = self.joined(denying, near, 0)
        return [ports & ~others for ports, others in zip(allowed, denied, strict=True)]

    def joined(self, rules: Sequence[tuple[Policy, Rule]], near: Endpoint, first: int) -> list[int]:
        """For each seat the ports of all these rules, and those of `first`."""
        classes: dict[int, int] = {first: self.all}
        named: dict[tuple[str, str], tuple[PortEntry, int]] = {}
        for policy, rule in rules:
            covered = self.rule_seats(policy, rule, near)
            if covered and (ports := self.opening(rule, near.declared)):
                classes = _changed(classes, covered, ports)
            for entry in rule.entries or ():
                if entry.name and rule.direction == "egress":
                    key = (entry.name, entry.protocol)
                    named[key] = (entry, covered | (named[key][1] if key in named else 0))
        row = [0] * len(self.seats)
        for ports, seats in classes.items():
            for seat in _bits(seats if ports else 0):
                row[seat] = ports
        for entry, covered in named.values():
            for declared, seats in self.declared.items():
                if together := covered & seats:
                    ports = self.stretches.bits(entry.ports(declared))
                    for seat in _bits(together):
                        row[seat] |= ports
        return row

    def opening(self, rule: Rule, declared: tuple[ContainerPort, ...]) -> int:
        """The ports that a rule opens on a Pod that declares these; of egress, those without a name."""
        if rule.entries is None:
            return self.stretches.all
        known = declared if rule.named and rule.direction == "ingress" else ()
        found = self.openings.get((id(rule), known))
        if found is None:
            found = 0
            for entry in rule.entries:
                found |= self.stretches.bits(entry.ports(known))
            self.openings[id(rule), known] = found
        return found

    def rule_seats(self, policy: Policy, rule: Rule, near: Endpoint) -> int:
        """The seats that the rule's `from` or `to` covers."""
        everybody = self.index.all if rule.authentication == REQUIRED else self.all
        if rule.peers is None:
            return everybody
        place = near.node if any(peer.entity for peer in rule.peers) else ""
        found = self.covered.get((id(rule), place))
        if found is None:
            found = 0
            for peer in rule.peers:
                found |= self.peer_seats(policy, peer, near)
            self.covered[id(rule), place] = found
        return found & everybody

    def peer_seats(self, policy: Policy, peer: Peer, near: Endpoint) -> int:
        if peer.block is not None and not peer.entity:
            found = self.addresses.select(peer.block)
            return found & self.outside if self.network.is_cilium else found
        if peer.entity:
            ends = enumerate(self.seats)
            return sum(
                1 << seat
                for seat, (position, address) in ends
                if self.network.admits(policy, peer, near, self.ends[position], address)
            )
        if peer.pods is None:
            return 0
        if peer.namespaces is None:
            within = self.namespaces[policy.namespace]  # a policy without Pods has no row
        else:
            within = 0
            for position in _bits(self.namespace_index.select(peer.namespaces)):
                within |= self.namespaces[self.namespace_names[position]]
        return within & self.index.select(peer.pods)


def _changed(classes: dict[int, int], seats: int, ports: int) -> dict[int, int]:
    """The classes of seats with equal ports, after `seats` got `ports` on top."""
    found: dict[int, int] = {}
    for old, members in classes.items():
        if kept := members & ~seats:
            found[old] = found.get(old, 0) | kept
        if opened := members & seats:
            found[old | ports] = found.get(old | ports, 0) | opened
    return found


def _bits(value: int) -> Iterable[int]:
    while value:
        low = value & -value
        yield low.bit_length() - 1
        value ^= low
