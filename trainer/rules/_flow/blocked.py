"""Why a flow is blocked that should be open: the nearest miss, and what to look at."""

from __future__ import annotations

from collections.abc import Iterator

from trainer.rules._flow.meant import key_of, meant_policies, of_answer
from trainer.rules._flow.words import block_path, end_words, label_words, peer_words, selector_words
from trainer.simulate.network.addresses import parse_cidr
from trainer.simulate.network.flows import NAME_LABEL, Endpoint, Flow, Grant, Network, Side
from trainer.simulate.network.policy import Direction, Peer, Policy, PortEntry, Rule
from trainer.simulate.network.ports import NONE
from trainer.simulate.world import World
from trainer.verdict import Reason

_OTHER: dict[Direction, Direction] = {"ingress": "egress", "egress": "ingress"}
Meant = frozenset[tuple[Direction, int]]
"""Ends (their IDs) that the check is about, by direction: a policy that selects them there is no mistake."""


def why_blocked(world: World, network: Network, flow: Flow, meant: Meant = frozenset()) -> list[Reason]:
    """Reasons for a flow that is blocked and must not be: at least one for each end that blocks."""
    found = []
    for side in (flow.egress, flow.ingress):
        if not side.allowed:
            far = flow.source if side.direction == "ingress" else flow.target
            if side.denials:
                found.append(_denied(side.denials[0], far))
                continue
            caught = _caught(world, side, meant)
            if caught is not None and not _means_this_port(network, side, far, flow):
                found.append(caught)
                continue
            found += list(_misses(network, side, far, flow)) or [_nothing_matches(side, far)]
            found += [
                Reason(f"{_upper(slip.fact)}: what it allows doesn't apply here.", slip.location)
                for slip in meant_policies(world, network, side.endpoint, side.direction)
                if slip.policy.manifest.get("spec", side.direction)
            ]
    return found


def why_lost(world: World, network: Network, flow: Flow, meant: Meant = frozenset()) -> list[Reason]:
    """Reasons for a flow that was open, and that the answer should not have changed."""
    answered = of_answer(world)
    found = []
    for side in (flow.egress, flow.ingress):
        if side.denials:
            found.append(
                _denied(side.denials[0], flow.source if side.direction == "ingress" else flow.target)
            )
            continue
        mine = [policy for policy in side.policies if key_of(policy.manifest) in answered]
        if side.allowed or not mine:
            continue
        if not any(policy.rules(side.direction) for policy in side.policies):
            found.append(_nothing_matches(side, flow.source))
            continue
        if _is_meant(side, meant):
            continue
        if caught := _other_way(side, mine, meant) or _caught(world, side, meant):
            found.append(caught)
            continue
        policy, kind = mine[0], side.direction.capitalize()
        message = (
            f"The {policy.selected_by} of {policy.title} ({selector_words(policy.selector)}) also selects "
            f"{side.endpoint.title}, so {kind} there is denied unless a rule allows it."
        )
        found.append(Reason(message, policy.where()))
    return found or why_blocked(world, network, flow, meant)


def _is_meant(side: Side, meant: Meant) -> bool:
    """Whether the check is about this end, in this direction."""
    return (side.direction, id(side.endpoint)) in meant


def _other_way(side: Side, mine: list[Policy], meant: Meant) -> Reason | None:
    """That the check is about this end in the other direction only, which `policyTypes` miss."""
    policy = next((one for one in mine if one.rules(side.direction) is not None), None)
    if policy is None or (_OTHER[side.direction], id(side.endpoint)) not in meant:
        return None
    message = (
        f"{policy.title} governs {side.endpoint.title} for {side.direction.capitalize()} as well: "
        f"no {side.direction} rule lets this through."
    )
    return Reason(message, policy.field(side.direction if policy.is_cilium else "policyTypes"))


def _denied(denial: Grant, far: Endpoint) -> Reason:
    """That a rule forbids a flow, whatever others allow."""
    policy, rule = denial.policy, denial.rule
    if not rule.section.endswith("Deny"):
        message = f"With `authentication.mode: {rule.authentication}` nothing of {far.title} gets through."
        return Reason(message, policy.where(rule))
    words = "every peer"
    if rule.peers and denial.peer is not None:
        words = peer_words(policy, rule, rule.peers[denial.peer])
    message = f"This `{rule.section}` rule covers {words}, including {end_words(far)}."
    message += " What a rule denies stays denied."
    return Reason(message, denial.location)


def _caught(world: World, side: Side, meant: Meant) -> Reason | None:
    """That an empty podSelector closes this Pod, too: of a policy with rules, so not of a deny-all.

    Nothing if a given policy closes it in any case.
    """
    answered = of_answer(world)
    mine = [policy for policy in side.policies if key_of(policy.manifest) in answered]
    if _is_meant(side, meant) or not mine or not all(policy.selector.everything for policy in mine):
        return None
    if len(mine) < len(side.policies):
        return None
    policy = next((one for one in mine if one.ingress or one.egress), None)
    if policy is None:
        return None
    message = (
        f"`{policy.selected_by}: {{}}` of {policy.title} selects every Pod of {_home(policy)}, so "
        f"{side.endpoint.title} is closed as well: no {side.direction} rule lets this through."
    )
    return Reason(message, policy.where())


def _misses(network: Network, side: Side, far: Endpoint, flow: Flow) -> Iterator[Reason]:
    """The nearest rules: those that leave the far end out by an `except`, those that cover it but not the
    port, else those that cover only the port."""
    rules = [
        (policy, rule)
        for policy in side.policies
        for rule in policy.rules(side.direction) or ()
        if not rule.denies
    ]
    left_out = [reason for policy, rule in rules for reason in _left_out(policy, rule, far)]
    yield from left_out
    near_port = bool(left_out)
    for policy, rule in rules:
        if rule.entries is not None and _covers(network, policy, rule, (side.endpoint, far)):
            near_port = True
            yield _port_miss(policy, rule, far, flow)
    if near_port:
        return
    for policy, rule in rules:
        if rule.peers and rule.ports(flow.target.declared).has(flow.protocol, flow.port):
            yield _peer_miss(network, policy, rule, rule.peers, far)


def _means_this_port(network: Network, side: Side, far: Endpoint, flow: Flow) -> bool:
    """Whether a rule covers the far end, and the port with another protocol or by an unknown name."""
    declared = flow.target.declared
    return any(
        (entry.protocol != flow.protocol and entry.ports(declared).has(entry.protocol, flow.port))
        or (entry.name and entry.ports(declared) == NONE)
        for policy in side.policies
        for rule in policy.rules(side.direction) or ()
        if not rule.denies and rule.entries and _covers(network, policy, rule, (side.endpoint, far))
        for entry in rule.entries
    )


def _left_out(policy: Policy, rule: Rule, far: Endpoint) -> Iterator[Reason]:
    """The exceptions of the rule's blocks that leave the far end out."""
    for peer in rule.peers or ():
        if peer.block is None or not any(address in peer.block.span for address in far.addresses):
            continue
        path = (*block_path(policy, rule, peer), "except")
        for place, text in enumerate(policy.manifest.get(*path, default=[])):
            hole = parse_cidr(text)
            if hole and any(address in hole for address in far.addresses):
                message = f"`except` leaves out {text}, and {far.title} with it: no other entry allows it."
                yield Reason(message, policy.manifest.where(*path, place))


def _covers(network: Network, policy: Policy, rule: Rule, ends: tuple[Endpoint, Endpoint]) -> bool:
    peers = rule.peers
    if peers is None:
        return True
    return any(
        network.admits(policy, peer, *ends, address) for peer in peers for address in ends[1].addresses
    )


def _port_miss(policy: Policy, rule: Rule, far: Endpoint, flow: Flow) -> Reason:
    for entry in rule.entries or ():
        named = f"names port {entry.name}" if entry.name else ""
        if entry.name and entry.ports(flow.target.declared) == NONE:
            message = (
                f"This entry {named}, but {flow.target.title} declares no {entry.protocol} port of that name."
            )
            return Reason(message, policy.where(rule, None, entry.index))
        if entry.protocol != flow.protocol and entry.ports(flow.target.declared).has(
            entry.protocol, flow.port
        ):
            return Reason(_protocol_message(policy, rule, entry, flow), policy.where(rule, None, entry.index))
    ports = rule.ports(flow.target.declared)
    message = (
        f"This {rule.direction} rule covers {far.title}, but opens {ports}, not {flow.protocol} {flow.port}."
    )
    return Reason(message, policy.where(rule, None, 0))


def _protocol_message(policy: Policy, rule: Rule, entry: PortEntry, flow: Flow) -> str:
    written = policy.manifest.document.where(
        (*policy.manifest.base, *policy.path(rule, None, entry.index), "protocol")
    )
    parent = policy.where(rule, None, entry.index)
    omitted = (written.line, written.column) == (parent.line, parent.column)
    hint = " (without `protocol` a port is TCP)" if omitted and entry.protocol == "TCP" else ""
    return f"This entry opens {entry.protocol} {flow.port}{hint}, but not {flow.protocol} {flow.port}."


def _peer_miss(
    network: Network, policy: Policy, rule: Rule, peers: tuple[Peer, ...], far: Endpoint
) -> Reason:
    """Why the rule's closest entry doesn't cover the far end."""
    field = rule.far
    facts = [(peer, _peer_fact(network, policy, peer, far)) for peer in peers]
    peer, fact = next(((peer, fact) for peer, fact in facts if fact), (peers[0], ""))
    if not fact and far.pod is not None and all(one.block is not None for one in peers):
        fact = "the Pod's address is in none of its ipBlocks, and that of a Service doesn't count"
    fact = fact or f"no entry names {end_words(far)}"
    where = policy.where(rule, peer.index)
    return Reason(f"`{field}` of this {rule.direction} rule doesn't cover {far.title}: {fact}.", where)


def _peer_fact(network: Network, policy: Policy, peer: Peer, far: Endpoint) -> str:
    pod = far.pod
    if peer.entity:
        return f"the entity `{peer.entity}` is something else"
    if pod is None:
        return (
            "selectors match only Pods" if peer.block is None else "its address is in no ipBlock of the rule"
        )
    if not far.governed:
        return "it is on the host network, which selectors don't match"
    if peer.block is not None and policy.is_cilium:
        return "ranges of addresses cover no Pods"
    if peer.block is not None or peer.pods is None:
        return ""
    own = "selector" if policy.is_cilium else "podSelector"
    home = pod.namespace == policy.namespace
    labelled = peer.pods.matches(pod.labels)
    spaces = network.namespace_labels(pod.namespace)
    if peer.namespaces is None:
        if labelled and not home:
            how = (
                "without `k8s:io.kubernetes.pod.namespace`, it" if policy.is_cilium else "a podSelector alone"
            )
            return f"{how} selects Pods of the policy's own Namespace {policy.namespace}"
        return (
            f"the {own} is {selector_words(peer.pods)}, the Pod has {label_words(pod.labels)}" if home else ""
        )
    within = peer.namespaces.matches(spaces)
    if labelled and not within:
        spaces_word = "selector of the Namespace" if policy.is_cilium else "namespaceSelector"
        return f"the {spaces_word} is {selector_words(peer.namespaces)}, {_namespace_words(far, spaces)}"
    if within:
        return f"the {own} is {selector_words(peer.pods)}, the Pod has {label_words(pod.labels)}"
    return ""


def _namespace_words(end: Endpoint, labels: dict[str, str]) -> str:
    if end.pod is None or end.unseen:
        labels = {key: value for key, value in labels.items() if key != NAME_LABEL}
        return f"its Namespace has {label_words(labels)}"
    return f"Namespace {end.pod.namespace} has {label_words(labels)}"


def _nothing_matches(side: Side, far: Endpoint) -> Reason:
    policy = side.policies[0]
    titles = ", ".join(one.title for one in side.policies)
    kind = side.direction.capitalize()
    rules = [rule for one in side.policies for rule in one.rules(side.direction) or ()]
    denying = next(
        (one for one in side.policies for rule in one.rules(side.direction) or () if rule.denies), None
    )
    if denying is not None and all(rule.denies or rule.peers == () for rule in rules):
        message = (
            f"{denying.title} isolates {side.endpoint.title} for {kind} and allows nothing: "
            f"`{side.direction}Deny` closes all other {side.direction}, too, unless a rule or "
            "`enableDefaultDeny` opens it."
        )
        return Reason(message, denying.field(f"{side.direction}Deny"))
    if not rules:
        have = "governs" if len(side.policies) == 1 else "govern"
        message = (
            f"{titles} {have} {side.endpoint.title} for {kind}, and no {side.direction} rule allows anything."
        )
        return Reason(message, policy.field(side.direction if policy.is_cilium else "policyTypes"))
    message = (
        f"No {side.direction} rule of {titles} covers {far.title}, and all other {side.direction} is denied."
    )
    return Reason(message, policy.field(side.direction))


def _home(policy: Policy) -> str:
    return "the cluster" if policy.everywhere else f"Namespace {policy.namespace}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
