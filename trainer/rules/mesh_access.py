"""Judges which requests the sidecars of a mesh of Istio accept: which client, by which method, to which path
and port.

Every client is tried: the Pods of the world, Pods that don't exist yet (in each namespace, with each
ServiceAccount that policies or the check name and one that nobody names, with and without a sidecar) and an
address outside in each range that policies name. They call through the Services (a new one, where none
leads to a port) and at the Pods' own addresses, in plaintext. Tried are the methods, paths, ports, hosts
and headers that policies and the check name, what begins or ends like them, and others.

- `allow`: requests that must be accepted if they come through a Service.
- `rest`: with `refused`, every other request to the Pods of `to` must be refused. What a client of `allow`
  sends in plaintext is `refused` or `ignored`, as `plaintext` says.
- `others`: with `unchanged`, requests to all other Pods have the outcome that they had before the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from trainer.errors import UsageError
from trainer.match.target import WORKLOAD
from trainer.picture import Cell, Picture, State, asked, drawn, nothing_to_see
from trainer.picture import Row as PictureRow
from trainer.rules import Live, Reads
from trainer.rules._mesh.ends import check_name, missing
from trainer.rules._mesh.trial import ACCOUNT, Trial
from trainer.simulate.mesh.authorization import Request, path_matches
from trainer.simulate.names import parse_subject
from trainer.simulate.workloads import TEMPLATE_PATHS
from trainer.verdict import Outcome, Reason

if TYPE_CHECKING:
    from trainer.rules._mesh.trial import Tried
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
"""How many reasons and requests are reported."""


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"source": "from"}):
    """Requests that must be accepted."""

    source: str
    """The clients: `sa:shop/frontend` (every Pod with this ServiceAccount and a sidecar), `shop/app=web`."""
    port: int = 0
    """A port of the Pods of `to`; omitted: every port."""
    methods: tuple[str, ...] = ()
    """HTTP methods; omitted: every method."""
    paths: tuple[str, ...] = ()
    """Paths, as an AuthorizationPolicy writes them (`/api`, `/api/*`); omitted: every path."""

    def __post_init__(self) -> None:
        """Refuse unreadable names, so that a card's mistake shows when the card is loaded."""
        if not self.source.startswith(ACCOUNT):
            check_name(self.source)
            return
        try:
            parse_subject(self.source)
        except UsageError as error:
            raise ValueError(str(error)) from None

    def covers(self, port: int, request: Request) -> bool:
        """Whether it means this request, whoever sends it."""
        if self.port not in (0, port) or (self.methods and request.method not in self.methods):
            return False
        return not self.paths or any(path_matches(path, request.path) for path in self.paths)


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of the rule."""

    to: str
    """The servers: `shop/app=api`, `shop/*`."""
    allow: tuple[Row, ...] = ()
    """The requests that must be accepted."""
    ignore: tuple[Row, ...] = ()
    """Requests that this check ignores, whatever `rest` says."""
    rest: Literal["refused", "ignored"] = "ignored"
    """What must become of every other request to these Pods."""
    plaintext: Literal["refused", "ignored"] = "ignored"
    """What must become of requests that these rows mean, if they come in plaintext."""
    others: Literal["unchanged", "ignored"] = "ignored"
    """What must hold for requests to all other Pods."""

    def __post_init__(self) -> None:
        """A check must require something, of names that can be read."""
        check_name(self.to)
        if not self.allow and self.rest == "ignored" and self.others == "ignored":
            raise ValueError("a mesh-access check needs allow, rest or others")

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of `allow` and `ignore`."""
        return self.allow + self.ignore


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every request that has another outcome. Raises `UsageError` for a name without a Pod."""
    trial = Trial(world, params)
    if lost := missing(trial.cast, trial.names):
        return _missing(world, lost)
    reasons: dict[object, Reason] = {}
    evidence: dict[str, None] = {}
    for reason, proof in trial.findings():
        reasons.setdefault(reason.location or reason.message, reason)
        evidence[proof] = None
    return Outcome.of(list(reasons.values())[:MOST_REASONS], list(evidence)[:MOST_EVIDENCE])


def picture(world: World, params: Params) -> Picture:
    """Requests to the Pods, by client, path and port: accepted or refused, now and before the answer."""
    title = f"What {params.to} accepts"
    trial = Trial(world, params)
    if lost := missing(trial.cast, trial.names):
        return nothing_to_see(title, _missing(world, lost))
    rows: dict[str, PictureRow] = {}
    shown: set[object] = set()
    for tried in trial.outcomes():
        kind = (
            tried.call.source.title,
            tried.call.target.title,
            tried.call.port,
            tried.wanted,
            tried.is_wrong,
        )
        if kind not in shown:
            shown.add(kind)
            row = PictureRow(tried.title, (_cell(trial, tried),))
            if row.wrong or row.head not in rows:
                rows[row.head] = row
    if params.rest == "refused" and not any(row.wrong for row in rows.values()):
        rows["every other request"] = PictureRow("every other request", (Cell("refused", State.RIGHT),))
    if params.others == "unchanged":
        changed = [PictureRow(one.title, (_cell(trial, one),)) for one in trial.changes()]
        rows |= {row.head: row for row in changed}
        if not changed:
            rows["every other Pod"] = PictureRow("every other Pod", (Cell("unchanged", State.RIGHT),))
    return drawn(title, [""], sorted(rows.values(), key=lambda row: not row.wrong))


def _cell(trial: Trial, tried: Tried) -> Cell:
    word, was = tried.words
    if tried.wanted is None:
        return Cell(word, State.UNASKED, "" if word == was else was)
    place = trial.told(tried)[0].location if tried.is_wrong else None
    return asked(not tried.is_wrong, word, was, place)


def _missing(world: World, names: list[str]) -> Outcome:
    made = [one for one in world.answer if one.kind in TEMPLATE_PATHS]
    if not made:
        raise UsageError(f"nothing in this card's world matches {', '.join(names)}", remedy="fix the name")
    return Outcome.of([Reason(f"No Pod matches {name}.", made[0].where()) for name in names])
