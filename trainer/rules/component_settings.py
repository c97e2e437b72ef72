"""Judges whether a cluster component starts with its manifest, and its effective settings.

Components are kube-apiserver, kube-controller-manager, kube-scheduler and etcd (static Pods, their flags
read as the component reads them) and the kubelet (KubeletConfiguration). Names of settings are flags
without the leading `--`, fields by their dotted path, and derived settings: for kube-apiserver
`admission-plugins`, `extra-admission-plugins` and `missing-admission-plugins` (compared with the default),
`anonymous-paths`, `audit-records`, `audit-log-rotates`; for etcd
`client-certificates`, `peer-certificates`, `plain-client-urls`, `plain-peer-urls`; for all `tls-versions`,
`tls-ciphers` and, for a flag that names a file, the path of the file on the node
(`audit-log-path-on-node`). A component that doesn't start has no settings: every check about it fails.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from trainer.manifests.schema.suggest import similar
from trainer.manifests.values import mapping
from trainer.picture import Cell, Picture, Row, State, asked, drawn, nothing_to_see
from trainer.rules import Live, Reads
from trainer.rules._component.answer import KUBELET, Component, component_of, reasons_of, start_problems_of
from trainer.rules._component.matching import check_wanted, mismatch
from trainer.rules._component.rest import changes
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.access.requests import parse_identity, parse_request
from trainer.simulate.access.roles import KINDS as ROLES
from trainer.simulate.components.anonymous_access import ANONYMOUS, Answer, answer
from trainer.simulate.components.kubelet import kubelet_answer, kubelet_setting
from trainer.simulate.components.settings import ON_NODE, Setting, setting, setting_names
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason

READS = Reads(Live.NEVER, kinds=("KubeletConfiguration", "Pod", *ROLES))

Name = Literal["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kubelet"]


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One request to the component (kube-apiserver or kubelet), and whether it must be answered."""

    do: str
    """`get /api`, `list secrets`; for the kubelet `get /pods`."""
    allowed: bool
    """Whether it must be answered, or refused."""
    who: str = f"user:{ANONYMOUS}"
    """`user:system:anonymous` (no credentials), `user:jane`, `sa:ci/deployer`."""
    namespace: str = ""
    """The namespace of the request; empty: none."""
    port: int = 0
    """For the kubelet: the port, if it isn't the usual one (10255 is the read-only port)."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which component, and what must hold."""

    component: Name
    """kube-apiserver, kube-controller-manager, kube-scheduler, etcd or kubelet."""
    starts: bool = True
    """The component must start; the only possible value."""
    settings: dict[str, Any] = {}
    """Name to value (`anonymous-auth: false`), list (any order), or operators: `equals`, `all-of`,
    `none-of`, `one-of`, `only`, `at-least`, `at-most`, `absent`, `in-order`."""
    requests: tuple[Sample, ...] = ()
    """Requests and whether the component must answer them."""
    rest: Literal["unchanged", "ignored"] = "ignored"
    """`unchanged`: all other flags and fields are as in the node's file; flags may need new mounts."""
    free: tuple[str, ...] = ()
    """With `rest: unchanged`: more flags and fields (`livenessProbe`, `hostNetwork`) that may change."""
    files: dict[str, str] = {}
    """Files of the answer, and their paths on the node: `{policy.yaml: /etc/kubernetes/policy.yaml}`."""
    manifest: str = ""
    """The path of the manifest on the node, if it isn't the usual one."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for names of settings and operators that don't exist."""
        if not self.starts:
            raise ValueError("starts can only be true: a component that doesn't start has no settings")
        for name, wanted in self.settings.items():
            if self.component != KUBELET and name not in setting_names(self.component):
                raise ValueError(f"{self.component} has no setting {name!r}")
            check_wanted(wanted)
        if self.requests and self.component not in ("kube-apiserver", KUBELET):
            raise ValueError(f"requests are not supported for {self.component}")


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every wrong setting and the line that decides, and why the component doesn't start."""
    component = component_of(world, params.component, params.files, params.manifest)
    if isinstance(component, Outcome):
        return component
    if problems := start_problems_of(component, world):
        effect = f"{component.name} doesn't come up with this, and nothing that needs it works."
        return Outcome.of(reasons_of(problems, f"{component.name} doesn't start"), [effect])
    reasons: list[Reason] = []
    evidence: list[str] = []
    for name, wanted in params.settings.items():
        found = _setting(component, name)
        if complaint := mismatch(wanted, found):
            place = found.location or _flags_at(component)
            told = Reason(_told(component, found, complaint), place)
            reasons.append(_misspelled(component, found) or told)
            evidence.append(_effect(found))
    policy = [*default_policy(), *world.objects]
    for sample in params.requests:
        got = _answer(component, sample, policy)
        if got.allowed is not sample.allowed:
            how = "is answered" if got.allowed else f"is refused ({got.status})"
            reasons.append(
                Reason(f"{_asked(sample)} {how}: {got.because}.", got.location or _flags_at(component))
            )
            evidence.append(f"{_asked(sample)} {how}.")
    if params.rest == "unchanged":
        for change in changes(component, params.settings, params.free):
            reasons.append(Reason(change.message, change.location))
            evidence.append(change.effect)
    return Outcome.of(reasons, list(dict.fromkeys(evidence)))


def picture(world: World, params: Params) -> Picture:
    """The settings that the check names, with what decides each, and requests with their answers."""
    component = component_of(world, params.component, params.files, params.manifest)
    title = f"Settings of {params.component}"
    if isinstance(component, Outcome):
        return nothing_to_see(title, component, "not running")
    if problems := start_problems_of(component, world):
        return nothing_to_see(title, Outcome.of(reasons_of(problems, "It doesn't start")), "down")
    earlier = component_of(world.before(), params.component, {}, params.manifest)
    before = earlier if isinstance(earlier, Component) else None
    rows = []
    for name, wanted in params.settings.items():
        found = _setting(component, name)
        was = "" if before is None else _value(_setting(before, name))
        where = found.location or _flags_at(component)
        cell = asked(not mismatch(wanted, found), _value(found), was, where)
        rows.append(Row(name, (cell, Cell(found.because))))
    policy = [*default_policy(), *world.objects]
    for sample in params.requests:
        got = _answer(component, sample, policy)
        word = "answered" if got.allowed else f"refused ({got.status})"
        where = got.location or _flags_at(component)
        cell = asked(got.allowed is sample.allowed, word, "", where)
        rows.append(Row(_asked(sample), (cell, Cell(got.because))))
    if params.rest == "unchanged":
        found_changes = changes(component, params.settings, params.free)
        rows += [
            Row(one.effect, (Cell("changed", State.WRONG, "", one.location), Cell(one.message)))
            for one in found_changes
        ] or [Row("everything else", (Cell("unchanged", State.RIGHT),))]
    elif not rows:
        rows = [Row(params.component, (Cell("starts", State.RIGHT),))]
    return drawn(title, ["now", "because"], rows)


def _value(found: Setting) -> str:
    value = found.value
    if value is None or value == ():
        return "not set"
    shown = ", ".join(map(str, value)) if isinstance(value, tuple) else value
    return str(shown).lower() if isinstance(shown, bool) else str(shown)


def _setting(component: Component, name: str) -> Setting:
    if component.pod is None:
        return kubelet_setting(component.manifest, name)
    return setting(component.pod, name, component.node)


def _answer(component: Component, sample: Sample, policy: list[Any]) -> Answer:
    who = parse_identity(sample.who)
    if component.pod is not None:
        return answer(component.pod, component.node, parse_request(who, sample.do, sample.namespace), policy)
    return kubelet_answer(component.manifest, who, sample.do.partition(" ")[2], policy, sample.port)


def _asked(sample: Sample) -> str:
    verb, _, what = sample.do.partition(" ")
    who = (
        "An anonymous"
        if sample.who == f"user:{ANONYMOUS}"
        else f"A request of {sample.who.partition(':')[2]},"
    )
    port = f" on port {sample.port}" if sample.port else ""
    return f"{who} {verb.upper()} {what}{port}"


_MOST = 100
"""How many unknown fields of a file are compared with one that is missing."""
_MISSED = {
    "audit-log-rotates": "The audit log is never rotated",
    "audit-records": "No request is recorded",
    "client-certificates": "Clients need no certificate",
    "peer-certificates": "Peers need no certificate",
}
"""What it means that a setting of several flags is false."""


def _told(component: Component, found: Setting, complaint: str) -> str:
    if found.value is False and found.name in _MISSED:
        return f"{_MISSED[found.name]}: {found.because}."
    name = found.name.removesuffix(ON_NODE)
    said = "" if found.because.startswith((name, f"--{name}")) else f"{component.name}, {name}: "
    return f"{said}{found.because}; {complaint}."


def _misspelled(component: Component, found: Setting) -> Reason | None:
    """The field of a kubelet's file that was probably meant for a setting that isn't set: it is ignored."""
    *above, field = found.name.split(".")
    if component.pod is not None or component.manifest.get(*above, field) is not None:
        return None
    written: Any = component.manifest.document.value
    for step in above:
        written = mapping(mapping(written).get(step))
    known = mapping(component.manifest.get(*above, default={}))
    others = [key for key in mapping(written) if isinstance(key, str) and key not in known]
    other = similar(field, others[:_MOST])
    if other is None:
        return None
    message = f"The kubelet ignores `{other}`: the field is `{field}`."
    return Reason(message, component.manifest.where(*above, other))


def _effect(found: Setting) -> str:
    if found.name.endswith(ON_NODE):
        flag = found.name.removesuffix(ON_NODE)
        return f"On the node, the file of --{flag} is {found.value or 'nowhere'}."
    if found.value is False and found.name in _MISSED:
        return f"{_MISSED[found.name]}."
    return f"{found.name} is {_value(found)}."


def _flags_at(component: Component) -> Any:
    """Where a missing setting belongs."""
    if component.pod is None:
        return component.manifest.where("kind")
    return component.pod.where("command")
