"""Pods that don't exist yet: one for each way in which policies and names can tell Pods apart.

"Nobody else" is about every Pod that somebody may create, in every namespace. A policy sees of a Pod only
its namespace, its labels and those of its namespace, and these only through selectors. All Pods that the
same selectors match are equal to it, so that one of them represents all. Pods that the world has represent
themselves; the others are made here, from the keys and values that selectors and names mention:

- a label has each of the mentioned values, another value (if a selector asks whether the key exists), or
  is absent;
- a namespace is one of the world, one that a selector names, or another one with each combination of the
  mentioned labels;
- named ports are those of a Pod that the same names mean; other port names of the policies are port 1.
  A Pod that lacks one of these names represents only itself. A new Pod of an application is one more copy of
  it, with the port names of the others: so `port: http` is as good as the number that they all declare.

Two of a kind are made where a policy lets a kind reach itself. Beyond `MOST_COMBINATIONS` combinations of
labels, only the labels of one selector, and what meets two selectors, are combined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from math import prod
from typing import Literal

import msgspec

from trainer.simulate.labels import EVERYTHING, LabelIndex, Requirement, Selector
from trainer.simulate.names import ANY, PodSet
from trainer.simulate.network.flows import NAME_LABEL, Endpoint, Network
from trainer.simulate.network.pods import ContainerPort, Pod, invented_address
from trainer.simulate.network.policy import Peer, Policy

MOST_COMBINATIONS = 512
"""How many combinations of labels are tried, for Pods and for namespaces."""
MOST_OF_ONE, MOST_SETS = 64, 1024
"""Where there are more: how many combinations of one selector's labels, and of all."""
MOST_HOMES = 128
"""How many namespaces are made up."""
MOST_UNSEEN = 100
"""How many Pods are made."""
OTHER = "other"
"""A value that no selector mentions."""
UNSEEN_PORT = 1
"""The number of a port whose name no Pod declares."""

Labels = dict[str, str]
Options = dict[str, list[str | None]]


class Unseen(msgspec.Struct, frozen=True, eq=False):
    """The Pods, and the labels of namespaces that the world doesn't have."""

    pods: tuple[Endpoint, ...]
    namespaces: dict[str, Labels]


class _Home(msgspec.Struct, frozen=True, eq=False):
    """A namespace; `words` follow "a new Pod with app=web"."""

    name: str
    labels: Labels
    words: str


class _Term(msgspec.Struct, frozen=True):
    """One test of a Pod. `home` is the only namespace that counts, if one is set."""

    kind: Literal["policy", "peer", "name"]
    pods: Selector
    namespaces: Selector = EVERYTHING
    home: str = ""

    @property
    def is_group(self) -> bool:
        """Whether it is a name for Pods with a label."""
        return self.kind == "name" and bool(self.pods.requirements)


def unseen_pods(networks: Sequence[Network], names: Iterable[PodSet], likes: Iterable[PodSet] = ()) -> Unseen:
    """Pods that the networks' own Pods don't represent, as their policies and `names` see them.

    `likes` are names, too, but ask for no Pods of their own: labels that no policy mentions don't count.
    All networks have the Pods and namespaces of the first.
    """
    found = _Unseen(networks, [*names], [*likes])
    pods = tuple(found.pods())
    return Unseen(pods, {home.name: home.labels for home in found.strange})


class _Unseen:
    def __init__(self, networks: Sequence[Network], names: Sequence[PodSet], likes: Sequence[PodSet]) -> None:
        self.networks = networks
        self.policies = list(
            {(id(one.manifest), one.base): one for net in networks for one in net.policies}.values()
        )
        terms = [*_policy_terms(self.policies), *map(_name_term, names)]
        selectors = [selector for term in terms for selector in (term.pods, term.namespaces)]
        keys = {need.key for selector in selectors for need in selector.requirements}
        terms += [
            _name_term(name)
            for name in likes
            if keys.issuperset(key for key, _ in (*name.labels, *name.namespace_labels))
        ]
        self.terms = list(dict.fromkeys(terms))
        known = _known_namespaces(self.policies, names, networks)
        self.known = [
            _Home(name, networks[0].namespace_labels(name), f"in Namespace {name}") for name in known
        ]
        self.strange = list(islice(_strange(self.terms, known), MOST_HOMES))
        self.port_names = _port_names(self.policies)
        self.taken = networks[0].taken()

    def pods(self) -> Iterator[Endpoint]:
        existing = [end.pod for end in self.networks[0].pods if end.pod and end.governed]
        labels = _representatives([term.pods for term in self.terms])
        homes = self.known + self.strange
        in_homes, of_pods = self._masks(homes, [*labels, *(pod.labels for pod in existing)])
        places = {home.name: place for place, home in enumerate(homes)}
        groups = sum(1 << at for at, term in enumerate(self.terms) if term.is_group)
        policies, peers = self._met("policy"), self._met("peer")
        counts: dict[int, int] = {}
        siblings: dict[int, Pod] = {}
        for pod, mask in zip(existing, of_pods[len(labels) :], strict=True):
            kind = in_homes[places[pod.namespace]] & mask
            if {(port.name, port.protocol) for port in pod.ports}.issuperset(self.port_names):
                counts[kind] = counts.get(kind, 0) + 1
            if kind & groups:
                siblings.setdefault(kind & groups, pod)
        made = 0
        for home, in_home in zip(homes, in_homes, strict=True):
            if made >= MOST_UNSEEN:
                return
            for pair, mask in zip(labels, of_pods, strict=False):
                kind = in_home & mask
                wanted = 2 if kind & policies and kind & peers else 1
                for _ in range(counts.get(kind, 0), wanted):
                    if made < MOST_UNSEEN:
                        made += 1
                        yield self._pod(made, home, pair, siblings.get(kind & groups))
                counts[kind] = wanted

    def _masks(self, homes: Sequence[_Home], labels: Sequence[Labels]) -> tuple[list[int], list[int]]:
        """For each namespace, and for each set of labels, the terms that it meets, as a bit set."""
        of_homes, of_pods = LabelIndex(home.labels for home in homes), LabelIndex(labels)
        spots = {home.name: 1 << place for place, home in enumerate(homes)}
        columns = [
            spots.get(term.home, 0) if term.home else of_homes.select(term.namespaces) for term in self.terms
        ]
        pods = [of_pods.select(term.pods) for term in self.terms]
        return _turned(columns, len(homes)), _turned(pods, len(labels))

    def _met(self, kind: str) -> int:
        """The terms of one kind, as a bit set."""
        return sum(1 << at for at, term in enumerate(self.terms) if term.kind == kind)

    def _pod(self, number: int, home: _Home, labels: Labels, sibling: Pod | None) -> Endpoint:
        declared = sibling.ports if sibling else ()
        have = {(port.name, port.protocol) for port in declared}
        more = tuple(
            ContainerPort(name, UNSEEN_PORT, protocol)
            for name, protocol in self.port_names
            if (name, protocol) not in have
        )
        written = ", ".join(f"{key}={value}" for key, value in labels.items())
        title = f"a new Pod {f'with {written}' if written else 'without labels'} {home.words}"
        address = invented_address(f"unseen {number}", 10, 244, self.taken)
        self.taken.add(address)
        pod = Pod(f"unseen-{number}", home.name, labels, None, (address,), declared + more)
        return Endpoint(title, pod.addresses, pod, unseen=True)


def _policy_terms(policies: Iterable[Policy]) -> Iterator[_Term]:
    for policy in policies:
        yield _Term("policy", policy.selector, policy.namespaces, policy.namespace)
        for peer in _peers(policy):
            if peer.pods is not None:
                home = policy.namespace if peer.namespaces is None else ""
                yield _Term("peer", peer.pods, peer.namespaces or EVERYTHING, home)


def _peers(policy: Policy) -> Iterator[Peer]:
    for rule in (*(policy.ingress or ()), *(policy.egress or ())):
        yield from rule.peers or ()


def _name_term(name: PodSet) -> _Term:
    home = "" if name.namespace == ANY else name.namespace
    return _Term("name", _equal(name.labels), _equal(name.namespace_labels), home)


def _equal(labels: Iterable[tuple[str, str]]) -> Selector:
    return Selector(tuple(Requirement(key, "In", (value,)) for key, value in labels))


def _turned(columns: Sequence[int], rows: int) -> list[int]:
    """A matrix of bits by rows instead of by columns."""
    found = [0] * rows
    for at, column in enumerate(columns):
        left = column
        while left:
            low = left & -left
            found[low.bit_length() - 1] |= 1 << at
            left ^= low
    return found


def _known_namespaces(
    policies: Iterable[Policy], names: Iterable[PodSet], networks: Iterable[Network]
) -> list[str]:
    found = dict.fromkeys(policy.namespace for policy in policies if policy.namespace)
    found |= dict.fromkeys(name.namespace for name in names if name.namespace not in ("", ANY))
    for network in networks:
        found |= dict.fromkeys(network.namespaces)
    return list(found)


def _strange(terms: Sequence[_Term], known: Sequence[str]) -> Iterator[_Home]:
    """Namespaces that the world doesn't have: those that selectors name, and others."""
    selectors = [term.namespaces for term in terms]
    named = [
        value
        for selector in selectors
        for need in selector.requirements
        for value in need.values
        if need.key == NAME_LABEL and value not in known
    ]
    plain = [
        Selector(tuple(need for need in selector.requirements if need.key != NAME_LABEL))
        for selector in selectors
    ]
    for number, labels in enumerate(_representatives(plain), 1):
        written = ", ".join(f"{key}={value}" for key, value in labels.items())
        words = f"in another Namespace{f' with {written}' if written else ''}"
        name = f"another-namespace{f'-{number}' if number > 1 else ''}"
        yield _Home(name, {**labels, NAME_LABEL: name}, words)
        for name in dict.fromkeys(named):
            words = f"in Namespace {name}{f' with {written}' if written else ''}"
            # One name can have several sets of labels here, so it needs a key of its own.
            key = name if number == 1 else f"{name} {number}"
            yield _Home(key, {**labels, NAME_LABEL: name}, words)


def _representatives(selectors: Sequence[Selector]) -> list[Labels]:
    """One set of labels for each combination of selectors that labels can match, the fewest labels first."""
    distinct = list(dict.fromkeys(selectors))
    options = _options(distinct)
    if prod(map(len, options.values())) <= MOST_COMBINATIONS:
        sets = list(_combined(options))
    else:
        sets = _some(distinct)
    sets.sort(key=len)
    index = LabelIndex(sets)
    matched = [index.select(selector) for selector in distinct]
    kinds: dict[int, Labels] = {}
    for labels, kind in zip(sets, _turned(matched, len(sets)), strict=True):
        kinds.setdefault(kind, labels)
    return list(kinds.values())[:MOST_COMBINATIONS]


def _some(selectors: Sequence[Selector]) -> list[Labels]:
    """Sets of labels where there are too many: what meets each selector, and each two of them, and the
    combinations of one selector's labels."""
    meeting = [_meeting(selector) for selector in selectors]
    pairs = ({**one, **other} for one, other in product(meeting, repeat=2))
    own = (
        labels for selector in selectors for labels in islice(_combined(_options([selector])), MOST_OF_ONE)
    )
    return [{}, *meeting, *islice(own, MOST_SETS), *islice(pairs, MOST_SETS)]


def _meeting(selector: Selector) -> Labels:
    """Labels that meet a selector, if any can."""
    found: Labels = {}
    for need in selector.requirements:
        if need.operator == "In" and need.values:
            found.setdefault(need.key, need.values[0])
        elif need.operator == "Exists":
            found.setdefault(need.key, OTHER)
    return found


def _options(selectors: Iterable[Selector]) -> Options:
    """What a label can be to these selectors; None is absent."""
    found: Options = {}
    asked = set()
    for selector in selectors:
        for need in selector.requirements:
            values = found.setdefault(need.key, [None])
            values += [value for value in need.values if value not in values]
            if need.operator in ("Exists", "DoesNotExist"):
                asked.add(need.key)
    for key in asked:
        other = OTHER
        while other in found[key]:
            other += f"-{OTHER}"
        found[key].append(other)
    return found


def _combined(options: Mapping[str, Sequence[str | None]]) -> Iterator[Labels]:
    for values in product(*options.values()):
        yield {key: value for key, value in zip(options, values, strict=True) if value is not None}


def _port_names(policies: Iterable[Policy]) -> list[tuple[str, str]]:
    found: dict[tuple[str, str], None] = {}
    for policy in policies:
        for rule in (*(policy.ingress or ()), *(policy.egress or ())):
            found |= dict.fromkeys((one.name, one.protocol) for one in rule.entries or () if one.name)
    return list(found)
