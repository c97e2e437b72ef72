"""`ask settings`: what are a component's effective settings, which line decides, does it start?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from trainer.ask import Absent, Reply
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.components.command_line import Value
from trainer.simulate.components.files import paths_of
from trainer.simulate.components.flags import READ_FILES, WRITTEN_FILES
from trainer.simulate.components.kubelet import DERIVED as KUBELET_DERIVED
from trainer.simulate.components.kubelet import kubelet_problems, kubelet_setting
from trainer.simulate.components.kubelet_defaults import DEFAULTS
from trainer.simulate.components.plugins import default_plugins
from trainer.simulate.components.settings import DERIVED, ON_NODE, Setting, setting, setting_names
from trainer.simulate.components.start import start_problems
from trainer.simulate.components.static_pods import NodeFiles, StaticPod, static_pods
from trainer.verdict import Problem, Reason
from trainer.versions import DEFAULT, Version

_WIDEST = 60
_ALWAYS = (
    "bind-address",
    "profiling",
    "secure-port",
    "service-node-port-range",
    "service-account-lookup",
    "token-auth-file",
    "use-service-account-credentials",
    "client-cert-auth",
    "peer-client-cert-auth",
    "auto-tls",
    "peer-auto-tls",
)
"""Flags that are shown even if they aren't set."""


def ask_settings(
    manifests: Sequence[Manifest],
    texts: Mapping[str, str],
    *,
    every: bool = False,
    kubernetes: Version = DEFAULT,
) -> Reply:
    """The settings of every component among the files; `every` adds those that are defaults.

    A file that a flag names is found among the files by its base name
    (`--audit-policy-file=/etc/kubernetes/policy.yaml` finds `policy.yaml`). A component whose image
    names no version has that of the cluster, `kubernetes`. Raises `Absent` without a component.
    """
    pods = static_pods(manifests, kubernetes)
    kubelets = [one for one in manifests if one.kind == "KubeletConfiguration"]
    if not pods and not kubelets:
        raise Absent(
            "the files contain no cluster component",
            remedy="name the manifest of a static Pod such as kube-apiserver, or a KubeletConfiguration",
        )
    rows: list[tuple[str, ...]] = [("component", "setting", "value", "decided by")]
    reasons: list[Reason] = []
    data: list[dict[str, object]] = []
    policy = [*default_policy(), *manifests]
    for pod in pods:
        node = _node(pod, texts)
        problems = start_problems(pod, node, policy)
        found = [one for name in _names(pod, every=every) if (one := _try(pod, name, node)) is not None]
        _add(pod.component, pod.command.kubernetes, found, problems, rows, reasons, data)
    for manifest in kubelets:
        names = sorted({*DEFAULTS, *KUBELET_DERIVED})
        settings = [kubelet_setting(manifest, name) for name in names]
        _add("kubelet", kubernetes, settings, kubelet_problems(manifest), rows, reasons, data)
    stopped = [str(one["component"]) for one in data if not one["starts"]]
    answer = f"{', '.join(stopped)} would not start" if stopped else "would start"
    asked = ", ".join(str(one["component"]) for one in data)
    return Reply(f"settings of {asked}", answer, tuple(reasons), tuple(rows), {"components": data})


def _add(
    component: str,
    kubernetes: Version,
    settings: Sequence[Setting],
    problems: Sequence[Problem],
    rows: list[tuple[str, ...]],
    reasons: list[Reason],
    data: list[dict[str, object]],
) -> None:
    for one in settings:
        place = str(one.location) if one.location else "default"
        rows.append((component, one.name, _cell(one, kubernetes), place))
    reasons += [Reason(f"{component} doesn't start: {one.message}", one.location) for one in problems]
    data.append(
        {
            "component": component,
            "starts": not problems,
            "settings": [
                {
                    "name": one.name,
                    "value": list(one.value) if isinstance(one.value, tuple) else one.value,
                    "because": one.because,
                    "file": one.location.file if one.location else "",
                    "line": one.location.line if one.location else 0,
                }
                for one in settings
            ],
        }
    )


def _names(pod: StaticPod, *, every: bool) -> list[str]:
    known = setting_names(pod.component, (pod.command.kubernetes,))
    if every:
        return sorted(known)
    written = {f"{flag}{ON_NODE}" for flag in WRITTEN_FILES[pod.component] if pod.command.is_set(flag)}
    return sorted({*pod.command.uses, *written, *(DERIVED.keys() & known), *(set(_ALWAYS) & known)})


def _try(pod: StaticPod, name: str, node: NodeFiles) -> Setting | None:
    """A setting; None if it depends on a file that isn't among the files."""
    try:
        return setting(pod, name, node)
    except NotJudged:
        return None


def _node(pod: StaticPod, texts: Mapping[str, str]) -> NodeFiles:
    """The given files, at the paths that flags name."""
    by_name = {PurePosixPath(name).name: name for name in texts}
    files, names = {}, {}
    for flag in READ_FILES[pod.component]:
        for path in paths_of(pod, flag):
            host = pod.host_path(path)
            at_hand = by_name.get(PurePosixPath(host).name) if host else None
            if at_hand is not None:
                names[host], files[host] = at_hand, texts[at_hand]
    return NodeFiles(files, names=names)


def _cell(setting: Setting, kubernetes: Version) -> str:
    """A value that fits into a table: long lists are counted, plugins are listed by what differs
    from the default."""
    value = setting.value
    if setting.name == "admission-plugins" and isinstance(value, tuple):
        usual = default_plugins(kubernetes)
        more, less = sorted(set(value) - usual), sorted(usual - set(value))
        return ", ".join(["defaults", *more]) + (f" without {', '.join(less)}" if less else "")
    text = shown(value)
    return text if len(text) <= _WIDEST or not isinstance(value, tuple) else f"{len(value)} values"


def shown(value: Value) -> str:
    """A value for a table: `true`, `a, b`, or `-` without a value."""
    if not value and value is not False and value != 0:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{key}={one}" for key, one in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)
