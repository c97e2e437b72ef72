"""Why a flow is open that should be closed: the line, the fact, and what to look at."""

from __future__ import annotations

from trainer.manifests.model import Manifest
from trainer.rules._flow.meant import key_of, meant_policies, of_answer
from trainer.rules._flow.words import FAR, end_words, entry_words, peer_words
from trainer.simulate.network.flows import Endpoint, Flow, Grant, Network, Side
from trainer.simulate.network.policy import Direction, Peer, Policy, is_network_policy
from trainer.simulate.network.ports import PortSet
from trainer.simulate.world import World
from trainer.verdict import Reason


def why_open(
    world: World, network: Network, flow: Flow, asked: PortSet, focus: Direction | None = None
) -> list[Reason]:
    """Reasons for a flow that is open and must not be; with `focus` only for that direction's end.

    `asked` are the pair's allowed ports: if there are some, the peer is right and the port is
    excess. For an end with policies, the reason is the entry that lets the flow through; for one
    without, that it is open, with the policy that seems meant for it.
    """
    sides = [side for side in (flow.ingress, flow.egress) if side.endpoint.governed]
    sides = [side for side in sides if side.direction == focus] or sides
    found = []
    for side in sides:
        if side.grants:
            far = flow.source if side.direction == "ingress" else flow.target
            found.append(_granted(world, network, _to_tell(world, side.grants), (far, flow.target), asked))
    return found + _ungoverned(world, network, [side for side in sides if not side.policies], not found)


def _to_tell(world: World, grants: tuple[Grant, ...]) -> Grant:
    """The grant to report: one of the answer's policies before a given one."""
    answered = of_answer(world)
    return next((grant for grant in grants if key_of(grant.policy.manifest) in answered), grants[0])


def _granted(
    world: World, network: Network, grant: Grant, ends: tuple[Endpoint, Endpoint], asked: PortSet
) -> Reason:
    policy, rule, (far, target) = grant.policy, grant.rule, ends
    field = FAR[rule.direction]
    for refused in world.refused:
        if refused.manifest is not None and key_of(refused.manifest) == key_of(policy.manifest):
            message = f"The answer's {policy.title} is refused, so the existing one still applies."
            return Reason(message, refused.manifest.where())
    if key_of(policy.manifest) not in of_answer(world) and (other := _namesake(world, policy)):
        message = (
            f"{policy.title} still applies: the answer's NetworkPolicy {other.name} is in Namespace "
            f"{other.namespace}."
        )
        return Reason(message, other.where("metadata", "namespace"))
    if rule.peers is None and rule.entries is None:
        message = (
            f"This {rule.direction} rule has neither `{field}` nor `ports`: it allows everything. "
            "Rules are additive: no other rule narrows it."
        )
        return Reason(message, policy.where(rule))
    if asked and rule.entries is None:
        message = f"This {rule.direction} rule has no `ports`, so it opens every port."
        return Reason(f"{message} List only the required ports.", policy.where(rule))
    if asked and grant.port is not None and rule.entries is not None:
        opened = entry_words(rule.entries[grant.port], target)
        return Reason(
            f"This entry of `ports` opens {opened}, more than the task requires.",
            policy.where(rule, None, grant.port),
        )
    if rule.peers is None:
        message = f"This {rule.direction} rule has no `{field}` (or an empty one): it applies to every peer."
        return Reason(f"{message} List the peers in `{field}`.", policy.where(rule))
    return _peer_reason(network, grant, rule.peers, far)


def _namesake(world: World, policy: Policy) -> Manifest | None:
    """A policy of the answer with the same name in another namespace."""
    mine = (one for one in world.answer if is_network_policy(one) and one.name == policy.manifest.name)
    return next((one for one in mine if one.namespace != policy.namespace), None)


def _peer_reason(network: Network, grant: Grant, peers: tuple[Peer, ...], far: Endpoint) -> Reason:
    policy, rule, peer = grant.policy, grant.rule, peers[grant.peer or 0]
    second = _split_entry(network, peers, peer, far)
    if second is not None:
        where = policy.where(rule, second)
        message = (
            f"Line {where.line} starts a second entry of `{FAR[rule.direction]}`: "
            "its selector alone is enough (OR). To require namespace and labels together, "
            "put both selectors into one entry (AND)."
        )
        return Reason(message, where)
    words = peer_words(policy, rule, peer)
    message = f"This entry of `{FAR[rule.direction]}` covers {words}, including {end_words(far)}."
    if peer.block is not None and peer.block.excepts and peer.block.span.low == 0:
        # A block of every address is there for its exceptions: one of them is missing or wrong.
        path = ("spec", rule.direction, rule.index, FAR[rule.direction], peer.index, "ipBlock", "except")
        return Reason(message, policy.manifest.where(*path))
    return Reason(message, policy.where(rule, peer.index))


def _split_entry(network: Network, peers: tuple[Peer, ...], peer: Peer, far: Endpoint) -> int | None:
    """The later of two adjacent entries that, merged into one, would not cover `far`."""
    pod = far.pod
    if pod is None or peer.block is not None:
        return None
    for other in peers:
        if abs(other.index - peer.index) != 1:
            continue
        spaces, labels = (peer, other) if peer.namespaces is not None else (other, peer)
        if spaces.namespaces is None or spaces.pods is None or not spaces.pods.everything:
            continue
        if spaces.namespaces.everything:  # merged, it would still apply to every namespace
            continue
        if labels.namespaces is not None or labels.pods is None:
            continue
        together = Peer(0, labels.pods, spaces.namespaces)
        if not together.selects(False, network.namespace_labels(pod.namespace), pod.labels):
            return max(peer.index, other.index)
    return None


def _ungoverned(world: World, network: Network, sides: list[Side], certain: bool) -> list[Reason]:
    """That no policy applies to these ends. Not `certain`: only if a policy was surely meant to."""
    slips = [
        (slip, _ungoverned_fact(side))
        for side in sides
        for slip in meant_policies(world, network, side.endpoint, side.direction)
    ]
    if not certain or any(slip.sure for slip, _ in slips):
        slips = [pair for pair in slips if pair[0].sure]
    if slips:
        return [Reason(f"{fact}: {slip.fact}.", slip.location) for slip, fact in slips]
    if not sides or not certain:
        return []
    fact = _ungoverned_fact(sides[0])
    for refused in world.refused:
        if refused.manifest is not None and refused.manifest.kind == "NetworkPolicy":
            return [Reason(f"{fact}: {refused.manifest.title} is refused.", refused.manifest.where())]
    return [Reason(f"{fact}.")]


def _ungoverned_fact(side: Side) -> str:
    way = "into" if side.direction == "ingress" else "out of"
    return f"No NetworkPolicy applies to traffic {way} {side.endpoint.title}, so all of it is allowed"
