"""Judges what Cilium encrypts between nodes: by the values of its Helm chart, or by its ConfigMap.

The effect counts, not the words: a value that the chart ignores or refuses, and a combination with which
the agents don't start, encrypt nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from trainer.manifests.model import Document, Path
from trainer.manifests.values import mapping
from trainer.picture import Fact, Picture, nothing_to_see, of_facts
from trainer.rules import Live, Reads
from trainer.simulate.mesh.encryption import NODES, TYPES, Encryption, from_config, from_values
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason

READS = Reads(Live.NEVER, kinds=("ConfigMap",))

CONFIG = ("kube-system", "cilium-config")
"""Namespace and name of Cilium's ConfigMap."""
_KINDS = {"wireguard": "WireGuard", "ipsec": "IPsec", "": "nothing"}
_PLACES = (("encryption", "nodeEncryption"), ("encryption", "wireguard"))
_ELSEWHERE = ("nodeEncryption", "enable-wireguard", "encrypt-node", "wireguard")


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of the rule."""

    file: str = ""
    """The file of the answer with the Helm values; omitted: ConfigMap kube-system/cilium-config."""
    type: Literal["wireguard", "ipsec"] | None = None
    """What must encrypt traffic between Pods on different nodes."""
    nodes: bool | None = None
    """Whether traffic from and to nodes must be encrypted, too."""
    keep: dict[str, Any] = {}
    """Values that must be in the file, by their path: `hubble.relay.enabled`."""

    def __post_init__(self) -> None:
        """A check must require something."""
        if self.type is None and self.nodes is None and not self.keep:
            raise ValueError("a cilium-encryption check needs type, nodes or keep")
        if self.keep and not self.file:
            raise ValueError("keep belongs to a file")


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every requirement that doesn't hold, and the value that decides. Raises `NotJudged`."""
    source = _source(world, params)
    if isinstance(source, Outcome):
        return source
    document, found = source
    reasons: list[Reason] = []
    evidence: list[str] = []
    if found.fault is not None:
        reasons.append(Reason(f"{_upper(found.fault.message)}.", document.where(found.fault.path)))
        evidence.append("`cilium encrypt status` still shows the settings from before.")
        return Outcome.of(reasons, evidence)
    if params.type is not None and found.kind != params.type:
        reasons.append(_kind_reason(document, found, params.type))
        evidence.append(f"`cilium encrypt status` prints `Encryption: {_shown(found)}`.")
    if params.nodes is not None and found.nodes != params.nodes:
        reasons.append(_nodes_reason(document, found, wanted=params.nodes))
        state = "Enabled" if found.nodes else "Disabled"
        evidence.append(f"`cilium-dbg status` prints `NodeEncryption: {state}`.")
    for reason, proof in _kept(document, params.keep):
        reasons.append(reason)
        evidence.append(proof)
    return Outcome.of(reasons, evidence)


def picture(world: World, params: Params) -> Picture:
    """What Cilium encrypts between nodes, and with what."""
    title = "What Cilium encrypts"
    source = _source(world, params)
    if isinstance(source, Outcome):
        return nothing_to_see(title, source)
    document, found = source
    outcome = judge(world, params)
    if found.fault is not None:
        return of_facts(title, [], outcome)
    facts: list[Fact] = []
    word = f"encrypted with {_KINDS.get(found.kind, found.kind)}" if found.kind else "not encrypted"
    wrong = params.type is not None and found.kind != params.type
    place = _kind_reason(document, found, str(params.type)).location if wrong else None
    facts.append(Fact("Pods on different nodes", word, None if params.type is None else not wrong, place))
    word = "encrypted" if found.nodes else "not encrypted"
    wrong = params.nodes is not None and found.nodes != params.nodes
    place = _nodes_reason(document, found, wanted=bool(params.nodes)).location if wrong else None
    facts.append(Fact("from and to nodes", word, None if params.nodes is None else not wrong, place))
    kept = [
        Fact(reason.message, "changed", False, reason.location) for reason, _ in _kept(document, params.keep)
    ]
    facts += kept or ([Fact("the other values", "as they were")] if params.keep else [])
    return of_facts(title, facts, Outcome.of([]))


def _source(world: World, params: Params) -> tuple[Document, Encryption] | Outcome:
    if params.file:
        others = [one for name in world.documents for one in world.documents[name]]
        documents = world.documents.get(params.file) or others  # a file with another ending
        if not documents or not isinstance(documents[0].value, dict):
            reason = Reason(f"{params.file} has no values that Helm can read.", Location(params.file, 1, 1))
            return Outcome.of([reason], ["`helm upgrade` fails: the file isn't a mapping of values."])
        return documents[0], from_values(documents[0])
    namespace, name = CONFIG
    maps = world.find("ConfigMap", name, namespace)
    if not maps:
        reason = Reason(f"There is no ConfigMap {namespace}/{name}: the agents read their settings there.")
        return Outcome.of([reason], [f"`kubectl get configmap {name} -n {namespace}`: NotFound."])
    manifest = maps[0]
    own = manifest.document
    placed = Document(manifest.data, own.file, own.line, own.column, own.marks)
    return placed, from_config(mapping(manifest.data.get("data")))


def _kind_reason(document: Document, found: Encryption, wanted: str) -> Reason:
    encryption = mapping(mapping(document.value).get("encryption"))
    if "encryption" not in mapping(document.value) and found.kind:
        key = TYPES[found.kind]
        message = f"`{key}` switches encryption with {_KINDS[found.kind]} on; {wanted} is required."
        return Reason(message, document.where(found.entries[key].path))
    if "encryption" not in mapping(document.value):
        return Reason(f"No value switches encryption with {_KINDS[wanted]} on.", _misplaced(document))
    if encryption.get("enabled") is not True:
        return Reason(
            "`encryption.enabled` isn't true, so nothing is encrypted.",
            document.where(("encryption", "enabled")),
        )
    if encryption.get("type") is None:
        message = f"`encryption.type` isn't set: the chart's default is ipsec, and {wanted} is required."
        return Reason(message, document.where(("encryption", "type")))
    known = (
        f", which encrypts with {_KINDS[found.kind]}" if found.kind else ", which isn't a type of encryption"
    )
    message = f"`encryption.type` is {encryption['type']}{known}; {wanted} is required."
    return Reason(message, document.where(("encryption", "type")))


def _nodes_reason(document: Document, found: Encryption, *, wanted: bool) -> Reason:
    place = document.where(found.entries[NODES].path) if NODES in found.entries else _misplaced(document)
    if not wanted:
        return Reason("Traffic from and to nodes is encrypted, which the task doesn't require.", place)
    if NODES in found.entries and found.kind != "wireguard":
        return Reason(f"Node encryption has no effect with {_KINDS[found.kind]}: it needs WireGuard.", place)
    return Reason("Traffic from and to nodes isn't encrypted: no value switches node encryption on.", place)


def _misplaced(document: Document) -> Location:
    """A key that the chart ignores, if the values have one that sounds right."""
    for path in _paths(document.value, ()):
        if path[-1] in _ELSEWHERE and path not in _PLACES:
            return document.where(path)
    return document.where(("data",) if "data" in mapping(document.value) else ("encryption",))


def _paths(value: Any, path: Path) -> Iterator[Path]:
    for key, item in mapping(value).items():
        yield (*path, key)
        yield from _paths(item, (*path, key))


def _kept(document: Document, keep: dict[str, Any]) -> Iterator[tuple[Reason, str]]:
    for dotted, wanted in keep.items():
        path = tuple(dotted.split("."))
        value = document.value
        for step in path:
            value = mapping(value).get(step)
        if value != wanted or isinstance(value, bool) != isinstance(wanted, bool):
            message = f"`{dotted}` must stay as it was."
            proof = f"`helm get values` shows another `{dotted}` than before."
            yield Reason(message, document.where(path)), proof


def _shown(found: Encryption) -> str:
    return "Disabled" if not found.kind else "Wireguard" if found.kind == "wireguard" else "IPsec"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
