"""Judges what Pod Security admission does with sample objects in the answer's namespaces.

The labels of the namespaces and, if the answer or the given objects have one, the
AdmissionConfiguration decide. `enforce` rejects only Pods; workloads get warnings and audit
annotations.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Literal

import msgspec

from trainer.errors import UsageError
from trainer.manifests.defaults import with_defaults
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.manifests.schema.suggest import similar
from trainer.manifests.values import indexed, text_mapping
from trainer.picture import Cell, Picture, Row, State, asked, drawn, nothing_to_see
from trainer.rules import Live, Reads
from trainer.rules.pod_security import violation_reasons
from trainer.simulate.podsecurity.admission import (
    MODES,
    Admission,
    PodSecurityConfiguration,
    admit,
    configuration_in,
    configuration_problems,
    label_problems,
    plugin_settings,
)
from trainer.simulate.world import World, is_static
from trainer.verdict import Location, Outcome, Problem, Reason
from trainer.versions import Version

READS = Reads(Live.OBJECTS, kinds=("AdmissionConfiguration", "Namespace", "PodSecurityConfiguration"))

_PREFIX = "pod-security.kubernetes.io/"
_MOST = 100
"""How many labels of a Namespace are looked at for a misspelled one."""
_LABELS = [f"{_PREFIX}{mode}{version}" for mode in MODES for version in ("", "-version")]
_CONFIGURATION = "AdmissionConfiguration"

Effect = Literal["rejected", "admitted"]


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One object that somebody creates, and its required outcome."""

    object: str
    """The object as YAML; its namespace is one of the world's."""
    outcome: Effect
    """The required outcome."""
    warns: bool | None = None
    """Whether the creator must, or must not, get a warning."""
    audits: bool | None = None
    """Whether an audit annotation must, or must not, be written."""
    user: str = ""
    """The name of the user who creates it, if exemptions matter."""


class Exempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What the configuration leaves out: exactly these."""

    usernames: tuple[str, ...] = ()
    """Users."""
    namespaces: tuple[str, ...] = ()
    """Namespaces."""
    runtime_classes: tuple[str, ...] = ()
    """RuntimeClasses of Pods."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The samples to try."""

    samples: tuple[Sample, ...]
    """Objects that somebody creates, and their required outcomes."""
    exempt: Exempt | None = None
    """What the AdmissionConfiguration exempts: all of it, and nothing else."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every sample that has another outcome, and the label or setting that decides."""
    reasons = [
        Reason(f"The API server refuses this label: {problem.message}.", problem.location)
        for namespace in world.find("Namespace")
        for problem in label_problems(namespace)
    ]
    evidence: list[str] = []
    if refused := _start_problems(world):
        told = [Reason(_no_start(one.message), one.location) for one in refused]
        return Outcome.of(told, ["Without kube-apiserver, nothing can be created."])
    configuration = configuration_in(world)
    if params.exempt is not None:
        found = list(_wrong_exemptions(world, params.exempt, configuration))
        reasons += [reason for reason, _ in found]
        evidence += [f"{effect}." for _, effect in found]
    for sample in params.samples:
        manifest = _sample(sample, world.kubernetes)
        namespace = next(iter(world.find("Namespace", manifest.namespace)), None)
        admission = admit(manifest, namespace.labels if namespace else {}, configuration, sample.user)
        for mode, complaint in _complaints(sample, manifest, admission):
            if namespace is not None and _is_old(namespace, mode, sample, manifest, configuration):
                label = f"{_PREFIX}{mode}-version"
                old = f"Version {namespace.labels[label]} of the level checks less than the latest one."
                reasons.append(Reason(f"{complaint} {old}", _decider(world, namespace, label)))
            else:
                reasons.append(_reason(world, namespace, complaint, f"{_PREFIX}{mode}"))
            evidence.append(_effect(manifest, admission))
    return Outcome.of(reasons, list(dict.fromkeys(evidence)))


def picture(world: World, params: Params) -> Picture:
    """What Pod Security admission does with each sample, and what is exempt, now and before the answer."""
    title = "What Pod Security admission does"
    if refused := _start_problems(world):
        told = [Reason(one.message, one.location) for one in refused]
        return nothing_to_see(title, Outcome.of(told), "kube-apiserver is down")
    rows = [
        Row(f"{namespace.title}: {problem.message}", (Cell("refused", State.WRONG, "", problem.location),))
        for namespace in world.find("Namespace")
        for problem in label_problems(namespace)
    ]
    configuration, before = configuration_in(world), world.before()
    for sample in params.samples:
        manifest = _sample(sample, world.kubernetes)
        namespace = next(iter(world.find("Namespace", manifest.namespace)), None)
        now = admit(manifest, namespace.labels if namespace else {}, configuration, sample.user)
        old = next(iter(before.find("Namespace", manifest.namespace)), None)
        was = old and admit(manifest, old.labels, configuration_in(before), sample.user)
        wrong = {mode for mode, _ in _complaints(sample, manifest, now)}
        by = f" (by {sample.user})" if sample.user else ""
        wanted = {"enforce": True, "warn": sample.warns is not None, "audit": sample.audits is not None}
        cells = []
        for mode, word in _words(now).items():
            state = State.WRONG if mode in wrong else State.RIGHT if wanted[mode] else State.UNASKED
            place = _decider(world, namespace, f"{_PREFIX}{mode}") if state is State.WRONG else None
            past = _words(was)[mode] if was else ""
            cells.append(Cell(word, state, "" if past == word else past, place))
        rows.append(Row(f"{manifest.title}{by}", tuple(cells)))
    if params.exempt is not None:
        rows += _exemption_rows(world, params.exempt, configuration)
    return drawn(title, ["enforce", "warn", "audit"], rows)


def _words(admission: Admission) -> dict[str, str]:
    """What becomes of a sample, by mode."""
    return {
        "enforce": "admitted" if admission.admitted else "rejected",
        "warn": "warning" if admission.warned else "nothing",
        "audit": "annotation" if admission.audited else "nothing",
    }


def _exemption_rows(
    world: World, wanted: Exempt, configuration: PodSecurityConfiguration | None
) -> Iterator[Row]:
    settings = configuration or PodSecurityConfiguration()
    for name, (what, field) in _KINDS.items():
        meant, found = set(getattr(wanted, name)), set(getattr(settings.exemptions, name))
        for one in sorted(meant | found):
            word = "exempt" if one in found else "not exempt"
            place = _setting(world, "exemptions", field)
            yield Row(f"{what} {one}", (asked((one in meant) is (one in found), word, "", place),))


def _no_start(message: str) -> str:
    end = "" if message.endswith(("?", ".")) else "."
    return f"kube-apiserver doesn't start: {message}{end}"


def _start_problems(world: World) -> list[Problem]:
    """Why kube-apiserver doesn't start with the configuration.

    See `ReadAdmissionConfiguration` of k8s.io/apiserver/pkg/admission (v1.36): the file that the flag names
    contains an AdmissionConfiguration. The configuration of one plugin alone isn't enough.
    """
    found = [one for each in world.find(_CONFIGURATION) for one in configuration_problems(each)]
    for refused in world.refused:
        if refused.manifest is not None and refused.manifest.kind == _CONFIGURATION:
            found += refused.problems
    for file, place in world.places.items():
        if file in world.texts and not is_static(place) and not found:
            found += _unreadable(world, file)
    return found


def _unreadable(world: World, file: str) -> list[Problem]:
    """Why a file that the answer puts on the node isn't an AdmissionConfiguration; empty if it is one."""
    if any(one.document.file == file and one.kind == _CONFIGURATION for one in world.answer):
        return []
    broken = [
        problem
        for refused in world.refused
        if refused.manifest is None
        for problem in refused.problems
        if problem.location is not None and problem.location.file == file
    ]
    documents = world.documents.get(file, ())
    where = documents[0].where(("kind",)) if documents else Location(file, 1, 1)
    return broken or [Problem(f"the file must contain an {_CONFIGURATION}", location=where)]


_KINDS = {
    "usernames": ("user", "usernames"),
    "namespaces": ("Namespace", "namespaces"),
    "runtime_classes": ("RuntimeClass", "runtimeClasses"),
}
"""What each list of exemptions names, and its field."""


def _wrong_exemptions(
    world: World, wanted: Exempt, configuration: PodSecurityConfiguration | None
) -> Iterator[tuple[Reason, str]]:
    """Every exemption that is missing or too much, and its effect."""
    settings = configuration or PodSecurityConfiguration()
    for name, (what, field) in _KINDS.items():
        meant, found = set(getattr(wanted, name)), set(getattr(settings.exemptions, name))
        place = _setting(world, "exemptions", field)
        for one in sorted(meant - found):
            yield Reason(f"The {what} {one} must be exempt.", place), f"Pods of {what} {one} are checked"
        for one in sorted(found - meant):
            yield (
                Reason(f"The {what} {one} must not be exempt.", place),
                f"No Pod of {what} {one} is checked",
            )


def _setting(world: World, *path: str) -> Location | None:
    """The place of a setting in the configuration of the plugin, if there is one."""
    for manifest in world.find(_CONFIGURATION):
        for start, _ in plugin_settings(manifest):
            return manifest.where(*start, *path)
        for index, entry in indexed(manifest.get("plugins")):
            if similar(str(entry.get("name")), ["PodSecurity"]):
                return manifest.where("plugins", index, "name")
        return manifest.where("plugins")
    found = world.find("PodSecurityConfiguration")
    return found[0].where(*path) if found else None


def _sample(sample: Sample, kubernetes: Version) -> Manifest:
    parsed = parse(sample.object.encode(), "sample")
    manifests, problems = manifests_of(parsed.documents)
    if len(manifests) != 1 or problems or parsed.problems:
        raise UsageError("a sample of this check is not exactly one object")
    return with_defaults(manifests[0], kubernetes)


def _complaints(sample: Sample, manifest: Manifest, admission: Admission) -> list[tuple[str, str]]:
    """What is wrong, each with the mode that decides it."""
    complaints = []
    if (sample.outcome == "admitted") is not admission.admitted:
        how = (
            "must be rejected, but is admitted" if admission.admitted else "must be admitted, but is rejected"
        )
        why = "" if admission.admitted else f": {violation_reasons(admission.rejected)[0].message}"
        complaints.append(("enforce", f"{manifest.title} {how}{why}"))
    for mode, wanted, found, what in (
        ("warn", sample.warns, admission.warned, "a warning"),
        ("audit", sample.audits, admission.audited, "an audit annotation"),
    ):
        if wanted is not None and wanted is not bool(found):
            complaints.append((mode, f"{manifest.title} must {'' if wanted else 'not '}lead to {what}"))
    return [(mode, text if text.endswith(".") else f"{text}.") for mode, text in complaints]


def _is_old(
    namespace: Manifest,
    mode: str,
    sample: Sample,
    manifest: Manifest,
    configuration: PodSecurityConfiguration | None,
) -> bool:
    """Whether only the version of a mode is wrong: the latest one would do."""
    label = f"{_PREFIX}{mode}-version"
    if label not in namespace.labels:
        return False
    admission = admit(manifest, {**namespace.labels, label: "latest"}, configuration, sample.user)
    return mode not in (other for other, _ in _complaints(sample, manifest, admission))


def _reason(world: World, namespace: Manifest | None, complaint: str, label: str) -> Reason:
    """The complaint, with the label or annotation that was probably meant to be the one that decides."""
    if namespace is not None and namespace in world.answer and label not in namespace.labels:
        if label in text_mapping(namespace.get("metadata", "annotations")):
            hint = f"{complaint} `{label}` is an annotation here; it must be a label."
            return Reason(hint, namespace.where("metadata", "annotations", label))
        for other in islice(namespace.labels, _MOST):
            if _meant(other) == label:
                hint = f"{complaint} The label `{other}` has no effect; its name must be `{label}`."
                return Reason(hint, namespace.where("metadata", "labels", other))
    return Reason(complaint, _decider(world, namespace, label))


@lru_cache(maxsize=1024)
def _meant(label: str) -> str | None:
    """The label of Pod Security admission that a label without effect was probably meant to be."""
    return None if label in _LABELS else similar(label, _LABELS)


def _decider(world: World, namespace: Manifest | None, label: str) -> Location | None:
    """The namespace's label, or the configuration if the namespace isn't the learner's."""
    if namespace is not None and namespace in world.answer:
        return namespace.where("metadata", "labels", *([label] if label in namespace.labels else []))
    place = _setting(world, "defaults", label.removeprefix(_PREFIX))
    if place is not None:
        return place
    return namespace.where("metadata", "labels") if namespace else None


def _effect(manifest: Manifest, admission: Admission) -> str:
    if admission.exempt:
        return f"{manifest.title}: {admission.exempt}."
    policy = admission.policy
    levels = f"enforce {policy.enforce}, warn {policy.warn}, audit {policy.audit}" if policy else ""
    said = "admitted" if admission.admitted else "rejected"
    said += ", with a warning" if admission.warned else ""
    return f"{manifest.title} is {said} ({levels})."
