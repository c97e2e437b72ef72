"""The `live:` checks of a card, typed: what only a cluster can show.

A card stores them as plain mappings; `live_checks_of` converts them or says what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from trainer.errors import CardError, UsageError
from trainer.simulate.access.requests import parse_identity, parse_request

MOST_SECONDS = 600
"""The longest time that a live check waits."""


class ExecIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command in a container. Either `pod` or `deployment` is named."""

    command: tuple[str, ...]
    namespace: str = "default"
    pod: str = ""
    deployment: str = ""
    """Uses one of its ready Pods."""
    container: str = ""
    """Omitted: the Pod's first container."""


class Access(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a subject can do, as the cluster's authorizer decides. Written as for `cks-trainer ask
    can-i`."""

    do: str
    """Verb and resource: `get secrets`, `create deployments.apps`, `get pods/log`."""
    who: str = msgspec.field(name="as")
    """`sa:ci/deployer`, `user:jane`, `group:developers`."""
    groups: tuple[str, ...] = ()
    namespace: str = ""
    name: str = ""


class Workload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A Pod, or the Pods of a Deployment."""

    namespace: str = "default"
    pod: str = ""
    deployment: str = ""
    container: str = ""


class EventOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event about an object."""

    kind: str
    name: str
    namespace: str = "default"
    reason: str = ""


class LiveCheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One live check: exactly one of `exec`, `access`, `sample`, `ready`, `event`, `log` is set."""

    id: str
    """Kebab-case, unique among the card's live checks."""
    says: str
    """What must hold, as one sentence without a period."""
    points: int = 1
    """1 or more."""
    why: str = ""
    """Why it matters, in one sentence."""
    needs: tuple[str, ...] = ()
    """IDs of the card's checks, or of earlier live checks; unless they pass, this one is skipped."""
    exec: ExecIn | None = None
    access: Access | None = None
    sample: dict[str, Any] | None = None
    """An object for a dry run on the server; it is never created."""
    ready: Workload | None = None
    event: EventOf | None = None
    log: Workload | None = None
    outcome: Literal["", "succeeds", "fails", "not-found", "allowed", "denied", "admitted"] = ""
    """exec: succeeds, fails, not-found (the program doesn't exist); access: allowed, denied; sample:
    admitted, denied."""
    contains: str = ""
    """Text that the output, the refusal, the event or the log line must contain."""
    within: int = 30
    """Seconds to wait for `ready`, `event` and `log`."""

    @property
    def type(self) -> str:
        """Which of the six kinds it is."""
        return next((one for one in _OUTCOMES if getattr(self, one) is not None), "")


_OUTCOMES: dict[str, tuple[str, ...]] = {
    "exec": ("succeeds", "fails", "not-found"),
    "access": ("allowed", "denied"),
    "sample": ("admitted", "denied"),
    "ready": ("",),
    "event": ("",),
    "log": ("",),
}


def live_checks_of(
    raw: Sequence[Mapping[str, Any]], card: str, known: Sequence[str] = ()
) -> tuple[LiveCheck, ...]:
    """The typed live checks of a card. Raises `CardError` with everything that is wrong.

    `known` are the IDs of the card's other checks, which a live check may need.
    """
    checks: list[LiveCheck] = []
    wrong: list[str] = []
    for index, one in enumerate(raw):
        try:
            check = msgspec.convert(one, LiveCheck)
        except msgspec.ValidationError as error:
            wrong.append(f"live[{index}]: {error}")
            continue
        earlier = [before.id for before in checks]
        wrong += [f"live[{index}] ({check.id}): {fault}" for fault in _faults(check, earlier, known)]
        checks.append(check)
    if wrong:
        raise CardError(f"the live checks of {card} are wrong: {'; '.join(wrong)}")
    return tuple(checks)


def _faults(check: LiveCheck, earlier: Sequence[str], known: Sequence[str]) -> list[str]:
    faults = []
    given = [one for one in _OUTCOMES if getattr(check, one) is not None]
    if len(given) != 1:
        return [f"name one of {', '.join(_OUTCOMES)}, not {len(given)}"]
    outcomes = _OUTCOMES[given[0]]
    if check.outcome not in outcomes:
        faults.append(
            f"outcome must be {' or '.join(outcomes)}" if outcomes != ("",) else "the outcome is missing"
        )
    if check.id in earlier:
        faults.append("this ID is already used")
    faults += [
        f"no earlier check has the ID {need!r}" for need in check.needs if need not in (*earlier, *known)
    ]
    if check.points < 1:
        faults.append("a check is worth at least 1 point")
    if not 1 <= check.within <= MOST_SECONDS:
        faults.append(f"within must be 1 to {MOST_SECONDS} seconds")
    target = check.exec or check.ready or check.log
    if target is not None and bool(target.pod) == bool(target.deployment):
        faults.append("name either a pod or a deployment")
    if check.access is not None:
        faults += _unreadable(check.access)
    if check.exec is not None and not check.exec.command:
        faults.append("the command is empty")
    if check.log is not None and not check.contains:
        faults.append("say what the log line contains")
    if check.event is not None and not (check.contains or check.event.reason):
        faults.append("say the event's reason, or what it contains")
    return faults


def _unreadable(asked: Access) -> list[str]:
    try:
        parse_request(parse_identity(asked.who, asked.groups), asked.do, asked.namespace, asked.name)
    except UsageError as error:
        return [error.message]
    return []
