"""What Pod Security admission does with an object: reject, warn, or record, by namespace and configuration.

Follows https://kubernetes.io/docs/concepts/security/pod-security-admission/ (v1.35) and
k8s.io/pod-security-admission (`api/helpers.go`, `admission/admission.go`): `enforce` looks only
at Pods, `warn` and `audit` also at workloads; without a `warn` level, a stricter `enforce` level
replaces it (since v1.26, kubernetes/kubernetes pull request 113491).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from trainer.errors import UsageError
from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import indexed, items, mapping, mapping_at, mappings, texts
from trainer.simulate.podsecurity.levels import LEVELS, Violation, evaluate, parse_version
from trainer.simulate.workloads import pod_template
from trainer.simulate.world import World
from trainer.verdict import Location, Problem

PREFIX = "pod-security.kubernetes.io/"
MODES = ("enforce", "audit", "warn")
_CONFIGURATION = ("pod-security.admission.config.k8s.io", "PodSecurityConfiguration")
_VERSIONS = ("v1", "v1beta1", "v1alpha1")


class Level(msgspec.Struct, frozen=True):
    """A level at a version: `restricted:v1.35`."""

    level: str = "privileged"
    version: str = "latest"

    def __str__(self) -> str:
        return f"{self.level}:{self.version}"


class Exemptions(msgspec.Struct, frozen=True):
    """What the admission plugin never looks at."""

    usernames: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    runtime_classes: tuple[str, ...] = ()


class PodSecurityConfiguration(msgspec.Struct, frozen=True):
    """Cluster-wide defaults for namespaces without labels, and exemptions."""

    enforce: Level = Level()
    audit: Level = Level()
    warn: Level = Level()
    exemptions: Exemptions = Exemptions()


class Policy(msgspec.Struct, frozen=True):
    """The three levels of a namespace."""

    enforce: Level
    audit: Level
    warn: Level


class Admission(msgspec.Struct, frozen=True):
    """The outcome for one object."""

    rejected: tuple[Violation, ...] = ()
    warned: tuple[Violation, ...] = ()
    audited: tuple[Violation, ...] = ()
    exempt: str = ""
    """Why the plugin doesn't look at the object, if it doesn't."""
    policy: Policy | None = None

    @property
    def admitted(self) -> bool:
        """Whether the object is created."""
        return not self.rejected


def configuration_of(manifest: Manifest) -> PodSecurityConfiguration:
    """The PodSecurity settings in an AdmissionConfiguration, or of a PodSecurityConfiguration itself.

    Raises `UsageError` without such settings.
    """
    data: Any = manifest.data
    if manifest.kind == "AdmissionConfiguration":
        plugins = mappings(manifest.get("plugins"))
        data = next((p.get("configuration") for p in plugins if p.get("name") == "PodSecurity"), None)
    if not isinstance(data, dict) or data.get("kind") != "PodSecurityConfiguration":
        raise UsageError(f"{manifest.document.file} has no PodSecurityConfiguration")
    defaults, exempt = mapping_at(data, "defaults"), mapping_at(data, "exemptions")
    enforce, audit, warn = (
        Level(str(defaults.get(mode) or "privileged"), str(defaults.get(f"{mode}-version") or "latest"))
        for mode in MODES
    )
    exemptions = Exemptions(
        tuple(texts(exempt.get("usernames"))),
        tuple(texts(exempt.get("namespaces"))),
        tuple(texts(exempt.get("runtimeClasses"))),
    )
    return PodSecurityConfiguration(enforce, audit, warn, exemptions)


def configuration_in(world: World) -> PodSecurityConfiguration | None:
    """The PodSecurity settings of a world's AdmissionConfiguration; None if it has none."""
    for kind in ("AdmissionConfiguration", "PodSecurityConfiguration"):
        for manifest in world.find(kind):
            try:
                return configuration_of(manifest)
            except UsageError:
                continue
    return None


def configuration_problems(manifest: Manifest) -> list[Problem]:
    """Why kube-apiserver refuses the PodSecurity settings of an AdmissionConfiguration, and doesn't start.

    See `ValidatePodSecurityConfiguration` of k8s.io/pod-security-admission (v1.36).
    """
    found: list[Problem] = []
    for path, inner in plugin_settings(manifest):
        group, _, version = str(inner.get("apiVersion")).partition("/")
        if (group, inner.get("kind")) != _CONFIGURATION or version not in _VERSIONS:
            message = f"the plugin PodSecurity reads the kind {_CONFIGURATION[1]} of {_CONFIGURATION[0]}/v1"
            found.append(Problem(message, location=manifest.where(*path)))
            continue
        wrong = [
            *_wrong_defaults(mapping_at(inner, "defaults")),
            *_wrong_names(mapping_at(inner, "exemptions")),
        ]
        found += [Problem(message, location=manifest.where(*path, *step)) for step, message in wrong]
    return found


def plugin_settings(manifest: Manifest) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The settings of the plugin PodSecurity in an AdmissionConfiguration, with their path."""
    for index, plugin in indexed(manifest.get("plugins")):
        if plugin.get("name") == "PodSecurity":
            if "configuration" in plugin:
                yield ("plugins", index, "configuration"), mapping(plugin["configuration"])
            return


def _wrong_defaults(defaults: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for mode in MODES:
        level, version = defaults.get(mode), defaults.get(f"{mode}-version")
        if level not in (None, "", *LEVELS):
            yield ("defaults", mode), f"{level!r} is not a level: write {', '.join(LEVELS)}"
        if version not in (None, "") and not _valid_version(version):
            yield ("defaults", f"{mode}-version"), f"{version!r} is not a version: write latest or v1.35"


def _wrong_names(exemptions: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for field, values in exemptions.items():
        if values is not None and not isinstance(values, list):
            yield ("exemptions", field), f"`{field}` must be a list"
        seen: set[str] = set()
        for position, value in enumerate(items(values)):
            if not isinstance(value, str) or not value:
                yield ("exemptions", field, position), f"{value!r} is not a name"
            elif value in seen:
                yield ("exemptions", field, position), f"{value} is there twice"
            else:
                seen.add(value)


def label_problems(namespace: Manifest) -> list[Problem]:
    """Labels that the plugin refuses on a namespace: an unknown level, a malformed version."""
    problems = []
    for label, value in namespace.labels.items():
        name = label.removeprefix(PREFIX)
        if name == label:
            continue
        mode, _, is_version = name.partition("-")
        if mode not in MODES or is_version not in ("", "version"):
            continue
        if is_version and not _valid_version(value):
            problems.append(
                Problem(f"{value!r} is not a version: write latest or v1.35", location=_at(namespace, label))
            )
        elif not is_version and value not in LEVELS:
            message = f"{value!r} is not a level: write {', '.join(LEVELS)}"
            problems.append(Problem(message, location=_at(namespace, label)))
    return problems


def policy_of(labels: Mapping[str, str], configuration: PodSecurityConfiguration) -> Policy:
    """The effective levels; an unreadable label fails closed for enforce, open for the others."""
    found = {}
    for mode in MODES:
        default: Level = getattr(configuration, mode)
        level = labels.get(PREFIX + mode, default.level)
        if level not in LEVELS:
            level = "restricted" if mode == "enforce" else "privileged"
        version = labels.get(f"{PREFIX}{mode}-version", default.version)
        found[mode] = Level(level, version if _valid_version(version) else "latest")
    stricter = LEVELS.index(found["enforce"].level) > LEVELS.index(found["warn"].level)
    if PREFIX + "enforce" in labels and PREFIX + "warn" not in labels and stricter:
        pinned = f"{PREFIX}warn-version" in labels
        found["warn"] = Level(found["enforce"].level, (found["warn"] if pinned else found["enforce"]).version)
    return Policy(**found)


def admit(
    manifest: Manifest,
    labels: Mapping[str, str],
    configuration: PodSecurityConfiguration | None = None,
    user: str = "",
) -> Admission:
    """What happens when `user` creates this object in a namespace with these labels."""
    settings = configuration or PodSecurityConfiguration()
    template = pod_template(manifest)
    if template is None:
        return Admission(exempt=f"{manifest.kind} has no Pod")
    runtime_class = str(template.spec.get("runtimeClassName") or "")
    for value, exempted, what in (
        (manifest.namespace, settings.exemptions.namespaces, "namespace"),
        (user, settings.exemptions.usernames, "user"),
        (runtime_class, settings.exemptions.runtime_classes, "runtime class"),
    ):
        if value and value in exempted:
            return Admission(exempt=f"the {what} {value} is exempt")
    policy = policy_of(labels, settings)

    def violations(level: Level) -> tuple[Violation, ...]:
        return tuple(evaluate(template, level.level, level.version))

    rejected = violations(policy.enforce) if manifest.kind == "Pod" else ()
    warned = () if rejected else violations(policy.warn)
    return Admission(rejected, warned, violations(policy.audit), policy=policy)


def _valid_version(text: Any) -> bool:
    if not isinstance(text, str):
        return False
    try:
        parse_version(text)
    except UsageError:
        return False
    return text == "latest" or text.startswith("v")


def _at(namespace: Manifest, label: str) -> Location:
    return namespace.where("metadata", "labels", label)
