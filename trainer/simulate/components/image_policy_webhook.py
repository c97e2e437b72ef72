"""ImagePolicyWebhook: is it configured, and what happens to a Pod if the backend answers, or doesn't?

Follows https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#imagepolicywebhook
(v1.35) and `plugin/pkg/admission/imagepolicy` there: the plugin is off by default, its configuration
is part of the AdmissionConfiguration (inline, or a file that `path` names, relative to it), the
backend is a kubeconfig's current context with an https server, and when the backend doesn't answer
`defaultAllow` decides. TTLs are seconds (more than 1, up to 1800; -1 off, 0 default), the backoff
milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Document, Manifest, Path
from trainer.manifests.reading.parse import parse
from trainer.manifests.values import mapping
from trainer.simulate.components.files import beside, configuration, configuration_at, paths_of
from trainer.simulate.components.kubeconfig import DATA, access, file_references, structure_problems
from trainer.simulate.components.static_pods import NodeFiles, StaticPod, read_problem, text_of
from trainer.simulate.containers.images import same_image
from trainer.simulate.shell.paths import normalise
from trainer.verdict import Location, Problem, Severity

PLUGIN = "ImagePolicyWebhook"
CONFIG_FLAG = "admission-control-config-file"
_FIELDS = {
    name.lower(): name for name in ("kubeConfigFile", "allowTTL", "denyTTL", "retryBackoff", "defaultAllow")
}
_RANGES = {"allowTTL": (2, 1800), "denyTTL": (2, 1800), "retryBackoff": (1, 300_000)}
_DEFAULTS = {"allowTTL": 300, "denyTTL": 30, "retryBackoff": 500}


class Backend(msgspec.Struct, frozen=True):
    """The connection to the backend. Files are paths on the node, `data` if they are embedded in
    the kubeconfig."""

    server: str = ""
    insecure: bool = False
    """insecure-skip-tls-verify."""
    authority: str = ""
    certificate: str = ""
    """The certificate that the API server presents; may be empty."""
    location: Location | None = None
    places: Mapping[str, Location] = {}
    """Where each setting is written, or where it belongs, by the name of its field."""

    def at(self, field: str) -> Location | None:
        """The place of a setting of the connection."""
        return self.places.get(field, self.location)


class Webhook(msgspec.Struct, frozen=True):
    """The plugin as it is configured. `problems` say what keeps it from working."""

    enabled: bool
    default_allow: bool = False
    backend: Backend = Backend()
    allow_ttl: int = 300
    """Seconds; -1 if answers aren't cached."""
    deny_ttl: int = 30
    retry_backoff: int = 500
    """Milliseconds."""
    places: Mapping[str, Location] = {}
    """Where each setting is written, or where it belongs, by the name of its field."""
    problems: tuple[Problem, ...] = ()


class Ruling(msgspec.Struct, frozen=True):
    """The outcome for a Pod, and why."""

    admitted: bool
    because: str


def webhook_of(pod: StaticPod, node: NodeFiles) -> Webhook:
    """The plugin's configuration in a kube-apiserver. Raises `NotJudged` if a file isn't known."""
    command = pod.command
    on = PLUGIN in (*command.texts("enable-admission-plugins"), *command.texts("admission-control"))
    if not on or PLUGIN in command.texts("disable-admission-plugins"):
        where = pod.flag_location("enable-admission-plugins")
        return Webhook(
            False, problems=(Problem(f"the admission plugin {PLUGIN} is not enabled", location=where),)
        )
    paths = paths_of(pod, CONFIG_FLAG)
    if not paths:
        message = f"--{CONFIG_FLAG} is not set: the plugin has no configuration"
        return Webhook(
            True, problems=(Problem(message, location=pod.flag_location("enable-admission-plugins")),)
        )
    why, place = read_problem(pod, paths[-1], node)
    if why:
        problem = Problem(f"--{CONFIG_FLAG}: {why}", location=place or pod.flag_location(CONFIG_FLAG))
        return Webhook(True, problems=(problem,))
    manifest, wrong = configuration_at(pod, paths[-1], "AdmissionConfiguration", node)
    if wrong:
        return Webhook(True, problems=tuple(wrong))
    if manifest is None:
        raise NotJudged(
            "an AdmissionConfiguration that is not among the files", pod.flag_location(CONFIG_FLAG)
        )
    return _from_configuration(pod, node, paths[-1], manifest)


def _from_configuration(pod: StaticPod, node: NodeFiles, path: str, manifest: Manifest) -> Webhook:
    plugins = manifest.get("plugins", default=[])
    index = next((i for i, one in enumerate(plugins) if one.get("name") == PLUGIN), -1)
    if index < 0:
        message = f"the AdmissionConfiguration has no entry for {PLUGIN}"
        return Webhook(True, problems=(Problem(message, location=manifest.where("plugins")),))
    found = _plugin_settings(pod, node, path, manifest, index)
    if isinstance(found, Problem):
        return Webhook(True, problems=(found,))
    document, base, written = found
    # Go decodes field names regardless of case, and ignores unknown ones.
    spelled = {_FIELDS.get(str(name).lower(), ""): str(name) for name in written}
    settings = {_FIELDS.get(str(name).lower(), str(name)): value for name, value in written.items()}
    problems = list(_setting_problems(document, base, settings))
    backend = Backend()
    file = settings.get("kubeConfigFile")
    if not file:
        message = "imagePolicy has no kubeConfigFile: the plugin doesn't know its backend"
        problems.append(Problem(message, location=document.where(base)))
    else:
        backend, wrong = _backend(pod, node, normalise(str(file)), document.where((*base, "kubeConfigFile")))
        problems += wrong
    numbers = {name: _number(settings.get(name), default) for name, default in _DEFAULTS.items()}
    return Webhook(
        enabled=True,
        default_allow=settings.get("defaultAllow") is True,
        backend=backend,
        allow_ttl=numbers["allowTTL"],
        deny_ttl=numbers["denyTTL"],
        retry_backoff=numbers["retryBackoff"],
        places={name: document.where((*base, spelled.get(name, name))) for name in _FIELDS.values()},
        problems=tuple(problems),
    )


def _plugin_settings(
    pod: StaticPod, node: NodeFiles, path: str, manifest: Manifest, index: int
) -> tuple[Document, Path, Mapping[str, Any]] | Problem:
    """The `imagePolicy` of the plugin: its place and its content."""
    plugin = manifest.get("plugins", index, default={})
    place = (*manifest.base, "plugins", index)
    inline = plugin.get("configuration")
    if isinstance(inline, dict):
        policy = inline.get("imagePolicy")
        where = (*place, "configuration", "imagePolicy")
        if not isinstance(policy, dict):
            return Problem(
                "the configuration has no imagePolicy", location=manifest.document.where(where[:-1])
            )
        return manifest.document, where, policy
    if not plugin.get("path"):
        return Problem(
            f"{PLUGIN} has neither configuration nor path", location=manifest.document.where(place)
        )
    file = beside(path, str(plugin["path"]))
    why, _ = read_problem(pod, file, node)
    if why:
        return Problem(why, location=manifest.document.where((*place, "path")))
    known = text_of(pod, file, node)
    if known is None:
        raise NotJudged(
            f"the file {file}, which is not among the files", manifest.document.where((*place, "path"))
        )
    parsed = parse(known[0].encode(), known[1])
    errors = [one for one in parsed.problems if one.severity is Severity.ERROR]
    if errors or not parsed.documents:
        return errors[0] if errors else Problem(f"{known[1]} is empty", location=Location(known[1], 1, 1))
    document = parsed.documents[0]
    policy = mapping(document.value).get("imagePolicy")
    if not isinstance(policy, dict):
        return Problem("the file has no imagePolicy", location=document.where())
    return document, ("imagePolicy",), policy


def _setting_problems(document: Document, base: Path, settings: Mapping[str, Any]) -> Iterator[Problem]:
    for name, (least, most) in _RANGES.items():
        value = settings.get(name, 0)
        plain = isinstance(value, int) and not isinstance(value, bool)
        if not plain or not (value in (0, -1) or least <= value <= most):
            message = f"{name} must be {least} to {most}, -1 (off) or 0 (the default)"
            yield Problem(message, location=document.where((*base, name)))
    allow = settings.get("defaultAllow", False)
    if not isinstance(allow, bool):
        yield Problem("defaultAllow must be true or false", location=document.where((*base, "defaultAllow")))


def _backend(pod: StaticPod, node: NodeFiles, path: str, place: Location) -> tuple[Backend, list[Problem]]:
    """The backend in the kubeconfig, and what is wrong with the connection."""
    why, _ = read_problem(pod, path, node)
    if why:
        return Backend(), [Problem(f"kubeConfigFile: {why}", location=place)]
    manifest, wrong = configuration_at(pod, path, "Config", node)
    if wrong:
        return Backend(), wrong
    if manifest is None:
        raise NotJudged(f"the kubeconfig {path}, which is not among the files", place)
    problems = structure_problems(manifest)
    for reference in file_references(manifest):
        missing, _ = read_problem(pod, beside(path, reference.path), node)
        if missing:
            problems.append(Problem(f"{reference.field}: {missing}", location=reference.location))
    found = access(manifest, str(manifest.get("current-context", default="")))

    def on_node(file: str) -> str:
        return pod.host_path(beside(path, file)) if file and file != DATA else file

    backend = Backend(
        found.server,
        found.insecure,
        on_node(found.authority),
        on_node(found.certificate),
        found.location,
        found.places,
    )
    return backend, problems


def plugin_files(pod: StaticPod, node: NodeFiles, path: str, plugin: Mapping[str, Any]) -> Iterator[str]:
    """Every file in the container that a plugin of an AdmissionConfiguration at `path` needs."""
    if plugin.get("path"):
        yield beside(path, str(plugin["path"]))
    manifest = configuration(pod, CONFIG_FLAG, node)
    if manifest is None or plugin.get("name") != PLUGIN:
        return
    index = next(
        (i for i, one in enumerate(manifest.get("plugins", default=[])) if one.get("name") == PLUGIN), 0
    )
    try:
        found = _plugin_settings(pod, node, path, manifest, index)
    except NotJudged:
        return
    if isinstance(found, Problem) or not found[2].get("kubeConfigFile"):
        return
    file = normalise(str(found[2]["kubeConfigFile"]))
    yield file
    inner, _ = configuration_at(pod, file, "Config", node)
    for reference in file_references(inner) if inner is not None else []:
        yield beside(file, reference.path)


def review(webhook: Webhook, images: list[str], allowed: frozenset[str] | None) -> Ruling:
    """The outcome for a Pod with these images.

    `allowed` are the images that the backend allows (compared by meaning); None: it doesn't answer.
    """
    if not webhook.enabled:
        return Ruling(True, f"{PLUGIN} is not enabled, so nothing reviews the image")
    if allowed is None:
        how = "true admits Pods" if webhook.default_allow else "false rejects Pods"
        return Ruling(webhook.default_allow, f"the backend doesn't answer, and defaultAllow: {how}")
    refused = [image for image in images if not any(same_image(image, known) for known in allowed)]
    if refused:
        return Ruling(False, f"the backend refuses {refused[0]}")
    return Ruling(True, "the backend allows every image")


def _number(value: Any, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value != 0 else default
