"""Which ends reach which: the flows of a check as a table, by pairs or as a matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from trainer.picture import MOST_ROWS, Cell, Picture, Row, State, drawn
from trainer.rules._flow.judged import Judged, Violation, order
from trainer.rules._flow.words import opening
from trainer.simulate.network.ends import Row as Named
from trainer.simulate.network.ends import covered
from trainer.simulate.network.flows import Endpoint, always_allowed
from trainer.simulate.network.ports import ALL, NONE, PortSet
from trainer.verdict import Location

Place = Callable[[Violation], Location | None]
"""Where the line is that decides a wrong flow."""

MOST_SETS = 8
"""How many sets of ports make columns."""
MOST_PODS = 100
"""Without rows, so many Pods are shown; of more, only what is wrong."""
_FEW = 4
LONGEST_PORTS = 40
"""Characters of ports in a cell; longer ones are called `some ports`."""


class Pair:
    """Two ends: the ports that the check asks about, those that are wrong, and why the first of them is."""

    def __init__(self, source: Endpoint, target: Endpoint) -> None:
        self.source, self.target = source, target
        self.asked = self.wrong = self.now = self.was = NONE
        self.first: Violation | None = None

    @property
    def imagined(self) -> bool:
        """Whether an end stands for others like it: a Pod that doesn't exist yet, an address outside."""
        return _stands_for_others(self.source) or _stands_for_others(self.target)

    def cell(self, ports: PortSet, location: Location | None) -> Cell:
        """What the pair may do on some ports, and whether that is right."""
        word, before = _word(self.now & ports, ports), _word(self.was & ports, ports)
        if self.wrong & ports:
            if self.first is not None and self.first.plain:
                word += " without authentication"
            return Cell(word, State.WRONG, "" if word == before else before, location)
        state = State.RIGHT if self.asked & ports else State.UNASKED
        return Cell(word, state, "" if word == before else before)


def flow_picture(found: Judged, place: Place) -> Picture:
    """The pairs that the check's rows name, and every wrong one; without rows, those of all Pods."""
    pairs = _pairs(found)
    params = found.params
    sets = _columns(pairs, params.allow + params.authenticated + params.deny + params.ignore)
    targets = {id(pair.target): pair.target for pair in pairs}
    sources = {id(pair.source): pair.source for pair in pairs}
    titles = [ports_title(ports, sets) for ports in sets]
    if len(sets) == 1 and min(len(targets), len(sources)) > 1:
        every = len(found.after.pods) <= MOST_PODS or bool(
            params.allow or params.deny or params.authenticated
        )
        return _matrix(pairs, sets[0], place, "" if every else f", of the first {MOST_PODS} Pods")
    head: Callable[[Pair], str]
    if len(targets) == 1:
        title, head = f"Who reaches {pairs[0].target.title}", lambda pair: opening(pair.source)
    elif len(sources) == 1:
        title, head = f"What {pairs[0].source.title} reaches", lambda pair: opening(pair.target)
    else:
        title, head = "Flows", lambda pair: f"{opening(pair.source)} to {pair.target.title}"
    groups: dict[tuple[object, ...], list[Pair]] = {}
    for pair in pairs:
        cells = tuple(pair.cell(ports, None) for ports in sets)
        groups.setdefault((_sort_of(pair.source), _sort_of(pair.target), cells), []).append(pair)
    looked = _Looked(place)
    rows = [
        Row(_like(head(pair), group), tuple(pair.cell(ports, where) for ports in sets))
        for group in groups.values()
        for pair in group[:1]
        for where in (looked.at(pair),)
    ]
    return drawn(title, titles, rows)


class _Looked:
    """Finds the places of wrong pairs, of as many as a picture shows rows."""

    def __init__(self, place: Place) -> None:
        self.place, self.looked = place, 0

    def at(self, pair: Pair | None) -> Location | None:
        """The place of the pair's first violation; None without one."""
        if pair is None or pair.first is None or self.looked >= MOST_ROWS:
            return None
        self.looked += 1
        return self.place(pair.first)


def _sort_of(end: Endpoint) -> object:
    """What a row is about: one end, or any end like this one, which only stands for others."""
    return (end.unseen, end.pod is None) if _stands_for_others(end) else id(end)


def _stands_for_others(end: Endpoint) -> bool:
    return end.unseen or (end.pod is None and not end.node)


def _like(head: str, group: Sequence[object]) -> str:
    return f"{head} and {len(group) - 1} more like it" if len(group) > 1 else head


def _pairs(found: Judged) -> list[Pair]:
    """The pairs to show: those of the rows, else those of the world's Pods, and all that are wrong."""
    pairs: dict[tuple[int, int], Pair] = {}

    def pair_of(source: Endpoint, target: Endpoint) -> Pair:
        return pairs.setdefault((id(source), id(target)), Pair(source, target))

    for demand in found.allow + found.authenticated:
        if not found.is_foreign(demand):
            pair_of(demand.source, demand.target).asked |= demand.ports
    for demand in found.deny:
        exempt = found.asked.get((id(demand.source), id(demand.target)), NONE)
        if (left := demand.ports - exempt) and not always_allowed(demand.source, demand.target):
            pair_of(demand.source, demand.target).asked |= left
    if not pairs:
        pods = found.after.pods[:MOST_PODS]
        for source in pods:
            for target in pods:
                if source is not target and not always_allowed(source, target):
                    pair_of(source, target)
    for one in sorted(found.violations(), key=order):
        pair = pair_of(one.source, one.target)
        pair.wrong |= one.ports
        pair.first = pair.first or one
    named = covered(found.exempt + found.deny) if found.params.rest != "ignored" else {}
    was = found.old.cells
    for key, pair in pairs.items():
        row, column = found.places[key[0]], found.places[key[1]]
        pair.now, pair.was = found.now.cells[row][column], was[row][column]
        if pair.first is not None and pair.first.by:  # the other end blocks it, which doesn't count
            pair.now |= pair.wrong
        if found.params.rest != "ignored":
            pair.asked |= ALL - named.get(key, NONE)
        pair.asked |= pair.wrong
    return sorted(pairs.values(), key=lambda one: one.imagined)


def _columns(pairs: Sequence[Pair], rows: Iterable[Named]) -> list[PortSet]:
    """The ports of all rows, split where they differ, then every other port: those that are asked about."""
    sets = list(dict.fromkeys(row.ports() for row in rows))[:MOST_SETS]
    asked = [pair.asked for pair in pairs]
    sets += [ports for ports in dict.fromkeys(asked) if len(ports.ranges) == 1][: MOST_SETS - len(sets)]
    pieces = [ALL]
    for ports in sets:
        pieces = [part for piece in pieces for part in (piece & ports, piece - ports) if part]
    pieces.sort(key=lambda piece: sum(high - low for _, low, high in piece.ranges))
    everything = NONE
    for ports in dict.fromkeys(asked):
        everything |= ports
    return [piece for piece in pieces if piece & everything] or [ALL]


def ports_title(ports: PortSet, sets: Sequence[PortSet]) -> str:
    """The head of a column: its ports, or that they are all those that no other column has."""
    if ports == sets[-1] and len(ports.ranges) > 1 and ports != ALL:
        return "any other port"
    return _ports_word(ports)


def _ports_word(ports: PortSet) -> str:
    words = str(ports)
    return words if len(words) <= LONGEST_PORTS else "some ports"


def _word(ports: PortSet, of: PortSet) -> str:
    if not ports:
        return "denied"
    return "allowed" if ports == of else f"allowed on {_ports_word(ports)}"


def _matrix(pairs: Sequence[Pair], ports: PortSet, place: Place, of: str = "") -> Picture:
    """Sources by targets; by the longer side down, if that is longer than a few."""
    ends = {id(end): end for pair in pairs for end in (pair.source, pair.target)}
    sources, targets = ({id(pair.source) for pair in pairs}, {id(pair.target) for pair in pairs})
    down_is_source = len(sources) >= len(targets) or len(targets) <= _FEW
    cells = {
        (id(pair.source), id(pair.target)) if down_is_source else (id(pair.target), id(pair.source)): pair
        for pair in pairs
    }
    down = _groups(dict.fromkeys(one for one, _ in cells), cells, ends, ports)
    turned = {(across, one): pair for (one, across), pair in cells.items()}
    across = _groups(dict.fromkeys(one for one, _ in turned), turned, ends, ports)
    looked = _Looked(place)
    rows = [
        Row(
            _like(opening(ends[group[0]]), group),
            tuple(_cell(cells.get((group[0], column[0])), ports, looked) for column in across),
        )
        for group in down
    ]
    words = ("down", "across") if down_is_source else ("across", "down")
    on = "" if ports == ALL else f" on {_ports_word(ports)}"
    heads = [_like(ends[column[0]].title, column) for column in across]
    return drawn(f"Flows from ({words[0]}) to ({words[1]}){on}{of}", heads, rows)


def _groups(
    order: Iterable[int],
    cells: Mapping[tuple[int, int], Pair],
    ends: Mapping[int, Endpoint],
    ports: PortSet,
) -> list[list[int]]:
    """The ends of one side; those that only stand for others are joined where they have the same cells."""
    told: dict[int, dict[int, Cell]] = {}
    for (one, other), pair in cells.items():
        told.setdefault(one, {})[other] = pair.cell(ports, None)
    found: dict[tuple[object, ...], list[int]] = {}
    for one in order:
        same = frozenset(told[one].items()) if _stands_for_others(ends[one]) else frozenset()
        found.setdefault((_sort_of(ends[one]), same), []).append(one)
    return list(found.values())


def _cell(pair: Pair | None, ports: PortSet, looked: _Looked) -> Cell:
    return Cell("") if pair is None else pair.cell(ports, looked.at(pair))
