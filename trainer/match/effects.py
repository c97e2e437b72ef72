"""The effect of a field's value: one sentence for the fields that matter for security.

Follows https://kubernetes.io/docs/tasks/configure-pod-container/security-context/ and
https://kubernetes.io/docs/concepts/security/pod-security-standards/ (v1.35). A sentence tells the
effect, not what to write instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trainer.errors import UsageError
from trainer.match.view import MISSING, View
from trainer.match.words import owner_of, shown, what
from trainer.simulate.containers.images import normalise
from trainer.simulate.workloads import CONTAINER_LISTS


def effect(view: View) -> str:
    """What the value (or its absence) at this place means at run time; empty if no sentence applies."""
    field = str(view.path[-1]) if view.path else ""
    tell = _EFFECTS.get(field)
    owner = owner_of(view)
    if tell is None or (field in _OF_CONTAINERS and not _is_own(view, owner)):
        return ""
    return tell(view.manifest.title if owner is None else what(owner), view.value)


def _is_own(view: View, owner: View | None) -> bool:
    """Whether a field is directly in a container, and not in one of its probes, for example."""
    return owner is not None and view.path[:-1] == owner.path and owner.path[-2] in CONTAINER_LISTS


def _escalation(subject: str, value: Any) -> str:
    if value is False:
        return ""
    return f"In {subject}, a setuid program can gain more privileges than its parent process."


def _privileged(subject: str, value: Any) -> str:
    if value is not True:
        return ""
    return f"A process in {subject} has every capability and can access the node's devices."


def _writable_root(subject: str, value: Any) -> str:
    if value is True:
        return ""
    return f"The root filesystem of {subject} is writable at run time."


def _root_user(subject: str, value: Any) -> str:
    return f"The processes of {subject} start as root (UID 0)." if value == 0 else ""


def _may_be_root(subject: str, value: Any) -> str:
    if value is True:
        return ""
    return f"The kubelet starts {subject} even if its image runs as root."


def _host(namespace: str) -> Callable[[str, Any], str]:
    def tell(subject: str, value: Any) -> str:
        return f"The processes of {subject} share {namespace} of the node." if value is True else ""

    return tell


def _image(subject: str, value: Any) -> str:
    if not isinstance(value, str):
        return ""
    try:
        return f"For {subject} the kubelet pulls {normalise(value)}."
    except UsageError:
        return f"For {subject} the kubelet reports InvalidImageName."


def _command(subject: str, value: Any) -> str:
    if value is MISSING:
        return f"{subject[:1].upper()}{subject[1:]} runs the command of its image."
    if isinstance(value, list) and value and all(isinstance(word, str) for word in value):
        more = f"and its arguments {', '.join(map(shown, value[1:]))}" if value[1:] else "without arguments"
        return f"{subject[:1].upper()}{subject[1:]} starts the program {shown(value[0])} {more}."
    return ""


def _probe(word: str) -> Callable[[str, Any], str]:
    def tell(subject: str, value: Any) -> str:
        if value is MISSING:
            return f"The kubelet runs no {word} probe in {subject}."
        return f"The kubelet runs a {word} probe in {subject}."

    return tell


_OF_CONTAINERS = frozenset(("image", "command"))
"""Fields that other objects have, too: a volume's image, a probe's command."""

_EFFECTS: dict[str, Callable[[str, Any], str]] = {
    "allowPrivilegeEscalation": _escalation,
    "privileged": _privileged,
    "readOnlyRootFilesystem": _writable_root,
    "runAsUser": _root_user,
    "runAsNonRoot": _may_be_root,
    "hostNetwork": _host("the network"),
    "hostPID": _host("the process table"),
    "hostIPC": _host("the shared memory"),
    "image": _image,
    "command": _command,
    "startupProbe": _probe("startup"),
    "livenessProbe": _probe("liveness"),
    "readinessProbe": _probe("readiness"),
}
