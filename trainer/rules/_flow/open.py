"""Why a flow is open that should be closed: the line, the fact, and what to look at."""

from __future__ import annotations

from collections.abc import Iterator

from trainer.manifests.model import Manifest
from trainer.rules._flow.meant import key_of, meant_policies, of_answer
from trainer.rules._flow.words import block_path, end_words, entry_words, peer_words
from trainer.simulate.network.flows import Endpoint, Flow, Grant, Network, Side
from trainer.simulate.network.policy import Direction, Peer, Policy, is_network_policy
from trainer.simulate.network.ports import PortSet
from trainer.simulate.world import Refused, World
from trainer.verdict import Location, Reason


def why_open(
    world: World,
    network: Network,
    flow: Flow,
    asked: PortSet,
    focus: Direction | None = None,
    *,
    changed: bool = False,
) -> list[Reason]:
    """Reasons for a flow that is open and must not be; with `focus` only for that direction's end.

    `asked` are the pair's allowed ports: if there are some, the peer is right and the port is
    excess, unless another rule is the one for this peer. For an end with policies, the reason is the
    entry that lets the flow through; for one without, that it is open, with the policy that seems
    meant for it. With `changed`, the answer opened the flow: no rule was meant to deny it.
    """
    sides = [side for side in (flow.ingress, flow.egress) if side.endpoint.governed]
    if not sides:
        return _on_the_host(flow)
    sides = [side for side in sides if side.direction == focus] or sides
    found = []
    for side in sides:
        far = flow.source if side.direction == "ingress" else flow.target
        missed = [] if changed else list(_deny_misses(world, network, side, far, flow))
        found += missed
        if side.grants and not missed:
            grant = _to_tell(world, side.grants)
            ports = PortSet() if _is_for_others(network, side, grant, flow, asked) else asked
            found.append(_granted(world, network, grant, (far, flow.target), ports))
    return found + _ungoverned(world, network, [side for side in sides if not side.policies], not found)


def _on_the_host(flow: Flow) -> list[Reason]:
    """That no end is one that a policy could close: a Pod with the address of its node."""
    for end in (flow.target, flow.source):
        if end.pod is not None:
            where = end.pod.template.where("spec", "hostNetwork") if end.pod.template else None
            return [Reason(f"{end.title} is on the host network: no policy applies to it.", where)]
    return [Reason(f"No policy applies to {flow.target.title}.")]


def why_unauthenticated(flow: Flow) -> list[Reason]:
    """Reasons for a flow that is open without authentication: the rules that let it through."""
    grants = [
        grant for side in (flow.ingress, flow.egress) for grant in side.grants if grant.policy.is_cilium
    ]
    if not grants:
        return [
            Reason(
                f"No policy of Cilium requires {flow.source.title} and {flow.target.title} to authenticate."
            )
        ]
    grant = grants[0]
    mode = f"its mode is {grant.rule.authentication}" if grant.rule.authentication else "it sets no mode"
    message = f"This {grant.rule.section} rule doesn't require authentication: {mode}."
    return [Reason(message, grant.policy.where(grant.rule))]


def _deny_misses(world: World, network: Network, side: Side, far: Endpoint, flow: Flow) -> Iterator[Reason]:
    """Rules of the answer that deny something, but not this flow: why not."""
    answered = of_answer(world)
    for policy in network.applying(side.endpoint, side.direction):
        for rule in policy.rules(side.direction) or ():
            if not rule.section.endswith("Deny") or key_of(policy.manifest) not in answered:
                continue
            peers = rule.peers
            if peers == ():
                why = "names no peer and no port" if rule.entries is None else "names nobody"
            elif peers is not None and not any(
                network.admits(policy, peer, side.endpoint, far, address)
                for peer in peers
                for address in far.addresses
            ):
                why = f"doesn't cover {end_words(far)}"
            else:
                opened = rule.ports(flow.target.declared)
                why = f"only covers {opened}, not {flow.protocol} {flow.port}"
            yield Reason(f"This `{rule.section}` rule {why}.", policy.where(rule))


def _to_tell(world: World, grants: tuple[Grant, ...]) -> Grant:
    """The grant to report: one of the answer's policies before a given one."""
    answered = of_answer(world)
    return next((grant for grant in grants if key_of(grant.policy.manifest) in answered), grants[0])


def _granted(
    world: World, network: Network, grant: Grant, ends: tuple[Endpoint, Endpoint], asked: PortSet
) -> Reason:
    policy, rule, (far, target) = grant.policy, grant.rule, ends
    field, ports = rule.far, "toPorts" if policy.is_cilium else "ports"
    for refused in world.refused:
        if refused.manifest is not None and key_of(refused.manifest) == key_of(policy.manifest):
            message = f"The answer's {policy.title} is refused, so the existing one still applies."
            return Reason(message, _fault(refused))
    if key_of(policy.manifest) not in of_answer(world) and (other := _namesake(world, policy)):
        message = (
            f"{policy.title} still applies: the answer's NetworkPolicy {other.name} is in Namespace "
            f"{other.namespace}."
        )
        return Reason(message, other.where("metadata", "namespace"))
    if rule.peers is None and rule.entries is None:
        message = (
            f"This {rule.direction} rule has neither `{field}` nor `{ports}`: it allows everything. "
            "Rules are additive: no other rule narrows it."
        )
        return Reason(message, policy.where(rule))
    if asked and rule.entries is None:
        message = f"This {rule.direction} rule has no `{ports}`, so it opens every port."
        return Reason(f"{message} List only the required ports.", policy.where(rule))
    if asked and grant.port is not None and rule.entries is not None:
        opened = entry_words(rule.entries[grant.port], target)
        return Reason(
            f"This entry of `{ports}` opens {opened}, more than the task requires.",
            policy.where(rule, None, grant.port),
        )
    if rule.peers is None:
        message = f"This {rule.direction} rule has no `{field}` (or an empty one): it applies to every peer."
        return Reason(f"{message} List the peers in `{field}`.", policy.where(rule))
    return _peer_reason(network, grant, rule.peers, far)


def _is_for_others(network: Network, side: Side, grant: Grant, flow: Flow, asked: PortSet) -> bool:
    """Whether the rule has none of the ports that the pair may use, and another rule has all of them."""
    far = flow.source if side.direction == "ingress" else flow.target

    def admitted(policy: Policy, peers: tuple[Peer, ...] | None) -> bool:
        return peers is not None and any(
            network.admits(policy, peer, side.endpoint, far, address)
            for peer in peers
            for address in far.addresses
        )

    if not asked or asked & grant.rule.ports(flow.target.declared):
        return False
    return any(
        not asked - rule.ports(flow.target.declared) and admitted(policy, rule.peers)
        for policy in network.applying(side.endpoint, side.direction)
        for rule in policy.rules(side.direction) or ()
        if not rule.section.endswith("Deny")
    )


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
            f"Line {where.line} starts a second entry of `{rule.far}`: "
            "its selector alone is enough (OR). To require namespace and labels together, "
            "put both selectors into one entry (AND)."
        )
        return Reason(message, where)
    words = peer_words(policy, rule, peer)
    message = f"This entry of `{rule.far}` covers {words}, including {end_words(far)}."
    if peer.block is not None and peer.block.excepts and peer.block.span.low == 0:
        # A block of every address is there for its exceptions: one of them is missing or wrong.
        return Reason(message, policy.manifest.where(*block_path(policy, rule, peer), "except"))
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
        (slip, _ungoverned_fact(network, side))
        for side in sides
        for slip in meant_policies(world, network, side.endpoint, side.direction)
    ]
    if not certain or any(slip.sure for slip, _ in slips):
        slips = [pair for pair in slips if pair[0].sure]
    if slips:
        return [Reason(f"{fact}: {slip.fact}.", slip.location) for slip, fact in slips]
    if not sides or not certain:
        return []
    fact = _ungoverned_fact(network, sides[0])
    for refused in world.refused:
        if refused.manifest is not None and refused.manifest.kind.endswith("NetworkPolicy"):
            return [Reason(f"{fact}: {refused.manifest.title} is refused.", _fault(refused))]
    return [Reason(f"{fact}.")]


def _fault(refused: Refused) -> Location | None:
    """Where a document is refused: its first error."""
    own = refused.manifest.where() if refused.manifest is not None else None
    return next((one.location for one in refused.problems if one.location is not None), own)


def _ungoverned_fact(network: Network, side: Side) -> str:
    way = "into" if side.direction == "ingress" else "out of"
    kind = "policy" if network.is_cilium else "NetworkPolicy"
    return f"No {kind} applies to traffic {way} {side.endpoint.title}, so all of it is allowed"
