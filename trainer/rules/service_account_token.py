"""Judges as which ServiceAccount Pods run, and which tokens their containers can read.

Every source counts: the token that admission mounts, projected volumes, and Secrets with a token,
mounted or in the environment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from trainer.picture import Fact, Picture, nothing_to_see, of_facts
from trainer.rules import Live, Reads
from trainer.rules._pods.target import AboutPods, ordinary, pods_before, pods_of
from trainer.simulate.access.service_account import Token, account_of, tokens_of
from trainer.simulate.workloads import PodTemplate
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason

READS = Reads(Live.OBJECTS, kinds=("Secret", "ServiceAccount"))


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token that every container (or the named ones) must have."""

    path: str
    """The file, for instance `/var/run/secrets/tokens/vault-token`."""
    audience: str | None = None
    """The intended audience; omitted: any. Empty: the API server's own."""
    at_most: int | None = msgspec.field(default=None, name="at-most")
    """The longest validity, in seconds."""
    at_least: int | None = msgspec.field(default=None, name="at-least")
    """The shortest validity, in seconds."""
    containers: tuple[str, ...] = ()
    """The containers that must have it, and with `rest: none` no others; all ordinary containers
    if left out."""
    optional: bool = False
    """It may be missing, and may be any token: only with `rest: none`, where it isn't one too many."""


class Params(AboutPods, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which Pods, and which tokens they may have."""

    account: str = ""
    """The name of the ServiceAccount that they must run as."""
    tokens: tuple[Expected, ...] = ()
    """The tokens that must be mounted."""
    rest: Literal["none", "ignored"] = "ignored"
    """`none`: no other token in any container; without `tokens`, no token at all."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every wrong identity, missing token and extra token."""
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return pods
    reasons: list[Reason] = []
    evidence: list[str] = []
    for pod in pods:
        account = account_of(pod, world.objects)
        if params.account and account.name != params.account:
            message = f"{pod.title} runs as {account.title}, not as {params.account}."
            reasons.append(Reason(message, account.location))
            evidence.append(f"The API server identifies {pod.title} as {account.title}.")
        tokens = tokens_of(pod, world.objects)
        expected_by = [_wanting(pod, expected, tokens) for expected in params.tokens]
        missing = [
            one
            for expected, (wanting, _) in zip(params.tokens, expected_by, strict=True)
            for one in wanting
            if not expected.optional
        ]
        reasons += [reason for reason, _ in missing]
        evidence += [effect for _, effect in missing]
        if params.rest == "none":
            wanted = {token for _, matching in expected_by for token in matching}
            for token in tokens:
                if token not in wanted:
                    reasons.append(
                        Reason(f"{_say(pod, token)}: the task requires no such token.", token.location)
                    )
                    evidence.append(_effect(pod, token))
    return Outcome.of(reasons, evidence)


def picture(world: World, params: Params) -> Picture:
    """The ServiceAccount of each Pod, and each token that its containers can read: audience, validity."""
    title = "Tokens that containers can read"
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return nothing_to_see(title, pods)
    earlier = {pod.title: pod for pod in pods_before(world, params)}
    facts: list[Fact] = []
    for pod in pods:
        account = account_of(pod, world.objects)
        old = earlier.get(pod.title)
        was = account_of(old, world.given).name if old is not None else ""
        as_asked = account.name == params.account if params.account else None
        before = "" if was == account.name else was
        facts.append(Fact(f"{pod.title} runs as", account.name, as_asked, account.location, before))
        facts += _token_facts(params, pod, tokens_of(pod, world.objects))
    return of_facts(title, facts, Outcome.of([]))


def _token_facts(params: Params, pod: PodTemplate, tokens: list[Token]) -> Iterator[Fact]:
    bad: set[Token] = set()
    wanted: set[Token] = set()
    lacking: set[str] = set()
    for expected in params.tokens:
        names = expected.containers or ordinary(pod)
        for name in names:
            at_path = [one for one in tokens if (one.container, one.path) == (name, expected.path)]
            wanted |= set(at_path)
            if not at_path and not expected.optional:
                lacking.add(name)
                yield Fact(f"{name}: {expected.path}", "no token", False, pod.where("spec"))
            if at_path and not expected.optional and any(_complaints(expected, at_path[0])):
                bad.add(at_path[0])
        if not expected.containers:
            wanted |= {one for one in tokens if one.path == expected.path}
    for token in tokens:
        right = token not in bad if token in wanted else None
        if token not in wanted and params.rest == "none":
            right = False
        lasts = f"valid for {token.seconds} s" if token.seconds else "never expires"
        word = f"for {token.audience or 'the API server'}, {lasts}"
        word = "those of the Pods of the node" if token.source == "node" else word
        yield Fact(f"{token.container}: {token.path or 'its environment'}", word, right, token.location)
    if params.rest == "none":
        having = {token.container for token in tokens}
        for _, container in pod.containers():
            name = str(container.get("name", ""))
            if name not in having:
                yield Fact(name, "no token", name not in lacking or None)


def _wanting(
    pod: PodTemplate, expected: Expected, tokens: list[Token]
) -> tuple[list[tuple[Reason, str]], list[Token]]:
    """Reasons and effects for the containers that lack the token, and the tokens that match it."""
    names = expected.containers or ordinary(pod)
    wanting: list[tuple[Reason, str]] = []
    matching = []
    for name in names:
        at_path = [token for token in tokens if token.container == name and token.path == expected.path]
        if not at_path:
            message = f"Container {name} has no token at {expected.path}."
            wanting.append((Reason(message, _nearest(pod, name, tokens)), _instead(pod, name, tokens)))
            continue
        matching += at_path
        token = at_path[0]
        for complaint, effect in _complaints(expected, token):
            message = f"The token at {expected.path} of container {name} {complaint}."
            wanting.append((Reason(message, token.location), effect))
    if not expected.containers:
        matching += [token for token in tokens if token.path == expected.path]  # in init containers too
    return wanting, matching


def _nearest(pod: PodTemplate, name: str, tokens: list[Token]) -> Location:
    """Where a missing token was probably meant: the projected one that the container has elsewhere."""
    projected = [one for one in tokens if (one.container, one.source) == (name, "projected")]
    return projected[0].location if projected else pod.where("spec")


def _instead(pod: PodTemplate, name: str, tokens: list[Token]) -> str:
    own = [token.path or "its environment" for token in tokens if token.container == name]
    if not own:
        return f"A process in container {name} of {pod.title} finds no token."
    return f"A process in container {name} of {pod.title} finds tokens only in {', '.join(own)}."


def _complaints(expected: Expected, token: Token) -> Iterator[tuple[str, str]]:
    """What is wrong with a token, and what follows from it."""
    theirs, asked = token.audience or "the API server", expected.audience or "the API server"
    if expected.audience is not None and token.audience != expected.audience:
        yield (
            f"is for {theirs}, not for {asked}",
            f"A server that expects a token for {asked} refuses this one, which is for {theirs}.",
        )
    if expected.at_most is not None and (not token.seconds or token.seconds > expected.at_most):
        valid = f"is valid for {token.seconds} seconds" if token.seconds else "never expires"
        lasts = f"for {token.seconds} seconds" if token.seconds else "forever"
        yield (
            f"{valid}; at most {expected.at_most} are allowed",
            f"Anyone who copies the token can use it {lasts}.",
        )
    if expected.at_least is not None and token.seconds and token.seconds < expected.at_least:
        valid = f"is valid for {token.seconds} seconds"
        yield (
            f"{valid}; at least {expected.at_least} are required",
            f"A token that is read at the start is refused after {token.seconds} seconds.",
        )


def _say(pod: PodTemplate, token: Token) -> str:
    asked = token.location.path.endswith("automountServiceAccountToken")
    why = "on request" if asked else "by default"
    how = {
        "automount": f"The token of its ServiceAccount is mounted {why}",
        "projected": "A projected volume contains a token",
        "secret": "A Secret with a token is mounted",
        "node": "The node's directory with the tokens of its Pods is mounted",
        "environment": "An environment variable contains a token",
    }[token.source]
    return f"{how} in container {token.container} of {pod.title}"


def _effect(pod: PodTemplate, token: Token) -> str:
    where = f"read {token.path}" if token.path else "read a token from its environment"
    return f"A process in container {token.container} of {pod.title} can {where}."
