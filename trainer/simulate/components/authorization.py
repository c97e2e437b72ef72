"""AuthorizationConfiguration: what kube-apiserver refuses in its file, and which requests ask a webhook.

Follows `pkg/apis/apiserver/validation/validation.go` of k8s.io/apiserver v1.36
(`ValidateAuthorizationConfiguration`), with the types that `pkg/kubeapiserver/authorizer/modes` of Kubernetes
v1.36 knows: only webhooks may be there several times.
"""

from __future__ import annotations

from collections.abc import Callable

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.names import dns_subdomain
from trainer.manifests.values import indexed, mapping, text
from trainer.simulate.access.requests import Request
from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.values import CelError, TooExpensiveError
from trainer.simulate.components.command_line import seconds
from trainer.simulate.components.expressions import expression, nodes
from trainer.simulate.components.flags import AUTHORIZATION_MODES
from trainer.verdict import Problem
from trainer.versions import Version

WEBHOOK = "Webhook"
SKIPPED, DENIED, ASKED = "skipped", "denied", "asked"
"""What match conditions decide about a request."""
_MOST = 64
_LONGEST = 30
_UNKNOWN = ("version", "uid", "extra", "fieldSelector", "labelSelector")
"""Fields of a review that a request doesn't have here."""

FileProblem = Callable[[str], str]
"""Why kube-apiserver can't read a file of its container; empty if it can."""


def problems_of(manifest: Manifest, kubernetes: Version, read: FileProblem) -> list[Problem]:
    """Everything that the validation refuses. Raises `NotJudged` for an expression outside the subset."""
    problems: list[Problem] = []
    at = At(manifest, kubernetes, (), problems)
    authorizers = indexed(manifest.get("authorizers"))
    if not authorizers:
        at.say("name at least one authorizer", "authorizers")
    kinds: set[str] = set()
    names: set[str] = set()
    for index, one in authorizers:
        kind, name, place = text(one.get("type")), text(one.get("name")), at.to("authorizers", index)
        if kind not in AUTHORIZATION_MODES:
            place.say(f"{kind!r} is not a type of authorizer", "type")
            continue
        if kind in kinds and kind != WEBHOOK:
            place.duplicate("type", value=kind, why="only Webhook may be there several times")
            continue
        if not name or name in names:
            place.say("every authorizer needs a unique name", "name")
        else:
            place.name("name", value=name, rule=dns_subdomain)
        kinds.add(kind)
        names.add(name)
        if kind == WEBHOOK and not isinstance(one.get("webhook"), dict):
            place.missing("webhook", why="the type is Webhook")
        elif kind == WEBHOOK:
            _webhook(place / "webhook", one["webhook"], read)
        elif one.get("webhook") is not None:
            place.forbidden("webhook", why=f"the type is {kind}")
    return problems


def _webhook(at: At, webhook: Map, read: FileProblem) -> None:
    for field, most in (("timeout", _LONGEST), ("authorizedTTL", 0), ("unauthorizedTTL", 0)):
        _duration(at, webhook, field, most)
    reviews, conditions = ("v1", "v1beta1"), indexed(webhook.get("matchConditions"))
    needed = "it says which version the webhook gets"
    at.choice(
        "subjectAccessReviewVersion",
        value=webhook.get("subjectAccessReviewVersion"),
        allowed=reviews,
        needed=needed,
    )
    at.choice(
        "matchConditionSubjectAccessReviewVersion",
        value=webhook.get("matchConditionSubjectAccessReviewVersion") or None,
        allowed=("v1",),
        needed="match conditions need it" if conditions else "",
    )
    policy = webhook.get("failurePolicy")
    needed = "it says what a failure means"
    at.choice("failurePolicy", value=policy, allowed=("NoOpinion", "Deny"), needed=needed)
    _connection(at / "connectionInfo", mapping(webhook.get("connectionInfo")), read)
    _conditions(at, conditions)


def _duration(at: At, webhook: Map, field: str, most: int) -> None:
    found = seconds(text(webhook.get(field)))
    if not found and most:
        at.missing(field, why="it has no default")
    elif found and (found < 0 or (most and found > most)):
        limit = f"more than 0s and at most {most}s" if most else "more than 0s"
        at.invalid(field, value=webhook[field], why=f"it must be {limit}")


def _connection(at: At, connection: Map, read: FileProblem) -> None:
    kind, file = connection.get("type"), connection.get("kubeConfigFile")
    allowed = ("KubeConfigFile", "InClusterConfig")
    if not at.choice("type", value=kind, allowed=allowed, needed="it says how the webhook is reached"):
        return
    if kind == "InClusterConfig":
        if file is not None:
            at.forbidden("kubeConfigFile", why="the type is InClusterConfig")
    elif not file:
        at.missing("kubeConfigFile", why="the type is KubeConfigFile")
    elif not str(file).startswith("/"):
        at.invalid("kubeConfigFile", value=file, why="it must be an absolute path")
    elif why := read(str(file)):
        at.say(f"`kubeConfigFile`: {why}", "kubeConfigFile")


def _conditions(at: At, conditions: list[tuple[int, Map]]) -> None:
    if len(conditions) > _MOST:
        at.say(f"`matchConditions` has {len(conditions)} entries; {_MOST} is the limit.", "matchConditions")
        return
    seen: set[str] = set()
    for index, condition in conditions:
        place, written = at.to("matchConditions", index), text(condition.get("expression"))
        if not written.strip():
            place.missing("expression", why="it says which requests are asked about")
        elif written in seen:
            place.duplicate("expression", value=written, why="a condition is listed once")
        else:
            where = at.manifest.where(*place.path, "expression")
            if error := expression(written, "request", where, "bool").error:
                place.say(f"`expression`: {error}.", "expression")
        seen.add(written)


def webhook_answers(manifest: Manifest, index: int, request: Request) -> str:
    """What the match conditions of an authorizer decide about a request.

    `SKIPPED` if one is false, or fails with `failurePolicy: NoOpinion`; `DENIED` if one fails otherwise;
    `ASKED` if the webhook decides. Follows `plugin/pkg/authorizer/webhook/webhook.go` and
    `pkg/authorization/cel/matcher.go` of k8s.io/apiserver v1.36. Raises `NotJudged`.
    """
    webhook = mapping(manifest.get("authorizers", index, "webhook"))
    has_failed = False
    for number, condition in indexed(webhook.get("matchConditions")):
        where = manifest.where("authorizers", index, "webhook", "matchConditions", number, "expression")
        tree = expression(text(condition.get("expression")), "request", where, "bool").tree
        if tree is None or any(node.kind == "select" and node.name in _UNKNOWN for node in nodes(tree)):
            raise NotJudged("a match condition about what isn't known of a request", where)
        try:
            if evaluate(tree, {"request": _review(request)}) is not True:
                return SKIPPED
        except CelError:
            has_failed = True
        except TooExpensiveError as error:
            raise NotJudged(error.message, where) from error
    if not has_failed:
        return ASKED
    return SKIPPED if webhook.get("failurePolicy") == "NoOpinion" else DENIED


def _review(request: Request) -> Map:
    """The specification of a SubjectAccessReview, as expressions see it."""
    who = {"user": request.subject.user, "groups": list(request.subject.groups)}
    if not request.is_resource:
        return {**who, "nonResourceAttributes": {"path": request.path, "verb": request.verb}}
    fields = ("namespace", "verb", "group", "resource", "subresource", "name")
    return {**who, "resourceAttributes": {field: getattr(request, field) for field in fields}}
