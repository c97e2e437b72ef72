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

from typing import TYPE_CHECKING, Literal

import msgspec

from trainer.match.target import WORKLOAD
from trainer.picture import Picture, nothing_to_see
from trainer.rules import Live, Reads
from trainer.rules._flow.blocked import Meant, why_blocked, why_lost
from trainer.rules._flow.judged import Violation, examined, order
from trainer.rules._flow.open import why_open, why_unauthenticated
from trainer.rules._flow.words import opening, sample_port
from trainer.simulate.network.ends import Row
from trainer.simulate.network.flows import Flow, Network
from trainer.simulate.network.ports import ALL
from trainer.verdict import Location, Outcome, Reason

if TYPE_CHECKING:
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


def judge(world: World, params: Params) -> Outcome:
    """Judge one check. Raises `UsageError` for a name that matches nothing in the card's own world."""
    found = examined(world, params)
    if isinstance(found, Outcome):
        return found
    return _outcome(world, found.after, sorted(found.violations(), key=order), found.meant())


def picture(world: World, params: Params) -> Picture:
    """Which Pods and addresses reach which, on which ports, with the answer and before it."""
    from trainer.rules._flow.picture import flow_picture

    found = examined(world, params)
    if isinstance(found, Outcome):
        return nothing_to_see("Flows", found)

    def place(one: Violation) -> Location | None:
        flow = found.after.flow(one.source, one.target, *sample_port(one.ports, one.target))
        reasons = _why(world, found.after, flow, one, found.meant())
        return next((reason.location for reason in reasons if reason.location), None)

    return flow_picture(found, place)


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
        return why_open(world, network, flow, one.asked, one.focus, changed=one.changed)
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
