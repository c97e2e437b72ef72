"""What a subject may do: its requests as a table of resources and verbs, and its ways to escalate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from trainer.picture import Cell, Picture, Row, State, asked, drawn
from trainer.rules._access.changes import lost
from trainer.rules._access.entries import (
    Case,
    by_name,
    effects,
    new_cluster,
    subject_grants,
)
from trainer.rules._access.unmet import unmet
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.defaults import BUILT_IN, default_policy
from trainer.simulate.access.requests import Request
from trainer.verdict import Location

if TYPE_CHECKING:
    from trainer.rules.rbac_access import Params
    from trainer.simulate.access.escalation import Chain

MOST_OF_A_RULE = 60
"""How many requests of one granted rule are shown."""
MOST_REQUESTS = 1500
"""How many requests of a check are looked at."""

_VERBS = ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection")


def access_picture(case: Case, params: Params, excess: Iterable[Request], chains: Sequence[Chain]) -> Picture:
    """The requests that the check names, those that the subject is granted, and each that is wrong.

    `excess` are the requests that `rest` finds wrong, `chains` the escalations that were found.
    """
    drawing = _Drawing(case, params)
    for entry in params.allow:
        drawing.ask(case.requests(entry), allowed=True)
    for entry in params.deny:
        drawing.ask(case.requests(entry), allowed=False)
        drawing.ask((request for _, request in by_name(case, entry, params.allow)), allowed=False)
    if params.rest != "ignored":
        drawing.ask_rest(excess)
    return drawing.picture(chains)


def escalation_rows(chains: Sequence[Chain]) -> list[Row]:
    """Each chain as a branch: the steps, and at its end what they lead to."""
    rows = []
    for chain in chains:
        steps = list(chain.steps)
        for depth, step in enumerate(steps):
            last = step is steps[-1]
            cell = Cell(f"leads to {chain.gains}", State.WRONG, "", steps[0].location)
            rows.append(Row(step.by, (cell,) if last else (), depth + 1))
    return rows or [Row("no way found", (Cell("none", State.RIGHT),), 1)]


class _Drawing:
    """The cells so far, by what a request is about and its verb."""

    def __init__(self, case: Case, params: Params) -> None:
        self.case, self.params = case, params
        self.before = Authorizer((*default_policy(), *case.world.given))
        self.cells: dict[str, dict[str, Cell]] = {}
        self.is_wrong_rest = False

    def ask(self, requests: Iterable[Request], *, allowed: bool) -> None:
        """Cells for requests that must be allowed, or denied."""
        for request in islice(requests, MOST_REQUESTS):
            access = self.case.authorizer.decide(request)
            right = access.allowed is allowed
            where = None
            if not right:
                granted = self.case.place_of(access.grant) if access.grant is not None else None
                where = granted or unmet(self.case, request, access).location
            self.put(request, self.cell(request, right, where))

    def ask_rest(self, excess: Iterable[Request]) -> None:
        """Cells for whatever else the subject is granted, and for what it lost."""
        is_right = self._denied if self.params.rest == "denied" else self._as_before
        for request in excess:
            self.is_wrong_rest = True
            self.put(request, self.cell(request, False, self.place(request)))
        for grant in subject_grants(self.case):
            if grant.binding.document.file == BUILT_IN == grant.rule.location.file:
                continue
            for request in islice(effects(self.case, grant), MOST_OF_A_RULE):
                self.put(request, self._of_rest(request, is_right))

    def _of_rest(self, request: Request, is_right: Callable[[Request], bool | None]) -> Cell:
        right = is_right(request)
        if right is None:
            return Cell(self.word(self.case.authorizer, request), State.UNASKED, self.was(request))
        return self.cell(request, right, None if right else self.place(request))

    def put(self, request: Request, cell: Cell) -> None:
        """Keep a cell; what is wrong wins, else what came first."""
        row = self.cells.setdefault(what(request), {})
        known = row.get(request.verb)
        if known is None or (cell.state is State.WRONG and known.state is not State.WRONG):
            row[request.verb] = cell

    def cell(self, request: Request, right: bool, where: Location | None) -> Cell:
        """Whether the request is allowed, and was."""
        word = self.word(self.case.authorizer, request)
        return asked(right, word, self.was(request), where)

    def word(self, authorizer: Authorizer, request: Request) -> str:
        return "allowed" if authorizer.decide(request).allowed else "denied"

    def was(self, request: Request) -> str:
        word = self.word(self.before, request)
        return "" if word == self.word(self.case.authorizer, request) else word

    def place(self, request: Request) -> Location | None:
        """Where it is decided that a request is allowed, or that it no longer is."""
        grant = self.case.authorizer.decide(request).grant
        if grant is not None:
            return self.case.place_of(grant)
        places = (one.reason.location for one in lost(self.case, self.before, self.params.deny))
        return next((place for place in places if place), None)

    def _denied(self, request: Request) -> bool | None:
        if any(entry.allows(request) for entry in self.params.allow):
            return True
        return None if new_cluster().decide(request).allowed else False

    def _as_before(self, request: Request) -> bool:
        """A granted request is allowed now: it must have been before, or be required."""
        before = self.before.decide(request).allowed
        return before or any(entry.allows(request) for entry in self.params.allow)

    def picture(self, chains: Sequence[Chain]) -> Picture:
        """All cells; below them what else the check requires."""
        who = self.case.identity.title
        verbs = {verb: None for row in self.cells.values() for verb in row}
        order = sorted(verbs, key=lambda verb: _VERBS.index(verb) if verb in _VERBS else len(_VERBS))
        rows = [
            Row(head, tuple(cells.get(verb, Cell("")) for verb in order))
            for head, cells in self.cells.items()
        ]
        if self.params.rest != "ignored" and not self.is_wrong_rest:
            words = {"denied": "denied", "unchanged": "unchanged", "no-more": "no more than before"}
            rows.append(Row("everything else", (Cell(words[self.params.rest], State.RIGHT),)))
        if self.params.escalation == "ignored":
            return drawn(f"What {who} may do", order or [""], rows)
        if not rows:
            return drawn(f"Privilege escalation by {who}", [""], escalation_rows(chains), "tree")
        empty = tuple(Cell("") for _ in order)
        gains = [(str(chain), f"leads to {chain.gains}", chain.steps[0].location) for chain in chains]
        rows += [
            Row(f"privilege escalation: {steps}", (*empty, Cell(gain, State.WRONG, "", where)))
            for steps, gain, where in gains
        ] or [Row("privilege escalation", (*empty, Cell("none", State.RIGHT)))]
        return drawn(f"What {who} may do", [*order, "leads to"], rows)


def what(request: Request) -> str:
    """What a request is about, without its subject and verb: `secrets in prod`, `/healthz`."""
    return request.title.removeprefix(f"{request.subject.title}: {request.verb} ")
