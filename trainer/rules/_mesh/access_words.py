"""Why a request is accepted or refused: reasons and evidence in the learner's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trainer.manifests.model import Manifest, Path, path_text
from trainer.manifests.values import indexed, mapping, text, texts
from trainer.rules._flow.words import label_words
from trainer.rules._mesh.ends import UNSEEN_PORT, Cast
from trainer.simulate.mesh.authorization import HEADERS, Request
from trainer.simulate.mesh.calls import Answer, Call
from trainer.simulate.mesh.peers import ROOT
from trainer.simulate.mesh.sidecars import TRUST_DOMAIN
from trainer.simulate.world import World
from trainer.verdict import Location, Reason

_SPIFFE = "spiffe://"


def open_reason(
    world: World, cast: Cast, call: Call, answer: Answer, side: str = "from", excess: str = ""
) -> Reason:
    """Why a request is accepted that must not be: `side` is `from` if only its client is wrong, else `to`.

    `excess` is the only part of the operation that is wrong: `methods`, `paths` or `ports`.
    """
    decision = answer.decision
    if decision is None or decision.manifest is None:
        for slip, place in _slips(world, cast, call):
            return Reason(f"{_upper(slip)}.", place)
        missing = "no AuthorizationPolicy with action ALLOW applies to it, so every request is accepted"
        why = missing if decision is None and answer.location is None else answer.why
        return Reason(f"{_upper(call.target.title)}: {why}.", _first_policy(world))
    rule = mapping(decision.manifest.get(*decision.path, default={}))
    passed = sorted(decision.passed, key=lambda path: side not in path)
    path = _widest(decision.manifest, passed) or decision.path
    number = int(decision.path[-1]) + 1
    title = decision.manifest.title
    lacks = _lacks(rule)
    keys = [key for _, one in indexed(rule.get("when")) if (key := text(one.get("key"))).startswith(HEADERS)]
    if len(indexed(decision.manifest.get("spec", "rules"))) > 1 and lacks and not keys:
        message = f"Rule {number} of {title} has no {lacks}, and one matching rule is enough: rules are ORed."
    elif keys and lacks:
        message = f"Rule {number} of {title} only asks for `{keys[0]}`, which every client can send."
    elif lacks:
        message = f"Rule {number} of {title} has no {lacks}, so it covers this request as well."
    elif alone := _alone(decision.manifest, passed):
        entry = int(alone[-1]) + 1
        message = (
            f"Entry {entry} of `{alone[-2]}` in rule {number} of {title} is enough alone: entries are ORed."
            " To require all of it together, write one entry."
        )
        return Reason(message, decision.manifest.where(*alone))
    elif excess and (entry_path := next((one for one in passed if one[-1] == "operation"), None)):
        values = ", ".join(texts(decision.manifest.get(*entry_path, excess, default=[])))
        path = (*entry_path, excess) if values else entry_path
        message = f"Rule {number} of {title} has no `{excess}`, so it also covers this request."
        if values:
            message = f"`{excess}` in rule {number} of {title} ({values}) also covers this request."
    else:
        values = ", ".join(texts(decision.manifest.get(*path, default=[])))
        message = f"`{path[-1]}` in rule {number} of {title} ({values}) also covers this request."
    return Reason(message, decision.manifest.where(*path))


def caught_reason(world: World, call: Call, answer: Answer) -> Reason | None:
    """That a policy of the answer also applies to this server; None if none refuses the request."""
    policy = answer.decision.manifest if answer.decision else None
    pod = call.target.pod
    if policy is None or policy not in world.answer or pod is None:
        return None
    whole = "the mesh" if policy.namespace == ROOT else f"Namespace {policy.namespace}"
    labels = mapping(policy.get("spec", "selector", "matchLabels"))
    if not labels:
        message = f"{policy.title} has no `selector`, so it applies to every Pod of {whole}."
        return Reason(message, policy.where("spec"))
    what = f"its selector ({label_words(labels)}) counts in {whole}"
    message = f"{policy.title} applies to {call.target.title}, too: {what}."
    return Reason(message, policy.where("spec", "selector", "matchLabels"))


def blocked_reason(world: World, call: Call, request: Request, answer: Answer) -> Reason:
    """Why a request is refused that must be accepted."""
    decision = answer.decision
    if decision is None or decision.manifest is None:
        return Reason(f"{_upper(answer.why)}.", answer.location or _first_policy(world))
    if not decision.near:
        return Reason(f"{_upper(decision.why)}.", decision.location)
    path = decision.near[0]
    written = texts(decision.manifest.get(*path, default=[]))
    have = _have(str(path[-1]), request)
    message = f"`{path_text(path)}` of {decision.manifest.title} doesn't match: it has "
    message += f"{', '.join(written) or 'nothing'}, the request {have}."
    return Reason(message + _hint(str(path[-1]), written, call, request), decision.location)


def request_evidence(call: Call, request: Request, answer: Answer, *, changed: bool = False) -> str:
    """What becomes of a request, with the client that sends it."""
    way = "over mutual TLS" if answer.mutual else "in plaintext"
    who = call.source.title
    if request.account and answer.mutual:
        who += f" (ServiceAccount {request.namespace}/{request.account})"
    port = "every other port" if call.port == UNSEEN_PORT else f"port {call.port}"
    outcome = "accepted" if answer.accepted else "refused"
    now = "now " if changed else ""
    header = f" with header {request.header[0]}: {request.header[1]}" if request.header else ""
    what = f"{request.method} {request.path}{header} from {who} to {call.target.title}, {port}, {way}"
    return f"{what}, is {now}{outcome}."


def _slips(world: World, cast: Cast, call: Call) -> Iterator[tuple[str, Location]]:
    """AuthorizationPolicies of the answer that seem meant for the server but don't apply to it."""
    pod = call.target.pod
    for policy in world.answer:
        if policy.kind != "AuthorizationPolicy" or pod is None:
            continue
        if policy.get("spec", "targetRefs") or policy.get("spec", "targetRef"):
            yield f"{policy.title} has `targetRefs`, which sidecars ignore", policy.where("spec")
        labels = mapping(policy.get("spec", "selector", "matchLabels"))
        matched = [one for one in cast.pods if one.pod and labels.items() <= one.pod.labels.items()]
        if labels and not matched:
            why = f"the selector of {policy.title} ({label_words(labels)}) matches no Pod"
            yield why, policy.where("spec", "selector", "matchLabels")
        elif policy.namespace != pod.namespace and labels.items() <= pod.labels.items():
            why = f"{policy.title} only applies to Pods of Namespace {policy.namespace}"
            yield why, policy.where("metadata", "namespace")
        elif text(policy.get("spec", "action")) in ("DENY", "AUDIT"):
            action = policy.get("spec", "action")
            yield (
                f"{policy.title} has action {action}, which accepts all that no rule matches",
                policy.where("spec", "action"),
            )


def _lacks(rule: dict[str, object]) -> str:
    """What a rule doesn't say: in words, empty if it says everything."""
    missing = [f"`{side}`" for side in ("from", "to") if not rule.get(side)]
    conditions = [text(one.get("key")) for _, one in indexed(rule.get("when"))]
    if any(key.startswith("source.") for key in conditions) and "`from`" in missing:
        missing.remove("`from`")
    return " and no ".join(missing)


def _alone(manifest: Manifest, passed: Iterable[Path]) -> Path:
    """The entry that lets a request through although another one asks for something else; empty if none."""
    for path in passed:
        asked = {
            tuple(sorted(mapping(entry.get(str(path[-1])))))
            for _, entry in indexed(manifest.get(*path[:-2], default=[]))
        }
        if len(asked) > 1:
            return path[:-1]
    return ()


def _widest(manifest: Manifest, passed: Iterable[Path]) -> Path:
    """The field of the first entry that lets a request through, if possible one with a wildcard."""
    for path in passed:
        fields = mapping(manifest.get(*path))
        wild = [name for name, values in fields.items() if any("*" in value for value in texts(values))]
        if fields:
            return (*path, *(wild or list(fields))[:1])
    return ()


def _have(field: str, request: Request) -> str:
    if field in ("principals", "namespaces", "serviceAccounts", "trustDomains"):
        if not request.certified:
            return "comes in plaintext, so without a certificate"
        return f"comes from {request.principal}"
    if field in ("ports", "notPorts"):
        return f"goes to port {request.port} of the Pod"
    if field in ("methods", "notMethods"):
        return f"is {request.method}"
    if field in ("paths", "notPaths"):
        return f"is for {request.path}"
    if field in ("hosts", "notHosts"):
        return f"is for host {request.host}"
    return "differs"


def _hint(field: str, written: list[str], call: Call, request: Request) -> str:
    """What usually went wrong, as a sentence with a space before it."""
    if field == "principals" and any(value.startswith(_SPIFFE) for value in written):
        return f" A principal is written without `{_SPIFFE}`."
    if field == "principals" and not any(value.startswith((TRUST_DOMAIN, "*")) for value in written):
        return f" A principal has the form {TRUST_DOMAIN}/ns/NAMESPACE/sa/NAME."
    if field == "ports" and str(call.service_port) in written:
        return f" {call.service_port} is the port of the Service; the sidecar sees the Pod's, {request.port}."
    if field == "methods" and request.method.lower() in written:
        return " Methods are in upper case."
    return ""


def _first_policy(world: World) -> Location | None:
    own: list[Manifest] = [one for one in world.answer if one.kind == "AuthorizationPolicy"]
    return (own or list(world.answer))[0].where() if world.answer else None


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
