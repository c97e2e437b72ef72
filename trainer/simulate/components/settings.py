"""The effective settings of a control plane component: every flag, and what follows from several flags.

Follows https://kubernetes.io/docs/reference/command-line-tools-reference/ (v1.35), the list of
admission plugins that are on by default there, and etcd 3.6: with a trusted CA (or with
`--client-cert-auth`) etcd requires client certificates, only on https.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.components.anonymous_access import anonymous_of, authorization_modes
from trainer.simulate.components.command_line import Value
from trainer.simulate.components.files import configuration, paths_of
from trainer.simulate.components.flags import READ_FILES, WRITTEN_FILES, flags_of, history
from trainer.simulate.components.plugins import default_plugins
from trainer.simulate.components.static_pods import NodeFiles, StaticPod
from trainer.simulate.components.tls import TLS13_CIPHERS, tls_settings
from trainer.simulate.shell.paths import normalise
from trainer.verdict import Location
from trainer.versions import SUPPORTED, Version

_PLUGIN_FLAGS = ("enable-admission-plugins", "disable-admission-plugins", "admission-control")
DERIVED: dict[str, tuple[str, ...]] = {
    "admission-plugins": _PLUGIN_FLAGS,
    "extra-admission-plugins": _PLUGIN_FLAGS,
    "missing-admission-plugins": _PLUGIN_FLAGS,
    "anonymous-auth": ("anonymous-auth", "authentication-config"),
    "anonymous-paths": ("anonymous-auth", "authentication-config"),
    "authorization-mode": ("authorization-mode", "authorization-config"),
    "audit-log-rotates": ("audit-log-path",),
    "audit-records": ("audit-log-path", "audit-policy-file", "audit-webhook-config-file"),
    "tls-versions": ("tls-min-version", "tls-max-version", "tls-cipher-suites", "cipher-suites"),
    "tls-ciphers": ("tls-cipher-suites", "cipher-suites", "tls-min-version"),
    "client-certificates": (
        "client-cert-auth",
        "trusted-ca-file",
        "listen-client-urls",
        "listen-client-http-urls",
    ),
    "peer-certificates": ("peer-client-cert-auth", "peer-trusted-ca-file", "listen-peer-urls"),
    "plain-client-urls": ("listen-client-urls", "listen-client-http-urls"),
    "plain-peer-urls": ("listen-peer-urls",),
}
"""Settings that follow from several flags, with these flags."""

ON_NODE = "-on-node"
"""`audit-log-path-on-node` is the path on the node of the file of `--audit-log-path`."""

_PLUGIN_SETTINGS = ("admission-plugins", "extra-admission-plugins", "missing-admission-plugins")
_APISERVER = ("anonymous-auth", "anonymous-paths", "authorization-mode", *_PLUGIN_SETTINGS)
_ROTATION_ENDS = Version(1, 36)
"""From this version on, `--audit-log-maxsize=0` means no rotation; before, it means 100 megabytes."""
_IGNORED_WITH_CONFIG = frozenset(
    {
        "profiling",
        "contention-profiling",
        "kubeconfig",
        "kube-api-qps",
        "kube-api-burst",
        "kube-api-content-type",
    }
)


class Setting(msgspec.Struct, frozen=True):
    """One effective setting. `location` is where it is decided; None: a default.

    `because` names what decides: `--profiling=false`, `--profiling is true by default`.
    """

    name: str
    value: Value
    because: str
    location: Location | None = None


def setting_names(component: str, versions: Sequence[Version] = SUPPORTED) -> set[str]:
    """The names that `setting` knows for a component, in any of these versions."""
    files = READ_FILES[component] | WRITTEN_FILES[component]
    flags = {name for version in versions for name in flags_of(component, version)}
    names = flags | {f"{flag}{ON_NODE}" for flag in files}
    if component == "kube-apiserver":
        return names | set(_APISERVER) | {"audit-log-rotates", "audit-records", "tls-versions", "tls-ciphers"}
    if component == "etcd":
        return names | {
            *("client-certificates", "peer-certificates", "plain-client-urls", "plain-peer-urls"),
            "tls-versions",
            "tls-ciphers",
        }
    return names | {"tls-versions", "tls-ciphers"}


def setting(pod: StaticPod, name: str, node: NodeFiles) -> Setting:
    """One effective setting: a flag by its name, or one of `DERIVED`.

    Raises `KeyError` for a name that the component doesn't have, `NotJudged` if a file decides
    whose text isn't known.
    """
    if DERIVED.get(name) == _PLUGIN_FLAGS:
        return _plugins(pod, name)
    if name in ("anonymous-auth", "anonymous-paths"):
        anonymous = anonymous_of(pod, node)
        paths = (anonymous.paths or ("*",)) if anonymous.enabled else ()
        value: Value = paths if name == "anonymous-paths" else anonymous.enabled
        return Setting(name, value, anonymous.because, anonymous.location)
    if name == "authorization-mode" and pod.command.text("authorization-config"):
        manifest = configuration(pod, "authorization-config", node)
        where = manifest.where("authorizers") if manifest else None
        return Setting(name, authorization_modes(pod, node), "the AuthorizationConfiguration", where)
    if name == "authorization-mode":
        return _with_default(pod, name, authorization_modes(pod, node))
    if name.endswith(ON_NODE) and name not in pod.command.flags:
        return _on_node(pod, name.removesuffix(ON_NODE), name)
    if name == "audit-log-rotates":
        return _rotates(pod)
    if name == "audit-records":
        return _audit(pod)
    if name in ("tls-versions", "tls-ciphers"):
        return _tls(pod, name)
    if name in ("client-certificates", "peer-certificates", "plain-client-urls", "plain-peer-urls"):
        return _etcd(pod, name)
    if pod.component == "kube-scheduler" and pod.command.text("config") and name in _IGNORED_WITH_CONFIG:
        raise NotJudged(f"--{name} beside --config", pod.command.location("config"))
    return _flag(pod, name)


def _flag(pod: StaticPod, name: str) -> Setting:
    version = pod.command.kubernetes
    if name not in pod.command.flags and (since := history(pod.component, name, version)):
        return Setting(name, None, f"{pod.component} {version} has no --{name}: {since}")
    return Setting(name, pod.command.value(name), *_decider(pod, name))


def _decider(pod: StaticPod, flag: str) -> tuple[str, Location | None]:
    """What decides a flag in words, and where."""
    uses = pod.command.uses.get(flag)
    if uses:
        written = " and ".join(f"--{flag}={use.value}" for use in uses[-3:])
        last = " (the last one counts)" if len(uses) > 1 and not pod.command.flags[flag].adds_up else ""
        return written + last, uses[-1].location
    default = pod.command.flags[flag].default
    return (f"--{flag} is {default} by default" if default else f"--{flag} is not set"), None


def _with_default(pod: StaticPod, name: str, value: Value) -> Setting:
    because, where = _decider(pod, name)
    return Setting(name, value, because if where else f"--{name} is AlwaysAllow by default", where)


def _plugins(pod: StaticPod, name: str) -> Setting:
    """Defaults and what is enabled, less what is disabled; the deprecated flag replaces the defaults.

    `extra-admission-plugins` are those that are on and not by default, `missing-...` the other way round.
    """
    command = pod.command
    standing = set(default_plugins(command.kubernetes))
    on = standing | set(command.texts("enable-admission-plugins"))
    flag = "enable-admission-plugins"
    if command.is_set("disable-admission-plugins"):
        on -= set(command.texts("disable-admission-plugins"))
        flag = flag if command.is_set(flag) else "disable-admission-plugins"
    if command.is_set("admission-control"):
        on, flag = set(command.texts("admission-control")), "admission-control"
    shown = {"extra-admission-plugins": on - standing, "missing-admission-plugins": standing - on}.get(
        name, on
    )
    return Setting(name, tuple(sorted(shown)), *_decider(pod, flag))


def _on_node(pod: StaticPod, flag: str, name: str) -> Setting:
    """The path on the node of a flag's file; None if it isn't set or not on a hostPath."""
    paths = tuple(filter(None, (pod.host_path(path) for path in paths_of(pod, flag))))
    value: Value = paths if pod.command.flags[flag].adds_up else (paths[-1] if paths else None)
    because, where = _decider(pod, flag)
    if not paths and where is not None:
        output = pod.command.text(flag) == "-"
        because += " is the standard output" if output else " is only in the container"
        because += ", not a file" if output else ", not on a hostPath of the node"
    elif isinstance(value, str):
        mount = pod.mount_of(paths_of(pod, flag)[-1])
        if mount is not None and mount.path != mount.host_path:
            return Setting(name, value, f"{because} is {value} on the node", mount.location)
    return Setting(name, value, because, where)


def _rotates(pod: StaticPod) -> Setting:
    """A log that is mounted as a single file can't be renamed, so it is never rotated."""
    path = pod.command.text("audit-log-path")
    mount = pod.mount_of(path) if path.startswith("/") else None
    if mount is not None and mount.path == normalise(path):
        because = f"the volumeMount {mount.path} is the file itself, so kube-apiserver can't rename it"
        return Setting("audit-log-rotates", False, because, mount.location)
    if pod.command.kubernetes >= _ROTATION_ENDS and pod.command.value("audit-log-maxsize") == 0:
        return Setting("audit-log-rotates", False, *_decider(pod, "audit-log-maxsize"))
    because, where = _decider(pod, "audit-log-path")
    if path == "-":
        because += " writes to the standard output; name a file instead"
    return Setting("audit-log-rotates", path.startswith("/"), because, where)


def _audit(pod: StaticPod) -> Setting:
    """Whether requests are recorded anywhere: a policy, and a log or a webhook."""
    command = pod.command
    missing = "audit-policy-file" if not command.text("audit-policy-file") else ""
    if not missing and not command.text("audit-log-path") and not command.text("audit-webhook-config-file"):
        missing = "audit-log-path"
    if missing:
        return Setting("audit-records", False, *_decider(pod, missing))
    return Setting("audit-records", True, *_decider(pod, "audit-policy-file"))


def _tls(pod: StaticPod, name: str) -> Setting:
    command = pod.command
    if pod.component == "etcd":
        suites = tuple(one.strip() for one in command.text("cipher-suites").split(",") if one.strip())
        flag = "cipher-suites"
    else:
        suites, flag = command.texts("tls-cipher-suites"), "tls-cipher-suites"
    settings = tls_settings(command.text("tls-min-version"), suites)
    if name == "tls-versions":
        versions = settings.versions
        newest = command.text("tls-max-version").removeprefix("TLS") if pod.component == "etcd" else ""
        if newest:
            versions = tuple(version for version in versions if version <= newest)
        return Setting(name, versions, *_decider(pod, "tls-min-version"))
    old = settings.ciphers if any(version != "1.3" for version in settings.versions) else ()
    return Setting(name, (*TLS13_CIPHERS, *old), *_decider(pod, flag))


def _etcd(pod: StaticPod, name: str) -> Setting:
    command = pod.command
    peer = name in ("peer-certificates", "plain-peer-urls")
    flags = ["listen-peer-urls"] if peer else ["listen-client-urls", "listen-client-http-urls"]
    plain = [
        (url.strip(), flag)
        for flag in flags
        for url in command.text(flag).split(",")
        if url.strip().startswith(("http://", "unix://"))
    ]
    if name.startswith("plain-"):
        return Setting(
            name, tuple(url for url, _ in plain), *_decider(pod, plain[0][1] if plain else flags[0])
        )
    if plain:
        return Setting(name, False, *_decider(pod, plain[0][1]))
    prefix = "peer-" if peer else ""
    asked = command.flag(f"{prefix}client-cert-auth")
    by_ca = bool(command.text(f"{prefix}trusted-ca-file"))
    decider = f"{prefix}client-cert-auth" if asked or not by_ca else f"{prefix}trusted-ca-file"
    return Setting(name, asked or by_ca, *_decider(pod, decider))
