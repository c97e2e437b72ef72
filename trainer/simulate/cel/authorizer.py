"""The authorizer of admission expressions: is the requester allowed to do something else?

Follows k8s.io/apiserver v1.35 `pkg/cel/library/authz.go`. The value brings its own authorizer, so that the
functions stay pure: an authorizer value carries a `decide` of (user, groups, request) to (allowed, reason).
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from trainer.simulate.cel.functions import Function

AUTHORIZER, PATH, GROUP = (
    "kubernetes.authorization.Authorizer",
    "kubernetes.authorization.PathCheck",
    "kubernetes.authorization.GroupCheck",
)
RESOURCE, DECISION = "kubernetes.authorization.ResourceCheck", "kubernetes.authorization.Decision"


class Check(msgspec.Struct, frozen=True, eq=False):
    """An authorizer and the request built so far."""

    cel_kind: str
    decide: Callable[[str, dict[str, str]], tuple[bool, str]]
    asked: dict[str, str] = {}

    def narrowed(self, kind: str, **more: str) -> Check:
        """The same with more of the request."""
        return Check(kind, self.decide, self.asked | more)


class Decision(msgspec.Struct, frozen=True):
    """What the authorizer says."""

    allowed: bool
    reason: str
    cel_kind: str = DECISION


def _check(check: Check, verb: str) -> Decision:
    allowed, reason = check.decide(check.asked.get("account", ""), check.asked | {"verb": verb})
    return Decision(allowed, reason)


def _field(kind: str, name: str) -> Function:
    return Function(name, (kind, "string"), kind, lambda check, value: check.narrowed(kind, **{name: value}))


FUNCTIONS = (
    Function("path", (AUTHORIZER, "string"), PATH, lambda a, path: a.narrowed(PATH, path=path)),
    Function("group", (AUTHORIZER, "string"), GROUP, lambda a, group: a.narrowed(GROUP, group=group)),
    Function(
        "serviceAccount",
        (AUTHORIZER, "string", "string"),
        AUTHORIZER,
        lambda a, namespace, name: a.narrowed(AUTHORIZER, account=f"{namespace}/{name}"),
    ),
    Function("resource", (GROUP, "string"), RESOURCE, lambda g, name: g.narrowed(RESOURCE, resource=name)),
    _field(RESOURCE, "subresource"),
    _field(RESOURCE, "namespace"),
    _field(RESOURCE, "name"),
    _field(RESOURCE, "fieldSelector"),
    _field(RESOURCE, "labelSelector"),
    Function("check", (PATH, "string"), DECISION, _check),
    Function("check", (RESOURCE, "string"), DECISION, _check),
    Function("allowed", (DECISION,), "bool", lambda decision: decision.allowed),
    Function("reason", (DECISION,), "string", lambda decision: decision.reason),
    Function("errored", (DECISION,), "bool", lambda _: False),
    Function("error", (DECISION,), "string", lambda _: ""),
)
