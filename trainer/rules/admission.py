"""Judges what ValidatingAdmissionPolicies of the world do to requests.

Policies, bindings and parameters come from the answer and the given objects; a policy without a binding
does nothing. An expression that does not compile fails the check with its line, as the API server would
refuse the policy.

`samples` are requests that the card writes down. `rest` judges a universal sentence about the images of Pods,
which `meant` says, or about volumes in Pods and in the templates of workloads, which `forbids` says: it tries
what the answer's own expressions, selectors and parameters name (images, users, groups, labels, Namespaces,
fields), and what nobody names, one of each kind.

- `denied`: every creation and update with a wrong image or volume is denied, whoever requests it.
- `admitted`: everything that only has right images and volumes is admitted.
- `untouched`: other Namespaces, deletions, connections, requests on subresources that change no image, and
  objects of other kinds are admitted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal

import msgspec

from trainer.errors import UsageError
from trainer.manifests.defaults import with_defaults
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.manifests.values import indexed, mapping, mappings
from trainer.picture import Cell, Picture, Row, asked, drawn, nothing_to_see
from trainer.rules import Live, Reads
from trainer.rules._admission.meant import Forbidden, Meant, Place, Probe, words_of
from trainer.rules._admission.probes import Probes
from trainer.rules._admission.volume_probes import VolumeProbes
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.access.requests import parse_identity
from trainer.simulate.access.roles import KINDS as ROLES
from trainer.simulate.admission.compiled import BINDING, POLICY, problems_of
from trainer.simulate.admission.matching import AdmissionRequest, matching_rule
from trainer.simulate.admission.policies import Admission, Policies, Violation
from trainer.simulate.workloads import pod_template
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason
from trainer.versions import Version

MOST_DRAWN = 200
"""How many requests are drawn at most."""

READS = Reads(Live.OBJECTS, kinds=("ConfigMap", "Namespace", POLICY, BINDING, *ROLES))


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One request, and its required outcome."""

    object: str
    """The object as YAML; on DELETE the object that is deleted."""
    outcome: Literal["deny", "admit", "warn"]
    """`warn`: admitted, with a warning."""
    operation: Literal["CREATE", "UPDATE", "DELETE"] = "CREATE"
    """The operation of the request."""
    old_object: str = ""
    """On UPDATE the object as it was, as YAML."""
    user: str = "user:developer"
    """The subject of the request: `user:jane`, `sa:ci/deployer`."""
    groups: tuple[str, ...] = ()
    """More groups of the subject."""
    message_has: str = ""
    """A part of the message that the client must get, in any letter case."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The requests to try."""

    samples: tuple[Sample, ...] = ()
    """Each with its required outcome."""
    meant: Meant | None = None
    """What the policy is meant to do, for `rest`."""
    forbids: Forbidden | None = None
    """The same for volumes, instead of `meant`."""
    rest: Literal["denied", "admitted", "untouched", "ignored"] = "ignored"
    """What holds for every request that is to be denied, is to be admitted, or that the policy isn't for."""
    message_has: str = ""
    """With `rest: denied`, instead: a part of the message of every denial of a wrong image."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for a check that tries nothing."""
        if self.meant is not None and self.forbids is not None:
            raise ValueError("a check has either meant or forbids")
        if (self.meant is None and self.forbids is None) is not (self.rest == "ignored"):
            raise ValueError("meant or forbids belongs to rest")
        if self.message_has and self.rest != "denied":
            raise ValueError("message-has is about rest: denied")
        if not self.samples and self.rest == "ignored":
            raise ValueError("an admission check needs samples or rest")


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every request that has another outcome, and the expression or binding that decides."""
    if refused := _refused(world):
        reasons = [Reason(f"The API server refuses it: {what.rstrip('.')}.", at) for what, at in refused]
        return Outcome.of(
            reasons, [f"kubectl apply: {at.path if at else ''}: {what}" for what, at in refused]
        )
    reasons, evidence = [], list[str]()
    policies = _policies(world)
    for sample in params.samples:
        request = request_of(world, sample)
        admission = policies.admit(request)
        complaint = _complaint(sample, request, admission)
        if complaint:
            reasons.append(Reason(complaint, _place(world, sample, admission)))
            evidence.append(_effect(request, admission))
    for probe, admission, right in _results(_Given(world, params)):
        if right:
            continue
        asked = Sample("", "deny" if params.rest == "denied" else "admit")
        about = f" ({probe.about})" if probe.about else ""
        asked = msgspec.structs.replace(asked, message_has=params.message_has)
        complaint = _complaint(asked, probe.request, admission, about)
        place = _place(world, asked, admission)
        if params.rest == "untouched" and (asks := _asks(probe, admission)):
            complaint, place = f"{complaint} {asks[0]}", asks[1]
        reasons.append(Reason(complaint, place))
        evidence.append(_effect(probe.request, admission))
    return Outcome.of(list(dict.fromkeys(reasons)), list(dict.fromkeys(evidence)))


def picture(world: World, params: Params) -> Picture:
    """Requests, whether each is denied or admitted, now and before the answer, and what decides."""
    title = "What becomes of requests"
    if refused := _refused(world):
        told = [Reason(what, at) for what, at in refused]
        return nothing_to_see(title, Outcome.of(told), "refused")
    policies = _policies(world)
    earlier = Policies(world.given, Authorizer((*default_policy(), *world.given)))
    rows = []

    def add(request: AdmissionRequest, admission: Admission, right: bool, about: str = "") -> None:
        word = _words(admission)
        was = _words(earlier.admit(request))
        cell = asked(right, word, was, _decider(world, admission))
        decider = (admission.denied or admission.violations)[:1]
        by = decider[0].policy.name if decider else "no policy"
        rows.append(Row(f"{request.title}{about or _content(request)}", (cell, Cell(by))))

    for sample in params.samples:
        request = request_of(world, sample)
        admission = policies.admit(request)
        add(request, admission, not _complaint(sample, request, admission))
    sorts: set[str] = set()
    for probe, admission, right in _results(_Given(world, params)):
        if not right or probe.sort not in sorts:
            sorts.add(probe.sort)
            add(probe.request, admission, right, f" ({probe.about})" if probe.about else "")
        if len(rows) > MOST_DRAWN:
            break
    return drawn(title, ["now", "by"], rows)


def _refused(world: World) -> list[tuple[str, Location | None]]:
    """Why the API server refuses a policy or a binding."""
    problems = [problem for policy in world.find(POLICY) for problem in problems_of(policy)]
    for refused in world.refused:
        if refused.manifest is not None and refused.manifest.kind in (POLICY, BINDING):
            problems += refused.problems
    return [(problem.message, problem.location) for problem in problems]


class _Given(msgspec.Struct, frozen=True, eq=False):
    """A world and what a check requires of it: the same objects give the same requests."""

    world: World
    params: Params

    def __hash__(self) -> int:
        return hash((id(self.world), id(self.params)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Given) and self.world is other.world and self.params is other.params


@lru_cache(maxsize=8)
def _results(given: _Given) -> tuple[tuple[Probe, Admission, bool], ...]:
    """All that `_tried` yields: `judge` and `picture` ask for it one after the other."""
    return tuple(_tried(given.world, given.params, _policies(given.world)))


@lru_cache(maxsize=1)
def _policies(world: World) -> Policies:
    return Policies(world.objects, Authorizer((*default_policy(), *world.objects)))


def _tried(world: World, params: Params, policies: Policies) -> Iterator[tuple[Probe, Admission, bool]]:
    """Requests of `rest`, what becomes of them, and whether that is right; of those that aren't, the first of
    each sort and cause."""
    if params.rest == "ignored":
        return
    found = world.find(POLICY)
    kinds = [mapping(policy.get("spec", "paramKind")).get("kind") for policy in found]
    words = words_of(found, world.find(BINDING), [one for one in world.objects if one.kind in kinds])
    known = [Place(one.name, one.labels) for one in world.find("Namespace")]
    probes: Probes | VolumeProbes
    if params.forbids is not None:
        probes = VolumeProbes(params.forbids, words, known, world.kubernetes)
    elif params.meant is not None:
        probes = Probes(params.meant, words, known, world.kubernetes)
    else:
        return
    if params.message_has:
        yield from _messages(params.message_has, probes.messages(), policies)
        return
    every = {"denied": probes.denied, "admitted": probes.admitted, "untouched": probes.untouched}[params.rest]
    failed: set[str] = set()
    for probe in every():
        if probe.sort in failed:
            continue
        admission = policies.admit(probe.request)
        if bool(admission.denied) is (params.rest == "denied"):
            yield probe, admission, True
            continue
        cause = admission.unasked[0].why if admission.unasked else probe.sort
        if cause not in failed:
            yield probe, admission, False
        failed |= {probe.sort, cause}


def _messages(
    wanted: str, probes: Iterable[Probe], policies: Policies
) -> Iterator[tuple[Probe, Admission, bool]]:
    """Denied requests, and whether the message is right; of those whose isn't, the first for each place."""
    told: set[Location] = set()
    for probe in probes:
        admission = policies.admit(probe.request)
        unlike = [one.location for one in _shown(admission) if not _has(one, wanted)]
        if not admission.denied:
            continue
        if not unlike:
            yield probe, admission, True
        elif unlike[0] not in told:
            told.add(unlike[0])
            yield probe, admission, False


def _has(violation: Violation, wanted: str) -> bool:
    return wanted.lower() in violation.message.lower()


def _shown(admission: Admission) -> list[Violation]:
    """The violations that the client reads: of those that deny, the first of each policy and binding."""
    if not admission.denied:
        return list(admission.violations)
    first: dict[tuple[str, str], Violation] = {}
    for one in admission.denied:
        first.setdefault((one.policy.name, one.binding.name), one)
    return list(first.values())


def _asks(probe: Probe, admission: Admission) -> tuple[str, Location] | None:
    """Why a policy is asked about a request that it isn't for, and where that is written."""
    policy, binding = admission.denied[0].policy, admission.denied[0].binding
    if probe.sort == "another Namespace":
        why = "No `namespaceSelector` and no match condition leaves this Namespace out."
        return why, binding.where("spec", "matchResources", "namespaceSelector")
    constraints = policy.get("spec", "matchConstraints")
    index = matching_rule(constraints, probe.request)
    if index is None:
        return None
    place = policy.where("spec", "matchConstraints", "resourceRules", index)
    return (
        f"`resourceRules[{index}]` matches {probe.request.operation} of {probe.request.resource_title}.",
        place,
    )


def request_of(world: World, sample: Sample) -> AdmissionRequest:
    """The sample as admission sees it. Raises `UsageError` for a sample that isn't an object."""
    subject: Manifest | None = _object(sample.object, world.kubernetes)
    old = _object(sample.old_object, world.kubernetes) if sample.old_object else None
    if sample.operation == "DELETE":
        subject, old = None, subject
    about = subject or old
    namespaces = world.find("Namespace", about.namespace) if about and about.namespace else []
    labels = {"kubernetes.io/metadata.name": about.namespace if about else ""}
    return AdmissionRequest(
        sample.operation,
        subject,
        old,
        parse_identity(sample.user, sample.groups),
        namespace_labels=namespaces[-1].labels if namespaces else labels,
        namespace_object=namespaces[-1].data
        if namespaces
        else {"metadata": {"name": about.namespace if about else "", "labels": labels}},
    )


def _object(text: str, kubernetes: Version) -> Manifest:
    parsed = parse(text.encode(), "sample")
    manifests, problems = manifests_of(parsed.documents)
    if len(manifests) != 1 or problems or parsed.problems:
        raise UsageError("a sample of this check isn't exactly one object")
    return with_defaults(manifests[0], kubernetes)


def _complaint(sample: Sample, request: AdmissionRequest, admission: Admission, about: str = "") -> str:
    wanted = {"deny": "be denied", "admit": "be admitted", "warn": "be admitted with a warning"}[
        sample.outcome
    ]
    if _became(admission) != sample.outcome:
        why = f": {_said(admission)}" if admission.violations else ""
        if sample.outcome == "deny" and admission.violations:
            actions = ", ".join(admission.violations[0].actions)
            why = f": `validationActions` of the binding is [{actions}], and only Deny rejects"
        if not admission.violations and admission.unasked:
            why = f": {admission.unasked[0].why}"
        return f"The {request.title}{about} must {wanted}, but is {_words(admission)}{why}."
    told = _shown(admission)
    unlike = [one for one in told if not _has(one, sample.message_has)]
    if unlike and (admission.denied or unlike == told):
        said = unlike[0].message.rstrip(".")
        return f"The message to the client{about} is {said!r}; it must contain {sample.message_has!r}."
    return ""


def _became(admission: Admission) -> str:
    if admission.denied:
        return "deny"
    return "warn" if admission.warned else "admit"


def _words(admission: Admission) -> str:
    return {"deny": "denied", "admit": "admitted", "warn": "admitted with a warning"}[_became(admission)]


def _said(admission: Admission) -> str:
    return (admission.denied or admission.violations)[0].message.rstrip(".")


def _place(world: World, sample: Sample, admission: Admission) -> Location | None:
    """Where to change what is wrong: the actions of the binding, the message, else what decides."""
    if sample.outcome == "deny" and admission.violations and not admission.denied:
        return admission.violations[0].binding.where("spec", "validationActions")
    unlike = [one for one in _shown(admission) if not _has(one, sample.message_has)]
    if unlike and _became(admission) == sample.outcome:
        return _message_place(unlike[0])
    return _decider(world, admission)


def _message_place(one: Violation) -> Location:
    """Where the message of a violation is written; its expression without one."""
    for index, validation in indexed(one.policy.get("spec", "validations")):
        path = ("spec", "validations", index)
        if one.policy.where(*path, "expression") == one.location:
            field = next((f for f in ("messageExpression", "message") if validation.get(f)), "expression")
            return one.policy.where(*path, field)
    return one.location


def _decider(world: World, admission: Admission) -> Location | None:
    """The expression that decides, else what leaves the request out, else the binding that applied."""
    if admission.violations:
        return admission.violations[0].location
    if admission.unasked:
        return admission.unasked[0].location
    if admission.evaluated:
        policy = world.find(POLICY, str(admission.evaluated[0].get("spec", "policyName")))
        return policy[-1].where("spec", "validations") if policy else None
    for kind, field in ((BINDING, "policyName"), (POLICY, "matchConstraints")):
        if found := world.find(kind):
            return found[-1].where("spec", field)
    return None


def _content(request: AdmissionRequest) -> str:
    """The volumes of the Pods, or without volumes the images."""
    template = pod_template(request.subject)
    if template is None:
        return ""
    kinds = [name for one in mappings(template.spec.get("volumes")) for name in one if name != "name"]
    if kinds:
        return f" (volume {', '.join(kinds)})"
    images = [str(container.get("image", "")) for _, container in template.containers()]
    return f" (image {', '.join(images)})" if images else ""


def _effect(request: AdmissionRequest, admission: Admission) -> str:
    what = request.subject.title + _content(request)
    if admission.violations:
        one = (admission.denied or admission.violations)[0]
        how = "cannot be evaluated" if one.is_error else "is not met"
        return f"{what} is {_words(admission)}: an expression of {one.policy.name} {how}."
    if admission.evaluated:
        names = ", ".join(str(binding.get("spec", "policyName")) for binding in admission.evaluated)
        return f"{what} is admitted: every expression of {names} is met."
    return f"{what} is admitted: no bound policy matches it."
