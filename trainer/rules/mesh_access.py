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

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from trainer.errors import UsageError
from trainer.match.target import WORKLOAD
from trainer.rules import Live, Reads
from trainer.rules._mesh.access_words import blocked_reason, caught_reason, open_reason, request_evidence
from trainer.rules._mesh.ends import OUTSIDE, Cast, check_name, missing, unseen_service
from trainer.rules._mesh.requests import Probes, accounts_of, probes, spans_of
from trainer.simulate.mesh.authorization import Request, path_matches
from trainer.simulate.mesh.sidecars import account_of
from trainer.simulate.names import parse_subject
from trainer.simulate.network.addresses import outside_samples
from trainer.simulate.workloads import TEMPLATE_PATHS
from trainer.verdict import Outcome, Reason

if TYPE_CHECKING:
    from trainer.simulate.mesh.calls import Answer, Call, Connection, Mesh
    from trainer.simulate.mesh.peers import Effective
    from trainer.simulate.network.flows import Endpoint
    from trainer.simulate.network.pods import Pod
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
ACCOUNT = "sa:"


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


Finding = tuple[Reason, str]


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every request that has another outcome. Raises `UsageError` for a name without a Pod."""
    trial = _Trial(world, params)
    names = [params.to, *(row.source for row in params.rows if not row.source.startswith(ACCOUNT))]
    lost = missing(trial.cast, names)
    if lost:
        return _missing(world, lost)
    reasons: dict[object, Reason] = {}
    evidence: dict[str, None] = {}
    for reason, proof in trial.findings():
        reasons.setdefault(reason.location or reason.message, reason)
        evidence[proof] = None
    return Outcome.of(list(reasons.values())[:MOST_REASONS], list(evidence)[:MOST_EVIDENCE])


class _Trial:
    """Everybody, and everything that is tried, for one check."""

    def __init__(self, world: World, params: Params) -> None:
        self.world, self.params = world, params
        names = [params.to, *(row.source for row in params.rows if not row.source.startswith(ACCOUNT))]
        self.cast = Cast(world, names, self._accounts)
        meshes = (self.cast.after, self.cast.before)
        methods = [method for row in params.rows for method in row.methods]
        paths = [path for row in params.rows for path in row.paths]
        policies = [policy for mesh in meshes for policy in mesh.access]
        self.probes: Probes = probes(policies, methods, paths)
        self.spans = spans_of(policies)
        network = self.cast.after.network
        samples = outside_samples(self.spans, network.taken(), {4})
        self.outside = [network.at(address) for address in samples]
        own = (row.port for row in params.rows if row.port)
        heard = dict.fromkeys((*self.cast.ports(), *own))
        # Pods don't listen on the port of their Service, so a policy that names it opens nothing.
        fronts = {entry.port for service in self.cast.after.network.services for entry in service.ports}
        self.ports = tuple(heard | dict.fromkeys(port for port in self.probes.ports if port not in fronts))
        self.sources = self._distinct([*self.cast.everybody, *self.outside])
        self.of_row = [{id(end) for end in self._clients(row.source)} for row in params.rows]

    def _accounts(self, meshes: Sequence[Mesh]) -> list[tuple[str, str]]:
        """The ServiceAccounts that the check and policies name."""
        found = [
            (subject.namespace, subject.name)
            for row in self.params.rows
            if row.source.startswith(ACCOUNT)
            for subject in [parse_subject(row.source)]
        ]
        found += [pair for mesh in meshes for pair in accounts_of(mesh.access)]
        return list(dict.fromkeys(pair for pair in found if pair[1]))

    def _clients(self, source: str) -> list[Endpoint]:
        if source == OUTSIDE:
            return self.outside
        if not source.startswith(ACCOUNT):
            return self.cast.named(source)
        subject = parse_subject(source)
        return [
            end
            for end in self.cast.everybody
            if end.pod is not None
            and (end.pod.namespace, account_of(end.pod)) == (subject.namespace, subject.name)
            and self.cast.after.sidecar(end.pod).present
        ]

    def _distinct(self, ends: Sequence[Endpoint]) -> list[Endpoint]:
        """One client of each kind that policies can tell apart, and each that a row or an address names."""
        named = {
            id(end)
            for row in self.params.rows
            if not row.source.startswith(ACCOUNT)
            for end in self._clients(row.source)
        }
        kinds: dict[object, Endpoint] = {}
        for end in ends:
            pod = end.pod
            known = pod is not None and self.cast.after.sidecar(pod).present
            who = (pod.namespace, account_of(pod)) if pod and known else None
            kinds.setdefault((who, self._seen_from(end), id(end) if id(end) in named else 0), end)
        return list(kinds.values())

    def _seen_from(self, end: Endpoint) -> tuple[bool, ...]:
        """Which ranges of addresses that policies name cover a client."""
        return tuple(end.addresses[0] in span for span in self.spans)

    def _servers(self, ends: Iterable[Endpoint]) -> list[Endpoint]:
        """One server of each kind: with the same policies, modes and Services."""
        kinds: dict[object, Endpoint] = {}
        for end in ends:
            pod = end.pod
            if pod is not None:
                meshes = (self.cast.after, self.cast.before)
                policies = tuple(id(policy) for mesh in meshes for policy in mesh.policies_for(pod))
                modes = tuple(mode and mode.mode for mesh in meshes for mode in self._modes(mesh, pod))
                services = tuple(
                    (id(service), number)
                    for port in self.ports
                    for service, number in self.cast.after.services_to(pod, port)
                )
                kinds.setdefault((pod.namespace, policies, modes, services), end)
        return list(kinds.values())

    def _modes(self, mesh: Mesh, pod: Pod) -> Iterator[Effective | None]:
        return (mesh.mode(pod, port) for port in self.ports)

    def findings(self) -> Iterator[Finding]:
        """Every request that doesn't have its outcome, one of each kind."""
        targets = self.cast.named(self.params.to)
        if self.params.allow or self.params.rest == "refused":
            seen: set[object] = set()
            for target in self._servers(targets):
                for call in self._calls(target):
                    found = self.cast.after.connect(call)
                    kind = self._kind(call, found)
                    if kind not in seen:
                        seen.add(kind)
                        yield from self._judged(call, found)
        if self.params.others == "unchanged":
            mine = {id(end) for end in targets}
            for target in self._servers(end for end in self.cast.everybody if id(end) not in mine):
                for call in self._calls(target):
                    yield from self._changed(call)

    def _kind(self, call: Call, found: Connection) -> object:
        """What policies and rows can see of a connection."""
        request, answer = found.request, found.answer
        who = (request.principal if request else "", self._seen_from(call.source))
        place = (call.service.namespace, call.service.name, call.service_port) if call.service else ()
        rows = tuple(id(call.source) in clients for clients in self.of_row)
        return id(call.target), call.port, who, answer.accepted, answer.mutual, place, rows

    def _calls(self, target: Endpoint) -> Iterator[Call]:
        """The calls of every client to a Pod, through Services and directly."""
        from trainer.simulate.mesh.calls import Call

        for port in self.ports:
            through = self.cast.after.services_to(target.pod, port) if target.pod else []
            through = through or [(unseen_service(target, port), port)]
            for source in self.sources:
                if source.pod is None or source.pod is not target.pod:
                    for service, number in through:
                        yield Call(source, target, port, service, number)
                    yield Call(source, target, port)

    def _requests(self, call: Call, found: Connection) -> Iterator[Request]:
        if found.request is not None:
            yield from self.probes.requests(found.request, call)
        else:
            blank = Request("", "", False, call.source.addresses[0], call.target.addresses[0], call.port)
            yield from self.probes.requests(blank, call)

    def _judged(self, call: Call, found: Connection) -> Iterator[Finding]:
        told: set[tuple[bool, object]] = set()
        for request in self._requests(call, found):
            wanted = self._wanted(call, request, mutual=found.answer.mutual)
            if wanted is None or wanted == _answer(found, request, explain=False).accepted:
                continue
            answer = _answer(found, request)
            key = (wanted, answer.location)
            if key not in told:
                told.add(key)
                yield self._told(call, request, answer)

    def _wanted(self, call: Call, request: Request, *, mutual: bool) -> bool | None:
        """Whether a request must be accepted; None if that is open."""
        pairs = zip(self.params.rows, self.of_row, strict=True)
        mine = [
            row for row, clients in pairs if id(call.source) in clients and row.covers(call.port, request)
        ]
        if not mine:
            return False if self.params.rest == "refused" else None
        if self.params.plaintext == "refused" and not mutual and call.service is None:
            return False
        return True if call.service is not None and any(row in self.params.allow for row in mine) else None

    def _changed(self, call: Call) -> Iterator[Finding]:
        now, old = self.cast.after.connect(call), self.cast.before.connect(call)
        if now.policies == old.policies == () and now.answer.accepted == old.answer.accepted:
            return
        for request in self._requests(call, now if now.request is not None else old):
            answer, was = (_answer(one, request, explain=False) for one in (now, old))
            if answer.accepted != was.accepted:
                yield self._told(call, request, _answer(now, request), changed=True)
                return

    def _told(self, call: Call, request: Request, answer: Answer, *, changed: bool = False) -> Finding:
        if answer.accepted:
            asked = any(row.covers(call.port, request) for row in self.params.rows)
            reason = open_reason(self.world, self.cast, call, answer, "from" if asked else "to")
        else:
            caught = caught_reason(self.world, call, answer) if changed else None
            reason = caught or blocked_reason(self.world, call, request, answer)
        return reason, request_evidence(call, request, answer, changed=changed)


def _answer(found: Connection, request: Request, *, explain: bool = True) -> Answer:
    """What becomes of a request over a connection."""
    return found.ask(request, explain=explain) if found.request is not None else found.answer


def _missing(world: World, names: list[str]) -> Outcome:
    made = [one for one in world.answer if one.kind in TEMPLATE_PATHS]
    if not made:
        raise UsageError(f"nothing in this card's world matches {', '.join(names)}", remedy="fix the name")
    return Outcome.of([Reason(f"No Pod matches {name}.", made[0].where()) for name in names])
