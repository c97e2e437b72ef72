"""Probes and lifecycle handlers.

Follows Kubernetes pkg/apis/core/validation/validation.go (v1.35): `validateProbe` and its three
callers, `validateLifecycle`, `validateHandler`.
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.names import header_name, port_name, port_number
from trainer.manifests.values import indexed, mapping, number, text

PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_PROBE_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_LIFECYCLE_HANDLERS = ("exec", "httpGet", "tcpSocket", "sleep")
_NUMBERS = (
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
)


def probes(at: At, container: Map, grace: int) -> None:
    """The three probes and the lifecycle of a container that runs on."""
    for name in PROBES:
        probe = container.get(name)
        if isinstance(probe, dict):
            _probe(at / name, name, probe, grace)
    lifecycle = container.get("lifecycle")
    if isinstance(lifecycle, dict):
        for name in ("postStart", "preStop"):
            handler = lifecycle.get(name)
            if isinstance(handler, dict):
                _handler(at.to("lifecycle", name), handler, _LIFECYCLE_HANDLERS, grace)


def _probe(at: At, name: str, probe: Map, grace: int) -> None:
    _handler(at, probe, _PROBE_HANDLERS, grace)
    for field in _NUMBERS:
        at.at_least(field, value=probe.get(field), why="it may not be negative")
    wait = number(probe.get("terminationGracePeriodSeconds"))
    if wait is not None and wait <= 0:
        at.invalid("terminationGracePeriodSeconds", value=wait, why="it must be more than 0")
    if name == "readinessProbe":
        if wait is not None:
            why = "a readiness probe never stops the container"
            at.forbidden("terminationGracePeriodSeconds", why=why)
        return
    success = number(probe.get("successThreshold"))
    # 0 is defaulted to 1 before the API server validates.
    if success not in (None, 0, 1):
        at.invalid(
            "successThreshold",
            value=success,
            why="a liveness or startup probe succeeds with the first success",
            fix="Write `successThreshold: 1`, or leave it out.",
        )


def _handler(at: At, holder: Map, kinds: tuple[str, ...], grace: int) -> None:
    found = [kind for kind in kinds if holder.get(kind) is not None]
    if not found:
        fix = "Add one of " + ", ".join(f"`{kind}`" for kind in kinds) + "."
        at.say("There is no handler: it has to say what is to be done.", fix=fix)
    for extra in found[1:]:
        why = f"there is `{found[0]}` already, and one handler is all that it takes"
        at.forbidden(extra, why=why)
    for kind in found[:1]:
        _action(at / kind, kind, mapping(holder[kind]), grace)


def _action(at: At, kind: str, action: Map, grace: int) -> None:
    if kind == "exec":
        if not action.get("command"):
            at.missing("command", why="`exec` runs a command")
    elif kind == "sleep":
        seconds = number(action.get("seconds")) or 0
        if not 0 <= seconds <= grace:
            at.invalid(
                "seconds",
                value=seconds,
                why=f"it is from 0 to `terminationGracePeriodSeconds`, which is {grace}",
            )
    elif kind == "grpc":
        port(at, "port", action.get("port"))
    else:
        port(at, "port", action.get("port"))
        if kind == "httpGet":
            at.choice("scheme", value=action.get("scheme"), allowed=("HTTP", "HTTPS"))
            for index, header in indexed(action.get("httpHeaders")):
                broken = header_name(text(header.get("name")))
                if broken:
                    at.invalid("httpHeaders", index, "name", value=header.get("name"), why=broken)


def port(at: At, *steps: str | int | Any) -> None:
    """A port by number or name; the last of `steps` is the value (`ValidatePortNumOrName`)."""
    *where, value = steps
    if value is None:
        at.missing(*where, why="it says which port is meant")
    elif isinstance(value, str):
        broken = port_name(value)
        if broken:
            fix = f"Write {value} without quotes." if value.isdigit() else ""
            at.invalid(*where, value=value, why=broken, fix=fix)
    elif isinstance(value, int) and port_number(value):
        at.invalid(*where, value=value, why=port_number(value))
