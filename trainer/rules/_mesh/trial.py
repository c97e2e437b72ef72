"""Everybody, and everything that is tried, for a check of what the sidecars of a mesh accept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from trainer.rules._mesh.access_words import blocked_reason, caught_reason, open_reason, request_evidence
from trainer.rules._mesh.ends import OUTSIDE, UNSEEN_PORT, Cast, unseen_service
from trainer.rules._mesh.requests import Probes, accounts_of, probes, spans_of
from trainer.simulate.mesh.authorization import Request
from trainer.simulate.mesh.sidecars import account_of
from trainer.simulate.names import parse_subject
from trainer.simulate.network.addresses import outside_samples
from trainer.verdict import Reason

if TYPE_CHECKING:
    from trainer.rules.mesh_access import Params
    from trainer.simulate.mesh.calls import Answer, Call, Connection, Mesh
    from trainer.simulate.mesh.peers import Effective
    from trainer.simulate.network.flows import Endpoint
    from trainer.simulate.network.pods import Pod
    from trainer.simulate.world import World

ACCOUNT = "sa:"

Finding = tuple[Reason, str]


class Tried(msgspec.Struct, frozen=True, eq=False):
    """A request, and what must become of it (`wanted`: accepted or not; None if that is open)."""

    number: int
    """Of the call, from 1; 0 for a request to another Pod."""
    call: Call
    request: Request
    cast: Cast
    found: Connection
    wanted: bool | None
    is_change: bool = False
    """Whether it must have the outcome that it had before the answer."""

    @property
    def answer(self) -> Answer:
        """What becomes of it."""
        return _answer(self.found, self.request, explain=False)

    @property
    def explained(self) -> Answer:
        """The same, with what decides."""
        return _answer(self.found, self.request)

    @property
    def is_wrong(self) -> bool:
        """Whether something else becomes of it than must."""
        return self.wanted is not None and self.wanted != self.answer.accepted

    @property
    def title(self) -> str:
        """The request in words, who sends it first: `shop/web: GET /api to shop/api, port 8080`."""
        call, request = self.call, self.request
        port = "every other port" if call.port == UNSEEN_PORT else f"port {call.port}"
        header = f" with {request.header[0]}: {request.header[1]}" if request.header else ""
        way = "" if call.service is not None else ", at the Pod's address"
        what = f"{request.method} {request.path}{header}"
        return f"{call.source.title}: {what} to {call.target.title}, {port}{way}"

    @property
    def words(self) -> tuple[str, str]:
        """The outcome now and before the answer, each in words."""
        before = self.cast.before.connect(self.call)
        return _word(self.answer), _word(_answer(before, self.request, explain=False))


class Trial:
    """Everybody, and everything that is tried, for one check."""

    def __init__(self, world: World, params: Params) -> None:
        self.world, self.params = world, params
        self.names = [params.to, *(row.source for row in params.rows if not row.source.startswith(ACCOUNT))]
        self.cast = Cast(world, self.names, self._accounts)
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
        self.targets = self.cast.named(params.to)
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
        told: set[object] = set()
        for tried in self.outcomes():
            if tried.is_wrong:
                key = (tried.number, tried.wanted, tried.explained.location)
                if key not in told:
                    told.add(key)
                    yield self.told(tried)
        for tried in self.changes():
            yield self.told(tried)

    def outcomes(self) -> Iterator[Tried]:
        """What becomes of the requests to the Pods of `to`, from one client of each kind."""
        if not self.params.allow and self.params.rest != "refused":
            return
        seen: set[object] = set()
        for target in self._servers(self.targets):
            for call in self._calls(target):
                found = self.cast.after.connect(call)
                kind = self._kind(call, found)
                if kind in seen:
                    continue
                seen.add(kind)
                for request in self._requests(call, found):
                    wanted = self._wanted(call, request, mutual=found.answer.mutual)
                    yield Tried(len(seen), call, request, self.cast, found, wanted)

    def changes(self) -> Iterator[Tried]:
        """Of each call to other Pods, the first request that has another outcome than before."""
        if self.params.others != "unchanged":
            return
        mine = {id(end) for end in self.targets}
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

    def _changed(self, call: Call) -> Iterator[Tried]:
        now, old = self.cast.after.connect(call), self.cast.before.connect(call)
        if now.policies == old.policies == () and now.answer.accepted == old.answer.accepted:
            return
        for request in self._requests(call, now if now.request is not None else old):
            tried = Tried(0, call, request, self.cast, now, None, is_change=True)
            was = _answer(old, request, explain=False).accepted
            if tried.answer.accepted != was:
                yield msgspec.structs.replace(tried, wanted=was)
                return

    def _excess(self, call: Call, request: Request) -> str:
        """The only part of a request that no row of its client has, as policies name it; empty if several."""
        for row, clients in zip(self.params.rows, self.of_row, strict=True):
            if id(call.source) in clients:
                for part, value in (
                    ("ports", {"port": 0}),
                    ("methods", {"methods": ()}),
                    ("paths", {"paths": ()}),
                ):
                    if msgspec.structs.replace(row, **value).covers(call.port, request):
                        return part
        return ""

    def told(self, tried: Tried) -> Finding:
        """Why a request that is wrong has its outcome, and what shows it."""
        call, request, answer = tried.call, tried.request, tried.explained
        if answer.accepted:
            asked = any(row.covers(call.port, request) for row in self.params.rows)
            side, excess = ("from", "") if asked else ("to", self._excess(call, request))
            reason = open_reason(self.world, self.cast, call, answer, side, excess)
        else:
            caught = caught_reason(self.world, call, answer) if tried.is_change else None
            reason = caught or blocked_reason(self.world, call, request, answer)
        return reason, request_evidence(call, request, answer, changed=tried.is_change)


def _answer(found: Connection, request: Request, *, explain: bool = True) -> Answer:
    """What becomes of a request over a connection."""
    return found.ask(request, explain=explain) if found.request is not None else found.answer


def _word(answer: Answer) -> str:
    if not answer.accepted:
        return "refused"
    return "accepted, mutual TLS" if answer.mutual else "accepted, plaintext"
