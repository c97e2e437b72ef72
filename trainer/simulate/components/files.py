"""The files that a component's flags name: can it read them, and does it accept their content?

A configuration that the component refuses keeps it from starting. Follows
https://kubernetes.io/docs/reference/config-api/ (apiserver-config.v1, apiserver-audit.v1,
apiserver-admission.v1) and the loaders of k8s.io/apiserver v1.35. The content of certificates and
keys is not checked.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
from trainer.manifests.reading.component_file import component_file
from trainer.manifests.schema.aliases import in_current_form, is_plugin_file, of_plugin_file
from trainer.simulate.components import audit, authentication, authorization, encryption
from trainer.simulate.components.flags import READ_FILES, WRITTEN_FILES
from trainer.simulate.components.kubeconfig import file_references, structure_problems
from trainer.simulate.components.plugins import default_plugins
from trainer.simulate.components.static_pods import NodeFiles, StaticPod, read_problem, text_of, write_problem
from trainer.simulate.podsecurity.admission import configuration_problems
from trainer.simulate.shell.paths import normalise
from trainer.verdict import Location, Problem, Severity

CONFIGURATIONS = {
    "encryption-provider-config": "EncryptionConfiguration",
    "audit-policy-file": "Policy",
    "admission-control-config-file": "AdmissionConfiguration",
    "authentication-config": "AuthenticationConfiguration",
    "authorization-config": "AuthorizationConfiguration",
    "authorization-webhook-config-file": "Config",
    "authentication-token-webhook-config-file": "Config",
    "audit-webhook-config-file": "Config",
    "kubeconfig": "Config",
    "authentication-kubeconfig": "Config",
    "authorization-kubeconfig": "Config",
}
"""Flags whose file is a configuration, and of which kind."""


def paths_of(pod: StaticPod, name: str) -> tuple[str, ...]:
    """The paths that a flag names, in the container; empty if it isn't set."""
    value = pod.command.value(name)
    found = value if isinstance(value, tuple) else (value,)
    return tuple(path for path in found if isinstance(path, str) and path and path != "-")


def file_problems(pod: StaticPod, node: NodeFiles) -> list[Problem]:
    """Every file that the component can't read or write, and every configuration that it refuses."""
    found: list[Problem] = []
    for name in sorted(READ_FILES[pod.component]):
        for path in paths_of(pod, name):
            why, where = read_problem(pod, path, node)
            if why:
                found.append(Problem(f"--{name}: {why}", location=where or pod.flag_location(name)))
            else:
                found += content_problems(pod, name, path, node)
    for name in sorted(WRITTEN_FILES[pod.component]):
        for path in paths_of(pod, name):
            why, where = write_problem(pod, path, node)
            if why and not (name != "audit-log-path" and "is a directory" in why):
                found.append(Problem(f"--{name}: {why}", location=where or pod.flag_location(name)))
    return found


def configuration(pod: StaticPod, name: str, node: NodeFiles) -> Manifest | None:
    """The configuration in a flag's file, defaulted; None if it is unknown or unreadable."""
    for path in paths_of(pod, name):
        return configuration_at(pod, path, CONFIGURATIONS[name], node)[0]
    return None


def configuration_at(
    pod: StaticPod, path: str, kind: str, node: NodeFiles
) -> tuple[Manifest | None, list[Problem]]:
    """The configuration in a file of the container, or why the component can't decode it.

    (None, []) if the file's text is not known.
    """
    known = text_of(pod, path, node)
    if known is None:
        return None, []
    text, name = known
    found = component_file(text, name)
    manifest = found.manifest
    if kind == "AdmissionConfiguration" and found.document is not None and is_plugin_file(found.document):
        manifest = of_plugin_file(found.document, path, enabled_plugins(pod))
    if manifest is None:
        return None, list(found.errors)
    manifest, _ = in_current_form(manifest)
    if manifest.kind != kind:
        message = f"{name} contains the kind {manifest.kind}, not {kind}"
        return None, [Problem(message, location=manifest.where("kind"))]
    admitted = admit(manifest, pod.command.kubernetes)
    return admitted.manifest, [one for one in admitted.problems if one.severity is Severity.ERROR]


def content_problems(pod: StaticPod, name: str, path: str, node: NodeFiles) -> list[Problem]:
    """Why the component refuses the content of a flag's file."""
    if name == "token-auth-file":
        return _token_problems(pod, path, node)
    kind = CONFIGURATIONS.get(name)
    if kind is None:
        return []
    manifest, problems = configuration_at(pod, path, kind, node)
    if manifest is None or problems:
        return problems
    return [one for one in _CHECKS[kind](pod, path, manifest, node) if one.severity is Severity.ERROR]


def _encryption(_pod: StaticPod, _path: str, manifest: Manifest, _node: NodeFiles) -> list[Problem]:
    return encryption.problems_of(manifest)


def _audit(pod: StaticPod, _path: str, manifest: Manifest, _node: NodeFiles) -> list[Problem]:
    return audit.problems_of(manifest, pod.command.kubernetes)


def _authentication(pod: StaticPod, _path: str, manifest: Manifest, _node: NodeFiles) -> list[Problem]:
    command = pod.command
    found = []
    if isinstance(manifest.get("anonymous"), dict) and command.is_set("anonymous-auth"):
        message = "--anonymous-auth can't be set when the file of --authentication-config has `anonymous`"
        found.append(Problem(message, location=pod.flag_location("anonymous-auth")))
    issuers = command.texts("service-account-issuer")
    return found + authentication.problems_of(manifest, command.kubernetes, issuers)


def _authorization(pod: StaticPod, _path: str, manifest: Manifest, node: NodeFiles) -> list[Problem]:
    return authorization.problems_of(
        manifest, pod.command.kubernetes, lambda path: read_problem(pod, path, node)[0]
    )


def _admission(pod: StaticPod, path: str, manifest: Manifest, node: NodeFiles) -> list[Problem]:
    """Entries of plugins that are disabled, or that don't exist, are skipped, and their files are
    not read."""
    on = enabled_plugins(pod)
    found = []
    for index, plugin in enumerate(manifest.get("plugins", default=[])):
        inner = plugin.get("path")
        if inner and plugin.get("name") in on:
            why, _ = read_problem(pod, beside(path, str(inner)), node)
            if why:
                found.append(Problem(why, location=manifest.where("plugins", index, "path")))
    return found + (configuration_problems(manifest) if "PodSecurity" in on else [])


def enabled_plugins(pod: StaticPod) -> frozenset[str]:
    """The admission plugins that the API server runs."""
    command = pod.command
    enabled = default_plugins(command.kubernetes) | set(command.texts("enable-admission-plugins"))
    return enabled - set(command.texts("disable-admission-plugins"))


def _kubeconfig(pod: StaticPod, path: str, manifest: Manifest, node: NodeFiles) -> list[Problem]:
    found = structure_problems(manifest)
    for reference in file_references(manifest):
        why, _ = read_problem(pod, beside(path, reference.path), node)
        if why:
            found.append(Problem(f"{reference.field}: {why}", location=reference.location))
    return found


def beside(path: str, other: str) -> str:
    """A path as a file at `path` means it: relative to its directory."""
    return normalise(posixpath.join(posixpath.dirname(path), other))


def _token_problems(pod: StaticPod, path: str, node: NodeFiles) -> list[Problem]:
    known = text_of(pod, path, node)
    if known is None:
        return []
    text, name = known
    return [
        Problem("each line of a token file must be token,user,uid", location=Location(name, number, 1))
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and line.count(",") < 2
    ]


_CHECKS: dict[str, Callable[[StaticPod, str, Manifest, NodeFiles], list[Problem]]] = {
    "EncryptionConfiguration": _encryption,
    "Policy": _audit,
    "AuthenticationConfiguration": _authentication,
    "AuthorizationConfiguration": _authorization,
    "AdmissionConfiguration": _admission,
    "Config": _kubeconfig,
}
